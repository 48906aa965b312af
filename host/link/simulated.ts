// A channel in this very program: the firmware on a simulated board with a simulated cell.
import { createSimulated, MEMORY_AREAS } from "../../boards/simulated.ts";
import type { Config } from "../../firmware/config.ts";
import type { Plan } from "../plan.ts";
import { memoryImage } from "../program.ts";
import type { SimulatedCell } from "../target.ts";
import type { Link } from "./link.ts";

/** Powers on a simulated channel with `cell` in it, which is to run `plan`. */
export function openSimulated(cell: SimulatedCell, plan: Plan, config: Config): Link {
  const memory = memoryImage(MEMORY_AREAS, config, plan.steps, plan.whole);
  const channel = createSimulated({ cell, seed: cell.sim.seed, memory });
  return {
    send: channel.send,
    onLine: channel.onLine,
    now: channel.now,
    advance: (timeMs) => {
      channel.runUntil(timeMs);
      return Promise.resolve();
    },
    onCut: () => undefined,
    lost: () => false,
    close: () => undefined,
  };
}
