// The built command line on recordings, started as a user starts it.
import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const program = fileURLToPath(new URL("../../dist/cyclet.js", import.meta.url));
const fixture = (name: string): string =>
  fileURLToPath(new URL(`../host/fixtures/${name}`, import.meta.url));

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cyclet-replay-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Outcome {
  status: number | null;
  out: string;
  err: string;
}

function start(args: string[], node: string[] = []): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [...node, program, ...args], { cwd: folder });
}

function outcomeOf(child: ChildProcessWithoutNullStreams): Promise<Outcome> {
  const outcome: Outcome = { status: null, out: "", err: "" };
  child.stdout.on("data", (text: Buffer) => (outcome.out += text.toString()));
  child.stderr.on("data", (text: Buffer) => (outcome.err += text.toString()));
  return new Promise((done) => child.on("close", (status) => done({ ...outcome, status })));
}

function cyclet(...args: string[]): Promise<Outcome> {
  const child = start(args);
  child.stdin.end();
  return outcomeOf(child);
}

interface Line {
  event: string;
  t?: number | null;
  [key: string]: unknown;
}

function linesOf(out: string): Line[] {
  expect(out).toMatch(/\n$/);
  const lines = out.trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as Line);
}

function write(name: string, content: string | Buffer): void {
  writeFileSync(join(folder, name), content);
}

const HEADER = "Test Time / s,Voltage / V,Current / A";

/** Rows of 0.1 mA through 47 Ω, from `from` on. */
function rowsOf(count: number, from = 0): string {
  const row = (_: unknown, i: number): string =>
    `${from + i},${(0.0047 + (i % 3) * 1e-5).toFixed(5)},0.0001\n`;
  return Array.from({ length: count }, row).join("");
}

const pouch = {
  name: "pouch",
  areaCm2: 90,
  electrolyte: { thicknessCm: 0.0025, conductivitySPerCm: 0.001, activationEnergyEv: 0.2 },
  clampForceN: 10,
  temperatureC: 25,
  voltageWindowV: [0, 4.4],
};

describe("a recording", () => {
  test("of a real cell whose clock was set back: the row is named and left out", async () => {
    write("cell.json", JSON.stringify(pouch));
    const name = fixture("sintef-neware-time-bug.bdf.csv");
    const { status, out, err } = await cyclet("replay", name, "--cell", "cell.json");
    expect(status).toBe(0);
    expect(err).toBe(`cyclet: ${name}:26: time runs backwards; 1 row left out\n`);
    const lines = linesOf(out);
    expect(lines.filter((line) => line.event === "step")).toMatchObject([
      { t: 6970, setpointMaCm2: 0 },
      { t: 7200.01, setpointMaCm2: 24.23 },
    ]);
    expect(lines.filter((line) => line.event === "short")).toEqual([]);
    expect(lines.at(-1)).toMatchObject({ event: "verdict", verdict: "healthy" });
  });

  test("of a real half cell, with a sensor that was not there", async () => {
    write("cell.json", JSON.stringify(pouch));
    const name = fixture("sintef-landt.bdf.csv");
    const { status, out, err } = await cyclet("replay", name, "--cell", "cell.json");
    expect(status).toBe(0);
    expect(err).toContain("no temperature is recorded; the 25 °C of the cell file are used");
    expect(linesOf(out).at(-1)).toMatchObject({ event: "verdict", verdict: "healthy" });
  });

  test("of a run of our own shows what the channel found itself", async () => {
    await cyclet("demo");
    const path = (suffix: string): string =>
      join(folder, `runs/ccd-hNa-seed1/ccd-hNa-seed1.${suffix}`);
    const { status, out, err } = await cyclet("replay", path("bdf.csv"), "--cell", "hNa");
    expect([status, err]).toEqual([0, ""]);
    const replayed = linesOf(out);
    const found = linesOf(readFileSync(path("events.ndjson"), "utf8"));
    const firstShort = (lines: Line[]): number =>
      Number(lines.find((line) => line.event === "short")?.t);
    expect(Math.abs(firstShort(replayed) - firstShort(found))).toBeLessThan(60);
    const verdict = replayed.at(-1);
    expect(["soft-short", "hard-short"]).toContain(verdict?.["verdict"]);
    const { softMaCm2 } = verdict?.["ccd"] as { softMaCm2: number };
    const ccd = found.at(-1)?.["ccd"] as { softMaCm2: number };
    expect(Math.abs(softMaCm2 / ccd.softMaCm2 - 1)).toBeLessThan(0.01);
  });

  test("from standard input, a part of it", async () => {
    const child = start(["replay", "-", "--cell", "sim:hNa", "--from", "100", "--to", "200"]);
    const outcome = outcomeOf(child);
    child.stdin.on("error", () => undefined);
    child.stdin.end(`${HEADER}\n${rowsOf(1000)}`);
    const { status, out } = await outcome;
    expect(status).toBe(0);
    expect(linesOf(out)).toMatchObject([{ event: "step", t: 100 }, { event: "verdict" }]);
  });

  test.each([
    ["without a last line feed", `${HEADER}\n${rowsOf(99)}99,0.0047,0.0001`, ""],
    ["with carriage returns", `${HEADER}\n${rowsOf(99)}`.replaceAll("\n", "\r\n"), ""],
    ["cut off", `${HEADER}\n${rowsOf(99)}99,0.0`, "t.csv: the last line is cut off"],
    ["cut off in quotes", `${HEADER}\n${rowsOf(99)}99,0.0047,0.0001,"a`, "a quote is not closed"],
    [
      "with a bad row",
      `${HEADER}\n${rowsOf(200)}x,1,1\n`,
      't.csv:202: not usable: time "x"; 1 row',
    ],
    ["with empty lines", `\n${HEADER}\n\n${rowsOf(99)}\n\n`, ""],
    ["with rows at one time", `${HEADER}\n${rowsOf(99)}98,0.0047,0.0001\n`, "t.csv:101: the same"],
  ])("%s is replayed", async (_, text, words) => {
    write("t.csv", text);
    const { status, out, err } = await cyclet("replay", "t.csv", "--cell", "hNa");
    expect(status).toBe(0);
    expect(err).toContain(words);
    expect(err.split("\n")).toHaveLength(words === "" ? 2 : 3);
    expect(linesOf(out)).toMatchObject([{ event: "step" }, { event: "verdict" }]);
  });
});

describe("a replay", () => {
  test("ends at a signal with its verdict", async () => {
    const child = start(["replay", "-", "--cell", "hNa"]);
    const outcome = outcomeOf(child);
    child.stdin.on("error", () => undefined);
    child.stdin.write(`${HEADER}\n${rowsOf(5000)}`);
    await once(child.stdout, "data");
    child.kill("SIGINT");
    const { status, out } = await outcome;
    expect(status).toBe(1);
    const lines = linesOf(out);
    expect(lines.filter((line) => line.event === "verdict")).toHaveLength(1);
    expect(lines.at(-1)).toMatchObject({ event: "verdict", end: "stopped" });
  });

  test("ends quietly when nobody reads on", async () => {
    const child = start(["replay", "-", "--cell", "hNa"]);
    const outcome = outcomeOf(child);
    child.stdin.on("error", () => undefined);
    child.stdin.write(`${HEADER}\n${rowsOf(5000)}`);
    await once(child.stdout, "data");
    child.stdout.destroy();
    // Gaps: every row has something to say, until somebody notices that nobody listens.
    for (let i = 1; i <= 50; i++) child.stdin.write(rowsOf(50, i * 10_000));
    const { status, err } = await outcome;
    expect([status, err]).toEqual([0, ""]);
  });

  test("needs no more memory for a longer recording", async () => {
    const child = start(["replay", "-", "--cell", "hNa"], ["--max-old-space-size=40"]);
    const outcome = outcomeOf(child);
    child.stdin.write(`${HEADER}\n`);
    for (let i = 0; i < 60; i++) {
      if (!child.stdin.write(rowsOf(20_000, i * 20_000))) await once(child.stdin, "drain");
    }
    child.stdin.end();
    const { status, out } = await outcome;
    expect(status).toBe(0);
    expect(linesOf(out)).toHaveLength(2);
  });
});

describe("bad input", () => {
  const table = `${HEADER}\n${rowsOf(100)}`;
  const files: Record<string, string | Buffer> = {
    "empty.csv": "",
    "header.csv": `${HEADER}\n`,
    "unknown.csv": "foo,bar\n1,2\n",
    "binary.csv": Buffer.from([1, 2, 0, 3, 4]),
    "utf16.csv": Buffer.from(`\ufeff${table}`, "utf16le"),
    "packed.csv": gzipSync(table),
    "swapped.csv": `Test Time / s,Current / A,Voltage / V\n${"1,0.1,1e6\n".repeat(9)}`,
    "long.csv": `${table}${"1".repeat(3_000_000)}\n`,
    "endless.csv": "x".repeat(1_000_000),
    "worse.csv": `${table}${"101,?,1\n".repeat(2)}`,
    "good.csv": table,
  };
  const hNa = ["--cell", "hNa"];

  test.each<[string[], string, number]>([
    [["empty.csv", ...hNa], "empty.csv: the file is empty; accepted: a header with time", 0],
    [["header.csv", ...hNa], "header.csv: none of 0 rows can be used", 0],
    [["unknown.csv", ...hNa], 'unknown.csv: no usable header, found "foo,bar"; accepted: ', 0],
    [["binary.csv", ...hNa], "binary.csv: not text, or UTF-16; accepted: CSV in UTF-8", 0],
    [["utf16.csv", ...hNa], "utf16.csv: UTF-16 text; accepted: CSV saved as UTF-8", 0],
    [["packed.csv", ...hNa], "packed.csv: gzip-compressed; accepted: the unpacked CSV", 0],
    [["swapped.csv", ...hNa], 'first at line 2: voltage "1e6"', 0],
    [["long.csv", ...hNa], "long.csv:102: a row of more than 1048576 bytes", 2],
    [["endless.csv", ...hNa], "endless.csv: no usable header", 0],
    [["worse.csv", ...hNa], "worse.csv:102: 2 of 102 rows cannot be used", 2],
    [["nowhere.csv", ...hNa], "nowhere.csv: cannot be read: there is no such file", 0],
    [["folder", ...hNa], "folder: it is a folder; accepted: a CSV file, or - for standard", 0],
    [["good.csv"], "required option '--cell <file>' not specified", 0],
    [["good.csv", "--cell", "hNaa"], 'did you mean "hNa"?', 0],
    [["good.csv", "--cell", "gone.json"], "gone.json: cannot be read", 0],
    [["good.csv", ...hNa, "--from", "9", "--to", "3"], "accepted: --from below --to", 0],
    [["good.csv", ...hNa, "--from", "soon"], "accepted: seconds of test time", 0],
    [["good.csv", ...hNa, "--from", "1e6"], "good.csv: none of 100 rows can be used", 0],
  ])("cyclet replay %j is one line, status 2", async (args, words, lines) => {
    for (const [name, content] of Object.entries(files)) write(name, content);
    mkdirSync(join(folder, "folder"));
    const { status, out, err } = await cyclet("replay", ...args);
    expect(err).toContain(words);
    expect(err).toMatch(/^cyclet: [^\n]*\n$/);
    expect(status).toBe(2);
    expect(out.split("\n")).toHaveLength(lines + 1);
    // What was replayed before the fault has its verdict.
    if (lines > 0) expect(linesOf(out).at(-1)).toMatchObject({ event: "verdict", end: "fault" });
  });
});
