// A loss of power in the middle of a run, on the real interpreter: it ends like any program whose
// power is gone, another one boots over what the FRAM holds, and the run goes on.
import { expect, test } from "vitest";
import { STEP_REST, createStep } from "../../firmware/protocol.ts";
import { GO_ON } from "../../firmware/resume.ts";
import { EVENT_FAULT, EVENT_GAP, EVENT_RESUME, EVENT_VERDICT } from "../../firmware/telemetry.ts";
import { createWorld } from "../../sim/world.ts";
import { SPECIMENS } from "../boards/boards.ts";
import { shippedBundle } from "../boards/build.ts";
import { createMachine } from "../boards/machine.ts";
import { cellOf, memoryOf } from "../boards/rig.ts";
import { eventsOf } from "../boards/same-events.ts";
import { START_MS } from "../boards/specimen.ts";
import { bootInterpreter, executable } from "./interpreter.ts";

const missing = executable === "";
const reason = "SKIPPED, the environment variable ESPRUINO names no interpreter: ";
if (missing) console.warn(`${reason}a loss of power is not proven on it`);

const MINUTES = 60_000;
const REST_S = 20;
const CUT_MS = 12_000;
const DONE_MS = 30_000;
const cell = cellOf("bareNa");
const steps = [{ ...createStep(), kind: STEP_REST, duration: REST_S, budget: 2 * REST_S }];

// Skipped without an interpreter, see above.
test.skipIf(missing).each(SPECIMENS)(
  `${missing ? reason : ""}$name goes on with its run after a loss of power`,
  async (board) => {
    const code = await shippedBundle(board.name);
    const worldWith = (fram: Uint8Array) =>
      createWorld({ cell, seed: 4, fram, chips: board.chips });
    const first = createMachine(board, worldWith(memoryOf(cell, steps)));
    const before = bootInterpreter(code, first, "ram");
    await before.runUntil(START_MS);
    before.send("start");
    await before.runUntil(CUT_MS);
    await before.close();
    expect(eventsOf(first.trace.lines).map(({ code }) => code)).not.toContain(EVENT_VERDICT);

    const second = createMachine(board, worldWith(first.world.fram.memory.slice()));
    const after = bootInterpreter(code, second, "ram");
    await after.runUntil(DONE_MS);
    await after.close();
    const events = eventsOf(after.lines);
    const codes = events.map((event) => event.code);
    expect(after.exceptions).toEqual([]);
    expect(codes).not.toContain(EVENT_FAULT);
    expect(events.find(({ code }) => code === EVENT_GAP)?.values[0]).toBe(GO_ON);
    expect(codes).toContain(EVENT_RESUME);
    expect(codes.at(-1)).toBe(EVENT_VERDICT);
    // The rest was not begun anew.
    const [verdict] = events.slice(-1);
    expect(verdict.timeMs).toBeGreaterThan(REST_S * 1000);
  },
  10 * MINUTES,
);
