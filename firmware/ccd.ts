// The staircase of the critical current density: per level so many half cycles of constant charge
// or constant time, one level up after the other, until a hard short, a soft one that stays, the
// voltage window or the last level.
import type { StepRecord } from "./protocol.ts";
import { COUNT, CURRENT_MAX, FLAGS, INCREMENT, REST, SET_CURRENT } from "./protocol.ts";
import { FLAG_GEOMETRIC, FLAG_ONE_WAY } from "./protocol.ts";

/** What `climb` answers: on to the next half cycle or rest; the last level is completed; a soft
 *  short has stood through a whole level. */
export const CLIMB_ON = 0;
export const CLIMB_TOP = 1;
export const CLIMB_FAILED = 2;

/** Where the staircase stands, and what it has found; currents in A, charge moved since the run's
 *  start (both directions added up) in C, -1 = none. */
export interface Ccd {
  /** A CCD step was begun in this run. */
  used: boolean;
  level: number;
  cycle: number;
  /** 0 = charging half cycle, 1 = discharging. */
  half: number;
  resting: boolean;
  completed: number;
  failing: number;
  /** Level of the first soft short, and of the first irreversible one. */
  soft: number;
  hard: number;
  softCharge: number;
  hardCharge: number;
  /** Number of the level in which the soft short that still stands began, and the charge then; one
   *  that has recovered (-1) does not count against the levels to come. */
  standing: number;
  standingCharge: number;
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
    softCharge: -1,
    hardCharge: -1,
    standing: -1,
    standingCharge: -1,
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
  ccd.softCharge = -1;
  ccd.hardCharge = -1;
  ccd.standing = -1;
  ccd.standingCharge = -1;
}

/** Size of a level counted from 0, A. Multiplied out, so that no error adds up; geometric levels by
 *  repeated squaring, because `Math.pow` is inexact on Espruino. */
export function levelAt(step: StepRecord, level: number): number {
  let current = step.values[SET_CURRENT];
  let factor = step.values[INCREMENT];
  if (!(step.bytes[FLAGS] & FLAG_GEOMETRIC)) return current + level * factor;
  for (let left = level; left > 0; left >>= 1) {
    if (left & 1) current *= factor;
    factor *= factor;
  }
  return current;
}

/** Set-point of the present half cycle, A; NaN while resting. */
export function ccdSetpoint(ccd: Ccd, step: StepRecord): number {
  if (ccd.resting) return NaN;
  const size = levelAt(step, ccd.level);
  return ccd.half === 0 ? size : -size;
}

/** A soft short, after `charge` C: the first one's level is kept; that of one that `stands`, and
 *  does not come and go, until it recovers. */
export function noteSoft(ccd: Ccd, step: StepRecord, charge: number, stands: boolean): void {
  if (ccd.soft < 0) {
    ccd.soft = levelAt(step, ccd.level);
    ccd.softCharge = charge;
  }
  if (!stands || ccd.standing >= 0) return;
  ccd.standing = ccd.level;
  ccd.standingCharge = charge;
}

/** A hard short, after `charge` C: irreversible by itself. */
export function noteHard(ccd: Ccd, step: StepRecord, charge: number): void {
  ccd.hard = levelAt(step, ccd.level);
  ccd.hardCharge = charge;
}

/** The level that ends now was shorted from its begin: the short is irreversible, and none of the
 *  levels since it began counts as completed. */
function failAtStanding(ccd: Ccd, step: StepRecord): void {
  ccd.hard = levelAt(step, ccd.standing);
  ccd.hardCharge = ccd.standingCharge;
  ccd.failing = ccd.hard;
  ccd.completed = ccd.standing > 0 ? levelAt(step, ccd.standing - 1) : -1;
}

/** Allowance for rounding in `currentMax`, relative. */
const ROUNDING = 1e-9;

/** On to the next half cycle or rest: `CLIMB_…`. One way, each pass in the charging direction is a
 *  cycle. */
export function climb(ccd: Ccd, step: StepRecord): number {
  if (ccd.resting) {
    ccd.resting = false;
    return CLIMB_ON;
  }
  ccd.resting = step.values[REST] > 0;
  if (!(step.bytes[FLAGS] & FLAG_ONE_WAY)) ccd.half = 1 - ccd.half;
  if (ccd.half === 1) return CLIMB_ON;
  ccd.cycle++;
  if (ccd.cycle < step.values[COUNT]) return CLIMB_ON;
  if (ccd.standing >= 0 && ccd.standing < ccd.level) {
    failAtStanding(ccd, step);
    return CLIMB_FAILED;
  }
  ccd.completed = levelAt(step, ccd.level);
  ccd.cycle = 0;
  ccd.level++;
  const next = levelAt(step, ccd.level);
  return next > step.values[CURRENT_MAX] * (1 + ROUNDING) ? CLIMB_TOP : CLIMB_ON;
}
