// What the rules remember that know a cell from its own past.
import type { ChargeRule } from "./charge-rule.ts";
import * as charging from "./charge-rule.ts";
import type { Covariates } from "./covariates.ts";
import * as covariate from "./covariates.ts";
import type { Decay } from "./decay-state.ts";
import * as decayState from "./decay-state.ts";
import type { Excursions } from "./excursions.ts";
import * as excursion from "./excursions.ts";
import type { StepRule } from "./step-state.ts";
import * as stepState from "./step-state.ts";

/** State of all of them; resistances as ln of Ω cm², compensated for temperature to 25 °C. */
export interface Relative {
  step: StepRule;
  decay: Decay;
  excursions: Excursions;
  covariates: Covariates;
  charge: ChargeRule;
  halfCycle: number;
  turnedAt: number;
  side: number;
  density: number;
  x: number;
  /** Lowest level of the healthy cell; how far the present soft short is below it. */
  low: number;
  fall: number;
  /** The lowest level is still to be seen. */
  fresh: boolean;
  startedAt: number;
  jumpedAt: number;
  soft: boolean;
  backAt: number;
  at: number;
  /** Frames in a row with a voltage against the current: many, and it is a full cell. */
  against: number;
}

/** Rules that have seen nothing. */
export function createRelative(): Relative {
  return {
    step: stepState.createStepRule(),
    decay: decayState.createDecay(),
    excursions: excursion.createExcursions(),
    covariates: covariate.createCovariates(),
    charge: charging.createChargeRule(),
    halfCycle: -1,
    turnedAt: 0,
    side: 0,
    density: 0,
    x: 0,
    low: 0,
    fall: 0,
    fresh: true,
    startedAt: -1,
    jumpedAt: -Infinity,
    soft: false,
    backAt: -1,
    at: 0,
    against: 0,
  };
}

/** Starts afresh for another run. */
export function forget(relative: Relative): void {
  stepState.forget(relative.step);
  decayState.forget(relative.decay);
  excursion.forget(relative.excursions);
  covariate.forget(relative.covariates);
  charging.forget(relative.charge);
  relative.halfCycle = -1;
  relative.side = 0;
  relative.startedAt = -1;
  relative.against = 0;
  relative.jumpedAt = -Infinity;
  relative.soft = false;
  relative.backAt = -1;
}
