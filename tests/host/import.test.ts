// Recordings of other instruments as data files, and data files as Parquet: both ways.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asyncBufferFromFile, parquetReadObjects, parquetSchema } from "hyparquet";
import { parquetMetadataAsync } from "hyparquet";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exportData } from "../../host/export.ts";
import { typeOf } from "../../host/formats/bdf-import.ts";
import { BDF_COLUMNS, createBdfRows } from "../../host/formats/bdf-row.ts";
import { leftOutWords } from "../../host/formats/table-source.ts";
import { bdfViolations, readTable } from "./bdf-rules.ts";
import { frame } from "./scripted-link.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cyclet-import-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(lines: readonly string[], name = "there.csv"): string {
  const path = join(folder, name);
  writeFileSync(path, [...lines, ""].join("\n"));
  return path;
}

async function imported(lines: readonly string[]): Promise<Record<string, string>[]> {
  const { path, leftOut } = await exportData(file(lines), { to: "bdf" });
  expect(path).toBe(join(folder, "there.bdf.csv"));
  expect(leftOut.count).toBe(0);
  const text = readFileSync(path, "utf8");
  expect(bdfViolations(text)).toEqual([]);
  return readTable(text);
}

const NEWARE = [
  "BTS export,,,",
  "DataPoint,Cycle Index,Step Index,Step Type,Time,Total Time,Current(mA),Voltage(V)," +
    "Chg. Cap.(mAh),DChg. Cap.(mAh),Date,T1(℃)",
  "1,1,1,Rest,00:00:00,00:00:00,0,3.0,0,0,2026-01-02 03:04:05,25.1",
  "2,1,2,CC Chg,00:00:00,00:01:00,36,3.1,0,0,2026-01-02 03:05:05,25.1",
  "3,1,2,CC Chg,00:01:00,00:02:00,36,3.2,0.6,0,2026-01-02 03:06:05,25.1",
  "4,1,3,CV Chg,00:00:30,00:02:30,18,3.2,0.2,0,2026-01-02 03:06:35,25.1",
  "5,2,4,CC DChg,00:00:00,00:02:30,-36,3.1,0,0,2026-01-02 03:06:35,25.1",
  "6,2,4,CC DChg,00:01:00,00:03:30,-36,3.0,0,0.6,2026-01-02 03:07:35,25.1",
];

const ARBIN = [
  "Data_Point,Test_Time(s),Date_Time,Step_Time(s),Step_Index,Cycle_Index,Current(A),Voltage(V)," +
    "Charge_Capacity(Ah),Discharge_Capacity(Ah),Internal Resistance (Ohm),Aux_Temperature_1 (C)",
  "1,0,01/02/2026 03:04:05,0,1,1,0,3.0,0.0000,0,0.01,25",
  "2,60,01/02/2026 03:05:05,60,2,1,0.036,3.1,0.0006,0,0.01,25",
  "3,120,01/02/2026 03:06:05,60,3,1,-0.036,3.0,0.0006,0.0006,0.01,25",
  "4,180,01/02/2026 03:07:05,60,2,2,0.036,3.1,0.0004,0,0.01,25",
];

/** A counter of each step, that at its first row is beyond where the last one has ended. */
const PASSED = [
  "DataPoint,Cycle Index,Step Index,Step Type,Total Time,Current(mA),Voltage(V)," +
    "Chg. Cap.(mAh),DChg. Cap.(mAh)",
  "1,1,1,CC Chg,00:00:00,36,3.1,0,0",
  "2,1,1,CC Chg,00:00:10,36,3.1,0.1,0",
  "3,1,2,CV Chg,00:01:10,36,3.1,0.6,0",
  "4,1,3,CC DChg,00:01:20,-36,3.0,0,0.1",
  "5,1,4,CC DChg,00:02:20,-36,3.0,0,0.6",
  "6,2,5,CC Chg,00:02:30,36,3.1,0.1,0",
  "7,2,6,CC Chg,00:02:40,3.6,3.1,0.1,0",
];

describe("as a data file", () => {
  test("a counter that starts again with a step and has passed where it stood", async () => {
    const rows = await imported(PASSED);
    const sums = (label: string): number[] => rows.map((row) => Number(row[label]) * 1000);
    const near = (values: number[]): unknown[] =>
      values.map((each): unknown => expect.closeTo(each, 9));
    expect(sums("Charging Capacity / Ah")).toEqual(near([0, 0.1, 0.7, 0.7, 0.7, 0.8, 0.9]));
    expect(sums("Discharging Capacity / Ah")).toEqual(near([0, 0, 0, 0.1, 0.7, 0.7, 0.7]));
  });

  test("a counter that runs on through steps, and starts again with a cycle", async () => {
    const [head] = PASSED;
    const rows = await imported([
      head,
      "1,1,1,CC Chg,00:00:00,36,3.1,0,0",
      "2,1,1,CC Chg,00:00:10,36,3.1,0.1,0",
      "3,1,2,CV Chg,00:01:10,36,3.1,0.7,0",
      "4,1,3,CC DChg,00:01:20,-36,3.0,0.7,0.1",
      "5,1,4,CC DChg,00:02:20,-36,3.0,0.7,0.7",
      "6,2,5,CC Chg,00:02:30,36,3.1,0.1,0",
      "7,2,6,CC Chg,00:02:40,36,3.1,0.2,0",
    ]);
    const sums = rows.map((row) => Number(row["Cumulative Capacity / Ah"]) * 1000);
    const right = [0, 0.1, 0.7, 0.8, 1.4, 1.5, 1.6];
    expect(sums).toEqual(right.map((each): unknown => expect.closeTo(each, 9)));
  });

  test("a Neware export: its charges start again with each step, ours do not", async () => {
    const rows = await imported(NEWARE);
    const column = (label: string): string[] => rows.map((row) => row[label]);
    expect(column("Test Time / s")).toEqual(["0", "60", "120", "150", "150", "210"]);
    expect(column("Current / A")).toEqual(["0", "0.036", "0.036", "0.018", "-0.036", "-0.036"]);
    expect(column("Step Type")).toEqual(["REST", "CC_CHG", "CC_CHG", "CV_CHG", "CC_DCH", "CC_DCH"]);
    expect(column("Step Count / 1")).toEqual(["1", "2", "2", "3", "4", "4"]);
    expect(column("Step ID")).toEqual(["1", "2", "2", "3", "4", "4"]);
    expect(column("Cycle Count / 1")).toEqual(["1", "1", "1", "1", "2", "2"]);
    expect(column("Charging Capacity / Ah")).toEqual([
      "0",
      "0",
      "0.0006",
      "0.0008",
      "0.0008",
      "0.0008",
    ]);
    expect(column("Discharging Capacity / Ah")).toEqual(["0", "0", "0", "0", "0", "0.0006"]);
    expect(column("Net Capacity / Ah").at(-1)).toBe("0.0002");
    expect(column("Unix Time / s").at(1)).toBe(String(Date.UTC(2026, 0, 2, 3, 5, 5) / 1000));
    expect(column("Surface Temperature / degC").at(0)).toBe("25.1");
  });

  test("an Arbin export: its charges start again where its schedule says so", async () => {
    const rows = await imported(ARBIN);
    const column = (label: string): string[] => rows.map((row) => row[label]);
    expect(column("Test Time / s")).toEqual(["0", "60", "120", "180"]);
    expect(column("Charging Capacity / Ah")).toEqual(["0", "0.0006", "0.0006", "0.001"]);
    expect(column("Discharging Capacity / Ah")).toEqual(["0", "0", "0.0006", "0.0006"]);
    expect(column("Step ID")).toEqual(["1", "2", "3", "2"]);
    expect(column("Step Count / 1")).toEqual(["1", "2", "3", "4"]);
    expect(column("Cycle Count / 1")).toEqual(["1", "1", "1", "2"]);
    expect(column("Surface Temperature / degC").at(0)).toBe("25");
  });

  test("a frame of NewareNDA, in mA and by status numbers", async () => {
    const rows = await imported([
      "Index,Cycle,Step,Status,Time,Voltage,Current(mA),Charge_Capacity(mAh)," +
        "Discharge_Capacity(mAh),Timestamp",
      "1,1,1,7,0,3.0,36,0,0,2026-01-02 03:04:05",
      "2,1,1,7,60,3.1,36,0.6,0,2026-01-02 03:05:05",
      "3,1,2,20,0,3.1,-36,0,0,2026-01-02 03:05:05",
    ]);
    expect(rows.map((row) => row["Step Type"])).toEqual(["CCCV_CHG", "CCCV_CHG", "CCCV_DCH"]);
    expect(rows.map((row) => row["Current / A"])).toEqual(["0.036", "0.036", "-0.036"]);
    expect(rows.at(-1)?.["Charging Capacity / Ah"]).toBe("0.0006");
  });

  test("where no charge is counted it is the integral of the current", async () => {
    const lines = ["time (s),voltage (V),current (mA)", "0,3,0", "3600,3,10", "7200,3,-10"];
    const [, second, third] = await imported(lines);
    expect(second["Charging Capacity / Ah"]).toBe("0.005");
    expect(third["Charging Capacity / Ah"]).toBe("0.01");
    expect(third["Discharging Capacity / Ah"]).toBe("0.005");
    expect(third["Cumulative Capacity / Ah"]).toBe("0.015");
  });

  test("rows that cannot be used are left out and told", async () => {
    const lines = ["t,", "time (s),voltage (V),current (A)", "0,3,0", "1,,0", "2,3,0", "1,3,0"];
    const path = file(lines);
    const { leftOut } = await exportData(path, { to: "bdf" });
    expect(leftOutWords("there.csv", leftOut)).toBe('there.csv:4: voltage ""; 2 rows are left out');
    expect(readFileSync(join(folder, "there.bdf.csv"), "utf8").trim().split("\n")).toHaveLength(3);
  });

  test("what is no recording is refused in one line, and leaves nothing behind", async () => {
    await expect(exportData(file(["a,b", "1,2"]), { to: "bdf" })).rejects.toThrow(
      /there\.csv: no usable header, found "a,b"; accepted: a header with time/,
    );
    expect(existsSync(join(folder, "there.bdf.csv"))).toBe(false);
  });

  test("becomes what a recording can become: Neware's columns again", async () => {
    const { path } = await exportData(file(NEWARE), { to: "neware" });
    const lines = readFileSync(path, "utf8").trim().split("\n");
    expect(lines).toHaveLength(7);
    expect(lines[3]).toContain("3,1,2,CC Chg,00:02:00.000,00:02:00.000,0.036,3.2,0.0006,0.0006,0,");
  });

  test.each([
    ["CC Chg", "CC_CHG"],
    ["CCCV_DChg", "CCCV_DCH"],
    ["CC-CV Charge", "CCCV_CHG"],
    ["CP DChg", "CP_DCH"],
    ["恒流充电", "恒流充电"],
    ["搁置", "REST"],
    ["OCV", "REST"],
    ["SIM", "SIM"],
    ["19", "CV_DCH"],
  ])("step type %s is %s", (text, type) => {
    expect(typeOf(text)).toBe(type);
  });
});

describe("as Parquet", () => {
  const rowOf = createBdfRows(0.5, 946684800000, []);
  const rows = Array.from({ length: 60_000 }, (_, s) =>
    rowOf(
      frame({
        ...{ timeMs: s * 1000, stepCount: 1 + Math.floor(s / 100), direction: 1 },
        ...{ voltageUv: s, currentPa: 36e9, chargeInUc: s * 36000 },
      }),
    ).join(","),
  );

  test("another reader finds the same figures under the same labels", async () => {
    const path = file([BDF_COLUMNS.join(","), ...rows], "run.bdf.csv");
    const made = await exportData(path, { to: "parquet" });
    expect(made.path).toBe(join(folder, "run.bdf.parquet"));
    expect(statSync(made.path).size).toBeLessThan(statSync(path).size / 2);
    const source = await asyncBufferFromFile(made.path);
    const metadata = await parquetMetadataAsync(source);
    const types = parquetSchema(metadata).children.map(({ element }) => [
      element.name,
      element.type,
    ]);
    expect(types.map(([name]) => name)).toEqual([...BDF_COLUMNS]);
    expect(Object.fromEntries(types)).toMatchObject({
      ...{ "Test Time / s": "DOUBLE", "Step Count / 1": "INT32", "Step ID": "INT32" },
      "Step Type": "BYTE_ARRAY",
    });
    const found = await parquetReadObjects({ file: source });
    expect(found).toHaveLength(rows.length);
    const texts = readTable(readFileSync(path, "utf8"));
    for (const at of [0, 1, 49_999, 50_000, 59_999]) {
      for (const label of BDF_COLUMNS) {
        const value: unknown = found[at][label];
        expect(String(value)).toBe(label === "Step Type" ? "CC_CHG" : String(+texts[at][label]));
      }
    }
  });

  test("refuses what is no number, and standard output", async () => {
    const path = file([BDF_COLUMNS.join(","), rows[0], rows[1].replace("1,", "one,")], "a.csv");
    await expect(exportData(path, { to: "parquet" })).rejects.toThrow(
      /a\.csv:3: Test Time \/ s "one" is no number; accepted: a data file/,
    );
    expect(existsSync(join(folder, "a.bdf.parquet"))).toBe(false);
    await expect(exportData(path, { to: "parquet", out: "-" })).rejects.toThrow(
      "--out -: parquet is no text; accepted: --out FILE",
    );
  });
});
