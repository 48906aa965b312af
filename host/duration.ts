// How long a program takes, and what it moves.
import { createWhole } from "../firmware/encode.ts";
import type { Step, Whole } from "../firmware/protocol.ts";
import {
  FLAG_CONTINUES,
  STEP_CCD,
  STEP_CURRENT,
  STEP_IMPEDANCE,
  STEP_REST,
} from "../firmware/protocol.ts";
import { STEP_SCAN, STEP_VOLTAGE } from "../firmware/protocol.ts";
import { certainEnds } from "./compiled/budget.ts";
import { sweepTime } from "./compiled/sweep.ts";
import { leadsBack, longestWay } from "./longest-way.ts";
import {
  halfCycleCharge,
  halfCycles,
  halfCycleTime,
  levelCount,
  overStaircase,
} from "./staircase.ts";

/** Seconds one execution of a step takes if nothing but time and charge ends it; for a step that
 *  neither ends, its budget. */
export function longest(step: Step): number {
  if (step.kind === STEP_CCD) {
    const rests = halfCycles(step) * levelCount(step) - 1;
    return overStaircase(step, (index) => halfCycleTime(step, index)) + rests * step.rest;
  }
  const { byTime, byCharge } = certainEnds(step);
  if (step.kind === STEP_SCAN || step.kind === STEP_IMPEDANCE) {
    return Math.min(sweepTime(step), byTime);
  }
  const timed = [STEP_REST, STEP_CURRENT, STEP_VOLTAGE].includes(step.kind);
  if (!timed) return 0;
  const ends = Math.min(byTime, byCharge);
  return ends < Infinity ? ends : step.budget;
}

/** Largest current of a step, A. */
export function largestCurrent(step: Step): number {
  const steered = step.kind === STEP_VOLTAGE || step.kind === STEP_SCAN || step.kind === STEP_CCD;
  if (step.kind === STEP_REST) return 0;
  return steered ? step.currentMax : Math.abs(step.current);
}

/** Charge one execution of a step moves at most, C, both directions added up; a sine moves the mean
 *  of its size. */
export function chargeMoved(step: Step): number {
  if (step.kind === STEP_CCD) return overStaircase(step, (index) => halfCycleCharge(step, index));
  if (step.kind === STEP_IMPEDANCE) return (2 / Math.PI) * step.current * longest(step);
  const moved = largestCurrent(step) * longest(step);
  return step.charge > 0 ? Math.min(step.charge, moved) : moved;
}

/** Whether a hold's time, and so what it moves, counts from the begin of the step before. */
export function includesBefore(step: Step): boolean {
  const goesOn = (step.flags & FLAG_CONTINUES) !== 0;
  return goesOn && certainEnds(step).byTime < Infinity;
}

function bounded(spent: number, budget: number, steps: readonly Step[]): number {
  if (leadsBack(steps)) return budget > 0 ? budget : Infinity;
  return budget > 0 ? Math.min(spent, budget) : spent;
}

/** Longest duration of a whole program, s. */
export function programTime(steps: readonly Step[], whole: Whole = createWhole()): number {
  return bounded(longestWay(steps, { of: longest, includes: includesBefore }), whole.budget, steps);
}

/** Time after which a channel that still runs the program must have faulted, s. */
export function programBudget(steps: readonly Step[], whole: Whole = createWhole()): number {
  return bounded(
    longestWay(steps, { of: ({ budget }) => budget, includes: () => false }),
    whole.budget,
    steps,
  );
}

/** Charge a whole program moves at most, C. */
export function programCharge(steps: readonly Step[], whole: Whole = createWhole()): number {
  const largest = steps.reduce((size, step) => Math.max(size, largestCurrent(step)), 0);
  const most = largest * (whole.budget || Infinity);
  if (leadsBack(steps)) return most;
  return longestWay(steps, { of: chargeMoved, includes: includesBefore });
}
