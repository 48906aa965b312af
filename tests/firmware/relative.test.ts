// The rules that know a cell from its own past, together: what a change of ln R comes to, by what
// goes along with it.
import { describe, expect, test } from "vitest";
import { act } from "../../firmware/act.ts";
import { FOUND_DIPS, FOUND_LOOSE, FOUND_MECHANICAL } from "../../firmware/findings.ts";
import {
  FOUND_RECOVERED,
  FOUND_SLOPE,
  FOUND_STEP,
  FOUND_THERMAL,
} from "../../firmware/findings.ts";
import { FOUND_VOID } from "../../firmware/findings.ts";
import { sense } from "../../firmware/covariates.ts";
import { HALF_CYCLE, SIDE, STARTED_AT } from "../../firmware/relative-state.ts";
import { judgeRelative, turn } from "../../firmware/relative.ts";
import { settle } from "../../firmware/proof-state.ts";
import { createRun } from "../../firmware/run.ts";
import { APPARENT, CORRECTION, SOFT } from "../../firmware/shorts-places.ts";
import type { Shorts } from "../../firmware/shorts-state.ts";
import { createShorts, forget } from "../../firmware/shorts-state.ts";
import { FRAMES } from "../../firmware/step-state.ts";
import { RESULT_IONIC } from "../../firmware/telemetry.ts";
import { createStream, gaussian } from "../../sim/random.ts";
import { cellOf, sampleOf } from "./specimen.ts";

const BASE = Math.log(45);
/** Interfaces would resist more than the pellet from 80 Ω cm² on. */
const CELL = cellOf({ thicknessCm: 40, conductivitySPerCm: 1 });
const PERIOD = 0.2;
const FORCE = 5884;

interface Course {
  /** ln R, not compensated, less BASE. */
  level: (time: number) => number;
  warmth?: (time: number) => number;
  force?: (time: number) => number;
  seed?: number;
  noise?: number;
}

interface Found {
  time: number;
  bits: number;
}

/** Frames from `from` to `until`, s: what was found. */
function judged(relative: Shorts, from: number, until: number, course: Course): Found[] {
  const { level, warmth = () => 0, force = () => FORCE, noise = 0.001 } = course;
  const stream = createStream(course.seed ?? 1, "course");
  const s = relative.numbers;
  const found: Found[] = [];
  const count = Math.round((until - from) / PERIOD);
  for (let i = 0; i < count; i++) {
    const time = from + i * PERIOD;
    const raw = BASE + level(time) + noise * gaussian(stream);
    sense(s, 25, force(time) + 3 * gaussian(stream), time, PERIOD);
    [s[APPARENT], s[CORRECTION]] = [Math.exp(raw), warmth(time)];
    const bits = judgeRelative(relative, CELL, time, PERIOD, 5e-4, 0.02);
    if (bits !== 0) found.push({ time, bits });
  }
  return found;
}

/** A cell in its first half cycle, for 400 s. */
function settled(seed = 1): Shorts {
  const relative = createShorts();
  turn(relative, 1, 5e-4, 0);
  expect(judged(relative, 0, 400, { level: () => 0, seed })).toEqual([]);
  return relative;
}

/** `change` between two times. */
function between(change: number, begin: number, end = Infinity) {
  return (time: number): number => (time >= begin - 1e-6 && time < end - 1e-6 ? change : 0);
}

const bitsOf = (found: Found[]): number[] => found.map(({ bits }) => bits);

describe("a sudden fall", () => {
  test("that lasts is a short, and its return the recovery", () => {
    for (const change of [-0.05, -0.2, -1]) {
      const relative = settled();
      const found = judged(relative, 400, 600, { level: between(change, 450, 500) });
      expect(bitsOf(found)).toEqual([FOUND_STEP, FOUND_RECOVERED]);
      expect(found[0].time).toBeLessThan(454);
      expect(found[1].time).toBeGreaterThan(510 - 1e-6);
      expect(found[1].time).toBeLessThan(520);
    }
  });

  test("of which half comes back is no recovery; nine tenths are", () => {
    const relative = settled();
    const level = (time: number): number =>
      between(-0.2, 450, 500)(time) + between(-0.1, 500, 600)(time) + between(-0.02, 600)(time);
    const found = judged(relative, 400, 700, { level });
    expect(bitsOf(found)).toEqual([FOUND_STEP, FOUND_RECOVERED]);
    expect(found[1].time).toBeGreaterThan(609);
  });

  test("deeper and deeper is told once, until it has recovered", () => {
    const relative = settled();
    const level = (time: number): number => -0.1 * Math.max(0, Math.floor((time - 400) / 50));
    expect(bitsOf(judged(relative, 400, 600, { level }))).toEqual([FOUND_STEP]);
    expect(relative.numbers[SOFT]).toBe(FOUND_STEP);
  });

  test("in a new cell is its contact, and so is one after another in a minute: loose", () => {
    const relative = createShorts();
    turn(relative, 1, 5e-4, 0);
    const level = (time: number): number => -0.1 * Math.max(0, Math.floor((time - 100) / 10));
    const found = judged(relative, 0, 160, { level });
    expect(bitsOf(found)).toEqual([FOUND_LOOSE]);
  });

  test("back from a contact that had risen is none", () => {
    const relative = settled();
    const found = judged(relative, 400, 700, { level: between(0.2, 450, 500) });
    expect(found).toEqual([]);
    expect(relative.numbers[SOFT]).toBe(0);
  });

  test("below the healthy level is one, also after a contact had risen", () => {
    const relative = settled();
    const level = (time: number): number => between(0.2, 450, 500)(time) + between(-0.2, 500)(time);
    const found = judged(relative, 400, 700, { level });
    expect(bitsOf(found)).toEqual([FOUND_STEP]);
    expect(found[0].time).toBeLessThan(504);
  });

  test("together with the force is mechanical, and no recovery follows it", () => {
    for (const share of [0.98, 1.02]) {
      const relative = settled();
      const force = (time: number): number => (time < 450 ? FORCE : FORCE * share);
      const found = judged(relative, 400, 600, { level: between(-0.1, 450), force });
      expect(bitsOf(found)).toEqual([FOUND_MECHANICAL]);
      expect(relative.numbers[SOFT]).toBe(0);
    }
  });

  test("long after the force has changed is a short", () => {
    const relative = settled();
    const force = (time: number): number => (time < 410 ? FORCE : FORCE * 1.02);
    const found = judged(relative, 400, 600, { level: between(-0.1, 450), force });
    expect(bitsOf(found)).toEqual([FOUND_STEP]);
  });

  test("that temperature explains is none at all", () => {
    const relative = settled();
    const warmth = between(-0.04, 450);
    expect(judged(relative, 400, 600, { level: warmth, warmth })).toEqual([]);
  });

  test("across a gap is none: only the slow rule can know of it", () => {
    const relative = settled();
    relative.numbers[FRAMES] = 0;
    const found = judged(relative, 500, 600, { level: () => -0.1 });
    expect(found.filter(({ bits }) => bits !== FOUND_SLOPE)).toEqual([]);
    expect(relative.numbers[SOFT]).toBe(0);
  });
});

describe("a suspicion that was refuted", () => {
  test("is no short any more, and what the cell shows now is healthy", () => {
    const relative = settled();
    expect(bitsOf(judged(relative, 400, 500, { level: between(-0.1, 450) }))).toEqual([FOUND_STEP]);
    const run = createRun();
    run.shorts = relative;
    run.suspectedAt = 450;
    settle(run.proof, RESULT_IONIC);
    act(run, 0, sampleOf({ timeVoltage: 500 }), false);
    expect(relative.numbers[SOFT]).toBe(0);
    expect(judged(relative, 500, 900, { level: () => -0.1 })).toEqual([]);
    // A further fall is a new suspicion.
    const again = judged(relative, 900, 1000, { level: between(-0.2, 950) });
    expect(bitsOf(again)).toEqual([FOUND_STEP]);
  });
});

describe("brief changes", () => {
  /** For 0.8 s every 20 s, from 400 s on. */
  const every = (changes: number[]) => (time: number) => {
    const turns = Math.floor((time - 400) / 20);
    return time >= 410 && (time - 400) % 20 < 0.8 ? changes[turns % changes.length] : 0;
  };

  test("that are all dips come to a short at the fifth, told once", () => {
    const found = judged(settled(), 400, 900, { level: every([-0.1]) });
    expect(bitsOf(found)).toEqual([FOUND_DIPS]);
    expect(found[0].time).toBeGreaterThan(500);
    expect(found[0].time).toBeLessThan(506);
  });

  test("both ways come to none", () => {
    const found = judged(settled(), 400, 900, { level: every([-0.1, 0.1]) });
    expect(found.filter(({ bits }) => bits & FOUND_DIPS)).toEqual([]);
  });

  test("upwards, four in a minute, are a loose contact", () => {
    const level = (time: number): number => (time > 410 && (time - 400) % 10 < 0.8 ? 0.3 : 0);
    const found = judged(settled(), 400, 460, { level });
    expect(bitsOf(found)).toEqual([FOUND_LOOSE]);
  });

  test("of three frames at most are interference", () => {
    const level = (time: number): number => (time > 410 && (time - 400) % 10 < 0.5 ? -0.3 : 0);
    expect(judged(settled(), 400, 900, { level })).toEqual([]);
  });
});

describe("slow changes", () => {
  test("that grow faster and faster downwards are a decay", () => {
    const relative = settled();
    const level = (time: number): number => -0.3 * Math.max(0, (time - 1800) / 1200);
    const found = judged(relative, 400, 3000, { level });
    expect(bitsOf(found)).toContain(FOUND_SLOPE);
    expect(bitsOf(found)).not.toContain(FOUND_STEP);
  });

  test("to twice the resistance are a sign of voids", () => {
    const relative = settled();
    const level = (time: number): number => 0.9 * Math.max(0, (time - 400) / 3200);
    const found = judged(relative, 400, 3600, { level });
    expect(bitsOf(found)).toEqual([FOUND_VOID]);
  });

  test("along with the temperature are told as such", () => {
    const relative = settled();
    const warmth = (time: number): number => -0.3 * Math.min(1, Math.max(0, (time - 500) / 600));
    const found = judged(relative, 400, 1500, { level: warmth, warmth });
    expect(new Set(bitsOf(found))).toEqual(new Set([FOUND_THERMAL]));
  });

  test("of a shorted cell are no news", () => {
    const relative = settled();
    judged(relative, 400, 500, { level: between(-0.1, 450) });
    expect(relative.numbers[SOFT]).toBe(FOUND_STEP);
    const level = (time: number): number => -0.1 - 0.3 * Math.max(0, (time - 1800) / 1200);
    expect(judged(relative, 500, 3000, { level }).filter(({ bits }) => bits & FOUND_SLOPE)).toEqual(
      [],
    );
  });
});

test("another run knows nothing of the last one", () => {
  const relative = settled();
  judged(relative, 400, 500, { level: between(-0.3, 450) });
  forget(relative);
  const s = relative.numbers;
  expect([s[SOFT], s[HALF_CYCLE], s[SIDE], s[STARTED_AT]]).toEqual([0, -1, 0, -1]);
  turn(relative, 1, 5e-4, 1000);
  // Its contacts settle again.
  expect(judged(relative, 1000, 1400, { level: between(-0.3, 1200) })).toEqual([]);
});

test("reversals with their tails, hour after hour, raise nothing", () => {
  const relative = createShorts();
  for (let half = 0; half < 12; half++) {
    const begin = half * 1800;
    turn(relative, half, half % 2 === 0 ? 5e-4 : -5e-4, begin);
    const level = (time: number): number => -0.25 * Math.exp(-(time - begin) / 60);
    expect(judged(relative, begin + 0.4, begin + 1800, { level, seed: half })).toEqual([]);
  }
});
