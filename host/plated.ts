// Charge that a program moves in one direction before it comes back: what is plated at a time.
import type { Step } from "../firmware/protocol.ts";
import { FLAG_ONE_WAY, STEP_CCD, STEP_CURRENT, STEP_LOOP } from "../firmware/protocol.ts";
import { STEP_SCAN, STEP_VOLTAGE } from "../firmware/protocol.ts";
import { chargeMoved, includesBefore } from "./duration.ts";
import { halfCycleCharge, levelCount } from "./staircase.ts";

/** Charge a staircase moves one way before it comes back, C. */
function staircase(step: Step): number {
  if ((step.flags & FLAG_ONE_WAY) !== 0) return chargeMoved(step);
  return halfCycleCharge(step, levelCount(step) - 1);
}

/** Direction of a step: its sign; 0 = either or none. */
function directionOf(step: Step): number {
  return step.kind === STEP_CURRENT ? Math.sign(step.current) : 0;
}

interface Stretch {
  direction: number;
  /** Index of its first step, and charge of each of them, C; a loop's is what it adds. */
  from: number;
  charges: number[];
}

function sum(charges: readonly number[]): number {
  return charges.reduce((total, each) => total + each, 0);
}

/** Charge of steps under way: those of one direction add up, with loops around them alone; holds
 *  and scans may go on in it. */
function join(stretch: Stretch, step: Step, at: number): void {
  if (step.kind === STEP_LOOP) {
    const inside = step.to >= stretch.from ? stretch.charges.slice(step.to - stretch.from) : [];
    stretch.charges.push((step.count - 1) * sum(inside));
    return;
  }
  const direction = directionOf(step);
  if (direction !== 0 && stretch.direction !== 0 && direction !== stretch.direction) {
    stretch.from = at;
    stretch.charges = [];
    stretch.direction = 0;
  }
  if (direction !== 0) stretch.direction = direction;
  const steered = step.kind === STEP_VOLTAGE || step.kind === STEP_SCAN;
  const before = includesBefore(step) ? (stretch.charges[stretch.charges.length - 1] ?? 0) : 0;
  const moved = direction !== 0 || steered ? chargeMoved(step) : 0;
  stretch.charges.push(Math.max(0, moved - before));
}

/** Most charge that a program moves in one direction at a time, C. Jumps count as not taken. */
export function chargeAtATime(steps: readonly Step[]): number {
  const stretch: Stretch = { direction: 0, from: 0, charges: [] };
  let most = 0;
  let total = 0;
  steps.forEach((step, at) => {
    const { from } = stretch;
    join(stretch, step, at);
    const added = stretch.charges[stretch.charges.length - 1];
    total = stretch.from === from ? total + added : added;
    most = Math.max(most, total, step.kind === STEP_CCD ? staircase(step) : 0);
  });
  return most;
}
