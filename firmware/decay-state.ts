// What the rules for slow changes remember: places in the detectors' numbers. All resistances as
// ln, compensated for temperature.

/** Bins of a half cycle. */
export const BINS = 16;
/** First width of a bin, s; doubled whenever a half cycle outgrows the bins. */
const WIDTH_S = 30;

/** Width of a bin, s, and the number of the present one. */
export const WIDTH = 55;
export const BIN = 56;
/** In the present bin: sums of values and of temperature corrections, frames, active seconds. */
export const SUM = 57;
export const WARMTH = 58;
export const COUNT = 59;
export const FILLED = 60;
/** Mean of about a minute, and active seconds of this half cycle. */
export const SMOOTH = 61;
export const ELAPSED = 62;
/** The cell's beginning is known, its ln R (the physical rules read both), and doublings told
 *  since. */
export const BEGUN = 17;
export const FIRST = 18;
export const DOUBLINGS = 65;
/** Course of this half cycle: slowest fall per bin so far, where that was, and the scatter. */
export const SLOWEST = 66;
export const ANCHOR = 67;
export const ANCHOR_BIN = 68;
export const ANCHOR_WARMTH = 69;
export const ROUGHNESS = 70;
export const ROUGH_BINS = 71;
/** Temperature correction of the last whole bin. */
export const BIN_WARMTH = 72;
/** Bins in a row that have fallen too far. */
export const FALLEN = 73;
/** Something has changed in this half cycle: it is no measure for the next. */
export const MIXED = 74;
/** Of the last answer: ln R, what it fell below, and the change that was allowed there. */
export const VALUE = 75;
export const BOUND = 76;
export const ALLOWED = 77;
/** Of the last discharge, and next to it of the last charge: bins known, ln of current density,
 *  temperature correction. */
export const KNOWN = 78;
export const LAST_DENSITY = 80;
export const LAST_WARMTH = 82;
/** By direction: change from half cycle to half cycle, its mean absolute scatter, bins compared. */
export const TREND = 84;
export const SCATTER = 86;
export const COMPARED = 88;

/** A sudden change that is no short makes the past incomparable, and the bin it falls into. */
export function disturb(s: Float64Array): void {
  s[SUM] = s[WARMTH] = s[COUNT] = s[FILLED] = 0;
  s[KNOWN] = s[KNOWN + 1] = s[FALLEN] = 0;
  s[MIXED] = 1;
  s[ANCHOR_BIN] = -1;
}

/** Forgets all that was learnt about the cell. */
export function forget(s: Float64Array): void {
  s[WIDTH] = WIDTH_S;
  s[ANCHOR_BIN] = -1;
}
