// Protocols of aurora-unicycler, in and out. What it means to be equal is what its own reader makes
// of a file: figures as numbers, nothing where nothing is set.
import { describe, expect, test } from "vitest";
import { SIMULATED } from "../../boards/simulated.ts";
import { currentMax } from "../../host/board-check.ts";
import { compile } from "../../host/compile.ts";
import { exportUnicycler } from "../../host/exchange/unicycler-export.ts";
import { importUnicycler } from "../../host/exchange/unicycler-import.ts";
import { InputError } from "../../host/input-error.ts";
import { parseProtocol } from "../../host/protocol-file.ts";
import type { Protocol } from "../../host/protocol/form.ts";
import { targetCell } from "../../host/target.ts";

const cell = targetCell("sim:hNa");

/** A file with every kind of step, as its own program writes one. */
const WHOLE = {
  unicycler: { version: "0.4.6" },
  sample: { name: "$NAME", capacity_mAh: 2 },
  record: { time_s: 10, voltage_V: 0.01, current_mA: 0.1 },
  safety: {
    ...{ max_voltage_V: 4.5, min_voltage_V: -0.1, max_current_mA: 10, min_current_mA: -10 },
    ...{ max_capacity_mAh: 3, delay_s: 2 },
  },
  method: [
    { step: "open_circuit_voltage", until_time_s: 600 },
    { id: "formation", step: "constant_current", rate_C: 0.1, until_voltage_V: 4.2 },
    { step: "constant_voltage", voltage_V: 4.2, until_time_s: 3600, until_rate_C: 0.05 },
    { step: "constant_current", current_mA: -0.2, until_time_s: 36000, until_voltage_V: 2.5 },
    { step: "constant_voltage", voltage_V: 2.5, until_current_mA: 0.02 },
    { step: "loop", loop_to: 2, cycle_count: 3 },
    { step: "tag", tag: "life" },
    { step: "constant_current", rate_C: -0.5, until_voltage_V: 2.5 },
    {
      ...{ step: "impedance_spectroscopy", amplitude_mA: 0.05 },
      ...{ start_frequency_Hz: 10, end_frequency_Hz: 0.1, points_per_decade: 6 },
    },
    {
      ...{ step: "voltage_scan", start_voltage_V: 2.5, end_voltage_V: 3.5 },
      scan_rate_mV_per_s: 0.1,
    },
    { step: "loop", loop_to: "life", cycle_count: 100 },
  ],
};

function imported(file: unknown): { protocol: Protocol; notes: string[] } {
  const { protocol, notes } = importUnicycler(file, "u.json");
  return { protocol: parseProtocol({ cyclet: 1, ...protocol }, "u.json"), notes };
}

function again(file: unknown): unknown {
  const { text } = exportUnicycler(imported(file).protocol, null, null);
  return JSON.parse(text);
}

function withMethod(...method: object[]): object {
  return { record: { time_s: 1 }, method };
}

describe("a unicycler protocol", () => {
  test("of every kind of step is a protocol of ours, that keeps all of it", () => {
    const { protocol, notes } = imported(WHOLE);
    expect(notes).toEqual([]);
    expect(protocol).toMatchObject({
      capacityMah: 2,
      record: { timeS: 10, voltageV: 0.01, currentMa: 0.1 },
      limits: {
        ...{ voltageMinV: -0.1, voltageMaxV: 4.5, currentMaxMa: 10, chargeMaxMah: 3, delayS: 2 },
      },
      method: [
        { step: "rest", timeS: 600 },
        { id: "formation", step: "current", rateC: 0.1, until: { voltageAboveV: 4.2 } },
        {
          ...{ step: "voltage", voltageV: 4.2, rateMaxC: 0.1 },
          until: { timeS: 3600, rateBelowC: 0.05 },
        },
        { step: "current", currentMa: -0.2, until: { timeS: 36000, voltageBelowV: 2.5 } },
        { step: "voltage", voltageV: 2.5, currentMaxMa: 0.2, until: { currentBelowMa: 0.02 } },
        { step: "loop", to: 2, count: 3 },
        { id: "life", step: "current", rateC: -0.5, until: { voltageBelowV: 2.5 } },
        { step: "impedance", amplitudeMa: 0.05, fromHz: 10, toHz: 0.1, pointsPerDecade: 6 },
        { step: "scan", fromV: 2.5, toV: 3.5, rateMvPerS: 0.1 },
        { step: "loop", to: "life", count: 100 },
      ],
    });
  });

  test("comes back equal, with nothing that could not be said", () => {
    const { text, lost } = exportUnicycler(imported(WHOLE).protocol, null, null);
    expect(lost).toEqual([]);
    expect(JSON.parse(text)).toEqual(WHOLE);
  });

  test.each(WHOLE.method.filter(({ step }) => step !== "loop" && step !== "tag"))(
    "comes back equal with a step $step alone",
    (step) => {
      const rest = { step: "open_circuit_voltage", until_time_s: 5 };
      const file = { ...WHOLE, method: [rest, { ...step }] };
      expect(again(file)).toEqual(file);
    },
  );

  test("may have figures as texts, fractions for rates, and blanks for nothing", () => {
    const written = {
      sample: { capacity_mAh: "2" },
      record: { time_s: "10", voltage_V: "", current_mA: null },
      method: [
        { step: "constant_current", rate_C: "C/5", current_mA: "", until_voltage_V: "4.2" },
        { step: "constant_current", rate_C: "D/2", until_time_s: 60, until_voltage_V: 0 },
        { step: "constant_current", rate_C: "1/4", current_mA: 3, until_time_s: "1e2" },
      ],
    };
    const { protocol, notes } = imported(written);
    expect(protocol.record).toEqual({ timeS: 10 });
    expect(protocol.method).toEqual([
      { step: "current", rateC: 0.2, until: { voltageAboveV: 4.2 } },
      { step: "current", rateC: -0.5, until: { timeS: 60 } },
      { step: "current", rateC: 0.25, until: { timeS: 100 } },
    ]);
    expect(notes).toEqual(["step 3: current_mA is not kept: rate_C goes before"]);
  });

  test("has limits of current that become one for both directions, the smaller", () => {
    const safety = { max_current_mA: 5, min_current_mA: -3 };
    const file = { ...withMethod({ step: "open_circuit_voltage", until_time_s: 5 }), safety };
    const { protocol, notes } = imported(file);
    expect(protocol.limits).toEqual({ currentMaxMa: 3 });
    expect(notes).toEqual([
      "safety: max_current_mA and min_current_mA become one limit for both directions, 3 mA",
    ]);
  });

  test("runs its loop as often in all as it says", () => {
    const charge = { step: "constant_current", current_mA: 0.1, until_time_s: 60 };
    const rest = { step: "open_circuit_voltage", until_time_s: 5 };
    const file = withMethod(charge, rest, { step: "loop", loop_to: 1, cycle_count: 7 });
    const { protocol } = imported(file);
    const steps = compile(protocol, cell, currentMax(SIMULATED), "u.json");
    expect(JSON.stringify(steps)).toContain('"count":7');
    expect(again(file)).toMatchObject(file);
  });

  test("whose loop goes round one step gets a tag, without which unicycler takes none", () => {
    const protocol: Protocol = {
      name: "p",
      method: [
        { step: "rest", timeS: 5 },
        { step: "loop", to: 1, count: 4 },
      ],
    };
    const { text } = exportUnicycler(protocol, null, null);
    expect((JSON.parse(text) as typeof WHOLE).method).toEqual([
      { step: "tag", tag: "step 1" },
      { step: "open_circuit_voltage", until_time_s: 5 },
      { step: "loop", cycle_count: 4, loop_to: "step 1" },
    ]);
    expect((again(JSON.parse(text)) as typeof WHOLE).method).toHaveLength(3);
  });

  test.each([
    [{ ...withMethod(), method: [] }, /^u\.json: \$\.method: .*accepted: a list of steps/],
    [{ method: WHOLE.method }, /^u\.json: \$\.record: missing/],
    [{ ...withMethod({ step: "rest" }) }, /^u\.json: \$\.method\[0\]\.step: /],
    [withMethod({ step: "constant_current", until_time_s: 5 }), /\[0\]: no current; accepted/],
    [withMethod({ step: "constant_current", current_mA: 1 }), /\[0\]: nothing ends the step/],
    [
      withMethod({ step: "constant_current", current_mA: 1, until_voltage_V: 0 }),
      /nothing ends the step; accepted: until_time_s or until_voltage_V other than 0/,
    ],
    [
      withMethod({ step: "constant_current", rate_C: "C/x", until_time_s: 5 }),
      /\[0\]\.rate_C: "C\/x".*accepted: a number, or a fraction such as "C\/5"/,
    ],
    [withMethod({ step: "open_circuit_voltage", until_time_s: -5 }), /until_time_s: -5/],
    [withMethod({ step: "open_circuit_voltage", until_time_s: 5, until: 1 }), /until/],
    [
      withMethod({
        ...{ step: "impedance_spectroscopy", amplitude_V: 0.01 },
        ...{ start_frequency_Hz: 1, end_frequency_Hz: 0.1 },
      }),
      /a sine of voltage, or none; accepted: amplitude_mA alone/,
    ],
    [
      withMethod({ step: "tag", tag: "a" }, { step: "tag", tag: "a" }),
      /\[1\]\.tag: there are two of it/,
    ],
    [
      withMethod(
        { step: "open_circuit_voltage", until_time_s: 5 },
        { step: "loop", loop_to: "b", cycle_count: 2 },
      ),
      /\[1\]\.loop_to: "b" is no earlier step; accepted: one, or its tag/,
    ],
    [
      withMethod({ step: "loop", loop_to: 3, cycle_count: 2 }),
      /\[0\]\.loop_to: 3 is no earlier step/,
    ],
  ])("%j is refused in one line", (file, message) => {
    const refused = (): unknown => imported(file);
    expect(refused).toThrow(InputError);
    expect(refused).toThrow(message);
    expect(refused).not.toThrow(/\n/);
  });
});

describe("what unicycler cannot say", () => {
  test("is told, step by step, and the rest is said", () => {
    const protocol = parseProtocol(
      {
        cyclet: 1,
        name: "all of it",
        on: { soft: "stop" },
        limits: { temperatureMaxC: 60, voltageMaxV: 4 },
        method: [
          {
            step: "current",
            currentDensityMaCm2: 1,
            until: { arealChargeMahCm2: 0.5, voltageAboveV: 4 },
          },
          { step: "cccv", rateC: 1, voltageV: 4, until: { currentBelowMa: 0.1, timeS: 60 } },
          { step: "pulse", currentMa: 2, timeS: 10, restS: 40, count: 3 },
          { step: "rest", timeS: 5, until: { temperatureBelowC: 30 } },
          { step: "if", when: { short: "soft" }, goto: "stop" },
          { step: "ccd", startMaCm2: 1, stepMaCm2: 1, maxMaCm2: 2, arealChargeMahCm2: 1, restS: 9 },
        ],
      },
      "p.json",
    );
    const { text, lost } = exportUnicycler(protocol, "S1", { ...cell, areaCm2: 0.5 });
    const method = (JSON.parse(text) as { method: Record<string, unknown>[] }).method;
    expect(method).toEqual([
      { step: "constant_current", current_mA: 0.5, until_time_s: 1800, until_voltage_V: 4 },
      { step: "constant_current", rate_C: 1, until_time_s: 60, until_voltage_V: 4 },
      { step: "constant_voltage", voltage_V: 4, until_time_s: 60, until_current_mA: 0.1 },
      { step: "constant_current", current_mA: 2, until_time_s: 10 },
      { step: "open_circuit_voltage", until_time_s: 40 },
      { step: "loop", loop_to: 4, cycle_count: 3 },
      { step: "open_circuit_voltage", until_time_s: 5 },
      { step: "constant_current", current_mA: 0.5, until_time_s: 3600, until_voltage_V: 4 },
      { step: "open_circuit_voltage", until_time_s: 9 },
      { step: "constant_current", current_mA: -0.5, until_time_s: 3600, until_voltage_V: -4 },
      { step: "open_circuit_voltage", until_time_s: 9 },
      { step: "constant_current", current_mA: 1, until_time_s: 1800, until_voltage_V: 4 },
      { step: "open_circuit_voltage", until_time_s: 9 },
      { step: "constant_current", current_mA: -1, until_time_s: 1800, until_voltage_V: -4 },
    ]);
    expect(lost).toEqual(
      expect.arrayContaining([
        "step 1: its charge is said as a time, 1800 s",
        "step 2: its time counts for each of the two steps alone",
        "step 3: recording of its own",
        "step 4: until temperatureBelowC 30",
        "step 5: if … goto: left out",
        "step 6: a short or the end of the voltage window ends the staircase; here it climbs on",
        "on of the protocol",
        "limits.temperatureMaxC of the protocol",
        "the capacity that rates refer to: not known",
      ]),
    );
  });

  test("is no file at all where a step has no end, or an amount no area", () => {
    const of = (step: object): Protocol => parseProtocol({ cyclet: 1, method: [step] }, "p.json");
    const hot = of({ step: "current", currentMa: 1, until: { temperatureAboveC: 40 } });
    expect(() => exportUnicycler(hot, null, null)).toThrow(
      /^step 1: unicycler needs a time, a charge or a voltage to end it$/,
    );
    const areal = of({ step: "current", currentDensityMaCm2: 1, until: { timeS: 40 } });
    expect(() => exportUnicycler(areal, null, null)).toThrow(/step 1: .*accepted: --cell FILE/);
  });
});
