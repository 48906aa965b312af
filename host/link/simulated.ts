// A channel in this very program: the firmware on a simulated board with a simulated cell.
import { createSimulated, MEMORY_AREAS } from "../../boards/simulated.ts";
import type { Run } from "../meta.ts";
import { memoryImage } from "../program.ts";
import type { Link } from "./link.ts";

/** Powers on a simulated channel for `run`. */
export function openSimulated(run: Run): Link {
  const memory = memoryImage(MEMORY_AREAS, run.config, run.plan.steps);
  return createSimulated({ cell: run.simulated, seed: run.seed, memory });
}
