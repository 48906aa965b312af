// Cycles as the virtual cell itself has seen them: the charge that the model moved through its
// terminals, told apart by the direction of the current. No converter, firmware or host has a part
// in it.
import type { Cell } from "../../sim/cell-state.ts";

/** A cycle's charges, C. */
export interface CellCycle {
  inC: number;
  outC: number;
}

/** Cycles of `cell` so far. */
export interface CellCycles {
  readonly cell: Cell;
  readonly whole: CellCycle[];
  /** The cell's charges when the present cycle began, and what it has taken in since, C. */
  fromInC: number;
  fromOutC: number;
  taken: number;
  /** Of the current, 1 or -1; 0 = none has flowed yet. */
  direction: number;
}

/** No cycle yet: charge comes first. */
export function cyclesOf(cell: Cell): CellCycles {
  return { cell, whole: [], fromInC: 0, fromOutC: 0, taken: 0, direction: 0 };
}

/** The current has flowed in `direction` (1 or -1) for a while, so that what it moved the other way
 *  before is complete. */
export function noteDirection(cycles: CellCycles, direction: number): void {
  if (direction === cycles.direction) return;
  const { cell, whole, fromInC, fromOutC } = cycles;
  if (direction < 0) cycles.taken = cell.chargeInC - fromInC;
  else if (cycles.direction < 0) {
    whole.push({ inC: cycles.taken, outC: cell.chargeOutC - fromOutC });
    cycles.fromInC += cycles.taken;
  }
  if (direction > 0) cycles.fromOutC = cell.chargeOutC;
  cycles.direction = direction;
}
