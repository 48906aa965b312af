import { describe, expect, test } from "vitest";
import type { Run } from "../../firmware/run.ts";
import {
  abort,
  begin,
  createRun,
  find,
  finish,
  hold,
  isResting,
  resume,
  setpointOf,
} from "../../firmware/run.ts";
import { FOUND_BOUND } from "../../firmware/findings.ts";
import { ARMING, HELD, IDLE, LOADING, RUNNING } from "../../firmware/schedule.ts";
import { APPARENT, REFERENCE, SENSITIVITY, SOFT } from "../../firmware/shorts-places.ts";
import { createShorts, leakageUncertainty } from "../../firmware/shorts-state.ts";
import {
  END_FAULT,
  END_FINISHED,
  EVENT_FAULT,
  EVENT_HOLD,
  EVENT_START,
  EVENT_VERDICT,
  VERDICT_HARD,
  VERDICT_HEALTHY,
  VERDICT_OPEN,
  VERDICT_SOFT,
  VERDICT_VOID,
} from "../../firmware/telemetry.ts";
import { ccdStep, currentStep, restStep, sampleOf } from "./specimen.ts";
import { recordOf } from "./records.ts";
import { listOf } from "./told.ts";

function codesOf(run: Run): number[] {
  return listOf(run.events).map(([code]) => code);
}

function running(step = currentStep(1e-3)): Run {
  const run = createRun();
  run.schedule.phase = RUNNING;
  run.current = recordOf(step);
  return run;
}

describe("the set-point", () => {
  test("is the step's current only while it runs", () => {
    const run = running();
    expect(setpointOf(run)).toBe(1e-3);
    for (const phase of [IDLE, ARMING, LOADING]) {
      run.schedule.phase = phase;
      expect(setpointOf(run)).toBeNaN();
    }
  });

  test("is none in a rest, and the level's in a staircase", () => {
    expect(setpointOf(running(restStep(5)))).toBeNaN();
    const run = running(ccdStep());
    expect(setpointOf(run)).toBe(1e-4);
    run.ccd.half = 1;
    expect(setpointOf(run)).toBe(-1e-4);
    run.ccd.resting = true;
    expect(setpointOf(run)).toBeNaN();
    expect(isResting(run)).toBe(true);
  });

  test.each([3, 0, 77])("is none for a step of kind %i", (kind) => {
    expect(setpointOf(running({ ...currentStep(1e-3), kind }))).toBeNaN();
  });

  test("a rest is one by its kind or its staircase", () => {
    expect(
      [restStep(5), currentStep(1), ccdStep()].map((step) => isResting(running(step))),
    ).toEqual([true, false, false]);
  });
});

describe("a hold", () => {
  test("puts the relay to rest, and says what led to it", () => {
    const run = running(ccdStep());
    run.verdict = VERDICT_SOFT;
    hold(run, sampleOf({ timeVoltage: 100 }));
    expect(run.schedule.phase).toBe(HELD);
    expect(setpointOf(run)).toBeNaN();
    expect(codesOf(run)).toEqual([EVENT_HOLD]);
    expect(listOf(run.events)[0][1]).toBe(VERDICT_SOFT);
  });

  test("and what comes after go on as if no time had passed", () => {
    const run = running(currentStep(1e-3, { duration: 50 }));
    Object.assign(run.totals, { startedAt: 5, stepStartedAt: 90, stepCharge: 0.5, chargeIn: 2 });
    run.budgetStartedAt = 80;
    hold(run, sampleOf({ timeVoltage: 100 }));
    resume(run, sampleOf({ timeVoltage: 4000 }));
    expect(run.schedule.phase).toBe(RUNNING);
    expect(setpointOf(run)).toBe(1e-3);
    // Ten seconds of the step and twenty of its budget were over.
    expect(4000 - run.totals.stepStartedAt).toBe(10);
    expect(4000 - run.budgetStartedAt).toBe(20);
    expect(run.totals).toMatchObject({ startedAt: 5, stepCharge: 0.5, chargeIn: 2 });
  });

  test("in the staircase leaves its place there", () => {
    const run = running(ccdStep());
    Object.assign(run.ccd, { level: 2, half: 1, soft: 1e-4 });
    const before = structuredClone(run.ccd);
    hold(run, sampleOf({ timeVoltage: 100 }));
    resume(run, sampleOf({ timeVoltage: 200 }));
    expect(run.ccd).toEqual(before);
    expect(setpointOf(run)).toBeCloseTo(-3e-4, 12);
  });
});

describe("a beginning", () => {
  test("forgets the run before, and waits for sensors", () => {
    const run = running(ccdStep());
    Object.assign(run, { verdict: VERDICT_HARD, firstAt: 5, loadedIndex: 3, steps: 4, hash: 99 });
    Object.assign(run, { suspectedAt: 7, fastUntil: 1e6 });
    Object.assign(run.ccd, { used: true, failing: 1, completed: 1 });
    Object.assign(run.totals, { chargeIn: 5, chargeOut: 6 });
    run.shorts.numbers.fill(7);
    run.shorts.numbers[SENSITIVITY] = 1;
    begin(run, sampleOf({ timeVoltage: 50 }));
    expect(run).toMatchObject({ verdict: VERDICT_HEALTHY, firstAt: -1, loadedIndex: -1 });
    expect(run).toMatchObject({ suspectedAt: -1, fastUntil: 0 });
    expect(run.schedule).toMatchObject({ phase: ARMING, nextIndex: 0, stepCount: 0 });
    expect(run.ccd).toMatchObject({ used: false, failing: -1, completed: -1 });
    expect(run.totals).toMatchObject({ chargeIn: 0, chargeOut: 0, startedAt: 50 });
    expect(run.shorts).toEqual(createShorts());
    expect(codesOf(run)).toEqual([EVENT_START]);
    expect(listOf(run.events)).toEqual([[EVENT_START, 4, 99]]);
  });
});

describe("a verdict", () => {
  test("is replaced by a graver one only, which brings its own time", () => {
    const run = createRun();
    for (const [verdict, time] of [
      [VERDICT_SOFT, 10],
      [VERDICT_SOFT, 11],
      [VERDICT_OPEN, 12],
      [VERDICT_VOID, 13],
    ]) {
      find(run, verdict, time);
    }
    expect([run.verdict, run.firstAt]).toEqual([VERDICT_OPEN, 12]);
    find(run, VERDICT_HARD, 14);
    expect([run.verdict, run.firstAt]).toEqual([VERDICT_HARD, 14]);
  });

  test("has fourteen values", () => {
    const run = running();
    Object.assign(run, { verdict: VERDICT_SOFT, firstAt: 12 });
    Object.assign(run.totals, { startedAt: 10, chargeIn: 2, chargeOut: 1 });
    Object.assign(run.ccd, { used: true, soft: 1e-3, hard: -1, completed: 2e-3, failing: 3e-3 });
    run.ccd.softCharge = 0.5;
    const s = run.shorts.numbers;
    [s[REFERENCE], s[APPARENT], s[SOFT]] = [40, 30, FOUND_BOUND];
    const uncertainty = leakageUncertainty(run.shorts) * 1000;
    expect(uncertainty).toBeGreaterThan(0);
    finish(run, END_FINISHED, 2);
    expect(run.schedule.phase).toBe(IDLE);
    expect(codesOf(run)).toEqual([EVENT_VERDICT]);
    const [, ...values] = listOf(run.events)[0];
    const currents = [1e9, -1, 2e9, 3e9];
    const charges = [1.5e6, 2.5e5, -1];
    const expected = [VERDICT_SOFT, 2000, 0, 1, ...currents, 0, ...charges, 250, uncertainty];
    expect(values).toHaveLength(expected.length);
    values.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 3));
  });

  test("without a cell has no areal charge", () => {
    const run = running();
    run.totals.chargeIn = 3;
    finish(run, END_FINISHED, 0);
    const [, ...values] = listOf(run.events)[0];
    expect(values[9]).toBe(0);
    // Nothing has been judged: nothing is known of a leakage.
    expect(values.slice(12)).toEqual([0, -1]);
  });
});

test("an abort tells the fault first, and the verdict only of a run", () => {
  const run = running();
  abort(run, 7, END_FAULT, 1);
  expect(codesOf(run)).toEqual([EVENT_FAULT, EVENT_VERDICT]);
  expect(listOf(run.events)[0][1]).toBe(7);
  const idle = createRun();
  abort(idle, 7, END_FAULT, 1);
  expect(codesOf(idle)).toEqual([EVENT_FAULT]);
});
