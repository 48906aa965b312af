// The first milliseconds of a current interrupt, from a burst: an exponential above a level, taken
// back to the instant of the interrupt. What is gone at once is ohmic; what follows is ionic.

/** A burst is taken over so many readings and 0.1 s: a whole number of periods of 50 and 60 Hz. The
 *  reading 0.1 s later has the same hum, and no relaxation left. */
export const HEAD = 13;
export const TAIL_S = 0.1;
/** Bursts slower than this do not resolve an interface, s. */
const PERIOD_MAX_S = 3.2e-3;
/** Length of a conversion, and from its middle to the end of the burst, s (ADS1115 at 475 SPS, data
 *  sheet section 7.5, and two transactions at 400 kHz). */
const WINDOW_S = 2.1e-3;
const AFTER_S = 1.47e-3;
/** The conversion's middle is known to this, s: its rate is within 10 % (same section). */
export const MIDDLE_S = 6e-5;
/** Noise of a difference of two readings, in that of one. */
const DIFFERENCE = 1.5;
/** Resolved where the first reading stands out so far, and the ratio of readings is within. */
const SIGMAS = 20;
const RATIO_MIN = 0.1;
const RATIO_MAX = 0.8;

/** Voltages after an interrupt, V, each with the sign of the current before. */
export interface Relaxation {
  /** Gone at the burst's end; gone at its first reading; gone at once (0 = not resolved). */
  all: number;
  first: number;
  ohmic: number;
  /** Standard deviation of `ohmic` from noise. */
  sigma: number;
  /** s. */
  tau: number;
}

/** None seen. */
export function createRelaxation(): Relaxation {
  return { all: 0, first: 0, ohmic: 0, sigma: 0, tau: 0 };
}

/** The last burst: `taken` counts at `periodS`, the last one in at `endedAt`, s. */
export interface Burst {
  readonly samples: Float32Array;
  readonly taken: number;
  readonly endedAt: number;
  readonly periodS: number;
}

/** Back to the instant `cutAt` (s) of the interrupt: V(0+) = S0 exp(t/tau) / (1 + (w/tau)²/24),
 *  the mean over a window w being almost the value at its middle t. */
function extrapolate(into: Relaxation, burst: Burst, volts: number, noise: number): void {
  const samples = burst.samples;
  const tail = burst.taken - HEAD;
  let squares = 0;
  let products = 0;
  let before = 0;
  for (let k = 0; k < HEAD; k++) {
    const here = samples[k] - samples[k + tail];
    if (k > 0) {
      products += before * here;
      squares += before * before;
    }
    before = here;
  }
  const start = (samples[0] - samples[tail]) * volts;
  const sigma = DIFFERENCE * noise;
  const ratio = products / squares;
  if (!(Math.abs(start) > SIGMAS * sigma && ratio > RATIO_MIN && ratio < RATIO_MAX)) return;
  into.tau = -burst.periodS / Math.log(ratio);
  const window = WINDOW_S / into.tau;
  const middle = into.middle;
  const amplitude = (start * Math.exp(middle / into.tau)) / (1 + (window * window) / 24);
  into.ohmic = into.all - amplitude;
  const share = (middle / burst.periodS) * (sigma / (Math.abs(start) * ratio));
  into.sigma = Math.abs(amplitude) * share + (sigma * amplitude) / start;
}
