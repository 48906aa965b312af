// The active proof of a short: on suspicion the current is cut a few times, at frame rate and
// with bursts, then further methods may shape it. The set-point is never exceeded nor reversed,
// the charge that was not passed is made up for, and whatever disturbs the experiment ends it.
import type { Command } from "../hal/port.ts";
import { LADDER_MS, LIVE } from "./loop.ts";
import { combine, conclude, takeBurst, tell } from "./proof-judge.ts";
import type { Method, Prover, Subject } from "./proof-method.ts";
import { FAILED } from "./proof-method.ts";
import { HEAD, TAIL_S, clear } from "./proof-relaxation.ts";
import type { Proof } from "./proof-state.ts";
import { AT_ZERO, BACK, BETWEEN, CUT, EXCITED, WATCHING, settle } from "./proof-state.ts";
import { isDue, watch } from "./proof-watch.ts";
import { RESULT_INCONCLUSIVE } from "./telemetry.ts";

/** Shortest distance of a burst's readings, s: a conversion and its bus traffic. */
const READING_S = 1 / 350;
/** Cuts of an experiment, and how long the set-point is back between them, s. */
const CUTS = 6;
const BETWEEN_S = 0.25;
/** A frame takes longer than this, ms: the burst begins at once after it. */
const AT_ONCE_MS = 10;
/** The last cut goes on for so long; its end is averaged, s. */
const ZERO_S = 1;
const MEAN_FROM_S = 0.5;
/** The cell settles for so long after the set-point is back, s. */
const BACK_S = 3;

function enter(proof: Proof, subject: Subject, phase: number): void {
  proof.phase = phase;
  proof.experiment.phaseAt = subject.sample.timeVoltage;
}

/** Cuts the current. The cell may be restless: only the frame just before is compared with what
 *  follows. */
function cut(proof: Proof, subject: Subject): void {
  proof.experiment.before += subject.sample.voltage;
  proof.experiment.cuts++;
  proof.experiment.burstWanted = true;
  enter(proof, subject, CUT);
}

function begin(proof: Proof, subject: Subject, setpoint: number): void {
  const experiment = proof.experiment;
  const sample = subject.sample;
  experiment.suspicious = proof.pending;
  if (proof.pending) {
    proof.tried++;
    proof.hourly++;
  }
  experiment.setpoint = setpoint;
  experiment.startedAt = sample.timeVoltage;
  experiment.currentTime = sample.timeCurrent;
  experiment.charge = subject.run.totals.stepCharge;
  experiment.counted = false;
  experiment.cuts = 0;
  experiment.opening = sample.voltage;
  experiment.before = 0;
  experiment.zero = 0;
  experiment.zeros = 0;
  experiment.method = -1;
  clear(proof.relaxation);
  subject.loop.pinned = true;
  cut(proof, subject);
}

/** The set-point comes back: the experiment has nothing more to ask. */
function giveBack(proof: Proof, subject: Subject): number {
  subject.loop.pinned = false;
  proof.experiment.burstWanted = false;
  enter(proof, subject, BACK);
  return NaN;
}

/** Begins the next method that suits the cell; with a result or without methods left it is over. */
function goOn(proof: Proof, subject: Subject, methods: readonly Method[]): number {
  const experiment = proof.experiment;
  const open = !experiment.suspicious || proof.outcome === RESULT_INCONCLUSIVE;
  do experiment.method++;
  while (experiment.method < methods.length && !methods[experiment.method].suits(subject));
  if (!open || experiment.method >= methods.length) return giveBack(proof, subject);
  for (let i = 0; i < experiment.sums.length; i++) experiment.sums[i] = 0;
  enter(proof, subject, EXCITED);
  return 0;
}

/** One frame of a further method: its current, or on to the next one. */
function excite(proof: Proof, subject: Subject, methods: readonly Method[]): number {
  const experiment = proof.experiment;
  const method = methods[experiment.method];
  const elapsed = subject.sample.timeVoltage - experiment.phaseAt;
  const share = method.shape(proof, subject, elapsed);
  if (share === share) return experiment.setpoint * Math.max(0, Math.min(1, share));
  const result = method.judge(proof, subject);
  if (experiment.suspicious) {
    tell(proof, subject, method.method, result);
    proof.outcome = combine(proof.outcome, result);
  }
  return goOn(proof, subject, methods);
}

/** A frame at zero current, or between two cuts. */
function interrupt(proof: Proof, subject: Subject, methods: readonly Method[]): number {
  const experiment = proof.experiment;
  const sample = subject.sample;
  const elapsed = sample.timeVoltage - experiment.phaseAt;
  if (proof.phase === BETWEEN) {
    if (elapsed < BETWEEN_S) return NaN;
    cut(proof, subject);
    return 0;
  }
  if (proof.phase === CUT) {
    takeBurst(proof, subject);
    if (experiment.cuts < CUTS) {
      enter(proof, subject, BETWEEN);
      return NaN;
    }
    proof.phase = AT_ZERO;
  }
  if (elapsed >= MEAN_FROM_S) {
    experiment.zero += sample.voltage;
    experiment.zeros++;
  }
  if (elapsed < ZERO_S || experiment.zeros === 0) return 0;
  proof.outcome = conclude(proof, subject);
  return goOn(proof, subject, methods);
}

/** Makes up for the charge that was not passed: a step that ends by time is that much longer. */
function makeUp(proof: Proof, subject: Subject): void {
  const totals = subject.run.totals;
  const experiment = proof.experiment;
  const elapsed = subject.sample.timeCurrent - experiment.currentTime;
  const passed = (totals.stepCharge - experiment.charge) / experiment.setpoint;
  totals.stepStartedAt += elapsed - passed;
  experiment.counted = true;
}

function end(proof: Proof, subject: Subject): void {
  const now = subject.sample.timeVoltage;
  subject.loop.pinned = false;
  proof.experiment.burstWanted = false;
  proof.phase = WATCHING;
  proof.endedAt = now;
  proof.watch.steady = false;
  proof.watch.seenAt = now;
  proof.pulse.setpoint = subject.loop.setpoint;
  if (proof.experiment.suspicious) settle(proof, proof.outcome);
}

function settleBack(proof: Proof, subject: Subject): void {
  const experiment = proof.experiment;
  if (!experiment.counted && subject.loop.frames >= 1) makeUp(proof, subject);
  const elapsed = subject.sample.timeVoltage - experiment.phaseAt;
  if (experiment.counted && elapsed >= BACK_S) end(proof, subject);
}

/** Whether the step is no longer the one that the experiment began in. */
function isOverrun(proof: Proof, subject: Subject, setpoint: number): boolean {
  if (subject.run.schedule.stepCount !== proof.watch.step) return true;
  const stopped = setpoint !== proof.experiment.setpoint || subject.guard.fault !== 0;
  return stopped || subject.loop.rung !== LIVE;
}

/** One frame. `setpoint` in A is what the step wants (NaN = rest); answers what it gets
 *  instead, NaN = no experiment wants anything else. */
export function experiment(
  proof: Proof,
  subject: Subject,
  setpoint: number,
  methods: readonly Method[],
): number {
  if (proof.phase === WATCHING) {
    watch(proof, subject);
    if (!isDue(proof, subject, setpoint)) return NaN;
    begin(proof, subject, setpoint);
    return 0;
  }
  if (isOverrun(proof, subject, setpoint)) {
    if (proof.phase !== BACK) proof.outcome = RESULT_INCONCLUSIVE;
    end(proof, subject);
    return NaN;
  }
  if (proof.phase === BACK) {
    settleBack(proof, subject);
    return NaN;
  }
  if (subject.sample.status & FAILED) {
    proof.outcome = RESULT_INCONCLUSIVE;
    return giveBack(proof, subject);
  }
  if (proof.phase === EXCITED) return excite(proof, subject, methods);
  return interrupt(proof, subject, methods);
}

/** Completes `command` for the frame to come: a burst at once after a cut, frames in quick
 *  succession until the set-point is back. */
export function pace(proof: Proof, subject: Subject, command: Command): void {
  const experiment = proof.experiment;
  command.burst = 0;
  if (proof.phase === WATCHING || experiment.counted || subject.loop.rung !== LIVE) return;
  command.periodMs = Math.min(command.periodMs, LADDER_MS);
  if (!experiment.burstWanted) return;
  const period = Math.max(READING_S, subject.capabilities.burstPeriodUs / 1e6);
  const tail = Math.floor(TAIL_S / period);
  command.burst = HEAD + tail;
  command.burstUs = (TAIL_S / tail) * 1e6;
  command.periodMs = AT_ONCE_MS;
  experiment.burstWanted = false;
}

/** The active proof with these further methods, for a board's `start`. */
export function createProver(methods: readonly Method[]): Prover {
  return { experiment, pace, methods };
}
