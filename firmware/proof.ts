// The active proof of a short: on suspicion the current is cut a few times, at frame rate and
// with bursts, then further methods may shape it. The set-point is never exceeded nor reversed,
// the charge that was not passed is made up for, and whatever disturbs the experiment ends it.
import type { Command } from "../hal/port.ts";
import { LADDER_MS, LIVE } from "./loop.ts";
import { conclude, takeBurst } from "./proof-judge.ts";
import type { Further, Prover, Subject } from "./proof-method.ts";
import { FAILED, enter } from "./proof-method.ts";
import { BURST_WANTED, CHARGE, COUNTED, CURRENT_TIME, CUTS } from "./proof-places.ts";
import { ENDED_AT, HOURLY, METHOD, OPENING, OUTCOME, PENDING, PHASE } from "./proof-places.ts";
import { PHASE_AT, READINGS, SEEN_AT, SETPOINT, STEADY, STEP, SUSPICIOUS } from "./proof-places.ts";
import { TRIED, ZERO, ZEROS } from "./proof-places.ts";
import { HEAD, TAIL_S } from "./proof-relaxation.ts";
import { AT_ZERO, BACK, BETWEEN, CUT, EXCITED, WATCHING } from "./proof-state.ts";
import { settle } from "./proof-state.ts";
import { isDue, watch } from "./proof-watch.ts";
import { AMPS_AT, STATUS, VOLTS, VOLTS_AT } from "./sample.ts";
import { RESULT_INCONCLUSIVE } from "./telemetry.ts";

/** Shortest distance of a burst's readings, s: a conversion and its bus traffic. */
const READING_S = 1 / 350;
/** Cuts of an experiment, and how long the set-point is back between them, s. */
const CUTS_WANTED = 6;
const BETWEEN_S = 0.25;
/** A frame takes longer than this, ms: the burst begins at once after it. */
const AT_ONCE_MS = 10;
/** The last cut goes on for so long; its end is averaged, s. */
const ZERO_S = 1;
const MEAN_FROM_S = 0.5;
/** The cell settles for so long after the set-point is back, s. */
const BACK_S = 3;

function begin(subject: Subject, setpoint: number): number {
  const p = subject.run.proof.numbers;
  const sample = subject.sample;
  p[TRIED] += p[PENDING];
  p[HOURLY] += p[PENDING];
  for (let i = SUSPICIOUS; i < READINGS + HEAD; i++) p[i] = 0;
  p[SUSPICIOUS] = p[PENDING];
  p[SETPOINT] = setpoint;
  p[CURRENT_TIME] = sample[AMPS_AT];
  p[CHARGE] = subject.run.totals.stepCharge;
  p[OPENING] = sample[VOLTS];
  p[METHOD] = -1;
  return enter(subject, CUT);
}

/** A frame at zero current, or between two cuts. */
function interrupt(subject: Subject, further: Further | null): number {
  const p = subject.run.proof.numbers;
  const elapsed = subject.sample[VOLTS_AT] - p[PHASE_AT];
  if (p[PHASE] === BETWEEN) return elapsed < BETWEEN_S ? NaN : enter(subject, CUT);
  if (p[PHASE] === CUT) {
    takeBurst(subject);
    if (p[CUTS] < CUTS_WANTED) return enter(subject, BETWEEN);
    p[PHASE] = AT_ZERO;
  }
  if (elapsed >= MEAN_FROM_S) {
    p[ZERO] += subject.sample[VOLTS];
    p[ZEROS]++;
  }
  if (elapsed < ZERO_S || p[ZEROS] === 0) return 0;
  p[OUTCOME] = conclude(subject);
  return further === null ? enter(subject, BACK) : further.begin(subject, further.methods);
}

/** Whether the cell has settled after the set-point came back. Makes up for the charge that was not
 *  passed: a step that ends by time is that much longer. */
function isSettled(subject: Subject): boolean {
  const p = subject.run.proof.numbers;
  const sample = subject.sample;
  const totals = subject.run.totals;
  if (p[COUNTED] === 0 && subject.loop.frames >= 1) {
    const passed = (totals.stepCharge - p[CHARGE]) / p[SETPOINT];
    totals.stepStartedAt += sample[AMPS_AT] - p[CURRENT_TIME] - passed;
    p[COUNTED] = 1;
  }
  return p[COUNTED] !== 0 && sample[VOLTS_AT] - p[PHASE_AT] >= BACK_S;
}

function end(subject: Subject): number {
  const proof = subject.run.proof;
  const p = proof.numbers;
  subject.loop.pinned = false;
  p[BURST_WANTED] = p[STEADY] = 0;
  p[PHASE] = WATCHING;
  p[ENDED_AT] = p[SEEN_AT] = subject.sample[VOLTS_AT];
  proof.pulse.setpoint = subject.loop.setpoint;
  if (p[SUSPICIOUS] !== 0) settle(proof, p[OUTCOME]);
  return NaN;
}

/** One frame of the experiment that is under way. */
function proceed(subject: Subject, setpoint: number, further: Further | null): number {
  const p = subject.run.proof.numbers;
  const back = p[PHASE] === BACK;
  const another = subject.run.schedule.stepCount !== p[STEP] || setpoint !== p[SETPOINT];
  const overrun = another || subject.guard.fault !== 0 || subject.loop.rung !== LIVE;
  const failed = (subject.sample[STATUS] & FAILED) !== 0;
  if (!back && (overrun || failed)) p[OUTCOME] = RESULT_INCONCLUSIVE;
  if (overrun || (back && isSettled(subject))) return end(subject);
  if (back) return NaN;
  if (failed) return enter(subject, BACK);
  if (p[PHASE] !== EXCITED || further === null) return interrupt(subject, further);
  return further.excite(subject, further.methods);
}

/** One frame. `setpoint` in A is what the step wants (NaN = rest); answers what it gets
 *  instead, NaN = no experiment wants anything else. */
function experiment(subject: Subject, setpoint: number, further: Further | null): number {
  if (subject.run.proof.numbers[PHASE] !== WATCHING) return proceed(subject, setpoint, further);
  watch(subject);
  return isDue(subject, setpoint) ? begin(subject, setpoint) : NaN;
}

/** Completes `command` for the frame to come: a burst at once after a cut, frames in quick
 *  succession until the set-point is back. */
function pace(subject: Subject, command: Command): void {
  const p = subject.run.proof.numbers;
  command.burst = 0;
  if (p[PHASE] === WATCHING || p[COUNTED] !== 0 || subject.loop.rung !== LIVE) return;
  command.periodMs = Math.min(command.periodMs, LADDER_MS);
  if (p[BURST_WANTED] === 0) return;
  const period = Math.max(READING_S, subject.capabilities.burstPeriodUs / 1e6);
  const tail = Math.floor(TAIL_S / period);
  command.burst = HEAD + tail;
  command.burstUs = (TAIL_S / tail) * 1e6;
  command.periodMs = AT_ONCE_MS;
  p[BURST_WANTED] = 0;
}

/** The active proof by interruption and bound, for a board's `start`. */
export const INTERRUPT: Prover = { experiment, pace, further: null };
