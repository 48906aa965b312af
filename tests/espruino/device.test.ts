// The bundles that are flashed, unmodified, on the real interpreter, against the same run in Node:
// world and time are those of the register-level simulator. The environment variable ESPRUINO names
// a Linux build of Espruino; without it there is nothing to run on.
import type { Plugin, RollupOptions } from "rollup";
import { beforeAll, describe, expect, test } from "vitest";
import { EVENT_SHORT, VERDICT_HARD } from "../../firmware/telemetry.ts";
import { ACTION_LOG, ACTIONS_SOFT } from "../../firmware/protocol.ts";
import { DEVICE_BOARDS, SPECIMENS } from "../boards/boards.ts";
import { outputOf, uploadedBytes } from "../boards/build.ts";
import { deviceOptions } from "../../rollup.config.ts";
import { boot } from "../boards/device.ts";
import type { Machine, MachineOptions } from "../boards/machine.ts";
import { createMachine } from "../boards/machine.ts";
import { eventsOf } from "../boards/same-events.ts";
import { START_MS, runToVerdict, specimen, worldOf } from "../boards/specimen.ts";
import { expectSame, expectSameLines } from "./beside.ts";
import type { Memory } from "./far-end.ts";
import { bareMemory, bootInterpreter, executable } from "./interpreter.ts";

const missing = executable === "";
const reason = "SKIPPED, the environment variable ESPRUINO names no interpreter: ";
if (missing) console.warn(`${reason}the device bundles are not proven on it`);

const MINUTES = 60_000;
/** Of a verdict's values, the level that failed. */
const FAILING_PA = 7;
const DEADLINE_MS = 2 * 3600e3;
/** Bytes of a variable on the boards. */
const BOARD_BLOCK = 13;

/** What the boards have as the distance of their frames, and what a long test has, ms. */
const SHIPPED_MS = 200;
const LONG_MS = 1000;
const SHORT_MS = 100;
/** Ten minutes and more before the hard short. */
const FASTER_FROM_MS = 56 * MINUTES;
/** So much of the test is run with frames as they are shipped. */
const SHIPPED_UNTIL_MS = 5 * MINUTES;

// A thin pellet, so that the hard short comes within some hour of virtual time. After a soft short
// before it every frame is told.
const logFaster = ACTION_LOG << ACTIONS_SOFT;
const staircase = { start: 0.4, step: 0.2, charge: 0.1, thickness: 0.05, actions: logFaster };
const thinNa = specimen(staircase, 14);

/** The bundle of a board with frames a second apart, and ten a second from some minute on; all else
 *  is what is shipped. */
function longOptions(board: string): RollupOptions {
  const options = deviceOptions(board);
  const shipped = `framePeriodMs: ${SHIPPED_MS}`;
  const period = `getTime() < ${FASTER_FROM_MS / 1000} ? ${LONG_MS} : ${SHORT_MS}`;
  const slower: Plugin = {
    name: "slower",
    transform: (code, id) => {
      if (!id.endsWith(`boards/${board}.ts`)) return null;
      expect(code.split(shipped)).toHaveLength(2);
      return {
        code: code.replace(shipped, `get framePeriodMs() { return ${period}; }`),
        map: null,
      };
    },
  };
  return { ...options, plugins: [...(options.plugins as Plugin[]), slower] };
}

const title = `${missing ? reason : ""}the bundle of $name on Espruino`;
// Skipped without an interpreter, see above.
describe.skipIf(missing).each(DEVICE_BOARDS)(title, (board) => {
  // What is uploaded, and the text it was made from.
  let code: string;
  let text: string;
  let machine: Machine;
  const newMachine = (options?: MachineOptions): Machine =>
    createMachine(board, worldOf(thinNa, board), options);
  beforeAll(async () => {
    const output = await outputOf(deviceOptions(board.name));
    code = uploadedBytes(output).toString("latin1");
    text = output[0].code;
  });

  test("starts from flash and sends what it sends in Node", async () => {
    machine = newMachine();
    const session = bootInterpreter(code, machine, "flash");
    const other = newMachine();
    const device = boot(text, other);
    for (const each of [session, device]) {
      await each.runUntil(START_MS);
      each.send("start");
      await each.runUntil(10_000);
    }
    expect(session.exceptions).toEqual([]);
    expect(session.console()).not.toMatch(/Uncaught|Error/);
    await session.close();
    expectSameLines(session.lines, device.lines);
    expect({ ...machine.trace, lines: [] }).toEqual({ ...other.trace, lines: [] });
  });

  test("leaves the board alone while the button is held at boot", async () => {
    machine = newMachine({ buttonHeld: true });
    const session = bootInterpreter(code, machine, "flash");
    session.send("start");
    await session.runUntil(5000);
    // The prelude listens to the port; the bundle does not.
    const { buttonMode, pins } = board;
    const calls = buttonMode === "" ? [] : [`${pins.button}.mode ${buttonMode}`];
    expect(machine.trace).toMatchObject({ lines: [], calls, closings: [], transfers: 0 });
    await session.close();
  });

  test("has a CRC32 that is the host's", async () => {
    machine = newMachine();
    const session = bootInterpreter(
      'const b = new Uint8Array(20); for (let i = 0; i < 20; i++) b[i] = i + "0".charCodeAt(0);' +
        `${board.serial}.write(E.CRC32(b.subarray(1, 10)) + "\\n");`,
      machine,
      "ram",
    );
    await session.runUntil(1);
    await session.close();
    expect(session.lines).toEqual([String(0xcbf43926)]);
  });

  if (SPECIMENS.includes(board)) {
    test(
      "runs a CCD test of bare sodium, frames a second apart, to the verdict that Node comes to",
      async () => {
        const [{ code: script }] = await outputOf(longOptions(board.name));
        machine = await expectSame(newMachine, script, (channel, onSlice) =>
          runToVerdict(channel, DEADLINE_MS, onSlice),
        );
        const events = eventsOf(machine.trace.lines);
        const verdict = events.at(-1);
        expect(verdict?.values[0]).toBe(VERDICT_HARD);
        // The bracket's upper level is that in which the cell itself latched.
        const { short, areaCm2 } = machine.world.cell;
        const failingMaCm2 = (verdict?.values[FAILING_PA] ?? 0) / 1e9 / areaCm2;
        expect(failingMaCm2).toBeCloseTo(Math.abs(short.latchedAtCurrentMaCm2), 1);
        // Ten frames a second for ten minutes around the shorts, one a second before.
        const endMs = events.at(-1)?.timeMs ?? 0;
        expect(endMs - FASTER_FROM_MS).toBeGreaterThan(10 * MINUTES);
        const faster = (endMs - FASTER_FROM_MS) / SHORT_MS;
        expect(machine.trace.beats).toBeGreaterThan(FASTER_FROM_MS / LONG_MS + 0.98 * faster);
        const shorts = events.filter(({ code }) => code === EVENT_SHORT);
        expect(shorts.length).toBeGreaterThan(0);
        expect(shorts.every(({ timeMs }) => timeMs > FASTER_FROM_MS)).toBe(true);
      },
      20 * MINUTES,
    );

    test(
      "runs the begin of that test with frames as they are shipped",
      async () => {
        await expectSame(newMachine, text, async (channel, onSlice) => {
          await channel.runUntil(START_MS);
          channel.send("start");
          while (channel.now() < SHIPPED_UNTIL_MS) {
            await channel.runUntil(channel.now() + 10_000);
            await onSlice?.();
          }
        });
      },
      20 * MINUTES,
    );
  }

  describe("in the memory of the board", () => {
    const none: Memory = { usage: 0, total: 0, blocksize: 0 };
    const bare = missing ? none : bareMemory();
    const fixed = bare.blocksize <= 17 && bare.total > board.variables + 500;
    const exact = bare.blocksize === BOARD_BLOCK;

    /** What the prelude takes, and how much has to be filled to leave what the board has. */
    async function measure(): Promise<[prelude: number, ballast: number]> {
      const probe = bootInterpreter(code, newMachine(), "flash");
      await probe.runUntil(1);
      const prelude = (probe.preludeMemory()?.usage ?? 0) - bare.usage;
      await probe.close();
      return [prelude, bare.total - board.variables - prelude];
    }

    // Skipped where variables are not fixed, or for a board that another stands for.
    test.skipIf(!fixed || !SPECIMENS.includes(board))(
      "runs the whole CCD test, out of its flash",
      async () => {
        const output = await outputOf(longOptions(board.name));
        const [, ballast] = await measure();
        const tokens = uploadedBytes(output).toString("latin1");
        machine = await expectSame(
          newMachine,
          output[0].code,
          (channel, onSlice) => runToVerdict(channel, DEADLINE_MS, onSlice),
          { tokens, ballast },
        );
        const events = eventsOf(machine.trace.lines);
        expect(events.at(-1)?.values[0]).toBe(VERDICT_HARD);
      },
      60 * MINUTES,
    );

    // Needs a build with fixed variables, more than the board has: the prelude takes some.
    test.skipIf(!fixed)(
      fixed
        ? `starts a run, each variable ${bare.blocksize} bytes${exact ? "" : " (the board's: 13)"}`
        : `SKIPPED, ESPRUINO has ${bare.total} variables of ${bare.blocksize} bytes; it takes a ` +
            `fixed number above ${board.variables}`,
      async () => {
        machine = newMachine();
        const [prelude, ballast] = await measure();
        const session = bootInterpreter(code, machine, "flash", ballast);
        await session.runUntil(START_MS);
        session.send("start");
        await session.runUntil(40_000);
        const { usage } = await session.memory();
        console.log(`bare ${bare.usage}, with the bundle ${usage - ballast - prelude} variables`);
        await session.close();
        expect(session.exceptions).toEqual([]);
      },
      10 * MINUTES,
    );
  });
});
