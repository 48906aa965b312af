import { describe, expect, test } from "vitest";
import { findHeader } from "../../host/formats/trace-header.ts";
import type { TraceRow } from "../../host/formats/trace-row.ts";
import { createRowReader, createTraceRow, directionOf } from "../../host/formats/trace-row.ts";
import { parseDate, parseNumber, parseSeconds } from "../../host/formats/trace-time.ts";

describe("texts", () => {
  test.each<[string, number]>([
    ["3.5", 3.5],
    ["-3,5", -3.5],
    [" 1e-3 ", 1e-3],
    ["0", 0],
    ["", NaN],
    ["  ", NaN],
    ["NaN", NaN],
    ["1,234.5", NaN],
    ["abc", NaN],
  ])("number %j", (text, value) => expect(parseNumber(text)).toBe(value));

  test.each<[string, number]>([
    ["12.5", 12.5],
    ["00:00:10.250", 10.25],
    ["26:03:04,5", 26 * 3600 + 184.5],
    ["1:02", 3720],
    ["2 d 01:00:00", 2 * 86400 + 3600],
    ["1-01:00:00", 86400 + 3600],
    ["1 01:00:00", 86400 + 3600],
    ["1:2:3:4:5", NaN],
    ["soon", NaN],
  ])("time %j", (text, value) => expect(parseSeconds(text, 1)).toBe(value));

  const noon = Date.UTC(2024, 3, 30, 12, 34, 56) / 1000;
  test.each<[string, number]>([
    ["2024-04-30 12:34:56", noon],
    ["2024-04-30T12:34:56.500Z", noon + 0.5],
    ["2024-04-30T12:34:56+02:00", noon],
    ["2024/4/30 12:34:56", noon],
    ["04/30/2024 12:34:56", noon],
    ["30.04.2024 12:34:56", noon],
    ["4/30/2024 12:34:56 PM", noon],
    ["4/30/2024 12:34:56 AM", noon - 43200],
    ["2024-04-30", noon - 45296],
    ["1714480496", noon],
  ])("date %j", (text, value) => expect(parseDate(text, 1)).toBeCloseTo(value, 6));

  test.each(["yesterday", "2024-04-30 noon", ""])("%j is no date", (text) => {
    expect(parseDate(text, 1)).toBeNaN();
  });

  test.each<[string, number]>([
    ["CC Chg", 1],
    ["CC_CHG", 1],
    ["CCCV_Chg", 1],
    ["恒流充电", 1],
    ["7", 1],
    ["CC DChg", -1],
    ["CC_DCH", -1],
    ["Discharge", -1],
    ["恒流放电", -1],
    ["2", -1],
    ["Rest", 0],
    ["OCV", 0],
    ["搁置", 0],
    ["4", 0],
    ["SIM", NaN],
    ["", NaN],
  ])("step type %j", (text, value) => expect(directionOf(text)).toBe(value));
});

const AREA = 2;

/** Every row of a small table, or the complaint about it. */
function rows(text: string): (TraceRow | string)[] {
  const header = findHeader(Buffer.from(text), true);
  if (header === null) throw new Error("no header");
  const read = createRowReader(header.columns, AREA);
  const lines = text.slice(header.length).trimEnd().split("\n");
  return lines.map((line) => {
    const row = createTraceRow();
    return read(line.split(header.delimiter), row) || row;
  });
}

describe("a row", () => {
  test("of BDF: SI as it stands, force from the clamp or else from the pressure", () => {
    const columns = "Test Time / s,Voltage / V,Current / A,Surface Pressure / Pa,Step Count / 1";
    expect(rows(`${columns}\n1.5,-0.01,-0.0001,1e7,3\n`)).toEqual([
      {
        ...{ timeS: 1.5, voltageV: -0.01, currentA: -0.0001, setpointA: NaN, temperatureC: NaN },
        ...{ forceN: 2000, step: "3", direction: NaN },
      },
    ]);
    const [row] = rows(`${columns},Clamp Force / N\n1.5,0,0,1e7,3,1900\n`);
    expect(row).toMatchObject({ forceN: 1900 });
  });

  test("of Neware: mV, mA, clock times, and the sign of the step type", () => {
    const text =
      "Total Time;Step Type;Voltage(mV);Current(mA)\n0:00:01;CC Chg;4,5;0,1\n" +
      "0:00:02;CC DChg;4,6;0,1\n0:00:03;Rest;0,1;0\n0:00:04;CC DChg;4,7;-0,1\n";
    const got = rows(text) as TraceRow[];
    expect(got.map((row) => row.timeS)).toEqual([1, 2, 3, 4]);
    expect(got.map((row) => row.direction)).toEqual([1, -1, 0, -1]);
    [1e-4, -1e-4, 0, -1e-4].forEach((amperes, i) =>
      expect(got[i].currentA).toBeCloseTo(amperes, 9),
    );
    expect(got[0].voltageV).toBeCloseTo(0.0045, 9);
  });

  test("of BDF keeps its sign whatever the step is called", () => {
    const text = "Test Time / s,Voltage / V,Current / A,Step Type\n1,0.1,0.2,CC_DCH\n";
    expect(rows(text)).toMatchObject([{ currentA: 0.2, direction: -1 }]);
  });

  test("of a recorder whose time starts again with every step is added up", () => {
    const text =
      "Step,Time,Voltage,Current(mA)\n" +
      "1,0,0,1\n1,10,0,1\n1,20,0,1\n2,0,0,1\n2,30,0,1\n2,0.5,0,1\n2,1,0,1\n3,2,0,1\n";
    const got = rows(text) as TraceRow[];
    expect(got.map((row) => row.timeS)).toEqual([0, 10, 20, 20, 50, 50.5, 51, 52]);
  });

  test("with nothing but dates counts from the first", () => {
    const text =
      "Date_Time,Voltage(V),Current(A)\n" +
      "04/30/2024 23:59:59.000,3,1\n05/01/2024 00:00:01.500,3,1\n";
    expect((rows(text) as TraceRow[]).map((row) => row.timeS)).toEqual([0, 2.5]);
  });

  test.each([
    ["x,1,1", 'time "x"'],
    ["1,,1", 'voltage ""'],
    ["1,1000000,1", 'voltage "1000000"'],
    ["1,1,NaN", 'current "NaN"'],
    ["1,1,1e6", 'current "1e6"'],
    ["1,1", "no current"],
    ["1,1,Infinity", 'current "Infinity"'],
  ])("%s is refused: %s", (row, complaint) => {
    expect(rows(`Test Time / s,Voltage / V,Current / A\n${row}\n`)).toEqual([complaint]);
  });
});
