// Which group of terms holds: the numbers that terms compare, and for how long they have.
import type { Course } from "./course.ts";
import { LIVE } from "./loop.ts";
import type { StepRecord } from "./protocol.ts";
import { QUANTITY_CAPACITY, QUANTITY_CHARGE, QUANTITY_CURRENT } from "./protocol.ts";
import { QUANTITY_EFFICIENCY, QUANTITY_FORCE, QUANTITY_RUN_CHARGE } from "./protocol.ts";
import { QUANTITY_RUN_TIME, QUANTITY_SHORT, QUANTITY_TEMPERATURE } from "./protocol.ts";
import { QUANTITY_TIME, QUANTITY_VOLTAGE, TERMS, TERMS_MAX, TERM_BELOW } from "./protocol.ts";
import { TERM_LAST, TERM_PLACES } from "./protocol.ts";
import type { TermState } from "./run.ts";
import { isResting } from "./run.ts";
import { AMPS, CELSIUS, NEWTONS, RELAY, VOLTS, VOLTS_AT } from "./sample.ts";
import { RUNNING } from "./schedule.ts";
import { HARD, SOFT } from "./shorts-places.ts";
import {
  AMPS_SEEN,
  CHARGE_OF,
  CHARGE_SEEN,
  EFFICIENCY,
  HALF_CYCLE,
  HOLDS_SINCE,
} from "./terms-state.ts";
import { LIVE_AT, TIME_SEEN, TIMING, VOLTS_SEEN } from "./terms-state.ts";

/** Voltages and currents count this long after the step's own is at the cell, s. */
const SETTLED_S = 0.2;

/** Of the answer of `firstGroup`: none holds. */
export const NO_GROUP = -1;

/** Takes in what a running step shows, and since when that is its own. */
export function see(course: Course, state: TermState): void {
  const run = course.run;
  const sample = course.sample;
  const n = state.numbers;
  const live = course.loop.rung === LIVE && sample[RELAY] === 1;
  if (!live) n[LIVE_AT] = -1;
  else if (n[LIVE_AT] < 0) n[LIVE_AT] = sample[VOLTS_AT];
  n[CHARGE_SEEN] = n[CHARGE_OF] = run.totals.stepCharge;
  n[TIME_SEEN] = sample[VOLTS_AT] - run.totals.stepStartedAt;
  n[VOLTS_SEEN] = sample[VOLTS];
  n[AMPS_SEEN] = sample[AMPS];
}

/** The value of a quantity in the step that runs, or has ended; NaN = it has none yet. */
function valueOf(course: Course, state: TermState, quantity: number): number {
  const run = course.run;
  const sample = course.sample;
  const totals = run.totals;
  const shorts = run.shorts.numbers;
  const n = state.numbers;
  const running = run.schedule.phase === RUNNING;
  const live = n[LIVE_AT] >= 0 && sample[VOLTS_AT] - n[LIVE_AT] >= SETTLED_S;
  const settled = !running || isResting(run) || live;
  if (quantity === QUANTITY_TIME) return n[TIME_SEEN];
  if (quantity === QUANTITY_VOLTAGE) {
    // After a loss of power the step's end is not remembered.
    const known = n[VOLTS_SEEN] === n[VOLTS_SEEN];
    return settled ? (known ? n[VOLTS_SEEN] : sample[VOLTS]) : NaN;
  }
  if (quantity === QUANTITY_CURRENT) return settled ? Math.abs(n[AMPS_SEEN]) : NaN;
  if (quantity === QUANTITY_CHARGE) return Math.abs(n[CHARGE_OF]);
  if (quantity === QUANTITY_TEMPERATURE) return sample[CELSIUS];
  if (quantity === QUANTITY_FORCE) return sample[NEWTONS];
  if (quantity === QUANTITY_SHORT) return shorts[HARD] !== 0 ? 2 : shorts[SOFT] !== 0 ? 1 : 0;
  if (quantity === QUANTITY_EFFICIENCY) return run.schedule.loopLeft[EFFICIENCY];
  if (quantity === QUANTITY_RUN_TIME) return sample[VOLTS_AT] - totals.startedAt;
  if (quantity === QUANTITY_RUN_CHARGE) return totals.chargeIn + totals.chargeOut;
  const half = Math.abs(run.schedule.loopLeft[HALF_CYCLE]);
  return quantity === QUANTITY_CAPACITY && half > 0 ? half : NaN;
}

/** Whether one term holds. */
function holds(course: Course, state: TermState, values: Float64Array, at: number): boolean {
  const what = values[at] / 65536;
  const value = valueOf(course, state, what & 15);
  return what & TERM_BELOW ? value <= values[at + 1] : value >= values[at + 1];
}

/** Whether the group's outcome is the same whenever it is asked: of what only grows, once it is
 *  there. */
function isCertain(values: Float64Array, from: number, to: number): boolean {
  for (let at = from; at <= to; at += TERM_PLACES) {
    const what = values[at] / 65536;
    const grows = (what & 15) === QUANTITY_RUN_TIME || (what & 15) === QUANTITY_RUN_CHARGE;
    if (!grows || what & TERM_BELOW) return false;
  }
  return true;
}

/** Where the first group of a jump that holds leads; `NO_GROUP`; NaN = cannot be said before the
 *  running step is over. */
export function jumpOf(course: Course, state: TermState, jump: StepRecord): number {
  const values = jump.values;
  const over = course.run.schedule.phase !== RUNNING;
  let from = TERMS;
  let whole = true;
  for (let at = TERMS; at < values.length && values[at] > 0; at += TERM_PLACES) {
    whole = whole && holds(course, state, values, at);
    if (((values[at] / 65536) & TERM_LAST) === 0) continue;
    if (!over && !(whole && isCertain(values, from, at))) return NaN;
    if (whole) return values[at] & 65535;
    from = at + TERM_PLACES;
    whole = true;
  }
  return over ? NO_GROUP : NaN;
}

/** Where the first group of a step's terms, or of the whole's, leads that has held for its delay,
 *  and for two frames; `NO_GROUP`. `first` = place of its memory among the numbers. */
export function firstGroup(
  course: Course,
  state: TermState,
  step: StepRecord,
  first: number,
): number {
  const values = step.values;
  const n = state.numbers;
  const now = course.sample[VOLTS_AT];
  let whole = true;
  let delay = 0;
  let memory = HOLDS_SINCE + first;
  for (let i = 0; i < TERMS_MAX; i++) {
    const at = TERMS + TERM_PLACES * i;
    if (values[at] === 0) break;
    whole = whole && holds(course, state, values, at);
    delay = Math.max(delay, values[at + 2]);
    if (((values[at] / 65536) & TERM_LAST) === 0) continue;
    const since = n[memory];
    if (!whole) n[memory] = -1;
    else if (since < 0) n[memory] = now;
    else if (now - since >= delay) {
      n[TIMING] = 0;
      return values[at] & 65535;
    }
    if (whole) n[TIMING] = Math.min(n[TIMING], since < 0 ? delay : delay - (now - since));
    memory = HOLDS_SINCE + first + i + 1;
    whole = true;
    delay = 0;
  }
  return NO_GROUP;
}
