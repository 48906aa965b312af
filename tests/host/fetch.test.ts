// `cyclet fetch` from a simulated board behind a real socket: what the log tells is what the line
// has told, to the log's own units.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fetchRun } from "../../host/fetch.ts";
import { BDF_COLUMNS } from "../../host/formats/bdf-row.ts";
import { parseAddress } from "../../host/link/address.ts";
import type { Address } from "../../host/link/address.ts";
import { runReal } from "../../host/run-real.ts";
import { targetCell } from "../../host/target.ts";
import type { BoardServer } from "./board-server.ts";
import { blankMemory, serveBoard } from "./board-server.ts";
import { cycleFigures, expectSameCycle } from "./same-cycles.ts";

const METHOD = [
  { step: "rest", timeS: 300 },
  { step: "current", currentMa: 0.1, until: { timeS: 400 } },
  { step: "current", currentMa: -0.3, until: { timeS: 300 } },
];
/** Units of the log at the cell: the widest gains' counts, V and A; newtons, kelvins. */
const VOLT = 62.5e-6 / 0.4;
const AMPERE = 62.5e-6 / 1000;
/** The files' last digit. */
const DIGIT = 1e-12;
/** Half a count, and the line's last digit: what a voltage and a current may be off. */
const VOLTS_OFF = VOLT / 2 + 1e-6;
const AMPS_OFF = AMPERE / 2 + DIGIT;
/** The current's changes at the begin of charge and discharge, A: from 0 to 0.1 mA and from there
 *  to -0.3 mA; one that counts has arrived at its set-point within 2 % (host/half-cycle.ts). */
const CHANGES_A = [0.98 * 0.1e-3, 0.98 * 0.4e-3];

/** Columns of the rows. */
const CHARGE_IN = BDF_COLUMNS.indexOf("Charging Capacity / Ah");
const CHARGE_OUT = BDF_COLUMNS.indexOf("Discharging Capacity / Ah");
const ENERGY_IN = BDF_COLUMNS.indexOf("Charging Energy / Wh");
const ENERGY_OUT = BDF_COLUMNS.indexOf("Discharging Energy / Wh");

/** Answers until the cable is pulled out: more than the look at each sector. */
const PULLED_AFTER = 1030;

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

/** What was fetched tells what was told: all columns but time of day, to the log's units. */
function expectSame(fetched: number[][], told: number[][]): void {
  // Half a unit, and the pressure's digit; charges are the same microcoulombs.
  const pressure = 0.5e4 / targetCell("sim:hNa").areaCm2 + 1;
  const most = [
    ...[0, VOLTS_OFF, AMPS_OFF, Infinity, 0, 0, 0, 0, 0],
    ...[0, 0, 0, 0, 0, 0, NaN, NaN, 0.025, pressure, 0.5],
  ];
  // A sum of voltages, each times its share of the charge: off by the charge times their bound.
  const energies = new Map([
    [ENERGY_IN, CHARGE_IN],
    [ENERGY_OUT, CHARGE_OUT],
  ]);
  expect(fetched.length).toBe(told.length);
  fetched.forEach((row, i) => {
    row.forEach((value, column) => {
      const off = Math.abs(value - told[i][column]);
      const charge = told[i][energies.get(column) ?? -1];
      const bound = energies.has(column) ? charge * VOLTS_OFF : most[column];
      if (!(off <= bound + DIGIT)) {
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
  const [ours, theirs] = ["fetched", "told"].map((name) => cycleFigures(read(name, "cycles.csv")));
  expect(ours).toHaveLength(1);
  expect(theirs).toHaveLength(1);
  expectSameCycle(ours[0], theirs[0], CHANGES_A, targetCell("sim:hNa").areaCm2, {
    volts: VOLTS_OFF,
    amperes: AMPS_OFF,
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

test("a fetch whose cable is pulled out says so, and the next one goes on from there", async () => {
  expect(await run()).toBe(0);
  let told = 0;
  board.toHost = (line) => {
    if (line.startsWith('["l"') && ++told === PULLED_AFTER) board.cut();
    return line;
  };
  await expect(fetchInto("pulled")).rejects.toThrow(/^tcp:\S+: fetch: the connection ended: .*$/);
  expect(existsSync(join(folder, "pulled"))).toBe(false);
  expect(await fetchInto("again")).toBe(0);
  expectSame(rows("again"), rows("told"));
}, 120_000);
