// How long a program takes, and what it moves.
import type { Step } from "../firmware/protocol.ts";
import { STEP_CCD, STEP_CURRENT, STEP_LOOP, STEP_REST } from "../firmware/protocol.ts";
import {
  halfCycleCharge,
  halfCycles,
  halfCycleTime,
  levelCount,
  overStaircase,
} from "./staircase.ts";

/** How often each step runs: the product of the loops around it. */
export function repetitions(steps: readonly Step[]): number[] {
  const times = steps.map(() => 1);
  steps.forEach((loop, end) => {
    if (loop.kind !== STEP_LOOP) return;
    for (let i = loop.to; i < end; i++) times[i] *= loop.count;
  });
  return times;
}

/** Seconds one execution of a step takes if nothing but time and charge ends it; for a step that
 *  only a voltage ends, its budget. */
export function longest(step: Step): number {
  if (step.kind === STEP_REST) return step.duration;
  if (step.kind === STEP_CCD) {
    const rests = halfCycles(step) * levelCount(step) - 1;
    return overStaircase(step, (index) => halfCycleTime(step, index)) + rests * step.rest;
  }
  if (step.kind !== STEP_CURRENT) return 0;
  const byTime = step.duration > 0 ? step.duration : Infinity;
  const byCharge = step.charge > 0 ? step.charge / Math.abs(step.current) : Infinity;
  const ends = Math.min(byTime, byCharge);
  return Number.isFinite(ends) ? ends : step.budget;
}

/** Charge one execution of a step moves at most, C, both directions added up. */
export function chargeMoved(step: Step): number {
  if (step.kind === STEP_CCD) return overStaircase(step, (index) => halfCycleCharge(step, index));
  return step.kind === STEP_CURRENT ? Math.abs(step.current) * longest(step) : 0;
}

function total(steps: readonly Step[], of: (step: Step) => number): number {
  const times = repetitions(steps);
  return steps.reduce((sum, step, i) => sum + times[i] * of(step), 0);
}

/** Longest duration of a whole program, s. */
export function programTime(steps: readonly Step[]): number {
  return total(steps, longest);
}

/** Time after which a channel that still runs the program must have faulted, s. */
export function programBudget(steps: readonly Step[]): number {
  return total(steps, (step) => step.budget);
}

/** Charge a whole program moves at most, C. */
export function programCharge(steps: readonly Step[]): number {
  return total(steps, chargeMoved);
}
