// What the rules that learn from the cell make of a step whose current follows a voltage: they
// learn no resistance from it, and say so, but its charge belongs to the half cycle before it, as
// that of a hold belongs to its charge.
import { count } from "./charge-rule.ts";
import { AREA_CM2, VOLTAGE_MIN_V } from "./config.ts";
import { undecided } from "./physical.ts";
import type { Controlled } from "./potential-state.ts";
import { AGAINST, FULL_FRAMES, SIDE } from "./relative-state.ts";
import { AMPS, VOLTS_AT } from "./sample.ts";
import { JUDGED_AT, PLACES } from "./shorts-places.ts";
import { FRAMES } from "./step-state.ts";
import { RULE_CHARGE, RULE_DIPS, RULE_SLOPE, RULE_STEP } from "./telemetry.ts";

/** At its tail a current has no sign of its own: that of its half cycle, and this size, A. */
const LEAST_A = 1e-9;

/** Findings of a frame, as `Rules.judge`; none where no rule learns. */
export function tally(channel: Controlled): number {
  const s = channel.run.shorts.numbers;
  const sample = channel.sample;
  if (s.length < PLACES) return 0;
  // Another line begins after this.
  s[FRAMES] = 0;
  s[JUDGED_AT] = sample[VOLTS_AT];
  const isFull = channel.config[VOLTAGE_MIN_V] >= 0 || s[AGAINST] >= FULL_FRAMES;
  if (!isFull) return undecided(s, RULE_STEP) | undecided(s, RULE_DIPS) | undecided(s, RULE_SLOPE);
  if (s[SIDE] === 0) return undecided(s, RULE_CHARGE);
  const seconds = sample[VOLTS_AT] - channel.previous[VOLTS_AT];
  const amps = sample[AMPS] * s[SIDE];
  return count(s, amps * seconds, (s[SIDE] * Math.max(amps, LEAST_A)) / channel.config[AREA_CM2]);
}
