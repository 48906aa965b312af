// The levels of a critical-current-density test and the time they take.
import type { Step } from "../firmware/protocol.ts";

/** How many levels a CCD step tries at most; currents in A. A level that misses the last one by
 *  rounding still belongs to it. */
export function levelCount(step: Step): number {
  const last = Math.floor((step.currentMax - step.current) / step.increment + 1e-6);
  return Math.max(0, last) + 1;
}

/** Current of the level at `index`, A. */
export function levelCurrent(step: Step, index: number): number {
  return step.current + index * step.increment;
}

/** Duration of all half cycles up to the last level, s; `each` maps a half cycle's time under
 *  current and gets added up `2 * count` times a level. */
export function staircaseTime(step: Step, each: (seconds: number) => number): number {
  let total = 0;
  for (let i = 0; i < levelCount(step); i++) {
    total += 2 * step.count * each(step.charge / levelCurrent(step, i));
  }
  return total;
}
