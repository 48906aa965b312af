// The paper's cells, and the cell file that a user of the instrument would have written about
// them: right within its own stated uncertainty, and no better.
import type { CellInput } from "../boards/simulated.ts";
import type { Anode, Cell } from "../host/cell-file.ts";
import { parseCell } from "../host/cell-file.ts";
import { createStream, gaussian } from "../sim/random.ts";

/** Contact noise off, for figures that the paper gives without scatter. */
export const QUIET = 0;

/** NZSP pellet of Cao et al., Adv. Energy Mater. 12 (2022) 2102579: 1.114 cm x 0.162 cm, 4.1 mS/cm,
 *  0.6 tonne-force; activation energy assumed. */
export function paperCell(anode: Anode, noise?: number, fullCell = false): Cell & CellInput {
  const name = typeof anode === "object" ? `NZSP:Na ${anode.nzspToNaMassRatio}` : anode;
  const file = {
    name,
    areaCm2: 0.9747,
    electrolyte: { thicknessCm: 0.162, conductivitySPerCm: 0.0041, activationEnergyEv: 0.29 },
    clampForceN: 5884,
    temperatureC: 25,
    // A bridge may drain a full cell for a while: no reason yet to give it up.
    voltageWindowV: fullCell ? [-1, 4.5] : [-4, 4],
    sim: noise === undefined ? { anode, fullCell } : { anode, fullCell, noise },
  };
  const cell = parseCell(file, name);
  if (cell.sim === null) throw new Error("a cell of the paper has to be simulated");
  return { ...cell, sim: cell.sim };
}

/** What the instrument is told: area, thickness and conductivity off by normal deviates of the
 *  stated uncertainties. */
export function believed(cell: Cell, seed: number): Cell {
  const stream = createStream(seed, "cell file");
  const off = (value: number, share: number): number => value * (1 + share * gaussian(stream));
  const { thicknessCm, conductivitySPerCm, activationEnergyEv } = cell.electrolyte;
  return {
    ...cell,
    areaCm2: off(cell.areaCm2, cell.uncertainty.area),
    electrolyte: {
      thicknessCm: off(thicknessCm, cell.uncertainty.thickness),
      conductivitySPerCm: off(conductivitySPerCm, cell.uncertainty.conductivity),
      activationEnergyEv,
    },
  };
}
