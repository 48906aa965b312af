// What else changes a cell's resistance: its temperature and the force on it.

/** Time constants of the two averages of the force, s. */
const FORCE_FAST_S = 1;
const FORCE_SLOW_S = 30;
/** A sudden change of the force: this share of it, and so many times its noise. */
const FORCE_SHARE = 0.0025;
const FORCE_SIGMAS = 6;
/** It explains a change of the resistance that comes within this time, s. */
const TOGETHER_S = 6;
/** Thermometer readings are averaged over this time, s: steps of a coarse one are no steps. */
const TEMPERATURE_S = 10;
/** A change of temperature is told when it changes the resistance by this much (ln), and the
 *  resistance goes along with it this far. */
const THERMAL_LEAST = 0.05;
const ALONG = 0.5;

/** State of both; force in N, temperature in °C, resistances as ln. */
export interface Covariates {
  begun: boolean;
  temperature: number;
  fast: number;
  slow: number;
  noise: number;
  moved: boolean;
  jumping: boolean;
  movedAt: number;
  movedBefore: number;
  /** Correction and uncorrected ln R at the last reference. */
  warmth: number;
  raw: number;
  referenced: boolean;
}

/** Nothing seen. */
export function createCovariates(): Covariates {
  return {
    begun: false,
    temperature: 0,
    fast: 0,
    slow: 0,
    noise: 0,
    moved: false,
    jumping: false,
    movedAt: -Infinity,
    movedBefore: -Infinity,
    warmth: 0,
    raw: 0,
    referenced: false,
  };
}

/** Starts afresh. */
export function forget(covariates: Covariates): void {
  covariates.begun = false;
  covariates.moved = false;
  covariates.jumping = false;
  covariates.movedAt = -Infinity;
  covariates.movedBefore = -Infinity;
  covariates.referenced = false;
}

/** Takes in the slow readings of a frame; `seconds` since the last. */
export function sense(
  covariates: Covariates,
  temperature: number,
  force: number,
  time: number,
  seconds: number,
): void {
  if (!covariates.begun) {
    covariates.begun = true;
    covariates.temperature = temperature;
    covariates.fast = force;
    covariates.slow = force;
    covariates.noise = 0;
  }
  covariates.temperature +=
    (temperature - covariates.temperature) * Math.min(1, seconds / TEMPERATURE_S);
  const jump = Math.abs(force - covariates.fast);
  covariates.fast += (force - covariates.fast) * Math.min(1, seconds / FORCE_FAST_S);
  covariates.slow += (force - covariates.slow) * Math.min(1, seconds / FORCE_SLOW_S);
  const off = Math.abs(covariates.fast - covariates.slow);
  const bound = Math.max(FORCE_SHARE * Math.abs(covariates.slow), FORCE_SIGMAS * covariates.noise);
  const moving = off > bound;
  // While the slow average still follows one change, the next one shows against the fast one.
  const jumping = moving && jump > bound;
  if ((moving && !covariates.moved) || (jumping && !covariates.jumping)) {
    covariates.movedBefore = covariates.movedAt;
    covariates.movedAt = time;
  }
  covariates.jumping = jumping;
  covariates.moved = moving;
  if (!moving) {
    const noise = Math.abs(force - covariates.fast);
    covariates.noise += (noise - covariates.noise) * Math.min(1, seconds / FORCE_SLOW_S);
  }
}

/** Whether the force has changed together with what began at `time`. */
export function mechanical(covariates: Covariates, time: number): boolean {
  const last = Math.abs(covariates.movedAt - time);
  return Math.min(last, Math.abs(covariates.movedBefore - time)) <= TOGETHER_S;
}

/** Another half cycle: its resistance is another matter. */
export function turn(covariates: Covariates): void {
  covariates.referenced = false;
}

/** Whether the temperature has lately lowered the resistance, and by enough to be told; `warmth` is
 *  the correction, `raw` ln of the uncorrected resistance. */
export function thermal(covariates: Covariates, warmth: number, raw: number): boolean {
  if (!covariates.referenced || warmth > covariates.warmth) {
    covariates.referenced = true;
    covariates.warmth = warmth;
    covariates.raw = raw;
    return false;
  }
  const expected = covariates.warmth - warmth;
  const fall = covariates.raw - raw;
  if (expected < THERMAL_LEAST) return false;
  covariates.referenced = false;
  return Math.abs(fall - expected) < ALONG * expected;
}
