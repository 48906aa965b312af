// When an experiment may begin, and when one is due. Between experiments the step's frames are
// watched: how high the resistance has been, and how it changes with temperature.
import { AREA_CM2 } from "./config.ts";
import { add, note } from "./events.ts";
import { follow } from "./pulse.ts";
import { LIVE } from "./loop.ts";
import { warmth } from "./pellet.ts";
import type { Subject } from "./proof-method.ts";
import { FAILED, isFull, sideOf } from "./proof-method.ts";
import { BASED, BEGUN_AT, CLAIMED, ENDED_AT, HIGHEST, HOURLY, HOUR_AT } from "./proof-places.ts";
import { LAGGED, LEVEL, LEVELS, OFFSETS, PENDING, SEEN_AT, SLOPE, STEADY } from "./proof-places.ts";
import { STEP, SUSPECTED_AT, TRIED, VOLTAGE, WARMTH } from "./proof-places.ts";
import { settle } from "./proof-state.ts";
import { FLAG_PROOF } from "./protocol.ts";
import { BUDGET, FLAGS, VOLTAGE_MAX, VOLTAGE_MIN } from "./protocol.ts";
import { CELSIUS, RELAY, STATUS, VOLTS, VOLTS_AT } from "./sample.ts";
import { RUNNING, remaining } from "./schedule.ts";
import { EVENT_PULSE, RESULT_INCONCLUSIVE } from "./telemetry.ts";

/** Before frames count after a change, s. */
const STEADY_S = 2;
/** Memory of the mean voltage, and of the temperature: the thermometer's lag, s. */
const MEAN_S = 2;
const LAG_S = 30;
/** Memory of the voltage's slope, s. */
const SLOPE_S = 60;
/** A step that ends sooner than twice this, s, is not disturbed; a suspicion that would have
 *  to wait longer than the other is dropped. */
const EXPERIMENT_S = 10;
const PATIENCE_S = 90;
/** Suspicions tried in a step and in an hour, and the pause after each, s. */
const TRIED_MAX = 3;
const HOURLY_MAX = 12;
const HOUR_S = 3600;
const PAUSE_S = 60;
/** A baseline is taken so long after a step began, and anew after such a change (ln). */
const SETTLED_S = 60;
const FULL_SETTLED_S = 240;
const CHANGED = 0.18;
/** Nearer than this share of the window to one of its ends nothing is tried. */
const MARGIN = 0.1;

function enterStep(p: Float64Array, step: number, now: number): void {
  p[STEP] = step;
  p[BEGUN_AT] = now;
  p[HIGHEST] = -Infinity;
  // What fell in another half cycle cannot be looked for in this one.
  p[STEADY] = p[CLAIMED] = p[TRIED] = 0;
}

/** Keeps the mean voltage and the resistance's highest up to date. */
function look(p: Float64Array, subject: Subject, elapsed: number): void {
  const setpoint = subject.loop.setpoint;
  const gain = p[STEADY] !== 0 && elapsed < MEAN_S ? elapsed / MEAN_S : 1;
  const change = (subject.sample[VOLTS] - p[VOLTAGE]) * gain;
  p[VOLTAGE] += change;
  p[SLOPE] += p[STEADY] !== 0 ? (change - p[SLOPE] * elapsed) / SLOPE_S : -p[SLOPE];
  p[STEADY] = 1;
  const volts = p[VOLTAGE] - p[OFFSETS + sideOf(setpoint)];
  const resistance = (volts / setpoint) * subject.config[AREA_CM2];
  if (resistance > 0) p[LEVEL] = Math.log(resistance) - p[WARMTH];
  if (p[LEVEL] > p[HIGHEST]) p[HIGHEST] = p[LEVEL];
}

function tellPulse(subject: Subject, resistance: number): void {
  const events = subject.run.events;
  note(events, EVENT_PULSE);
  add(events, subject.loop.setpoint * 1e12);
  add(events, resistance * 1e6);
  add(events, subject.sample[CELSIUS] * 1e3);
}

/** One frame without experiment. */
export function watch(subject: Subject): void {
  const p = subject.run.proof.numbers;
  const sample = subject.sample;
  const loop = subject.loop;
  const cell = subject.config;
  const now = sample[VOLTS_AT];
  const elapsed = now - p[SEEN_AT];
  const step = subject.run.schedule.stepCount;
  p[SEEN_AT] = now;
  if (p[STEP] !== step) enterStep(p, step, now);
  if (sample[STATUS] & FAILED) return;
  const warm = warmth(cell, sample[CELSIUS]);
  p[WARMTH] = warm;
  p[LAGGED] += (warm - p[LAGGED]) * (elapsed < LAG_S ? elapsed / LAG_S : 1);
  const steady = loop.setpoint !== 0 && loop.tracking === 0;
  const live = loop.rung === LIVE && sample[RELAY] === 1 && steady;
  if (live && now - loop.changedAt >= STEADY_S) look(p, subject, elapsed);
  else p[STEADY] = 0;
  const resistance = follow(subject.run.proof.pulse, sample, loop, cell[AREA_CM2]);
  if (resistance !== 0) tellPulse(subject, resistance);
}

/** Whether an experiment may begin now at `setpoint`. */
function mayBegin(subject: Subject, setpoint: number): boolean {
  const p = subject.run.proof.numbers;
  const run = subject.run;
  const step = run.current;
  const sample = subject.sample;
  const now = sample[VOLTS_AT];
  if (run.schedule.phase !== RUNNING || subject.guard.fault !== 0) return false;
  if (sample[STATUS] & FAILED || p[STEADY] === 0) return false;
  if (subject.loop.setpoint !== setpoint || now - p[ENDED_AT] < PAUSE_S) return false;
  if (remaining(step, false, run.totals, sample) < 2 * EXPERIMENT_S) return false;
  if (now - run.budgetStartedAt + 2 * EXPERIMENT_S > step.values[BUDGET]) return false;
  const low = Math.max(subject.limits.voltageMin, step.values[VOLTAGE_MIN]);
  const high = Math.min(subject.limits.voltageMax, step.values[VOLTAGE_MAX]);
  const margin = MARGIN * (high - low);
  return sample[VOLTS] > low + margin && sample[VOLTS] < high - margin;
}

/** Whether a suspicion is still within its number, in this step and in an hour. */
function withinCount(p: Float64Array, now: number): boolean {
  if (now - p[HOUR_AT] > HOUR_S) {
    p[HOUR_AT] = now;
    p[HOURLY] = 0;
  }
  return p[TRIED] < TRIED_MAX && p[HOURLY] < HOURLY_MAX;
}

/** Whether the suspicion that waits is still to be looked into. */
function isWanted(subject: Subject, setpoint: number): boolean {
  const proof = subject.run.proof;
  const p = proof.numbers;
  const now = subject.sample[VOLTS_AT];
  const wanted = (subject.run.current.bytes[FLAGS] & FLAG_PROOF) !== 0 && setpoint === setpoint;
  if (wanted && now - p[SUSPECTED_AT] <= PATIENCE_S && withinCount(p, now)) return true;
  settle(proof, RESULT_INCONCLUSIVE);
  return false;
}

/** Whether the cell is to be looked at while healthy: for the first time in this direction, changed
 *  since, or grown within the step. What has fallen within a step is not taken for healthy. */
function needsBaseline(subject: Subject, setpoint: number): boolean {
  const p = subject.run.proof.numbers;
  const since = subject.sample[VOLTS_AT] - p[BEGUN_AT];
  if (since < SETTLED_S) return false;
  const change = p[LEVEL] - p[LEVELS + sideOf(setpoint)];
  if (Math.abs(change) <= CHANGED) return false;
  const first = change !== change;
  if (isFull(subject)) return first && since >= FULL_SETTLED_S;
  return first || change > CHANGED || p[BASED] !== p[STEP];
}

/** Whether an experiment begins with this frame. */
export function isDue(subject: Subject, setpoint: number): boolean {
  const wanted =
    subject.run.proof.numbers[PENDING] !== 0
      ? isWanted(subject, setpoint)
      : (subject.run.current.bytes[FLAGS] & FLAG_PROOF) !== 0 &&
        setpoint === setpoint &&
        needsBaseline(subject, setpoint);
  return wanted && mayBegin(subject, setpoint);
}
