// The time after which a step that has not ended is given up: so every program ends.
import type { Step } from "../../firmware/protocol.ts";
import { QUANTITY_CHARGE, QUANTITY_TIME, STEP_CURRENT } from "../../firmware/protocol.ts";
import { STEP_SCAN } from "../../firmware/protocol.ts";
import { halfCycleTime, overStaircase } from "../staircase.ts";
import { sweepTime } from "./sweep.ts";

/** Range changes and settling within a step, s. */
export const SETTLING_S = 60;
/** A charge cut-off is reached at the set-point's pace, give or take its accuracy. */
const CHARGE_MARGIN = 1.2;
/** Budget of a step that neither time nor charge ends, s: 100 h. */
const OPEN_END_S = 360_000;
/** At a lower rate, so many nominal capacities are allowed for. */
const CAPACITIES = 2;
/** A scan may take so long to the voltage that it begins with, s. */
const APPROACH_S = 600;

/** Seconds until a group of one term about `quantity` holds for certain, when that grows by `pace`
 *  a second; Infinity = there is none. */
function termEnd(step: Step, quantity: number, pace: number): number {
  const alone = step.terms.filter(
    (term, i) => term.last && (i === 0 || step.terms[i - 1].last) && term.quantity === quantity,
  );
  return Math.min(Infinity, ...alone.map(({ threshold, delay }) => threshold / pace + delay));
}

/** Seconds until time and charge end a step, each by itself; Infinity = it does not. Charge only
 *  where the current is constant. */
export function certainEnds(step: Step): { byTime: number; byCharge: number } {
  const byTime = step.duration > 0 ? step.duration : Infinity;
  const pace = step.kind === STEP_CURRENT ? Math.abs(step.current) : 0;
  const byCharge = step.charge > 0 && pace > 0 ? step.charge / pace : Infinity;
  return {
    byTime: Math.min(byTime, termEnd(step, QUANTITY_TIME, 1)),
    byCharge: pace > 0 ? Math.min(byCharge, termEnd(step, QUANTITY_CHARGE, pace)) : Infinity,
  };
}

/** Budget of a step of current, voltage or rest, s; `capacityC` is the cell's, 0 = unknown. */
export function stepBudget(step: Step, capacityC: number): number {
  const { byTime, byCharge } = certainEnds(step);
  const ends = Math.min(byTime, CHARGE_MARGIN * byCharge);
  if (ends < Infinity) return ends + SETTLING_S;
  const pace = step.kind === STEP_CURRENT ? Math.abs(step.current) : 0;
  return pace > 0 ? Math.max(OPEN_END_S, (CAPACITIES * capacityC) / pace) : OPEN_END_S;
}

/** Budget of a scan or an impedance, s: both end by themselves. */
export function sweepBudget(step: Step): number {
  const approach = step.kind === STEP_SCAN ? APPROACH_S : 0;
  return Math.min(sweepTime(step), certainEnds(step).byTime) + approach + SETTLING_S;
}

/** Budget of a staircase, s. */
export function ccdBudget(step: Step): number {
  const margin = step.duration > 0 ? 1 : CHARGE_MARGIN;
  return overStaircase(step, (i) => margin * halfCycleTime(step, i) + step.rest + SETTLING_S);
}
