// The method `half-current`: the resistance at half the current against that at all of it. Charge
// transfer answers as asinh(i) (Butler-Volmer), so an ionic cell resists more at half the
// current; metal resists the same. How much more goes with the square of the voltage across the
// interface, so the healthy cell says what an ionic cell would show at the present voltage.
import type { Method, Subject } from "./proof-method.ts";
import { areal, isFull } from "./proof-method.ts";
import { FALL, KEPT, NOW, OHMIC, SUMS, SUSPICIOUS, THRESHOLD, VALUE } from "./proof-places.ts";
import { ZERO, ZEROS } from "./proof-places.ts";
import { CONTRAST } from "./proof-weigh.ts";
import { NOISE_VOLTS, VOLTS } from "./sample.ts";
import { METHOD_HALF_CURRENT } from "./telemetry.ts";
import { RESULT_ELECTRONIC, RESULT_INCONCLUSIVE, RESULT_IONIC } from "./telemetry.ts";

/** Half, whole, half, … in stretches of so many frames, of which the later ones count. */
const STRETCH = 4;
const SKIPPED = 2;
const STRETCHES = 12;
/** The voltage's square is the leading term of asinh: the first one is in doubt by this share,
 *  and by so many times the excess itself, for the term after it (x²/6 against 3 x⁴/40). */
const MODEL_DOUBT = 0.1;
const NEXT_TERM = 10;

// Places of the sums: frames so far; voltages at half and at all of the current, their squares.
const FRAMES = SUMS;
const HALF = SUMS + 1;
const WHOLE = SUMS + 2;
const HALF_SQUARES = SUMS + 3;
const WHOLE_SQUARES = SUMS + 4;
// Places of what is kept: excess of the resistance at half the current, 0 = none to be seen; square
// of the voltage across interfaces times its share in all of it, which the excess goes with.
const KEPT_EXCESS = KEPT;
const KEPT_STRENGTH = KEPT + 1;

function shape(subject: Subject): number {
  const p = subject.run.proof.numbers;
  const frame = p[FRAMES]++;
  if (frame === 0) return 0.5;
  // This frame was taken at what was answered to the one before.
  const taken = frame - 1;
  const stretch = Math.floor(taken / STRETCH);
  if (taken % STRETCH >= SKIPPED) {
    const volts = subject.sample[VOLTS] - p[ZERO] / p[ZEROS];
    const place = stretch & 1;
    p[HALF + place] += volts;
    p[HALF_SQUARES + place] += volts * volts;
  }
  if (frame >= STRETCH * STRETCHES) return NaN;
  return Math.floor(frame / STRETCH) & 1 ? 1 : 0.5;
}

/** Relative standard deviation of the excess, from the scatter of both voltages. */
function scatter(p: Float64Array, count: number, noise: number): number {
  const half = p[HALF] / count;
  const whole = p[WHOLE] / count;
  const ofHalf = Math.max(0, p[HALF_SQUARES] / count - half * half) + noise * noise;
  const ofWhole = Math.max(0, p[WHOLE_SQUARES] / count - whole * whole) + noise * noise;
  return Math.sqrt((4 * ofHalf + ofWhole) / count) / Math.abs(whole);
}

function judge(subject: Subject): number {
  const p = subject.run.proof.numbers;
  const count = (STRETCH - SKIPPED) * (STRETCHES / 2);
  const excess = (2 * p[HALF]) / p[WHOLE] - 1;
  const sigma = scatter(p, count, subject.sample[NOISE_VOLTS]);
  const whole = Math.abs(p[WHOLE] / count);
  // Of the voltage, this share lies across the interfaces.
  const share = 1 - p[NOW + OHMIC] / areal(subject, p[WHOLE] / count);
  const strength = whole * whole * share * share * share;
  p[VALUE] = excess;
  if (p[SUSPICIOUS] === 0) {
    p[KEPT_EXCESS] = excess > CONTRAST * sigma ? excess : 0;
    p[KEPT_STRENGTH] = strength;
    return RESULT_INCONCLUSIVE;
  }
  if (!(p[KEPT_EXCESS] > 0)) return RESULT_INCONCLUSIVE;
  const ionic = (p[KEPT_EXCESS] * strength) / p[KEPT_STRENGTH];
  // A path in parallel leaves the ions this share of the current.
  const left = Math.exp(-p[FALL]);
  p[THRESHOLD] = (ionic * (1 + left)) / 2;
  const doubt = (MODEL_DOUBT + NEXT_TERM * p[KEPT_EXCESS]) * ionic;
  const contrast = (ionic * (1 - left)) / Math.sqrt(sigma * sigma + doubt * doubt);
  if (!(contrast > CONTRAST)) return RESULT_INCONCLUSIVE;
  return excess > p[THRESHOLD] ? RESULT_IONIC : RESULT_ELECTRONIC;
}

/** Symmetric cells; 2.4 s of 50 ms frames. */
export const HALF_CURRENT: Method = {
  method: METHOD_HALF_CURRENT,
  suits: (subject) => !isFull(subject),
  shape,
  judge,
};
