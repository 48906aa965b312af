// Sudden changes of ln R in noise: what is found, how soon, and what is none.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DIPPED, FELL, NOTHING, PEAKED, ROSE, followStep } from "../../firmware/step-rule.ts";
import { createShorts, forget } from "../../firmware/shorts-state.ts";
import { AT, FRAMES, NOISE, SCATTER, SIZE, THRESHOLD, WINDOWS } from "../../firmware/step-state.ts";
import { createStream, gaussian } from "../../sim/random.ts";

const SEEDS = Array.from({ length: 20 }, (_, i) => i + 1);
/** The smallest change that counts, and the converter's noise (ln). */
const LEAST = 0.02;
const FLOOR = 0.001;

interface Trace {
  /** ln R at a time, s. */
  level: (time: number) => number;
  seconds: number;
  period?: number;
  noise?: number;
  seed?: number;
  least?: number;
  rule?: Float64Array;
  from?: number;
}

interface Found {
  time: number;
  what: number;
  size: number;
}

/** What the rule says of a trace. */
function judged(trace: Trace): Found[] {
  const { period = 0.1, noise = 0.002, least = LEAST, from = 0 } = trace;
  const rule = trace.rule ?? createShorts().numbers;
  const stream = createStream(trace.seed ?? 1, "trace");
  const found: Found[] = [];
  for (let i = 0; i * period < trace.seconds; i++) {
    const time = from + i * period;
    const x = trace.level(time) + noise * gaussian(stream);
    const what = followStep(rule, x, time, FLOOR, least);
    if (what !== NOTHING) found.push({ time, what, size: rule[SIZE] });
  }
  return found;
}

/** 3.8 (45 Ω cm²), and `change` from `begin` on, to `end`. */
function stepped(change: number, begin = 60, end = Infinity) {
  return (time: number): number => 3.8 + (time >= begin - 1e-6 && time < end - 1e-6 ? change : 0);
}

describe("a step", () => {
  test.each([
    [-0.05, FELL],
    [-0.5, FELL],
    [-3, FELL],
    [0.05, ROSE],
    [0.5, ROSE],
  ])("of %d is found within 3 s at 10 Hz, once, with its size", (change, what) => {
    for (const seed of SEEDS) {
      const found = judged({ level: stepped(change), seconds: 120, seed });
      expect(found.map((each) => each.what)).toEqual([what]);
      expect(found[0].time - 60).toBeGreaterThan(0);
      expect(found[0].time - 60).toBeLessThanOrEqual(3);
      expect(found[0].size / Math.abs(change)).toBeGreaterThan(0.8);
      expect(found[0].size / Math.abs(change)).toBeLessThan(1.2);
    }
  });

  test("of 5 % is found within 12 s at 1 Hz, once the cell is known", () => {
    for (const seed of SEEDS) {
      const found = judged({ level: stepped(-0.05, 300), seconds: 400, period: 1, seed });
      expect(found.map((each) => each.what)).toEqual([FELL]);
      expect(found[0].time - 300).toBeLessThanOrEqual(12);
    }
  });

  test("that is half of the least that counts is not told", () => {
    for (const seed of SEEDS) {
      expect(judged({ level: stepped(-LEAST / 2), seconds: 120, seed })).toEqual([]);
    }
  });

  test("counts where the caller lets it, and does not where it asks for more", () => {
    expect(judged({ level: stepped(-0.05), seconds: 120, least: 0.08 })).toEqual([]);
    expect(judged({ level: stepped(-0.1), seconds: 120, least: 0.08 })).toHaveLength(1);
  });

  test("is found wherever the line lies, and however it drifts", () => {
    for (const slope of [-1e-4, 1e-4]) {
      const level = (time: number): number => stepped(-0.06)(time) + slope * time;
      for (const seed of SEEDS) {
        const found = judged({ level, seconds: 120, seed });
        expect(found.map((each) => each.what)).toEqual([FELL]);
      }
    }
  });

  test("within the first second is where the line begins", () => {
    expect(judged({ level: stepped(-0.3, 0.5), seconds: 60 })).toEqual([]);
  });

  test("back up after a fall is a rise", () => {
    const found = judged({ level: stepped(-0.1, 60, 90), seconds: 120 });
    expect(found.map((each) => each.what)).toEqual([FELL, ROSE]);
    expect(found[1].time).toBeLessThanOrEqual(93);
  });
});

describe("no step", () => {
  test.each([-0.5, 0.5])("are three wild frames (%d)", (change) => {
    for (const seed of SEEDS) {
      for (const frames of [1, 2, 3]) {
        const level = stepped(change, 60, 60 + frames * 0.1);
        expect(judged({ level, seconds: 120, seed })).toEqual([]);
      }
    }
  });

  test("is in an hour of noise at 10 Hz", () => {
    for (const seed of [1, 2, 3]) {
      expect(judged({ level: stepped(0), seconds: 3600, seed })).toEqual([]);
    }
  });

  test("is in an hour without any noise, nor in steps of the converter", () => {
    expect(judged({ level: stepped(0), seconds: 3600, noise: 0 })).toEqual([]);
    const level = (time: number): number => 3.8 + 0.001 * Math.round(Math.sin(time / 7));
    expect(judged({ level, seconds: 600, noise: 0 })).toEqual([]);
  });

  test("is a fall of 20 % that takes ten minutes", () => {
    const level = (time: number): number => 3.8 - 0.22 * Math.min(1, Math.max(0, time - 60) / 600);
    for (const seed of SEEDS.slice(0, 5)) expect(judged({ level, seconds: 800, seed })).toEqual([]);
  });

  test.each([-1, 1])("is a relaxation that slows down (%i)", (sign) => {
    for (const seed of SEEDS) {
      const level = (time: number): number => 3.8 + sign * 0.25 * Math.exp(-time / 30);
      expect(judged({ level, seconds: 300, seed })).toEqual([]);
    }
  });

  test.each([-0.01, 0.01])("is a drift that ends at once (%d a second)", (slope) => {
    // Its extrapolation goes on, and the resistance does not: it neither falls nor rises.
    for (const seed of SEEDS) {
      const level = (time: number): number => 3.8 + slope * Math.min(30, time);
      expect(judged({ level, seconds: 120, seed })).toEqual([]);
    }
  });

  test("is a change while the rule learns afresh", () => {
    const rule = createShorts().numbers;
    expect(judged({ level: stepped(0), seconds: 60, rule })).toEqual([]);
    rule[FRAMES] = 0;
    const [noise, scatter] = [rule[NOISE], rule[SCATTER]];
    expect(noise).toBeGreaterThan(0);
    const after = judged({ level: () => 3.3, seconds: 60, rule, from: 70, seed: 2 });
    expect(after).toEqual([]);
    // What was known of the noise was kept, and so it is ready at once.
    expect(rule[NOISE] / noise).toBeCloseTo(1, 0);
    expect(rule[SCATTER] / scatter).toBeGreaterThan(0.2);
  });

  test("is known to a rule that has forgotten", () => {
    const shorts = createShorts();
    const rule = shorts.numbers;
    judged({ level: stepped(0), seconds: 60, rule });
    forget(shorts);
    expect([rule[FRAMES], rule[NOISE], rule[SCATTER], rule[WINDOWS]]).toEqual([0, 0, 0, 0]);
  });
});

describe("an excursion", () => {
  test.each([
    [-0.1, 0.6, DIPPED],
    [-0.1, 1, DIPPED],
    [-0.4, 0.5, DIPPED],
    [0.1, 0.6, PEAKED],
    [0.3, 1, PEAKED],
  ])("of %d for %d s is told as such, once it is over", (change, seconds, what) => {
    for (const seed of SEEDS) {
      const found = judged({ level: stepped(change, 60, 60 + seconds), seconds: 120, seed });
      expect(found.map((each) => each.what)).toEqual([what]);
      expect(found[0].time).toBeGreaterThan(60 + seconds);
      expect(found[0].time).toBeLessThan(66);
      expect(found[0].size).toBeGreaterThan(Math.abs(change) * 0.8);
    }
  });

  test("does not move the line: the next ones are found, too", () => {
    const level = (time: number): number => 3.8 - (time > 30 && time % 10 < 0.6 ? 0.1 : 0);
    const found = judged({ level, seconds: 100 });
    expect(found.map((each) => each.what)).toEqual(Array(7).fill(DIPPED));
  });
});

describe("the threshold", () => {
  test("rises with what windows scatter while nothing happens", () => {
    const rule = createShorts().numbers;
    let walk = 0;
    const stream = createStream(5, "walk");
    const level = (): number => 3.8 + (walk += 0.004 * gaussian(stream));
    judged({ level, seconds: 120, rule });
    expect(rule[THRESHOLD]).toBeGreaterThan(2 * LEAST);
    const quiet = createShorts().numbers;
    judged({ level: stepped(0), seconds: 120, rule: quiet });
    expect(quiet[THRESHOLD]).toBe(LEAST);
  });
});

test("a frame of the same time says nothing, and changes nothing", () => {
  const rule = createShorts().numbers;
  judged({ level: stepped(0), seconds: 10, rule });
  const before = structuredClone(rule);
  expect(followStep(rule, 1, rule[AT], FLOOR, LEAST)).toBe(NOTHING);
  expect(followStep(rule, 1, rule[AT] - 1, FLOOR, LEAST)).toBe(NOTHING);
  expect(rule).toEqual(before);
});

test("another unit of the resistance makes no difference", () => {
  const drawn = fc.record({
    offset: fc.integer({ min: -30, max: 30 }),
    change: fc.constantFrom(-0.3, -0.1, -0.05, 0, 0.1, 0.3),
    lasts: fc.constantFrom(0.2, 0.7, 5, 1000),
    seed: fc.nat(1000),
  });
  fc.assert(
    fc.property(drawn, ({ offset, change, lasts, seed }) => {
      const base = stepped(change, 40, 40 + lasts);
      const here = judged({ level: base, seconds: 80, seed });
      const there = judged({ level: (time) => base(time) + offset, seconds: 80, seed });
      expect(there.map(({ time, what }) => [time, what])).toEqual(
        here.map(({ time, what }) => [time, what]),
      );
      there.forEach(({ size }, i) => expect(size).toBeCloseTo(here[i].size, 6));
    }),
    { seed: 1, numRuns: 200 },
  );
});

test("rises and falls are mirror images", () => {
  const mirror = new Map([
    [FELL, ROSE],
    [ROSE, FELL],
    [DIPPED, PEAKED],
    [PEAKED, DIPPED],
  ]);
  const stream = createStream(9, "mirror");
  const [up, down] = [createShorts().numbers, createShorts().numbers];
  let count = 0;
  for (let i = 0; i < 20_000; i++) {
    const phase = Math.floor(i / 100) % 7;
    const change = [0, 0.1, 0, -0.2, -0.2, 0.05, 0][phase] * (i % 100 < 8 || phase > 3 ? 1 : 0);
    const x = change + 0.002 * gaussian(stream);
    const found = followStep(up, x, i / 10, FLOOR, LEAST);
    expect(followStep(down, -x, i / 10, FLOOR, LEAST)).toBe(mirror.get(found) ?? NOTHING);
    if (found !== NOTHING) count++;
  }
  expect(count).toBeGreaterThan(50);
});
