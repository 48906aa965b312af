// The steps that hold a voltage, or sweep it: which voltage is wanted when, what range carries the
// current, how far apart frames are, and what a hold tells about the cell. The controller itself:
// potentiostat.ts.
import type { Capabilities } from "../hal/port.ts";
import type { Config } from "./config.ts";
import { AREA_CM2 } from "./config.ts";
import type { Potential } from "./features.ts";
import { FOUND_HARD } from "./findings.ts";
import { rangeFor } from "./galvanostat.ts";
import type { Loop } from "./loop.ts";
import { AT_REST, CLOSING, LADDER_MS, LIVE } from "./loop.ts";
import { pellet, warmth } from "./pellet.ts";
import { confidenceOf } from "./physical.ts";
import type { Grip } from "./potentiostat.ts";
import { FAR, GRIP_PLACES, OHMS, PACE, feel, letGo, steer } from "./potentiostat.ts";
import { CURRENT_MAX, DURATION, KIND, RATE, VOLTAGE, VOLTAGE_END } from "./protocol.ts";
import { STEP_CURRENT, STEP_SCAN, STEP_VOLTAGE } from "./protocol.ts";
import type { StepRecord } from "./protocol.ts";
import type { Run } from "./run.ts";
import type { Sample } from "./sample.ts";
import { AMPS, CELSIUS, NOISE_VOLTS, RELAY, STATUS, VOLTS, VOLTS_AT } from "./sample.ts";
import { CURRENT_FAILED, VOLTAGE_FAILED } from "./sample.ts";
import { ARMING, RUNNING } from "./schedule.ts";
import { APPARENT, BRIDGE, CONFIDENCE, HARD } from "./shorts-places.ts";

/** A frame is the mean of two readings. */
const FRAME_NOISE = 0.7;
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
/** A voltage was held when it stood for so long, s; at its largest current, with less than this
 *  share of that voltage in so many frames, the cell is shorted. */
const HELD_S = 1;
const COLLAPSED = 0.5;
const COLLAPSED_FRAMES = 2;
const AT_LIMIT = 0.99;

// Further places of the grip: when the last reading was taken, s since boot
// (NaN = it failed); the step that is under
// way, as counted; since when the voltage is where it should be, and the current below the share of
// full scale; the voltage that was held last, 0 = none, and frames without it; the largest current
// lately, A; and 1 = a scan has reached its beginning.
const TAKEN_AT = GRIP_PLACES;
const STEP = GRIP_PLACES + 1;
const STRAYED_AT = GRIP_PLACES + 2;
const FLOWED_AT = GRIP_PLACES + 3;
const HELD_VOLTS = GRIP_PLACES + 4;
const COLLAPSES = GRIP_PLACES + 5;
const PEAK = GRIP_PLACES + 6;
const REACHED = GRIP_PLACES + 7;
const PLACES = GRIP_PLACES + 8;

/** What of a channel a controlled voltage depends on, and acts on. */
export interface Controlled {
  readonly capabilities: Capabilities;
  readonly config: Config;
  readonly loop: Loop;
  readonly run: Run;
  readonly sample: Sample;
  readonly previous: Sample;
  readonly grip: Grip;
}

/** Whether the step under way is one of a voltage. */
function isVoltage(run: Run): boolean {
  const kind = run.current.bytes[KIND];
  return run.schedule.phase === RUNNING && (kind === STEP_VOLTAGE || kind === STEP_SCAN);
}

/** The voltage wanted so many seconds into the step. */
function wantedAt(step: StepRecord, elapsed: number): number {
  const values = step.values;
  if (step.bytes[KIND] === STEP_VOLTAGE) return values[VOLTAGE];
  const way = values[VOLTAGE_END] - values[VOLTAGE];
  const done = values[RATE] * elapsed;
  return done >= Math.abs(way) ? values[VOLTAGE_END] : values[VOLTAGE] + Math.sign(way) * done;
}

/** The largest current that the step allows and a range carries, A. */
function largest(channel: Controlled): number {
  const ranges = channel.capabilities.rangesA;
  return Math.min(channel.run.current.values[CURRENT_MAX], ranges[ranges.length - 1]);
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

/** The step has begun with this frame, or the cell is to be taken hold of again. */
function begin(channel: Controlled, now: number): void {
  const grip = channel.grip;
  const values = channel.run.current.values;
  grip[STEP] = channel.run.schedule.stepCount;
  grip[STRAYED_AT] = grip[FLOWED_AT] = now;
  grip[HELD_VOLTS] = grip[COLLAPSES] = grip[REACHED] = 0;
  if (channel.run.current.bytes[KIND] !== STEP_SCAN) return;
  const whole = Math.abs(values[VOLTAGE_END] - values[VOLTAGE]) / values[RATE];
  if (values[DURATION] === 0 || values[DURATION] > whole) values[DURATION] = whole;
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

/** As `Potential.drive`. */
function drive(channel: Controlled): number {
  const grip = channel.grip;
  const loop = channel.loop;
  const run = channel.run;
  const sample = channel.sample;
  const now = sample[VOLTS_AT];
  take(channel);
  if (!isVoltage(run)) {
    const isNext = run.next.bytes[KIND] === STEP_VOLTAGE && run.loadedIndex >= 0;
    const flows = run.schedule.phase === RUNNING && run.current.bytes[KIND] === STEP_CURRENT;
    if (isNext && flows) foresee(channel, run.next.values[VOLTAGE]);
    return NaN;
  }
  if (grip[STEP] !== run.schedule.stepCount || loop.tracking === 0) begin(channel, now);
  // A scan waits for the voltage that it begins with, and for its relay.
  const waits = loop.rung !== LIVE || grip[REACHED] === 0;
  if (waits && run.current.bytes[KIND] === STEP_SCAN) {
    run.totals.stepStartedAt = Math.min(
      now,
      run.totals.stepStartedAt + now - channel.previous[VOLTS_AT],
    );
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

/** As `Potential.judge`. */
function judge(channel: Controlled): number {
  const grip = channel.grip;
  const sample = channel.sample;
  const setpoint = Math.abs(channel.loop.setpoint);
  const s = channel.run.shorts.numbers;
  const held = Math.abs(grip[HELD_VOLTS]);
  const live = channel.loop.rung === LIVE && isVoltage(channel.run);
  const failed = (sample[STATUS] & (VOLTAGE_FAILED | CURRENT_FAILED)) !== 0;
  const gone = Math.abs(sample[VOLTS]) < COLLAPSED * held;
  const driven = setpoint >= AT_LIMIT * largest(channel);
  grip[COLLAPSES] = live && !failed && gone && driven ? grip[COLLAPSES] + 1 : 0;
  if (grip[COLLAPSES] < COLLAPSED_FRAMES) return 0;
  const density = Math.abs(sample[AMPS]) / channel.config[AREA_CM2];
  s[APPARENT] = Math.abs(sample[VOLTS]) / density;
  s[BRIDGE] = (COLLAPSED * held) / density;
  s[HARD] |= FOUND_HARD;
  const noise = sample[NOISE_VOLTS] / Math.max(Math.abs(sample[VOLTS]), sample[NOISE_VOLTS]);
  s[CONFIDENCE] = confidenceOf(channel.config, held / density, s[APPARENT], noise);
  return FOUND_HARD;
}

/** Constant voltage and scans, for a board's `start`. */
export const POTENTIAL: Potential = { create: () => new Float64Array(PLACES), drive, judge };
