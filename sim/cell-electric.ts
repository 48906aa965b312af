// The cell's terminals: bulk resistance, two interfaces (Butler-Volmer charge transfer behind a
// double layer), slow transport, and a metal bridge in parallel. Steps of any length: states
// relax by exact exponentials towards what the current at the step's end calls for.

import type { Cell, Electrode } from "./cell-state.ts";
import { CATHODE_OHM_CM2, CATHODE_WARBURG_OHM_CM2, openCircuitMv } from "./fullcell.ts";
import { openCircuitSlopeMv, stateAfter, statePerMa, useful } from "./fullcell.ts";

/** Slow transport: shares and time constants, s, of its three branches (calibrated). */
export const SHARE = [0.3, 0.4, 0.3];
export const TIME_S = [2.5, 25, 200];
const ELECTRODES = 2;
const TOLERANCE_MV = 1e-9;
const ITERATIONS_MAX = 60;

/** Advances the electrical states by `dtS` with the terminals driven at `target`, mA/cm2, as
 *  long as the voltage stays within `limitMv`. Leaves the truth at the terminals in `cell`. */
export function settle(cell: Cell, dtS: number, target: number, limitMv: number): void {
  prepareNetwork(cell, dtS);
  const bridge = cell.short.conductanceMsCm2 / 1000;
  let i = bridge === 0 ? target : ionicCurrent(cell, bridge, target);
  let voltage = voltageAt(cell, i);
  cell.limited = 0;
  if (voltage > limitMv || voltage < -limitMv) {
    cell.limited = voltage > 0 ? 1 : -1;
    voltage = cell.limited * limitMv;
    i = currentAt(cell, voltage, i);
  }
  commit(cell, i);
  cell.ionicMaCm2 = i;
  cell.voltageV = voltage / 1000;
  cell.currentA = ((i + bridge * voltage) * cell.areaCm2) / 1000;
}

/** The network at the end of a step of `dtS`; see `Network`. */
function prepareNetwork(cell: Cell, dtS: number): void {
  const n = cell.network;
  n.shareA = cell.fullCell ? 0 : doubleLayerShare(cell, cell.a, dtS);
  n.shareB = doubleLayerShare(cell, cell.b, dtS);
  n.slow0 = relaxed(dtS / TIME_S[0]);
  n.slow1 = relaxed(dtS / TIME_S[1]);
  n.slow2 = relaxed(dtS / TIME_S[2]);
  n.constantMv =
    cell.a.overpotentialMv * (1 - n.shareA) +
    cell.b.overpotentialMv * (1 - n.shareB) +
    cell.slowMv0 * (1 - n.slow0) +
    cell.slowMv1 * (1 - n.slow1) +
    cell.slowMv2 * (1 - n.slow2);
  const slow = SHARE[0] * n.slow0 + SHARE[1] * n.slow1 + SHARE[2] * n.slow2;
  n.slopeOhmCm2 =
    cell.bulkOhmCm2 * cell.thermal.bulk +
    n.shareA * cell.a.seriesOhmCm2 +
    n.shareB * cell.b.seriesOhmCm2 +
    slow * slowOhmCm2(cell);
  if (!cell.fullCell) return;
  n.slopeOhmCm2 += CATHODE_OHM_CM2 * cell.thermal.interface;
  n.statePerMa = statePerMa(cell.cathode, dtS);
}

/** Slow transport of all electrodes together, ohm cm2. */
export function slowOhmCm2(cell: Cell): number {
  const one = cell.composition.warburgOhmCm2;
  const both = cell.fullCell ? one + CATHODE_WARBURG_OHM_CM2 : ELECTRODES * one;
  return both * cell.thermal.interface;
}

/** Share of an interface's change that its double layer lets through within `dtS`. */
function doubleLayerShare(cell: Cell, e: Electrode, dtS: number): number {
  return relaxed(dtS / (e.interfaceOhmCm2 * cell.composition.doubleLayerFCm2));
}

/** 1 - exp(-x), to 1e-13 of one. */
function relaxed(x: number): number {
  if (x < 1e-3) return x * (1 - x * (0.5 - x * (1 / 6 - x / 24)));
  return x > 40 ? 1 : -Math.expm1(-x);
}

/** Terminal voltage at ionic current `i`, mV. Butler-Volmer with equal transfer coefficients:
 *  2 RT/F asinh(i / 2 i0); leaves these parts in the network. */
function voltageAt(cell: Cell, i: number): number {
  const n = cell.network;
  const scaleMv = 2 * cell.thermal.voltageMv;
  n.transferMvA = scaleMv * Math.asinh(i / cell.a.twiceExchangeMaCm2);
  n.transferMvB = scaleMv * Math.asinh(i / cell.b.twiceExchangeMaCm2);
  const transferMv = n.shareA * n.transferMvA + n.shareB * n.transferMvB;
  const voltageMv = n.constantMv + n.slopeOhmCm2 * i + transferMv;
  return cell.fullCell
    ? voltageMv + openCircuitMv(stateAfter(cell.cathode, i, n.statePerMa))
    : voltageMv;
}

function slopeAt(cell: Cell, i: number): number {
  const n = cell.network;
  const a = cell.a.twiceExchangeMaCm2;
  const b = cell.b.twiceExchangeMaCm2;
  const transfer = n.shareA / Math.sqrt(i * i + a * a) + n.shareB / Math.sqrt(i * i + b * b);
  const slope = n.slopeOhmCm2 + 2 * cell.thermal.voltageMv * transfer;
  if (!cell.fullCell) return slope;
  const share = i > 0 ? useful(1) : 1;
  return (
    slope + share * n.statePerMa * openCircuitSlopeMv(stateAfter(cell.cathode, i, n.statePerMa))
  );
}

/** Ionic current when a bridge of `bridge` S/cm2 shares the terminal current `target`: the root
 *  of i + G V(i) = target by Newton's rule (monotone, a few iterations). */
function ionicCurrent(cell: Cell, bridge: number, target: number): number {
  let i = cell.ionicMaCm2;
  for (let n = 0; n < ITERATIONS_MAX; n++) {
    const excess = i + bridge * voltageAt(cell, i) - target;
    const change = excess / (1 + bridge * slopeAt(cell, i));
    i -= change;
    if (Math.abs(change) <= TOLERANCE_MV / 1000) break;
  }
  return i;
}

/** Ionic current at a given terminal voltage, by Newton's rule from `start`. */
function currentAt(cell: Cell, voltageMv: number, start: number): number {
  let i = start;
  for (let n = 0; n < ITERATIONS_MAX; n++) {
    const change = (voltageAt(cell, i) - voltageMv) / slopeAt(cell, i);
    i -= change;
    if (Math.abs(change) <= TOLERANCE_MV / 1000) break;
  }
  return i;
}

/** Takes over the states at the end of the step, at the current last given to `voltageAt`. */
function commit(cell: Cell, i: number): void {
  const n = cell.network;
  relax(cell.a, n.shareA, i * cell.a.seriesOhmCm2 + n.transferMvA);
  relax(cell.b, n.shareB, i * cell.b.seriesOhmCm2 + n.transferMvB);
  const slowMv = i * slowOhmCm2(cell);
  cell.slowMv0 += (slowMv * SHARE[0] - cell.slowMv0) * n.slow0;
  cell.slowMv1 += (slowMv * SHARE[1] - cell.slowMv1) * n.slow1;
  cell.slowMv2 += (slowMv * SHARE[2] - cell.slowMv2) * n.slow2;
  if (cell.fullCell) cell.cathode.stateOfCharge = stateAfter(cell.cathode, i, n.statePerMa);
}

function relax(e: Electrode, share: number, goalMv: number): void {
  e.overpotentialMv += (goalMv - e.overpotentialMv) * share;
}
