// A program of 500 steps on the smallest board's interpreter: it reads them one by one, and takes
// no more variables at the end than at the begin. ESPRUINO names a Linux build of it.
import { expect, test } from "vitest";
import type { Step } from "../../firmware/protocol.ts";
import { STEP_CURRENT, STEP_REST, createStep } from "../../firmware/protocol.ts";
import { END_FINISHED, EVENT_STEP, EVENT_VERDICT } from "../../firmware/telemetry.ts";
import { decodeEvent } from "../../firmware/telemetry.ts";
import { deviceOptions } from "../../rollup.config.ts";
import { DEVICE_BOARDS } from "../boards/boards.ts";
import { outputOf } from "../boards/build.ts";
import { createMachine } from "../boards/machine.ts";
import { cellOf, memoryOf } from "../boards/rig.ts";
import { START_MS, worldOf } from "../boards/specimen.ts";
import { bootInterpreter, executable } from "./interpreter.ts";

const missing = executable === "";
const MINUTES = 60_000;
const STEPS = 500;
const CURRENT = 5e-4;

/** Ten at rest, else pairs of currents, each its own. */
function stepOf(_: unknown, i: number): Step {
  const step = { ...createStep(), budget: 60, duration: 1 + (i % 4) / 4 };
  if (i % 50 === 0) return { ...step, kind: STEP_REST };
  const current = (i % 2 === 0 ? 1 : -1) * CURRENT * (1 + i / 1000);
  return { ...step, kind: STEP_CURRENT, current, charge: 3 * CURRENT, voltageMax: 4 - i / 1000 };
}

// Needs the interpreter named in ESPRUINO; without it the suite says so.
test.skipIf(missing)(
  "runs through to its end, variables flat",
  async () => {
    const [board] = DEVICE_BOARDS.filter(({ name }) => name === "mdbt42q");
    const [chunk] = await outputOf(deviceOptions(board.name));
    const cell = cellOf("hNa");
    const memory = memoryOf(cell, Array.from({ length: STEPS }, stepOf));
    const machine = createMachine(board, worldOf({ cell, seed: 5, memory }, board));
    const session = bootInterpreter(chunk.code, machine, "ram");
    const usage: number[] = [];
    const told = (code: number): number[][] =>
      session.lines.flatMap((line) => {
        const event = decodeEvent(line);
        return event?.code === code ? [event.values] : [];
      });
    await session.runUntil(START_MS);
    session.send("start");
    for (let at = 20_000; told(EVENT_VERDICT).length === 0 && at < 3000e3; at += 20_000) {
      await session.runUntil(at);
      usage.push((await session.memory()).usage);
    }
    expect(session.exceptions).toEqual([]);
    await session.close();
    expect(told(EVENT_STEP).map(([index]) => index)).toEqual(
      Array.from({ length: STEPS }, (_, i) => i),
    );
    expect(told(EVENT_VERDICT)[0][2]).toBe(END_FINISHED);
    const settled = usage.slice(1, -1);
    console.log(`${STEPS} steps; variables in use every 20 s: ${settled.join(" ")}`);
    expect(Math.max(...settled) - Math.min(...settled)).toBeLessThanOrEqual(20);
  },
  20 * MINUTES,
);
