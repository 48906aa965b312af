// A fresh simulated board as a wire, for questions that it can answer at once.
import { createSimulated, MEMORY_AREAS, NOMINAL_CODE_MID } from "../../boards/simulated.ts";
import { createStep } from "../../firmware/protocol.ts";
import { configOf, memoryImage } from "../program.ts";
import type { SimulatedCell } from "../target.ts";
import type { Wire } from "./wire.ts";

/** Virtual time until the board has measured everything once, and until a question is answered. */
const WARM_UP_MS = 15_000;
const ANSWER_MS = 3000;

/** Powers on a simulated board with `cell` in it and a program that does nothing. */
export function openBench(cell: SimulatedCell): Wire {
  const memory = memoryImage(MEMORY_AREAS, configOf(cell, NOMINAL_CODE_MID), [createStep()]);
  const channel = createSimulated({ cell, seed: cell.sim.seed, memory });
  channel.runUntil(WARM_UP_MS);
  return {
    send: (line) => {
      channel.send(line);
      channel.runUntil(channel.now() + ANSWER_MS);
    },
    onLine: channel.onLine,
    ended: () => null,
    onEnd: () => undefined,
    abandon: () => undefined,
    close: () => undefined,
  };
}
