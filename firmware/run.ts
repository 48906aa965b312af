// One run of a program: what it is made of, its beginning, and its end with the verdict.
import type { Totals } from "./account.ts";
import { createTotals, restart } from "./account.ts";
import type { Ccd } from "./ccd.ts";
import { ccdSetpoint, climbFromFoot, createCcd } from "./ccd.ts";
import type { Events } from "./events.ts";
import { add, createEvents, note } from "./events.ts";
import type { Proof } from "./proof-state.ts";
import { createProof, forget as forgetProof } from "./proof-state.ts";
import type { StepRecord } from "./protocol.ts";
import { ALL_PLACES, CORE_PLACES, KIND, SET_CURRENT } from "./protocol.ts";
import { STEP_CCD, STEP_CURRENT, STEP_REST, createStepRecord } from "./protocol.ts";
import type { Sample } from "./sample.ts";
import { VOLTS_AT } from "./sample.ts";
import type { Schedule } from "./schedule.ts";
import { ARMING, HELD, IDLE, RUNNING, createSchedule, rewind } from "./schedule.ts";
import { REFERENCE } from "./shorts-places.ts";
import type { Shorts } from "./shorts-state.ts";
import { createShorts, forget, leakage, leakageUncertainty } from "./shorts-state.ts";
import { EVENT_FAULT, EVENT_HOLD, EVENT_RESUME, EVENT_START } from "./telemetry.ts";
import { EVENT_VERDICT } from "./telemetry.ts";
import { VERDICT_HEALTHY, VERDICT_SOFT } from "./telemetry.ts";

// Whether the next thing to be begun may begin. Without a journal it always may; with one, only
// what stands in it: the core asks, the shell writes, and the next frame begins.
export const PERMIT_ALWAYS = 0;
export const PERMIT_NONE = 1;
export const PERMIT_ASKED = 2;
export const PERMIT_GIVEN = 3;

// What a loss of power means for the run.
export const OUTAGE_NONE = 0;
/** The run is back from the journal; the cell has not been looked at. */
export const OUTAGE_UNJUDGED = 1;
export const OUTAGE_JUDGED = 2;

const PICO = 1e12;
const MICRO = 1e6;
const MILLI = 1e3;

/** What a board with terms adds to a run, see terms-state.ts. */
export interface TermState {
  /** What holds in every step, as an END step; plain unless a program brings another. */
  whole: StepRecord;
  numbers: Float64Array;
}

/** Everything that a run changes. */
export interface Run {
  schedule: Schedule;
  ccd: Ccd;
  totals: Totals;
  shorts: Shorts;
  proof: Proof;
  events: Events;
  current: StepRecord;
  next: StepRecord;
  /** Index of the step held by `next`, -1 = none yet. */
  loadedIndex: number;
  /** Steps of the program in memory, -1 = none; its hash. */
  steps: number;
  hash: number;
  /** When the present program step (a whole staircase counts as one) began, s since boot. */
  budgetStartedAt: number;
  /** When it was held, when it goes on by itself (Infinity = when told), and until when frames come
   *  and are recorded faster, s since boot. */
  heldAt: number;
  resumeAt: number;
  /** The phase that it was held in. */
  heldPhase: number;
  fastUntil: number;
  /** A soft short that waits for its proof was found then, s since boot (-1 = none), as the
   *  first one of its staircase or not. */
  suspectedAt: number;
  suspectedFirst: boolean;
  /** Worst finding so far, `VERDICT_…`. */
  verdict: number;
  /** First sign of it, s since boot; -1 = none. */
  firstAt: number;
  /** `PERMIT_…` and `OUTAGE_…`. */
  permit: number;
  outage: number;
  /** Left out on a board without terms. */
  terms?: TermState;
}

/** No run. */
export function createRun(): Run {
  const proof = createProof();
  const shorts = createShorts();
  return {
    schedule: createSchedule(),
    ccd: createCcd(),
    totals: createTotals(),
    shorts,
    proof,
    events: createEvents(),
    current: createStepRecord(CORE_PLACES),
    next: createStepRecord(CORE_PLACES),
    loadedIndex: -1,
    steps: -1,
    hash: 0,
    budgetStartedAt: 0,
    heldAt: 0,
    resumeAt: Infinity,
    heldPhase: RUNNING,
    fastUntil: 0,
    suspectedAt: -1,
    suspectedFirst: false,
    verdict: VERDICT_HEALTHY,
    firstAt: -1,
    permit: PERMIT_ALWAYS,
    outage: OUTAGE_NONE,
  };
}

/** Makes room for all that steps may say; a board without such features has none. */
export function widen(run: Run): void {
  run.current = createStepRecord(ALL_PLACES);
  run.next = createStepRecord(ALL_PLACES);
}

/** Set-point of the present step, A; NaN = the relay is at rest. */
export function setpointOf(run: Run): number {
  const step = run.current;
  if (run.schedule.phase !== RUNNING) return NaN;
  const kind = step.bytes[KIND];
  if (kind === STEP_CURRENT) return step.values[SET_CURRENT];
  return kind === STEP_CCD ? ccdSetpoint(run.ccd, step) : NaN;
}

/** Whether the present step, or this part of it, is a rest. */
export function isResting(run: Run): boolean {
  const kind = run.current.bytes[KIND];
  return kind === STEP_REST || (kind === STEP_CCD && run.ccd.resting);
}

/** Asks for a permit; true = it is given, and used by this. */
export function mayBegin(run: Run): boolean {
  const permit = run.permit;
  if (permit === PERMIT_ALWAYS) return true;
  run.permit = permit === PERMIT_GIVEN ? PERMIT_NONE : PERMIT_ASKED;
  return permit === PERMIT_GIVEN;
}

/** Takes back a permit that was asked for or given. */
export function revoke(run: Run): void {
  if (run.permit !== PERMIT_ALWAYS) run.permit = PERMIT_NONE;
}

/** Begins a run: it waits for its sensors first. */
export function begin(run: Run, sample: Sample): void {
  rewind(run.schedule);
  climbFromFoot(run.ccd, false);
  restart(run.totals, sample[VOLTS_AT]);
  forget(run.shorts);
  forgetProof(run.proof);
  run.loadedIndex = -1;
  run.verdict = VERDICT_HEALTHY;
  run.firstAt = -1;
  run.suspectedAt = -1;
  run.fastUntil = 0;
  run.heldAt = sample[VOLTS_AT];
  run.outage = OUTAGE_NONE;
  revoke(run);
  run.schedule.phase = ARMING;
  note(run.events, EVENT_START);
  add(run.events, run.steps);
  add(run.events, run.hash);
}

/** A worse verdict replaces a milder one; codes are ordered so. */
export function find(run: Run, verdict: number, time: number): void {
  if (verdict <= run.verdict) return;
  run.verdict = verdict;
  run.firstAt = time;
}

/** Halts the run, relay at rest, until the operator resumes or stops it. */
export function hold(run: Run, sample: Sample): void {
  run.heldPhase = run.schedule.phase;
  run.schedule.phase = HELD;
  run.heldAt = sample[VOLTS_AT];
  run.resumeAt = Infinity;
  revoke(run);
  note(run.events, EVENT_HOLD);
  add(run.events, run.verdict);
}

/** Goes on with a held step as if no time had passed. */
export function resume(run: Run, sample: Sample): void {
  const held = sample[VOLTS_AT] - run.heldAt;
  run.schedule.phase = run.heldPhase;
  run.totals.stepStartedAt += held;
  run.budgetStartedAt += held;
  note(run.events, EVENT_RESUME);
  add(run.events, held);
}

/** Ends a run for the reason `end` (`END_…`) and says what was found. */
export function finish(run: Run, end: number, areaCm2: number): void {
  const ccd = run.ccd;
  const totals = run.totals;
  const events = run.events;
  // Without a cell nothing has passed through one.
  const area = areaCm2 > 0 ? areaCm2 : Infinity;
  // A suspicion that was never refuted stands.
  if (run.suspectedAt >= 0) find(run, VERDICT_SOFT, run.suspectedAt);
  run.suspectedAt = -1;
  run.schedule.phase = IDLE;
  revoke(run);
  note(events, EVENT_VERDICT);
  add(events, run.verdict);
  add(events, run.firstAt < 0 ? -1 : (run.firstAt - totals.startedAt) * MILLI);
  add(events, end);
  add(events, ccd.used ? 1 : 0);
  add(events, ccd.soft < 0 ? -1 : ccd.soft * PICO);
  add(events, ccd.hard < 0 ? -1 : ccd.hard * PICO);
  add(events, ccd.completed < 0 ? -1 : ccd.completed * PICO);
  add(events, ccd.failing < 0 ? -1 : ccd.failing * PICO);
  add(events, ccd.failing < 0 ? 1 : 0);
  add(events, ((totals.chargeIn + totals.chargeOut) / area) * MICRO);
  add(events, ccd.softCharge < 0 ? -1 : (ccd.softCharge / area) * MICRO);
  add(events, ccd.hardCharge < 0 ? -1 : (ccd.hardCharge / area) * MICRO);
  add(events, leakage(run.shorts) * MILLI);
  add(events, run.shorts.numbers[REFERENCE] > 0 ? leakageUncertainty(run.shorts) * MILLI : -1);
}

/** Ends a run by a fault. */
export function abort(run: Run, fault: number, end: number, areaCm2: number): void {
  note(run.events, EVENT_FAULT);
  add(run.events, fault);
  if (run.schedule.phase !== IDLE) finish(run, end, areaCm2);
}
