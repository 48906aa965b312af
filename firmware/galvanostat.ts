// From a set-point to relay, range and DAC code. The way to the cell is a ladder that is climbed
// one verified rung a frame: relay at rest, range switched and zero code written, both read back
// and no current in the dummy, relay to the cell at zero current, and only then the set-point.
import type { Capabilities, Circuit, Command } from "../hal/port.ts";
import type { Config } from "./config.ts";
import { PER_RANGE, SET_GAIN, ZERO_CODE } from "./config.ts";
import type { Loop } from "./loop.ts";
import { AT_REST, CLOSING, LIVE, PREPARING } from "./loop.ts";
import type { Sample } from "./sample.ts";
import { AMPS, APPLIED_AT, CODE, LOOP_AMPS, RANGE, RELAY, STATUS, VOLTS_AT } from "./sample.ts";
import { CODE_FAILED, CURRENT_FAILED, FLOW, RANGE_FAILED, REGULATE_DONE } from "./sample.ts";

/** Current into the dummy that still counts as none, of full scale. */
const NO_CURRENT = 0.01;
/** The relay has settled this long after its command, s (a reed bounces for 5 ms at most). */
const SETTLED_S = 0.02;
/** The trim takes this share of the remaining error each frame, up to this share of full scale. */
const TRIM_RATE = 0.5;
const TRIM_MAX = 0.02;
const HEADROOM = 1.0001;

/** What of a channel the loop acts on. */
export interface Drive {
  readonly circuit: Circuit;
  readonly capabilities: Capabilities;
  readonly config: Config;
  readonly loop: Loop;
  readonly sample: Sample;
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

/** The rung after this frame, on the way to the cell. */
function climb(loop: Loop, wanted: number, sample: Sample, fullScale: number): number {
  if (loop.rung === AT_REST) {
    loop.range = wanted;
    loop.trim = 0;
    return PREPARING;
  }
  if (loop.rung === PREPARING) {
    if (loop.range !== wanted) return AT_REST;
    return zeroProven(loop, sample, fullScale) ? CLOSING : PREPARING;
  }
  const settled = sample[VOLTS_AT] - sample[APPLIED_AT] > SETTLED_S;
  return sample[RELAY] === 1 && settled ? LIVE : CLOSING;
}

/** Takes the loop to rest. */
export function rest(loop: Loop, config: Config, command: Command): void {
  loop.rung = AT_REST;
  loop.setpoint = 0;
  loop.code = zeroCode(config, loop.range);
  command.relay = 0;
  command.code = loop.code;
  command.range = loop.range;
}

/** The code for `setpoint` in A. The trim learns while the set-point stays as it is. */
function codeFor(drive: Drive, setpoint: number, fullScale: number): number {
  const loop = drive.loop;
  const sample = drive.sample;
  const perAmpere = codesPerAmpere(drive.circuit, drive.config, loop.range);
  const settled = loop.frames >= 1 && sample[RELAY] === 1 && setpoint === loop.setpoint;
  if (settled && (sample[STATUS] & CURRENT_FAILED) === 0) {
    const full = perAmpere * fullScale * TRIM_MAX;
    const error = (setpoint - sample[AMPS]) * perAmpere;
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

/** One frame of the loop: `setpoint` in A, NaN = relay at rest. Fills relay, code and range of the
 *  command; the set-point must be within the ranges. */
export function regulate(drive: Drive, setpoint: number): void {
  const loop = drive.loop;
  const sample = drive.sample;
  const command = drive.command;
  sample[FLOW] += REGULATE_DONE;
  const ranges = drive.capabilities.rangesA;
  const fullScale = ranges[loop.range];
  // What is live already is carried by its range.
  const same = loop.rung === LIVE && setpoint === loop.setpoint;
  const stays = same || (loop.pinned && Math.abs(setpoint) <= fullScale);
  const wanted = stays ? loop.range : rangeFor(ranges, setpoint);
  const carried = wanted >= 0 && (loop.rung < CLOSING || wanted === loop.range);
  let rung = carried ? loop.rung : AT_REST;
  if (carried && rung !== LIVE) rung = climb(loop, wanted, sample, fullScale);
  if (!carried || rung !== loop.rung) {
    loop.frames = 0;
    loop.changedAt = sample[VOLTS_AT];
  }
  if (rung !== LIVE) {
    rest(loop, drive.config, command);
    loop.rung = rung;
    command.relay = rung === CLOSING ? 1 : 0;
    return;
  }
  loop.rung = LIVE;
  loop.code = codeFor(drive, setpoint, fullScale);
  if (setpoint === loop.setpoint) loop.frames++;
  else {
    loop.setpoint = setpoint;
    loop.frames = 0;
    loop.changedAt = sample[VOLTS_AT];
  }
  command.relay = 1;
  command.code = loop.code;
  command.range = loop.range;
}
