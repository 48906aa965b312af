import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  CLIMB_FAILED,
  CLIMB_ON,
  CLIMB_TOP,
  ccdSetpoint,
  climb,
  climbFromFoot,
  createCcd,
  levelAt,
  noteHard,
  noteSoft,
} from "../../firmware/ccd.ts";
import type { Ccd } from "../../firmware/ccd.ts";
import { FLAG_GEOMETRIC, FLAG_ONE_WAY } from "../../firmware/protocol.ts";
import type { StepRecord } from "../../firmware/protocol.ts";
import { ccdRecord } from "./records.ts";

/** All set-points to the end, NaN = rest, and the levels completed by then. */
function climbed(step: StepRecord): { setpoints: number[]; completed: number[] } {
  const ccd = createCcd();
  climbFromFoot(ccd, true);
  const setpoints: number[] = [];
  const completed: number[] = [];
  for (let guard = 0; guard < 100_000; guard++) {
    setpoints.push(ccdSetpoint(ccd, step));
    const found = climb(ccd, step);
    if (ccd.completed !== (completed.at(-1) ?? -1)) completed.push(ccd.completed);
    if (found === CLIMB_TOP) return { setpoints, completed };
    expect(found).toBe(CLIMB_ON);
  }
  throw new Error("endless");
}

/** The plain list: levels, cycles, their halves, a rest before each half but the first. */
function reference(levels: number[], cycles: number, rest: boolean, signs = [1, -1]): number[] {
  const list: number[] = [];
  for (const level of levels) {
    for (let cycle = 0; cycle < cycles; cycle++) {
      for (const sign of signs) {
        if (rest && list.length > 0) list.push(NaN);
        list.push(sign * level);
      }
    }
  }
  return list;
}

describe("the staircase", () => {
  test("climbs 0.1 to 0.5 in steps of 0.1, once each, without rest", () => {
    const { setpoints } = climbed(ccdRecord({ current: 1, increment: 1, currentMax: 5 }));
    expect(setpoints).toEqual([1, -1, 2, -2, 3, -3, 4, -4, 5, -5]);
  });

  test("is the plain list of levels, cycles and rests", () => {
    const parameters = fc.record({
      first: fc.integer({ min: 1, max: 50 }),
      increment: fc.integer({ min: 1, max: 20 }),
      levels: fc.integer({ min: 1, max: 40 }),
      cycles: fc.integer({ min: 1, max: 4 }),
      rest: fc.boolean(),
      unit: fc.constantFrom(1, 1e-6, 9.5e-5, 0.0001, 9.747e-5),
    });
    fc.assert(
      fc.property(parameters, ({ first, increment, levels, cycles, rest, unit }) => {
        const step = ccdRecord({
          current: first * unit,
          increment: increment * unit,
          // As a host computes it: not the sum that the board will find.
          currentMax: (first + (levels - 1) * increment) * unit,
          count: cycles,
          rest: rest ? 60 : 0,
        });
        const expected = Array.from(
          { length: levels },
          (_, i) => first * unit + i * (increment * unit),
        );
        const { setpoints, completed } = climbed(step);
        expect(setpoints).toEqual(reference(expected, cycles, rest));
        expect(completed).toEqual(expected);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test("has levels that are exact multiples: no error adds up", () => {
    const step = ccdRecord({ current: 1e-5, increment: 1e-5, currentMax: 1e-2 });
    const ccd = createCcd();
    for (ccd.level = 0; ccd.level < 1000; ccd.level++) {
      const exact = (ccd.level + 1) * 1e-5;
      expect(Math.abs(levelAt(step, ccd.level) - exact)).toBeLessThanOrEqual(exact * 2 ** -52);
    }
  });

  test("reaches its last level in spite of rounding, and none above", () => {
    for (const unit of [0.1, 0.95e-4, 0.9747e-4, 1 / 3, 1e-9]) {
      for (let levels = 1; levels < 60; levels++) {
        const step = ccdRecord({ current: unit, increment: unit, currentMax: levels * unit });
        const { completed } = climbed(step);
        expect(completed).toHaveLength(levels);
        expect(completed.at(-1)).toBeCloseTo(levels * unit, 12);
      }
    }
  });

  test.each([3.6, 3.5, 3.4, 3.999, 3 * (1 + 1e-12), 4 * (1 - 1e-8)])(
    "has no level above %d, when that is none itself",
    (currentMax) => {
      for (const unit of [1, 1e-4]) {
        const step = ccdRecord({ current: unit, increment: unit, currentMax: currentMax * unit });
        expect(climbed(step).completed).toEqual([unit, 2 * unit, 3 * unit]);
      }
    },
  );

  test("of one level ends after it", () => {
    const step = ccdRecord({ current: 2, increment: 1, currentMax: 2, count: 3 });
    expect(climbed(step).setpoints).toEqual([2, -2, 2, -2, 2, -2]);
  });

  test.each([false, true])("one way is nothing but charging half cycles, rest %s", (rest) => {
    const flags = FLAG_ONE_WAY;
    const part = { current: 1, increment: 1, currentMax: 3, count: 2, rest: rest ? 60 : 0 };
    const { setpoints, completed } = climbed(ccdRecord({ ...part, flags }));
    expect(setpoints).toEqual(reference([1, 2, 3], 2, rest, [1]));
    expect(completed).toEqual([1, 2, 3]);
  });

  test("forgets an earlier climb", () => {
    const ccd = createCcd();
    for (const name of Object.keys(ccd)) Object.assign(ccd, { [name]: 7 });
    ccd.resting = true;
    climbFromFoot(ccd, false);
    expect(ccd).toEqual(createCcd());
    climbFromFoot(ccd, true);
    expect(ccd.used).toBe(true);
  });
});

describe("a geometric staircase", () => {
  test("multiplies level by level", () => {
    const flags = FLAG_GEOMETRIC;
    const step = ccdRecord({ current: 0.1, increment: 2, currentMax: 3.2, flags });
    expect(climbed(step).completed).toEqual([0.1, 0.2, 0.4, 0.8, 1.6, 3.2]);
  });

  test("is within 1e-12 of the exact power over ten thousand levels", () => {
    for (const [factor, levels] of [
      [1.0001, 10_000],
      [1.05, 500],
      [10, 12],
    ]) {
      const step = ccdRecord({ current: 1e-9, increment: factor, flags: FLAG_GEOMETRIC });
      const ccd = createCcd();
      for (ccd.level = 0; ccd.level < levels; ccd.level++) {
        const exact = 1e-9 * factor ** ccd.level;
        expect(Math.abs(levelAt(step, ccd.level) / exact - 1)).toBeLessThan(1e-12);
      }
    }
  });

  test("reaches its last level in spite of rounding, and none above", () => {
    for (const unit of [0.1, 9.747e-5, 1 / 3, 1e-9]) {
      for (const factor of [1.1, 1.25, 1.5, Math.SQRT2]) {
        for (let levels = 1; levels < 30; levels++) {
          let currentMax = unit;
          for (let i = 1; i < levels; i++) currentMax *= factor;
          const flags = FLAG_GEOMETRIC;
          const completed = (top: number): number[] =>
            climbed(ccdRecord({ current: unit, increment: factor, currentMax: top, flags }))
              .completed;
          expect(completed(currentMax)).toHaveLength(levels);
          expect(completed(currentMax * (1 - 1e-8))).toHaveLength(Math.max(1, levels - 1));
        }
      }
    }
  });
});

describe("a short in a staircase of 1 to 5", () => {
  const step = ccdRecord({ current: 1, increment: 1, currentMax: 5 });
  const started = (): Ccd => {
    const ccd = createCcd();
    climbFromFoot(ccd, true);
    return ccd;
  };
  /** Climbs to a level (from 0) and half; stays there. */
  const climbTo = (ccd: Ccd, level: number, half: number): void => {
    while (ccd.level !== level || ccd.half !== half) {
      if (climb(ccd, step) !== CLIMB_ON) throw new Error("never there");
    }
  };
  /** Climbs on to the end; how often, and what it is. */
  const end = (ccd: Ccd): [number, number] => {
    for (let turns = 1; ; turns++) {
      const found = climb(ccd, step);
      if (found !== CLIMB_ON) return [turns, found];
    }
  };

  test.each([
    [0, 4],
    [1, 3],
  ])("soft in half %i of level 1 is irreversible after level 2: %i half cycles on", (half, on) => {
    const ccd = started();
    climbTo(ccd, 1, half);
    noteSoft(ccd, step, 30, true);
    expect(end(ccd)).toEqual([on, CLIMB_FAILED]);
    expect(ccd).toMatchObject({ soft: 2, hard: 2, failing: 2, completed: 1, level: 2 });
    expect(ccd).toMatchObject({ softCharge: 30, hardCharge: 30 });
  });

  test("soft that recovers does not end it, however often", () => {
    const ccd = started();
    for (const level of [0, 1, 2, 3]) {
      climbTo(ccd, level, 0);
      noteSoft(ccd, step, level, true);
      climbTo(ccd, level + 1, 0);
      ccd.standing = -1;
    }
    expect(end(ccd)[1]).toBe(CLIMB_TOP);
    expect(ccd).toMatchObject({ soft: 1, softCharge: 0, hard: -1, hardCharge: -1, failing: -1 });
    expect(ccd.completed).toBe(5);
  });

  test("the one that stays is the irreversible one, not the first", () => {
    const ccd = started();
    noteSoft(ccd, step, 1, true);
    ccd.standing = -1;
    climbTo(ccd, 2, 1);
    noteSoft(ccd, step, 9, true);
    noteSoft(ccd, step, 10, true);
    expect(end(ccd)[1]).toBe(CLIMB_FAILED);
    expect(ccd).toMatchObject({ soft: 1, softCharge: 1, hard: 3, hardCharge: 9, completed: 2 });
  });

  test("at the foot leaves no level completed", () => {
    const ccd = started();
    noteSoft(ccd, step, 0, true);
    expect(end(ccd)).toEqual([4, CLIMB_FAILED]);
    expect(ccd).toMatchObject({ hard: 1, failing: 1, completed: -1 });
  });

  test("soft in the last level ends it as completed", () => {
    const ccd = started();
    climbTo(ccd, 4, 0);
    noteSoft(ccd, step, 0, true);
    expect(end(ccd)).toEqual([2, CLIMB_TOP]);
    expect(ccd).toMatchObject({ soft: 5, hard: -1, completed: 5 });
  });

  test("that comes and goes is kept as the first, and ends nothing", () => {
    const ccd = started();
    climbTo(ccd, 1, 0);
    noteSoft(ccd, step, 5, false);
    expect(end(ccd)[1]).toBe(CLIMB_TOP);
    expect(ccd).toMatchObject({ soft: 2, softCharge: 5, hard: -1, completed: 5 });
  });

  test("hard is filed where it happens", () => {
    const ccd = started();
    climbTo(ccd, 3, 1);
    noteHard(ccd, step, 17);
    expect(ccd).toMatchObject({ hard: 4, hardCharge: 17, soft: -1, completed: 3 });
  });
});
