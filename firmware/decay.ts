// Slow changes of the resistance. Half cycles are cut into at most sixteen bins; each bin's mean of
// ln R is held against the same bin of the last half cycle of that direction, which knows all that
// is honest about such a half cycle. Where there is none to compare with (the first ones, a long
// one, a higher level), it is held against the half cycle's own course: what is honest (wetting,
// healing voids, relaxation) falls ever more slowly. Growth is a sign of voids.
import type { Config } from "./config.ts";
import { CONDUCTIVITY_S_PER_CM, THICKNESS_CM } from "./config.ts";
import { ALLOWED, ANCHOR, ANCHOR_BIN, ANCHOR_WARMTH, BEGUN, BIN, BINS } from "./decay-state.ts";
import { BIN_WARMTH, BOUND, COMPARED, COUNT, DOUBLINGS, ELAPSED, FALLEN } from "./decay-state.ts";
import { FILLED, FIRST, KNOWN, LAST_DENSITY, LAST_WARMTH, MIXED } from "./decay-state.ts";
import { ROUGHNESS, ROUGH_BINS, SCATTER, SLOWEST, SMOOTH, SUM, TREND } from "./decay-state.ts";
import { VALUE, WARMTH, WIDTH } from "./decay-state.ts";
import { DENSITY, SIDE } from "./relative-state.ts";
import { CORRECTION, SENSITIVITY } from "./shorts-places.ts";
import type { Shorts } from "./shorts-state.ts";

/** What `follow` answers, bits. */
export const DECAYED = 1;
export const GREW = 2;

/** Least falls that count, ln: against the last half cycle, and against the own course. */
const FALL_LEAST = 0.05;
const COURSE_LEAST = 0.06;
/** A fall counts when it stands in so many bins in a row. */
const LASTING_BINS = 2;
/** So many bins tell the scatter; the first ones belong to the reversal. */
const LEARN_BINS = 8;
const FIRST_BINS = 3;
/** What wanders from bin to bin may be that much further off after a cycle. */
const CYCLE_ROUGH = 5;
/** Independent steps bend by this much more than they are long. */
const BEND = 1.41;
/** It walks away from an anchor, but only so many bins far. */
const WALK_BINS = 8;
const SCATTER_BINS = 16;
const TO_SIGMA = 1.25;
const SIGMAS = 7;
/** Above this rise of the current density (ln) half cycles cannot be compared. */
const RISE_MAX = 0.1;
/** Interfaces have an activation energy of their own: this share of the correction is in doubt. */
const WARMTH_DOUBT = 0.4;
const ROUGH_LEAST = 0.004;
const DOUBLED = 0.693;
const MINUTE_S = 60;
/** Comparisons are counted up to this. */
const COMPARED_MAX = 65535;

/** The half cycle is over: it becomes the measure of its direction when it was `sound`. The next
 *  one begins. */
export function turn(shorts: Shorts, sound: boolean): void {
  const s = shorts.numbers;
  const side = s[SIDE] > 0 ? 1 : 0;
  const known = s[BIN];
  if (sound && s[MIXED] === 0 && known > 1) {
    for (let i = 0; i < known; i++) shorts.bins[(side + 1) * BINS + i] = shorts.bins[i];
    s[KNOWN + side] = known;
    s[LAST_DENSITY + side] = s[DENSITY];
    s[LAST_WARMTH + side] = s[BIN_WARMTH];
  }
  s[BIN] = s[FALLEN] = s[ELAPSED] = s[MIXED] = 0;
  s[SUM] = s[WARMTH] = s[COUNT] = s[FILLED] = 0;
  s[ANCHOR_BIN] = -1;
}

/** The half cycle has outgrown its bins: each two become one, in all three courses. */
function widen(shorts: Shorts): void {
  const s = shorts.numbers;
  const bins = shorts.bins;
  for (let i = 0; i < (3 * BINS) / 2; i++) {
    const into = i + Math.floor((2 * i) / BINS) * (BINS / 2);
    bins[into] = (bins[2 * i] + bins[2 * i + 1]) / 2;
  }
  s[KNOWN] >>= 1;
  s[KNOWN + 1] >>= 1;
  s[BIN] = BINS / 2;
  s[WIDTH] *= 2;
  s[SLOWEST] *= 2;
  s[ANCHOR_BIN] >>= 1;
}

/** What the last half cycle fell by itself, past its tail. As long as nothing is known of the
 *  change from cycle to cycle, it may go on, ever more slowly, through the next two. */
function goingOn(shorts: Shorts, side: number): number {
  const last = (side + 1) * BINS;
  const known = shorts.numbers[KNOWN + side];
  if (known <= FIRST_BINS) return 0;
  return 2 * Math.max(0, shorts.bins[last + FIRST_BINS - 1] - shorts.bins[last + known - 1]);
}

/** Fall below the last half cycle of this direction, less what is allowed; > 0 = too much. */
function against(shorts: Shorts, side: number, mean: number, warmth: number): number {
  const s = shorts.numbers;
  const before = shorts.bins[(side + 1) * BINS + s[BIN]];
  const change = mean - before;
  const rise = Math.max(0, s[DENSITY] - s[LAST_DENSITY + side]);
  const doubt = WARMTH_DOUBT * Math.abs(warmth - s[LAST_WARMTH + side]);
  const trend = s[TREND + side];
  const off = Math.abs(change - trend);
  const known = s[COMPARED + side];
  const scatter = known < LEARN_BINS ? CYCLE_ROUGH * s[ROUGHNESS] : s[SCATTER + side];
  const allowed = Math.max(s[SENSITIVITY] * FALL_LEAST, SIGMAS * TO_SIGMA * scatter);
  const honest = known < LEARN_BINS ? goingOn(shorts, side) : 0;
  const expected = Math.min(0, trend) - allowed - rise - doubt - honest;
  const memory = Math.min(known + 1, SCATTER_BINS);
  const bounded = Math.min(off, allowed / (SIGMAS * TO_SIGMA) + ROUGH_LEAST);
  s[SCATTER + side] += (bounded - s[SCATTER + side]) / memory;
  s[TREND + side] += (change - trend) / SCATTER_BINS;
  if (known < COMPARED_MAX) s[COMPARED + side]++;
  s[ALLOWED] = allowed;
  s[BOUND] = before + expected;
  return expected - change;
}

/** Learns how far a bin is off the course of the two before; one great change is not the rule. */
function roughen(s: Float64Array, change: number): void {
  const bounded = Math.min(change, 2 * s[ROUGHNESS] + ROUGH_LEAST);
  if (s[ROUGH_BINS] < SCATTER_BINS) s[ROUGH_BINS]++;
  s[ROUGHNESS] += (bounded - s[ROUGHNESS]) / s[ROUGH_BINS];
}

/** Fall below this half cycle's own course: never faster than at its slowest. */
function along(shorts: Shorts, mean: number, warmth: number): number {
  const s = shorts.numbers;
  const bin = s[BIN];
  const before = shorts.bins[bin - 1];
  const fall = Math.max(0, before - mean);
  if (s[ANCHOR_BIN] >= 0 && bin > FIRST_BINS) {
    const steps = bin - s[ANCHOR_BIN];
    const doubt = WARMTH_DOUBT * Math.abs(warmth - s[ANCHOR_WARMTH]);
    const rough = SIGMAS * TO_SIGMA * s[ROUGHNESS] * Math.sqrt(Math.min(steps, WALK_BINS));
    s[ALLOWED] = Math.max(s[SENSITIVITY] * COURSE_LEAST, rough);
    s[BOUND] = s[ANCHOR] - steps * s[SLOWEST] - s[ALLOWED] - doubt;
    if (mean < s[BOUND]) return s[BOUND] - mean;
  }
  if (bin >= FIRST_BINS) {
    const bend = before - mean - (shorts.bins[bin - 2] - before);
    roughen(s, Math.abs(bend) / BEND);
  }
  if (s[ANCHOR_BIN] < 0 || fall <= s[SLOWEST]) {
    s[SLOWEST] = fall;
    s[ANCHOR] = mean;
    s[ANCHOR_BIN] = bin;
    s[ANCHOR_WARMTH] = warmth;
  }
  return -1;
}

/** Whether a fall may count. Where interfaces resist more than the pellet (twice its resistance in
 *  all), healing may take away again what they have added: only a scatter learnt from cycles tells
 *  a fall from that. */
function isKnown(s: Float64Array, mean: number, learnt: boolean, cell: Config): boolean {
  const bulk = Math.log((2 * cell[THICKNESS_CM]) / cell[CONDUCTIVITY_S_PER_CM]);
  return s[ROUGH_BINS] >= LEARN_BINS && (learnt || mean < bulk);
}

function closeBin(shorts: Shorts, cell: Config): number {
  const s = shorts.numbers;
  const mean = s[SUM] / s[COUNT];
  const warmth = s[WARMTH] / s[COUNT];
  const side = s[SIDE] > 0 ? 1 : 0;
  const bin = s[BIN];
  let found = 0;
  s[BIN_WARMTH] = warmth;
  shorts.bins[bin] = mean;
  const comparable = s[DENSITY] - s[LAST_DENSITY + side] < RISE_MAX && bin < s[KNOWN + side];
  if (bin > 0 || comparable) {
    const fall = comparable ? against(shorts, side, mean, warmth) : along(shorts, mean, warmth);
    const learnt = comparable && s[COMPARED + side] >= LEARN_BINS;
    s[FALLEN] = fall > 0 && isKnown(s, mean, learnt, cell) ? s[FALLEN] + 1 : 0;
    if (s[FALLEN] === LASTING_BINS) {
      s[VALUE] = mean;
      found = DECAYED;
    }
    // The cell's beginning: its first bins.
    if (bin > 0 && s[BEGUN] === 0) {
      s[BEGUN] = 1;
      s[FIRST] = mean;
      s[ELAPSED] = 0;
    }
  }
  s[SUM] = s[WARMTH] = s[COUNT] = s[FILLED] = 0;
  s[BIN]++;
  if (s[BIN] === BINS) widen(shorts);
  return found;
}

/** One frame of `seconds`: `x` = ln of the compensated resistance. Growth is looked for by the
 *  minute, past the tail of a reversal: a knee is steep. Answers bits. */
export function follow(shorts: Shorts, x: number, seconds: number, cell: Config): number {
  const s = shorts.numbers;
  let found = 0;
  s[SUM] += x;
  s[WARMTH] += s[CORRECTION];
  s[COUNT]++;
  s[FILLED] += seconds;
  s[ELAPSED] += seconds;
  s[SMOOTH] += (x - s[SMOOTH]) * (seconds < MINUTE_S ? seconds / MINUTE_S : 1);
  if (s[BEGUN] !== 0 && s[ELAPSED] > 2 * MINUTE_S) {
    const grown = s[SMOOTH] - s[FIRST];
    if (!(grown < DOUBLED * (s[DOUBLINGS] + 1))) {
      s[DOUBLINGS] = Math.floor(grown / DOUBLED);
      s[VALUE] = s[SMOOTH];
      found = GREW;
    }
  }
  return s[FILLED] < s[WIDTH] ? found : found | closeBin(shorts, cell);
}
