// The built command line against a board behind a TCP port, as a user would type it.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { targetCell } from "../../host/target.ts";
import type { BoardServer } from "../host/board-server.ts";
import { serveBoard } from "../host/board-server.ts";

const program = fileURLToPath(new URL("../../dist/cyclet.js", import.meta.url));

let board: BoardServer;
let folder = "";
beforeEach(async () => {
  board = await serveBoard();
  folder = mkdtempSync(join(tmpdir(), "cyclet-board-"));
  const { sim, ...cell } = targetCell("sim:hNa");
  expect(sim).toBeDefined();
  writeFileSync(join(folder, "cell.json"), JSON.stringify(cell));
});
afterEach(async () => {
  await board.close();
  rmSync(folder, { recursive: true });
});

function cyclet(
  args: string[],
  onOutput: (out: string, stop: () => void) => void = () => undefined,
) {
  const child = spawn(process.execPath, [program, ...args, "--on", board.target], { cwd: folder });
  let out = "";
  let err = "";
  child.stdout.on("data", (text: Buffer) => {
    out += text.toString();
    onOutput(out, () => child.kill("SIGINT"));
  });
  child.stderr.on("data", (text: Buffer) => (err += text.toString()));
  return new Promise<{ status: number | null; out: string; err: string }>((done) => {
    child.on("close", (status) => done({ status, out, err }));
  });
}

test("a board is loaded, started, held, resumed, asked and stopped", async () => {
  const load = await cyclet(["load", "rest", "--cell", "cell.json"]);
  expect(load).toMatchObject({ status: 0, err: "" });
  expect(load.out).toMatch(/^rest is loaded: 1 step, hash [0-9a-f]{8}…, for hNa, 0\.9747 cm²\n/);
  expect(load.out).toContain("the board is not calibrated");
  expect(await cyclet(["selftest"])).toMatchObject({ status: 0, err: "" });
  board.speed = 50;
  expect(await cyclet(["start"])).toEqual({ status: 0, out: "the run has started\n", err: "" });
  const twice = await cyclet(["start"]);
  expect([twice.status, twice.out]).toEqual([2, ""]);
  expect(twice.err).toMatch(/^cyclet: tcp:.*: start: a run is on; stop it first\n$/);
  expect(await cyclet(["hold"])).toMatchObject({ status: 0, out: "the run is held\n" });
  expect((await cyclet(["status"])).out).toMatch(/^phase {6}held, step 1 of the program/);
  expect(await cyclet(["resume"])).toMatchObject({ status: 0, out: "the run goes on\n" });
  expect(await cyclet(["stop"])).toMatchObject({ status: 0, out: "the run is stopped\n" });
  expect(await cyclet(["clear"])).toMatchObject({ status: 0, out: "no fault is latched\n" });
});

test("a run ends at the first signal with whole files and a board at rest", async () => {
  board.speed = 50;
  const args = ["run", "ccd", "--cell", "cell.json", "--out", "."];
  let stopped = false;
  const { status, out } = await cyclet(args, (text, stop) => {
    if (stopped || !text.includes("rest")) return;
    stopped = true;
    stop();
  });
  expect(out).toContain("stopped by hand");
  expect(status).toBe(1);
  const events = readFileSync(join(folder, "ccd-hNa.events.ndjson"), "utf8").trimEnd().split("\n");
  expect(JSON.parse(events.at(-1) ?? "")).toMatchObject({ event: "verdict", end: "stopped" });
  expect(board.channel.shell.channel.run.schedule.phase).toBe(0);
  expect(board.channel.shell.state.relay).toBe(0);
});

test("a run that is abandoned while the line is cut is not called stopped", async () => {
  board.speed = 20;
  const args = ["run", "ccd", "--cell", "cell.json", "--out", "."];
  let signals = 0;
  const { status, err } = await cyclet(args, (text, stop) => {
    if (text.includes("rest")) {
      board.deaf = true;
      board.cut();
    }
    if (signals > 0 || !text.includes("the line is cut")) return;
    // The first would wait for the board; a second of the same kind at once is one signal only.
    signals = 2;
    stop();
    setTimeout(stop, 500);
  });
  expect(status).toBe(130);
  expect(err).toBe(
    `cyclet: ${board.target}: the board has not heard the stop, its run may go on: ` +
      `cyclet stop --on ${board.target}\n`,
  );
  const events = readFileSync(join(folder, "ccd-hNa.events.ndjson"), "utf8").trimEnd().split("\n");
  expect(events.slice(-2).map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { event: "fault", code: "NO_VERDICT" },
    { event: "verdict", end: "fault" },
  ]);
  expect(board.channel.shell.channel.run.schedule.phase).not.toBe(0);
  board.deaf = false;
  expect(await cyclet(["stop"])).toMatchObject({ status: 0, out: "the run is stopped\n" });
});

test("nobody behind the port is status 3, in one line", async () => {
  await board.close();
  const { status, out, err } = await cyclet(["status"]);
  expect([status, out]).toEqual([3, ""]);
  expect(err).toMatch(/^cyclet: tcp:127\.0\.0\.1:\d+: no connection: [^\n]*\n$/);
  board = await serveBoard();
});
