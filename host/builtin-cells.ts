// Simulated cells that need no file: sodium on a NaSICON pellet, on both sides or against NVP.
import type { Cell, Simulation } from "./cell-file.ts";
import { parseCell } from "./cell-file.ts";

/** Names after `sim:`: anodes of symmetric cells, and full cells. */
const SYMMETRIC = ["bareNa", "hNa", "SnO2Na", "ZrO2Na"] as const;
const FULL_CELLS = { nvp: "hNa", nvpBareNa: "bareNa" } as const;
export const BUILTIN_CELLS: readonly string[] = [...SYMMETRIC, ...Object.keys(FULL_CELLS)];

const AREA_CM2 = 0.9747;
/** The paper's cathode, and the theoretical capacity of NVP, which rates refer to. */
const NVP_MG_CM2 = 1;
const NVP_MAH_PER_G = 117;

/** What a full cell has that a symmetric one has not. */
const FULL = {
  voltageWindowV: [1, 4.2],
  activeMassMg: AREA_CM2 * NVP_MG_CM2,
  specificCapacityMahPerG: NVP_MAH_PER_G,
};

/** The cell of a name, null if there is none. Pellet, conductivity and clamp as in Cao et al.,
 *  Adv. Energy Mater. 12 (2022) 2102579: 1.114 cm x 0.162 cm, 4.1 mS/cm, 0.6 tf. */
export function builtinCell(name: string): (Cell & { sim: Simulation }) | null {
  if (!BUILTIN_CELLS.includes(name)) return null;
  const fullCell = name in FULL_CELLS;
  const anode = fullCell ? FULL_CELLS[name as keyof typeof FULL_CELLS] : name;
  const file = {
    name,
    areaCm2: AREA_CM2,
    electrolyte: { thicknessCm: 0.162, conductivitySPerCm: 0.0041, activationEnergyEv: 0.29 },
    clampForceN: 5884,
    temperatureC: 25,
    voltageWindowV: [-4, 4],
    ...(fullCell ? FULL : {}),
    sim: { anode, fullCell },
  };
  const { sim, ...cell } = parseCell(file, `sim:${name}`);
  return sim === null ? null : { ...cell, sim };
}
