// What the rules remember together that know a cell from its own past: places in the detectors'
// numbers. Resistances as ln of Ω cm², compensated for temperature to 25 °C; times in s since boot.
import { FOUND_STEP } from "./findings.ts";
import { disturb } from "./decay-state.ts";
import { SOFT } from "./shorts-places.ts";

/** Number of the half cycle, -1 = none yet, and when it began (the physical rules read that). */
export const HALF_CYCLE = 15;
export const TURNED_AT = 16;
/** Its direction, 1 = charge, -1 = discharge, 0 = none yet; ln of its current density in A/cm². */
export const SIDE = 63;
export const DENSITY = 64;
/** Lowest level of the healthy cell; how far the present soft short is below it. */
export const LOW = 35;
export const FALL = 20;
/** The lowest level is still to be seen. */
export const FRESH = 21;
/** First frame, -1 = none yet; when a contact last moved. */
export const STARTED_AT = 22;
export const JUMPED_AT = 23;
/** Since when a fall has come back, -1 = not. */
export const BACK_AT = 24;
/** Frames in a row with a voltage against the current: so many, and it is a full cell. */
export const AGAINST = 25;
export const FULL_FRAMES = 20;

/** Starts afresh for another run. */
export function forget(s: Float64Array): void {
  s[HALF_CYCLE] = s[STARTED_AT] = s[BACK_AT] = -1;
  s[JUMPED_AT] = -Infinity;
  s[FRESH] = 1;
}

/** A fall was none: what the cell shows now is healthy. */
export function acquit(s: Float64Array): void {
  s[SOFT] &= ~FOUND_STEP;
  s[FRESH] = 1;
  disturb(s);
}
