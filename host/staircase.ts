// The levels of a critical-current-density test, and the time and charge they take.
import type { Step } from "../firmware/protocol.ts";
import { FLAG_GEOMETRIC, FLAG_ONE_WAY } from "../firmware/protocol.ts";

/** Allowance for rounding in the last level, relative: the channel's own. */
const ROUNDING = 1e-9;

/** Current of the level at `index`, A. */
export function levelCurrent(step: Step, index: number): number {
  const geometric = (step.flags & FLAG_GEOMETRIC) !== 0;
  return geometric ? step.current * step.increment ** index : step.current + index * step.increment;
}

/** Index of the last level by division, give or take one. */
function estimate(step: Step): number {
  const geometric = (step.flags & FLAG_GEOMETRIC) !== 0;
  const last = geometric
    ? Math.log(step.currentMax / step.current) / Math.log(step.increment)
    : (step.currentMax - step.current) / step.increment;
  return Math.max(0, Math.round(last));
}

/** How many levels a CCD step tries at most: the first, and all that are not above the last. */
export function levelCount(step: Step): number {
  const top = step.currentMax * (1 + ROUNDING);
  let last = estimate(step);
  while (last > 0 && levelCurrent(step, last) > top) last--;
  return last + 1;
}

/** Half cycles of a level: two a cycle, or one when all go one way. */
export function halfCycles(step: Step): number {
  return (step.flags & FLAG_ONE_WAY) !== 0 ? step.count : 2 * step.count;
}

/** Duration of a half cycle of the level at `index`, s. */
export function halfCycleTime(step: Step, index: number): number {
  return step.duration > 0 ? step.duration : step.charge / levelCurrent(step, index);
}

/** Charge of a half cycle of the level at `index`, C. */
export function halfCycleCharge(step: Step, index: number): number {
  return step.duration > 0 ? step.duration * levelCurrent(step, index) : step.charge;
}

/** Sum over all half cycles up to the last level; `each` answers for one of the level `index`. */
export function overStaircase(step: Step, each: (index: number) => number): number {
  let total = 0;
  for (let i = 0; i < levelCount(step); i++) total += halfCycles(step) * each(i);
  return total;
}
