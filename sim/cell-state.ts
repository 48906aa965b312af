// The cell's state: plain data, advanced by cell.ts. Per area of pellet: mA/cm2, mAh/cm2,
// ohm cm2, mV; kinetics in hours. Positive current strips electrode A and plates electrode B.

import type { Anode, Composition } from "./composition.ts";
import type { Cathode } from "./fullcell.ts";

/** What a cell file says, as far as the simulator is concerned. */
export interface CellInput {
  name: string;
  areaCm2: number;
  electrolyte: { thicknessCm: number; conductivitySPerCm: number; activationEnergyEv: number };
  clampForceN: number;
  temperatureC: number;
  sim: {
    anode: Anode;
    /** Standard deviation of the contact fluctuation, 0..0.2. */
    noise: number;
    /** False = no metal bridge ever forms; filaments still grow. */
    shorts?: boolean;
    /** True = electrode A is an NVP cathode. */
    fullCell?: boolean;
  };
}

/** One metal electrode and its interface. */
export interface Electrode {
  /** Metal taken out and not yet replenished; negative = plated on top, mAh/cm2. */
  depletion: number;
  /** Fraction of the contact not lost to lasting voids, 1 = all there. */
  contact: number;
  /** Length of the longest filament over the pellet's thickness; 1 = spans it. */
  filament: number;
  interphaseOhmCm2: number;
  /** Contact fluctuation (Ornstein-Uhlenbeck), added to `loss`. */
  fluctuation: number;
  /** -ln(contact fraction) from voids, exhausted reservoir and fluctuation. */
  loss: number;
  /** Interface resistance at small signal, ohm cm2, at the cell's temperature. */
  interfaceOhmCm2: number;
  /** Its part in series with the reaction, and twice the exchange current density, mA/cm2. */
  seriesOhmCm2: number;
  twiceExchangeMaCm2: number;
  /** Interface voltage behind the double layer, mV. */
  overpotentialMv: number;
}

/** Metal bridge and its history. Times in s of cell time and currents in mA/cm2; -1 = never. */
export interface Short {
  /** 0 = none, 1 = bridged, 3 = latched hard. */
  state: number;
  conductanceMsCm2: number;
  bridges: number;
  burnOuts: number;
  /** A filament first spanned the pellet. */
  spannedAtS: number;
  spannedAtCurrentMaCm2: number;
  firstBridgeAtS: number;
  firstBridgeAtCurrentMaCm2: number;
  latchedAtS: number;
  latchedAtCurrentMaCm2: number;
}

/** Arrhenius factors at the cell's temperature, 1 at 25 degC; RT/F in mV. */
export interface Thermal {
  bulk: number;
  interface: number;
  creep: number;
  voltageMv: number;
}

/** Constants of one grid step, kept while its length and the temperature last. */
export interface StepFactors {
  hours: number;
  depletionKept: number;
  /** 1 - depletionKept, exactly. */
  depletionLost: number;
  interphaseKept: number;
  fluctuationKept: number;
  fluctuationSpread: number;
  fastForceKept: number;
  slowForceKept: number;
}

/** Terminal voltage as a function of the ionic current i at the end of a step:
 *  constant + slope i + thermal (shareA asinh(i / 2i0A) + shareB asinh(i / 2i0B)). */
export interface Network {
  constantMv: number;
  slopeOhmCm2: number;
  shareA: number;
  shareB: number;
  /** Butler-Volmer parts of both overpotentials at the current last tried, mV. */
  transferMvA: number;
  transferMvB: number;
  /** Share of each slow branch's change done within the step. */
  slow0: number;
  slow1: number;
  slow2: number;
  /** Full cell: change of its charge state per mA/cm2. */
  statePerMa: number;
}

export interface Cell {
  name: string;
  areaCm2: number;
  /** Electrolyte at 25 degC, its activation energy, and its thickness. */
  bulkOhmCm2: number;
  activationEnergyEv: number;
  thicknessCm: number;
  composition: Composition;
  noise: number;
  shorts: boolean;
  temperatureC: number;
  thermal: Thermal;
  a: Electrode;
  b: Electrode;
  /** In a full cell the cathode stands in for electrode A, which rests. */
  fullCell: boolean;
  cathode: Cathode;
  /** Voltages of slow transport at both electrodes together, mV. */
  slowMv0: number;
  slowMv1: number;
  slowMv2: number;
  short: Short;
  clampForceN: number;
  fastForceN: number;
  slowForceN: number;
  /** Change of height by stripping and plating, um. */
  heightUm: number;
  /** Time reached, the grid point passed last and the next one, s. */
  timeS: number;
  gridS: number;
  nextGridS: number;
  /** Grid used for long jumps without a bridge: 1 (default) to 60 s. */
  longStepS: number;
  /** Ionic charge since the last grid point, mA s/cm2. */
  charge: number;
  ionicMaCm2: number;
  factors: StepFactors;
  network: Network;
  /** Truth at the terminals, at `timeS`. */
  voltageV: number;
  currentA: number;
  forceN: number;
  /** Charge that has passed the terminals since the cell was made, each way on its own, C. */
  chargeInC: number;
  chargeOutC: number;
  /** Sign of the compliance limit reached, 0 = none. */
  limited: number;
}
