// How small a sudden fall of the voltage can be and still be told from noise: the threshold of the
// rule `step`, and what the host prints before a run.

/** Smaller falls are what taps, contacts and the thermometer's lag do to a healthy cell. */
const STEP_LEAST = 0.02;
/** A rule arms only where a reading stands this far above its noise. */
export const ARMED_SIGMAS = 10;
/** Offsets of the front end that come and go do not average out: so many standard deviations of a
 *  frame. */
const OFFSET_SIGMAS = 8;
/** Length of the confirming window: this long, and at least so many frames. */
export const CONFIRM_S = 2;
export const CONFIRM_FRAMES = 5;

/** Smallest relative fall of the voltage that the rule `step` accepts, of a cell at `voltageV` read
 *  with `noiseV` (one standard deviation of a frame); Infinity = it cannot speak. */
export function detectableStep(voltageV: number, noiseV: number): number {
  const size = Math.abs(voltageV);
  if (!(size > ARMED_SIGMAS * noiseV)) return Infinity;
  return Math.max(STEP_LEAST, (OFFSET_SIGMAS * noiseV) / size);
}
