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

// Places in the detectors' numbers; force in N, temperature in °C, resistances as ln.
const BEGUN = 90;
/** Mean temperature. */
export const TEMPERATURE = 91;
const FAST = 92;
const SLOW = 93;
const NOISE = 94;
const MOVED = 95;
const JUMPING = 96;
/** When the force last changed, s since boot. */
export const MOVED_AT = 97;
const MOVED_BEFORE = 98;
/** Correction and uncorrected ln R at the last reference. */
const REFERENCED = 99;
const WARMTH = 100;
const RAW = 101;

/** Starts afresh. */
export function forget(s: Float64Array): void {
  s[MOVED_AT] = s[MOVED_BEFORE] = -Infinity;
}

function begin(s: Float64Array, temperature: number, force: number): void {
  s[BEGUN] = 1;
  s[TEMPERATURE] = temperature;
  s[FAST] = s[SLOW] = force;
}

/** Takes in the slow readings of a frame; `seconds` since the last. */
export function sense(
  s: Float64Array,
  temperature: number,
  force: number,
  time: number,
  seconds: number,
): void {
  if (s[BEGUN] === 0) begin(s, temperature, force);
  const slowly = seconds < FORCE_SLOW_S ? seconds / FORCE_SLOW_S : 1;
  s[TEMPERATURE] +=
    (temperature - s[TEMPERATURE]) * (seconds < TEMPERATURE_S ? seconds / TEMPERATURE_S : 1);
  const jump = Math.abs(force - s[FAST]);
  const fast = s[FAST] + (force - s[FAST]) * (seconds < FORCE_FAST_S ? seconds / FORCE_FAST_S : 1);
  const slow = s[SLOW] + (force - s[SLOW]) * slowly;
  s[FAST] = fast;
  s[SLOW] = slow;
  const bound = Math.max(FORCE_SHARE * Math.abs(slow), FORCE_SIGMAS * s[NOISE]);
  if (Math.abs(fast - slow) > bound) {
    // While the slow average still follows one change, the next one shows against the fast one.
    const jumping = jump > bound ? 1 : 0;
    if (s[MOVED] === 0 || jumping > s[JUMPING]) {
      s[MOVED_BEFORE] = s[MOVED_AT];
      s[MOVED_AT] = time;
    }
    s[JUMPING] = jumping;
    s[MOVED] = 1;
  } else {
    s[JUMPING] = s[MOVED] = 0;
    s[NOISE] += (Math.abs(force - fast) - s[NOISE]) * slowly;
  }
}

/** Whether the force has changed together with what began at `time`. */
export function mechanical(s: Float64Array, time: number): boolean {
  const last = Math.abs(s[MOVED_AT] - time);
  return Math.min(last, Math.abs(s[MOVED_BEFORE] - time)) <= TOGETHER_S;
}

/** Another half cycle: its resistance is another matter. */
export function turn(s: Float64Array): void {
  s[REFERENCED] = 0;
}

/** Whether the temperature has lately lowered the resistance, and by enough to be told; `warmth` is
 *  the correction, `raw` ln of the uncorrected resistance. */
export function thermal(s: Float64Array, warmth: number, raw: number): boolean {
  const expected = s[WARMTH] - warmth;
  if (s[REFERENCED] !== 0 && expected >= 0) {
    if (expected < THERMAL_LEAST) return false;
    s[REFERENCED] = 0;
    return Math.abs(s[RAW] - raw - expected) < ALONG * expected;
  }
  s[REFERENCED] = 1;
  s[WARMTH] = warmth;
  s[RAW] = raw;
  return false;
}
