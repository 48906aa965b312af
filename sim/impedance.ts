// Small-signal impedance of the cell as it stands: the network of cell-electric.ts, linearised.

import { SHARE, slowOhmCm2, TIME_S } from "./cell-electric.ts";
import type { Cell, Electrode } from "./cell-state.ts";
import { CATHODE_OHM_CM2, openCircuitSlopeMv } from "./fullcell.ts";

/** Ohm cm2. */
export interface Impedance {
  real: number;
  imaginary: number;
}

/** R / (1 + j w tau). */
function addBranch(z: Impedance, ohmCm2: number, omegaTau: number): void {
  const share = ohmCm2 / (1 + omegaTau * omegaTau);
  z.real += share;
  z.imaginary -= share * omegaTau;
}

function addInterface(z: Impedance, cell: Cell, e: Electrode, omega: number): void {
  const tauS = e.interfaceOhmCm2 * cell.composition.doubleLayerFCm2;
  addBranch(z, e.interfaceOhmCm2, omega * tauS);
}

/** Impedance at `hz` about zero current: pellet, interfaces behind their double layers, slow
 *  transport, in a full cell the cathode, and a metal bridge in parallel with all of it. */
export function impedanceOf(cell: Cell, hz: number): Impedance {
  const omega = 2 * Math.PI * hz;
  const z = { real: cell.bulkOhmCm2 * cell.thermal.bulk, imaginary: 0 };
  if (!cell.fullCell) addInterface(z, cell, cell.a, omega);
  addInterface(z, cell, cell.b, omega);
  const slow = slowOhmCm2(cell);
  for (let i = 0; i < SHARE.length; i++) addBranch(z, slow * SHARE[i], omega * TIME_S[i]);
  if (cell.fullCell) {
    z.real += CATHODE_OHM_CM2 * cell.thermal.interface;
    const { stateOfCharge, capacityMahCm2 } = cell.cathode;
    z.imaginary -= openCircuitSlopeMv(stateOfCharge) / (omega * 3600 * capacityMahCm2);
  }
  return bridged(z, cell.short.conductanceMsCm2 / 1000);
}

/** z / (1 + G z). */
function bridged(z: Impedance, siemensCm2: number): Impedance {
  const real = 1 + siemensCm2 * z.real;
  const imaginary = siemensCm2 * z.imaginary;
  const size = real * real + imaginary * imaginary;
  return {
    real: (z.real * real + z.imaginary * imaginary) / size,
    imaginary: (z.imaginary * real - z.real * imaginary) / size,
  };
}
