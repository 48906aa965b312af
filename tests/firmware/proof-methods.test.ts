// The methods that a board may leave out: half the current, a sine, a rest.
import { VOLTS_AT } from "../../firmware/sample.ts";
import { describe, expect, test } from "vitest";
import { HALF_CURRENT } from "../../firmware/proof-half.ts";
import type { Method } from "../../firmware/proof-method.ts";
import { REST } from "../../firmware/proof-rest.ts";
import { SINE } from "../../firmware/proof-sine.ts";
import { suspect } from "../../firmware/proof-state.ts";
import { OUTCOME, SETTLED } from "../../firmware/proof-places.ts";
import { extend } from "../../firmware/proof-further.ts";
import { INTERRUPT } from "../../firmware/proof.ts";
import type { Step } from "../../firmware/protocol.ts";
import { FLAG_PROOF, STEP_CURRENT, createStep } from "../../firmware/protocol.ts";
import { EVENT_PROOF, METHOD_HALF_CURRENT, METHOD_REST } from "../../firmware/telemetry.ts";
import { METHOD_SINE, RESULT_ELECTRONIC, RESULT_INCONCLUSIVE } from "../../firmware/telemetry.ts";
import { RESULT_IONIC } from "../../firmware/telemetry.ts";
import type { Bench, Truth } from "./proof-bench.ts";
import { createBench, goLive, run, runUntil, toldOf } from "./proof-bench.ts";

const CURRENT = 1e-4;
const FULL_SETTLED_S = 240;
const REST_S = 180;

function stepOf(changes: Partial<Step> = {}): Step {
  const flags = FLAG_PROOF;
  const step = { ...createStep(), kind: STEP_CURRENT, current: CURRENT, flags, budget: 1e6 };
  return { ...step, duration: 36_000, ...changes };
}

/** A channel with these methods, its baseline taken. */
function based(methods: readonly Method[], step: Step, truth: Partial<Truth>, seconds = 140) {
  const bench = createBench([step], extend(INTERRUPT, methods), truth);
  goLive(bench);
  run(bench, seconds);
  return bench;
}

function ask(bench: Bench, waitS = 400): number {
  suspect(bench.proof, bench.channel.sample[VOLTS_AT]);
  expect(runUntil(bench, () => bench.proof.numbers[SETTLED] === 1, waitS)).toBe(true);
  return bench.proof.numbers[OUTCOME];
}

/** Result of one method in the last proof; NaN = it was not run. */
function resultOf(bench: Bench, method: number): number {
  const all = toldOf(bench, EVENT_PROOF).filter((values) => values[0] === method);
  return all.length === 0 ? NaN : all[all.length - 1][1];
}

describe("the sine", () => {
  // An interface of 0.2 s: a burst cannot follow it, frames can.
  const slow = { slow: 500, capacity: 4e-4 };
  const sine = (truth: Partial<Truth>, current = CURRENT): Bench =>
    based([SINE], stepOf({ current }), truth);

  test.each([CURRENT, -CURRENT])("finds a path beside a slow interface: %d A", (current) => {
    const bench = sine(slow, current);
    bench.truth.path = 3e-3;
    run(bench, 10);
    expect(ask(bench)).toBe(RESULT_ELECTRONIC);
    expect(resultOf(bench, METHOD_SINE)).toBe(RESULT_ELECTRONIC);
  });

  test("knows a slow interface that has healed", () => {
    const bench = sine(slow);
    bench.truth.slow = 300;
    run(bench, 10);
    expect(ask(bench)).toBe(RESULT_IONIC);
  });

  test("does not judge an interface that takes longer than the interrupt", () => {
    for (const capacity of [7e-4, 1e-3, 5e-3]) {
      for (const change of [{ slow: 150 }, { path: 3e-3 }]) {
        const bench = sine({ slow: 500, capacity });
        Object.assign(bench.truth, change);
        run(bench, 10);
        ask(bench);
        expect(resultOf(bench, METHOD_SINE)).toBe(RESULT_INCONCLUSIVE);
      }
    }
  });

  test("is not decided where the cell shows no phase", () => {
    const bench = sine({ slow: 5, capacity: 1e-5 });
    bench.truth.path = 3e-3;
    run(bench, 10);
    expect(ask(bench)).toBe(RESULT_INCONCLUSIVE);
    expect(resultOf(bench, METHOD_SINE)).toBe(RESULT_INCONCLUSIVE);
  });

  test("stays between half and all of the set-point", () => {
    const bench = sine({ slow: 5, capacity: 1e-5 });
    const from = bench.commands.length;
    ask(bench);
    const shares = bench.commands.slice(from).map(({ setpoint }) => setpoint / CURRENT);
    const between = shares.filter((share) => share > 0 && share < 1);
    expect(between.length).toBeGreaterThan(20);
    expect(Math.min(...between)).toBeGreaterThanOrEqual(0.5);
    expect(Math.max(...shares)).toBe(1);
  });

  test("is left out once the outcome is known", () => {
    const bench = sine({});
    bench.truth.path = 3e-3;
    run(bench, 10);
    expect(ask(bench)).toBe(RESULT_ELECTRONIC);
    expect(resultOf(bench, METHOD_SINE)).toBeNaN();
  });
});

describe("half the current", () => {
  test("alternates with all of it, and nothing else", () => {
    const bench = based([HALF_CURRENT], stepOf(), { slow: 5, capacity: 1e-5 });
    const from = bench.commands.length;
    ask(bench);
    const shares = bench.commands.slice(from).map(({ setpoint }) => setpoint / CURRENT);
    expect(new Set(shares)).toEqual(new Set([0, 0.5, 1]));
  });

  test("says nothing about a linear cell, shorted or not", () => {
    for (const path of [0, 3e-3]) {
      const bench = based([HALF_CURRENT], stepOf(), { slow: 5, capacity: 1e-5 });
      bench.truth.path = path;
      run(bench, 10);
      expect(ask(bench)).toBe(RESULT_INCONCLUSIVE);
      expect(resultOf(bench, METHOD_HALF_CURRENT)).toBe(RESULT_INCONCLUSIVE);
      const values = toldOf(bench, EVENT_PROOF).filter(([code]) => code === METHOD_HALF_CURRENT);
      expect(Math.abs(values[0][2] / 1e6)).toBeLessThan(0.01);
    }
  });
});

describe("a rest", () => {
  // 0.36 F/cm² is what 0.1 mAh/cm² are over a volt: a full cell on a steep stretch.
  const full: Partial<Truth> = { emf: 3, fast: 60, slow: 1e6, capacity: 0.36 };
  const window = { voltageMin: 2.5, voltageMax: 3.8 };

  function charging(changes: Partial<Step> = {}, truth: Partial<Truth> = {}): Bench {
    const step = stepOf({ ...window, ...changes });
    return based([REST], step, { ...full, ...truth }, FULL_SETTLED_S + REST_S + 90);
  }

  test("finds the leak of a full cell by its falling voltage", () => {
    const bench = charging();
    bench.truth.path = 2e-5;
    run(bench, 30);
    expect(ask(bench)).toBe(RESULT_ELECTRONIC);
    expect(resultOf(bench, METHOD_REST)).toBe(RESULT_ELECTRONIC);
  });

  test("finds a sound one ionic where its charge can be seen", () => {
    const bench = charging();
    run(bench, 30);
    expect(ask(bench)).toBe(RESULT_IONIC);
  });

  test("is over early when the voltage collapses", () => {
    const bench = charging();
    bench.truth.path = 1e-3;
    run(bench, 1);
    const from = bench.timeMs;
    expect(ask(bench)).toBe(RESULT_ELECTRONIC);
    expect((bench.timeMs - from) / 1000).toBeLessThan(REST_S);
  });

  test("is not for symmetric cells, nor for discharging", () => {
    const symmetric = based([REST], stepOf(), {});
    ask(symmetric);
    expect(resultOf(symmetric, METHOD_REST)).toBeNaN();
    const discharging = charging({ current: -CURRENT }, { emf: 3.6 });
    ask(discharging);
    expect(resultOf(discharging, METHOD_REST)).toBeNaN();
  });

  test("is not for the end of a step", () => {
    const bench = charging({ duration: 600 });
    ask(bench);
    expect(resultOf(bench, METHOD_REST)).toBeNaN();
  });
});
