// What the short detectors remember, and what follows from it.
import * as charging from "./charge-rule.ts";
import * as covariate from "./covariates.ts";
import * as slow from "./decay-state.ts";
import * as excursion from "./excursions.ts";
import * as relative from "./relative-state.ts";
import { APPARENT, BRIDGE, CORRECTION, CROSSED_AT, HARD, JUDGED_AT } from "./shorts-places.ts";
import { PHYSICAL_PLACES, PLACES, REFERENCE, SENSITIVITY, SOFT } from "./shorts-places.ts";
import { SCATTER } from "./step-state.ts";

/** Correction for temperature in the leakage: 0.5 K. */
const LEAKAGE_SHARE = 0.02;
/** The guard is set wider than the rule, for the current is never exactly the set-point. */
const GUARD_MARGIN = 1.1;

/** State of the detectors. */
export interface Shorts {
  /** By the places that shorts-places.ts and the rules name. */
  numbers: Float64Array;
  /** Means of the bins of half cycles, ln: of the present one, the last discharge and charge. */
  bins: Float32Array;
}

/** Starts afresh for another run. */
export function forget(shorts: Shorts): void {
  const s = shorts.numbers;
  for (let i = 0; i < s.length; i++) if (i !== SENSITIVITY) s[i] = 0;
  s[CROSSED_AT] = s[JUDGED_AT] = -1;
  if (s.length < PLACES) return;
  relative.forget(s);
  slow.forget(s);
  excursion.forget(s);
  covariate.forget(s);
  charging.forget(s);
}

/** Detectors that have seen nothing. */
export function createShorts(): Shorts {
  const shorts = { numbers: new Float64Array(PLACES), bins: new Float32Array(3 * slow.BINS) };
  shorts.numbers[SENSITIVITY] = 1;
  forget(shorts);
  return shorts;
}

/** Leaves room for the physical rules alone: the board carries none that learn from the cell. */
export function confine(shorts: Shorts): void {
  shorts.numbers = new Float64Array(PHYSICAL_PLACES);
  shorts.bins = new Float32Array(0);
  forget(shorts);
}

/** Share of the current that does not move ions, against the healthy cell: 0 to 1. */
export function leakage(shorts: Shorts): number {
  const s = shorts.numbers;
  if ((s[HARD] === 0 && s[SOFT] === 0) || s[REFERENCE] === 0) return 0;
  return Math.max(0, 1 - (s[APPARENT] * Math.exp(-s[CORRECTION])) / s[REFERENCE]);
}

/** Standard uncertainty of `leakage`: scatter of the healthy cell and 0.5 K. */
export function leakageUncertainty(shorts: Shorts): number {
  const scatter = shorts.numbers[SCATTER];
  return (1 - leakage(shorts)) * Math.sqrt(scatter * scatter + LEAKAGE_SHARE * LEAKAGE_SHARE);
}

/** |voltage| in V below which a frame has to be read again for the hard rule. */
export function guardVoltage(shorts: Shorts, setpoint: number, areaCm2: number): number {
  return (GUARD_MARGIN * shorts.numbers[BRIDGE] * Math.abs(setpoint)) / areaCm2;
}
