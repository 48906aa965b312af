// A protocol as written: the steps of cyclet JSON. The schema (host/schema) says what values may
// be, the rules beside this file how keys have to fit.
import type { Vigilance } from "../reactions.ts";
import type { Goto, Until } from "./until.ts";

/** What follows a loss of power; a staircase waits in any case. */
export interface AfterOutage {
  afterOutage?: "continue" | "wait";
}

/** When data are recorded: after `timeS` or a change of voltage or current since the last record;
 *  `combine` "all": after both, a time and one of the changes. Without `timeS` once a minute. */
export interface Recording {
  timeS?: number;
  voltageV?: number;
  currentMa?: number;
  combine?: "any" | "all";
}

/** Bounds that end the run as at a limit, once passed for `delayS`. `chargeMaxMah`: of one step,
 *  either direction. */
export interface ProtocolLimits {
  voltageMinV?: number;
  voltageMaxV?: number;
  currentMaxMa?: number;
  temperatureMinC?: number;
  temperatureMaxC?: number;
  forceMinN?: number;
  forceMaxN?: number;
  chargeMaxMah?: number;
  delayS?: number;
}

/** What any step may carry; `id` is what a `goto` or a loop may call it. */
export interface Named {
  id?: string;
}

/** What any step that takes time may carry, beside what the protocol says. */
export interface Watched extends Named {
  limits?: ProtocolLimits;
  record?: Recording;
}

/** Exactly one of them; positive charges. `rateC`: shares of the nominal capacity an hour. */
export interface Strength {
  currentMa?: number;
  currentDensityMaCm2?: number;
  rateC?: number;
}

/** Largest current, either direction: one of them, or none, then that of `limits`, then the
 *  largest the board can set. */
export interface LargestCurrent {
  currentMaxMa?: number;
  currentDensityMaxMaCm2?: number;
  rateMaxC?: number;
}

/** `timeS` ends it, or what `until` says before. */
export interface RestStep extends Watched, AfterOutage {
  step: "rest";
  timeS: number;
  until?: Until;
}

/** Constant current. */
export interface CurrentStep extends Watched, Strength, Vigilance, AfterOutage {
  step: "current";
  until: Until;
}

/** Constant voltage. */
export interface VoltageStep extends Watched, LargestCurrent, Vigilance, AfterOutage {
  step: "voltage";
  voltageV: number;
  until: Until;
}

/** Constant current to `voltageV`, then constant voltage there until `until`: time and charge
 *  count over both, cut-offs on current in the hold alone. */
export interface CccvStep extends Watched, Strength, Vigilance, AfterOutage {
  step: "cccv";
  voltageV: number;
  until: Until;
}

/** A ramp of the voltage; over when it is at its end. */
export interface ScanStep extends Watched, LargestCurrent, Vigilance, AfterOutage {
  step: "scan";
  fromV: number;
  toV: number;
  rateMvPerS: number;
  until?: Until;
}

/** `count` times a current for `timeS` and a rest of `restS`, recorded every 0.1 s unless `record`
 *  says otherwise. */
export interface PulseStep extends Watched, Strength, Vigilance, AfterOutage {
  step: "pulse";
  timeS: number;
  restS: number;
  count: number;
}

/** Impedance by a sine of current around zero, at frequencies in equal ratios; exactly one of the
 *  amplitudes. */
export interface ImpedanceStep extends Watched, Vigilance, AfterOutage {
  step: "impedance";
  amplitudeMa?: number;
  amplitudeDensityMaCm2?: number;
  fromHz: number;
  toHz: number;
  pointsPerDecade: number;
}

/** Goes back to the step `to` (number from 1, or `id`) until the steps between have run `count`
 *  times. */
export interface LoopStep extends Named {
  step: "loop";
  to: number | string;
  count: number;
}

/** Takes no time: `goto` follows when `when` holds, else `else`, else the next step. */
export interface IfStep extends Named {
  step: "if";
  when: Until;
  goto: Goto;
  else?: Goto;
}

/** The staircase of a critical-current-density test: exactly one of `stepMaCm2` (linear) and
 *  `factor` (geometric), and of `arealChargeMahCm2` (constant capacity) and `halfCycleS` (constant
 *  time). */
export interface CcdStep extends Watched, Vigilance {
  step: "ccd";
  startMaCm2: number;
  stepMaCm2?: number;
  factor?: number;
  maxMaCm2: number;
  arealChargeMahCm2?: number;
  halfCycleS?: number;
  /** One way: every half cycle charges, and `cyclesPerLevel` counts these. */
  direction?: "two-way" | "one-way";
  cyclesPerLevel?: number;
  restS?: number;
  voltageWindowV?: [number, number];
}

export type ProtocolStep =
  | (RestStep | CurrentStep | VoltageStep | CccvStep | ScanStep)
  | (PulseStep | ImpedanceStep | LoopStep | IfStep | CcdStep);

/** Steps in their order, and what holds in each of them unless it says otherwise; `limits` hold
 *  beside a step's own. */
export interface Protocol extends Vigilance, AfterOutage {
  name: string;
  /** What rates in C refer to; before what the cell file says. */
  capacityMah?: number;
  record?: Recording;
  limits?: ProtocolLimits;
  /** The run ends by a fault when it takes longer; needed where a jump leads backwards. */
  budgetS?: number;
  method: ProtocolStep[];
}
