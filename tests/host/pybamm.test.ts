// PyBaMM's experiment texts, in and out, and protocols from file to file.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MEMORY_AREAS, SIMULATED } from "../../boards/simulated.ts";
import { STEP_CURRENT, STEP_REST } from "../../firmware/protocol.ts";
import { convert, convertProtocol } from "../../host/convert.ts";
import { exportBattinfo } from "../../host/exchange/battinfo-export.ts";
import { exportPybamm } from "../../host/exchange/pybamm-export.ts";
import { importPybamm, refuseFullCell } from "../../host/exchange/pybamm-import.ts";
import { InputError } from "../../host/input-error.ts";
import { createPlan } from "../../host/plan.ts";
import { parseProtocol } from "../../host/protocol-file.ts";
import type { Protocol } from "../../host/protocol/form.ts";
import { readProtocol } from "../../host/protocol-source.ts";
import { targetCell } from "../../host/target.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cyclet-exchange-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const TEN = [
  "Charge at C/10 for 10 hours or until 4.1 V (1 minute period)",
  "Hold at 4.1 V until C/50",
  "Rest for 1 hour",
  "Discharge at 2 mA until 2.5V",
  "Discharge at 0.5 C for 30 minutes",
  "Charge at 0.001 A until 4 V",
  "Hold at 3V for 20 seconds or until 50mA",
  "Rest for 90 s",
  "Charge at 200 mA for 45 min",
  "Discharge at C/3 for 2 h or until >2.5 V (0.1 second period)",
];

const EXPECTED = [
  {
    ...{ step: "current", rateC: 0.1, until: { timeS: 36000, voltageAboveV: 4.1 } },
    record: { timeS: 60 },
  },
  { step: "voltage", voltageV: 4.1, rateMaxC: 0.1, until: { rateBelowC: 0.02 } },
  { step: "rest", timeS: 3600 },
  { step: "current", currentMa: -2, until: { voltageBelowV: 2.5 } },
  { step: "current", rateC: -0.5, until: { timeS: 1800 } },
  { step: "current", currentMa: 1, until: { voltageAboveV: 4 } },
  { step: "voltage", voltageV: 3, currentMaxMa: 1, until: { timeS: 20, currentBelowMa: 50 } },
  { step: "rest", timeS: 90 },
  { step: "current", currentMa: 200, until: { timeS: 2700 } },
  {
    ...{ step: "current", rateC: -1 / 3, until: { timeS: 7200, voltageAboveV: 2.5 } },
    record: { timeS: 0.1 },
  },
];

const method = (text: string): unknown => importPybamm(text, "e.txt").protocol.method;

describe("an experiment of PyBaMM", () => {
  test("of ten lines is the expected program: what discharges there is negative here", () => {
    expect(method(TEN.join("\n"))).toEqual(EXPECTED);
  });

  test("may be pasted from a list, with blank lines, comments and Windows line ends", () => {
    const pasted = TEN.map((line, i) => (i % 2 === 0 ? `    "${line}",` : `  '${line}',`));
    const text = ["# formation", "", ...pasted, ""].join("\r\n");
    expect(method("\ufeff" + text)).toEqual(EXPECTED);
  });

  test("is compiled to steps of charge and discharge, in amperes", () => {
    const lines = [
      "Charge at 0.1 mA until 0.5 V",
      "Discharge at 0.1 mA for 1 hour",
      "Rest for 5 s",
    ];
    const path = file("e.txt", lines.join("\n"));
    const { steps, protocol, notes } = createPlan(
      path,
      targetCell("sim:hNa"),
      SIMULATED,
      MEMORY_AREAS,
    );
    expect(protocol.name).toBe("e");
    expect(notes).toEqual([]);
    expect(steps.map(({ kind }) => kind).slice(0, 3)).toEqual([
      STEP_CURRENT,
      STEP_CURRENT,
      STEP_REST,
    ]);
    expect(steps[0].current).toBeCloseTo(1e-4, 9);
    expect(steps[0].voltageMax).toBeCloseTo(0.5, 6);
    expect(steps[1].current).toBeCloseTo(-1e-4, 9);
    expect(steps[1].duration).toBe(3600);
  });

  test.each([
    [
      "Charge at 1 W for 1 hour",
      "constant power and resistance are not available; accepted: A, mA",
    ],
    ["Charge at 4.1 V until 50 mA", 'a voltage is no current to charge at; accepted: "Hold at"'],
    ["Hold at 1 A for 1 hour", 'only voltages are held; accepted: "Charge at" or "Discharge at"'],
    ["Hold at -0.5 V for 1 hour", "PyBaMM holds no negative voltage; accepted: 0 V or more"],
    ["Hold at 4 V until 3 V", "a hold does not end by a voltage; accepted: a current, or a time"],
    ["Hold at 4 V until <50 mA", "the sign of a current's bound is another one there"],
    ["Charge at 1 A until 50 mA", "a constant current does not end by a current"],
    [
      "Charge at -1 A for 1 hour",
      "the word says the direction; accepted: a current of more than 0",
    ],
    ["Charge at 1 A", 'nothing ends the step; accepted: "for" a time, "until" a value'],
    ["Charge for 1 hour", 'no value; accepted: "Charge at" a value'],
    ["Rest", "nothing ends the step"],
    ["Rest at 1 A for 1 hour", "a rest has no value"],
    ["Rest for 1 hour or until 3 V", "a rest may end above or below"],
    ["Rest for 1 fortnight", '"1 fortnight" is no time; accepted: seconds, minutes or hours'],
    ["Charge at 1 A for -1 hour", '"-1 hour" is no time'],
    ["Charge at one A for 1 hour", '"one A" is no value; accepted: such as 1 A'],
    ["Charge at C/0 for 1 hour", '"C/0" is no value'],
    ["charge at 1 A for 1 hour", '"charge at 1 A for 1 hour" is no step of an experiment'],
    ["Run US06 (A)", "is no step of an experiment; accepted: "],
    ['("Charge at 1 A for 1 hour",', "lists and tuples are no text; accepted: one step a line"],
    ["[", "lists and tuples are no text"],
  ])("%s is refused in one line, with its number", (line, message) => {
    const text = ["Rest for 1 s", "# a comment", line].join("\n");
    const refused = (): unknown => importPybamm(text, "e.txt");
    expect(refused).toThrow(InputError);
    expect(refused).toThrow(`e.txt:3: `);
    expect(refused).toThrow(message);
    expect(refused).not.toThrow(/\n/);
  });

  test("that says nothing is refused", () => {
    expect(() => importPybamm("# nothing\n\n", "e.txt")).toThrow(/^e\.txt: says nothing; accepted/);
  });

  test("meant for a full cell is refused on a symmetric one, whose voltage is around 0", () => {
    const text = TEN.join("\n");
    expect(() => refuseFullCell(text, "e.txt", [-4, 4])).toThrow(
      "e.txt:4: a symmetric cell (-4 to 4 V) that is discharged is below this voltage at once; " +
        "accepted: a voltage below 0",
    );
    expect(() => refuseFullCell(text, "e.txt", [2, 4.2])).not.toThrow();
    const fitting = "Charge at 1 mA until 0.5 V\nDischarge at 1 mA until -0.5 V";
    expect(() => refuseFullCell(fitting, "e.txt", [-4, 4])).not.toThrow();
  });
});

describe("a protocol as PyBaMM's texts", () => {
  const exported = (steps: object[], more: object = {}): { text: string; lost: string[] } => {
    const protocol: Protocol = parseProtocol({ cyclet: 1, ...more, method: steps }, "p.json");
    return exportPybamm(protocol, { ...targetCell("sim:hNa"), areaCm2: 0.5 });
  };

  test("comes back the same", () => {
    const protocol = parseProtocol(
      { cyclet: 1, capacityMah: 2, ...importPybamm(TEN.join("\n"), "e.txt").protocol },
      "e.txt",
    );
    protocol.method.pop();
    const { text } = exportPybamm(protocol, null);
    expect(method(text)).toEqual(EXPECTED.slice(0, -1));
  });

  test("has its loops unrolled, those within others anew each time", () => {
    const rest = (timeS: number) => ({ step: "rest", timeS });
    const { text } = exported([
      rest(1),
      rest(2),
      { step: "loop", to: 2, count: 2 },
      { step: "loop", to: 1, count: 2 },
    ]);
    const times = text
      .trim()
      .split("\n")
      .map((line) => Number(line.split(" ")[2]));
    expect(times).toEqual([1, 2, 2, 1, 2, 2]);
    const endless = [rest(1), { step: "loop", to: 1, count: 20000 }];
    expect(() => exported(endless)).toThrow(/more than 10000 lines/);
  });

  test("says charges as times and directions as words, and tells what it cannot", () => {
    const until = { arealChargeMahCm2: 0.1 };
    const { text, lost } = exported(
      [
        { step: "current", currentDensityMaCm2: -0.2, until, record: { timeS: 5 } },
        { step: "voltage", voltageV: -0.5, currentMaxMa: 1, until: { timeS: 60 } },
        { step: "impedance", amplitudeMa: 1, fromHz: 1, toHz: 0.1, pointsPerDecade: 5 },
      ],
      { limits: { forceMinN: 10 } },
    );
    expect(text).toBe("Discharge at 0.1 mA for 30 minutes (5 seconds period)\n");
    expect(lost).toEqual([
      "step 1: its charge is said as a time, 1800 s",
      "step 2: a hold at -0.5 V is left out: PyBaMM holds no negative voltage",
      "step 3: impedance is left out",
      "limits.forceMinN of the protocol",
    ]);
  });
});

describe("a protocol in BattINFO's form", () => {
  test("has its loops as groups, and stops by capacity", () => {
    const steps = [
      { step: "current", currentMa: 1, until: { chargeMah: 2, voltageAboveV: 4 } },
      { step: "voltage", voltageV: 4, until: { rateBelowC: 0.05 } },
      { step: "loop", to: 1, count: 3 },
      { step: "rest", timeS: 60 },
      { step: "loop", to: 1, count: 2 },
    ];
    const protocol = parseProtocol({ cyclet: 1, name: "p", method: steps }, "p.json");
    const { text } = exportBattinfo(protocol, null);
    const charge = {
      ...{ mode: "cc", direction: "charge", setpoints: { current: { value: 1, unit: "mA" } } },
      termination: [
        { quantity: "capacity", direction: "above", value: 2, unit: "mAh" },
        { quantity: "voltage", direction: "above", value: 4, unit: "V" },
      ],
    };
    const hold = {
      ...{ mode: "cv", direction: "hold", setpoints: { voltage: { value: 4, unit: "V" } } },
      termination: [{ quantity: "c_rate", direction: "below", value: 0.05, unit: "C" }],
    };
    const rest = { mode: "rest", direction: "rest", duration: { value: 60, unit: "s" } };
    expect((JSON.parse(text) as { method: unknown }).method).toEqual([
      {
        ...{ mode: "group", count: 2 },
        steps: [{ mode: "group", count: 3, steps: [charge, hold] }, rest],
      },
    ]);
  });
});

describe("convert", () => {
  const rest = { step: "rest", timeS: 5 };

  test("tells languages apart by what a file holds", () => {
    const ours = file("a.json", JSON.stringify({ cyclet: 1, name: "n", method: [rest] }));
    const theirs = file(
      "b.json",
      JSON.stringify({
        record: { time_s: 1 },
        method: [{ step: "open_circuit_voltage", until_time_s: 5 }],
      }),
    );
    const lines = file("c.txt", "Rest for 5 seconds\n");
    const found = [ours, theirs, lines].map((path) => readProtocol(path));
    expect(found.map(({ protocol }) => protocol.method)).toEqual([[rest], [rest], [rest]]);
    expect(found.map(({ protocol }) => protocol.name)).toEqual(["n", "b", "c"]);
    expect(found.map(({ isNamed }) => isNamed)).toEqual([true, false, false]);
    expect(JSON.parse(convertProtocol(theirs, { to: "cyclet" }).text)).toEqual({
      ...{ cyclet: 1, method: [rest] },
    });
  });

  test("writes a new file, or prints", () => {
    const path = file("a.txt", "Rest for 5 seconds\n");
    const out = join(folder, "out.json");
    expect(convert(path, { to: "cyclet", out }, () => expect.unreachable())).toEqual([]);
    expect(JSON.parse(readFileSync(out, "utf8"))).toEqual({ cyclet: 1, method: [rest] });
    expect(() => convert(path, { to: "cyclet", out }, () => undefined)).toThrow(
      /^--out .*out\.json: exists; accepted: a new name$/,
    );
    let printed = "";
    convert(path, { to: "pybamm" }, (text) => void (printed = text));
    expect(printed).toBe("Rest for 5 seconds\n");
  });

  test("refuses in one line what it cannot read or write", () => {
    const path = file("a.txt", "Rest for 5 seconds\n");
    const refused = (name: string, to: string): string => {
      try {
        convertProtocol(name, { to });
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        return (error as InputError).message.replaceAll(folder, "");
      }
      return "";
    };
    expect(refused(path, "unicycle")).toBe(
      '--to unicycle: no such language (did you mean "unicycler"?); accepted: ' +
        "cyclet, unicycler, pybamm, battinfo",
    );
    expect(refused(join(folder, "none.txt"), "cyclet")).toMatch(/^\/none\.txt: cannot be read/);
    expect(refused(file("b.txt", "Rest a bit"), "cyclet")).toMatch(/^\/b\.txt:1: "Rest a bit"/);
    expect(refused(file("c.json", "{"), "cyclet")).toMatch(/^\/c\.json:1:2: not JSON/);
    expect(refused(file("d.txt", "Hold at 20 V for 5 s"), "cyclet")).toMatch(
      /^\/d\.txt as cyclet JSON: \$\.method\[0\]\.voltageV: 20 .*at most 10/,
    );
    expect(existsSync(join(folder, "out"))).toBe(false);
  });
});
