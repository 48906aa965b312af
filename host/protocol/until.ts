// Cut-offs and conditions as a protocol file gives them.

/** Where a jump leads: a step's number, from 1, or its `id`; "end" = the run has finished, "stop" =
 *  it ends as at a limit. */
export type Goto = number | string;

/** Each holds by itself; of several, any. Times in s, of this step (`runTimeS`: of the run); charge
 *  of this step, either direction; currents by their size; capacity of the last half cycle that is
 *  over, efficiency (discharge over charge) of the last whole cycle. `short`: present finding. */
export interface CutOffs {
  timeS?: number;
  chargeMah?: number;
  arealChargeMahCm2?: number;
  voltageAboveV?: number;
  voltageBelowV?: number;
  currentAboveMa?: number;
  currentBelowMa?: number;
  currentDensityBelowMaCm2?: number;
  rateBelowC?: number;
  efficiencyAbove?: number;
  efficiencyBelow?: number;
  capacityAboveMah?: number;
  capacityBelowMah?: number;
  temperatureAboveC?: number;
  temperatureBelowC?: number;
  forceAboveN?: number;
  forceBelowN?: number;
  short?: "soft" | "hard";
  runTimeS?: number;
}

/** Cut-offs, any of which holds once it has held for `delayS`. */
export interface Delayed extends CutOffs {
  delayS?: number;
}

/** Of an `any`: its cut-offs, or all of `all`; `goto` and `delayS` go before those around it. */
export interface AnyItem extends Delayed {
  goto?: Goto;
  all?: Delayed[];
}

/** Of an `all`: any of its cut-offs, or of `any`. */
export interface AllItem extends Delayed {
  any?: Delayed[];
}

/** Holds when one of its cut-offs does, or one item of `any`, or every item of `all`. Without a
 *  `goto` the next step follows. */
export interface Until extends Delayed {
  goto?: Goto;
  any?: AnyItem[];
  all?: AllItem[];
}
