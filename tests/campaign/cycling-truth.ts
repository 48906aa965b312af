// The model alone under an instrument without errors: what cycles its cell would show.
import { advanceCell, createCell } from "../../sim/cell.ts";
import type { Cell, CellInput } from "../../sim/cell-state.ts";
import { createStreams } from "../../sim/random.ts";
import type { CellCycle } from "./cell-cycles.ts";

const COMPLIANCE_V = 5.2;
/** Steps far from a cut-off, and near it, s. */
const FAR_S = 1;
const NEAR_S = 0.02;
/** Near a cut-off, V. */
const NEAR_V = 0.25;

/** A half cycle: A, and what ends it, V or s. */
export interface HalfCycle {
  currentA: number;
  untilV?: number;
  untilS?: number;
}

function settle(cell: Cell, step: (toS: number) => void, half: HalfCycle): void {
  const { currentA, untilV = Infinity * currentA, untilS = Infinity } = half;
  const endS = cell.timeS + untilS;
  while (cell.timeS < endS) {
    const gap = currentA > 0 ? untilV - cell.voltageV : cell.voltageV - untilV;
    if (gap <= 0) return;
    step(Math.min(endS, cell.timeS + (gap < NEAR_V ? NEAR_S : FAR_S)));
  }
}

/** Cycles of a cell that has rested for `restS`: charge, then discharge. */
export function trueCycles(
  input: CellInput,
  seed: number,
  restS: number,
  halves: readonly [HalfCycle, HalfCycle],
  cycles: number,
): CellCycle[] {
  const cell = createCell(input);
  const random = createStreams(seed);
  advanceCell(cell, random, restS, 0, COMPLIANCE_V);
  return Array.from({ length: cycles }, () => {
    const { chargeInC, chargeOutC } = cell;
    for (const half of halves) {
      // A new current moves the voltage at once, and only then says how far a cut-off is.
      const step = (toS: number): void => {
        advanceCell(cell, random, toS, half.currentA, COMPLIANCE_V);
      };
      step(cell.timeS + NEAR_S);
      settle(
        cell,
        step,
        half.untilS === undefined ? half : { ...half, untilS: half.untilS - NEAR_S },
      );
    }
    return { inC: cell.chargeInC - chargeInC, outC: cell.chargeOutC - chargeOutC };
  });
}
