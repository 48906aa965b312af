// The rules that know a cell from its own past: sudden falls, dips, slow decay, growth of voids,
// loose contacts; and what explains a change otherwise.
import type { Config } from "./config.ts";
import * as covariate from "./covariates.ts";
import * as slow from "./decay.ts";
import { disturb } from "./decay-state.ts";
import * as excursion from "./excursions.ts";
import { FOUND_DIPS, FOUND_LOOSE, FOUND_MECHANICAL } from "./findings.ts";
import { FOUND_RECOVERED, FOUND_SLOPE, FOUND_STEP, FOUND_THERMAL, FOUND_VOID } from "./findings.ts";
import { BACK_AT, DENSITY, FALL, FRESH, HALF_CYCLE, JUMPED_AT, LOW } from "./relative-state.ts";
import { SIDE, STARTED_AT, TURNED_AT } from "./relative-state.ts";
import { APPARENT, CORRECTION, SOFT } from "./shorts-places.ts";
import type { Shorts } from "./shorts-state.ts";
import * as sudden from "./step-rule.ts";
import { ALARM, BASE, BASE_AT, FRAMES, LEVEL, THRESHOLD } from "./step-state.ts";

/** A short has recovered when this share of its fall has come back, for this long, s. */
const RECOVERED = 0.8;
const RECOVERED_S = 10;
/** A new cell's contacts settle for so long, s: what falls then is no short. */
const SETTLE_S = 300;
/** A contact that has moved is loose for so long, s. */
const LOOSE_S = 600;
/** Time constants of the lowest level, s: as it is, and under a contact that has risen. */
const LOW_S = 30;
const RISEN_S = 1800;
/** Tails of a reversal last about this long, s. */
const TAIL_S = 120;

/** Another half cycle, of `density` A/cm² with sign. */
export function turn(shorts: Shorts, halfCycle: number, density: number, time: number): void {
  const s = shorts.numbers;
  slow.turn(shorts, (s[SOFT] & FOUND_STEP) === 0);
  covariate.turn(s);
  s[FRAMES] = 0;
  s[FRESH] = s[SIDE] === 0 || time - s[JUMPED_AT] > LOOSE_S ? 1 : 0;
  s[HALF_CYCLE] = halfCycle;
  s[TURNED_AT] = time;
  s[SIDE] = density > 0 ? 1 : -1;
  s[DENSITY] = Math.log(Math.abs(density));
}

/** A contact has moved, for a moment or for good (`stays`): then, or when there are many such
 *  moments and it is loose, what was learnt of slow changes is void and falls back are expected. */
function jumped(s: Float64Array, time: number, stays: boolean): number {
  const news = excursion.jumped(s, time);
  if (stays || s[excursion.LOOSE] !== 0) {
    s[JUMPED_AT] = time;
    disturb(s);
  }
  return news ? FOUND_LOOSE : 0;
}

/** A fall that lasts: a contact that is good again, or a short. */
function fell(s: Float64Array, time: number): number {
  const threshold = s[THRESHOLD];
  if (s[SOFT] & FOUND_STEP) return 0;
  const loose = time - s[JUMPED_AT] < LOOSE_S && time - s[TURNED_AT] < TAIL_S;
  const unsettled = loose || time - s[STARTED_AT] <= SETTLE_S;
  if (unsettled || s[LEVEL] > s[LOW] - threshold) {
    return unsettled || s[BASE] > s[LOW] + threshold / 2 ? jumped(s, time, true) : 0;
  }
  s[SOFT] |= FOUND_STEP;
  s[FALL] = s[LOW] - s[LEVEL];
  s[BACK_AT] = -1;
  return FOUND_STEP;
}

/** What a sudden change, of the kind that `sudden.followStep` found, comes to. */
function judgeSudden(s: Float64Array, time: number, kind: number): number {
  if (covariate.mechanical(s, s[BASE_AT])) {
    s[LOW] = s[LEVEL];
    disturb(s);
    return kind === sudden.FELL ? FOUND_MECHANICAL : 0;
  }
  if (kind === sudden.FELL) return fell(s, time);
  // Tails of a reversal rise by themselves, and what comes back from a short does.
  if (s[SOFT] & FOUND_STEP || time - s[TURNED_AT] < TAIL_S) return 0;
  if (kind !== sudden.DIPPED || s[BASE] > s[LOW] + s[THRESHOLD]) {
    return jumped(s, time, kind === sudden.ROSE);
  }
  return excursion.dipped(s, time) ? FOUND_DIPS : 0;
}

/** Whether a soft short has come back, now at `x`. */
function recovered(s: Float64Array, x: number, time: number): boolean {
  const back = x > s[LOW] - (1 - RECOVERED) * s[FALL];
  if (!back) s[BACK_AT] = -1;
  else if (s[BACK_AT] < 0) s[BACK_AT] = time;
  if (!back || time - s[BACK_AT] < RECOVERED_S) return false;
  s[SOFT] &= ~FOUND_STEP;
  return true;
}

/** The lowest level that the healthy cell is known to have: it goes along with the cell, but not
 *  with a contact that has risen. */
function sink(s: Float64Array, time: number, seconds: number): void {
  if (s[FRESH] !== 0) {
    s[FRESH] = 0;
    s[LOW] = s[LEVEL];
  }
  const above = s[LEVEL] - s[LOW];
  const memory = above > 0 && time - s[JUMPED_AT] < LOOSE_S ? RISEN_S : LOW_S;
  s[LOW] += above * (seconds < memory ? seconds / memory : 1);
}

/** What slow changes and the temperature come to in this frame. */
function weighSlow(s: Float64Array, time: number, trend: number): number {
  if (s[SOFT] & FOUND_STEP) return 0;
  const steady = time - s[JUMPED_AT] > LOOSE_S;
  const decayed = trend & slow.DECAYED && steady ? FOUND_SLOPE : 0;
  return trend & slow.GREW ? decayed | FOUND_VOID : decayed;
}

/** One frame of a symmetric cell, `seconds` after the last: `noise` is that of the converter
 *  (relative), `least` the smallest sudden change that counts. Answers findings. */
export function judgeRelative(
  shorts: Shorts,
  cell: Config,
  time: number,
  seconds: number,
  noise: number,
  least: number,
): number {
  const s = shorts.numbers;
  const warmth = s[CORRECTION];
  const raw = Math.log(s[APPARENT]);
  const x = raw - warmth;
  if (s[STARTED_AT] < 0) s[STARTED_AT] = time;
  const kind = sudden.followStep(s, x, time, noise, least);
  let found = kind === sudden.NOTHING ? 0 : judgeSudden(s, time, kind);
  if (s[SOFT] & FOUND_STEP && found === 0 && recovered(s, x, time)) found = FOUND_RECOVERED;
  if (s[covariate.MOVED_AT] === time) disturb(s);
  if (s[ALARM] === 0 && !(s[SOFT] & FOUND_STEP)) sink(s, time, seconds);
  const trend = slow.follow(shorts, x, seconds, cell);
  if (trend !== 0) found |= weighSlow(s, time, trend);
  if (covariate.thermal(s, warmth, raw)) found |= FOUND_THERMAL;
  return found;
}
