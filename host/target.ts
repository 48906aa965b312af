// What `--on` means: which channel, and which cell is in it.
import { BUILTIN_CELLS, builtinCell } from "./builtin-cells.ts";
import type { Cell, Simulation } from "./cell-file.ts";
import { readCell } from "./cell-file.ts";
import { InputError } from "./input-error.ts";
import { suggestion } from "./nearest.ts";

const SIMULATED = BUILTIN_CELLS.map((name) => `sim:${name}`);
const SIM = [...SIMULATED, "sim:FILE.json"].join(", ");
const ACCEPTED = `${SIM}, serial:PATH, tcp:HOST:PORT, firmata:PATH`;
const REAL = ["serial", "tcp", "firmata"];

/** A cell that the simulator can play. */
export type SimulatedCell = Cell & { sim: Simulation };

/** The same cell with another seed, if one is given. */
export function seeded(cell: SimulatedCell, seed: number | undefined): SimulatedCell {
  return seed === undefined ? cell : { ...cell, sim: { ...cell.sim, seed } };
}

/** The cell of a simulated target. Throws InputError for everything else. */
export function targetCell(target: string): SimulatedCell {
  const [scheme, ...rest] = target.split(":");
  const name = rest.join(":");
  if (REAL.includes(scheme) && name !== "") {
    throw new InputError(`--on ${target}: is a real board; accepted here: ${SIM}`);
  }
  if (scheme !== "sim" || name === "") {
    throw new InputError(`--on ${target}: unknown target; accepted: ${ACCEPTED}`);
  }
  const builtin = builtinCell(name);
  if (builtin !== null) return builtin;
  if (!name.endsWith(".json")) {
    const hint = suggestion(target, SIMULATED);
    throw new InputError(`--on ${target}: unknown cell${hint}; accepted: ${ACCEPTED}`);
  }
  const cell = readCell(name);
  const { sim } = cell;
  if (sim === null) {
    throw new InputError(
      `${name}: $.sim: missing; accepted: {"anode": …} to say what the simulator plays`,
    );
  }
  if (cell.clampForceN === 0) {
    throw new InputError(
      `${name}: $.clampForceN: the simulator needs a clamped cell; accepted: more than 0`,
    );
  }
  return { ...cell, sim };
}
