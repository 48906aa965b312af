// The full cell: a Na3V2(PO4)3 (NVP) cathode wetted by a little liquid in place of electrode A;
// electrode B is the anode. Charging (i > 0) takes sodium out of the cathode and plates it.
//
// Of Cao et al., Adv. Energy Mater. 12 (2022) 2102579: capacities of the first and of the 7300th
// cycle at 5 C, their mean coulombic efficiency, and the ratio of the apparent diffusion
// coefficients. The shape of the open-circuit curve is that of any NVP electrode: one plateau
// of two phases near 3.4 V against sodium, ended by solid solutions.

/** The cathode: sodium taken out over what can be taken out, and how much that is. */
export interface Cathode {
  /** 0 = discharged, 1 = charged. */
  stateOfCharge: number;
  capacityMahCm2: number;
}

/** 1 mg/cm2 of NVP at the 110.7 mAh/g of the first cycle, over the share of it between the
 *  usual limits of 2.5 and 3.8 V (calibrated). */
const CAPACITY_MAH_CM2 = 0.11177;
const FRESH_STATE = 0.01;
/** Share of the charge that passes by which capacity falls: 1 - (93.9 / 110.7)^(1 / 7299) of it a
 *  cycle, half each way. */
const FADE_SHARE = 2.255e-5 / 2;
/** Share of the charging current that does neither: the paper's mean efficiency, 99.8 %. The
 *  capacity that stays shows that it is no loss of sodium. */
const PARASITIC_SHARE = 0.002;
/** Resistance of the cathode with its liquid, ohm cm2 (assumed). */
const SERIES_OHM_CM2 = 25;
/** Its slow transport, ohm cm2. In the paper's formula D goes with 1 / (Warburg slope)^2; this
 *  share of the cathode makes the anodes' ratio 8.0 as published (calibrated). */
const WARBURG_OHM_CM2 = 1.427;
// Open circuit, mV: plateau and its slope, height and width of both ends (assumed).
const PLATEAU_MV = 3400;
const PLATEAU_SLOPE_MV = 10;
const FULL_MV = 450;
const FULL_WIDTH = 0.01;
const EMPTY_MV = 1600;
const EMPTY_WIDTH = 0.012;
/** Beyond so many widths the ends go on straight: volts outside of what an instrument drives. */
const STRAIGHT_FROM = 3;

export function createCathode(): Cathode {
  return { stateOfCharge: FRESH_STATE, capacityMahCm2: CAPACITY_MAH_CM2 };
}

/** exp(x), continued by its tangent beyond `STRAIGHT_FROM`: keeps Newton's rule in bounds. */
function steep(x: number): number {
  if (x <= STRAIGHT_FROM) return Math.exp(x);
  return Math.exp(STRAIGHT_FROM) * (1 + x - STRAIGHT_FROM);
}

/** Open-circuit voltage of the cathode against sodium, mV, at a state of charge (assumed). */
export function openCircuitMv(state: number): number {
  const full = FULL_MV * steep((state - 1) / FULL_WIDTH);
  const empty = EMPTY_MV * steep(-state / EMPTY_WIDTH);
  return PLATEAU_MV + PLATEAU_SLOPE_MV * (state - 0.5) + full - empty;
}

/** Its derivative, mV per unit of charge state. */
export function openCircuitSlopeMv(state: number): number {
  const full = steep(Math.min((state - 1) / FULL_WIDTH, STRAIGHT_FROM)) / FULL_WIDTH;
  const empty = steep(Math.min(-state / EMPTY_WIDTH, STRAIGHT_FROM)) / EMPTY_WIDTH;
  return PLATEAU_SLOPE_MV + FULL_MV * full + EMPTY_MV * empty;
}

/** Part of an ionic current `i` that moves sodium from one electrode to the other. */
export function useful(i: number): number {
  return i > 0 ? i * (1 - PARASITIC_SHARE) : i;
}

/** Charge state after `i` mA/cm2 in a step that changes it by `perMa` a mA/cm2. Charge is counted
 *  at every event, not on the grid of the slow states: a cut-off is met at its true time. */
export function stateAfter(cathode: Cathode, i: number, perMa: number): number {
  return cathode.stateOfCharge + useful(i) * perMa;
}

/** Change of the charge state per mA/cm2 in a step of `dtS`. */
export function statePerMa(cathode: Cathode, dtS: number): number {
  return dtS / 3600 / cathode.capacityMahCm2;
}

/** The cathode's series resistance, and that of its slow transport, ohm cm2 at 25 degC. */
export const CATHODE_OHM_CM2 = SERIES_OHM_CM2;
export const CATHODE_WARBURG_OHM_CM2 = WARBURG_OHM_CM2;

/** One grid step of fade at the mean ionic current density `i`, mA/cm2. */
export function fade(cathode: Cathode, i: number, hours: number): void {
  cathode.capacityMahCm2 -= FADE_SHARE * Math.abs(i) * hours;
}
