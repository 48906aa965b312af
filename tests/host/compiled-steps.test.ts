// What the newer steps and cut-offs become: terms, targets, budgets; and what cannot be compiled.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SIMULATED } from "../../boards/simulated.ts";
import * as f from "../../firmware/protocol.ts";
import { checkProgram } from "../../host/board-check.ts";
import { parseCell } from "../../host/cell-file.ts";
import { compile, compileWhole } from "../../host/compile.ts";
import { programBudget, programCharge, programTime } from "../../host/duration.ts";
import { InputError } from "../../host/input-error.ts";
import { BOARD_NAMES, boardNamed } from "../../host/known-boards.ts";
import type { Protocol, ProtocolStep } from "../../host/protocol/form.ts";
import { parseProtocol } from "../../host/protocol-file.ts";
import { EXAMPLES } from "./protocols.ts";

const file = {
  ...{ name: "half", areaCm2: 0.5, clampForceN: 5884, temperatureC: 25, voltageWindowV: [-4, 4] },
  electrolyte: { thicknessCm: 0.162, conductivitySPerCm: 0.0041, activationEnergyEv: 0.29 },
};
const cell = parseCell({ ...file, arealCapacityMahCm2: 2 }, "cell.json");
const rest: ProtocolStep = { step: "rest", timeS: 100 };

function read(method: readonly ProtocolStep[], more: object = {}): Protocol {
  return parseProtocol(JSON.parse(JSON.stringify({ cyclet: 1, method, ...more })), "p.json");
}

function stepsOf(...method: ProtocolStep[]): f.Step[] {
  return compile(read(method, { budgetS: 1e6 }), cell, 0.01, "p.json");
}

function complaint(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return "";
}

function term(quantity: number, below: boolean, threshold: number, more: object = {}): f.Term {
  const plain = { quantity, below, threshold: Math.fround(threshold), delay: 0 };
  return { ...plain, last: true, to: f.TO_NEXT, ...more };
}

describe("compile", () => {
  test("rates refer to the protocol's capacity before the cell's", () => {
    const method: ProtocolStep[] = [{ step: "current", rateC: 0.5, until: { timeS: 1 } }];
    const current = (more: object): number => compile(read(method, more), cell)[0].current;
    expect(current({})).toBeCloseTo(0.5e-3, 15);
    expect(current({ capacityMah: 4 })).toBeCloseTo(2e-3, 15);
    const unknown = parseCell(file, "cell.json");
    expect(complaint(() => compile(read(method), unknown, 1, "p.json"))).toMatch(
      /^p\.json: \$\.method\[0\]\.rateC: a rate of no known capacity; accepted: capacityMah/,
    );
  });

  test("single cut-offs stay in the step, the tighter of two; all else are terms", () => {
    const any = [{ timeS: 50 }, { voltageAboveV: 0.5 }, { timeS: 9, delayS: 1 }];
    const [step] = stepsOf({
      ...{ step: "current", currentMa: 1 },
      until: { timeS: 80, voltageAboveV: 1, voltageBelowV: -1, any },
    });
    expect(step).toMatchObject({ duration: 50, voltageMax: 0.5, voltageMin: -1, charge: 0 });
    expect(step.terms).toEqual([term(f.QUANTITY_TIME, false, 9, { delay: 1 })]);
    expect(step.budget).toBe(10 + 60);
  });

  test("all of any, any of all: groups of terms with their delay and target", () => {
    const [, step] = stepsOf(rest, {
      ...{ step: "current", currentMa: 1 },
      until: {
        all: [
          { timeS: 5, short: "hard" },
          { forceBelowN: 9, delayS: 2 },
        ],
        any: [{ all: [{ voltageAboveV: 1 }, { temperatureAboveC: 40 }], goto: 1, delayS: 3 }],
      },
    });
    const one = { last: false };
    expect(step.terms).toEqual([
      term(f.QUANTITY_VOLTAGE, false, 1, { ...one, delay: 3 }),
      term(f.QUANTITY_TEMPERATURE, false, 40, { delay: 3, to: 0 }),
      term(f.QUANTITY_TIME, false, 5, one),
      term(f.QUANTITY_FORCE, true, 9, { delay: 2 }),
      term(f.QUANTITY_SHORT, false, 2, one),
      term(f.QUANTITY_FORCE, true, 9, { delay: 2 }),
    ]);
    expect(step.budget).toBe(360_000);
  });

  test.each<[object, f.Term]>([
    [{ chargeMah: 1, delayS: 1 }, term(f.QUANTITY_CHARGE, false, 3.6, { delay: 1 })],
    [{ arealChargeMahCm2: 1, delayS: 1 }, term(f.QUANTITY_CHARGE, false, 1.8, { delay: 1 })],
    [{ currentAboveMa: 2 }, term(f.QUANTITY_CURRENT, false, 2e-3)],
    [{ currentBelowMa: 0.1 }, term(f.QUANTITY_CURRENT, true, 1e-4)],
    [{ currentDensityBelowMaCm2: 0.1 }, term(f.QUANTITY_CURRENT, true, 5e-5)],
    [{ rateBelowC: 0.05 }, term(f.QUANTITY_CURRENT, true, 5e-5)],
    [{ efficiencyAbove: 0.9 }, term(f.QUANTITY_EFFICIENCY, false, 0.9)],
    [{ efficiencyBelow: 0.9 }, term(f.QUANTITY_EFFICIENCY, true, 0.9)],
    [{ capacityAboveMah: 1 }, term(f.QUANTITY_CAPACITY, false, 3.6)],
    [{ capacityBelowMah: 1 }, term(f.QUANTITY_CAPACITY, true, 3.6)],
    [{ temperatureBelowC: 10 }, term(f.QUANTITY_TEMPERATURE, true, 10)],
    [{ forceAboveN: 10 }, term(f.QUANTITY_FORCE, false, 10)],
    [{ short: "soft" }, term(f.QUANTITY_SHORT, false, 1)],
    [{ runTimeS: 10 }, term(f.QUANTITY_RUN_TIME, false, 10)],
  ])("%j", (until, expected) => {
    const [step] = stepsOf({ step: "voltage", voltageV: 1, until });
    expect(step.terms).toEqual([expected]);
    expect(step.budget).toBe(360_000);
  });

  test("CC-CV: what ends the whole leads from the first part beyond the second", () => {
    const [push, hold, next] = stepsOf(
      {
        ...{ step: "cccv", rateC: -1, voltageV: -2 },
        until: { timeS: 60, currentBelowMa: 0.1, chargeMah: 1 },
      },
      rest,
    );
    expect(push).toMatchObject({ kind: f.STEP_CURRENT, current: -1e-3, voltageMin: -2 });
    expect(push.terms).toEqual([
      term(f.QUANTITY_TIME, false, 60, { to: 2 }),
      term(f.QUANTITY_CHARGE, false, 3.6, { to: 2 }),
    ]);
    expect(push.budget).toBe(120);
    expect(hold).toMatchObject({
      ...{ kind: f.STEP_VOLTAGE, voltage: -2, currentMax: 1e-3, flags: f.FLAG_CONTINUES },
      ...{ duration: 60, charge: Math.fround(3.6), budget: 120 },
      terms: [term(f.QUANTITY_CURRENT, true, 1e-4)],
    });
    expect(next.kind).toBe(f.STEP_REST);
    expect(programTime([push, hold])).toBe(60);
    expect(programCharge([push, hold])).toBeCloseTo(0.06, 12);
  });

  test("pulses, a scan, an impedance; numbers and ids of steps after them", () => {
    const steps = stepsOf(
      { step: "pulse", currentMa: 1, timeS: 2, restS: 3, count: 4 },
      { id: "sweep", step: "scan", fromV: 1, toV: -1, rateMvPerS: 10, limits: { forceMinN: 9 } },
      { step: "impedance", amplitudeMa: 0.1, fromHz: 1, toHz: 0.01, pointsPerDecade: 2 },
      { step: "loop", to: "sweep", count: 2 },
      { step: "if", when: { short: "soft" }, goto: 2, else: "stop" },
    );
    expect(steps.map(({ kind, to }) => [kind, to])).toEqual([
      ...[
        [f.STEP_CURRENT, 0],
        [f.STEP_REST, 0],
        [f.STEP_LOOP, 0],
        [f.STEP_SCAN, 0],
      ],
      ...[
        [f.STEP_IMPEDANCE, 0],
        [f.STEP_LOOP, 3],
        [f.STEP_JUMP, 0],
        [f.STEP_END, 0],
      ],
    ]);
    expect(steps[0]).toMatchObject({ current: 1e-3, duration: 2, recordTime: Math.fround(0.1) });
    expect(steps[3]).toMatchObject({ voltage: 1, voltageEnd: -1, rate: 0.01, currentMax: 0.01 });
    expect(steps[3].terms).toEqual([term(f.QUANTITY_FORCE, true, 9, { to: f.TO_STOP })]);
    expect(steps[3].budget).toBe(200 + 600 + 60);
    expect(steps[4]).toMatchObject({ current: 1e-4, count: 5, frequency: 1, frequencyEnd: 0.01 });
    expect(steps[6].terms).toEqual([
      term(f.QUANTITY_SHORT, false, 1, { to: 3 }),
      term(f.QUANTITY_RUN_TIME, false, 0, { to: f.TO_STOP }),
    ]);
  });

  test("what holds in all steps", () => {
    const limits = { voltageMaxV: 1, chargeMaxMah: 1, delayS: 4 };
    const record = { timeS: 5, voltageV: 0.01, currentMa: 1, combine: "all" };
    const stop = { delay: 4, to: f.TO_STOP };
    expect(compileWhole(read([rest], { limits, record, budgetS: 9 }), cell)).toEqual({
      terms: [term(f.QUANTITY_VOLTAGE, false, 1, stop), term(f.QUANTITY_CHARGE, false, 3.6, stop)],
      ...{ recordTime: 5, recordVoltage: Math.fround(0.01), recordCurrent: Math.fround(1e-3) },
      ...{ flags: f.FLAG_RECORD_ALL, budget: 9 },
    });
  });

  const push = { step: "current", currentMa: 1 } as const;
  test.each<[ProtocolStep, string]>([
    [{ ...push, until: { timeS: 1, currentAboveMa: 1 } }, "limit at 1 mA would end it at once"],
    [{ ...push, until: { timeS: 1, currentBelowMa: 2 } }, "accepted: less than 1 mA"],
    [{ ...push, until: { timeS: 1 }, limits: { currentMaxMa: 0.5 } }, "limit at 500 µA would"],
    [
      { step: "voltage", voltageV: 1, currentMaxMa: 1, until: { currentBelowMa: 1 } },
      "limit at 1 mA would end it at once, at 1 mA; accepted: less than 1 mA",
    ],
    [{ step: "voltage", voltageV: 1, until: { timeS: 1, voltageAboveV: 1 } }, "more than 1 V"],
    [
      { step: "scan", fromV: 0, toV: 1, rateMvPerS: 1, limits: { voltageMaxV: 0.5 } },
      "limit at 500 mV would end it at once, at 1 V",
    ],
    [
      { step: "cccv", currentMa: 1, voltageV: 2, until: { timeS: 1 }, limits: { voltageMaxV: 1 } },
      "at once, at 2 V",
    ],
    [
      {
        ...{ step: "impedance", amplitudeMa: 1, fromHz: 1, toHz: 1, pointsPerDecade: 1 },
        limits: { currentMaxMa: 0.5 },
      },
      "at once, at 1 mA",
    ],
  ])("refuses %j", (step, words) => {
    const line = complaint(() => stepsOf(rest, step));
    expect(line).toMatch(/^p\.json: \$\.method\[1\]: /);
    expect(line).toContain(words);
  });
});

describe("the board's bounds", () => {
  const check = (board: string, method: readonly ProtocolStep[], more = {}): string =>
    complaint(() => {
      const protocol = read(method, more);
      const steps = compile(protocol, cell, 0.01, "p.json");
      const whole = compileWhole(protocol, cell);
      checkProgram(boardNamed(board), cell, protocol, steps, "p.json", whole);
    });
  const sine = { step: "impedance", amplitudeMa: 0.1, toHz: 0.1, pointsPerDecade: 1 } as const;
  const hold = { step: "voltage", voltageV: 1, until: { timeS: 1 } } as const;

  test.each<[ProtocolStep, string]>([
    [{ ...hold, voltageV: 4.5 }, "$.method[0].voltageV: 4.5 V is outside the cell's window"],
    [{ ...hold, currentMaxMa: 11 }, "$.method[0].currentMaxMa: 11 mA is more than"],
    [{ ...hold, until: { all: [{ timeS: 1 }, { voltageAboveV: 5 }] } }, "all[1].voltageAboveV: 5"],
    [{ step: "scan", fromV: -5, toV: 1, rateMvPerS: 1 }, "$.method[0].fromV: -5 V"],
    [{ step: "current", rateC: 20, until: { timeS: 1 } }, "rateC: 20 mA is more"],
    [{ step: "pulse", currentMa: 99, timeS: 1, restS: 1, count: 1 }, "currentMa: 99 mA is more"],
    [{ ...sine, amplitudeMa: 99, fromHz: 1 }, "amplitudeMa: 99 mA is more"],
    [{ ...sine, fromHz: 7 }, "$.method[0].fromHz: 7 Hz is faster"],
    [{ ...sine, fromHz: 6.25 }, ""],
  ])("%j: %s", (step, words) => {
    const line = check(SIMULATED.name, [step]);
    expect(line).toContain(words);
    expect(line === "").toBe(words === "");
  });

  test("a small bundle leaves out voltages, impedances and terms, and says who has them", () => {
    expect(check("mdbt42q", [hold])).toMatch(
      /^p\.json: \$\.method\[0\]: the bundle of mdbt42q leaves out constant voltage and scans; /,
    );
    expect(check("mdbt42q", [{ ...sine, fromHz: 1 }])).toContain("leaves out impedances");
    expect(check("mdbt42q", [{ ...rest, until: { forceBelowN: 1 } }])).toContain("conditions");
    expect(check("mdbt42q", [rest], { budgetS: 9 })).toContain("p.json: $.budgetS: the bundle");
    expect(check("mdbt42q", [rest], { limits: { forceMinN: 1 } })).toContain("$.limits");
    expect(check("mdbt42q", [rest], { record: { timeS: 1 } })).toContain("boards with it: simul");
    const plain: ProtocolStep = { step: "current", currentMa: 1, until: { timeS: 1 } };
    for (const board of BOARD_NAMES) expect(check(board, [rest, plain])).toBe("");
  });
});

describe("a program with jumps", () => {
  test("takes the longest way", () => {
    const goes = (to: number | string): ProtocolStep => ({
      ...{ step: "if", when: { short: "soft" }, goto: to },
    });
    const long: ProtocolStep = { step: "rest", timeS: 1000 };
    // Either the long rest or the short one; a loop that may be left in any of its rounds.
    expect(programTime(stepsOf({ ...goes(3), else: 4 } as ProtocolStep, rest, long, rest))).toBe(
      1100,
    );
    expect(programTime(stepsOf(rest, goes(5), long, { step: "loop", to: 1, count: 3 }, long))).toBe(
      3 * 1100 + 1000,
    );
    const early: ProtocolStep[] = [rest, goes(4), { step: "loop", to: 1, count: 3 }, long];
    expect(programTime(stepsOf(...early))).toBe(3 * 100 + 1000);
  });

  test("takes its budget where a jump leads back", () => {
    const protocol = read([rest, { step: "if", when: { short: "soft" }, goto: 1 }], {
      budgetS: 500,
    });
    const steps = compile(protocol, cell);
    const whole = compileWhole(protocol, cell);
    expect([programTime(steps, whole), programBudget(steps, whole)]).toEqual([500, 500]);
    expect(programBudget(steps)).toBe(Infinity);
  });

  test("never takes longer than told, whatever its steps find", () => {
    const place = fc.integer({ min: 1, max: 12 });
    const step = fc.oneof(
      fc.nat(1000).map((n): object => ({ step: "rest", timeS: n + 1 })),
      fc.record({ step: fc.constant("loop"), to: place, count: fc.integer({ min: 1, max: 4 }) }),
      place.map((goto): object => ({ step: "if", when: { short: "soft" }, goto })),
      fc.tuple(place, place).map(([goto, other]): object => {
        return { step: "if", when: { short: "soft" }, goto, else: other };
      }),
      place.map((goto): object => {
        return { step: "rest", timeS: 7, until: { forceBelowN: 1, goto } };
      }),
      fc.constant({ step: "cccv", currentMa: 1, voltageV: 1, until: { timeS: 30 } }),
    );
    const methods = fc.array(step, { minLength: 1, maxLength: 12 });
    let ran = 0;
    fc.assert(
      fc.property(methods, fc.boolean(), fc.infiniteStream(fc.boolean()), (method, all, found) => {
        let protocol: Protocol;
        try {
          protocol = read(method.map((each, at) => aimed(each, at, method.length)));
        } catch (error) {
          if (error instanceof InputError) return;
          throw error;
        }
        ran++;
        const steps = compile(protocol, cell);
        const spent = walk(steps, () => !all && (found.next().value as boolean));
        expect(spent).toBeLessThanOrEqual(programTime(steps) * (1 + 1e-9));
      }),
      { seed: 1, numRuns: 3000 },
    );
    expect(ran).toBeGreaterThan(300);
  });
});

/** A step at index `at` whose places, drawn as distances, are ahead, or behind for a loop. */
function aimed(step: object, at: number, count: number): ProtocolStep {
  const ahead = (far: number): number | string => (at + far < count ? at + far + 1 : "end");
  const places = Object.entries(step).map(([key, value]: [string, unknown]) => {
    if (key === "to") return [key, Math.max(1, at + 1 - Number(value))];
    if (key === "else" || key === "goto") return [key, ahead(Number(value))];
    if (key !== "until" || !("goto" in (value as object))) return [key, value];
    const until = value as { goto: number };
    return [key, { ...until, goto: ahead(until.goto) }];
  });
  return Object.fromEntries(places) as ProtocolStep;
}

/** Seconds that a way through `steps` takes, where `holds` says which conditions do. */
function walk(steps: readonly f.Step[], holds: () => boolean): number {
  const left = new Map<number, number>();
  let seconds = 0;
  let at = 0;
  while (at < steps.length && steps[at].kind !== f.STEP_END) {
    const step = steps[at];
    if (step.kind === f.STEP_LOOP) {
      const rounds = (left.get(at) ?? step.count) - 1;
      if (rounds > 0) left.set(at, rounds);
      else left.delete(at);
      at = rounds > 0 ? step.to : at + 1;
      continue;
    }
    const sure = step.terms.find(({ quantity }) => quantity === f.QUANTITY_RUN_TIME);
    const found = step.terms.find((each) => each === sure || holds());
    // The hold of a CC-CV begins with what its first part has left.
    if (step.kind === f.STEP_CURRENT) seconds += found === undefined ? 10 : 30;
    else if (step.kind === f.STEP_VOLTAGE) seconds += 20;
    else seconds += step.duration;
    const to = found === undefined || found.to === f.TO_NEXT ? at + 1 : found.to;
    // A loop that is left begins anew when it is met again.
    for (const loop of left.keys()) {
      if (to > loop || to < steps[loop].to) left.delete(loop);
    }
    at = to;
  }
  return seconds;
}

describe("every example", () => {
  test.each(Object.entries(EXAMPLES))("%s compiles into bounded steps", (_, method) => {
    for (const step of stepsOf(...method)) {
      const timed = ![f.STEP_END, f.STEP_LOOP, f.STEP_JUMP].includes(step.kind);
      expect(step.budget > 0 && step.budget < Infinity).toBe(timed);
      for (const value of [step.duration, step.charge, step.budget]) {
        expect(Math.fround(value)).toBe(value);
      }
    }
  });
});
