// The first milliseconds after a current interrupt, from bursts: an exponential above a level,
// taken back to the instant of the interrupt. What is gone at once is ohmic; what follows is
// ionic. Its numbers are places in those of the proof.
import { BURSTS, IONIC, MIDDLE, OPENED, READINGS, SIGMA, TAIL, TAU } from "./proof-places.ts";

/** A burst takes so many readings, and those of 0.1 s more: a whole number of periods of 50 and of
 *  60 Hz. The reading 0.1 s later has the same hum. */
export const HEAD = 13;
export const TAIL_S = 0.1;
/** Slower bursts do not resolve an interface, s. */
const PERIOD_MAX_S = 3.2e-3;
/** A conversion, and from the middle of the last one to the burst's end, s (ADS1115 at 475
 *  SPS, data sheet SBAS444D section 7.5; poll and read at 400 kHz). */
const WINDOW_S = 2.1e-3;
const AFTER_S = 1.47e-3;
/** Resolved where the first reading stands out so far, and readings fall by such a ratio. */
const SIGMAS = 20;
const RATIO_MIN = 0.02;
const RATIO_MAX = 0.97;

/** A burst: `taken` counts at `periodS`, the last one in at `endedAt`, s since boot. */
export interface Readings {
  readonly samples: ArrayLike<number>;
  readonly taken: number;
  readonly endedAt: number;
  readonly periodS: number;
}

/** Adds a burst after the interrupt at `cutAt` (s since boot); `volts` a count. An incomplete
 *  one is left out. */
export function take(p: Float64Array, burst: Readings, volts: number, cutAt: number): void {
  const samples = burst.samples;
  const tail = Math.floor(TAIL_S / burst.periodS + 0.5);
  if (burst.taken < tail + HEAD) return;
  let sum = 0;
  for (let k = 0; k < tail; k++) sum += samples[HEAD + k];
  for (let k = 0; k < HEAD; k++) p[READINGS + k] += (samples[k] - samples[k + tail]) * volts;
  p[TAIL] += (sum / tail) * volts;
  p[OPENED] += samples[0] * volts;
  p[MIDDLE] += burst.endedAt - AFTER_S - (burst.taken - 1) * burst.periodS - cutAt;
  p[BURSTS]++;
}

/** Standard deviation of a mean difference, V: from what the fit leaves, for that includes any
 *  shape but the exponential; no less than half of what two readings' `noise` amounts to. */
function scatter(p: Float64Array, ratio: number, noise: number): number {
  let expected = p[READINGS];
  let squares = 0;
  for (let k = 1; k < HEAD; k++) {
    expected *= ratio;
    const off = p[READINGS + k] - expected;
    squares += off * off;
  }
  const left = Math.sqrt(squares / (HEAD - 2)) / p[BURSTS];
  return Math.max(left, noise / Math.sqrt(2 * p[BURSTS]));
}

/** Fits the mean of the bursts taken; `noise` = standard deviation of a reading, V. The ratio of
 *  a reading to the one before gives tau; the first one's mean over its window w around t then
 *  V(0+) = S0 exp(t/tau) x / sinh x / (1 - exp(-0.1 s/tau)), where x = w / 2 tau. What is left
 *  of it in the tail is taken off that. */
export function resolve(p: Float64Array, noise: number, periodS: number): void {
  let squares = 0;
  let products = 0;
  for (let k = READINGS; k < READINGS + HEAD - 1; k++) {
    products += p[k] * p[k + 1];
    squares += p[k] * p[k];
  }
  const ratio = products / squares;
  const middle = p[MIDDLE] / p[BURSTS];
  if (!(periodS < PERIOD_MAX_S && middle > 0 && middle < periodS)) return;
  if (!(ratio > RATIO_MIN && ratio < RATIO_MAX)) return;
  const start = p[READINGS] / p[BURSTS];
  const sigma = scatter(p, ratio, noise);
  if (!(Math.abs(start) > SIGMAS * sigma)) return;
  const tau = -periodS / Math.log(ratio);
  const half = WINDOW_S / tau / 2;
  const mean = (Math.exp(half) - Math.exp(-half)) / (2 * half);
  const kept = 1 - Math.exp(-TAIL_S / tau);
  const gain = Math.exp(middle / tau) / mean / kept;
  const lever = middle / periodS / ratio;
  p[TAU] = tau;
  p[IONIC] = start * gain;
  p[SIGMA] = sigma * gain * Math.sqrt(1 + lever * lever);
  const left = (Math.exp((-HEAD * periodS) / tau) * periodS) / TAIL_S / (1 - ratio);
  p[TAIL] -= p[BURSTS] * start * left;
}
