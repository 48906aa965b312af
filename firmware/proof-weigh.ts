// What an interrupt proves. A metal path lies in parallel with all of the cell: it adds the same
// conductance at once and after a second. Healing of a slow interface adds none at once; warmth,
// a better contact or a fast interface add more at once than later. Where pellet and interfaces
// answer equally fast, none of this can be told, and the pellet's own resistance is what remains.
import type { Config } from "./config.ts";
import { pellet, uncertainty, warmth } from "./pellet.ts";
import { BASE, CAPACITY, FALL, FIRST, NOW, OHMIC, PICTURE_WARMTH } from "./proof-places.ts";
import { THRESHOLD, TOTAL, UNSURE, VALUE } from "./proof-places.ts";
import { RESULT_ELECTRONIC, RESULT_INCONCLUSIVE, RESULT_IONIC } from "./telemetry.ts";

/** Contrast that a method needs to speak at all, in standard deviations. */
export const CONTRAST = 5;
/** Value at which a change is as likely ionic as electronic. */
const HALFWAY = 0.5;
/** Resistances relative to each other repeat within this. */
const REPEATS = 0.003;
/** Interfaces have an activation energy of their own: this share of a correction is in doubt. */
const WARMTH_DOUBT = 0.15;
/** A path in parallel lets the interface's capacity C look as C (1 + G R)². Healing may leave
 *  it, or let it grow with the contact: up to this much more than expected is still a path's. */
const CAPACITY_MAX = 1.3;
/** The middle of a conversion is known to this, s: its rate is within 10 % (ADS1115, section
 *  7.5). It moves all that is taken back to the interrupt by the same time. */
export const MIDDLE_S = 1.5e-4;
/** A bound is left for certain two standard deviations below. */
const SIGMAS = 2;

/** Whether a path was added where the resistance went from `before` to `now`; `unsure` = relative
 *  uncertainty of the one against the other. Told as the method's value: the share of the
 *  conductance gained since the fall began that was gained at once; 0 = none of it, 1 = as a
 *  parallel path would. */
export function weighPath(p: Float64Array, before: number, now: number, unsure: number): number {
  const total = p[NOW + TOTAL];
  const gained = (1 - Math.exp(-p[FALL])) / total;
  const share = (1 / now - 1 / before) / gained;
  p[VALUE] = share;
  p[THRESHOLD] = HALFWAY;
  if (!(p[FALL] > 0 && before > 0 && now > 0)) return RESULT_INCONCLUSIVE;
  const sigma = Math.sqrt(unsure * unsure + REPEATS * REPEATS) / now;
  const contrast = gained / sigma;
  if (!(contrast > CONTRAST)) return RESULT_INCONCLUSIVE;
  if (share < HALFWAY) return RESULT_IONIC;
  // What is common to all of the cell, as its temperature, has this share.
  const common = total / now;
  const apart = (common - 1) * contrast > CONTRAST;
  return apart && share < (1 + common) / 2 ? RESULT_ELECTRONIC : RESULT_INCONCLUSIVE;
}

/** What the healthy cell's `ohmic` was, at the present temperature. */
export function corrected(p: Float64Array, ohmic: number): number {
  return ohmic * Math.exp(p[NOW + PICTURE_WARMTH] - p[BASE + PICTURE_WARMTH]);
}

/** Uncertainty of two readings of a resistance against each other, from theirs and that of the
 *  temperature correction, `unsure`. */
export function unsureTogether(
  p: Float64Array,
  one: number,
  other: number,
  unsure: number,
): number {
  const doubt = WARMTH_DOUBT * (p[NOW + PICTURE_WARMTH] - p[BASE + PICTURE_WARMTH]);
  return Math.sqrt(one * one + other * other + doubt * doubt + unsure * unsure);
}

/** Result of the interrupt; `unsure` = relative uncertainty of the temperature correction. The
 *  capacity is a second witness: a path seems to change it, what is ionic is sure to leave it. */
export function weighInterrupt(p: Float64Array, unsure: number): number {
  const before = corrected(p, p[BASE + OHMIC]);
  const together = unsureTogether(p, p[BASE + UNSURE], p[NOW + UNSURE], unsure);
  const result = weighPath(p, before, p[NOW + OHMIC], together);
  const path = (1 - Math.exp(-p[FALL])) / p[NOW + TOTAL];
  const expected = (1 + path * before) * (1 + path * before);
  const grown = p[NOW + CAPACITY] / p[BASE + CAPACITY];
  const unchanged = grown < (1 + expected) / 2;
  if (result === RESULT_IONIC) return unchanged ? RESULT_IONIC : RESULT_INCONCLUSIVE;
  return unchanged || grown > CAPACITY_MAX * expected ? RESULT_INCONCLUSIVE : result;
}

/** The least resistance of an intact pellet at `temperature` (°C): two sigma below L/σ(T). */
export function leastOf(cell: Config, temperature: number, unsure: number): number {
  const pelletUnsure = uncertainty(cell);
  const sigma = Math.sqrt(pelletUnsure * pelletUnsure + unsure * unsure);
  return (1 - SIGMAS * sigma) * pellet(cell, warmth(cell, temperature));
}

/** The resistance that a bound is held against: the smallest that this interrupt has shown. */
export function smallest(p: Float64Array): number {
  const first = p[NOW + FIRST];
  if (p[NOW + OHMIC] === 0) return first;
  const most = p[NOW + OHMIC] * (1 + CONTRAST * p[NOW + UNSURE]) + MIDDLE_S / p[NOW + CAPACITY];
  return Math.min(most, first);
}

/** Result of the bound: below `least` no intact pellet reads; and a fall that was `claimed`
 *  (ln) but of which less than half is left is none. */
export function weighBound(
  p: Float64Array,
  least: number,
  claimed: number,
  unsure: number,
): number {
  p[VALUE] = smallest(p);
  p[THRESHOLD] = least;
  if (p[VALUE] < least) return RESULT_ELECTRONIC;
  const sigma = Math.sqrt(unsure * unsure + REPEATS * REPEATS);
  const gone = claimed > CONTRAST * sigma && p[FALL] < HALFWAY * claimed;
  return gone ? RESULT_IONIC : RESULT_INCONCLUSIVE;
}
