// Full cells: a bridge hardly moves their voltage, but the charge it takes is missing afterwards.
// Charging goes on and on, and the coulombic efficiency falls.
//
// A half cycle here goes from turn to turn of the charge: pulses against it that move little, and
// stages of one direction at several currents, are part of it.
import { TEMPERATURE } from "./covariates.ts";
import { FOUND_CHARGE, FOUND_ENDLESS } from "./findings.ts";

/** A charge this many times what the cell takes is endless. */
const ENDLESS = 1.2;
/** The cell wears off: share of a smaller half cycle in what it is held to take. */
const WEAR = 0.2;
/** It has turned when this share of that has come back. */
const TURN = 0.1;
/** Fall of the efficiency below its mean, in so many cycles in a row. */
const EFFICIENCY_FALL = 0.015;
const LOW_CYCLES = 2;
/** Cycles that the rule learns from before it speaks; memory of the mean, in cycles. */
const LEARN_CYCLES = 3;
const MEMORY_CYCLES = 10;
/** Half cycles that have to agree about what the cell takes: the first began anywhere, and pulses
 *  hold nothing. They agree within the factor that would be endless. */
const LEARN_HALVES = 2;
/** A cell that gives back less than this share of its charge is none that is cycled. */
const EFFICIENCY_LEAST = 0.5;
/** Levels of the current density are the same within this, ln; temperatures, K. */
const SAME_LEVEL = 0.02;
const SAME_K = 5;

// Places in the detectors' numbers; charges in C, of half cycles. Net charge of the present one at
// its furthest, and how far it has come back from there.
const MOVED = 120;
const BACK = 121;
/** Its direction, 1 = charge, -1 = discharge, 0 = none yet. */
const SIDE = 122;
/** What a charge of the cell takes, and how many half cycles agree about that. */
const HALVES = 123;
export const WHOLE = 124;
const LAST_IN = 125;
/** Cycles whose efficiency was learnt, and half cycles since current or temperature changed. */
export const CYCLES = 126;
const STEADY = 127;
const LOW = 128;
const TOLD = 129;
const EFFICIENCY = 130;
/** Of the last answer: charge over what the cell takes, or efficiency; and its bound. */
export const VALUE = 131;
export const BOUND = 132;
/** ln of the current density (A/cm²) with which the last discharge and charge began, at this and
 *  `SIDE`. */
const LEVEL = 134;
/** Temperature at the last turn, °C. */
const TURNED_C = 136;

/** Learns afresh: another cell. */
export function forget(s: Float64Array): void {
  for (let place = MOVED; place <= TURNED_C; place++) s[place] = 0;
}

/** Share of its charge that the cell usually gives back. */
function usual(s: Float64Array): number {
  if (s[CYCLES] < LEARN_CYCLES || s[EFFICIENCY] > 1) return 1;
  return Math.max(s[EFFICIENCY], EFFICIENCY_LEAST);
}

/** A half cycle is over that a charge of so much belongs to; one of much less is but a part. */
function learnWhole(s: Float64Array, moved: number): void {
  const whole = s[WHOLE];
  if (moved > ENDLESS * whole) {
    s[HALVES] = 1;
    s[WHOLE] = moved;
  } else if (ENDLESS * moved >= whole) {
    s[HALVES]++;
    s[WHOLE] = Math.max(moved, whole + (moved - whole) * WEAR);
  }
}

/** The efficiency of the cycle that a discharge has ended; true = it has fallen. What gives back
 *  more than it got was no whole cycle. */
function judgeEfficiency(s: Float64Array): boolean {
  const efficiency = s[MOVED] / s[LAST_IN];
  if (efficiency > ENDLESS) return false;
  const least = s[EFFICIENCY] - EFFICIENCY_FALL;
  s[CYCLES]++;
  if (s[CYCLES] > LEARN_CYCLES && efficiency < least) {
    s[VALUE] = efficiency;
    s[BOUND] = least;
    return ++s[LOW] === LOW_CYCLES;
  }
  s[LOW] = 0;
  s[EFFICIENCY] += (efficiency - s[EFFICIENCY]) / Math.min(s[CYCLES], MEMORY_CYCLES);
  return false;
}

/** A half cycle is over; true = the efficiency has fallen. */
function end(s: Float64Array): boolean {
  const moved = s[MOVED];
  const charging = s[SIDE] > 0;
  s[STEADY]++;
  // A charge may have gone elsewhere; where nothing else is known, it says how much it can be.
  if (!charging) learnWhole(s, moved / usual(s));
  else if (s[CYCLES] < LEARN_CYCLES && s[TOLD] === 0) learnWhole(s, moved);
  if (charging) {
    // Where it began is known from a discharge of the same kind.
    s[LAST_IN] = s[STEADY] > 1 ? moved : 0;
    return false;
  }
  return s[LAST_IN] > 0 && judgeEfficiency(s);
}

/** A half cycle begins in direction `side`. At another current or temperature cells give back
 *  another share, and at a smaller current or warmer they hold more. */
function begin(s: Float64Array, side: number, density: number): void {
  const size = Math.log(Math.abs(density));
  const known = s[LEVEL + side];
  const warmer = s[TEMPERATURE] - s[TURNED_C];
  const other = Math.abs(size - known) > SAME_LEVEL || Math.abs(warmer) > SAME_K;
  if (other) s[STEADY] = s[CYCLES] = s[EFFICIENCY] = s[LOW] = s[LAST_IN] = 0;
  const less = side > 0 && known !== 0 && size < known - SAME_LEVEL;
  if (less || warmer > SAME_K) s[HALVES] = s[WHOLE] = 0;
  s[LEVEL + side] = size;
  s[TURNED_C] = s[TEMPERATURE];
  s[SIDE] = side;
  s[MOVED] = s[BACK];
  s[BACK] = s[TOLD] = 0;
}

/** Whether the charge under way has no end, once. */
function isEndless(s: Float64Array): boolean {
  if (s[TOLD] !== 0 || s[HALVES] < LEARN_HALVES) return false;
  if (s[MOVED] < ENDLESS * s[WHOLE] || s[TEMPERATURE] - s[TURNED_C] > SAME_K) return false;
  s[TOLD] = 1;
  s[VALUE] = s[MOVED] / s[WHOLE];
  s[BOUND] = ENDLESS;
  return true;
}

/** Counts the charge of one frame, C, at `density` A/cm² with its sign. Answers findings. */
export function count(s: Float64Array, charge: number, density: number): number {
  const side = density > 0 ? 1 : -1;
  if (s[SIDE] === 0) begin(s, side, density);
  if (side === s[SIDE]) {
    const back = Math.min(s[BACK], charge);
    s[BACK] -= back;
    s[MOVED] += charge - back;
    return side > 0 && isEndless(s) ? FOUND_CHARGE | FOUND_ENDLESS : 0;
  }
  s[BACK] += charge;
  if (s[BACK] <= TURN * s[WHOLE]) return 0;
  const fallen = end(s);
  begin(s, side, density);
  return fallen ? FOUND_CHARGE : 0;
}
