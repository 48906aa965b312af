// Full cells: a bridge hardly moves their voltage, but the charge it takes is missing afterwards.
// Charging goes on and on, and the coulombic efficiency falls.

/** A charge this many times the last discharge is endless. */
const ENDLESS = 1.2;
/** Fall of the efficiency below its mean, in so many cycles in a row. */
const EFFICIENCY_FALL = 0.015;
const LOW_CYCLES = 2;
/** Cycles that the rule learns from before it speaks; memory of the mean, in cycles. */
const LEARN_CYCLES = 3;
const MEMORY_CYCLES = 10;

// Places in the detectors' numbers; charges in C, of half cycles.
const CHARGE = 120;
const LAST_IN = 121;
const LAST_OUT = 122;
export const CYCLES = 123;
const LOW = 124;
const TOLD = 125;
const EFFICIENCY = 126;
/** Of the last answer: charge over the last discharge, or efficiency; and its bound. */
export const VALUE = 127;
export const BOUND = 128;

/** Learns afresh: another cell, or another current. */
export function forget(s: Float64Array): void {
  s[CHARGE] = s[LAST_IN] = s[LAST_OUT] = s[CYCLES] = s[LOW] = s[TOLD] = 0;
}

/** A half cycle is over, `charging` or not; true = the efficiency has fallen. */
export function turn(s: Float64Array, charging: boolean): boolean {
  const charge = s[CHARGE];
  s[CHARGE] = s[TOLD] = 0;
  if (charging) {
    s[LAST_IN] = charge;
    return false;
  }
  s[LAST_OUT] = charge;
  if (s[LAST_IN] === 0) return false;
  const efficiency = charge / s[LAST_IN];
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

/** Counts `charge` (C) of one frame; true = this charge has no end. */
export function count(s: Float64Array, charge: number, charging: boolean): boolean {
  s[CHARGE] += charge;
  const known = charging && s[CYCLES] >= LEARN_CYCLES && s[LAST_OUT] > 0;
  if (!known || s[TOLD] !== 0 || s[CHARGE] < ENDLESS * s[LAST_OUT]) return false;
  s[TOLD] = 1;
  s[VALUE] = s[CHARGE] / s[LAST_OUT];
  s[BOUND] = ENDLESS;
  return true;
}
