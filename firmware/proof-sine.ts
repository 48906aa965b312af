// The method `sine`: admittance at one frequency, by a lock-in at frame rate. It is weighed as
// the interrupt is: what a metal path adds is there at every frequency. An interface is out
// of the way there only when it is slower than bursts can follow and makes up most of the cell; for
// any other this is a reading of the phase, which decides nothing.
import type { Method, Subject } from "./proof-method.ts";
import { areal, isFull, unsureOf } from "./proof-method.ts";
import type { Proof } from "./proof-state.ts";
import { HALFWAY, corrected, shareAtOnce, unsureTogether, weighPath } from "./proof-weigh.ts";
import { METHOD_SINE, RESULT_INCONCLUSIVE } from "./telemetry.ts";

/** Frames of a period, and periods: the first ones are the cell's swinging in. */
const PERIOD = 4;
const PERIODS = 10;
const SKIPPED = 2;
const TURN = (2 * Math.PI) / PERIOD;
/** The current swings by this share of the set-point, below it. */
const SWING = 0.25;
/** Resistance in all over that at this frequency: below, much of what heals is still seen. */
const COMMON_LEAST = 4;

/** No more than this share of the voltage may be left after a second at zero current, or the cell
 *  is still swinging in when readings count. */
const LEFT_MOST = 0.05;

// Places of the sums: frames so far; in phase and in quadrature with the current.
const FRAMES = 0;
const REAL = 1;
const IMAGINARY = 2;
// Places of what is kept: resistance 1 / Re Y, its relative uncertainty.
const KEPT_OHMIC = 3;
const KEPT_UNSURE = 4;

function shape(proof: Proof, subject: Subject): number {
  const sums = proof.experiment.sums;
  const frame = sums[FRAMES]++;
  // This frame was taken at what was answered to the one before.
  if (frame > PERIOD * SKIPPED) {
    const angle = TURN * (frame - 1);
    sums[REAL] += subject.sample.voltage * Math.cos(angle);
    sums[IMAGINARY] -= subject.sample.voltage * Math.sin(angle);
  }
  if (frame === PERIOD * PERIODS) return NaN;
  return 1 - SWING + SWING * Math.cos(TURN * frame);
}

function judge(proof: Proof, subject: Subject): number {
  const experiment = proof.experiment;
  const kept = proof.kept;
  const scale = 2 / (PERIOD * (PERIODS - SKIPPED) * SWING);
  const real = areal(proof, subject, experiment.sums[REAL] * scale);
  const imaginary = areal(proof, subject, experiment.sums[IMAGINARY] * scale);
  const square = real * real + imaginary * imaginary;
  const noise = areal(proof, subject, subject.sample.voltageNoise * Math.sqrt(scale / SWING));
  const unsure = Math.abs(noise) / Math.sqrt(square);
  const ohmic = square / real;
  const phase = Math.atan2(imaginary, real);
  const left = experiment.zero / experiment.zeros / experiment.opening;
  const relaxed = Math.abs(left) < LEFT_MOST;
  experiment.value = phase;
  experiment.threshold = 0;
  if (!experiment.suspicious) {
    kept[KEPT_OHMIC] = relaxed ? ohmic : Infinity;
    kept[KEPT_UNSURE] = unsure;
    return RESULT_INCONCLUSIVE;
  }
  const base = proof.base;
  const now = proof.now;
  const seen = base.total > COMMON_LEAST * kept[KEPT_OHMIC];
  if (!seen || !relaxed) return RESULT_INCONCLUSIVE;
  const before = corrected(kept[KEPT_OHMIC], base, now);
  const together = unsureTogether(kept[KEPT_UNSURE], unsure, base, now, unsureOf(proof));
  experiment.value = shareAtOnce(before, ohmic, now.total, experiment.fall);
  experiment.threshold = HALFWAY;
  return weighPath(before, ohmic, now.total, experiment.fall, together);
}

/** Symmetric cells; 2 s of 50 ms frames, at 5 Hz. */
export const SINE: Method = {
  method: METHOD_SINE,
  suits: (subject) => !isFull(subject),
  shape,
  judge,
};
