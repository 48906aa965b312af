// What moves a run on: shorts, windows and open leads, in a staircase and outside one.
import { describe, expect, test } from "vitest";
import { FAULT_PROTOCOL, FAULT_TIME_MAX } from "../../firmware/fault.ts";
import { LEARNED } from "../../firmware/learned.ts";
import type { Step } from "../../firmware/protocol.ts";
import { ACTION_HOLD, ACTION_STOP, ACTIONS_HARD, ACTIONS_SOFT } from "../../firmware/protocol.ts";
import { resume } from "../../firmware/run.ts";
import { HELD, IDLE, RUNNING } from "../../firmware/schedule.ts";
import { INTACT } from "../../firmware/shorts-places.ts";
import {
  CLASS_HARD,
  CLASS_SOFT,
  CONTACT_OPEN,
  END_FINISHED,
  END_FAULT,
  END_LIMIT,
  END_SHORT,
  EVENT_CONTACT,
  EVENT_FAULT,
  EVENT_HOLD,
  EVENT_RECOVERED,
  EVENT_SHORT,
  EVENT_STEP,
  EVENT_UNDECIDABLE,
  EVENT_VERDICT,
  RULE_BOUND,
  RULE_DIPS,
  RULE_HARD,
  RULE_SLOPE,
  RULE_STEP,
  VERDICT_HARD,
  VERDICT_HEALTHY,
  VERDICT_OPEN,
  VERDICT_SOFT,
  VERDICT_VOID,
} from "../../firmware/telemetry.ts";
import { createStream, gaussian } from "../../sim/random.ts";
import type { Bench } from "./bench.ts";
import { createBench, frame, goLive, runUntil, start, toldOf, verdictOf } from "./bench.ts";
import { NO_FEATURES, ccdStep, currentStep, restStep } from "./specimen.ts";

const AREA = 0.95;

/** The verdict's values by name; currents in A. */
function read(values: number[]) {
  const amperes = (pico: number): number | null => (pico < 0 ? null : pico / 1e12);
  return {
    verdict: values[0],
    firstMs: values[1],
    end: values[2],
    ccd: values[3] === 1,
    soft: amperes(values[4]),
    hard: amperes(values[5]),
    completed: amperes(values[6]),
    failing: amperes(values[7]),
    censored: values[8] === 1,
    areal: values[9] / 1e6,
    arealSoft: values[10] / 1e6,
    arealHard: values[11] / 1e6,
    leakage: values[12] / 1e3,
  };
}

/** A started bench in the level (from 0) and half of its staircase, half a second into it. */
function inLevel(level: number, half: number, step: Partial<Step> = {}): Bench {
  const bench = createBench([ccdStep({ charge: 2e-3, ...step })]);
  start(bench);
  const { ccd, schedule } = bench.channel.run;
  const there = () => schedule.phase > 0 && ccd.used && ccd.level === level && ccd.half === half;
  if (!runUntil(bench, there)) throw new Error("never there");
  const until = bench.timeMs + 500;
  while (bench.timeMs < until) frame(bench);
  expect(there()).toBe(true);
  return bench;
}

describe("a staircase", () => {
  test("of an intact cell ends censored, with its last level and its charge", () => {
    const bench = createBench([restStep(2), ccdStep({ count: 2 })]);
    start(bench);
    const verdict = read(verdictOf(bench).values);
    expect(verdict).toMatchObject({
      ...{ verdict: VERDICT_HEALTHY, firstMs: -1, end: END_FINISHED, ccd: true },
      ...{ soft: null, hard: null, failing: null, censored: true },
    });
    expect(verdict.completed).toBeCloseTo(3e-4, 12);
    // Three levels, two cycles, two halves of 1 mC.
    expect(verdict.areal / (12e-3 / AREA)).toBeCloseTo(1, 1);
    const setpoints = toldOf(bench, EVENT_STEP).map(({ values }) => Math.round(values[2] / 1e6));
    const cycle = (level: number) => [level, -level, level, -level];
    expect(setpoints).toEqual([0, ...cycle(100), ...cycle(200), ...cycle(300)]);
  });

  test("counts half cycles as steps, and its cycles", () => {
    const bench = createBench([ccdStep({ rest: 3, count: 2, currentMax: 2e-4 })]);
    start(bench);
    verdictOf(bench);
    const counts = toldOf(bench, EVENT_STEP).map(({ values }) => values[1]);
    // Eight halves with seven rests between them.
    expect(counts).toEqual(Array.from({ length: 15 }, (_, i) => i + 1));
    expect(bench.channel.run.schedule.cycleCount).toBe(4);
  });

  test("rests with the relay at rest", () => {
    const bench = createBench([ccdStep({ rest: 5 })]);
    start(bench);
    const { ccd } = bench.channel.run;
    runUntil(bench, () => ccd.resting);
    let frames = 0;
    while (ccd.resting) {
      frame(bench);
      if (!ccd.resting) break;
      expect(bench.channel.command.relay).toBe(0);
      frames++;
    }
    expect(frames).toBeGreaterThan(20);
  });

  test.each([0, 1])("ends at a hard short, half %i, with its bracket", (half) => {
    const bench = inLevel(1, half);
    bench.ohms = 3;
    const from = bench.timeMs;
    const told = verdictOf(bench);
    expect(told.at - from / 1000).toBeLessThan(0.5);
    const verdict = read(told.values);
    expect(verdict).toMatchObject({ verdict: VERDICT_HARD, end: END_FINISHED, censored: false });
    expect(verdict.hard).toBeCloseTo(2e-4, 12);
    expect(verdict.failing).toBeCloseTo(2e-4, 12);
    expect(verdict.completed).toBeCloseTo(1e-4, 12);
    expect(verdict.leakage).toBeGreaterThan(0.9);
    const [short] = toldOf(bench, EVENT_SHORT);
    expect(short.values.slice(0, 2)).toEqual([CLASS_HARD, RULE_HARD]);
    expect(short.values[2] / 1e6).toBeCloseTo(3 * AREA, 1);
    expect(short.values[3]).toBeGreaterThan(short.values[2]);
    expect(toldOf(bench, EVENT_SHORT)).toHaveLength(1);
    expect(bench.channel.command).toMatchObject({ relay: 0 });
    expect(toldOf(bench, EVENT_FAULT)).toEqual([]);
  });

  test("goes on through a soft short until it has stood through a whole further level", () => {
    const bench = inLevel(1, 0, { currentMax: 5e-4 });
    bench.ohms = 20;
    const verdict = read(verdictOf(bench).values);
    expect(verdict).toMatchObject({ verdict: VERDICT_SOFT, end: END_FINISHED, censored: false });
    expect(verdict.soft).toBeCloseTo(2e-4, 12);
    expect(verdict.hard).toBeCloseTo(2e-4, 12);
    expect(verdict.failing).toBeCloseTo(2e-4, 12);
    expect(verdict.completed).toBeCloseTo(1e-4, 12);
    // Levels 0 to 2 were carried out, 4 mC each; the short began in the third half cycle.
    expect(verdict.areal / (12e-3 / AREA)).toBeCloseTo(1, 1);
    expect(verdict.arealSoft).toBeGreaterThan(4e-3 / AREA);
    expect(verdict.arealSoft).toBeLessThan(6e-3 / AREA);
    expect(verdict.arealHard).toBe(verdict.arealSoft);
    expect(toldOf(bench, EVENT_SHORT).map(({ values }) => values.slice(0, 2))).toEqual([
      [CLASS_SOFT, RULE_BOUND],
    ]);
    expect(verdict.leakage).toBeCloseTo(0.6, 1);
  });

  test("is censored when a soft short begins in its last level", () => {
    const bench = inLevel(2, 0);
    bench.ohms = 20;
    const verdict = read(verdictOf(bench).values);
    expect(verdict).toMatchObject({ verdict: VERDICT_SOFT, hard: null, failing: null });
    expect(verdict.soft).toBeCloseTo(3e-4, 12);
    expect(verdict).toMatchObject({ censored: true, arealHard: -1e-6 });
    expect(verdict.completed).toBeCloseTo(3e-4, 12);
  });

  test("of a cell that comes shorted fails at its foot", () => {
    const shorting = currentStep(2e-4, { duration: 20 });
    const bench = createBench([shorting, ccdStep({ charge: 2e-3 })]);
    goLive(bench, 2);
    bench.ohms = 20;
    const verdict = read(verdictOf(bench).values);
    expect(verdict).toMatchObject({ verdict: VERDICT_SOFT, completed: null, censored: false });
    for (const level of [verdict.soft, verdict.hard, verdict.failing]) {
      expect(level).toBeCloseTo(1e-4, 12);
    }
  });

  test("tells of a recovery", () => {
    const bench = inLevel(1, 0);
    bench.ohms = 20;
    runUntil(bench, () => toldOf(bench, EVENT_SHORT).length > 0);
    bench.ohms = 50;
    runUntil(bench, () => toldOf(bench, EVENT_RECOVERED).length > 0, 30);
    expect(toldOf(bench, EVENT_RECOVERED).map(({ values }) => values)).toEqual([[CLASS_SOFT]]);
    expect(read(verdictOf(bench).values)).toMatchObject({ verdict: VERDICT_SOFT });
  });

  test("keeps the first level of two soft shorts", () => {
    const bench = inLevel(0, 0);
    // The bound speaks of a cell only that it has seen intact.
    expect(runUntil(bench, () => bench.channel.run.shorts.numbers[INTACT] === 1, 5)).toBe(true);
    for (const level of [0, 1]) {
      runUntil(bench, () => bench.channel.run.ccd.level === level);
      bench.ohms = 20;
      runUntil(bench, () => toldOf(bench, EVENT_SHORT).length > level);
      bench.ohms = 50;
      runUntil(bench, () => toldOf(bench, EVENT_RECOVERED).length > level);
    }
    const verdict = read(verdictOf(bench).values);
    expect(toldOf(bench, EVENT_SHORT)).toHaveLength(2);
    expect(verdict.soft).toBeCloseTo(1e-4, 12);
  });

  test("a hard short after a soft one is the graver, at its own time", () => {
    const bench = inLevel(0, 1);
    bench.ohms = 20;
    runUntil(bench, () => toldOf(bench, EVENT_SHORT).length > 0);
    runUntil(bench, () => bench.channel.run.ccd.level === 1);
    bench.ohms = 3;
    const told = verdictOf(bench);
    const verdict = read(told.values);
    expect(verdict.verdict).toBe(VERDICT_HARD);
    expect(verdict.soft).toBeCloseTo(1e-4, 12);
    expect(verdict.hard).toBeCloseTo(2e-4, 12);
    const hard = toldOf(bench, EVENT_SHORT).at(-1);
    const started = bench.channel.run.totals.startedAt;
    expect(verdict.firstMs).toBeCloseTo(((hard?.at ?? NaN) - started) * 1000, 6);
  });

  test.each([
    [1, 20_000, 0],
    [1, 20_000, 1],
  ])(
    "whose cell leaves the window in level %i (%i Ω) fails it by voids, half %i",
    (level, ohms, half) => {
      const bench = inLevel(level, half);
      bench.ohms = ohms;
      const verdict = read(verdictOf(bench).values);
      expect(verdict).toMatchObject({
        ...{ verdict: VERDICT_VOID, end: END_FINISHED, hard: null, censored: false },
      });
      expect(verdict.failing).toBeCloseTo(2e-4, 12);
      expect(verdict.completed).toBeCloseTo(1e-4, 12);
      expect(toldOf(bench, EVENT_FAULT)).toEqual([]);
      expect(bench.channel.guard.fault).toBe(0);
    },
  );

  test("with a loose lead stops, and says nothing of the level", () => {
    const bench = inLevel(1, 0);
    bench.ohms = Infinity;
    const verdict = read(verdictOf(bench).values);
    expect(verdict).toMatchObject({ verdict: VERDICT_OPEN, end: END_LIMIT, failing: null });
    expect(verdict.censored).toBe(true);
    expect(toldOf(bench, EVENT_CONTACT).map(({ values }) => values)).toEqual([[CONTACT_OPEN]]);
  });

  test("that outlives its budget stops at its limit, judged over all of it", () => {
    const bench = createBench([ccdStep({ budget: 30 })]);
    start(bench);
    const told = verdictOf(bench);
    expect(read(told.values)).toMatchObject({ end: END_LIMIT, verdict: VERDICT_HEALTHY });
    expect(toldOf(bench, EVENT_FAULT).map(({ values }) => values)).toEqual([[FAULT_TIME_MAX]]);
    const first = toldOf(bench, EVENT_STEP)[0].at;
    expect(told.at - first).toBeCloseTo(30, 0);
    expect(toldOf(bench, EVENT_STEP).length).toBeGreaterThan(1);
  });

  test.each([0, -1, NaN, Infinity])("with a budget of %d s is not begun", (budget) => {
    const bench = createBench([currentStep(5e-4, { duration: 10, budget })]);
    start(bench);
    expect(verdictOf(bench).values[2]).toBe(END_FAULT);
    expect(toldOf(bench, EVENT_FAULT).map(({ values }) => values)).toEqual([[FAULT_PROTOCOL]]);
    expect(toldOf(bench, EVENT_STEP)).toEqual([]);
    expect(bench.commands.some(({ relay }) => relay === 1)).toBe(false);
  });

  test("says once of each rule that it cannot speak", () => {
    const bench = createBench([
      ccdStep({ current: 1e-6, increment: 1e-6, currentMax: 2e-6, charge: 1e-5 }),
    ]);
    bench.ohms = 50;
    start(bench);
    verdictOf(bench);
    expect(toldOf(bench, EVENT_UNDECIDABLE).map(({ values }) => values)).toEqual([
      [RULE_HARD],
      [RULE_BOUND],
    ]);
  });

  test("says so of the rules that learn from the cell, too, where the board carries them", () => {
    const bench = createBench([
      ccdStep({ current: 1e-6, increment: 1e-6, currentMax: 2e-6, charge: 1e-5 }),
    ]);
    bench.features = { ...NO_FEATURES, rules: LEARNED };
    start(bench);
    verdictOf(bench);
    const rules = [RULE_HARD, RULE_BOUND, RULE_STEP, RULE_DIPS, RULE_SLOPE];
    expect(toldOf(bench, EVENT_UNDECIDABLE).map(({ values }) => values[0])).toEqual(rules);
  });
});

describe("a constant current", () => {
  const upTo = currentStep(5e-4, { voltageMax: 1, voltageMin: -1 });

  test("is over at its cut-off voltage, either sign", () => {
    for (const sign of [1, -1]) {
      const bench = createBench([{ ...upTo, current: sign * 5e-4 }, restStep(1)]);
      start(bench);
      runUntil(bench, () => bench.channel.loop.setpoint !== 0);
      for (let i = 0; i < 20; i++) frame(bench);
      expect(toldOf(bench, EVENT_STEP)).toHaveLength(1);
      bench.ohms = 2001;
      expect(read(verdictOf(bench).values).end).toBe(END_FINISHED);
      expect(toldOf(bench, EVENT_STEP)).toHaveLength(2);
    }
  });

  test("does not end on a voltage before it has settled", () => {
    const bench = createBench([upTo, restStep(1)]);
    bench.ohms = 3000;
    start(bench);
    const { loop } = bench.channel;
    runUntil(bench, () => loop.setpoint !== 0);
    const liveAt = bench.timeMs;
    runUntil(bench, () => toldOf(bench, EVENT_STEP).length > 1);
    const applied = (liveAt - 50 + 15) / 1000;
    expect(toldOf(bench, EVENT_STEP)[1].at - applied).toBeGreaterThanOrEqual(0.2);
  });

  test.each([1, -1])("with a lead that comes loose is not at its cut-off, sign %i", (sign) => {
    const bench = createBench([{ ...upTo, current: sign * 5e-4 }, restStep(5)]);
    start(bench);
    runUntil(bench, () => bench.channel.loop.setpoint !== 0);
    for (let i = 0; i < 20; i++) frame(bench);
    bench.ohms = Infinity;
    const verdict = read(verdictOf(bench).values);
    expect(verdict).toMatchObject({ verdict: VERDICT_OPEN, end: END_LIMIT, ccd: false });
    expect(toldOf(bench, EVENT_CONTACT).map(({ values }) => values)).toEqual([[CONTACT_OPEN]]);
    expect(toldOf(bench, EVENT_STEP)).toHaveLength(1);
  });

  test.each([1, 2, 3])("shows a short in a second while its trim follows %i counts", (sigma) => {
    let late = 0;
    for (let seed = 1; seed <= 100; seed++) {
      const stream = createStream(seed, "current");
      const bench = createBench([currentStep(5e-4)]);
      goLive(bench, 2);
      bench.disturb = (raw) => (raw.current += sigma * gaussian(stream));
      for (let i = 0; i < 20; i++) frame(bench);
      bench.ohms = 3;
      const from = bench.timeMs;
      runUntil(bench, () => toldOf(bench, EVENT_SHORT).length > 0, 10);
      if (bench.timeMs - from > 1000) late++;
    }
    expect(late).toBe(0);
  });

  test("through a hard short ends the run as a short", () => {
    const bench = createBench([currentStep(5e-4), restStep(1)]);
    start(bench);
    runUntil(bench, () => bench.channel.loop.setpoint !== 0);
    for (let i = 0; i < 20; i++) frame(bench);
    bench.ohms = 3;
    const verdict = read(verdictOf(bench).values);
    expect(verdict).toMatchObject({ verdict: VERDICT_HARD, end: END_SHORT, ccd: false });
    expect(toldOf(bench, EVENT_STEP)).toHaveLength(1);
    expect(bench.channel.run.schedule.phase).toBe(IDLE);
  });

  test("and the verdict come last, once", () => {
    const bench = createBench([currentStep(5e-4, { duration: 3 })]);
    start(bench);
    verdictOf(bench);
    expect(bench.told.at(-1)?.code).toBe(EVENT_VERDICT);
  });
});

describe("a step that holds", () => {
  /** 60 s of current, held by a short after 10 of them. */
  function held(short: number, actions: number): Bench {
    const bench = createBench([currentStep(5e-4, { duration: 60, budget: 90, actions })]);
    goLive(bench, 10);
    const { run } = bench.channel;
    bench.ohms = short;
    expect(runUntil(bench, () => run.schedule.phase === HELD, 5)).toBe(true);
    return bench;
  }

  test("at a hard short opens the relay in the same frame, and stays so", () => {
    const bench = held(3, ACTION_HOLD << ACTIONS_HARD);
    const [short] = toldOf(bench, EVENT_SHORT);
    expect(toldOf(bench, EVENT_HOLD)).toEqual([
      { code: EVENT_HOLD, values: [VERDICT_HARD], at: short.at },
    ]);
    expect(bench.channel.command.relay).toBe(0);
    for (let i = 0; i < 1000; i++) expect(frame(bench).relay).toBe(0);
    expect(bench.channel.run.schedule.phase).toBe(HELD);
    expect(toldOf(bench, EVENT_VERDICT)).toEqual([]);
    expect(toldOf(bench, EVENT_FAULT)).toEqual([]);
  });

  test("goes on where it was, with all of its time and its budget", () => {
    const bench = held(20, ACTION_HOLD << ACTIONS_SOFT);
    const { run, loop } = bench.channel;
    const until = bench.timeMs + 3600e3;
    const heldAt = bench.timeMs;
    while (bench.timeMs < until) frame(bench);
    const charge = run.totals.chargeIn;
    bench.ohms = 50;
    resume(run, bench.channel.sample);
    expect(run.schedule.phase).toBe(RUNNING);
    expect(runUntil(bench, () => loop.setpoint !== 0, 5)).toBe(true);
    const told = verdictOf(bench);
    const verdict = read(told.values);
    expect(verdict).toMatchObject({ verdict: VERDICT_SOFT, end: END_FINISHED });
    const [step] = toldOf(bench, EVENT_STEP);
    const [hold] = toldOf(bench, EVENT_HOLD);
    const ran = hold.at - step.at + (told.at - until / 1000);
    expect(ran).toBeGreaterThan(59);
    expect(ran).toBeLessThan(61);
    expect(heldAt / 1000 - hold.at).toBeLessThan(1);
    // All of the current but for the ladder back to it.
    expect(run.totals.chargeIn).toBeGreaterThan(5e-4 * 58);
    expect(run.totals.chargeIn).toBeLessThan(5e-4 * 60);
    expect(charge).toBeLessThan(5e-4 * 14);
  });

  test("holds again at a short that is still there", () => {
    const bench = held(3, ACTION_HOLD << ACTIONS_HARD);
    const { run } = bench.channel;
    for (let i = 0; i < 20; i++) frame(bench);
    resume(run, bench.channel.sample);
    expect(runUntil(bench, () => run.schedule.phase === HELD, 5)).toBe(true);
    expect(toldOf(bench, EVENT_HOLD)).toHaveLength(2);
    expect(bench.channel.command.relay).toBe(0);
  });

  test("is not what stops at a soft short, nor what goes on", () => {
    const stopping = createBench([currentStep(5e-4, { actions: ACTION_STOP << ACTIONS_SOFT })]);
    goLive(stopping, 10);
    stopping.ohms = 20;
    expect(read(verdictOf(stopping).values)).toMatchObject({
      ...{ verdict: VERDICT_SOFT, end: END_SHORT },
    });
    const going = createBench([currentStep(5e-4, { duration: 60 })]);
    goLive(going, 10);
    going.ohms = 20;
    expect(read(verdictOf(going).values)).toMatchObject({
      ...{ verdict: VERDICT_SOFT, end: END_FINISHED },
    });
  });
});
