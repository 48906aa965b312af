// Brief changes, counted: many dips and hardly a peak are a bridge that comes and goes, for a short
// only ever lowers the voltage; changes both ways, or upwards, are a loose contact.

const KEPT = 8;
const DIPS = 5;
const DIPS_S = 600;
/** So many dips for each peak, and one more. */
const DIPS_PER_PEAK = 4;
const JUMPS = 4;
const JUMPS_S = 60;

/** Times of the last ones, s; rings. */
export interface Excursions {
  dips: Float64Array;
  jumps: Float64Array;
  nextDip: number;
  nextJump: number;
  /** Told, until it has been quiet. */
  dipping: boolean;
  loose: boolean;
}

/** Starts afresh. */
export function forget(excursions: Excursions): void {
  for (let i = 0; i < KEPT; i++) {
    excursions.dips[i] = -Infinity;
    excursions.jumps[i] = -Infinity;
  }
  excursions.dipping = false;
  excursions.loose = false;
}

/** None so far. */
export function createExcursions(): Excursions {
  const dips = new Float64Array(KEPT);
  const jumps = new Float64Array(KEPT);
  const excursions = { dips, jumps, nextDip: 0, nextJump: 0, dipping: false, loose: false };
  forget(excursions);
  return excursions;
}

function within(times: Float64Array, time: number, seconds: number): number {
  let count = 0;
  for (let i = 0; i < KEPT; i++) if (time - times[i] <= seconds) count++;
  return count;
}

/** Notes a dip; true = they have become a sign of a short. */
export function dipped(excursions: Excursions, time: number): boolean {
  excursions.dips[excursions.nextDip] = time;
  excursions.nextDip = (excursions.nextDip + 1) % KEPT;
  const dips = within(excursions.dips, time, DIPS_S);
  const peaks = within(excursions.jumps, time, DIPS_S);
  if (dips < DIPS || dips < DIPS_PER_PEAK * (peaks + 1)) {
    if (dips < DIPS) excursions.dipping = false;
    return false;
  }
  const news = !excursions.dipping;
  excursions.dipping = true;
  return news;
}

/** Notes a rise, or a return from one; true = the contact is loose. */
export function jumped(excursions: Excursions, time: number): boolean {
  excursions.jumps[excursions.nextJump] = time;
  excursions.nextJump = (excursions.nextJump + 1) % KEPT;
  const many = within(excursions.jumps, time, JUMPS_S) >= JUMPS;
  const news = many && !excursions.loose;
  excursions.loose = many;
  return news;
}
