// Force of the clamp: it settles, expands with temperature, and follows what voids leave of the
// metal's change in height. The paper states its press force only; all constants are assumed.

import type { Cell } from "./cell-state.ts";

/** Shares of the force that settle within half an hour and within 20 h. */
const FAST_FORCE_SHARE = 0.03;
const SLOW_FORCE_SHARE = 0.015;
const FORCE_N_PER_K = 7;
const FORCE_N_PER_UM = 2.5;
/** Height of sodium, and how much of it shows where contact is lost. */
const UM_PER_MAH_CM2 = 8.86;
const HEIGHT_SHARE = 0.12;
/** NVP shrinks while it is charged. */
const NVP_UM_PER_MAH_CM2 = 2.3;
const HEIGHT_LOSS_PER_H = 0.15;

/** Clamps a fresh cell with its full force. */
export function clamp(cell: Cell): void {
  cell.fastForceN = FAST_FORCE_SHARE * cell.clampForceN;
  cell.slowForceN = SLOW_FORCE_SHARE * cell.clampForceN;
  cell.heightUm = 0;
  refreshForce(cell);
}

/** One grid step of `hours` at the mean current density `i`, mA/cm2. */
export function stepForce(cell: Cell, i: number, hours: number): void {
  cell.fastForceN *= cell.factors.fastForceKept;
  cell.slowForceN *= cell.factors.slowForceKept;
  const swelling = cell.fullCell ? i * (UM_PER_MAH_CM2 - NVP_UM_PER_MAH_CM2) : voidHeight(cell, i);
  cell.heightUm += (swelling - HEIGHT_LOSS_PER_H * cell.thermal.creep * cell.heightUm) * hours;
  refreshForce(cell);
}

/** Height that voids add in a symmetric cell: what one electrode gains the other loses. */
function voidHeight(cell: Cell, i: number): number {
  const lost = 1 - Math.exp(-cell.a.loss);
  return Math.abs(i) * UM_PER_MAH_CM2 * HEIGHT_SHARE * lost;
}

/** The force now, N, from its parts and the temperature. */
export function refreshForce(cell: Cell): void {
  const settled = (1 - FAST_FORCE_SHARE - SLOW_FORCE_SHARE) * cell.clampForceN;
  const thermal = FORCE_N_PER_K * (cell.temperatureC - 25);
  const metal = FORCE_N_PER_UM * cell.heightUm;
  cell.forceN = settled + cell.fastForceN + cell.slowForceN + thermal + metal;
}
