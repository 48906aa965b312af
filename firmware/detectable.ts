// How small a sudden fall of the voltage can be and still be told from noise: the threshold of the
// rule `step`, and what the host prints before a run.

/** Smaller falls are what taps, contacts and the thermometer's lag do to a healthy cell. */
const STEP_LEAST = 0.02;
/** A rule arms only where a reading stands this far above its noise. */
export const ARMED_SIGMAS = 10;
/** The confirming median of a window must lie this many of its own standard deviations down. */
const CONFIRM_SIGMAS = 6;
/** Offsets of the front end that come and go do not average out: so many standard deviations of a
 *  frame. */
const OFFSET_SIGMAS = 8;
/** A median's standard deviation over that of the mean of as many normal readings. */
const MEDIAN_SPREAD = 1.25;
/** Length of the confirming window: this long, and at least so many frames. */
export const CONFIRM_S = 2;
export const CONFIRM_FRAMES = 5;

/** Smallest relative fall of the voltage that the rule `step` accepts, of a cell at `voltageV` read
 *  with `noiseV` (one standard deviation of a frame) every `periodS`; Infinity = it cannot speak.
 *  A step is found in 95 of 100 cases when it is about 1.3 times as large. */
export function detectableStep(voltageV: number, noiseV: number, periodS: number): number {
  const size = Math.abs(voltageV);
  if (!(size > ARMED_SIGMAS * noiseV)) return Infinity;
  const frames = Math.max(CONFIRM_FRAMES, CONFIRM_S / periodS);
  const spread = (MEDIAN_SPREAD * noiseV) / size / Math.sqrt(frames);
  return Math.max(STEP_LEAST, CONFIRM_SIGMAS * spread, (OFFSET_SIGMAS * noiseV) / size);
}
