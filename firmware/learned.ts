// The rules that learn from the cell, as a board carries them: from a judged frame to findings, and
// to what is told of them.
import { count } from "./charge-rule.ts";
import type { Config } from "./config.ts";
import { VOLTAGE_MIN_V } from "./config.ts";
import { TEMPERATURE, sense } from "./covariates.ts";
import { ARMED_SIGMAS, detectableStep } from "./detectable.ts";
import type { Rules } from "./features.ts";
import { warmth } from "./pellet.ts";
import { undecided } from "./physical.ts";
import { judgeRelative, turn } from "./relative.ts";
import { AGAINST, FULL_FRAMES, HALF_CYCLE } from "./relative-state.ts";
import type { Sample } from "./sample.ts";
import { AMPS, CELSIUS, NEWTONS, NOISE_VOLTS, VOLTS, VOLTS_AT } from "./sample.ts";
import { CORRECTION, JUDGED_AT, PERIOD, SENSITIVITY } from "./shorts-places.ts";
import type { Shorts } from "./shorts-state.ts";
import { FRAMES } from "./step-state.ts";
import { tell } from "./tell.ts";
import { RULE_DIPS, RULE_SLOPE, RULE_STEP } from "./telemetry.ts";

/** Frames further apart than this, s and periods, leave a gap: what follows a line starts anew. */
const GAP_S = 5;
const GAP_PERIODS = 5;
/** Share of a new distance in the running period. */
const PERIOD_RATE = 0.1;
/** A frame is the mean of two readings. */
const FRAME_NOISE = 0.7;
/** A voltage of its own: this much against the current. */
const FULL_V = 0.5;

/** Distance to the last judged frame, s; 0 after a gap. */
function pace(s: Float64Array, time: number): number {
  const seconds = s[JUDGED_AT] < 0 ? 0 : time - s[JUDGED_AT];
  const period = s[PERIOD];
  s[JUDGED_AT] = time;
  if (period > 0 && seconds > GAP_S && seconds > GAP_PERIODS * period) {
    s[FRAMES] = 0;
    return 0;
  }
  s[PERIOD] = period === 0 ? seconds : period + (seconds - period) * PERIOD_RATE;
  return seconds;
}

/** The voltage is too near to the converter's noise. */
function rest(s: Float64Array): number {
  s[FRAMES] = 0;
  return undecided(s, RULE_STEP) | undecided(s, RULE_DIPS) | undecided(s, RULE_SLOPE);
}

/** Judges a frame that the physical rules have weighed: `density` in A/cm² with its sign. */
function judgeLearned(
  shorts: Shorts,
  sample: Sample,
  cell: Config,
  density: number,
  halfCycle: number,
): number {
  const s = shorts.numbers;
  const time = sample[VOLTS_AT];
  if (halfCycle !== s[HALF_CYCLE]) turn(shorts, halfCycle, density, time);
  const seconds = pace(s, time);
  sense(s, sample[CELSIUS], sample[NEWTONS], time, seconds);
  s[CORRECTION] = warmth(cell, s[TEMPERATURE]);
  const size = Math.abs(sample[VOLTS]);
  // A cell with a voltage of its own: by its window, or because it drives its own discharge.
  if (cell[VOLTAGE_MIN_V] >= 0 || s[AGAINST] >= FULL_FRAMES) {
    return count(s, Math.abs(sample[AMPS]) * seconds, density);
  }
  s[AGAINST] = sample[VOLTS] * sample[AMPS] < 0 && size > FULL_V ? s[AGAINST] + 1 : 0;
  const noise = sample[NOISE_VOLTS] * FRAME_NOISE;
  if (!(size > ARMED_SIGMAS * noise)) return rest(s);
  const least = s[SENSITIVITY] * detectableStep(size, noise);
  return judgeRelative(shorts, cell, time, seconds, noise / size, least);
}

/** The rules that learn from the cell, for a board's `start`. */
export const LEARNED: Rules = { judge: judgeLearned, tell };
