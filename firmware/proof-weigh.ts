// What an interrupt proves. A metal path lies in parallel with all of the cell: it adds the same
// conductance at once and after a second. Healing of a slow interface adds none at once; warmth, a
// better contact or a fast interface add more at once than later. Where pellet and interfaces answer
// equally fast, none of this can be told, and the pellet's own resistance is what remains.
import type { CellConfig } from "./config.ts";
import { pellet, uncertainty } from "./pellet.ts";
import type { Picture } from "./proof-state.ts";
import { RESULT_ELECTRONIC, RESULT_INCONCLUSIVE, RESULT_IONIC } from "./telemetry.ts";

/** Contrast that a method needs to speak at all, in standard deviations. */
export const CONTRAST = 5;
/** Value at which a change is as likely ionic as electronic. */
export const HALFWAY = 0.5;
/** Resistances relative to each other repeat within this. */
const REPEATS = 0.005;
/** Interfaces have an activation energy of their own: this share of a correction is in doubt. */
const WARMTH_DOUBT = 0.15;
/** A path in parallel lets the interface's capacity C look as C (1 + G R)²; contact regained makes it
 *  grow by itself, which is no path, and also moves what a wrong time of the first reading does. So
 *  much more than expected is too much. */
const CAPACITY_MAX = 1.3;
/** A bound is left for certain two standard deviations below. */
const SIGMAS = 2;

/** Share of the conductance gained since `fall` (ln of the resistance) began that was gained at
 *  once, seen from `base` to `now`: 0 = none of it, 1 = as a parallel path would. */
export function shareAtOnce(base: Picture, now: Picture, fall: number): number {
  const before = base.ohmic * Math.exp(now.warmth - base.warmth);
  return (1 / now.ohmic - 1 / before) / ((1 - Math.exp(-fall)) / now.total);
}

/** Result of the interrupt; `unsure` = relative uncertainty of the temperature correction. */
export function weighInterrupt(base: Picture, now: Picture, fall: number, unsure: number): number {
  if (!(fall > 0) || base.ohmic <= 0 || now.ohmic <= 0) return RESULT_INCONCLUSIVE;
  const gained = (1 - Math.exp(-fall)) / now.total;
  const doubt = WARMTH_DOUBT * (now.warmth - base.warmth);
  const correction = unsure * unsure + doubt * doubt + REPEATS * REPEATS;
  const readings = now.unsure * now.unsure + base.unsure * base.unsure;
  const sigma = Math.sqrt(readings + correction) / now.ohmic;
  const contrast = gained / sigma;
  if (!(contrast > CONTRAST)) return RESULT_INCONCLUSIVE;
  const share = shareAtOnce(base, now, fall);
  if (share < HALFWAY) return RESULT_IONIC;
  const parallel = base.ohmic / now.ohmic;
  if (now.capacity > CAPACITY_MAX * base.capacity * parallel * parallel) {
    return RESULT_INCONCLUSIVE;
  }
  // What is common to all of the cell, as its temperature, has this share.
  const common = now.total / now.ohmic;
  const apart = (common - 1) * contrast > CONTRAST;
  return apart && share < (1 + common) / 2 ? RESULT_ELECTRONIC : RESULT_INCONCLUSIVE;
}

/** The least resistance of an intact pellet at `temperature` (°C): two sigma below L/σ(T). */
export function leastOf(cell: CellConfig, temperature: number, unsure: number): number {
  const pelletUnsure = uncertainty(cell);
  const sigma = Math.sqrt(pelletUnsure * pelletUnsure + unsure * unsure);
  return (1 - SIGMAS * sigma) * pellet(cell, temperature);
}

/** The resistance that a bound is held against: the smallest that this interrupt has shown. */
export function smallest(now: Picture): number {
  const ohmic = now.ohmic * (1 + CONTRAST * now.unsure);
  return now.ohmic > 0 && ohmic < now.first ? ohmic : now.first;
}

/** Result of the bound: below `least` no intact pellet reads; and a fall that was `claimed` (ln) but
 *  of which less than half is left is none. */
export function weighBound(
  now: Picture,
  least: number,
  claimed: number,
  fall: number,
  unsure: number,
): number {
  if (smallest(now) < least) return RESULT_ELECTRONIC;
  const sigma = Math.sqrt(unsure * unsure + REPEATS * REPEATS);
  const gone = claimed > CONTRAST * sigma && fall < HALFWAY * claimed;
  return gone ? RESULT_IONIC : RESULT_INCONCLUSIVE;
}
