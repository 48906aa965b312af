// What comes in over the serial port while a run is on, on the real interpreter: noise may be
// anything, the loop goes on. The bundle is the board's, unmodified; ESPRUINO names a Linux build.
import { beforeAll, describe, expect, test } from "vitest";
import { SPECIMENS } from "../boards/boards.ts";
import { shippedBundle } from "../boards/build.ts";
import { boot } from "../boards/device.ts";
import type { Machine } from "../boards/machine.ts";
import { createMachine } from "../boards/machine.ts";
import type { Runnable } from "../boards/specimen.ts";
import { START_MS, specimen, worldOf } from "../boards/specimen.ts";
import type { Session } from "./interpreter.ts";
import { bootInterpreter, executable } from "./interpreter.ts";

const missing = executable === "";
const reason = "SKIPPED, the environment variable ESPRUINO names no interpreter: ";
if (missing) console.warn(`${reason}the console's hardness is not proven on it`);

const MINUTES = 60_000;
const FRAME_MS = 200;
const RUN_MS = 20_000;
/** The first half cycle has begun, after its rest. */
const BEGUN_MS = START_MS + 10_000;
const thinNa = specimen({ start: 0.4, step: 0.4, charge: 0.08, thickness: 0.05 }, 4);

/** Bytes that repeat themselves only after a long while; the same each time. */
function binary(count: number): string {
  let state = 12345;
  let bytes = "";
  while (bytes.length < count) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    bytes += String.fromCharCode(state >>> 24);
  }
  return bytes;
}

const all = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i));
const noises: [string, string][] = [
  [
    "the interrupt byte 0x03, alone, in crowds and as a line",
    "\x03" + "\x03".repeat(500) + "\n\x03\n",
  ],
  ["NULs", "\0".repeat(1000) + "\n\0\n"],
  ["every byte there is", all.repeat(4)],
  ["10 kB without an end", "x".repeat(10_000) + "\n"],
  ["10 kB of short lines", "nonsense 1 2 3\n".repeat(700)],
  ["10 kB of line ends", "\r\n".repeat(5000)],
  ["10 kB of binary noise", binary(10_000) + "\n"],
  ["text that would be code, on a console", '\n\x10reset();\nload()\nE.reboot()\nprocess.env\n"\n'],
];

const title = `${missing ? reason : ""}noise on the line of $name`;
// Skipped without an interpreter, see above.
describe.skipIf(missing).each(SPECIMENS)(title, (board) => {
  let code: string;
  beforeAll(async () => {
    code = await shippedBundle(board.name);
  });

  async function begin(device: Runnable): Promise<void> {
    await device.runUntil(START_MS);
    device.send("start");
    await device.runUntil(BEGUN_MS);
  }

  /** Frames and events; what was answered to noise is none of them. */
  function said(lines: readonly string[]): string[] {
    return lines.filter((line) => /^\["[dev]"/.test(line));
  }

  test(
    "leaves the run as it is: frames, heartbeat, kicks, relay, memory",
    async () => {
      const machine: Machine = createMachine(board, worldOf(thinNa, board));
      const quiet = createMachine(board, worldOf(thinNa, board));
      const other = boot(code, quiet);
      const session: Session = bootInterpreter(code, machine, "ram");
      await begin(session);
      await begin(other);
      const before = await session.memory();
      let until = BEGUN_MS;
      for (const [name, noise] of noises) {
        const { beats, kicks } = machine.trace;
        machine.sendBytes(noise);
        until += RUN_MS / noises.length;
        await session.runUntil(until);
        await other.runUntil(until);
        const frames = RUN_MS / noises.length / FRAME_MS;
        expect([name, machine.trace.beats - beats]).toEqual([name, quiet.trace.beats - beats]);
        expect(machine.trace.beats - beats).toBeGreaterThanOrEqual(frames - 1);
        expect(machine.trace.kicks - kicks).toBe(machine.trace.beats - beats);
        expect(machine.world.keepAlive.relayWanted).toBe(true);
        // A line may be at hand, nothing more.
        const { usage } = await session.memory();
        expect(usage - before.usage).toBeLessThan(60);
      }
      expect(session.exceptions).toEqual([]);
      expect(session.console()).not.toMatch(/Uncaught|Error|Ctrl-C/);
      expect(said(session.lines)).toEqual(said(other.lines));
      // What comes behind noise is heard.
      machine.sendBytes("\n");
      session.send("stop");
      await session.runUntil(until + 2000);
      await session.close();
      expect(session.lines.some((line) => line.startsWith('["e",8,'))).toBe(true);
      expect(machine.world.keepAlive.relayWanted).toBe(false);
    },
    10 * MINUTES,
  );

  test(
    "hears a command however it is cut",
    async () => {
      const machine = createMachine(board, worldOf(thinNa, board));
      const session = bootInterpreter(code, machine, "ram");
      await begin(session);
      expect(machine.world.keepAlive.relayWanted).toBe(true);
      for (const byte of "\r\nstop\r\n") machine.sendBytes(byte);
      await session.runUntil(BEGUN_MS + 2000);
      await session.close();
      expect(session.lines.some((line) => line.startsWith('["e",8,'))).toBe(true);
      expect(machine.world.keepAlive.relayWanted).toBe(false);
    },
    10 * MINUTES,
  );
});
