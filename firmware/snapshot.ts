// A run's state as the opening of a journal's segment holds it: doubles behind the opening's head.
// Times are those of the run and its step; the next boot has another clock.
import type { Run } from "./run.ts";
import { find } from "./run.ts";
import { HELD, LOOPS_MAX } from "./schedule.ts";
import { VERDICT_SOFT } from "./telemetry.ts";

// Places among the opening's doubles; head and CRC take the first three and the last. Another order
// of the fields of schedule or staircase needs another version in journal.ts.
/** The schedule's, seven, its phase first; behind them the staircase's, thirteen. */
export const PHASE = 3;
const PARTS = 2;
/** 1 = written ahead: what the records behind it tell of is the step that follows this state. */
export const AHEAD = 23;
/** At that place: the step under way has been begun, and not been told of. */
export const UNTOLD = 2;
const HELD_PHASE = 24;
/** Since the run's, the step's and the budget's start, s. */
export const TIME = 25;
const ELAPSED = 26;
const BUDGET_SPENT = 27;
const CHARGE_IN = 28;
const CHARGE_OUT = 29;
const STEP_CHARGE = 30;
const VERDICT = 31;
const FIRST = 32;
const SUSPECTED = 33;
export const REST_VOLTS = 34;
export const LAST_VOLTS = 35;
export const LAST_AMPS = 36;
export const LAST_CELSIUS = 37;
export const START_BEFORE = 38;
export const START_LAST = 39;
/** As many as loops may be nested. */
const LOOP_INDEX = 40;
const LOOP_LEFT = LOOP_INDEX + LOOPS_MAX;

/** The plain fields of schedule and staircase, in the order of their making. */
function saveFields(v: Float64Array, run: Run): void {
  let place = PHASE;
  for (let part = 0; part < PARTS; part++) {
    const fields = (part === 0 ? run.schedule : run.ccd) as unknown as Record<string, unknown>;
    for (const key in fields) {
      if (typeof fields[key] !== "object") v[place++] = fields[key] as number;
    }
  }
}

function restoreFields(v: Float64Array, run: Run): void {
  let place = PHASE;
  for (let part = 0; part < PARTS; part++) {
    const fields = (part === 0 ? run.schedule : run.ccd) as unknown as Record<string, unknown>;
    for (const key in fields) {
      const kind = typeof fields[key];
      if (kind === "boolean") fields[key] = v[place++] === 1;
      else if (kind === "number") fields[key] = v[place++];
    }
  }
}

/** Puts the state of `run` at `now` (s since boot) into an opening's doubles. */
export function saveRun(v: Float64Array, run: Run, now: number): void {
  const schedule = run.schedule;
  const totals = run.totals;
  // A hold stops the step's time.
  const stopped = schedule.phase === HELD ? run.heldAt : now;
  v[HELD_PHASE] = run.heldPhase;
  saveFields(v, run);
  v.set(schedule.loopIndex, LOOP_INDEX);
  v.set(schedule.loopLeft, LOOP_LEFT);
  v[TIME] = now - totals.startedAt;
  v[ELAPSED] = stopped - totals.stepStartedAt;
  v[BUDGET_SPENT] = stopped - run.budgetStartedAt;
  v[CHARGE_IN] = totals.chargeIn;
  v[CHARGE_OUT] = totals.chargeOut;
  v[STEP_CHARGE] = totals.stepCharge;
  v[VERDICT] = run.verdict;
  v[FIRST] = run.firstAt < 0 ? -1 : run.firstAt - totals.startedAt;
  v[SUSPECTED] = run.suspectedAt < 0 ? -1 : run.suspectedAt - totals.startedAt;
}

/** The run of an opening's doubles, at a moment that counts as 0 s since boot. Its step has not
 *  been read from memory. A suspicion that nothing has refuted stands. */
export function restoreRun(v: Float64Array, run: Run): void {
  const schedule = run.schedule;
  const totals = run.totals;
  restoreFields(v, run);
  if (schedule.phase === HELD) schedule.phase = v[HELD_PHASE];
  schedule.loopIndex.set(v.subarray(LOOP_INDEX, LOOP_INDEX + LOOPS_MAX));
  schedule.loopLeft.set(v.subarray(LOOP_LEFT, LOOP_LEFT + schedule.loopLeft.length));
  totals.startedAt = -v[TIME];
  totals.stepStartedAt = -v[ELAPSED];
  totals.chargeIn = v[CHARGE_IN];
  totals.chargeOut = v[CHARGE_OUT];
  totals.stepCharge = v[STEP_CHARGE];
  totals.fresh = false;
  run.budgetStartedAt = -v[BUDGET_SPENT];
  run.verdict = v[VERDICT];
  run.firstAt = v[FIRST] < 0 ? -1 : v[FIRST] - v[TIME];
  if (v[SUSPECTED] >= 0) find(run, VERDICT_SOFT, v[SUSPECTED] - v[TIME]);
  run.heldAt = 0;
  run.resumeAt = Infinity;
}
