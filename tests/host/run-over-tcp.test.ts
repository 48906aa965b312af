// `cyclet run` on a board behind a real socket: a simulated one that keeps its own time.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { VOLTS_AT } from "../../firmware/sample.ts";
import { InputError } from "../../host/input-error.ts";
import { parseAddress } from "../../host/link/address.ts";
import { runReal } from "../../host/run-real.ts";
import { targetCell } from "../../host/target.ts";
import type { BoardServer } from "./board-server.ts";
import { serveBoard } from "./board-server.ts";

let board: BoardServer;
let out = "";
let said: string[] = [];

beforeEach(async () => {
  board = await serveBoard();
  out = mkdtempSync(join(tmpdir(), "cyclet-real-"));
  said = [];
  const { sim, ...cell } = targetCell("sim:hNa");
  expect(sim).toBeDefined();
  writeFileSync(join(out, "cell.json"), JSON.stringify(cell));
  const method = [{ step: "rest", timeS: 900 }];
  writeFileSync(join(out, "quiet.json"), JSON.stringify({ cyclet: 1, name: "quiet", method }));
});
afterEach(async () => {
  await board.close();
  rmSync(out, { recursive: true });
});

function run(): Promise<number> {
  const address = parseAddress(board.target);
  if (address === null) throw new Error("no address");
  const flags = { cell: join(out, "cell.json"), out };
  return runReal(address, join(out, "quiet.json"), flags, (line) => said.push(line));
}

function read(suffix: string): string {
  return readFileSync(join(out, `quiet-hNa.${suffix}`), "utf8");
}

function events(): Record<string, unknown>[] {
  const lines = read("events.ndjson").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

function times(): number[] {
  const rows = read("bdf.csv").trimEnd().split("\n").slice(1);
  return rows.map((row) => Number(row.split(",")[0]));
}

/** Resolves once the board has been running for `seconds` of its time. */
async function ranFor(seconds: number): Promise<void> {
  const { run } = board.channel.shell.channel;
  const at = (): number => board.channel.shell.channel.sample[VOLTS_AT] - run.totals.startedAt;
  while (run.schedule.phase !== 3 || at() < seconds) {
    await new Promise((done) => setTimeout(done, 5));
  }
}

test("records from the start to the verdict", async () => {
  const before = Date.now();
  expect(await run()).toBe(0);
  expect(events().at(-1)).toMatchObject({ event: "verdict", verdict: "healthy", end: "finished" });
  expect(times().length).toBeGreaterThan(890);
  const meta = JSON.parse(read("meta.json")) as Record<string, unknown>;
  expect(meta).toMatchObject({ target: board.target, seed: null, simulatedCell: null });
  expect(Date.parse(String(meta["epoch"]))).toBeGreaterThanOrEqual(before);
  expect(read("report.html")).not.toMatch(/simulated/i);
});

test("goes on after a cut, and counts what it has missed", async () => {
  const running = run();
  await ranFor(200);
  board.deaf = true;
  board.cut();
  await ranFor(400);
  board.deaf = false;
  expect(await running).toBe(0);
  const gap = events().find((record) => record["event"] === "gap") as {
    t: number;
    seconds: number;
  };
  expect(gap.t).toBeLessThan(400);
  expect(gap.t + gap.seconds).toBeGreaterThan(399);
  const inside = times().filter((t) => t > gap.t && t < gap.t + gap.seconds);
  expect(inside).toEqual([]);
  expect(said.filter((line) => line.startsWith("the line is cut"))).toHaveLength(1);
  expect(said).toContain("connected again");
});

test("ends without a verdict when that was said while the line was cut", async () => {
  const running = run();
  await ranFor(700);
  board.deaf = true;
  board.cut();
  while (board.channel.shell.channel.run.schedule.phase !== 0) {
    await new Promise((done) => setTimeout(done, 5));
  }
  await new Promise((done) => setTimeout(done, 100));
  board.deaf = false;
  expect(await running).toBe(3);
  expect(events().slice(-2)).toMatchObject([
    { event: "fault", code: "NO_VERDICT" },
    { event: "verdict", end: "fault" },
  ]);
});

test("says start again when it is lost", async () => {
  let starts = 0;
  board.toBoard = (line) => (line === "start" && ++starts === 1 ? null : line);
  expect(await run()).toBe(0);
  expect(starts).toBe(2);
});

test("refuses a board that is busy with another run, and leaves it alone", async () => {
  const first = run();
  await ranFor(100);
  const address = parseAddress(board.target);
  if (address === null) throw new Error("no address");
  const flags = { cell: join(out, "cell.json"), out };
  const second = runReal(address, join(out, "quiet.json"), flags, () => undefined);
  await expect(second).rejects.toThrow(/: load: a run is on; stop it first/);
  await expect(second).rejects.toBeInstanceOf(InputError);
  expect(await first).toBe(0);
});

test("refuses what only a simulation has", async () => {
  const address = parseAddress(board.target);
  if (address === null) throw new Error("no address");
  const refused = runReal(address, "rest", { seed: 3 }, () => undefined);
  await expect(refused).rejects.toThrow(/^--seed: tcp:.* is a real board/);
  expect(board.heard).toEqual([]);
});
