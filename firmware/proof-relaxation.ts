// The first milliseconds of a current interrupt, from a burst: an exponential above a level, taken
// back to the instant of the interrupt. What is gone at once is ohmic; what follows is ionic.

/** A burst takes so many readings, and those of 0.1 s more: a whole number of periods of 50 and of
 *  60 Hz. The reading 0.1 s later has the same hum, and no relaxation left. */
export const HEAD = 13;
export const TAIL_S = 0.1;
/** Slower bursts do not resolve an interface, s. */
const PERIOD_MAX_S = 3.2e-3;
/** A conversion, and from the middle of the last one to the burst's end, s (ADS1115 at 475 SPS, data
 *  sheet SBAS444D section 7.5; poll and read at 400 kHz). */
const WINDOW_S = 2.1e-3;
const AFTER_S = 1.47e-3;
/** Noise of a difference of two readings, in that of one. */
const DIFFERENCE = 1.5;
/** Resolved where the first reading stands out so far, and readings fall by such a ratio. */
const SIGMAS = 20;
const RATIO_MIN = 0.02;
const RATIO_MAX = 0.8;

/** A burst: `taken` counts at `periodS`, the last one in at `endedAt`, s. */
export interface Readings {
  readonly samples: Float32Array;
  readonly taken: number;
  readonly endedAt: number;
  readonly periodS: number;
}

/** What an interrupt at `cutAt` (s since boot) has shown; V, signed as the counts. */
export interface Relaxation {
  /** Mean over the last 0.1 s of the burst, and first reading. */
  tail: number;
  first: number;
  /** What relaxes, at the instant of the interrupt, its standard deviation from noise, and its time
   *  constant, s; 0 = not resolved. */
  ionic: number;
  sigma: number;
  tau: number;
}

/** None seen. */
export function createRelaxation(): Relaxation {
  return { tail: 0, first: 0, ionic: 0, sigma: 0, tau: 0 };
}

/** V(0+) = S0 exp(t/tau) / (1 + (w/tau)²/24): the mean over a window w is nearly the value at its
 *  middle t. `start` = S0, `sigma` its noise, `ratio` of one reading to the one before. */
function extrapolate(
  into: Relaxation,
  start: number,
  sigma: number,
  ratio: number,
  middle: number,
  periodS: number,
): void {
  into.tau = -periodS / Math.log(ratio);
  const window = WINDOW_S / into.tau;
  into.ionic = (start * Math.exp(middle / into.tau)) / (1 + (window * window) / 24);
  const lever = middle / periodS / ratio;
  into.sigma = sigma * Math.abs(into.ionic / start) * Math.sqrt(1 + lever * lever);
}

/** Evaluates a burst; `volts` a count, `noise` of a reading in V. False = it is not complete. */
export function evaluate(
  into: Relaxation,
  burst: Readings,
  volts: number,
  noise: number,
  cutAt: number,
): boolean {
  const samples = burst.samples;
  const tail = Math.floor(TAIL_S / burst.periodS + 0.5);
  into.ionic = 0;
  into.tau = 0;
  if (burst.taken < tail + HEAD) return false;
  let sum = 0;
  for (let k = 0; k < tail; k++) sum += samples[HEAD + k];
  into.tail = (sum / tail) * volts;
  let squares = 0;
  let products = 0;
  let before = 0;
  for (let k = 0; k < HEAD; k++) {
    const here = (samples[k] - samples[k + tail]) * volts;
    if (k > 0) {
      products += before * here;
      squares += before * before;
    } else into.first = here + into.tail;
    before = here;
  }
  const start = into.first - into.tail;
  const sigma = DIFFERENCE * noise;
  const ratio = products / squares;
  const middle = burst.endedAt - AFTER_S - (burst.taken - 1) * burst.periodS - cutAt;
  const fast = burst.periodS < PERIOD_MAX_S && middle > 0 && middle < 2 * burst.periodS;
  if (fast && Math.abs(start) > SIGMAS * sigma && ratio > RATIO_MIN && ratio < RATIO_MAX) {
    extrapolate(into, start, sigma, ratio, middle, burst.periodS);
  }
  return true;
}
