// The short form of `npm run roc`: that traces are what their labels say, that the arithmetic is
// right, and that a few seeds of each kind are found.
import { describe, expect, test } from "vitest";
import type { RecordedFrame } from "../../boards/replay.ts";
import { isShort } from "./alarms.ts";
import { createTrace, next } from "./cell-driver.ts";
import { calledOf, confusion } from "./confusion.ts";
import { DIPS, HARD, SLOW, STEPS } from "./injected.ts";
import { knee, LOOK_ALIKES } from "./look-alikes.ts";
import { LATCHES } from "./natural.ts";
import { NEGATIVES } from "./negatives.ts";
import { rateOf } from "./rates.ts";
import { readArguments } from "./run.ts";
import type { Scenario, SeedSet, TraceSpec } from "./scenario.ts";
import { examine } from "./score.ts";
import type { Outcome } from "./score.ts";
import { seedsOf } from "./section.ts";
import { SECTIONS } from "./sections.ts";
import { median, poissonUpper, quantile, wilson } from "./statistics.ts";

const SEEDS = [1, 2, 3];

function named(scenarios: readonly Scenario[], name: string): Scenario {
  const found = scenarios.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no scenario ${name}`);
  return found;
}

function blank(): RecordedFrame {
  const zero = { timeS: 0, voltageV: 0, currentA: 0, setpointA: 0 };
  return { ...zero, temperatureC: NaN, forceN: NaN };
}

/** The first `count` frames of a trace. */
function frames(spec: TraceSpec, count: number): RecordedFrame[] {
  const trace = createTrace(spec);
  const all: RecordedFrame[] = [];
  const frame = blank();
  while (all.length < count && next(trace, frame)) all.push({ ...frame });
  return all;
}

function examined(scenario: Scenario, seeds = SEEDS): Outcome[] {
  return seeds.map((seed) => examine(scenario, seed, "tuning", [1, "drop", "cusum"]));
}

describe("statistics", () => {
  test("Wilson's interval, against published values", () => {
    // Newcombe, Stat. Med. 17 (1998) 857, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    const published = [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ];
    for (const [found, of, low, high] of published) {
      expect(wilson(found, of).low).toBeCloseTo(low, 4);
      expect(wilson(found, of).high).toBeCloseTo(high, 4);
    }
  });

  test("Poisson's bound: -ln 0.05 for none, and so on", () => {
    expect(poissonUpper(0)).toBeCloseTo(-Math.log(0.05), 9);
    expect(poissonUpper(1)).toBeCloseTo(4.7439, 4);
    expect(poissonUpper(10)).toBeCloseTo(16.9622, 4);
    expect(poissonUpper(2000)).toBeGreaterThan(2070);
    expect(poissonUpper(2000)).toBeLessThan(2080);
  });

  test("median and quantiles", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(quantile([1, 2, 3, 4, 5], 1)).toBe(5);
    expect(median([])).toBeNaN();
  });
});

describe("traces", () => {
  test("the same seed gives the same frames, another one others", () => {
    const { draw } = named(STEPS, "step 3 % 20 mV 16 bit 10 Hz");
    const first = frames(draw(1, "tuning"), 500);
    expect(frames(draw(1, "tuning"), 500)).toEqual(first);
    expect(frames(draw(2, "tuning"), 500)).not.toEqual(first);
  });

  test("tuning and scoring share no seed", () => {
    const sets: SeedSet[] = ["tuning", "scoring"];
    const [tuning, scoring] = sets.map((seeds) => seedsOf({ seeds, quick: false, match: "" }, 900));
    expect(tuning.filter((seed) => scoring.includes(seed))).toEqual([]);
  });

  test("telegraph noise of the converter is kept back for scoring", () => {
    const { draw } = named(STEPS, "step 3 % 20 mV 16 bit 10 Hz");
    const tuned = draw(1002, "tuning").effects.length;
    expect(draw(1002, "scoring").effects.length).toBe(tuned + 1);
  });

  test.each(["step 1 % 5 mV 24 bit 10 Hz", "step 50 % 100 mV 16 bit 10 Hz"])(
    "%s takes its share of the terminal voltage within a frame",
    (name) => {
      const scenario = named(STEPS, name);
      const spec = scenario.draw(4, "tuning");
      // Without the bench's disturbances: the leak comes last.
      const trace = createTrace({ ...spec, effects: spec.effects.slice(-1) });
      const frame = blank();
      let beforeV = NaN;
      while (trace.episodes.length === 0) {
        beforeV = trace.cell.voltageV;
        if (!next(trace, frame)) break;
      }
      const fall = 1 - trace.cell.voltageV / beforeV;
      const share = scenario.traits.share ?? NaN;
      expect(Math.abs(fall / share - 1)).toBeLessThan(0.02);
      expect(Math.abs(trace.episodes[0].share / share - 1)).toBeLessThan(0.02);
    },
  );

  test("dips come about once a minute and last what they should", () => {
    const trace = createTrace(named(DIPS, "dips 10 % 1 s 30 mV 16 bit 10 Hz").draw(1, "tuning"));
    const frame = blank();
    while (next(trace, frame));
    expect(trace.episodes.length).toBeGreaterThan(7);
    for (const { fromS, toS } of trace.episodes.slice(0, -1)) {
      expect(toS - fromS).toBeGreaterThan(0.8);
      expect(toS - fromS).toBeLessThan(1.3);
    }
  });

  test("a slow leak arrives at its share", () => {
    const trace = createTrace(named(SLOW, "slow 10 % 300 s 20 mV 16 bit 10 Hz").draw(1, "tuning"));
    const frame = blank();
    while (next(trace, frame));
    expect(trace.episodes).toHaveLength(1);
    expect(trace.episodes[0].share).toBeGreaterThan(0.08);
    expect(trace.episodes[0].share).toBeLessThan(0.13);
  });

  test("the reservoir's knee reaches 0.1 V without a bridge", () => {
    const trace = createTrace(knee(1, "tuning"));
    const frame = blank();
    while (next(trace, frame));
    expect(Math.abs(trace.cell.voltageV)).toBeGreaterThan(0.1);
    expect(trace.episodes).toEqual([]);
  });

  test("negatives have no bridge that counts", () => {
    for (const scenario of NEGATIVES) {
      const trace = createTrace({ ...scenario.draw(1, "tuning"), durationS: 30 });
      const frame = blank();
      while (next(trace, frame));
      expect(trace.episodes, scenario.name).toEqual([]);
    }
  });
});

describe("through the detectors", () => {
  test("hard shorts, each voltage and converter, within three frames", () => {
    const kinds = HARD.filter(({ traits }) => traits.rateHz === 10);
    const outcomes = kinds.flatMap((scenario) => examined(scenario, [1]));
    const rate = rateOf(outcomes, 1, true);
    expect(rate.found).toBe(kinds.length);
    expect(rate.maxS * 10).toBeLessThan(3.1);
  });

  test("the staircase's own latch", () => {
    const [outcome] = examined(named(LATCHES, "hybrid sodium, staircase"), [1]);
    expect(outcome.hardS).toBeGreaterThan(0);
    expect(rateOf([outcome], 1, true).found).toBe(1);
  });

  test("a step of 5 % and dips of 10 %", () => {
    const step = examined(named(STEPS, "step 5 % 20 mV 16 bit 10 Hz"));
    expect(rateOf(step, 1).found).toBe(SEEDS.length);
    expect(rateOf(step, 1).medianS).toBeLessThan(3);
    expect(rateOf(step, "drop").found).toBe(0);
    const dips = examined(named(DIPS, "dips 10 % 1 s 20 mV 24 bit 10 Hz"));
    expect(rateOf(dips, 1).found).toBe(SEEDS.length);
  });

  test("half of the voltage gone is seen by the plain detectors, too", () => {
    const outcomes = examined(named(STEPS, "step 50 % 30 mV 16 bit 10 Hz"));
    expect(rateOf(outcomes, "drop").found).toBe(SEEDS.length);
    expect(rateOf(outcomes, "cusum").found).toBe(SEEDS.length);
  });

  test("heat is no short", () => {
    const outcomes = examined(named(LOOK_ALIKES, "temperature ±5 K in 10 min"));
    for (const each of outcomes) expect(each.findings[1].alarms.filter(isShort)).toEqual([]);
  });

  test("an open circuit is called one", () => {
    const outcomes = examined(named(LOOK_ALIKES, "open circuit"), [1]);
    expect(outcomes.map(calledOf)).toEqual(["open"]);
    // One row, and in it a one under "open".
    const [head, row] = confusion(outcomes).map((line) => line.trim().split(/\s{2,}/));
    expect(row[0]).toBe("open");
    expect(row[head.indexOf("open")]).toBe("1");
  });
});

describe("the command", () => {
  test("runs all sections on scoring seeds unless told otherwise", () => {
    expect(readArguments([]).sections).toEqual(SECTIONS);
    expect(readArguments([]).plan).toEqual({ seeds: "scoring", quick: false, match: "" });
    const some = readArguments(["--only", "step", "--only", "dips", "--quick"]);
    expect(some.sections.map(({ name }) => name)).toEqual(["step", "dips"]);
    expect(some.plan.quick).toBe(true);
  });

  test("says what it would take", () => {
    expect(() => readArguments(["--seeds", "mine"])).toThrow("expected tuning or scoring");
    expect(() => readArguments(["--only", "mine"])).toThrow("one of hard, step");
  });

  test("sections have names of their own and something to do", () => {
    expect(new Set(SECTIONS.map(({ name }) => name)).size).toBe(SECTIONS.length);
    const plan = { seeds: "tuning", quick: false, match: "" } as const;
    for (const section of SECTIONS) {
      const quick = section.jobs({ ...plan, quick: true }).length;
      expect(quick).toBeGreaterThan(0);
      expect(section.jobs(plan).length).toBeGreaterThan(quick);
      expect(section.jobs({ ...plan, match: "no such trace" })).toEqual([]);
    }
  });
});
