// `cyclet flash` against the real interpreter behind a TCP port, then the board that boots from
// what was written. The environment variable ESPRUINO names a Linux build of Espruino.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Bundle } from "../../host/bundle.ts";
import { bundleOf } from "../../host/bundle.ts";
import { flashBundle } from "../../host/flash.ts";
import { InputError } from "../../host/input-error.ts";
import { deviceOptions } from "../../rollup.config.ts";
import { SPECIMENS } from "../boards/boards.ts";
import { outputOf, uploadedBytes } from "../boards/build.ts";
import { boot } from "../boards/device.ts";
import type { Machine } from "../boards/machine.ts";
import { createMachine } from "../boards/machine.ts";
import { START_MS, specimen, worldOf } from "../boards/specimen.ts";
import type { Bridge } from "./bridge.ts";
import { disguise, serve } from "./bridge.ts";
import { bootFlash, executable, putFiles, runScript } from "./interpreter.ts";

const missing = executable === "";
const reason = "SKIPPED, the environment variable ESPRUINO names no interpreter: ";
if (missing) console.warn(`${reason}uploading is not proven on it`);

const MINUTES = 60_000;
const cell = specimen({ start: 0.4, step: 0.4, charge: 0.08, thickness: 0.05 }, 4);

const title = `${missing ? reason : ""}the bundle of $name, uploaded`;
// Skipped without an interpreter, see above.
describe.skipIf(missing).each(SPECIMENS)(title, (board) => {
  let text: string;
  let bundle: Bundle;
  let folder: string;
  let bridge: Bridge;
  let said: string[];
  const print = (line: string): number => said.push(line);
  const newMachine = (): Machine => createMachine(board, worldOf(cell, board));
  beforeAll(async () => {
    const output = await outputOf(deviceOptions(board.name));
    text = output[0].code;
    bundle = bundleOf(board.name, "", uploadedBytes(output));
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "cyclet-upload-"));
    said = [];
  });
  afterEach(async () => {
    await bridge.close();
    // Gone already where a session ran in it.
    rmSync(folder, { recursive: true, force: true });
  });
  const upload = async (bytes?: number): Promise<number> => {
    bridge = await serve(folder, disguise(board, bundle.board.espruino), bytes);
    return flashBundle(bundle, bridge.port, print);
  };

  test(
    "boots, and sends what the text sends in Node",
    async () => {
      // What is there from before is removed, and the rest kept.
      putFiles(folder, { ".bootcde": "var old;", notes: "kept" });
      expect(await upload()).toBe(0);
      expect(said.at(-2)).toContain(`CRC-32 ${bundle.crc}; it restarts`);
      // Where the interpreter for Linux is to restart, it ends.
      expect(await bridge.gone()).toBe(1);
      await bridge.close();
      const files = runScript(folder, 'print("@"+require("Storage").list()+"@");quit();');
      expect(files.split("@")[1].split(",").sort()).toEqual([".bootcde", "notes"]);

      const machine = newMachine();
      const session = bootFlash(folder, machine);
      const other = newMachine();
      for (const each of [session, boot(text, other)]) {
        await each.runUntil(START_MS);
        each.send("start");
        await each.runUntil(10_000);
      }
      await session.close();
      expect(session.exceptions).toEqual([]);
      expect(session.console()).not.toMatch(/Uncaught|Error/);
      expect(machine.trace.lines.length).toBeGreaterThan(5);
      expect(machine.trace).toEqual(other.trace);
    },
    5 * MINUTES,
  );

  test(
    "runs nothing when it was cut off",
    async () => {
      await expect(upload(40_000)).rejects.toThrow(/ended.*the board holds no program now$/);
      await bridge.close();
      const size = runScript(
        folder,
        'print("@"+require("Storage").read(".bootcde").length+"@");quit();',
      );
      expect(size.split("@")[1]).toBe(String(bundle.bytes.length));
      const machine = newMachine();
      const session = bootFlash(folder, machine);
      session.send("start");
      await session.runUntil(5000);
      expect(machine.trace).toMatchObject({ lines: [], calls: [], closings: [], transfers: 0 });
      await session.close();
    },
    5 * MINUTES,
  );

  test("is refused by another board, and by one with a program beside it", async () => {
    bridge = await serve(folder, "");
    const wrong = flashBundle(bundle, bridge.port, print);
    await expect(wrong).rejects.toThrow(`the board is a LINUX, this bundle is for`);
    await bridge.close();
    putFiles(folder, { ".bootrst": "var a;" });
    const beside = upload();
    await expect(beside).rejects.toThrow(InputError);
    await expect(beside).rejects.toThrow("its Storage has .bootrst");
    expect(said).toEqual([]);
  });
});
