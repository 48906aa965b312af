// The rules that know a cell from its own past: sudden falls, dips, slow decay, growth of voids,
// loose contacts, endless charging; and what explains a change otherwise.
import type { ChargeRule } from "./charge-rule.ts";
import * as charging from "./charge-rule.ts";
import type { Covariates } from "./covariates.ts";
import * as covariate from "./covariates.ts";
import type { Decay } from "./decay.ts";
import * as slow from "./decay.ts";
import type { Excursions } from "./excursions.ts";
import * as excursion from "./excursions.ts";
import { FOUND_CHARGE, FOUND_DIPS, FOUND_LOOSE, FOUND_MECHANICAL } from "./findings.ts";
import { FOUND_RECOVERED, FOUND_SLOPE, FOUND_STEP, FOUND_THERMAL, FOUND_VOID } from "./findings.ts";
import type { Sample } from "./sample.ts";
import type { StepRule } from "./step-rule.ts";
import * as sudden from "./step-rule.ts";

/** A short has recovered when this share of its fall has come back, for this long, s. */
const RECOVERED = 0.8;
const RECOVERED_S = 10;
/** Risen contacts are forgotten with this time constant, s: the cell has grown into them. */
const SHIFT_S = 1800;

/** State of all of them; resistances as ln of Ω cm², compensated for temperature to 25 °C. */
export interface Relative {
  step: StepRule;
  decay: Decay;
  excursions: Excursions;
  covariates: Covariates;
  charge: ChargeRule;
  halfCycle: number;
  side: number;
  density: number;
  /** Now; and before the fall that the present soft short began with. */
  x: number;
  healthy: number;
  /** Sum of sudden changes that are not over: > 0 a contact that has risen, < 0 a short. */
  shift: number;
  soft: boolean;
  backAt: number;
  at: number;
}

/** Rules that have seen nothing. */
export function createRelative(): Relative {
  return {
    step: sudden.createStepRule(),
    decay: slow.createDecay(),
    excursions: excursion.createExcursions(),
    covariates: covariate.createCovariates(),
    charge: charging.createChargeRule(),
    halfCycle: -1,
    side: 0,
    density: 0,
    x: 0,
    healthy: 0,
    shift: 0,
    soft: false,
    backAt: -1,
    at: 0,
  };
}

/** Starts afresh for another run. */
export function forget(relative: Relative): void {
  sudden.forget(relative.step);
  slow.forget(relative.decay);
  excursion.forget(relative.excursions);
  covariate.forget(relative.covariates);
  charging.forget(relative.charge);
  relative.halfCycle = -1;
  relative.side = 0;
  relative.shift = 0;
  relative.soft = false;
  relative.backAt = -1;
}

/** Another half cycle, of `density` A/cm² with sign. */
export function turn(relative: Relative, halfCycle: number, density: number): number {
  const side = density > 0 ? 1 : -1;
  const size = Math.log(Math.abs(density));
  const over = relative.side !== 0 && relative.halfCycle !== halfCycle;
  const ended = over && charging.turn(relative.charge, relative.side > 0);
  if (Math.abs(size - relative.density) > 0.02) charging.forget(relative.charge);
  slow.turn(relative.decay, side > 0, size, !relative.soft);
  covariate.turn(relative.covariates);
  sudden.relearn(relative.step);
  relative.halfCycle = halfCycle;
  relative.side = side;
  relative.density = size;
  return ended ? FOUND_CHARGE : 0;
}

/** The rules learn their line afresh, after a gap. */
export function pause(relative: Relative): void {
  sudden.relearn(relative.step);
}

function jumped(relative: Relative, time: number): number {
  return excursion.jumped(relative.excursions, time) ? FOUND_LOOSE : 0;
}

function fell(relative: Relative, time: number): number {
  const step = relative.step;
  if (covariate.mechanical(relative.covariates, step.baseAt)) {
    slow.shift(relative.decay, -step.size);
    return FOUND_MECHANICAL;
  }
  const before = relative.shift;
  relative.shift -= step.size;
  if (before > 0 && relative.shift > -step.threshold) {
    slow.shift(relative.decay, -step.size);
    return jumped(relative, time);
  }
  if (relative.soft || relative.shift > -step.threshold) return 0;
  relative.soft = true;
  relative.healthy = step.base - Math.max(0, before);
  relative.backAt = -1;
  return FOUND_STEP;
}

function rose(relative: Relative, time: number): number {
  const size = relative.step.size;
  relative.shift += size;
  if (relative.soft) return 0;
  slow.shift(relative.decay, size);
  return relative.shift > 0 ? jumped(relative, time) : 0;
}

function judgeSudden(relative: Relative, time: number, noise: number, least: number): number {
  const change = sudden.follow(relative.step, relative.x, time, noise, least);
  if (change === sudden.FELL) return fell(relative, time);
  if (change === sudden.ROSE) return rose(relative, time);
  if (change === sudden.PEAKED) return jumped(relative, time);
  if (change !== sudden.DIPPED) return 0;
  if (relative.shift > relative.step.threshold) return jumped(relative, time);
  const force = covariate.mechanical(relative.covariates, relative.step.calmAt);
  return !force && excursion.dipped(relative.excursions, time) ? FOUND_DIPS : 0;
}

function recovered(relative: Relative, time: number): boolean {
  const back = relative.x > relative.healthy + (1 - RECOVERED) * Math.min(0, relative.shift);
  if (!back) relative.backAt = -1;
  else if (relative.backAt < 0) relative.backAt = time;
  if (!back || time - relative.backAt < RECOVERED_S) return false;
  relative.soft = false;
  relative.shift = 0;
  return true;
}

/** One frame of a symmetric cell: `raw` = ln of the areal resistance, `warmth` the correction for
 *  temperature in it, `noise` that of the converter (relative), `least` the smallest sudden change
 *  that counts, `scale` multiplies the other thresholds. Answers findings. */
export function judge(
  relative: Relative,
  sample: Sample,
  seconds: number,
  raw: number,
  warmth: number,
  noise: number,
  least: number,
  scale: number,
): number {
  const time = sample.timeVoltage;
  relative.x = raw - warmth;
  relative.at = time;
  if (!relative.soft) relative.shift -= relative.shift * Math.min(1, seconds / SHIFT_S);
  let found = judgeSudden(relative, time, noise, least);
  if (relative.soft && found === 0 && recovered(relative, time)) found |= FOUND_RECOVERED;
  const trend = slow.follow(relative.decay, relative.x, seconds, warmth, scale);
  if (trend & slow.DECAYED && !relative.soft) found |= FOUND_SLOPE;
  if (trend & slow.GREW && !relative.soft) found |= FOUND_VOID;
  if (covariate.thermal(relative.covariates, warmth, raw)) found |= FOUND_THERMAL;
  return found;
}
