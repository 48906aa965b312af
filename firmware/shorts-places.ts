// The detectors' numbers stand in one array, for on a small board a field of an object takes three
// times the room. Here are the places of the physical rules; each other rule names its own, from 15
// on. Resistances in Ω cm², times in s since boot, flags 0 or 1.

/** Apparent areal resistance of the last judged frame. */
export const APPARENT = 0;
/** Least of an intact cell, and what only a metallic bridge undercuts, at this temperature. */
export const LEAST = 1;
export const BRIDGE = 2;
/** Apparent resistance while healthy, at 25 °C. */
export const REFERENCE = 3;
/** Soft shorts that stand: bits `FOUND_BOUND`, `FOUND_STEP`. */
export const SOFT = 4;
/** The cell was once above the bound. */
export const INTACT = 5;
/** A hard short was found. */
export const HARD = 6;
/** Since when on the other side of the bound; -1 = not. */
export const CROSSED_AT = 7;
/** Rules that could not decide, as bits; each is told once. */
export const UNDECIDABLE = 8;
/** How sure the last finding of the rules `hard` and `bound` is. */
export const CONFIDENCE = 9;
/** Frames in a row without the current that was asked for. */
export const OPEN = 10;
/** Time of the last judged frame, -1 = none yet, and how far apart they are, s. */
export const JUDGED_AT = 11;
export const PERIOD = 12;
/** ln of the pellet's resistance now over that at 25 °C. */
export const CORRECTION = 13;
/** Multiplies all thresholds of the rules that learn from the cell; 1. */
export const SENSITIVITY = 14;

/** Where no rule learns from the cell these are all: the physical rules' own, and four that they
 *  read of the others'. */
export const PHYSICAL_PLACES = 20;
/** Places of all rules together. */
export const PLACES = 137;
