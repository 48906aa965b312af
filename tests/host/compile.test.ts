import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MEMORY_AREAS, NOMINAL_CODE_MID, SIMULATED } from "../../boards/simulated.ts";
import { CLIMB_ON, climb, climbFromFoot, createCcd, levelAt } from "../../firmware/ccd.ts";
import {
  AREA_CM2,
  AREA_UNCERTAINTY,
  CONDUCTIVITY_UNCERTAINTY,
  CONFIG_BYTES,
  PER_RANGE,
  VOLTAGE_MAX_V,
  VOLTAGE_MIN_V,
  ZERO_CODE,
  createConfig,
  decodeConfig,
} from "../../firmware/config.ts";
import {
  ACTION_CONTINUE,
  ACTION_HOLD,
  ACTION_LOG,
  ACTION_STOP,
  ACTIONS_CONTACT,
  ACTIONS_HARD,
  ACTIONS_SOFT,
  ACTIONS_VOID,
  createStep,
  ALL_PLACES,
  createStepRecord,
  decodeHeader,
  FLAG_GEOMETRIC,
  FLAG_ONE_WAY,
  FLAG_PROOF,
  FLAG_WAIT,
  PROTOCOL_HEADER_BYTES,
  SEALED,
  unfold,
  STEP_CCD,
  STEP_CURRENT,
  STEP_END,
  STEP_LOOP,
  STEP_REST,
} from "../../firmware/protocol.ts";
import { checkCell, checkProgram, rangeFor } from "../../host/board-check.ts";
import { parseCell } from "../../host/cell-file.ts";
import { compile } from "../../host/compile.ts";
import { programBudget, programCharge, programTime } from "../../host/duration.ts";
import { InputError } from "../../host/input-error.ts";
import { createPlan } from "../../host/plan.ts";
import { preset, PRESETS } from "../../host/presets.ts";
import { configOf, memoryImage, programBytes, programHash, shortHash } from "../../host/program.ts";
import { parseProtocol } from "../../host/protocol-file.ts";
import type { CcdStep, ProtocolStep } from "../../host/protocol/form.ts";
import { levelCount, levelCurrent as hostLevelCurrent } from "../../host/staircase.ts";
import { targetCell } from "../../host/target.ts";
import { executed } from "../../host/unroll.ts";
import { entryOf, recordOf, stepOf } from "../firmware/records.ts";

const cell = parseCell(
  {
    name: "half",
    areaCm2: 0.5,
    electrolyte: { thicknessCm: 0.162, conductivitySPerCm: 0.0041, activationEnergyEv: 0.29 },
    clampForceN: 5884,
    temperatureC: 25,
    voltageWindowV: [-4, 3],
  },
  "test",
);

/** Soft, void, contact, hard. */
function actions(...codes: number[]): number {
  const places = [ACTIONS_SOFT, ACTIONS_VOID, ACTIONS_CONTACT, ACTIONS_HARD];
  return codes.reduce((bits, code, i) => bits | (code << places[i]), 0);
}

const USUAL = actions(ACTION_LOG, ACTION_CONTINUE, ACTION_CONTINUE, ACTION_STOP);

function stepsOf(...method: ProtocolStep[]) {
  return compile(parseProtocol({ cyclet: 1, method }, "p.json"), cell);
}

describe("compile", () => {
  test("a rest", () => {
    expect(stepsOf({ step: "rest", timeS: 7200 })).toEqual([
      { ...createStep(), kind: STEP_REST, duration: 7200, budget: 7260 },
      createStep(),
    ]);
  });

  test("a current density and an areal charge by the cell's area", () => {
    const [step] = stepsOf({
      step: "current",
      currentDensityMaCm2: -0.4,
      until: { arealChargeMahCm2: 0.2, voltageBelowV: -1 },
    });
    expect(step).toEqual({
      ...createStep(),
      kind: STEP_CURRENT,
      actions: USUAL,
      flags: FLAG_PROOF,
      current: -0.0002,
      charge: Math.fround(0.36),
      voltageMin: -1,
      budget: Math.fround((1.2 * Math.fround(0.36)) / 0.0002 + 60),
    });
  });

  test.each([
    [{ timeS: 100 }, 160],
    [{ chargeMah: 1 }, 1.2 * 1800 + 60],
    [{ chargeMah: 1, timeS: 1000 }, 1060],
    [{ chargeMah: 1, timeS: 10_000 }, 1.2 * 1800 + 60],
    [{ voltageAboveV: 1 }, 360_000],
  ])("a budget for 2 mA until %j", (until, budget) => {
    const [step] = stepsOf({ step: "current", currentMa: 2, until });
    expect(step.budget).toBeCloseTo(budget, 9);
  });

  test("a staircase, with the cell's window and a budget over all levels", () => {
    const [step] = stepsOf({
      ...{ step: "ccd", startMaCm2: 0.1, stepMaCm2: 0.1, maxMaCm2: 0.3 },
      ...{ arealChargeMahCm2: 0.2, cyclesPerLevel: 2, restS: 30 },
    });
    const hours = 0.2 / 0.1 + 0.2 / 0.2 + 0.2 / 0.3;
    expect(step).toMatchObject({
      kind: STEP_CCD,
      count: 2,
      rest: 30,
      voltageMin: -4,
      voltageMax: 3,
    });
    expect(step.current).toBeCloseTo(5e-5, 12);
    expect(step.increment).toBeCloseTo(5e-5, 12);
    expect(step.currentMax).toBeCloseTo(1.5e-4, 12);
    expect(step.charge).toBe(Math.fround(0.36));
    const whole = 4 * 1.2 * hours * 3600 * (Math.fround(0.36) / 0.36) + 12 * 90;
    expect(step.budget / whole).toBeCloseTo(1, 7);
  });

  test("a staircase of constant time, one way, by a factor", () => {
    const [step] = stepsOf({
      ...{ step: "ccd", startMaCm2: 0.1, factor: 2, maxMaCm2: 0.8 },
      ...{ halfCycleS: 3600, direction: "one-way", cyclesPerLevel: 3, restS: 30 },
    });
    expect(step).toMatchObject({ kind: STEP_CCD, count: 3, charge: 0, duration: 3600 });
    expect(step).toMatchObject({ increment: 2, flags: FLAG_ONE_WAY | FLAG_GEOMETRIC | FLAG_PROOF });
    // Four levels of three passes: 0.1, 0.2, 0.4 and 0.8 mA/cm² on 0.5 cm².
    expect(step.budget).toBeCloseTo(12 * (3600 + 30 + 60), 6);
    expect(programTime([step])).toBeCloseTo(12 * 3600 + 11 * 30, 6);
    expect(programCharge([step])).toBeCloseTo(3 * 3600 * (1.5e-3 * 0.5), 9);
  });

  test("has the levels that the channel climbs", () => {
    const bounds = fc.record({
      start: fc.double({ min: 1e-3, max: 1, noNaN: true }),
      step: fc.double({ min: 1e-3, max: 1, noNaN: true }),
      factor: fc.double({ min: 1.01, max: 3, noNaN: true }),
      max: fc.double({ min: 1, max: 4, noNaN: true }),
      // As one writes it: a last level that is one, or just misses being one.
      even: fc.boolean(),
      geometric: fc.boolean(),
    });
    fc.assert(
      fc.property(bounds, ({ start, step, factor, max, even, geometric }) => {
        const rule = geometric ? { factor } : { stepMaCm2: step };
        const top = geometric ? start * factor ** 5 : start + 5 * step;
        const maxMaCm2 = even ? top : max;
        const half: CcdStep = { step: "ccd", startMaCm2: start, maxMaCm2, halfCycleS: 1, ...rule };
        const [compiled] = compile({ name: "p", method: [half] }, cell);
        const record = recordOf(compiled);
        const ccd = createCcd();
        climbFromFoot(ccd, true);
        const levels = [levelAt(record, ccd.level)];
        while (climb(ccd, record) === CLIMB_ON) {
          if (ccd.half === 0) levels.push(levelAt(record, ccd.level));
        }
        expect(levelCount(compiled)).toBe(levels.length);
        levels.forEach((current, i) => {
          expect(hostLevelCurrent(compiled, i) / current).toBeCloseTo(1, 11);
        });
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test("what findings lead to: the step's word before the protocol's before the usual", () => {
    const steps = compile(
      {
        ...{ name: "p", on: { soft: "hold", hard: "hold" }, proof: false },
        method: [
          { step: "current", currentMa: 1, until: { timeS: 1 } },
          { step: "current", currentMa: 1, until: { timeS: 1 }, on: { soft: "stop" }, proof: true },
          { step: "rest", timeS: 1 },
        ],
      },
      cell,
    );
    expect(steps.map((step) => [step.actions, step.flags])).toEqual([
      [actions(ACTION_HOLD, ACTION_CONTINUE, ACTION_CONTINUE, ACTION_HOLD), 0],
      [actions(ACTION_STOP, ACTION_CONTINUE, ACTION_CONTINUE, ACTION_HOLD), FLAG_PROOF],
      [0, 0],
      [0, 0],
    ]);
  });

  test("what follows a loss of power: the step's word before the protocol's", () => {
    const waits = (afterOutage?: "wait" | "continue"): boolean[] => {
      const push = { step: "current", currentMa: 1, until: { timeS: 1 } } as const;
      const method: ProtocolStep[] = [
        push,
        { ...push, afterOutage: "wait" },
        { ...push, afterOutage: "continue" },
        { step: "rest", timeS: 1 },
        { step: "rest", timeS: 1, afterOutage: "wait" },
      ];
      const steps = compile({ name: "p", method, ...(afterOutage && { afterOutage }) }, cell);
      return steps.slice(0, -1).map(({ flags }) => (flags & FLAG_WAIT) !== 0);
    };
    expect(waits()).toEqual([false, true, false, false, true]);
    expect(waits("continue")).toEqual([false, true, false, false, true]);
    expect(waits("wait")).toEqual([true, true, false, true, true]);
  });

  test("loops from 1 to 0", () => {
    const steps = stepsOf({ step: "rest", timeS: 1 }, { step: "loop", to: 1, count: 3 });
    expect(steps[1]).toEqual({ ...createStep(), kind: STEP_LOOP, to: 0, count: 3 });
  });
});

describe("a program with loops", () => {
  const rest: ProtocolStep = { step: "rest", timeS: 100 };
  const push: ProtocolStep = { step: "current", currentMa: 3.6, until: { chargeMah: 1 } };
  const inner: ProtocolStep = { step: "loop", to: 2, count: 3 };
  const outer: ProtocolStep = { step: "loop", to: 1, count: 2 };
  const steps = stepsOf(rest, push, inner, outer);

  test("runs its steps in order, inner loops anew each time", () => {
    expect(executed(steps, 20)).toEqual([0, 1, 1, 1, 0, 1, 1, 1]);
    expect(executed(steps, 7)).toBeNull();
  });

  test("takes the time and charge of every turn", () => {
    // A charge has the 24 bits of single precision.
    const charge = Math.fround(3.6);
    const budget = Math.fround((1.2 * charge) / 0.0036 + 60);
    expect(programTime(steps)).toBeCloseTo(2 * 100 + (6 * charge) / 0.0036, 9);
    expect(programBudget(steps)).toBeCloseTo(2 * 160 + 6 * budget, 9);
    expect(programCharge(steps)).toBeCloseTo(6 * charge, 9);
  });
});

describe("the memory image", () => {
  const steps = stepsOf({ step: "rest", timeS: 5 }, { step: "loop", to: 1, count: 7 });
  const image = memoryImage(MEMORY_AREAS, configOf(cell, NOMINAL_CODE_MID), steps);

  test("holds the configuration", () => {
    const config = createConfig(0);
    const bytes = image.subarray(MEMORY_AREAS.config, MEMORY_AREAS.config + CONFIG_BYTES);
    expect(decodeConfig(bytes, config, crc32)).toBe(true);
    expect(config).toEqual(configOf(cell, NOMINAL_CODE_MID));
    expect([config[AREA_CM2], config[VOLTAGE_MIN_V], config[VOLTAGE_MAX_V]]).toEqual([0.5, -4, 3]);
    expect([config[AREA_UNCERTAINTY], config[CONDUCTIVITY_UNCERTAINTY]]).toEqual([0.03, 0.1]);
    const zeroCodes = [0, 1, 2, 3].map((range) => config[ZERO_CODE + PER_RANGE * range]);
    expect(zeroCodes).toEqual([32768, 32768, 32768, 32768]);
  });

  test("holds the program and its hash", () => {
    const at = MEMORY_AREAS.protocol + PROTOCOL_HEADER_BYTES;
    const header = image.subarray(MEMORY_AREAS.protocol, at);
    expect(crc32(header)).toBe(SEALED);
    expect(decodeHeader(new Uint32Array(header.slice().buffer))).toBe(3);
    const view = new DataView(header.buffer, header.byteOffset);
    expect(view.getUint32(12, true)).toBe(shortHash(programHash(steps)));
    const found = createStepRecord(ALL_PLACES);
    steps.forEach((step, i) => {
      const [from, length] = entryOf(image, MEMORY_AREAS.protocol, i);
      const entry = image.slice(from, from + length);
      entry[length - 4] ^= i;
      expect(crc32(entry)).toBe(SEALED);
      expect(unfold(found, new Uint32Array(entry.buffer))).toBe(true);
      expect(stepOf(found)).toEqual(step);
    });
    expect(steps[2].kind).toBe(STEP_END);
  });

  test("has another hash for another program", () => {
    expect(programHash(stepsOf({ step: "rest", timeS: 6 }))).not.toBe(
      programHash(stepsOf({ step: "rest", timeS: 5 })),
    );
  });
});

describe("the board's bounds", () => {
  function complaint(step: ProtocolStep): string {
    const protocol = parseProtocol({ cyclet: 1, method: [step] }, "p.json");
    try {
      checkProgram(SIMULATED, cell, protocol, compile(protocol, cell), "p.json");
    } catch (error) {
      if (error instanceof InputError) return error.message;
      throw error;
    }
    return "";
  }
  const levels = { startMaCm2: 0.1, stepMaCm2: 0.1, maxMaCm2: 20 };
  const ccd: CcdStep = { step: "ccd", ...levels, arealChargeMahCm2: 0.2 };

  test.each<[ProtocolStep, string]>([
    [{ step: "current", currentMa: 10, until: { timeS: 1 } }, ""],
    [{ step: "current", currentMa: -10.1, until: { timeS: 1 } }, "$.method[0].currentMa: -10.1 mA"],
    [{ step: "current", currentMa: 1e-5, until: { timeS: 1 } }, "at least 0.0001"],
    [
      { step: "current", currentDensityMaCm2: 21, until: { timeS: 1 } },
      "$.method[0].currentDensityMaCm2: 10.5 mA",
    ],
    [
      { step: "current", currentMa: 1, until: { voltageAboveV: 3.5 } },
      "$.method[0].until.voltageAboveV: 3.5 V is outside the cell's window; accepted: -4 to 3",
    ],
    [
      { step: "current", currentMa: -1, until: { voltageBelowV: -4.5 } },
      "$.method[0].until.voltageBelowV",
    ],
    [ccd, ""],
    [{ ...ccd, maxMaCm2: 20.1 }, "$.method[0].maxMaCm2: 10.05 mA"],
    [{ ...ccd, startMaCm2: 1e-7 }, "$.method[0].startMaCm2"],
    [{ ...ccd, voltageWindowV: [-4.5, 1] }, "$.method[0].voltageWindowV"],
  ])("%j: %s", (step, words) => {
    expect(complaint(step)).toContain(words);
    expect(complaint(step) === "").toBe(words === "");
  });

  test("a window wider than the compliance", () => {
    expect(() => checkCell(SIMULATED, { ...cell, voltageWindowV: [-6, 3] }, "c.json")).toThrow(
      "c.json: $.voltageWindowV: -6 V is outside what simulated can hold; accepted: -5.2 to 5.2",
    );
  });

  test("the smallest range that fits", () => {
    expect([1e-5, 1.1e-5, -0.002, 0.02].map((a) => rangeFor(SIMULATED, a))).toEqual([
      1e-5, 1e-4, 1e-2, 1e-2,
    ]);
  });

  test("a program too long for the memory", () => {
    const { steps } = createPlan("ccd", cell, SIMULATED, MEMORY_AREAS);
    const room = programBytes(steps).length;
    const areas = { ...MEMORY_AREAS, journal: MEMORY_AREAS.protocol + room };
    expect(createPlan("ccd", cell, SIMULATED, areas).steps).toHaveLength(3);
    const less = { ...areas, journal: areas.journal - 1 };
    expect(() => createPlan("ccd", cell, SIMULATED, less)).toThrow(
      `2 steps of ${room} bytes do not fit into the memory of simulated; accepted: up to ` +
        `${room - 1} bytes`,
    );
  });
});

describe("presets", () => {
  test.each(PRESETS)("%s runs on the built-in cell that it is for", (name) => {
    const target = name.startsWith("full-cell") ? "sim:nvp" : "sim:bareNa";
    const plan = createPlan(name, targetCell(target), SIMULATED, MEMORY_AREAS);
    expect(plan.protocol.name).toBe(name);
    expect(plan.steps.at(-1)?.kind).toBe(STEP_END);
  });

  test("ccd stops where the largest range does", () => {
    expect(preset("ccd", { ...cell, areaCm2: 4 }, 0.01)?.method[1]).toMatchObject({
      maxMaCm2: 2.5,
    });
    expect(preset("ccd", cell, 0.01)?.method[1]).toMatchObject({ maxMaCm2: 5 });
  });

  test("announced ones say so, others are none", () => {
    expect(() => preset("geis", cell, 0.01)).toThrow("not available yet; available: ccd, cycle");
    expect(preset("nothing", cell, 0.01)).toBeNull();
  });
});
