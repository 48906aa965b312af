// The first milliseconds after a current interrupt, from bursts: an exponential above a level,
// taken back to the instant of the interrupt. What is gone at once is ohmic; what follows is
// ionic.

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

/** What the interrupts of one experiment have shown; V, signed as the counts. */
export interface Relaxation {
  /** Sums over `cuts` bursts: first readings less those 0.1 s later, means of that 0.1 s,
   *  times from the interrupt to the middle of the first reading. */
  head: Float64Array;
  tail: number;
  /** First readings as they are. */
  first: number;
  middle: number;
  cuts: number;
  /** What relaxes, at the instant of the interrupt, its standard deviation from noise, and its time
   *  constant, s; 0 = not resolved. */
  ionic: number;
  sigma: number;
  tau: number;
}

/** None seen. */
export function createRelaxation(): Relaxation {
  return {
    head: new Float64Array(HEAD),
    tail: 0,
    first: 0,
    middle: 0,
    cuts: 0,
    ionic: 0,
    sigma: 0,
    tau: 0,
  };
}

/** Starts the sums of an experiment. */
export function clear(into: Relaxation): void {
  for (let k = 0; k < HEAD; k++) into.head[k] = 0;
  into.tail = 0;
  into.first = 0;
  into.middle = 0;
  into.cuts = 0;
  into.ionic = 0;
  into.sigma = 0;
  into.tau = 0;
}

/** Adds a burst after the interrupt at `cutAt` (s since boot); `volts` a count. An incomplete
 *  one is left out. */
export function take(into: Relaxation, burst: Readings, volts: number, cutAt: number): void {
  const samples = burst.samples;
  const tail = Math.floor(TAIL_S / burst.periodS + 0.5);
  if (burst.taken < tail + HEAD) return;
  let sum = 0;
  for (let k = 0; k < tail; k++) sum += samples[HEAD + k];
  for (let k = 0; k < HEAD; k++) into.head[k] += (samples[k] - samples[k + tail]) * volts;
  into.tail += (sum / tail) * volts;
  into.first += samples[0] * volts;
  into.middle += burst.endedAt - AFTER_S - (burst.taken - 1) * burst.periodS - cutAt;
  into.cuts++;
}

/** Standard deviation of a mean difference, V: from what the fit leaves, for that includes any
 *  shape but the exponential; no less than half of what two readings' `noise` amounts to. */
function scatter(into: Relaxation, ratio: number, noise: number): number {
  const head = into.head;
  let expected = head[0];
  let squares = 0;
  for (let k = 1; k < HEAD; k++) {
    expected *= ratio;
    const off = head[k] - expected;
    squares += off * off;
  }
  const left = Math.sqrt(squares / (HEAD - 2)) / into.cuts;
  return Math.max(left, noise / Math.sqrt(2 * into.cuts));
}

/** Fits the mean of the bursts taken; `noise` = standard deviation of a reading, V. The ratio of
 *  a reading to the one before gives tau; the first one's mean over its window w around t then
 *  V(0+) = S0 exp(t/tau) x / sinh x / (1 - exp(-0.1 s/tau)), where x = w / 2 tau. What is left
 *  of it in the tail is taken off that. */
export function resolve(into: Relaxation, noise: number, periodS: number): void {
  const head = into.head;
  let squares = 0;
  let products = 0;
  for (let k = 1; k < HEAD; k++) {
    products += head[k - 1] * head[k];
    squares += head[k - 1] * head[k - 1];
  }
  const ratio = products / squares;
  const middle = into.middle / into.cuts;
  if (!(periodS < PERIOD_MAX_S && middle > 0 && middle < periodS)) return;
  if (!(ratio > RATIO_MIN && ratio < RATIO_MAX)) return;
  const start = head[0] / into.cuts;
  const sigma = scatter(into, ratio, noise);
  if (!(Math.abs(start) > SIGMAS * sigma)) return;
  const tau = -periodS / Math.log(ratio);
  const half = WINDOW_S / tau / 2;
  const mean = (Math.exp(half) - Math.exp(-half)) / (2 * half);
  const kept = 1 - Math.exp(-TAIL_S / tau);
  const gain = Math.exp(middle / tau) / mean / kept;
  const lever = middle / periodS / ratio;
  into.tau = tau;
  into.ionic = start * gain;
  into.sigma = sigma * gain * Math.sqrt(1 + lever * lever);
  const left = (Math.exp((-HEAD * periodS) / tau) * periodS) / TAIL_S / (1 - ratio);
  into.tail -= into.cuts * start * left;
}
