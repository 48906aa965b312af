// The most variables that a bundle needs at once, where a board has little more: at boot over a
// journal, with the configuration in transit, in a run, at a proof's end. Needs an interpreter that
// counts them, see bench/espruino.md.
import { beforeAll, describe, expect, test } from "vitest";
import { PIECE_BYTES } from "../../firmware/console.ts";
import { decodeFrame } from "../../firmware/telemetry.ts";
import { deviceOptions } from "../../rollup.config.ts";
import { SPECIMENS } from "../boards/boards.ts";
import { outputOf, uploadedBytes } from "../boards/build.ts";
import { boot } from "../boards/device.ts";
import type { Machine } from "../boards/machine.ts";
import { createMachine } from "../boards/machine.ts";
import { eventsOf } from "../boards/same-events.ts";
import { START_MS, specimen, worldOf } from "../boards/specimen.ts";
import type { Session } from "./interpreter.ts";
import { bareMemory, bootInterpreter, executable } from "./interpreter.ts";

const bare = executable === "" ? null : bareMemory();
const missing = bare?.deepest === undefined;
const reason = "SKIPPED, the interpreter that ESPRUINO names does not count the deepest use: ";
if (missing) console.warn(`${reason}variables at their most are not measured`);

const MINUTES = 60_000;
/** What the prelude has on its own stack while it lets the bundle run. */
const ASKING = 31;
/** What is left over for what no test has come to. */
const SHARE = 0.75;
const CUT_MS = 12_000;
/** The first step's baseline is taken a minute after its begin. */
const PROVING_MS = 60_000;
const PROVEN_MS = 85_000;
const NO_CURRENT_PA = 1e6;
const cell = specimen({ start: 0.4, step: 0.2, charge: 0.1, thickness: 0.05 }, 9);

const title = `${missing ? reason : ""}the deepest use of variables on $name`;
// Skipped without an interpreter that counts, see above.
describe.skipIf(missing).each(SPECIMENS)(title, (board) => {
  let text: string;
  let code: string;
  beforeAll(async () => {
    const output = await outputOf(deviceOptions(board.name));
    text = output[0].code;
    code = uploadedBytes(output).toString("latin1");
  });

  const newMachine = (fram = cell.memory): Machine =>
    createMachine(board, worldOf({ ...cell, memory: fram }, board));

  /** Since the last time, without the prelude's share. */
  async function deepest(session: Session): Promise<number> {
    const prelude = (session.preludeMemory()?.usage ?? 0) - (bare?.usage ?? 0) + ASKING;
    const { deepest } = await session.memory();
    return (deepest ?? Infinity) - prelude;
  }

  function expectRoom(name: string, count: number): void {
    const share = ((100 * count) / board.variables).toFixed(1);
    console.log(`${board.name}, ${name}: ${count} of ${board.variables}, ${share} %`);
    expect(count).toBeLessThanOrEqual(SHARE * board.variables);
  }

  test(
    "at boot, in a run, and when a proof ends",
    async () => {
      const session = bootInterpreter(code, newMachine(), "flash");
      await session.runUntil(START_MS);
      expectRoom("boot", await deepest(session));
      session.send("start");
      await session.runUntil(CUT_MS);
      expectRoom("start and run", await deepest(session));
      await session.runUntil(PROVEN_MS);
      expectRoom("a proof", await deepest(session));
      await session.close();
      expect(session.exceptions).toEqual([]);
      // A cut of the current was long enough to be recorded.
      const frames = session.lines.map(decodeFrame).filter((frame) => frame !== null);
      const late = frames.filter((frame) => frame.timeMs > PROVING_MS);
      expect(late.some((frame) => Math.abs(frame.currentPa) < NO_CURRENT_PA)).toBe(true);
    },
    10 * MINUTES,
  );

  test(
    "at boot over a journal, whose run goes on",
    async () => {
      const first = newMachine();
      const before = boot(text, first);
      await before.runUntil(START_MS);
      before.send("start");
      await before.runUntil(CUT_MS);
      const session = bootInterpreter(code, newMachine(first.world.fram.memory.slice()), "flash");
      await session.runUntil(START_MS);
      expectRoom("boot over a journal", await deepest(session));
      await session.runUntil(CUT_MS);
      expectRoom("the run that goes on", await deepest(session));
      await session.close();
      expect(session.exceptions).toEqual([]);
      expect(eventsOf(session.lines).length).toBeGreaterThan(0);
    },
    10 * MINUTES,
  );

  test(
    "with the configuration in transit",
    async () => {
      const session = bootInterpreter(code, newMachine(), "flash");
      await session.runUntil(START_MS);
      session.send("load");
      await session.runUntil(2 * START_MS);
      await session.memory();
      const first = cell.memory.subarray(0, PIECE_BYTES);
      const bytes = Buffer.from(first).toString("hex");
      for (const request of [`put 0 ${bytes}`, `get 0 ${PIECE_BYTES}`, "commit"]) {
        session.send(request);
        await session.runUntil(session.now() + START_MS);
        expectRoom(request.slice(0, 6), await deepest(session));
      }
      await session.close();
      expect(session.exceptions).toEqual([]);
      expect(session.lines.some((line) => line.includes(first.join()))).toBe(true);
    },
    10 * MINUTES,
  );
});
