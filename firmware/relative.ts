// The rules that know a cell from its own past: sudden falls, dips, slow decay, growth of voids,
// loose contacts, endless charging; and what explains a change otherwise.
import * as charging from "./charge-rule.ts";
import * as covariate from "./covariates.ts";
import * as slow from "./decay.ts";
import { disturb } from "./decay-state.ts";
import * as excursion from "./excursions.ts";
import { FOUND_CHARGE, FOUND_DIPS, FOUND_LOOSE, FOUND_MECHANICAL } from "./findings.ts";
import { FOUND_RECOVERED, FOUND_SLOPE, FOUND_STEP, FOUND_THERMAL, FOUND_VOID } from "./findings.ts";
import type { Relative } from "./relative-state.ts";
import type { Sample } from "./sample.ts";
import * as sudden from "./step-rule.ts";

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
export function turn(relative: Relative, halfCycle: number, density: number, time: number): number {
  const side = density > 0 ? 1 : -1;
  const size = Math.log(Math.abs(density));
  const over = relative.side !== 0 && relative.halfCycle !== halfCycle;
  const ended = over && charging.turn(relative.charge, relative.side > 0);
  if (Math.abs(size - relative.density) > 0.02) charging.forget(relative.charge);
  slow.turn(relative.decay, side > 0, size, !relative.soft);
  covariate.turn(relative.covariates);
  sudden.relearn(relative.step);
  relative.fresh = relative.side === 0 || time - relative.jumpedAt > LOOSE_S;
  relative.halfCycle = halfCycle;
  relative.turnedAt = time;
  relative.side = side;
  relative.density = size;
  return ended ? FOUND_CHARGE : 0;
}

/** The rules learn their line afresh, after a gap. */
export function pause(relative: Relative): void {
  sudden.relearn(relative.step);
}

/** What was learnt of slow changes is void, and falls back are expected. */
function moved(relative: Relative, time: number): void {
  relative.jumpedAt = time;
  disturb(relative.decay);
}

/** A contact has moved for a moment; many such moments, and it is loose. */
function flickered(relative: Relative, time: number): number {
  const news = excursion.jumped(relative.excursions, time);
  if (relative.excursions.loose) moved(relative, time);
  return news ? FOUND_LOOSE : 0;
}

/** A contact has moved, and stays there. */
function jumped(relative: Relative, time: number): number {
  moved(relative, time);
  return flickered(relative, time);
}

/** A fall that lasts: a contact that is good again, or a short. */
function fell(relative: Relative, time: number): number {
  const step = relative.step;
  if (relative.soft) return 0;
  const loose = time - relative.jumpedAt < LOOSE_S && time - relative.turnedAt < TAIL_S;
  const settled = time - relative.startedAt > SETTLE_S && !loose;
  if (!settled) return jumped(relative, time);
  if (step.level > relative.low - step.threshold) {
    return step.base > relative.low + step.threshold / 2 ? jumped(relative, time) : 0;
  }
  relative.soft = true;
  relative.fall = relative.low - step.level;
  relative.backAt = -1;
  return FOUND_STEP;
}

function judgeSudden(relative: Relative, time: number, noise: number, least: number): number {
  const step = relative.step;
  const found = sudden.follow(step, relative.x, time, noise, least);
  if (found === sudden.NOTHING) return 0;
  if (covariate.mechanical(relative.covariates, step.baseAt)) {
    relative.low = step.level;
    disturb(relative.decay);
    return found === sudden.FELL ? FOUND_MECHANICAL : 0;
  }
  if (found === sudden.FELL) return fell(relative, time);
  // Tails of a reversal rise by themselves, and what comes back from a short does.
  if (relative.soft || time - relative.turnedAt < TAIL_S) return 0;
  if (found === sudden.ROSE) return jumped(relative, time);
  if (found === sudden.PEAKED || step.base > relative.low + step.threshold) {
    return flickered(relative, time);
  }
  return excursion.dipped(relative.excursions, time) ? FOUND_DIPS : 0;
}

/** The lowest level that the healthy cell is known to have: it goes along with the cell, but not
 *  with a contact that has risen. */
function sink(relative: Relative, time: number, seconds: number): void {
  if (relative.fresh) {
    relative.fresh = false;
    relative.low = relative.step.level;
  }
  const above = relative.step.level - relative.low;
  const risen = above > 0 && time - relative.jumpedAt < LOOSE_S;
  relative.low += above * Math.min(1, seconds / (risen ? RISEN_S : LOW_S));
}

function recovered(relative: Relative, time: number): boolean {
  const back = relative.x > relative.low - (1 - RECOVERED) * relative.fall;
  if (!back) relative.backAt = -1;
  else if (relative.backAt < 0) relative.backAt = time;
  if (!back || time - relative.backAt < RECOVERED_S) return false;
  relative.soft = false;
  return true;
}

/** One frame of a symmetric cell: `raw` = ln of the areal resistance, `warmth` the correction for
 *  temperature in it, `noise` that of the converter (relative), `least` the smallest sudden change
 *  that counts, `scale` multiplies the other thresholds; `bulk` is ln of twice
 *  the pellet's resistance at 25 °C. Answers findings. */
export function judge(
  relative: Relative,
  sample: Sample,
  seconds: number,
  raw: number,
  warmth: number,
  noise: number,
  least: number,
  scale: number,
  bulk: number,
): number {
  const time = sample.timeVoltage;
  relative.x = raw - warmth;
  relative.at = time;
  if (relative.startedAt < 0) relative.startedAt = time;
  let found = judgeSudden(relative, time, noise, least);
  if (relative.soft && found === 0 && recovered(relative, time)) found |= FOUND_RECOVERED;
  if (relative.covariates.movedAt === time) disturb(relative.decay);
  if (!relative.soft && relative.step.alarm === 0) sink(relative, time, seconds);
  const trend = slow.follow(relative.decay, relative.x, seconds, warmth, scale, bulk);
  const steady = !relative.soft && time - relative.jumpedAt > LOOSE_S;
  if (trend & slow.DECAYED && steady) found |= FOUND_SLOPE;
  if (trend & slow.GREW && !relative.soft) found |= FOUND_VOID;
  if (covariate.thermal(relative.covariates, warmth, raw)) found |= FOUND_THERMAL;
  return found;
}
