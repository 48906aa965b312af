import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exportData } from "../../host/export.ts";
import { BDF_COLUMNS, createBdfRows } from "../../host/formats/bdf-row.ts";
import { labelOf, machineName } from "../../host/formats/bdf-names.ts";
import { openTrace } from "../../host/formats/trace.ts";
import type { TraceRow } from "../../host/formats/trace-row.ts";
import { createRowReader, createTraceRow } from "../../host/formats/trace-row.ts";
import { InputError } from "../../host/input-error.ts";
import { frame } from "./scripted-link.ts";

let folder = "";
let data = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cyclet-export-"));
  data = join(folder, "run.bdf.csv");
});
afterEach(() => rmSync(folder, { recursive: true }));

const rowOf = createBdfRows(0.5, 946684800000, []);
const rows = [
  frame({ timeMs: 0, stepCount: 0, voltageUv: 50 }),
  ...[1, 2, 3].map((s) =>
    frame({
      ...{ timeMs: s * 1000, stepCount: 1, direction: 1, voltageUv: 5000 },
      ...{ currentPa: 36e9, chargeInUc: s * 36000 },
    }),
  ),
  ...[4, 5].map((s) =>
    frame({
      ...{ timeMs: s * 1000 + 250, step: 1, stepCount: 2, cycleCount: 2, direction: -1 },
      ...{ voltageUv: -5000, currentPa: -36e9, chargeInUc: 108000, chargeOutUc: (s - 3) * 36000 },
    }),
  ),
].map((one) => rowOf(one).join(","));

function write(lines: readonly string[] = rows, header: readonly string[] = BDF_COLUMNS): void {
  writeFileSync(data, [header.join(","), ...lines, ""].join("\n"));
}

/** What a replay reads of a file. */
async function read(path: string): Promise<TraceRow[]> {
  const trace = await openTrace(path);
  const reader = createRowReader(trace.header.columns, 0.5);
  const found: TraceRow[] = [];
  for await (const cells of trace.rows()) {
    const row = createTraceRow();
    if (reader(cells, row) === "") found.push({ ...row });
  }
  return found;
}

describe("a data file", () => {
  test("as Neware writes it: step time, charge and energy start again with each step", async () => {
    write();
    const { path } = await exportData(data, { to: "neware" });
    expect(path).toBe(join(folder, "run.neware.csv"));
    const lines = readFileSync(path, "utf8").trim().split("\n");
    expect(lines[0]).toContain("Cycle Index,Step Index,Step Type,Time,Total Time,Current(A)");
    expect(lines[1]).toBe(
      "1,1,1,Rest,00:00:00.000,00:00:00.000,0,0.00005,0,0,0,0,0,0,2000-01-01 00:00:00,0",
    );
    expect(lines[4]).toBe(
      "4,1,1,CC Chg,00:00:03.000,00:00:03.000,0.036,0.005,0.00003,0.00003,0,1.5e-7,1.5e-7,0," +
        "2000-01-01 00:00:03,0.00018",
    );
    expect(lines[6]).toBe(
      "6,2,2,CC DChg,00:00:02.250,00:00:05.250,-0.036,-0.005,0.00002,0,0.00002,-1e-7,0,-1e-7," +
        "2000-01-01 00:00:05,0.00018",
    );
  });

  test.each(["neware", "csv"])("as %s is read again as the same recording", async (to) => {
    write();
    const { path } = await exportData(data, { to });
    const [before, after] = [await read(data), await read(path)];
    expect(before).toHaveLength(6);
    const essence = (row: TraceRow) => [row.timeS, row.voltageV, row.currentA, row.direction];
    expect(after.map(essence)).toEqual(before.map(essence));
  });

  test("for PyBaMM has discharging currents positive", async () => {
    write();
    const { path } = await exportData(data, { to: "pybamm", out: join(folder, "p.csv") });
    const lines = readFileSync(path, "utf8").trim().split("\n");
    expect(lines.slice(0, 3)).toEqual([
      "Time [s],Current [A],Voltage [V]",
      "0,0,0.00005",
      "1,-0.036,0.005",
    ]);
    expect(lines[6]).toBe("5.25,0.036,-0.005");
  });

  test("may have machine-readable names, and a byte order mark", async () => {
    const header = BDF_COLUMNS.map(machineName);
    header[0] = "\ufeff" + header[0];
    write(rows, header);
    const { path } = await exportData(data, { to: "neware" });
    expect(readFileSync(path, "utf8").split("\n")).toHaveLength(8);
    expect(BDF_COLUMNS.map(machineName).map(labelOf)).toEqual([...BDF_COLUMNS]);
  });
});

describe("what cannot be exported", () => {
  const refused = async (to: string, out?: string): Promise<string> => {
    const flags = out === undefined ? { to } : { to, out };
    const error: unknown = await exportData(data, flags).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).message.replaceAll(folder, "");
  };

  test("is told in one line, and leaves nothing behind", async () => {
    expect(await refused("neware")).toMatch(/^\/run\.bdf\.csv: there is no such file/);
    write();
    expect(await refused("newar")).toBe(
      '--to newar: no such format (did you mean "neware"?); accepted: ' +
        "neware, pybamm, csv, bdf, parquet",
    );
    expect(await refused("csv", join(folder, "no/such/folder.csv"))).toMatch(/no\/such\/folder/);
    write([], ["Test Time / s", "Voltage / V"]);
    expect(await refused("csv")).toBe(
      '/run.bdf.csv:1: no column "Current / A"; accepted: a data file (BDF) with them',
    );
    writeFileSync(data, "");
    expect(await refused("csv")).toMatch(/is empty/);
    write([rows[0], "a,b,c"]);
    expect(await refused("csv")).toMatch(/not a table: .*line 3/);
    write([rows[0], rows[1].replace("0.005", "five")]);
    expect(await refused("neware")).toMatch(/:3: not a row of numbers/);
    mkdirSync(join(folder, "dir.csv"));
    expect(existsSync(join(folder, "run.neware.csv"))).toBe(false);
    expect(existsSync(join(folder, "run.csv.csv"))).toBe(false);
  });

  test("is what would be overwritten", async () => {
    write();
    const there = join(folder, "run.neware.csv");
    writeFileSync(there, "mine");
    expect(await refused("neware")).toMatch(/^\/run\.neware\.csv: exists; accepted/);
    expect(readFileSync(there, "utf8")).toBe("mine");
  });
});
