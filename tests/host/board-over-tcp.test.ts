// The verbs and the upload, over a real socket, against the firmware on a simulated board.
import { writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MEMORY_AREAS, NOMINAL_CODE_MID } from "../../boards/simulated.ts";
import {
  AREA_CM2,
  CONFIG_BYTES,
  PER_RANGE,
  VOLTAGE_GAIN,
  ZERO_CODE,
} from "../../firmware/config.ts";
import { createConfig, decodeConfig, encodeConfig } from "../../firmware/config.ts";
import type { Config } from "../../firmware/config.ts";
import { InputError } from "../../host/input-error.ts";
import { parseAddress } from "../../host/link/address.ts";
import type { Wire } from "../../host/link/wire.ts";
import { configOf, isNominal, programHash } from "../../host/program.ts";
import { load } from "../../host/real-board.ts";
import { targetCell } from "../../host/target.ts";
import type { Outcome, VerbName } from "../../host/verbs.ts";
import { carry } from "../../host/verbs.ts";
import type { BoardServer } from "./board-server.ts";
import { blankMemory, serveBoard } from "./board-server.ts";

let board: BoardServer;
let wire: Wire;
let folder = "";
let cellFile = "";

async function serve(memory?: Uint8Array): Promise<void> {
  await board?.close();
  board = await serveBoard(memory);
  const address = parseAddress(board.target);
  if (address === null) throw new Error("no address");
  wire = await address.open();
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "cyclet-link-"));
  cellFile = join(folder, "cell.json");
  const { sim, ...cell } = targetCell("sim:hNa");
  expect(sim).toBeDefined();
  writeFileSync(cellFile, JSON.stringify({ ...cell, name: "pellet", areaCm2: 0.95 }));
  await serve();
});
afterEach(async () => {
  wire.close();
  await board.close();
  rmSync(folder, { recursive: true });
});

function say(name: VerbName): Promise<Outcome> {
  return carry(wire, board.target, name);
}

function loadPreset(cell: string | undefined = cellFile) {
  return load(wire, board.target, "rest", cell);
}

function onBoard(): Config {
  const config = createConfig(NOMINAL_CODE_MID);
  const bytes = new Uint8Array(CONFIG_BYTES);
  board.channel.shell.board.memory.read(MEMORY_AREAS.config, bytes);
  expect(decodeConfig(bytes, config, crc32)).toBe(true);
  return config;
}

function calibratedMemory(): Uint8Array {
  const memory = blankMemory();
  const config = configOf(targetCell("sim:hNa"), NOMINAL_CODE_MID);
  config[VOLTAGE_GAIN] = 1.01;
  config[ZERO_CODE + 2 * PER_RANGE] = 32700;
  encodeConfig(config, memory.subarray(0, CONFIG_BYTES), crc32);
  return memory;
}

describe("a fresh board", () => {
  test("says what it lacks, in words and by its status", async () => {
    const { lines, status } = await say("status");
    expect(status).toBe(3);
    expect(lines[0]).toBe("phase      idle");
    expect(lines.join("\n")).toMatch(/program {4}none\nfault {6}CONFIG: .*load a protocol/);
    await expect(say("start")).rejects.toThrow(/: start: fault CONFIG: /);
    const failed = (await say("selftest")).lines.filter((line) => line.startsWith("failed"));
    expect(failed.slice(-3).map((line) => line.split(/ +/)[1])).toEqual([
      "configuration:",
      "program:",
      "current:",
    ]);
  });

  test("needs to be told which cell it has", async () => {
    const failure = load(wire, board.target, "rest", undefined);
    await expect(failure).rejects.toThrow(/the board knows no cell yet; accepted: --cell FILE/);
    await expect(failure).rejects.toBeInstanceOf(InputError);
    expect(board.heard).not.toContain("load");
  });

  test("takes a protocol and a cell, and runs it", async () => {
    const { plan, config } = await loadPreset();
    expect(isNominal(config, NOMINAL_CODE_MID)).toBe(true);
    expect(plan.hash).toBe(programHash(plan.steps));
    expect(board.channel.shell.channel.run.steps).toBe(plan.steps.length);
    expect(onBoard()[AREA_CM2]).toBe(0.95);
    expect(await say("start")).toEqual({ lines: ["the run has started"], status: 0 });
    const { lines, status } = await say("status");
    expect(status).toBe(0);
    expect(lines[0]).toMatch(/^phase {6}(starting|running|between two steps), step 1 of the pro/);
    await expect(say("start")).rejects.toThrow(/: start: a run is on; stop it first/);
    await expect(loadPreset()).rejects.toBeInstanceOf(InputError);
    expect(await say("stop")).toEqual({ lines: ["the run is stopped"], status: 0 });
    expect((await say("stop")).lines).toEqual(["no run is on: there is nothing to stop"]);
  });
});

describe("a board that has been calibrated", () => {
  beforeEach(() => serve(calibratedMemory()));

  test("keeps its calibration, and its cell where no other is given", async () => {
    await loadPreset();
    const first = onBoard();
    expect([first[VOLTAGE_GAIN], first[ZERO_CODE + 2 * PER_RANGE]]).toEqual([1.01, 32700]);
    expect(first[AREA_CM2]).toBe(0.95);
    const { plan, config } = await load(wire, board.target, "strip", undefined);
    expect(isNominal(config, NOMINAL_CODE_MID)).toBe(false);
    expect(plan.cell.areaCm2).toBe(0.95);
    expect(onBoard()).toEqual(first);
  });

  test("keeps it when a load broke off", async () => {
    board.toBoard = (line) => {
      if (!line.startsWith("put")) return line;
      board.cut();
      return null;
    };
    await expect(loadPreset()).rejects.toThrow(/: load: the connection ended/);
    board.toBoard = (line) => line;
    wire = (await parseAddress(board.target)?.open()) as Wire;
    await expect(say("start")).rejects.toThrow(/fault PROTOCOL/);
    await loadPreset();
    expect(onBoard()[VOLTAGE_GAIN]).toBe(1.01);
  });
});

describe("a bad line", () => {
  test("is asked again when it is lost or damaged either way", async () => {
    // Every 4th piece on its way loses a digit, of the answers every 5th is lost, every 7th broken.
    let pieces = 0;
    board.toBoard = (line) => {
      return /^(put|get)/.test(line) && ++pieces % 4 === 0 ? line.slice(0, -1) : line;
    };
    let said = 0;
    board.toHost = (line) => (++said % 5 === 0 ? null : said % 7 === 0 ? '\x00["k",9' : line);
    const { plan } = await loadPreset();
    expect(board.channel.shell.channel.run.steps).toBe(plan.steps.length);
    expect(onBoard()[AREA_CM2]).toBe(0.95);
  });

  test("does not start a run twice, nor report a start as refused", async () => {
    await loadPreset();
    let lost = 0;
    board.toHost = (line) => (line.startsWith('["k",1,') && lost++ === 0 ? null : line);
    expect(await say("start")).toEqual({ lines: ["the run has started"], status: 0 });
    expect(board.heard.filter((line) => line === "start")).toHaveLength(2);
  });
});

test("hold and resume are said as they are", async () => {
  await expect(say("hold")).rejects.toThrow(/: hold: no run is on/);
  await expect(say("resume")).rejects.toThrow(/: resume: nothing is held/);
  await loadPreset();
  await say("start");
  while (board.channel.shell.channel.run.schedule.phase !== 3) {
    await new Promise((done) => setTimeout(done, 5));
  }
  expect((await say("hold")).lines).toEqual(["the run is held"]);
  expect((await say("status")).lines[0]).toMatch(/^phase {6}held/);
  expect((await say("resume")).lines).toEqual(["the run goes on"]);
  await say("stop");
  expect((await say("clear")).lines).toEqual(["no fault is latched"]);
});

test("a board that says nothing is reported as such", async () => {
  board.toHost = () => null;
  await expect(say("status")).rejects.toThrow(/: no answer to "status" within 7.5 s$/);
});
