// The step interpreter: which step, and is it over? Steps come one by one from memory; the shell
// fetches the one named by `nextIndex` ahead of time.
import type { Totals } from "./account.ts";
import type { StepRecord } from "./protocol.ts";
import { BUDGET, CHARGE, DURATION, KIND, REST, VOLTAGE_MAX, VOLTAGE_MIN } from "./protocol.ts";
import { COUNT, STEP_CCD, TARGET } from "./protocol.ts";
import type { Sample } from "./sample.ts";
import { AMPS, STATUS, VOLTS, VOLTS_AT } from "./sample.ts";
import { VOLTAGE_CLIPPED, VOLTAGE_REREAD } from "./sample.ts";

// Phases of a run.
export const IDLE = 0;
export const ARMING = 1;
export const LOADING = 2;
export const RUNNING = 3;
/** Halted by a finding, relay at rest, until the operator resumes or stops it. */
export const HELD = 4;

/** What `judge` finds. */
export const STAY = 0;
export const STEP_OVER = 1;
export const BOUND_REACHED = 2;
export const BUDGET_SPENT = 3;

/** Loops may be nested this deep. */
export const LOOPS_MAX = 8;
/** A cut-off counts as reached when less than this is left, s. */
const NEARLY_S = 0.01;

/** Position in the program. */
export interface Schedule {
  phase: number;
  index: number;
  nextIndex: number;
  /** Executed steps, a half cycle counting as one; and cycles, from 1. */
  stepCount: number;
  cycleCount: number;
  /** Cycles that begin with the next step: loops are resolved while the step before still runs. */
  cyclesAhead: number;
  /** Open loops, outermost first: index of the loop step, passes left. */
  loopDepth: number;
  loopIndex: Uint32Array;
  /** With terms, their half cycles stand behind (terms-state.ts), and are in the journal so. */
  loopLeft: Uint32Array | Float64Array;
}

/** An idle schedule. */
export function createSchedule(): Schedule {
  return {
    phase: IDLE,
    index: 0,
    nextIndex: 0,
    stepCount: 0,
    cycleCount: 1,
    cyclesAhead: 0,
    loopDepth: 0,
    // Another width would be another class, eight variables on a board.
    loopIndex: new Uint32Array(LOOPS_MAX),
    loopLeft: new Uint32Array(LOOPS_MAX),
  };
}

/** To the start of the program. */
export function rewind(schedule: Schedule): void {
  schedule.index = 0;
  schedule.nextIndex = 0;
  schedule.stepCount = 0;
  schedule.cycleCount = 1;
  schedule.cyclesAhead = 0;
  schedule.loopDepth = 0;
}

/** Resolves the loop step `next` at `nextIndex` into the index that follows it; false = nested too
 *  deep. The body runs `count` times in all, and has run once when its loop step is first met. */
export function passLoop(schedule: Schedule, next: StepRecord): boolean {
  const top = schedule.loopDepth - 1;
  const open = top >= 0 && schedule.loopIndex[top] === schedule.nextIndex;
  if (!open) {
    if (schedule.loopDepth >= LOOPS_MAX) return false;
    schedule.loopIndex[schedule.loopDepth] = schedule.nextIndex;
    schedule.loopLeft[schedule.loopDepth] = Math.max(1, next.values[COUNT]);
    schedule.loopDepth++;
  }
  const here = schedule.loopDepth - 1;
  // What follows a loop is no part of its last cycle.
  schedule.cyclesAhead = 1;
  schedule.loopLeft[here]--;
  if (schedule.loopLeft[here] > 0) {
    schedule.nextIndex = next.values[TARGET];
  } else {
    schedule.loopDepth--;
    schedule.nextIndex++;
  }
  return true;
}

/** Seconds until time or charge end the step, or the rest within it, at the present current;
 *  Infinity = neither will. */
export function remaining(
  step: StepRecord,
  resting: boolean,
  totals: Totals,
  sample: Sample,
): number {
  const values = step.values;
  const climbing = step.bytes[KIND] === STEP_CCD;
  const duration = values[resting && climbing ? REST : DURATION];
  const elapsed = sample[VOLTS_AT] - totals.stepStartedAt;
  const left = duration > 0 ? duration - elapsed : Infinity;
  const current = Math.abs(sample[AMPS]);
  const charge = values[CHARGE];
  if (resting || charge <= 0 || current === 0) return left;
  const full = (charge - Math.abs(totals.stepCharge)) / current;
  return full < left ? full : left;
}

/** Is the step over? Else `totals.left` says when. The voltage counts only when a frame has
 *  confirmed it and `settled` says that it is the cell's answer to the present current.
 *  `budgetStartedAt` in s since boot. */
export function judge(
  step: StepRecord,
  resting: boolean,
  totals: Totals,
  sample: Sample,
  settled: boolean,
  budgetStartedAt: number,
): number {
  const confirmed = (sample[STATUS] & (VOLTAGE_REREAD | VOLTAGE_CLIPPED)) !== 0;
  const values = step.values;
  const outside = sample[VOLTS] >= values[VOLTAGE_MAX] || sample[VOLTS] <= values[VOLTAGE_MIN];
  if (settled && confirmed && outside) return BOUND_REACHED;
  totals.left = remaining(step, resting, totals, sample);
  if (totals.left <= NEARLY_S) return STEP_OVER;
  return sample[VOLTS_AT] - budgetStartedAt > values[BUDGET] ? BUDGET_SPENT : STAY;
}
