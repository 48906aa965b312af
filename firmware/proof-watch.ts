// When an experiment may begin, and when one is due. Between experiments the step's frames are
// watched: how high the resistance has been, and how it changes with temperature.
import { AREA_CM2 } from "./config.ts";
import { add, note } from "./events.ts";
import { follow } from "./impedance.ts";
import { LIVE } from "./loop.ts";
import { warmth } from "./pellet.ts";
import type { Subject } from "./proof-method.ts";
import { FAILED, isFull, sideOf } from "./proof-method.ts";
import type { Proof } from "./proof-state.ts";
import { settle } from "./proof-state.ts";
import { FLAG_PROOF } from "./protocol.ts";
import { BUDGET, FLAGS, VOLTAGE_MAX, VOLTAGE_MIN } from "./protocol.ts";
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

function enterStep(proof: Proof, step: number, now: number): void {
  const watch = proof.watch;
  watch.step = step;
  watch.begunAt = now;
  watch.highest = -Infinity;
  watch.steady = false;
  // What fell in another half cycle cannot be looked for in this one.
  proof.claimed = 0;
  proof.tried = 0;
}

/** Keeps the mean voltage and the resistance's highest up to date. */
function look(proof: Proof, subject: Subject, elapsed: number): void {
  const watch = proof.watch;
  const loop = subject.loop;
  const sample = subject.sample;
  watch.warmth = warmth(subject.config, sample.temperature);
  watch.lagged += (watch.warmth - watch.lagged) * Math.min(1, elapsed / LAG_S);
  const live = loop.rung === LIVE && sample.relay === 1 && loop.setpoint !== 0;
  if (!live || sample.timeVoltage - loop.changedAt < STEADY_S) {
    watch.steady = false;
    return;
  }
  const gain = watch.steady ? Math.min(1, elapsed / MEAN_S) : 1;
  const change = (sample.voltage - watch.voltage) * gain;
  watch.voltage += change;
  watch.slope += watch.steady ? (change - watch.slope * elapsed) / SLOPE_S : -watch.slope;
  watch.steady = true;
  const volts = watch.voltage - proof.offsets[sideOf(loop.setpoint)];
  const resistance = (volts / loop.setpoint) * subject.config[AREA_CM2];
  if (resistance > 0) watch.level = Math.log(resistance) - watch.warmth;
  if (watch.level > watch.highest) watch.highest = watch.level;
}

function measurePulse(proof: Proof, subject: Subject): void {
  const run = subject.run;
  const sample = subject.sample;
  const resistance = follow(proof.pulse, sample, subject.loop, subject.config[AREA_CM2]);
  if (resistance === 0) return;
  note(run.events, EVENT_PULSE);
  add(run.events, subject.loop.setpoint * 1e12);
  add(run.events, resistance * 1e6);
  add(run.events, sample.temperature * 1e3);
}

/** One frame without experiment. */
export function watch(proof: Proof, subject: Subject): void {
  const now = subject.sample.timeVoltage;
  const elapsed = now - proof.watch.seenAt;
  const step = subject.run.schedule.stepCount;
  proof.watch.seenAt = now;
  if (proof.watch.step !== step) enterStep(proof, step, now);
  if (subject.sample.status & FAILED) return;
  look(proof, subject, elapsed);
  measurePulse(proof, subject);
}

/** Whether an experiment may begin now at `setpoint`. */
function mayBegin(proof: Proof, subject: Subject, setpoint: number): boolean {
  const run = subject.run;
  const step = run.current;
  const sample = subject.sample;
  const now = sample.timeVoltage;
  if (run.schedule.phase !== RUNNING || subject.guard.fault !== 0) return false;
  if (sample.status & FAILED || !proof.watch.steady) return false;
  if (subject.loop.setpoint !== setpoint || now - proof.endedAt < PAUSE_S) return false;
  if (remaining(step, false, run.totals, sample) < 2 * EXPERIMENT_S) return false;
  if (now - run.budgetStartedAt + 2 * EXPERIMENT_S > step.values[BUDGET]) return false;
  const low = Math.max(subject.limits.voltageMin, step.values[VOLTAGE_MIN]);
  const high = Math.min(subject.limits.voltageMax, step.values[VOLTAGE_MAX]);
  const margin = MARGIN * (high - low);
  return sample.voltage > low + margin && sample.voltage < high - margin;
}

/** Whether a suspicion is still within its number, in this step and in an hour. */
function withinCount(proof: Proof, now: number): boolean {
  if (now - proof.hourAt > HOUR_S) {
    proof.hourAt = now;
    proof.hourly = 0;
  }
  return proof.tried < TRIED_MAX && proof.hourly < HOURLY_MAX;
}

/** Whether the cell is to be looked at while healthy: for the first time in this direction, changed
 *  since, or grown within the step. What has fallen within a step is not taken for healthy. */
function needsBaseline(proof: Proof, subject: Subject, now: number, setpoint: number): boolean {
  const settled = isFull(subject) ? FULL_SETTLED_S : SETTLED_S;
  if (now - proof.watch.begunAt < settled) return false;
  const change = proof.watch.level - proof.levels[sideOf(setpoint)];
  if (change !== change) return true;
  if (isFull(subject)) return false;
  if (proof.based === proof.watch.step) return change > CHANGED;
  return Math.abs(change) > CHANGED;
}

/** Whether an experiment begins with this frame. */
export function isDue(proof: Proof, subject: Subject, setpoint: number): boolean {
  if (!(subject.run.current.bytes[FLAGS] & FLAG_PROOF)) {
    if (proof.pending) settle(proof, RESULT_INCONCLUSIVE);
    return false;
  }
  const now = subject.sample.timeVoltage;
  if (proof.pending) {
    const late = now - proof.suspectedAt > PATIENCE_S;
    if (late || setpoint !== setpoint || !withinCount(proof, now)) {
      settle(proof, RESULT_INCONCLUSIVE);
      return false;
    }
  } else if (!(setpoint === setpoint && needsBaseline(proof, subject, now, setpoint))) return false;
  return mayBegin(proof, subject, setpoint);
}
