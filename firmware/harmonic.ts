// One frequency out of frames that need not be evenly spaced: least squares of a constant, a slope,
// a cosine and a sine, for two readings at once. The slope takes up what drifts meanwhile.

const TERMS = 4;
// Places of the sums: products of the terms (the lower triangle is not used), of the terms with
// either reading, and the terms of this frame.
const PRODUCTS = 0;
const FIRST = TERMS * TERMS;
const SECOND = FIRST + TERMS;
const NOW = SECOND + TERMS;
export const HARMONIC_PLACES = NOW + TERMS;

/** Nothing taken yet. */
export function clear(sums: Float64Array): void {
  for (let i = 0; i < HARMONIC_PLACES; i++) sums[i] = 0;
}

/** Takes in readings at `angle` of the wave; `turns` is what of it has passed. */
export function takeIn(
  sums: Float64Array,
  angle: number,
  turns: number,
  first: number,
  second: number,
): void {
  sums[NOW] = 1;
  sums[NOW + 1] = turns;
  sums[NOW + 2] = Math.cos(angle);
  sums[NOW + 3] = Math.sin(angle);
  for (let i = 0; i < TERMS; i++) {
    const term = sums[NOW + i];
    for (let k = 0; k < TERMS; k++) sums[PRODUCTS + TERMS * i + k] += term * sums[NOW + k];
    sums[FIRST + i] += term * first;
    sums[SECOND + i] += term * second;
  }
}

/** Takes row `at` out of those below it, and its own place out of both readings. */
function eliminate(sums: Float64Array, at: number): void {
  for (let row = at + 1; row < TERMS; row++) {
    const share = sums[PRODUCTS + TERMS * row + at] / sums[PRODUCTS + TERMS * at + at];
    for (let k = at; k < TERMS; k++) {
      sums[PRODUCTS + TERMS * row + k] -= share * sums[PRODUCTS + TERMS * at + k];
    }
    sums[FIRST + row] -= share * sums[FIRST + at];
    sums[SECOND + row] -= share * sums[SECOND + at];
  }
}

/** Solves for cosine and sine of the reading whose sums begin at `from`. */
function substitute(sums: Float64Array, from: number): void {
  for (let row = TERMS - 1; row > 1; row--) {
    let rest = sums[from + row];
    for (let k = row + 1; k < TERMS; k++) {
      rest -= sums[PRODUCTS + TERMS * row + k] * sums[from + k];
    }
    sums[from + row] = rest / sums[PRODUCTS + TERMS * row + row];
  }
}

// What `solve` leaves: cosine and sine of both readings.
export const FIRST_COSINE = FIRST + 2;
export const FIRST_SINE = FIRST + 3;
export const SECOND_COSINE = SECOND + 2;
export const SECOND_SINE = SECOND + 3;

/** Works out the waves; the sums are used up. Needs five frames that differ, else nothing is a
 *  number. */
export function solve(sums: Float64Array): void {
  for (let at = 0; at < TERMS - 1; at++) eliminate(sums, at);
  substitute(sums, FIRST);
  substitute(sums, SECOND);
}
