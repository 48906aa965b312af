// The method `half-current`: the resistance at half the current against that at all of it. Charge
// transfer answers as asinh(i) (Butler-Volmer), so an ionic cell resists more at half the current;
// metal resists the same. How much more goes with the square of the voltage across the interface, so
// the healthy cell says what an ionic cell would show at the present voltage.
import type { Method, Subject } from "./proof-method.ts";
import { areal } from "./proof-method.ts";
import type { Proof } from "./proof-state.ts";
import { CONTRAST } from "./proof-weigh.ts";
import { METHOD_HALF_CURRENT } from "./telemetry.ts";
import { RESULT_ELECTRONIC, RESULT_INCONCLUSIVE, RESULT_IONIC } from "./telemetry.ts";

/** Half, whole, half, … in stretches of so many frames, of which the later ones count. */
const STRETCH = 4;
const SKIPPED = 2;
const STRETCHES = 12;
/** The voltage's square is the leading term of asinh; what follows is in doubt by this share. */
const MODEL_DOUBT = 0.1;

// Places of the sums: frames so far; voltages at half and at all of the current, their squares.
const FRAMES = 0;
const HALF = 1;
const WHOLE = 2;
const HALF_SQUARES = 3;
const WHOLE_SQUARES = 4;
// Places of what is kept: excess of the resistance at half the current; voltage across interfaces.
const KEPT_EXCESS = 0;
const KEPT_VOLTS = 1;

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

/** Voltage across the interfaces: what is not ohmic, V. */
function interfaceVolts(proof: Proof, subject: Subject, whole: number): number {
  const total = areal(proof, subject, whole);
  return Math.abs(whole) * (1 - proof.now.ohmic / total);
}

function judge(proof: Proof, subject: Subject): number {
  const experiment = proof.experiment;
  const sums = experiment.sums;
  const count = (STRETCH - SKIPPED) * (STRETCHES / 2);
  const half = sums[HALF] / count;
  const whole = sums[WHOLE] / count;
  const excess = (2 * half) / whole - 1;
  const volts = interfaceVolts(proof, subject, whole);
  const scatterHalf = Math.max(0, sums[HALF_SQUARES] / count - half * half);
  const scatterWhole = Math.max(0, sums[WHOLE_SQUARES] / count - whole * whole);
  const noise = subject.sample.voltageNoise * subject.sample.voltageNoise;
  const variance = (4 * scatterHalf + scatterWhole + 5 * noise) / count;
  const sigma = Math.sqrt(variance) / Math.abs(whole);
  const kept = proof.kept;
  experiment.value = excess;
  if (!experiment.suspicious) {
    kept[KEPT_EXCESS] = excess > CONTRAST * sigma ? excess : 0;
    kept[KEPT_VOLTS] = volts;
    return RESULT_INCONCLUSIVE;
  }
  const scale = volts / kept[KEPT_VOLTS];
  const ionic = kept[KEPT_EXCESS] * scale * scale;
  // A path in parallel leaves the ions this share of the current.
  const share = Math.exp(-experiment.fall);
  experiment.threshold = (ionic * (1 + share)) / 2;
  const doubt = MODEL_DOUBT * ionic;
  const contrast = (ionic * (1 - share)) / Math.sqrt(sigma * sigma + doubt * doubt);
  if (!(contrast > CONTRAST)) return RESULT_INCONCLUSIVE;
  return excess > experiment.threshold ? RESULT_IONIC : RESULT_ELECTRONIC;
}

/** Symmetric cells; 2.4 s of 50 ms frames. */
export const HALF_CURRENT: Method = {
  method: METHOD_HALF_CURRENT,
  suits: (subject) => !(subject.limits.voltageMin > 0),
  shape,
  judge,
};
