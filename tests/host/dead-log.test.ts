// A board that carries the log, and whose flash is missing or dead: it says so in one line.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fetchRun } from "../../host/fetch.ts";
import type { Address } from "../../host/link/address.ts";
import { parseAddress } from "../../host/link/address.ts";
import { logLines } from "../../host/log-lines.ts";
import type { BoardServer } from "./board-server.ts";
import { blankMemory, serveBoard } from "./board-server.ts";

let board: BoardServer;
let folder = "";
let state: string | undefined;

function address(): Address {
  const parsed = parseAddress(board.target);
  if (parsed === null) throw new Error("no address");
  return parsed;
}

async function said(name: "start" | "status" | "selftest" | "stop"): Promise<string[]> {
  const wire = await address().open();
  const lines = await logLines(wire, name);
  wire.close();
  return lines;
}

/** Nothing wakes the chip any more: it answers nothing, like one that is not there. */
function kill(): void {
  const chip = board.channel.world.fitted.w25q32;
  if (chip === null) throw new Error("no chip");
  chip.awakeMs = Infinity;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cyclet-dead-log-"));
  state = process.env["CYCLET_STATE"];
  process.env["CYCLET_STATE"] = folder;
});
afterEach(async () => {
  await board.close();
  if (state === undefined) delete process.env["CYCLET_STATE"];
  else process.env["CYCLET_STATE"] = state;
  rmSync(folder, { recursive: true });
});

test("status, selftest and start say that no log chip answers; stop says nothing", async () => {
  board = await serveBoard(blankMemory(), 200, { log: "w25q32" });
  expect(await said("status")).toEqual(["log        empty"]);
  kill();
  const line = "log        no log chip answered: nothing can be fetched from it";
  for (const name of ["status", "selftest", "start"] as const) {
    expect(await said(name), name).toEqual([line]);
  }
  expect(await said("stop")).toEqual([]);
}, 30_000);

test("fetch says it in place of an empty log", async () => {
  board = await serveBoard(blankMemory(), 200, { log: "w25q32" });
  const fetch = (): Promise<number> => fetchRun(address(), { on: board.target }, () => undefined);
  await expect(fetch()).rejects.toThrow(/^tcp:\S+: no run is in the board's log$/);
  kill();
  await expect(fetch()).rejects.toThrow(/^tcp:\S+: fetch: no log chip answered$/);
}, 30_000);

test("a board that keeps no log is asked in vain, and nothing is said of it", async () => {
  board = await serveBoard();
  expect(await said("status")).toEqual([]);
});
