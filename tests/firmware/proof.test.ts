// The experiment from suspicion to outcome: what it commands, what it finds, and that the step does
// not notice.
import { STATUS, VOLTS_AT } from "../../firmware/sample.ts";
import { describe, expect, test } from "vitest";
import { STEP_CURRENT, STEP_REST, FLAG_PROOF, createStep } from "../../firmware/protocol.ts";
import type { Step } from "../../firmware/protocol.ts";
import { INTERRUPT } from "../../firmware/proof.ts";
import { AVAILABLE, BASE, BASED, CAPACITY, OHMIC, OUTCOME } from "../../firmware/proof-places.ts";
import { PHASE, SETTLED, SUSPICIOUS, TOTAL } from "../../firmware/proof-places.ts";
import { CUT, WATCHING, isActive, suspect } from "../../firmware/proof-state.ts";
import { finish } from "../../firmware/run.ts";
import { END_STOPPED, EVENT_PROOF, EVENT_STEP, EVENT_VERDICT } from "../../firmware/telemetry.ts";
import { METHOD_BOUND, METHOD_INTERRUPT, RESULT_ELECTRONIC } from "../../firmware/telemetry.ts";
import { RESULT_INCONCLUSIVE, RESULT_IONIC } from "../../firmware/telemetry.ts";
import type { RawFrame } from "../../hal/port.ts";
import type { Bench, Truth } from "./proof-bench.ts";
import { createBench, frame, goLive, run, runUntil, toldOf } from "./proof-bench.ts";

const PROVER = INTERRUPT;
const CURRENT = 1e-4;
/** A baseline is taken a minute after the step's begin, and the pause after it is over by then. */
const BASED_S = 135;
const VOLTAGE_FAILED = 1;

function stepOf(changes: Partial<Step> = {}): Step {
  const flags = FLAG_PROOF;
  const step = { ...createStep(), kind: STEP_CURRENT, current: CURRENT, flags, budget: 1e6 };
  return { ...step, duration: 3600, ...changes };
}

/** A live channel with its baseline taken. */
function based(steps = [stepOf()], truth: Partial<Truth> = {}): Bench {
  const bench = createBench(steps, PROVER, truth);
  goLive(bench);
  run(bench, BASED_S);
  return bench;
}

function ask(bench: Bench): number {
  suspect(bench.proof, bench.channel.sample[VOLTS_AT]);
  expect(bench.proof.numbers[SETTLED]).toBe(0);
  expect(runUntil(bench, () => bench.proof.numbers[SETTLED] === 1, 200)).toBe(true);
  return bench.proof.numbers[OUTCOME];
}

describe("a suspicion", () => {
  test.each<[string, Partial<Truth>, Partial<Truth>, number]>([
    ["of a path in an aged cell", {}, { path: 3e-3 }, RESULT_ELECTRONIC],
    ["of a healed interface", {}, { slow: 200 }, RESULT_IONIC],
    ["of nothing, in an aged cell", {}, {}, RESULT_INCONCLUSIVE],
    ["of a path beyond the bound", { slow: 5 }, { path: 3e-2 }, RESULT_ELECTRONIC],
    ["of a small path in a fresh cell", { slow: 5, capacity: 1e-5 }, { path: 3e-3 }, 0],
    ["of a better contact", {}, { fast: 46 }, RESULT_INCONCLUSIVE],
  ])("%s is settled", (_, before, after, outcome) => {
    for (const current of [CURRENT, -CURRENT]) {
      const bench = based([stepOf({ current })], before);
      Object.assign(bench.truth, after);
      run(bench, 10);
      expect(ask(bench)).toBe(outcome);
      const methods = toldOf(bench, EVENT_PROOF).map(([method]) => method);
      expect(methods.slice(-2)).toEqual([METHOD_INTERRUPT, METHOD_BOUND]);
    }
  });

  test("tells share and resistance with their thresholds", () => {
    const bench = based();
    bench.truth.path = 3e-3;
    run(bench, 10);
    ask(bench);
    const [interrupt, bound] = toldOf(bench, EVENT_PROOF);
    expect(interrupt.slice(0, 2)).toEqual([METHOD_INTERRUPT, RESULT_ELECTRONIC]);
    expect(interrupt[2]).toBeGreaterThan(0.8e6);
    expect(interrupt[2]).toBeLessThan(1.2e6);
    expect(interrupt[3]).toBe(0.5e6);
    expect(bound.slice(0, 2)).toEqual([METHOD_BOUND, RESULT_INCONCLUSIVE]);
    expect(bound[3] / 1e6).toBeCloseTo((1 - 2 * Math.hypot(0.05, 0.1, 0.03, 0.02)) * 39.51, 1);
  });

  test("that comes and goes is ionic: nothing is left of its fall", () => {
    const bench = based([stepOf()], { slow: 5 });
    bench.truth.path = 5e-3;
    run(bench, 10);
    suspect(bench.proof, bench.channel.sample[VOLTS_AT]);
    bench.truth.path = 0;
    runUntil(bench, () => bench.proof.numbers[SETTLED] === 1, 200);
    expect(bench.proof.numbers[OUTCOME]).toBe(RESULT_IONIC);
  });

  test("without a baseline is not decided by the interrupt", () => {
    const bench = createBench([stepOf()], PROVER);
    goLive(bench);
    run(bench, 20);
    bench.truth.path = 3e-3;
    run(bench, 5);
    expect(ask(bench)).toBe(RESULT_INCONCLUSIVE);
  });
});

describe("the current", () => {
  function experiment(current: number): Bench {
    const bench = based([stepOf({ current })]);
    bench.truth.path = 2e-3;
    run(bench, 10);
    bench.commands.splice(0, bench.commands.length - 1);
    ask(bench);
    return bench;
  }

  test.each([CURRENT, -CURRENT])("of %d A is never exceeded nor reversed", (current) => {
    const bench = experiment(current);
    const shares = bench.commands.map(({ setpoint }) => setpoint / current);
    expect(Math.min(...shares)).toBeCloseTo(0, 12);
    expect(Math.max(...shares)).toBe(1);
    expect(bench.commands.every(({ relay, range }) => relay === 1 && range === 1)).toBe(true);
  });

  test("is cut with a burst at once after it, and is back within ten seconds", () => {
    const bench = experiment(CURRENT);
    const { commands } = bench;
    const bursts = commands.filter(({ burst }) => burst > 0);
    expect(bursts.length).toBeGreaterThan(1);
    for (const each of bursts) {
      expect(each.setpoint).toBe(0);
      expect(each.periodMs).toBeLessThan(15);
      expect(each.burst * each.burstUs).toBeLessThan(200_000);
      expect(commands[commands.indexOf(each) - 1].setpoint).toBe(CURRENT);
    }
    const disturbed = commands.filter(({ setpoint }) => setpoint === 0);
    expect(disturbed[disturbed.length - 1].at - disturbed[0].at).toBeLessThan(10);
    expect(bench.channel.loop).toMatchObject({ setpoint: CURRENT, pinned: false });
    expect(commands[commands.length - 1].burst).toBe(0);
  });

  test("that a smaller range would carry as zero stays in its range", () => {
    const current = 5e-4;
    const bench = based([stepOf({ current })], { slow: 100 });
    bench.commands.length = 0;
    ask(bench);
    expect(new Set(bench.commands.map(({ range }) => range))).toEqual(new Set([2]));
  });
});

describe("the step", () => {
  test("that ends by charge passes its charge, within 0.1 %", () => {
    const charge = CURRENT * 300;
    const bench = based([stepOf({ duration: 0, charge }), stepOf({ current: -CURRENT })]);
    const from = bench.channel.run.totals.chargeIn;
    ask(bench);
    runUntil(bench, () => toldOf(bench, EVENT_STEP).length === 2);
    expect(from).toBeLessThan(charge);
    expect(Math.abs(bench.channel.run.totals.chargeIn / charge - 1)).toBeLessThan(1e-3);
    expect(Math.abs(bench.charge / charge - 1)).toBeLessThan(1e-3);
  });

  test.each([CURRENT, -CURRENT])("that ends by time passes its charge: %d A", (current) => {
    const bench = based([stepOf({ current, duration: 300 }), stepOf({ current: -current })]);
    ask(bench);
    run(bench, 60);
    ask(bench);
    runUntil(bench, () => toldOf(bench, EVENT_STEP).length === 2);
    // Of its time nine frames of 50 ms are the way to the cell.
    expect(Math.abs(bench.charge / (current * (300 - 0.4)) - 1)).toBeLessThan(1e-3);
  });

  test("without proofs takes as long as with them, less what they cost", () => {
    const plain = createBench([stepOf({ duration: 300, flags: 0 })], PROVER);
    goLive(plain);
    runUntil(plain, () => toldOf(plain, EVENT_VERDICT).length === 1);
    const proven = based([stepOf({ duration: 300 })]);
    runUntil(proven, () => toldOf(proven, EVENT_VERDICT).length === 1);
    const cost = (proven.timeMs - plain.timeMs) / 1000;
    expect(cost).toBeGreaterThan(1);
    expect(cost).toBeLessThan(5);
    expect(proven.charge).toBeCloseTo(plain.charge, 6);
  });
});

describe("no experiment begins", () => {
  const never = (bench: Bench, seconds = 100): void => {
    bench.commands.length = 0;
    run(bench, seconds);
    expect(bench.commands.every(({ setpoint }) => setpoint !== 0)).toBe(true);
    expect(bench.proof.numbers[PHASE]).toBe(WATCHING);
  };

  test("unless the step allows it", () => {
    const bench = createBench([stepOf({ flags: 0 })], PROVER);
    goLive(bench);
    suspect(bench.proof, bench.channel.sample[VOLTS_AT]);
    never(bench);
    expect([bench.proof.numbers[SETTLED], bench.proof.numbers[OUTCOME]]).toEqual([
      1,
      RESULT_INCONCLUSIVE,
    ]);
  });

  test("on a board without it", () => {
    const bench = createBench([stepOf()], null);
    bench.proof.numbers[AVAILABLE] = 0;
    goLive(bench);
    suspect(bench.proof, bench.channel.sample[VOLTS_AT]);
    never(bench);
    expect(bench.proof.numbers[SETTLED]).toBe(1);
  });

  test("shortly before the step's end, by time or charge", () => {
    for (const changes of [{ duration: 150 }, { duration: 0, charge: CURRENT * 145 }]) {
      const bench = based([stepOf(changes), stepOf({ flags: 0 })]);
      suspect(bench.proof, bench.channel.sample[VOLTS_AT]);
      never(bench);
      expect(bench.proof.numbers[SETTLED]).toBe(1);
    }
  });

  test("near the end of the voltage window, nor of the budget", () => {
    const volts = CURRENT * 552;
    const window = { voltageMin: -1.05 * volts, voltageMax: 1.05 * volts };
    for (const changes of [window, { budget: 150, duration: 0, charge: 1 }]) {
      const bench = createBench([stepOf(changes)], PROVER);
      goLive(bench);
      run(bench, 55);
      if (!("voltageMax" in changes)) run(bench, 77);
      suspect(bench.proof, bench.channel.sample[VOLTS_AT]);
      bench.commands.length = 0;
      run(bench, 15);
      expect(bench.commands.every(({ setpoint }) => setpoint !== 0)).toBe(true);
    }
  });

  test("while frames fail, and the suspicion is dropped in the end", () => {
    const bench = based();
    let odd = 0;
    bench.disturb = (raw: RawFrame) => {
      if (odd++ % 8 < 2) raw.status |= VOLTAGE_FAILED;
    };
    const begun: number[] = [];
    suspect(bench.proof, bench.channel.sample[VOLTS_AT]);
    for (let i = 0; i < 20; i++) {
      frame(bench);
      if (bench.proof.numbers[PHASE] === CUT)
        begun.push(bench.channel.sample[STATUS] & VOLTAGE_FAILED);
    }
    expect(begun.every((failed) => failed === 0)).toBe(true);
  });

  test("in a rest", () => {
    const rest = { ...createStep(), kind: STEP_REST, duration: 600, budget: 700, flags: 4 };
    const bench = createBench([rest, stepOf()], PROVER);
    for (let i = 0; i < 3; i++) frame(bench);
    run(bench, 5);
    suspect(bench.proof, bench.channel.sample[VOLTS_AT]);
    run(bench, 5);
    expect([bench.proof.numbers[SETTLED], bench.proof.numbers[PHASE]]).toEqual([1, WATCHING]);
  });

  test("more than three times in a step, and never without a pause", () => {
    const bench = based([stepOf({ duration: 7200 })]);
    const begun: number[] = [];
    const end = bench.timeMs + 1800e3;
    let active = false;
    while (bench.timeMs < end) {
      suspect(bench.proof, bench.channel.sample[VOLTS_AT]);
      frame(bench);
      const now = isActive(bench.proof) && bench.proof.numbers[SUSPICIOUS] === 1;
      if (now && !active) begun.push(bench.timeMs / 1000);
      active = now;
    }
    expect(begun).toHaveLength(3);
    expect(begun[1] - begun[0]).toBeGreaterThan(60);
    expect(begun[2] - begun[1]).toBeGreaterThan(60);
  });

  test("more than twelve times an hour, whatever the steps", () => {
    const steps = Array.from({ length: 12 }, (_, i) =>
      stepOf({ duration: 290, current: i % 2 === 0 ? CURRENT : -CURRENT }),
    );
    const bench = createBench(steps, PROVER, { slow: 5 });
    goLive(bench);
    const end = bench.timeMs + 3300e3;
    let count = 0;
    let active = false;
    while (bench.timeMs < end) {
      suspect(bench.proof, bench.channel.sample[VOLTS_AT]);
      frame(bench);
      const now = isActive(bench.proof) && bench.proof.numbers[SUSPICIOUS] === 1;
      if (now && !active) count++;
      active = now;
    }
    expect(count).toBe(12);
  });
});

describe("an experiment is given up at once", () => {
  function underWay(): Bench {
    const bench = based();
    suspect(bench.proof, bench.channel.sample[VOLTS_AT]);
    expect(runUntil(bench, () => bench.proof.numbers[PHASE] === CUT, 100)).toBe(true);
    return bench;
  }

  test("by a stop", () => {
    const bench = underWay();
    finish(bench.channel.run, END_STOPPED, 1);
    frame(bench);
    expect(bench.channel.command).toMatchObject({ relay: 0, burst: 0 });
    expect([bench.proof.numbers[SETTLED], bench.proof.numbers[OUTCOME]]).toEqual([
      1,
      RESULT_INCONCLUSIVE,
    ]);
    expect(bench.channel.loop.pinned).toBe(false);
  });

  test("by a reading that fails, and what it cost is made up for", () => {
    const bench = underWay();
    bench.disturb = (raw) => {
      raw.status |= VOLTAGE_FAILED;
    };
    frame(bench);
    bench.disturb = () => undefined;
    expect(bench.channel.loop.setpoint).toBe(CURRENT);
    run(bench, 10);
    expect([bench.proof.numbers[SETTLED], bench.proof.numbers[OUTCOME]]).toEqual([
      1,
      RESULT_INCONCLUSIVE,
    ]);
    runUntil(bench, () => toldOf(bench, EVENT_VERDICT).length === 1, 4000);
    expect(Math.abs(bench.charge / (CURRENT * 3600) - 1)).toBeLessThan(1e-4);
  });

  test("by a relay that fell open", () => {
    const bench = underWay();
    bench.channel.loop.rung = 0;
    frame(bench);
    expect([bench.proof.numbers[SETTLED], bench.proof.numbers[PHASE]]).toEqual([1, WATCHING]);
    expect(bench.channel.command.burst).toBe(0);
  });
});

describe("the baseline", () => {
  test("is taken a minute into a step, without a word", () => {
    const bench = based();
    expect(bench.proof.numbers[BASED]).toBe(1);
    expect(bench.proof.numbers[BASE + OHMIC]).toBeCloseTo(52, 0);
    expect(bench.proof.numbers[BASE + TOTAL]).toBeCloseTo(552, 0);
    expect(bench.proof.numbers[BASE + CAPACITY] * 1e6).toBeCloseTo(8, 1);
    expect(toldOf(bench, EVENT_PROOF)).toEqual([]);
  });

  test("is taken anew when the resistance has grown, not when it has fallen", () => {
    const bench = based();
    bench.truth.slow = 300;
    run(bench, 100);
    expect(bench.proof.numbers[BASE + TOTAL]).toBeCloseTo(552, 0);
    bench.truth.slow = 800;
    run(bench, 100);
    expect(bench.proof.numbers[BASE + TOTAL]).toBeCloseTo(852, 0);
  });

  test("is not taken again in later half cycles that look alike", () => {
    const steps = Array.from({ length: 6 }, (_, i) =>
      stepOf({ duration: 100, current: i % 2 === 0 ? CURRENT : -CURRENT }),
    );
    const bench = createBench(steps, PROVER);
    goLive(bench);
    let count = 0;
    let active = false;
    while (toldOf(bench, EVENT_VERDICT).length === 0) {
      frame(bench);
      if (isActive(bench.proof) && !active) count++;
      active = isActive(bench.proof);
    }
    expect(count).toBe(2);
  });
});
