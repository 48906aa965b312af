// The steps that hold a voltage, or sweep it: which voltage is wanted when, what range carries the
// current, how far apart frames are, and what a hold tells about the cell. The controller itself:
// potentiostat.ts.
import { judgeHeld } from "./collapse.ts";
import { AREA_CM2 } from "./config.ts";
import type { Equipped, Potential } from "./features.ts";
import { FAULT_PROTOCOL } from "./fault.ts";
import { rangeFor } from "./galvanostat.ts";
import { AT_REST, CLOSING, LADDER_MS, LIVE, release } from "./loop.ts";
import { pellet, warmth } from "./pellet.ts";
import type { Controlled } from "./potential-state.ts";
import { AT_LIMIT, COLLAPSES, FLOWED_AT, FRAME_NOISE, HELD_VOLTS } from "./potential-state.ts";
import { PEAK, PLACES, REACHED, STEP, STRAYED_AT, TAKEN_AT } from "./potential-state.ts";
import { isVoltage, largest } from "./potential-state.ts";
import { FAR, OHMS, PACE, feel, letGo, steer } from "./potentiostat.ts";
import { CURRENT_MAX, DURATION, KIND, RATE, VOLTAGE, VOLTAGE_END } from "./protocol.ts";
import { STEP_CURRENT, STEP_SCAN, STEP_VOLTAGE } from "./protocol.ts";
import type { StepRecord } from "./protocol.ts";
import { abort, widen } from "./run.ts";
import { AMPS, CELSIUS, NOISE_VOLTS, RELAY, STATUS, VOLTS, VOLTS_AT } from "./sample.ts";
import { CURRENT_FAILED, VOLTAGE_FAILED } from "./sample.ts";
import { ARMING, RUNNING } from "./schedule.ts";
import { tally } from "./tally.ts";
import { END_FAULT } from "./telemetry.ts";

/** Frames follow each other fast until the voltage has been there for so long, s. */
const CALM_S = 2;
/** A scan's voltage moves by no more than this from frame to frame, V. */
const SCAN_STEP_V = 0.002;
/** On the way to a voltage a frame comes after this share of the time that seems left. */
const APPROACH = 0.7;
/** A hold goes to a finer range when its current has been below this share of full scale for so
 *  long, s; the range it then takes carries so many times the current. */
const FINE_SHARE = 0.01;
const FINE_S = 10;
const ROOM = 1.25;
/** Memory of the largest current, s. */
const PEAK_S = 600;
/** The least that it can be, A: that the current follows a voltage at all. */
const PEAK_LEAST = 1e-9;
/** A voltage was held when it stood for so long, s. */
const HELD_S = 1;

/** The voltage wanted so many seconds into the step. */
function wantedAt(step: StepRecord, elapsed: number): number {
  const values = step.values;
  if (step.bytes[KIND] === STEP_VOLTAGE) return values[VOLTAGE];
  const way = values[VOLTAGE_END] - values[VOLTAGE];
  const done = values[RATE] * elapsed;
  if (done >= Math.abs(way)) return values[VOLTAGE_END];
  return values[VOLTAGE] + (way < 0 ? -done : done);
}

/** Takes in the frame: in every step, so that the cell is known when a hold begins. */
function take(channel: Controlled): void {
  const grip = channel.grip;
  const sample = channel.sample;
  const loop = channel.loop;
  const failed = (sample[STATUS] & (VOLTAGE_FAILED | CURRENT_FAILED)) !== 0;
  const amps = Math.abs(sample[AMPS]);
  const kept = grip[PEAK] * (1 - (sample[VOLTS_AT] - channel.previous[VOLTS_AT]) / PEAK_S);
  grip[PEAK] = amps > kept ? amps : kept > PEAK_LEAST ? kept : PEAK_LEAST;
  if (channel.run.schedule.phase === ARMING) grip[OHMS] = grip[PEAK] = 0;
  if (sample[RELAY] !== 1 || loop.rung < CLOSING) letGo(grip);
  else if (failed) grip[TAKEN_AT] = NaN;
  else {
    const seconds = sample[VOLTS_AT] - grip[TAKEN_AT];
    feel(grip, sample[VOLTS], sample[AMPS], sample[NOISE_VOLTS] * FRAME_NOISE, seconds);
    grip[TAKEN_AT] = sample[VOLTS_AT];
  }
}

/** Lets a frame fall near the moment at which the voltage, under the present current, will be the
 *  one to be held. */
function foresee(channel: Controlled, wanted: number): void {
  const grip = channel.grip;
  const totals = channel.run.totals;
  const pace = grip[PACE] * channel.loop.setpoint;
  const left = (APPROACH * (wanted - channel.sample[VOLTS])) / pace;
  if (left > 0 && left < totals.left) totals.left = Math.max(left, LADDER_MS / 1000);
}

/** Whether the step asks for voltages that the cell is allowed, at some current and some pace:
 *  written so that no NaN is. */
function isSound(channel: Controlled): boolean {
  const values = channel.run.current.values;
  const limits = channel.limits;
  const scans = channel.run.current.bytes[KIND] === STEP_SCAN;
  const low = scans ? Math.min(values[VOLTAGE], values[VOLTAGE_END]) : values[VOLTAGE];
  const high = scans ? Math.max(values[VOLTAGE], values[VOLTAGE_END]) : values[VOLTAGE];
  const within = low >= limits.voltageMin && high <= limits.voltageMax;
  return within && values[CURRENT_MAX] > 0 && (!scans || values[RATE] > 0);
}

/** The step has begun with this frame, or the cell is to be taken hold of again; false = it makes
 *  no sense, and the run has ended. */
function begin(channel: Controlled, now: number): boolean {
  const grip = channel.grip;
  const values = channel.run.current.values;
  if (!isSound(channel)) {
    abort(channel.run, FAULT_PROTOCOL, END_FAULT, channel.config[AREA_CM2]);
    return false;
  }
  grip[STEP] = channel.run.schedule.stepCount;
  grip[STRAYED_AT] = grip[FLOWED_AT] = now;
  grip[HELD_VOLTS] = grip[COLLAPSES] = grip[REACHED] = 0;
  if (channel.run.current.bytes[KIND] !== STEP_SCAN) return true;
  const whole = Math.abs(values[VOLTAGE_END] - values[VOLTAGE]) / values[RATE];
  if (values[DURATION] === 0 || values[DURATION] > whole) values[DURATION] = whole;
  return true;
}

/** Notes where the voltage stands, `error` V short of `wanted`, and how large the current has been;
 *  answers when the next frame is wanted, s. */
function look(channel: Controlled, wanted: number, error: number, noise: number): number {
  const grip = channel.grip;
  const loop = channel.loop;
  const now = channel.sample[VOLTS_AT];
  const values = channel.run.current.values;
  const usual = channel.capabilities.framePeriodMs / 1000;
  const fast = Math.min(usual, LADDER_MS / 1000);
  const atLimit = Math.abs(loop.setpoint) >= AT_LIMIT * largest(channel);
  const strays = Math.abs(error) > FAR * noise || loop.rung !== LIVE;
  loop.tracking = grip[PEAK];
  if (!strays || atLimit) grip[REACHED] = 1;
  if (strays) grip[STRAYED_AT] = now;
  else if (now - grip[STRAYED_AT] >= HELD_S) grip[HELD_VOLTS] = wanted;
  if (channel.run.current.bytes[KIND] === STEP_SCAN) {
    return Math.max(fast, Math.min(usual, SCAN_STEP_V / values[RATE]));
  }
  return atLimit || now - grip[STRAYED_AT] >= CALM_S ? usual : fast;
}

/** Keeps the range, or lets it go to a finer one; at rest chooses it for the `next` current, or for
 *  all that an intact cell can take at `error` V. */
function choose(channel: Controlled, next: number, error: number, guess: number): void {
  const grip = channel.grip;
  const loop = channel.loop;
  const ranges = channel.capabilities.rangesA;
  const now = channel.sample[VOLTS_AT];
  const scans = channel.run.current.bytes[KIND] === STEP_SCAN;
  const most = largest(channel);
  const size = Math.abs(next);
  loop.pinned = true;
  if (loop.rung === AT_REST) {
    const known = grip[OHMS] === 0 ? Math.abs(error) / guess : ROOM * size;
    loop.range = rangeFor(ranges, scans || known > most ? most : known);
  }
  const flows = size > FINE_SHARE * ranges[loop.range] || loop.range === 0;
  if (flows || scans || loop.rung !== LIVE) grip[FLOWED_AT] = now;
  else if (now - grip[FLOWED_AT] > FINE_S) loop.pinned = false;
}

/** The next current of a hold or a scan. */
function control(channel: Controlled, now: number): number {
  const grip = channel.grip;
  const loop = channel.loop;
  const run = channel.run;
  const sample = channel.sample;
  // A scan waits for the voltage that it begins with, and for its relay.
  const waits = loop.rung !== LIVE || grip[REACHED] === 0;
  if (waits && run.current.bytes[KIND] === STEP_SCAN) {
    const started = run.totals.stepStartedAt + now - channel.previous[VOLTS_AT];
    run.totals.stepStartedAt = Math.min(now, started);
  }
  const noise = sample[NOISE_VOLTS] * FRAME_NOISE;
  const elapsed = now - run.totals.stepStartedAt;
  const wanted = wantedAt(run.current, elapsed);
  const error = wanted - sample[VOLTS];
  const seconds = look(channel, wanted, error, noise);
  const ramp = waits ? 0 : wantedAt(run.current, elapsed + seconds) - wanted;
  const guess = pellet(channel.config, warmth(channel.config, sample[CELSIUS]));
  const ohms = guess / channel.config[AREA_CM2];
  const most = largest(channel);
  const unknown = loop.rung === LIVE && grip[TAKEN_AT] !== now;
  const next = unknown
    ? loop.setpoint
    : steer(grip, loop.setpoint, error, ramp, most, noise, seconds, ohms);
  choose(channel, next, error, ohms);
  if (seconds < run.totals.left) run.totals.left = seconds;
  if (next === most || next === -most) foresee(channel, wanted);
  return next;
}

/** As `Potential.drive`. */
function drive(channel: Controlled): number {
  const grip = channel.grip;
  const loop = channel.loop;
  const run = channel.run;
  const now = channel.sample[VOLTS_AT];
  take(channel);
  if (!isVoltage(run)) {
    release(loop);
    const isNext = run.next.bytes[KIND] === STEP_VOLTAGE && run.loadedIndex >= 0;
    const flows = run.schedule.phase === RUNNING && run.current.bytes[KIND] === STEP_CURRENT;
    if (isNext && flows) foresee(channel, run.next.values[VOLTAGE]);
    return NaN;
  }
  const begins = grip[STEP] !== run.schedule.stepCount || loop.tracking === 0;
  if (begins && !begin(channel, now)) return NaN;
  return control(channel, now);
}

/** As `Potential.judge`. */
function judge(channel: Controlled): number {
  return judgeHeld(channel) | tally(channel);
}

/** As `Potential.equip`. */
function equip(channel: Equipped): Float64Array {
  channel.limits.kinds |= (1 << STEP_VOLTAGE) | (1 << STEP_SCAN);
  widen(channel.run);
  return new Float64Array(PLACES);
}

/** Constant voltage and scans, for a board's `start`. */
export const POTENTIAL: Potential = { equip, drive, judge };
