// Simulated symmetric cells that need no file: sodium on a NaSICON pellet.
import type { Cell, Simulation } from "./cell-file.ts";
import { parseCell } from "./cell-file.ts";

/** Names after `sim:`. */
export const BUILTIN_CELLS = ["bareNa", "hNa", "SnO2Na", "ZrO2Na"] as const;

/** The cell of a name, null if there is none. Pellet, conductivity and clamp as in Cao et al.,
 *  Adv. Energy Mater. 12 (2022) 2102579: 1.114 cm x 0.162 cm, 4.1 mS/cm, 0.6 tf. */
export function builtinCell(name: string): (Cell & { sim: Simulation }) | null {
  const anode = BUILTIN_CELLS.find((known) => known === name);
  if (anode === undefined) return null;
  const file = {
    name: anode,
    areaCm2: 0.9747,
    electrolyte: { thicknessCm: 0.162, conductivitySPerCm: 0.0041, activationEnergyEv: 0.29 },
    clampForceN: 5884,
    temperatureC: 25,
    voltageWindowV: [-4, 4],
    sim: { anode },
  };
  const { sim, ...cell } = parseCell(file, `sim:${name}`);
  return sim === null ? null : { ...cell, sim };
}
