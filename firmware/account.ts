// Charge, by the trapezoid rule on the measured current. An interval in which the set-point changed
// is split where it changed: the current jumps there, it does not slope.
import type { Sample } from "./sample.ts";
import { ACCOUNT_DONE, AMPS, AMPS_AT, APPLIED_AT, FLOW } from "./sample.ts";

/** Sums since the run's and since the step's start: C and s. */
export interface Totals {
  startedAt: number;
  chargeIn: number;
  chargeOut: number;
  /** Net charge of the present step or half cycle. */
  stepCharge: number;
  stepStartedAt: number;
  /** Until time or charge end the step, as judged last, s; Infinity = neither will. */
  left: number;
  /** The step began with the last sample. */
  fresh: boolean;
}

/** Nothing counted. */
export function createTotals(): Totals {
  return {
    startedAt: 0,
    chargeIn: 0,
    chargeOut: 0,
    stepCharge: 0,
    stepStartedAt: 0,
    left: 0,
    fresh: true,
  };
}

/** Starts the sums of a step. */
export function beginStep(totals: Totals, time: number): void {
  totals.stepCharge = 0;
  totals.stepStartedAt = time;
  totals.fresh = true;
}

/** Starts the sums of a run at `time` (s since boot). */
export function restart(totals: Totals, time: number): void {
  totals.startedAt = time;
  totals.chargeIn = 0;
  totals.chargeOut = 0;
  beginStep(totals, time);
}

/** Adds the interval from `previous` to `sample`. What still flowed at the old set-point when a
 *  step began belongs to the step before. */
export function account(totals: Totals, sample: Sample, previous: Sample): void {
  sample[FLOW] += ACCOUNT_DONE;
  const from = previous[AMPS_AT];
  const to = sample[AMPS_AT];
  const change = sample[APPLIED_AT];
  const split = change > from && change <= to;
  const before = split
    ? previous[AMPS] * (change - from)
    : ((sample[AMPS] + previous[AMPS]) / 2) * (to - from);
  const after = split ? sample[AMPS] * (to - change) : 0;
  if (before > 0) totals.chargeIn += before;
  else totals.chargeOut -= before;
  if (after > 0) totals.chargeIn += after;
  else totals.chargeOut -= after;
  totals.stepCharge += split && totals.fresh ? after : before + after;
  totals.fresh = false;
}
