// From a set-point to relay, range and DAC code. The way to the cell is a ladder that is climbed
// one verified rung a frame: relay at rest, range switched, a tenth of its full scale sent through
// the dummy (startup.ts: a range's relay that sticks takes a current of its own, which no sense
// resistor shows), zero code written, both read back and no current in the dummy, relay to the cell
// at zero current until the cell's voltage has not moved for three frames, half of the set-point,
// to which the voltage must answer, and only then all of it.
import type { Capabilities, Circuit, Command } from "../hal/port.ts";
import type { Config } from "./config.ts";
import { AREA_CM2, PER_RANGE, SET_GAIN, ZERO_CODE } from "./config.ts";
import type { Guard } from "./fault.ts";
import { FAULT_CONTACT, FAULT_NONE, count } from "./fault.ts";
import type { Loop } from "./loop.ts";
import { ANSWERING, AT_REST, CLOSING, LIVE, ONE_RANGE, PREPARING } from "./loop.ts";
import { pellet, warmth } from "./pellet.ts";
import type { Sample } from "./sample.ts";
import { AMPS, APPLIED_AT, CELSIUS, CODE, FLOW, LOOP_AMPS, NOISE_VOLTS } from "./sample.ts";
import { RANGE, REGULATE_DONE, RELAY, STATUS, VOLTS, VOLTS_AT } from "./sample.ts";
import { CODE_FAILED, CURRENT_FAILED, RANGE_FAILED, VOLTAGE_FAILED } from "./sample.ts";

/** Current into the dummy that still counts as none, of full scale. */
const NO_CURRENT = 0.01;
/** The relay has settled this long after its command, s (a reed bounces for 5 ms at most). */
const SETTLED_S = 0.02;
/** The trim takes this share of the remaining error each frame, up to this share of full scale. */
const TRIM_RATE = 0.5;
const TRIM_MAX = 0.02;
const HEADROOM = 1.0001;
/** On closing: so many frames in a row in which the voltage moves by no more than this, V; within
 *  this time, s. */
const STILL_FRAMES = 3;
const STILL_VOLTS = 0.005;
const STILL_S = 2;
/** The first current, of the set-point. */
const FIRST_SHARE = 0.5;
/** The least answer to a current, of the pellet's: a latched bridge leaves 5 % of it and more. */
const ANSWER_SHARE = 0.03;
/** Noise of the second difference of three frames, in that of a reading: twice and a bit. */
const ANSWER_NOISE = 4;
/** The cell is asked so often. */
const TRIES = 3;

/** What of a channel the loop acts on. */
export interface Drive {
  readonly circuit: Circuit;
  readonly capabilities: Capabilities;
  readonly config: Config;
  readonly loop: Loop;
  readonly guard: Guard;
  readonly sample: Sample;
  readonly previous: Sample;
  readonly command: Command;
}

/** The smallest range that carries `current` (A); -1 = none does. */
export function rangeFor(rangesA: readonly number[], current: number): number {
  const size = Math.abs(current);
  for (let i = 0; i < rangesA.length; i++) if (size <= rangesA[i] * HEADROOM) return i;
  return -1;
}

/** Codes per ampere on a range. */
export function codesPerAmpere(circuit: Circuit, config: Config, range: number): number {
  return (
    circuit.senseOhms[range] * circuit.codesPerSenseVolt * config[SET_GAIN + PER_RANGE * range]
  );
}

/** The code of zero current on a range. */
export function zeroCode(config: Config, range: number): number {
  return Math.floor(config[ZERO_CODE + PER_RANGE * range] + 0.5);
}

/** Whether zero code and range are read back, and no current flows. */
function zeroProven(loop: Loop, sample: Sample, fullScale: number): boolean {
  if (sample[STATUS] & (CODE_FAILED | RANGE_FAILED | CURRENT_FAILED)) return false;
  if (sample[RELAY] !== 0 || sample[CODE] !== loop.code || sample[RANGE] !== loop.range)
    return false;
  return Math.abs(sample[LOOP_AMPS]) < fullScale * NO_CURRENT;
}

/** Whether the cell's voltage answers to the current that has just been set, as far as can be seen:
 *  it moves to the current's side, and by some of what the pellet alone must. Sense leads that are
 *  off, crossed or touch each other do not do that. What the voltage does anyway, `loop.trim`, does
 *  not count. */
function answers(drive: Drive): boolean {
  const sample = drive.sample;
  const cell = drive.config;
  const amperes = drive.loop.setpoint;
  const answer = sample[VOLTS] - drive.previous[VOLTS] - drive.loop.trim;
  const ohms = pellet(cell, warmth(cell, sample[CELSIUS])) / cell[AREA_CM2];
  const noise = ANSWER_NOISE * sample[NOISE_VOLTS];
  return answer * amperes > Math.abs(amperes) * (Math.abs(amperes) * ohms * ANSWER_SHARE - noise);
}

/** The rung after a frame with the relay at the cell. */
function stand(drive: Drive, setpoint: number): number {
  const loop = drive.loop;
  const sample = drive.sample;
  if (sample[STATUS] & VOLTAGE_FAILED) return loop.rung;
  if (loop.rung === CLOSING) {
    const settled = sample[RELAY] === 1 && sample[VOLTS_AT] - sample[APPLIED_AT] > SETTLED_S;
    const moved = sample[VOLTS] - drive.previous[VOLTS];
    loop.trim = moved;
    loop.frames = settled && Math.abs(moved) <= STILL_VOLTS ? loop.frames + 1 : 0;
    return loop.frames < STILL_FRAMES ? CLOSING : setpoint === 0 ? LIVE : ANSWERING;
  }
  const isAnswer = answers(drive);
  loop.trim = 0;
  count(drive.guard, 1 << FAULT_CONTACT, isAnswer ? 0 : 1 << FAULT_CONTACT);
  return isAnswer ? LIVE : CLOSING;
}

/** The rung after this frame, on the way to the cell. */
function climb(drive: Drive, wanted: number, fullScale: number): number {
  const loop = drive.loop;
  if (loop.rung === AT_REST) {
    loop.range = wanted;
    loop.trim = 0;
    if (loop.proven === wanted || !(drive.circuit.dummyOhms > 0)) return PREPARING;
    loop.proven = wanted;
    loop.test = ONE_RANGE;
    return AT_REST;
  }
  if (loop.range !== wanted) return AT_REST;
  return zeroProven(loop, drive.sample, fullScale) ? CLOSING : PREPARING;
}

/** Takes the loop to rest. */
export function rest(loop: Loop, config: Config, command: Command): void {
  loop.rung = AT_REST;
  loop.setpoint = 0;
  loop.code = zeroCode(config, loop.range);
  if (loop.range !== loop.proven) loop.proven = -1;
  command.relay = 0;
  command.code = loop.code;
  command.range = loop.range;
}

/** The code for `setpoint` in A. The trim learns while the set-point stays as it is. */
function codeFor(drive: Drive, setpoint: number, fullScale: number): number {
  const loop = drive.loop;
  const sample = drive.sample;
  const perAmpere = codesPerAmpere(drive.circuit, drive.config, loop.range);
  const stays = setpoint === loop.setpoint || loop.tracking !== 0;
  const settled = loop.frames >= 1 && sample[RELAY] === 1 && stays;
  if (settled && (sample[STATUS] & CURRENT_FAILED) === 0) {
    const full = perAmpere * fullScale * TRIM_MAX;
    const error = (loop.setpoint - sample[AMPS]) * perAmpere;
    if (error <= full && error >= -full) {
      const trim = loop.trim + error * TRIM_RATE;
      loop.trim = trim > full ? full : trim < -full ? -full : trim;
    }
  }
  const zero = drive.config[ZERO_CODE + PER_RANGE * loop.range];
  const code = zero + setpoint * perAmpere + loop.trim;
  const most = drive.circuit.codeMax;
  return Math.floor((code < 0 ? 0 : code > most ? most : code) + 0.5);
}

/** Sets `setpoint` on the loop's range, relay at the cell. */
function set(drive: Drive, setpoint: number, fullScale: number): void {
  const loop = drive.loop;
  const command = drive.command;
  loop.code = codeFor(drive, setpoint, fullScale);
  if (setpoint === loop.setpoint || (loop.tracking !== 0 && loop.rung === LIVE)) loop.frames++;
  else {
    loop.frames = 0;
    loop.changedAt = drive.sample[VOLTS_AT];
  }
  loop.setpoint = setpoint;
  command.code = loop.code;
  command.range = loop.range;
}

/** One frame of the loop: `setpoint` in A, NaN = relay at rest. Fills relay, code and range of the
 *  command; the set-point must be within the ranges. Fault code or 0. */
export function regulate(drive: Drive, setpoint: number): number {
  const loop = drive.loop;
  const sample = drive.sample;
  const ranges = drive.capabilities.rangesA;
  const fullScale = ranges[loop.range];
  const before = loop.rung;
  sample[FLOW] += REGULATE_DONE;
  // What is live already is carried by its range.
  const same = before === LIVE && setpoint === loop.setpoint;
  const stays = same || (loop.pinned && Math.abs(setpoint) <= fullScale);
  const wanted = stays ? loop.range : rangeFor(ranges, setpoint);
  const carried = wanted >= 0 && (before < CLOSING || wanted === loop.range);
  let rung = carried ? before : AT_REST;
  if (carried && rung < CLOSING) rung = climb(drive, wanted, fullScale);
  else if (carried && rung < LIVE) rung = stand(drive, setpoint);
  if (!carried || rung !== before) {
    loop.frames = 0;
    loop.changedAt = sample[VOLTS_AT];
  }
  if (rung < ANSWERING) rest(loop, drive.config, drive.command);
  else set(drive, rung === LIVE ? setpoint : setpoint * FIRST_SHARE, fullScale);
  loop.rung = rung;
  drive.command.relay = rung >= CLOSING ? 1 : 0;
  const overdue = before === CLOSING && sample[VOLTS_AT] - sample[APPLIED_AT] > STILL_S;
  return overdue || drive.guard.counts[FAULT_CONTACT] >= TRIES ? FAULT_CONTACT : FAULT_NONE;
}
