// The staircase of the critical current density: per level so many cycles of a constant charge in
// and out, one level up after the other, until a short, the voltage window or the last level.
import type { Step } from "./protocol.ts";

/** Where the staircase stands, and what it has found; currents in A, -1 = none. */
export interface Ccd {
  /** A CCD step was begun in this run. */
  used: boolean;
  level: number;
  cycle: number;
  /** 0 = first half cycle (charge in), 1 = second. */
  half: number;
  resting: boolean;
  completed: number;
  failing: number;
  soft: number;
  hard: number;
}

/** No staircase. */
export function createCcd(): Ccd {
  return {
    used: false,
    level: 0,
    cycle: 0,
    half: 0,
    resting: false,
    completed: -1,
    failing: -1,
    soft: -1,
    hard: -1,
  };
}

/** To the foot of the staircase; findings of an earlier run are forgotten. */
export function climbFromFoot(ccd: Ccd, used: boolean): void {
  ccd.used = used;
  ccd.level = 0;
  ccd.cycle = 0;
  ccd.half = 0;
  ccd.resting = false;
  ccd.completed = -1;
  ccd.failing = -1;
  ccd.soft = -1;
  ccd.hard = -1;
}

/** Size of the present level, A. Multiplied out, so that no error adds up. */
export function levelCurrent(ccd: Ccd, step: Step): number {
  return step.current + ccd.level * step.increment;
}

/** Set-point of the present half cycle, A; NaN while resting. */
export function ccdSetpoint(ccd: Ccd, step: Step): number {
  if (ccd.resting) return NaN;
  const size = levelCurrent(ccd, step);
  return ccd.half === 0 ? size : -size;
}

/** Allowance for rounding in `currentMax`, relative. */
const ROUNDING = 1e-9;

function beyondTop(ccd: Ccd, step: Step): boolean {
  return levelCurrent(ccd, step) > step.currentMax * (1 + ROUNDING);
}

/** On to the next half cycle or rest; false = the last level is completed. */
export function climb(ccd: Ccd, step: Step): boolean {
  if (ccd.resting) {
    ccd.resting = false;
    return true;
  }
  ccd.resting = step.rest > 0;
  ccd.half = 1 - ccd.half;
  if (ccd.half === 1) return true;
  ccd.cycle++;
  if (ccd.cycle < step.count) return true;
  ccd.completed = levelCurrent(ccd, step);
  ccd.cycle = 0;
  ccd.level++;
  return !beyondTop(ccd, step);
}
