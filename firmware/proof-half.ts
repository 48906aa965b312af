// The method `half-current`: the resistance at half the current against that at all of it. Charge
// transfer answers as asinh(i) (Butler-Volmer), so an ionic cell resists more at half the
// current; metal resists the same. How much more goes with the square of the voltage across the
// interface, so the healthy cell says what an ionic cell would show at the present voltage.
import type { Method, Subject } from "./proof-method.ts";
import { areal, isFull } from "./proof-method.ts";
import type { Proof } from "./proof-state.ts";
import { CONTRAST } from "./proof-weigh.ts";
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
const FRAMES = 0;
const HALF = 1;
const WHOLE = 2;
const HALF_SQUARES = 3;
const WHOLE_SQUARES = 4;
// Places of what is kept: excess of the resistance at half the current, 0 = none to be seen; square
// of the voltage across interfaces times its share in all of it, which the excess goes with.
const KEPT_EXCESS = 0;
const KEPT_STRENGTH = 1;

function shape(proof: Proof, subject: Subject): number {
  const sums = proof.experiment.sums;
  const frame = sums[FRAMES]++;
  if (frame === 0) return 0.5;
  // This frame was taken at what was answered to the one before.
  const taken = frame - 1;
  const stretch = Math.floor(taken / STRETCH);
  if (taken % STRETCH >= SKIPPED) {
    const volts = subject.sample.voltage - proof.experiment.zero / proof.experiment.zeros;
    const place = stretch & 1;
    sums[HALF + place] += volts;
    sums[HALF_SQUARES + place] += volts * volts;
  }
  if (frame >= STRETCH * STRETCHES) return NaN;
  return Math.floor(frame / STRETCH) & 1 ? 1 : 0.5;
}

/** Relative standard deviation of the excess, from the scatter of both voltages. */
function scatter(sums: Float64Array, count: number, noise: number): number {
  const half = sums[HALF] / count;
  const whole = sums[WHOLE] / count;
  const ofHalf = Math.max(0, sums[HALF_SQUARES] / count - half * half) + noise * noise;
  const ofWhole = Math.max(0, sums[WHOLE_SQUARES] / count - whole * whole) + noise * noise;
  return Math.sqrt((4 * ofHalf + ofWhole) / count) / Math.abs(whole);
}

function judge(proof: Proof, subject: Subject): number {
  const experiment = proof.experiment;
  const sums = experiment.sums;
  const kept = proof.kept;
  const count = (STRETCH - SKIPPED) * (STRETCHES / 2);
  const excess = (2 * sums[HALF]) / sums[WHOLE] - 1;
  const sigma = scatter(sums, count, subject.sample.voltageNoise);
  const whole = Math.abs(sums[WHOLE] / count);
  // Of the voltage, this share lies across the interfaces.
  const share = 1 - proof.now.ohmic / areal(proof, subject, sums[WHOLE] / count);
  const strength = whole * whole * share * share * share;
  experiment.value = excess;
  if (!experiment.suspicious) {
    kept[KEPT_EXCESS] = excess > CONTRAST * sigma ? excess : 0;
    kept[KEPT_STRENGTH] = strength;
    return RESULT_INCONCLUSIVE;
  }
  if (!(kept[KEPT_EXCESS] > 0)) return RESULT_INCONCLUSIVE;
  const ionic = (kept[KEPT_EXCESS] * strength) / kept[KEPT_STRENGTH];
  // A path in parallel leaves the ions this share of the current.
  const left = Math.exp(-experiment.fall);
  experiment.threshold = (ionic * (1 + left)) / 2;
  const doubt = (MODEL_DOUBT + NEXT_TERM * kept[KEPT_EXCESS]) * ionic;
  const contrast = (ionic * (1 - left)) / Math.sqrt(sigma * sigma + doubt * doubt);
  if (!(contrast > CONTRAST)) return RESULT_INCONCLUSIVE;
  return excess > experiment.threshold ? RESULT_IONIC : RESULT_ELECTRONIC;
}

/** Symmetric cells; 2.4 s of 50 ms frames. */
export const HALF_CURRENT: Method = {
  method: METHOD_HALF_CURRENT,
  suits: (subject) => !isFull(subject),
  shape,
  judge,
};
