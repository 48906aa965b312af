import { describe, expect, test } from "vitest";
import { findHeader, headerError } from "../../host/formats/trace-header.ts";
import { recogniseColumn } from "../../host/formats/trace-names.ts";

describe("a column's name", () => {
  test.each([
    ["Test Time / s", "clock", 1],
    ["test_time_second", "clock", 1],
    ["Test_Time(s)", "clock", 1],
    ["Total Time", "clock", 1],
    ["总时间(h:min:s.ms)", "clock", 1],
    ["Time [s]", "lap", 1],
    ["Time(min)", "lap", 60],
    ["step_time", "lap", 1],
    ["Date_Time", "date", 1],
    ["unix_time_second", "date", 1],
    ["Voltage / V", "voltage", 1],
    ["voltage_volt", "voltage", 1],
    ["Voltage(mV)", "voltage", 1e-3],
    ["电压(V)", "voltage", 1],
    ["Current / A", "current", 1],
    ["current_ampere", "current", 1],
    ["Current (mA)", "current", 1e-3],
    ["Current(µA)", "current", 1e-6],
    ["Surface Temperature / degC", "temperature", 1],
    ["ambient_temperature_celsius", "temperature", 1],
    ["Aux_Temperature_1", "temperature", 1],
    ["Aux_Temperature(℃)_1", "temperature", 1],
    ["T1(°C)", "temperature", 1],
    ["Clamp Force / N", "force", 1],
    ["Surface Pressure / Pa", "pressure", 1],
    ["Applied Pressure / MPa", "pressure", 1e6],
    ["Step Count / 1", "step", 1],
    ["Step_Index", "step", 1],
    ["工步类型", "type", 1],
    ["Status", "type", 1],
  ])("%s", (header, quantity, scale) => {
    expect(recogniseColumn(header)).toMatchObject({ quantity, scale, offset: 0 });
  });

  test("in kelvin", () => {
    expect(recogniseColumn("Temperature / K")).toMatchObject({ scale: 1, offset: -273.15 });
  });

  test.each([
    ...[
      "Power / W",
      "dQ/dV(Ah/V)",
      "Capacity(Ah)",
      "Charge Energy (Wh)",
      "",
      "Contact resistance(mO)",
    ],
    ...[
      "Voltage(furlong)",
      "Current (C)",
      "Temperature(°F)",
      "Record Index / 1",
      "Internal Resistance (Ohm)",
    ],
  ])("%s is none of ours", (header) => {
    expect(recogniseColumn(header)).toBeNull();
  });

  test("only the standard's own spelling fixes the sign of a current", () => {
    const spellings = ["Current / A", "current_ampere", "Current(A)", "current"];
    expect(spellings.map((each) => recogniseColumn(each)?.standard)).toEqual([
      ...[true, true],
      ...[false, false],
    ]);
  });
});

function find(text: string, ended = false) {
  return findHeader(Buffer.from(text), ended);
}

describe("the header", () => {
  test.each([
    ["comma", ",", "Test Time / s,Voltage / V,Current / A\n"],
    ["semicolon", ";", "Test Time / s;Voltage / V;Current / A\n"],
    ["tab", "\t", "Test Time / s\tVoltage / V\tCurrent / A\n"],
    ["quotes", ",", '"Test Time / s","Voltage / V","Current / A"\r\n'],
    ["byte order mark", ",", "\ufeffTest Time / s,Voltage / V,Current / A\r\n"],
  ])("%s", (_, delimiter, text) => {
    expect(find(text)).toMatchObject({
      ...{ delimiter, width: 3, line: 1, length: Buffer.byteLength(text) },
      columns: { clock: { at: 0 }, voltage: { at: 1 }, current: { at: 2 } },
    });
  });

  test("follows a preamble, and what stands before it is no table", () => {
    const preamble = 'Channel;4\nMass (mg);1,2\n"a; quoted\n\nTime;Voltage\n';
    const header = "Data;Total Time;Voltage(V);Power(W);Current(mA)\n";
    const found = find(`${preamble}${header}0;1;2;3;4\n`);
    expect(found).toMatchObject({
      ...{ line: 6, length: preamble.length + header.length, width: 5 },
      columns: { clock: { at: 1 }, voltage: { at: 2 }, current: { at: 4, scale: 1e-3 } },
    });
  });

  test("takes the best of several columns", () => {
    const names = ["Ambient Temperature / degC", "Step ID", "Time", "Test Time / s", "Voltage / V"];
    const more = ["Current / A", "Surface Temperature / degC", "Step Count / 1"];
    const found = find([...names, ...more].join(",") + "\n");
    expect(found?.columns).toMatchObject({
      ...{ temperature: { at: 6 }, step: { at: 7 }, clock: { at: 3 }, lap: { at: 2 } },
    });
  });

  test("is not known before its line is complete, unless no more comes", () => {
    const text = "Test Time / s,Voltage / V,Current / A";
    expect(find(text)).toBeNull();
    expect(find(text, true)).toMatchObject({ line: 1, length: text.length });
  });

  test.each(["", "a,b\n1,2\n", "Test Time / s,Voltage / V\n", "Voltage / V,Current / A\n"])(
    "%j has none",
    (text) => expect(find(text, true)).toBeNull(),
  );
});

test("the error shows what was found, on one line, without control characters", () => {
  const error = headerError("t.csv", Buffer.from("\n\u001b[31mfoo,bar\u0007\nbaz\n"));
  expect(error.message).toMatch(/^t\.csv: no usable header, found " \[31mfoo,bar "; accepted: /);
  expect(error.message).not.toMatch(/[\u0000-\u001f]/);
  expect(headerError("t.csv", Buffer.from("x".repeat(5000))).message.length).toBeLessThan(500);
  expect(headerError("t.csv", Buffer.alloc(0)).message).toContain("the file is empty");
});
