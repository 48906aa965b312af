// What terms, jumps and recording rules remember: numbers in the places below, beside the record
// that holds in every step (`Whole`). Times in s since boot.
import { prefetch } from "./store.ts";
import { ALL_PLACES, TERMS_MAX, VERSION_WHOLE, createStepRecord } from "./protocol.ts";
import type { Memory } from "../hal/port.ts";
import type { Run, TermState } from "./run.ts";
import { widen } from "./run.ts";
import { LOOPS_MAX } from "./schedule.ts";

/** Of each term, the step's and then the whole's, as the first of its group: since when the group
 *  holds; -1 = it does not. */
export const HOLDS_SINCE = 0;
/** Executed step that the numbers are of, and its net charge as seen last, C, as long as its half
 *  cycle has not been told of it. */
export const STEP_SEEN = 2 * TERMS_MAX;
export const CHARGE_SEEN = STEP_SEEN + 1;
/** Its time, s, voltage and current at its last frame. */
export const TIME_SEEN = STEP_SEEN + 2;
export const VOLTS_SEEN = STEP_SEEN + 3;
export const AMPS_SEEN = STEP_SEEN + 4;
/** Since when its set-point is at the cell, -1 = it is not. */
export const LIVE_AT = STEP_SEEN + 5;
/** What was recorded last. */
export const RECORDED_AT = STEP_SEEN + 6;
export const RECORDED_VOLTS = STEP_SEEN + 7;
export const RECORDED_AMPS = STEP_SEEN + 8;
/** Until a group that holds has done so for its delay, s; Infinity = none does. */
export const TIMING = STEP_SEEN + 9;
/** Open loops as they were when the step began; loops ahead of it are passed while it runs. */
export const DEPTH_BEFORE = STEP_SEEN + 10;
export const LEFT_BEFORE = STEP_SEEN + 11;
export const LOOP_BEFORE = LEFT_BEFORE + LOOPS_MAX;
/** Where the body of each open loop begins, as far as it was seen. */
export const BODY = LOOP_BEFORE + LOOPS_MAX;
export const DEPTH_SEEN = BODY + LOOPS_MAX;
/** Net charge of the step that runs or has ended, C. */
export const CHARGE_OF = DEPTH_SEEN + 1;
/** 1 = the half cycles stand as if the step had ended, for the journal; and as they were before. */
export const AHEAD = DEPTH_SEEN + 2;
export const HALVES_BEFORE = DEPTH_SEEN + 3;
/** What its half cycle was told last of a step that has ended, C. */
export const FILED = DEPTH_SEEN + 6;
const PLACES = DEPTH_SEEN + 7;

// Behind the passes left of loops, `Schedule.loopLeft`, which the journal keeps:
/** Net charge of the half cycle that has ended last, C: steps of one sign are one; ... */
export const HALF_CYCLE = LOOPS_MAX;
/** ... size of the one before, of the other sign, C; efficiency of the last whole cycle. */
export const HALF_BEFORE = LOOPS_MAX + 1;
export const EFFICIENCY = LOOPS_MAX + 2;

/** Forgets what an earlier run has brought. */
export function forgetTerms(run: Run): void {
  const state = run.terms;
  if (state === undefined) return;
  const left = run.schedule.loopLeft;
  state.numbers.fill(0);
  state.numbers.fill(-1, HOLDS_SINCE, STEP_SEEN + 1);
  state.numbers[LIVE_AT] = -1;
  state.numbers[TIME_SEEN] = state.numbers[VOLTS_SEEN] = state.numbers[AMPS_SEEN] = NaN;
  state.numbers[RECORDED_AT] = -1e9;
  left[HALF_CYCLE] = left[HALF_BEFORE] = 0;
  left[EFFICIENCY] = NaN;
}

/** Makes room in a run, once. */
function equip(run: Run): TermState {
  if (run.terms !== undefined) return run.terms;
  const numbers = new Float64Array(PLACES);
  const state = { whole: createStepRecord(ALL_PLACES), numbers };
  if (run.current.values.length < ALL_PLACES) widen(run);
  // Doubles, since more than passes stand here.
  run.schedule.loopLeft = new Float64Array(LOOPS_MAX + 3);
  run.terms = state;
  return state;
}

/** As `Terms.load`. */
export function loadWhole(run: Run, memory: Memory, version: number, count: number): void {
  const state = equip(run);
  forgetTerms(run);
  state.whole = createStepRecord(ALL_PLACES);
  if (version !== VERSION_WHOLE) return;
  // It is read like a step, and as none that can be begun.
  run.steps = count + 1;
  const fault = prefetch(run, memory, count);
  const blank = state.whole;
  state.whole = run.next;
  run.next = blank;
  run.loadedIndex = -1;
  run.steps = fault === 0 ? count : -1;
}
