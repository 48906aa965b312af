// Slow changes of the resistance. Half cycles are cut into at most sixteen bins; each bin's mean of
// ln R is held against the same bin of the last half cycle of that direction, which knows all that
// is honest about such a half cycle. Where there is none to compare with (the first ones, a long
// one, a higher level), it is held against the half cycle's own course: what is honest (wetting,
// healing voids, relaxation) falls ever more slowly. Growth is a sign of voids.
import type { Decay } from "./decay-state.ts";
import { BINS, restart } from "./decay-state.ts";

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

/** Another half cycle: `density` = ln of the current density; the one before becomes the measure of
 *  its direction when it was `sound`. */
export function turn(decay: Decay, charging: boolean, density: number, sound: boolean): void {
  const side = decay.side;
  if (sound && !decay.mixed && decay.bin > 1) {
    for (let i = 0; i < decay.bin; i++) decay.last[side * BINS + i] = decay.now[i];
    decay.known[side] = decay.bin;
    decay.lastDensity[side] = decay.density;
    decay.lastWarmth[side] = decay.binWarmth;
  }
  restart(decay, charging ? 1 : 0, density);
}

function halve(bins: Float32Array, from: number): void {
  for (let i = 0; i < BINS / 2; i++) {
    bins[from + i] = (bins[from + 2 * i] + bins[from + 2 * i + 1]) / 2;
  }
}

function widen(decay: Decay): void {
  halve(decay.now, 0);
  halve(decay.last, 0);
  halve(decay.last, BINS);
  decay.known[0] >>= 1;
  decay.known[1] >>= 1;
  decay.bin = BINS / 2;
  decay.width *= 2;
  decay.slowest *= 2;
  decay.anchorBin = decay.anchorBin >> 1;
}

/** What the last half cycle fell by itself, past its tail. As long as nothing is known of the
 *  change from cycle to cycle, it may go on, ever more slowly, through the next two. */
function goingOn(decay: Decay): number {
  const from = decay.side * BINS;
  const known = decay.known[decay.side];
  if (known <= FIRST_BINS) return 0;
  return 2 * Math.max(0, decay.last[from + FIRST_BINS - 1] - decay.last[from + known - 1]);
}

/** Fall below the last half cycle of this direction, less what is allowed; > 0 = too much. */
function against(decay: Decay, mean: number, warmth: number, least: number): number {
  const side = decay.side;
  const change = mean - decay.last[side * BINS + decay.bin];
  const rise = Math.max(0, decay.density - decay.lastDensity[side]);
  const doubt = WARMTH_DOUBT * Math.abs(warmth - decay.lastWarmth[side]);
  const off = Math.abs(change - decay.trend[side]);
  const known = decay.compared[side];
  const scatter = known < LEARN_BINS ? CYCLE_ROUGH * decay.roughness : decay.scatter[side];
  decay.allowed = Math.max(least * FALL_LEAST, SIGMAS * TO_SIGMA * scatter);
  const honest = known < LEARN_BINS ? goingOn(decay) : 0;
  const expected = Math.min(0, decay.trend[side]) - decay.allowed - rise - doubt - honest;
  const memory = Math.min(known + 1, SCATTER_BINS);
  const bounded = Math.min(off, decay.allowed / (SIGMAS * TO_SIGMA) + ROUGH_LEAST);
  decay.scatter[side] += (bounded - decay.scatter[side]) / memory;
  decay.trend[side] += (change - decay.trend[side]) / SCATTER_BINS;
  if (known < 65535) decay.compared[side]++;
  decay.bound = decay.last[side * BINS + decay.bin] + expected;
  return expected - change;
}

/** Learns how far a bin is off the course of the two before; one great change is not the rule. */
function roughen(decay: Decay, change: number): void {
  const bounded = Math.min(change, 2 * decay.roughness + ROUGH_LEAST);
  if (decay.roughBins < SCATTER_BINS) decay.roughBins++;
  decay.roughness += (bounded - decay.roughness) / decay.roughBins;
}

/** Fall below this half cycle's own course: never faster than at its slowest. */
function along(decay: Decay, mean: number, warmth: number, least: number): number {
  const before = decay.now[decay.bin - 1];
  const fall = Math.max(0, before - mean);
  if (decay.anchorBin >= 0 && decay.bin > FIRST_BINS) {
    const steps = decay.bin - decay.anchorBin;
    const doubt = WARMTH_DOUBT * Math.abs(warmth - decay.anchorWarmth);
    const rough = SIGMAS * TO_SIGMA * decay.roughness * Math.sqrt(Math.min(steps, WALK_BINS));
    decay.allowed = Math.max(least * COURSE_LEAST, rough);
    decay.bound = decay.anchor - steps * decay.slowest - decay.allowed - doubt;
    if (mean < decay.bound) return decay.bound - mean;
  }
  if (decay.bin >= FIRST_BINS) {
    const bend = before - mean - (decay.now[decay.bin - 2] - before);
    roughen(decay, Math.abs(bend) / BEND);
  }
  if (decay.anchorBin < 0 || fall <= decay.slowest) {
    decay.slowest = fall;
    decay.anchor = mean;
    decay.anchorBin = decay.bin;
    decay.anchorWarmth = warmth;
  }
  return -1;
}

/** The cell's beginning: its first bins. */
function beginWith(decay: Decay, mean: number): void {
  if (!decay.begun) {
    decay.begun = true;
    decay.first = mean;
    decay.elapsed = 0;
  }
}

function grew(decay: Decay, mean: number): number {
  if (mean - decay.first < DOUBLED * (decay.doublings + 1)) return 0;
  decay.doublings = Math.floor((mean - decay.first) / DOUBLED);
  decay.value = mean;
  return GREW;
}

/** Growth is looked for by the minute, past the tail of a reversal: a knee is steep. */
function grewLately(decay: Decay, x: number, seconds: number): number {
  decay.elapsed += seconds;
  decay.smooth += (x - decay.smooth) * Math.min(1, seconds / MINUTE_S);
  return decay.begun && decay.elapsed > 2 * MINUTE_S ? grew(decay, decay.smooth) : 0;
}

function closeBin(decay: Decay, least: number, bulk: number): number {
  const mean = decay.sum / decay.count;
  const warmth = decay.warmth / decay.count;
  const side = decay.side;
  let found = 0;
  decay.binWarmth = warmth;
  decay.now[decay.bin] = mean;
  const alike = decay.density - decay.lastDensity[side] < RISE_MAX;
  const comparable = alike && decay.bin < decay.known[side];
  if (decay.bin > 0 || comparable) {
    const fall = comparable
      ? against(decay, mean, warmth, least)
      : along(decay, mean, warmth, least);
    // What interfaces have added, healing may take away again: where they resist more than the
    // pellet, only a scatter learnt from cycles tells a fall from that.
    const learnt = comparable && decay.compared[side] >= LEARN_BINS;
    const known = decay.roughBins >= LEARN_BINS && (learnt || mean < bulk);
    decay.fallen = fall > 0 && known ? decay.fallen + 1 : 0;
    if (decay.fallen === LASTING_BINS) {
      decay.value = mean;
      found = DECAYED;
    }
    if (decay.bin > 0) beginWith(decay, mean);
  }
  decay.sum = 0;
  decay.count = 0;
  decay.filled = 0;
  decay.warmth = 0;
  if (++decay.bin === BINS) widen(decay);
  return found;
}

/** One frame of `seconds`: `x` = ln of the compensated resistance, `warmth` the correction that is
 *  in it, `least` scales the thresholds, above `bulk` (ln) interfaces resist more
 *  than the pellet. Answers bits. */
export function follow(
  decay: Decay,
  x: number,
  seconds: number,
  warmth: number,
  least: number,
  bulk: number,
): number {
  decay.sum += x;
  decay.warmth += warmth;
  decay.count++;
  decay.filled += seconds;
  const grown = grewLately(decay, x, seconds);
  return decay.filled >= decay.width ? grown | closeBin(decay, least, bulk) : grown;
}
