// Brief changes, counted: many dips and hardly a peak are a bridge that comes and goes, for a short
// only ever lowers the voltage; changes both ways, or upwards, are a loose contact.

const KEPT = 8;
const DIPS = 5;
const DIPS_S = 600;
/** So many dips for each peak, and one more. */
const DIPS_PER_PEAK = 4;
const JUMPS = 4;
const JUMPS_S = 60;

// Places in the detectors' numbers: times of the last ones, s, and whether they are a sign: told,
// until it has been quiet.
const DIPPED = 102;
const DIPPING = DIPPED + KEPT;
const JUMPED = 111;
/** The contact is loose. */
export const LOOSE = JUMPED + KEPT;

/** Starts afresh. */
export function forget(s: Float64Array): void {
  for (let i = 0; i < KEPT; i++) s[DIPPED + i] = s[JUMPED + i] = -Infinity;
}

function within(s: Float64Array, times: number, time: number, seconds: number): number {
  let count = 0;
  for (let i = 0; i < KEPT; i++) if (time - s[times + i] <= seconds) count++;
  return count;
}

/** Notes a dip; true = they have become a sign of a short. */
export function dipped(s: Float64Array, time: number): boolean {
  for (let i = DIPPED; i < DIPPED + KEPT - 1; i++) s[i] = s[i + 1];
  s[DIPPED + KEPT - 1] = time;
  const dips = within(s, DIPPED, time, DIPS_S);
  if (dips < DIPS) s[DIPPING] = 0;
  if (dips < DIPS || dips < DIPS_PER_PEAK * (within(s, JUMPED, time, DIPS_S) + 1)) return false;
  return ++s[DIPPING] === 1;
}

/** Notes a rise, or a return from one; true = the contact is loose. */
export function jumped(s: Float64Array, time: number): boolean {
  for (let i = JUMPED; i < JUMPED + KEPT - 1; i++) s[i] = s[i + 1];
  s[JUMPED + KEPT - 1] = time;
  if (within(s, JUMPED, time, JUMPS_S) >= JUMPS) return ++s[LOOSE] === 1;
  s[LOOSE] = 0;
  return false;
}
