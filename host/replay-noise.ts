// How noisy a recorded voltage is, from the recording itself: the size of its smallest steps, and
// the median of its second differences, which no drift reaches.

/** Cyclers usually resolve 0.1 mV; nothing coarser than 1 mV, V. */
const USUAL_V = 1e-4;
const COARSEST_V = 1e-3;
/** Below, a step is the rounding of a double, V. */
const ROUNDING_V = 1e-9;
/** Standard deviation of a reading that is rounded to 1. */
const ROUNDED = 1 / Math.sqrt(12);
/** Median of the size of a second difference of white noise of unit deviation: 0.6745 √6. */
const SECOND_DIFFERENCE = 1.652;
/** The running median moves by these factors, first fast, then slowly. */
const FAST = 1.1;
const SLOW = 1.02;
const FAST_ROWS = 64;

/** The running estimate, V. */
export interface VoltageNoise {
  rows: number;
  last: number;
  lastStep: number;
  /** Smallest difference seen, 0 = none yet. */
  resolution: number;
  /** Running median of the size of second differences. */
  spread: number;
}

/** Nothing seen. */
export function createNoise(): VoltageNoise {
  return { rows: 0, last: NaN, lastStep: NaN, resolution: 0, spread: 0 };
}

/** Forgets the last readings: what follows is not their continuation. */
export function interrupt(noise: VoltageNoise): void {
  noise.last = NaN;
  noise.lastStep = NaN;
}

function followSpread(noise: VoltageNoise, size: number): void {
  const least = (noise.resolution || USUAL_V) / 10;
  const factor = noise.rows < FAST_ROWS ? FAST : SLOW;
  if (noise.spread === 0) noise.spread = size;
  else noise.spread = size > noise.spread ? noise.spread * factor : noise.spread / factor;
  noise.spread = Math.max(noise.spread, least);
  noise.rows++;
}

// Both a step and the difference of two are multiples of the resolution.
function followResolution(noise: VoltageNoise, size: number): void {
  if (!(size > ROUNDING_V && size <= COARSEST_V)) return;
  if (noise.resolution === 0 || size < noise.resolution) noise.resolution = size;
}

/** Takes a reading, V. */
export function listen(noise: VoltageNoise, voltageV: number): void {
  const step = voltageV - noise.last;
  const second = Math.abs(step - noise.lastStep);
  followResolution(noise, Math.abs(step));
  followResolution(noise, second);
  if (second === second) followSpread(noise, second);
  noise.lastStep = step;
  noise.last = voltageV;
}

/** One standard deviation of a reading, V. */
export function deviation(noise: VoltageNoise): number {
  const rounding = (noise.resolution || USUAL_V) * ROUNDED;
  return Math.max(rounding, noise.spread / SECOND_DIFFERENCE);
}
