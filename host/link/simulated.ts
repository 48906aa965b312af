// A channel in this very program: the firmware on a simulated board with a simulated cell.
import { createSimulated, MEMORY_AREAS } from "../../boards/simulated.ts";
import type { Cell } from "../cell-file.ts";
import type { Run } from "../meta.ts";
import { memoryImage } from "../program.ts";
import type { Link } from "./link.ts";

/** Powers on a simulated channel for `run`. `cell.sim` is set. */
export function openSimulated(run: Run, cell: Cell): Link {
  if (cell.sim === null) throw new Error(`${cell.name}: not a simulated cell`);
  const memory = memoryImage(MEMORY_AREAS, run.config, run.plan.steps);
  return createSimulated({ cell: { ...cell, sim: cell.sim }, seed: run.seed, memory });
}
