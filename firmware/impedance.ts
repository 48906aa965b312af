// The step that measures an impedance: a sine of the current, frame by frame, at one frequency
// after another, and what of voltage and current goes with it. The cell swings in for one period.
import { AREA_CM2 } from "./config.ts";
import { add, note } from "./events.ts";
import { FAULT_PROTOCOL } from "./fault.ts";
import type { Equipped, Impedance } from "./features.ts";
import { rangeFor } from "./galvanostat.ts";
import { FIRST_COSINE, FIRST_SINE, HARMONIC_PLACES, SECOND_COSINE } from "./harmonic.ts";
import { SECOND_SINE, clear, solve, takeIn } from "./harmonic.ts";
import { AT_REST, LIVE, release } from "./loop.ts";
import type { Controlled } from "./potential-state.ts";
import { COUNT, DURATION, FREQUENCY, FREQUENCY_END, KIND, SET_CURRENT } from "./protocol.ts";
import { STEP_IMPEDANCE } from "./protocol.ts";
import type { StepRecord } from "./protocol.ts";
import { abort, widen } from "./run.ts";
import { AMPS, STATUS, VOLTS, VOLTS_AT } from "./sample.ts";
import { CURRENT_FAILED, VOLTAGE_FAILED } from "./sample.ts";
import { RUNNING } from "./schedule.ts";
import { END_FAULT, EVENT_IMPEDANCE } from "./telemetry.ts";

/** Frames of a period where the board's pace allows them, and at least. */
const FRAMES = 256;
const FRAMES_LEAST = 8;
/** Measured for so many periods, and no shorter than this, s. */
const PERIODS = 2;
const MEASURED_S = 2;
const TURN = 2 * Math.PI;

// Places behind the sums: the step under way, as counted; index of the frequency; when its wave
// began, s since boot; the frames of it that count; and what of the impedance answers at once,
// Ω cm².
const STEP = HARMONIC_PLACES;
const INDEX = HARMONIC_PLACES + 1;
const BEGUN_AT = HARMONIC_PLACES + 2;
const TAKEN = HARMONIC_PLACES + 3;
const AT_ONCE = HARMONIC_PLACES + 4;
const PLACES = HARMONIC_PLACES + 5;
/** Fewer frames than this say nothing of a wave. */
const LEAST = 6;

/** Frequency number `index` of the step, Hz, from the highest down. */
function frequencyOf(step: StepRecord, index: number): number {
  const last = step.values[COUNT] - 1;
  const from = step.values[FREQUENCY];
  const to = step.values[FREQUENCY_END];
  const high = Math.max(from, to);
  return last <= 0 ? from : high * Math.pow(Math.min(from, to) / high, index / last);
}

/** Whether the step asks for a current and for frequencies that frames `least` s apart can follow:
 *  written so that no NaN is. */
function isSound(step: StepRecord, least: number): boolean {
  const values = step.values;
  const low = Math.min(values[FREQUENCY], values[FREQUENCY_END]);
  const high = Math.max(values[FREQUENCY], values[FREQUENCY_END]);
  const flows = Math.abs(values[SET_CURRENT]) > 0 && values[COUNT] >= 1;
  return flows && low > 0 && high * least * FRAMES_LEAST <= 1.001;
}

function beginWave(channel: Controlled, index: number): void {
  const wave = channel.wave;
  clear(wave);
  wave[INDEX] = index;
  wave[BEGUN_AT] = channel.sample[VOLTS_AT];
  wave[TAKEN] = 0;
}

/** Tells the impedance: voltage over current, as complex numbers; a lag has a negative part. Both
 *  are read at the end of a step of the stairs that the current is. What answers at once is read
 *  rightly there; what answers slowly follows the stairs' middle, and seems early by half a step.
 *  The first frequency, the highest, tells the one from the other. */
function tell(channel: Controlled, hz: number, turns: number): void {
  const w = channel.wave;
  const events = channel.run.events;
  const early = (TURN * turns) / w[TAKEN] / 2;
  solve(w);
  const real = w[SECOND_COSINE];
  const imaginary = -w[SECOND_SINE];
  const square = real * real + imaginary * imaginary;
  const area = channel.config[AREA_CM2] / square;
  const volts = w[FIRST_COSINE];
  const lag = -w[FIRST_SINE];
  const resistance = (volts * real + lag * imaginary) * area;
  const reactance = (lag * real - volts * imaginary) * area;
  if (w[INDEX] === 0) w[AT_ONCE] = resistance;
  const slow = resistance - w[AT_ONCE];
  note(events, EVENT_IMPEDANCE);
  add(events, hz * 1e6);
  add(events, (w[AT_ONCE] + slow * Math.cos(early) + reactance * Math.sin(early)) * 1e6);
  add(events, (reactance * Math.cos(early) - slow * Math.sin(early)) * 1e6);
}

/** The frame belongs to a wave of `hz`: takes it in. Turns of it that count when that was its last,
 *  else 0. */
function follow(channel: Controlled, hz: number): number {
  const w = channel.wave;
  const sample = channel.sample;
  const turns = (sample[VOLTS_AT] - w[BEGUN_AT]) * hz;
  const failed = (sample[STATUS] & (VOLTAGE_FAILED | CURRENT_FAILED)) !== 0;
  if (turns > 1 && !failed) {
    // Voltage and current are taken at the same set-point, and a little apart.
    takeIn(w, TURN * turns, turns - 1, sample[VOLTS], sample[AMPS]);
    w[TAKEN]++;
  }
  const periods = Math.max(PERIODS, Math.ceil(MEASURED_S * hz));
  return turns >= 1 + periods && w[TAKEN] >= LEAST ? turns - 1 : 0;
}

/** The step has begun with this frame; false = it makes no sense, and the run has ended. */
function begin(channel: Controlled): boolean {
  const run = channel.run;
  channel.wave[STEP] = run.schedule.stepCount;
  beginWave(channel, 0);
  if (isSound(run.current, channel.capabilities.framePeriodMinMs / 1000)) return true;
  abort(run, FAULT_PROTOCOL, END_FAULT, channel.config[AREA_CM2]);
  return false;
}

/** The next point of the waves, of `size` A, one after another; 0 after the last. */
function next(channel: Controlled, size: number): number {
  const w = channel.wave;
  const totals = channel.run.totals;
  const step = channel.run.current;
  const now = channel.sample[VOLTS_AT];
  let hz = frequencyOf(step, w[INDEX]);
  const turns = follow(channel, hz);
  if (turns > 0) {
    tell(channel, hz, turns);
    beginWave(channel, w[INDEX] + 1);
    hz = frequencyOf(step, w[INDEX]);
  }
  if (w[INDEX] >= step.values[COUNT]) {
    step.values[DURATION] = now - totals.stepStartedAt;
    return 0;
  }
  const least = channel.capabilities.framePeriodMinMs / 1000;
  const usual = channel.capabilities.framePeriodMs / 1000;
  const period = Math.max(least, Math.min(usual, 1 / (FRAMES * hz)));
  if (period < totals.left) totals.left = period;
  // A step of the stairs has its middle on the wave.
  return size * Math.cos(TURN * hz * (now + period / 2 - w[BEGUN_AT]));
}

/** As `Impedance.drive`. */
function drive(channel: Controlled): number {
  const w = channel.wave;
  const run = channel.run;
  const loop = channel.loop;
  if (run.schedule.phase !== RUNNING || run.current.bytes[KIND] !== STEP_IMPEDANCE) {
    release(loop);
    w[STEP] = -1;
    return NaN;
  }
  if (w[STEP] !== run.schedule.stepCount && !begin(channel)) return NaN;
  const size = Math.abs(run.current.values[SET_CURRENT]);
  loop.tracking = size;
  loop.pinned = true;
  if (loop.rung === AT_REST) loop.range = rangeFor(channel.capabilities.rangesA, size);
  if (loop.rung === LIVE) return next(channel, size);
  // On its way to the cell the wave waits at its crest, where it begins.
  beginWave(channel, w[INDEX]);
  return size;
}

/** As `Impedance.equip`. */
function equip(channel: Equipped): Float64Array {
  channel.limits.kinds |= 1 << STEP_IMPEDANCE;
  widen(channel.run);
  return new Float64Array(PLACES);
}

/** Impedance by frames, for a board's `start`. */
export const IMPEDANCE: Impedance = { equip, drive };
