// The method `sine`: admittance at one frequency, by a lock-in at frame rate. It is weighed as the
// interrupt is: what a metal path adds is there at every frequency. It speaks where the cell shows a
// phase at a few hertz: for interfaces slower than the 20 ms that bursts can follow.
import type { Method, Subject } from "./proof-method.ts";
import { areal, isFull, unsureOf } from "./proof-method.ts";
import type { Picture, Proof } from "./proof-state.ts";
import { createPicture } from "./proof-state.ts";
import { HALFWAY, shareAtOnce, weighInterrupt } from "./proof-weigh.ts";
import { METHOD_SINE, RESULT_INCONCLUSIVE } from "./telemetry.ts";

/** Frames of a period, and periods: the first one is the cell's swinging in. */
const PERIOD = 8;
const PERIODS = 6;
const TURN = (2 * Math.PI) / PERIOD;
/** The current swings by this share of the set-point, below it. */
const SWING = 0.25;
/** Less phase than this, rad, is that of a resistor or of a curved characteristic. */
const PHASE_LEAST = 0.1;

// Places of the sums: frames so far; in phase and in quadrature with the current.
const FRAMES = 0;
const REAL = 1;
const IMAGINARY = 2;
// Places of what is kept: resistance 1 / Re Y, its relative uncertainty, phase.
const KEPT_OHMIC = 3;
const KEPT_UNSURE = 4;
const KEPT_PHASE = 5;

/** Scratch for the comparison: the healthy cell and the present one at this frequency. */
const base: Picture = createPicture();
const now: Picture = createPicture();

function shape(proof: Proof, subject: Subject): number {
  const sums = proof.experiment.sums;
  const frame = sums[FRAMES]++;
  // This frame was taken at what was answered to the one before.
  if (frame > PERIOD) {
    const angle = TURN * (frame - 1);
    sums[REAL] += subject.sample.voltage * Math.cos(angle);
    sums[IMAGINARY] -= subject.sample.voltage * Math.sin(angle);
  }
  if (frame === PERIOD * PERIODS) return NaN;
  return 1 - SWING + SWING * Math.cos(TURN * frame);
}

/** 1 / Re Y, Ω cm², with its uncertainty and the phase, into `into`; false = no signal. */
function lockIn(proof: Proof, subject: Subject, into: Picture): number {
  const sums = proof.experiment.sums;
  const scale = 2 / (PERIOD * (PERIODS - 1) * SWING);
  const real = areal(proof, subject, sums[REAL] * scale);
  const imaginary = areal(proof, subject, sums[IMAGINARY] * scale);
  const square = real * real + imaginary * imaginary;
  const noise = areal(proof, subject, subject.sample.voltageNoise * Math.sqrt(scale / SWING));
  into.ohmic = square / real;
  into.unsure = Math.abs(noise) / Math.sqrt(square);
  return Math.atan2(imaginary, real);
}

function judge(proof: Proof, subject: Subject): number {
  const experiment = proof.experiment;
  const kept = proof.kept;
  const phase = lockIn(proof, subject, now);
  experiment.value = phase;
  experiment.threshold = HALFWAY;
  if (!experiment.suspicious) {
    kept[KEPT_OHMIC] = now.ohmic;
    kept[KEPT_UNSURE] = now.unsure;
    kept[KEPT_PHASE] = phase;
    return RESULT_INCONCLUSIVE;
  }
  if (!(kept[KEPT_PHASE] < -PHASE_LEAST) || !(experiment.fall > 0)) return RESULT_INCONCLUSIVE;
  now.total = proof.now.total;
  now.warmth = proof.now.warmth;
  base.ohmic = kept[KEPT_OHMIC];
  base.unsure = kept[KEPT_UNSURE];
  base.warmth = proof.base.warmth;
  experiment.value = shareAtOnce(base, now, experiment.fall);
  return weighInterrupt(base, now, experiment.fall, unsureOf(proof));
}

/** Symmetric cells; 2.4 s of 50 ms frames, at 2.5 Hz. */
export const SINE: Method = {
  method: METHOD_SINE,
  suits: (subject) => !isFull(subject),
  shape,
  judge,
};
