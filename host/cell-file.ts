// The cell in the press: what its file says, with defaults filled in.
import { readJson } from "./json-file.ts";
import { InputError } from "./input-error.ts";
import { createCheck } from "./schema-check.ts";
import { CELL_SCHEMA } from "./schema/cell.ts";

/** Negative electrodes that the simulator knows, or NZSP : Na by mass. */
export type Anode = "bareNa" | "hNa" | "SnO2Na" | "ZrO2Na" | { nzspToNaMassRatio: number };

/** How the simulator plays a cell. */
export interface Simulation {
  anode: Anode;
  /** Standard deviation of the contact's fluctuation, 0..0.2. */
  noise: number;
  seed: number;
  /** False = filaments grow, but never bridge. */
  shorts: boolean;
  /** True = an NVP cathode on one side. */
  fullCell: boolean;
}

/** A cell: cm², cm, S/cm, eV, N, °C, V; uncertainties relative (1 sigma). */
export interface Cell {
  name: string;
  areaCm2: number;
  electrolyte: { thicknessCm: number; conductivitySPerCm: number; activationEnergyEv: number };
  clampForceN: number;
  temperatureC: number;
  voltageWindowV: [number, number];
  /** What rates in C refer to: nominal capacity per area, or of the active mass. */
  arealCapacityMahCm2?: number;
  activeMassMg?: number;
  specificCapacityMahPerG?: number;
  uncertainty: { thickness: number; conductivity: number; area: number };
  sim: Simulation | null;
}

type SimulationFile = Pick<Simulation, "anode"> & Partial<Simulation>;
type CellFile = Omit<Cell, "uncertainty" | "sim"> & {
  $schema?: string;
  uncertainty?: Partial<Cell["uncertainty"]>;
  sim?: SimulationFile;
};

const check = createCheck(CELL_SCHEMA);
const UNCERTAINTY = { thickness: 0.05, conductivity: 0.1, area: 0.03 } as const;

// Hybrid anodes keep 25 mV at 0.5 mA/cm² for 6000 h (Cao et al. 2022, doi
// 10.1002/aenm.202102579) only where the contact is quieter than that of bare sodium.
function defaultNoise(anode: Anode): number {
  const bare = typeof anode === "object" ? anode.nzspToNaMassRatio === 0 : anode === "bareNa";
  return bare ? 0.1 : 0.05;
}

function simulation(file: SimulationFile): Simulation {
  return {
    anode: file.anode,
    noise: file.noise ?? defaultNoise(file.anode),
    seed: file.seed ?? 1,
    shorts: file.shorts ?? true,
    fullCell: file.fullCell ?? false,
  };
}

function checkCapacity(cell: Partial<Cell>, name: string): void {
  if (cell.specificCapacityMahPerG === undefined) return;
  if (cell.activeMassMg === undefined) {
    throw new InputError(
      `${name}: $.activeMassMg: missing; accepted: a mass, to which specificCapacityMahPerG refers`,
    );
  }
  if (cell.arealCapacityMahCm2 !== undefined) {
    throw new InputError(
      `${name}: $: two capacities; accepted: one of arealCapacityMahCm2, specificCapacityMahPerG`,
    );
  }
}

/** Nominal capacity, mAh: areal capacity x area, or active mass x specific capacity; null = the
 *  cell file says none. */
export function nominalCapacityMah(cell: Cell): number | null {
  const { areaCm2, arealCapacityMahCm2, activeMassMg, specificCapacityMahPerG } = cell;
  if (arealCapacityMahCm2 !== undefined) return arealCapacityMahCm2 * areaCm2;
  if (activeMassMg === undefined || specificCapacityMahPerG === undefined) return null;
  return (activeMassMg * specificCapacityMahPerG) / 1000;
}

/** A cell from parsed JSON; throws InputError that names `name` and the JSON path. */
export function parseCell(value: unknown, name: string): Cell {
  check(value, name);
  const { sim, uncertainty, ...rest } = value as CellFile;
  delete rest.$schema;
  checkCapacity(rest, name);
  const [low, high] = rest.voltageWindowV;
  if (low >= high) {
    throw new InputError(
      `${name}: $.voltageWindowV: [${low}, ${high}] is empty; accepted: [lowest, highest] in V`,
    );
  }
  return {
    ...rest,
    uncertainty: { ...UNCERTAINTY, ...uncertainty },
    sim: sim === undefined ? null : simulation(sim),
  };
}

/** Reads a cell file; throws InputError. */
export function readCell(path: string): Cell {
  return parseCell(readJson(path), path);
}
