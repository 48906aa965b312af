import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createTotals } from "../../firmware/account.ts";
import type { Step, StepRecord } from "../../firmware/protocol.ts";
import { STEP_LOOP, STEP_REST, createStep } from "../../firmware/protocol.ts";
import { VOLTAGE_CLIPPED, VOLTAGE_REREAD } from "../../firmware/sample.ts";
import {
  BOUND_REACHED,
  BUDGET_SPENT,
  LOOPS_MAX,
  STAY,
  STEP_OVER,
  createSchedule,
  judge,
  passLoop,
  remaining,
  rewind,
} from "../../firmware/schedule.ts";
import { ccdRecord, currentRecord, recordOf, restRecord } from "./records.ts";
import { sampleOf } from "./specimen.ts";

/** A program as a tree: a number is a step, a list is a loop of its elements. */
type Tree = (number | { times: number; body: Tree })[];

/** What a recursive interpreter runs: numbers in order. */
function interpret(tree: Tree, ran: number[] = []): number[] {
  for (const each of tree) {
    if (typeof each === "number") ran.push(each);
    else for (let i = 0; i < Math.max(1, each.times); i++) interpret(each.body, ran);
  }
  return ran;
}

/** The program as flat steps: a loop step stands behind its body. `budget` names a step. */
function flatten(tree: Tree, steps: Step[] = []): Step[] {
  for (const each of tree) {
    if (typeof each === "number") {
      steps.push({ ...createStep(), kind: STEP_REST, budget: each });
    } else {
      const to = steps.length;
      flatten(each.body, steps);
      steps.push({ ...createStep(), kind: STEP_LOOP, to, count: each.times });
    }
  }
  return steps;
}

/** What the board's schedule runs; null = nested too deep. */
function scheduled(steps: Step[]): number[] | null {
  const schedule = createSchedule();
  const ran: number[] = [];
  while (schedule.nextIndex < steps.length && ran.length < 100_000) {
    const next = steps[schedule.nextIndex];
    if (next.kind === STEP_LOOP) {
      if (!passLoop(schedule, recordOf(next))) return null;
    } else {
      ran.push(next.budget);
      schedule.nextIndex++;
    }
  }
  expect(schedule.loopDepth).toBe(0);
  return ran;
}

const { tree } = fc.letrec<{ tree: Tree; item: Tree[number] }>((tie) => ({
  tree: fc.array(tie("item"), { minLength: 1, maxLength: 4 }),
  item: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.nat(1000),
    fc.record({ times: fc.nat(3), body: tie("tree") }),
  ),
}));

function nest(depth: number): Tree {
  return depth === 0 ? [7] : [{ times: 2, body: nest(depth - 1) }];
}

describe("loops", () => {
  test("run as a recursive interpreter runs them", () => {
    let loops = 0;
    fc.assert(
      fc.property(tree, (program) => {
        const steps = flatten(program);
        if (steps.some(({ kind }) => kind === STEP_LOOP)) loops++;
        expect(scheduled(steps)).toEqual(interpret(program));
      }),
      { seed: 1, numRuns: 500 },
    );
    expect(loops).toBeGreaterThan(100);
  });

  test("may be nested so deep and no deeper", () => {
    expect(scheduled(flatten(nest(LOOPS_MAX)))).toHaveLength(2 ** LOOPS_MAX);
    expect(scheduled(flatten(nest(LOOPS_MAX + 1)))).toBe(null);
  });

  test("count a cycle for the step after each pass, the last one too", () => {
    const schedule = createSchedule();
    const loop = recordOf({ ...createStep(), kind: STEP_LOOP, to: 0, count: 2 });
    schedule.nextIndex = 1;
    passLoop(schedule, loop);
    expect(schedule).toMatchObject({ nextIndex: 0, cyclesAhead: 1, cycleCount: 1 });
    schedule.cyclesAhead = 0;
    schedule.nextIndex = 1;
    passLoop(schedule, loop);
    expect(schedule).toMatchObject({ nextIndex: 2, cyclesAhead: 1, loopDepth: 0 });
  });

  test("count more passes than 16 bits hold", () => {
    const schedule = createSchedule();
    const loop = recordOf({ ...createStep(), kind: STEP_LOOP, to: 0, count: 70_000 });
    let passes = 0;
    do {
      passes++;
      schedule.nextIndex = 1;
      passLoop(schedule, loop);
    } while (schedule.nextIndex === 0);
    expect(passes).toBe(70_000);
  });

  test("are closed by a rewind", () => {
    const schedule = createSchedule();
    const loop = recordOf({ ...createStep(), kind: STEP_LOOP, to: 0, count: 5 });
    schedule.nextIndex = 1;
    passLoop(schedule, loop);
    Object.assign(schedule, { index: 1, stepCount: 9, cycleCount: 4 });
    rewind(schedule);
    expect(schedule).toMatchObject({ index: 0, nextIndex: 0, stepCount: 0, cycleCount: 1 });
    expect(schedule).toMatchObject({ cyclesAhead: 0, loopDepth: 0 });
  });
});

/** Totals of a step that began at 100 s. */
function totalsOf(stepCharge = 0) {
  return { ...createTotals(), stepStartedAt: 100, stepCharge };
}

describe("what remains of a step", () => {
  const at = (time: number, current = 0) => sampleOf({ timeVoltage: time, current });

  test("is the time left", () => {
    expect(remaining(restRecord(60), true, totalsOf(), at(110))).toBe(50);
    expect(remaining(currentRecord(1e-3, { duration: 60 }), false, totalsOf(), at(170))).toBe(-10);
  });

  test("is the time that the charge left takes, at either sign", () => {
    const step = currentRecord(-2e-3, { charge: 0.1 });
    expect(remaining(step, false, totalsOf(-0.06), at(110, -2e-3))).toBeCloseTo(20, 9);
    expect(remaining(step, false, totalsOf(0.06), at(110, 2e-3))).toBeCloseTo(20, 9);
  });

  test("is the lesser of the two", () => {
    const step = currentRecord(1e-3, { charge: 0.1, duration: 60 });
    expect(remaining(step, false, totalsOf(0.01), at(110, 1e-3))).toBe(50);
    expect(remaining(step, false, totalsOf(0.08), at(110, 1e-3))).toBeCloseTo(20, 9);
  });

  test("is endless without a cut-off, and without current for a charge", () => {
    expect(remaining(currentRecord(1e-3), false, totalsOf(), at(110, 1e-3))).toBe(Infinity);
    const step = currentRecord(1e-3, { charge: 0.1 });
    expect(remaining(step, false, totalsOf(), at(110))).toBe(Infinity);
  });

  test("of a staircase's rest is the rest's, and its charge does not matter", () => {
    const step = ccdRecord({ rest: 30, charge: 1e-3, duration: 500 });
    expect(remaining(step, true, totalsOf(5), at(110, 1e-3))).toBe(20);
    expect(remaining(step, false, totalsOf(), at(110))).toBe(490);
  });
});

describe("a step", () => {
  const BUDGET_FROM = 90;
  interface Case {
    step?: StepRecord;
    time?: number;
    voltage?: number;
    status?: number;
    settled?: boolean;
    resting?: boolean;
    charge?: number;
    current?: number;
  }

  function judged(each: Case): number {
    const { step = currentRecord(1e-3, { voltageMax: 2, voltageMin: -2 }), time = 110 } = each;
    const { voltage = 0.1, status = 0, settled = true, resting = false } = each;
    const sample = sampleOf({ timeVoltage: time, voltage, status, current: each.current ?? 1e-3 });
    return judge(step, resting, totalsOf(each.charge), sample, settled, BUDGET_FROM);
  }

  test("stays", () => expect(judged({})).toBe(STAY));

  test.each([2, 2.1, -2, -2.1])(
    "is at its bound at %d V, once confirmed and settled",
    (voltage) => {
      expect(judged({ voltage, status: VOLTAGE_REREAD })).toBe(BOUND_REACHED);
      expect(judged({ voltage, status: VOLTAGE_CLIPPED })).toBe(BOUND_REACHED);
      expect(judged({ voltage })).toBe(STAY);
      expect(judged({ voltage, status: VOLTAGE_REREAD, settled: false })).toBe(STAY);
    },
  );

  test("of a staircase is at its bound outside its window", () => {
    const step = ccdRecord();
    expect(judged({ step, voltage: 2.01, status: VOLTAGE_REREAD })).toBe(BOUND_REACHED);
    expect(judged({ step, voltage: -2.01, status: VOLTAGE_REREAD })).toBe(BOUND_REACHED);
    expect(judged({ step, voltage: 1.99, status: VOLTAGE_REREAD })).toBe(STAY);
  });

  test("is over when its time or its charge is, to 10 ms", () => {
    const timed = currentRecord(1e-3, { duration: 60 });
    expect(judged({ step: timed, time: 159.98 })).toBe(STAY);
    expect(judged({ step: timed, time: 159.995 })).toBe(STEP_OVER);
    const charged = currentRecord(1e-3, { charge: 1 });
    expect(judged({ step: charged, charge: 1 - 2e-5 })).toBe(STAY);
    expect(judged({ step: charged, charge: 1 - 5e-6 })).toBe(STEP_OVER);
    expect(judged({ step: charged, charge: -1 })).toBe(STEP_OVER);
    expect(judged({ step: restRecord(60), time: 160, resting: true })).toBe(STEP_OVER);
  });

  test("that outlives its budget is told apart; one that ends with it is not", () => {
    const step = currentRecord(1e-3, { budget: 50 });
    expect(judged({ step, time: 140 })).toBe(STAY);
    expect(judged({ step, time: 140.01 })).toBe(BUDGET_SPENT);
    const ending = currentRecord(1e-3, { budget: 50, duration: 40 });
    expect(judged({ step: ending, time: 140.2 })).toBe(STEP_OVER);
  });
});
