// Recordings of every kind: sound ones with parts lost, gained and changed, and noise. They are
// refused in one plain line or replayed to a verdict, in bounded time and with figures only.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { END_FINISHED } from "../../firmware/telemetry.ts";
import { builtinCell } from "../../host/builtin-cells.ts";
import { openTrace } from "../../host/formats/trace.ts";
import { recogniseColumn } from "../../host/formats/trace-names.ts";
import { parseDate, parseNumber, parseSeconds } from "../../host/formats/trace-time.ts";
import { InputError } from "../../host/input-error.ts";
import { createExamination } from "../../host/replay-examination.ts";
import { createNotes } from "../../host/replay-notes.ts";
import { readRows } from "../../host/replay-reading.ts";
import type { ReplayRecord } from "../../host/replay-record.ts";
import { runs } from "./runs.ts";

const cell = builtinCell("hNa");
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

const HEADERS = [
  "Test Time / s,Voltage / V,Current / A,Surface Temperature / degC",
  "test_time_second,voltage_volt,current_ampere,step_index",
  "Record ID;Time(h:min:s.ms);Voltage(V);Current(mA);Status",
  "Date_Time\tTest_Time(s)\tVoltage(V)\tCurrent(A)\tStep_Index",
];

/** A few dozen rows that fit a header; the current changes its sign on the way. */
const table = fc
  .tuple(
    fc.constantFrom(...HEADERS),
    fc.integer({ min: 1, max: 80 }),
    fc.integer({ min: 1, max: 9 }),
  )
  .map(([header, count, pace]) => {
    const separator = /[;\t]/.exec(header)?.[0] ?? ",";
    const row = (i: number): string => {
      const amperes = i % 20 < 4 ? 0 : i % 40 < 20 ? 2e-4 : -2e-4;
      const figures = header.split(separator).map((name) => {
        if (/date/i.test(name)) return `2026-01-02 03:04:${String(i % 60).padStart(2, "0")}`;
        if (/h:min/.test(name)) return `0:${Math.floor((i * pace) / 60)}:${(i * pace) % 60}`;
        if (/time/i.test(name)) return String(i * pace);
        if (/volt/i.test(name)) return (amperes * 45 + 1e-5 * (i % 7)).toFixed(6);
        if (/mA/.test(name)) return (amperes * 1000).toFixed(4);
        if (/current/i.test(name)) return amperes.toFixed(7);
        return String(1 + Math.floor(i / 20));
      });
      return figures.join(separator);
    };
    return [header, ...Array.from({ length: count }, (_, i) => row(i))].join("\n") + "\n";
  });

const scrap = fc.oneof(
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.constantFrom(
    '"',
    ",",
    ";",
    "\t",
    "\n",
    "\r",
    "\0",
    "\ufeff",
    "1e999",
    "-",
    "NaN",
    "\u001b[2J",
  ),
  fc.constantFrom(" ".repeat(5000), "9".repeat(400), "(".repeat(3000), "\u009b2J", "a".repeat(2e4)),
);
const damage = fc.tuple(fc.nat(), fc.nat(40), scrap);
const damaged = fc
  .tuple(table, fc.array(damage, { minLength: 1, maxLength: 6 }))
  .map(([sound, all]) =>
    all.reduce((text, [where, lost, gained]) => {
      const at = where % (text.length + 1);
      return text.slice(0, at) + gained + text.slice(at + lost);
    }, sound),
  );
const recording = fc.oneof(
  { weight: 1, arbitrary: table.map((text) => Buffer.from(text)) },
  { weight: 6, arbitrary: damaged.map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)) },
);

/** What a replay of a file says: its records, or the line that refuses it. */
async function replayed(path: string): Promise<ReplayRecord[] | string> {
  if (cell === null) throw new Error("no such cell");
  const records: ReplayRecord[] = [];
  try {
    const trace = await openTrace(path);
    const examination = createExamination(cell, (record) => records.push(record));
    const notes = createNotes();
    const span = { fromS: -Infinity, toS: Infinity };
    await readRows({ trace, cell, span, examination, notes, stopped: false }, () => null);
    if (notes.taken === 0) return "";
    examination.finish(END_FINISHED);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return records;
}

describe("a recording", () => {
  let out = "";
  beforeAll(() => {
    out = mkdtempSync(join(tmpdir(), "cyclet-trace-"));
  });
  afterAll(() => rmSync(out, { recursive: true }));

  test("is refused in one plain line, or replayed to its verdict", async () => {
    let taken = 0;
    const path = join(out, "trace.csv");
    const check = async (bytes: Buffer): Promise<void> => {
      writeFileSync(path, bytes);
      const found = await replayed(path);
      if (typeof found === "string") {
        expect(CONTROL.test(found), JSON.stringify(found)).toBe(false);
        return;
      }
      taken++;
      const verdicts = found.filter(({ event }) => event === "verdict");
      expect(verdicts).toHaveLength(1);
      expect(found.at(-1)).toBe(verdicts[0]);
      for (const record of found.slice(0, -1)) {
        expect(JSON.stringify(record)).not.toMatch(/:null/);
      }
    };
    const amount = runs(400);
    await fc.assert(fc.asyncProperty(recording, check), amount);
    expect(taken).toBeGreaterThan((amount.numRuns ?? 0) / 5);
  });

  test("cannot hold the reader up by what stands in a cell", () => {
    const long = fc
      .tuple(
        fc.constantFrom("", "1", "a", "1:", "2026-01-01 "),
        fc.constantFrom(" ", "(", "_", "/", "0"),
      )
      .map(([start, filling]) => start + filling.repeat(200_000) + "x");
    const check = (text: string): void => {
      const begun = process.cpuUsage().user;
      recogniseColumn(text);
      parseNumber(text);
      parseSeconds(text, 1);
      parseDate(text, 1);
      // Milliseconds; a pattern that goes back and forth takes minutes.
      expect((process.cpuUsage().user - begun) / 1e6).toBeLessThan(2);
    };
    fc.assert(fc.property(long, check), runs(20));
  });
});
