// Passive short detection from voltage, current, temperature and force: what one frame says.
import type { Config } from "./config.ts";
import { AREA_CM2 } from "./config.ts";
import type { Rules } from "./features.ts";
import { FOUND_HARD, FOUND_OPEN } from "./findings.ts";
import type { Loop } from "./loop.ts";
import { LIVE } from "./loop.ts";
import { judgePhysical } from "./physical.ts";
import type { Sample } from "./sample.ts";
import { AMPS, RELAY, STATUS, VOLTS, VOLTS_AT } from "./sample.ts";
import { CURRENT_FAILED, DETECT_DONE, FLOW, TEMPERATURE_FAILED, VOLTAGE_FAILED } from "./sample.ts";
import { APPARENT, CORRECTION, CROSSED_AT, LEAST, OPEN } from "./shorts-places.ts";
import { REFERENCE, SOFT } from "./shorts-places.ts";
import type { Shorts } from "./shorts-state.ts";

/** A half cycle of no number: an experiment moves current and voltage, and only a hard short shows
 *  through. */
export const UNSETTLED = -1;

/** After a change of direction or range the voltage is not the cell's answer yet, s. */
const BLANK_S = 0.2;
/** The present current must be what was asked for, or the quotient means nothing; hardly any, and
 *  a voltage beyond what cells of this kind have, is no cell but an open lead. */
const OBEYED = 0.5;
const OPEN_SHARE = 0.05;
const OPEN_V = 0.5;
const OPEN_FRAMES = 2;
/** While the current follows a voltage only one this near to the largest lately counts: at a
 *  smaller one what the larger has left behind is most of the voltage. */
const LARGE_SHARE = 0.9;
/** Share of a new reading in the running reference. */
const REFERENCE_RATE = 0.02;
const FAILED = VOLTAGE_FAILED | CURRENT_FAILED | TEMPERATURE_FAILED;

/** A cell at its voltage limit that takes no current is no cell. */
function open(s: Float64Array, sample: Sample, setpoint: number): number {
  s[CROSSED_AT] = -1;
  const none = Math.abs(sample[AMPS]) < setpoint * OPEN_SHARE;
  if (!none || Math.abs(sample[VOLTS]) < OPEN_V) s[OPEN] = 0;
  else if (s[OPEN] < OPEN_FRAMES && ++s[OPEN] === OPEN_FRAMES) return FOUND_OPEN;
  return 0;
}

/** Judges one frame of half cycle number `halfCycle`, or `UNSETTLED`: findings, 0 = nothing.
 *  `rules` are those that learn from the cell, null on a board without them. */
export function detect(
  shorts: Shorts,
  sample: Sample,
  loop: Loop,
  cell: Config,
  halfCycle: number,
  rules: Rules | null,
): number {
  sample[FLOW] += DETECT_DONE;
  const s = shorts.numbers;
  const setpoint = Math.abs(loop.setpoint);
  const unsettled = halfCycle === UNSETTLED;
  const live = loop.rung === LIVE && sample[RELAY] === 1 && setpoint > 0;
  const large = loop.tracking === 0 || setpoint >= LARGE_SHARE * loop.tracking;
  const settled = live && large && sample[VOLTS_AT] - loop.changedAt >= BLANK_S;
  if (unsettled) s[CROSSED_AT] = -1;
  if (!settled || sample[STATUS] & FAILED) {
    s[CROSSED_AT] = -1;
    return 0;
  }
  if (Math.abs(sample[AMPS]) < setpoint * OBEYED) {
    return unsettled ? 0 : open(s, sample, setpoint);
  }
  s[OPEN] = 0;
  let found = judgePhysical(s, sample, cell, unsettled);
  if (unsettled || found & FOUND_HARD) return found;
  if (rules !== null && loop.tracking === 0) {
    found |= rules.judge(shorts, sample, cell, loop.setpoint / cell[AREA_CM2], halfCycle);
  }
  // Apparent resistance while healthy, at 25 °C: what a leak is reckoned from.
  if (s[SOFT] === 0 && s[APPARENT] > s[LEAST]) {
    const step = s[APPARENT] * Math.exp(-s[CORRECTION]) - s[REFERENCE];
    s[REFERENCE] += s[REFERENCE] === 0 ? step : step * REFERENCE_RATE;
  }
  return found;
}
