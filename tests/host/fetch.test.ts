// `cyclet fetch` from a simulated board behind a real socket: what the log tells is what the line
// has told, to the log's own units.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fetchRun } from "../../host/fetch.ts";
import { parseAddress } from "../../host/link/address.ts";
import type { Address } from "../../host/link/address.ts";
import { runReal } from "../../host/run-real.ts";
import { targetCell } from "../../host/target.ts";
import type { BoardServer } from "./board-server.ts";
import { blankMemory, serveBoard } from "./board-server.ts";

const METHOD = [
  { step: "rest", timeS: 300 },
  { step: "current", currentMa: 0.1, until: { timeS: 400 } },
  { step: "current", currentMa: -0.3, until: { timeS: 300 } },
];
/** Units of the log at the cell: the widest gains' counts, V and A; newtons, kelvins. */
const VOLT = 62.5e-6 / 0.4;
const AMPERE = 62.5e-6 / 1000;

let board: BoardServer;
let address: Address;
let folder = "";
let said: string[] = [];
let state: string | undefined;

beforeEach(async () => {
  board = await serveBoard(blankMemory(), 200, { log: "w25q32" });
  const parsed = parseAddress(board.target);
  if (parsed === null) throw new Error("no address");
  address = parsed;
  folder = mkdtempSync(join(tmpdir(), "cyclet-fetch-"));
  state = process.env["CYCLET_STATE"];
  process.env["CYCLET_STATE"] = join(folder, "state");
  said = [];
  const { sim, ...cell } = targetCell("sim:hNa");
  expect(sim).toBeDefined();
  writeFileSync(join(folder, "cell.json"), JSON.stringify(cell));
  const program = { cyclet: 1, name: "short", method: METHOD };
  writeFileSync(join(folder, "short.json"), JSON.stringify(program));
});
afterEach(async () => {
  await board.close();
  if (state === undefined) delete process.env["CYCLET_STATE"];
  else process.env["CYCLET_STATE"] = state;
  rmSync(folder, { recursive: true });
});

const protocol = (): string => join(folder, "short.json");
const cell = (): string => join(folder, "cell.json");
const print = (line: string): void => void said.push(line);

function run(): Promise<number> {
  return runReal(address, protocol(), { cell: cell(), out: join(folder, "told") }, print);
}

function fetchInto(name: string, flags: object = {}): Promise<number> {
  const given = { protocol: protocol(), cell: cell(), ...flags };
  return fetchRun(address, { on: board.target, out: join(folder, name), ...given }, print);
}

function read(name: string, suffix: string): string {
  return readFileSync(join(folder, name, `short-hNa.${suffix}`), "utf8");
}

function rows(name: string): number[][] {
  const lines = read(name, "bdf.csv").trimEnd().split("\n").slice(1);
  const types = ["REST", "CC_CHG", "CC_DCH"];
  return lines.map((row) =>
    row.split(",").map((each) => {
      return types.includes(each) ? types.indexOf(each) : Number(each);
    }),
  );
}

/** Events but those that the host reckons from rows. */
function found(name: string): unknown[] {
  const lines = read(name, "events.ndjson").trimEnd().split("\n");
  const records = lines.map((line) => JSON.parse(line) as { event: string });
  return records.filter(({ event }) => event !== "cycle");
}

/** Figures of the cycles, as far as they are numbers. */
function cycles(name: string): number[][] {
  const lines = read(name, "cycles.csv").trimEnd().split("\n").slice(1);
  return lines.map((row) =>
    row
      .split(",")
      .filter((each) => each !== "")
      .map(Number),
  );
}

/** What was fetched tells what was told: all columns but time of day, to the log's units. */
function expectSame(fetched: number[][], told: number[][]): void {
  const charges = [1e-9, 1e-9, 2e-9, 2e-9, 2e-9, 2e-9];
  const most = [
    ...[0, VOLT, AMPERE, Infinity, 0, 0, 0, 0, 2e-6],
    ...[...charges, 1e-6, 1e-6, 0.05, 1.1e4, 1],
  ];
  expect(fetched.length).toBe(told.length);
  fetched.forEach((row, i) => {
    row.forEach((value, column) => {
      const off = Math.abs(value - told[i][column]);
      if (!(off <= most[column] / 2 + 1e-12)) {
        throw new Error(`row ${i}, column ${column}: ${value} and ${told[i][column]}`);
      }
    });
  });
}

test("the log tells what the line has told: rows, events, cycles", async () => {
  expect(await run()).toBe(0);
  expect(await fetchInto("fetched")).toBe(0);
  expectSame(rows("fetched"), rows("told"));
  expect(found("fetched")).toEqual(found("told"));
  const [ours, theirs] = [cycles("fetched"), cycles("told")];
  expect(ours).toHaveLength(1);
  // The smallest voltage step that they are reckoned from is some hundred counts.
  ours[0].forEach((value, i) => {
    expect(Math.abs(value - theirs[0][i])).toBeLessThan(1e-6 + 0.01 * Math.abs(theirs[0][i]));
  });
  expect(readdirSync(join(folder, "fetched"))).toEqual(readdirSync(join(folder, "told")));
  expect(said.at(-1)).toContain("fetched");
}, 120_000);

test("a run that nobody has listened to is fetched, in its middle and afterwards", async () => {
  board.toHost = (line) => (line.startsWith('["k"') || line.startsWith('["l"') ? line : null);
  const running = run().catch(() => 3);
  const phase = (): number => board.channel.shell.channel.run.schedule.phase;
  while (phase() === 0) await new Promise((done) => setTimeout(done, 5));
  const begun = board.channel.now();
  while (board.channel.now() < begun + 500e3) await new Promise((done) => setTimeout(done, 5));
  expect(await fetchInto("middle")).toBe(0);
  expect(read("middle", "events.ndjson").trimEnd().split("\n").at(-1)).toContain('"end":"running"');
  while (phase() !== 0) await new Promise((done) => setTimeout(done, 20));
  board.speed = 20;
  expect(await fetchInto("after")).toBe(0);
  const [middle, after] = [rows("middle"), rows("after")];
  expect(middle.length).toBeGreaterThan(300);
  expectSame(after.slice(0, middle.length), middle);
  expect(after.length).toBeGreaterThan(990);
  expect(read("after", "events.ndjson")).not.toContain('"gap"');
  board.cut();
  await running;
}, 120_000);
