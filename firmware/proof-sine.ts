// The method `sine`: admittance at one frequency, by a lock-in at frame rate. It is weighed as
// the interrupt is: what a metal path adds is there at every frequency. An interface is out
// of the way there only when it is slower than bursts can follow and makes up most of the cell; for
// any other this is a reading of the phase, which decides nothing.
import type { Method, Subject } from "./proof-method.ts";
import { areal, isFull, unsureOf } from "./proof-method.ts";
import { BASE, KEPT, OPENING, SUMS, SUSPICIOUS, THRESHOLD } from "./proof-places.ts";
import { TOTAL, VALUE, ZERO, ZEROS } from "./proof-places.ts";
import { corrected, unsureTogether, weighPath } from "./proof-weigh.ts";
import { NOISE_VOLTS, VOLTS } from "./sample.ts";
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
const FRAMES = SUMS;
const REAL = SUMS + 1;
const IMAGINARY = SUMS + 2;
// Places of what is kept: resistance 1 / Re Y, its relative uncertainty.
const KEPT_OHMIC = KEPT + 3;
const KEPT_UNSURE = KEPT + 4;

function shape(subject: Subject): number {
  const p = subject.run.proof.numbers;
  const frame = p[FRAMES]++;
  // This frame was taken at what was answered to the one before.
  if (frame > PERIOD * SKIPPED) {
    const angle = TURN * (frame - 1);
    p[REAL] += subject.sample[VOLTS] * Math.cos(angle);
    p[IMAGINARY] -= subject.sample[VOLTS] * Math.sin(angle);
  }
  if (frame === PERIOD * PERIODS) return NaN;
  return 1 - SWING + SWING * Math.cos(TURN * frame);
}

function judge(subject: Subject): number {
  const p = subject.run.proof.numbers;
  const scale = 2 / (PERIOD * (PERIODS - SKIPPED) * SWING);
  const real = areal(subject, p[REAL] * scale);
  const imaginary = areal(subject, p[IMAGINARY] * scale);
  const square = real * real + imaginary * imaginary;
  const noise = areal(subject, subject.sample[NOISE_VOLTS] * Math.sqrt(scale / SWING));
  const unsure = Math.abs(noise) / Math.sqrt(square);
  const ohmic = square / real;
  const phase = Math.atan2(imaginary, real);
  const left = p[ZERO] / p[ZEROS] / p[OPENING];
  const relaxed = Math.abs(left) < LEFT_MOST;
  p[VALUE] = phase;
  p[THRESHOLD] = 0;
  if (p[SUSPICIOUS] === 0) {
    p[KEPT_OHMIC] = relaxed ? ohmic : Infinity;
    p[KEPT_UNSURE] = unsure;
    return RESULT_INCONCLUSIVE;
  }
  const seen = p[BASE + TOTAL] > COMMON_LEAST * p[KEPT_OHMIC];
  if (!seen || !relaxed) return RESULT_INCONCLUSIVE;
  const before = corrected(p, p[KEPT_OHMIC]);
  const together = unsureTogether(p, p[KEPT_UNSURE], unsure, unsureOf(p));
  return weighPath(p, before, ohmic, together);
}

/** Symmetric cells; 2 s of 50 ms frames, at 5 Hz. */
export const SINE: Method = {
  method: METHOD_SINE,
  suits: (subject) => !isFull(subject),
  shape,
  judge,
};
