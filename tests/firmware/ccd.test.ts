import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ccdSetpoint, climb, climbFromFoot, createCcd, levelCurrent } from "../../firmware/ccd.ts";
import type { Step } from "../../firmware/protocol.ts";
import { ccdStep } from "./specimen.ts";

/** All set-points to the end, NaN = rest, and the levels completed by then. */
function climbed(step: Step): { setpoints: number[]; completed: number[] } {
  const ccd = createCcd();
  climbFromFoot(ccd, true);
  const setpoints: number[] = [];
  const completed: number[] = [];
  for (let guard = 0; guard < 100_000; guard++) {
    setpoints.push(ccdSetpoint(ccd, step));
    const goesOn = climb(ccd, step);
    if (ccd.completed !== (completed.at(-1) ?? -1)) completed.push(ccd.completed);
    if (!goesOn) return { setpoints, completed };
  }
  throw new Error("endless");
}

/** The plain list: levels, cycles, two halves each, a rest before each half but the first. */
function reference(levels: number[], cycles: number, rest: boolean): number[] {
  const list: number[] = [];
  for (const level of levels) {
    for (let cycle = 0; cycle < cycles; cycle++) {
      for (const sign of [1, -1]) {
        if (rest && list.length > 0) list.push(NaN);
        list.push(sign * level);
      }
    }
  }
  return list;
}

describe("the staircase", () => {
  test("climbs 0.1 to 0.5 in steps of 0.1, once each, without rest", () => {
    const { setpoints } = climbed(ccdStep({ current: 1, increment: 1, currentMax: 5 }));
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
        const step = ccdStep({
          current: first * unit,
          increment: increment * unit,
          // As a host computes it: not the sum that the board will find.
          currentMax: (first + (levels - 1) * increment) * unit,
          count: cycles,
          rest: rest ? 60 : 0,
        });
        const expected = Array.from(
          { length: levels },
          (_, i) => step.current + i * step.increment,
        );
        const { setpoints, completed } = climbed(step);
        expect(setpoints).toEqual(reference(expected, cycles, rest));
        expect(completed).toEqual(expected);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test("has levels that are exact multiples: no error adds up", () => {
    const step = ccdStep({ current: 1e-5, increment: 1e-5, currentMax: 1e-2 });
    const ccd = createCcd();
    for (ccd.level = 0; ccd.level < 1000; ccd.level++) {
      const exact = (ccd.level + 1) * 1e-5;
      expect(Math.abs(levelCurrent(ccd, step) - exact)).toBeLessThanOrEqual(exact * 2 ** -52);
    }
  });

  test("reaches its last level in spite of rounding, and none above", () => {
    for (const unit of [0.1, 0.95e-4, 0.9747e-4, 1 / 3, 1e-9]) {
      for (let levels = 1; levels < 60; levels++) {
        const step = ccdStep({ current: unit, increment: unit, currentMax: levels * unit });
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
        const step = ccdStep({ current: unit, increment: unit, currentMax: currentMax * unit });
        expect(climbed(step).completed).toEqual([unit, 2 * unit, 3 * unit]);
      }
    },
  );

  test("of one level ends after it", () => {
    const step = ccdStep({ current: 2, increment: 1, currentMax: 2, count: 3 });
    expect(climbed(step).setpoints).toEqual([2, -2, 2, -2, 2, -2]);
  });

  test("forgets an earlier climb", () => {
    const ccd = createCcd();
    Object.assign(ccd, { level: 3, cycle: 1, half: 1, resting: true, completed: 1, failing: 2 });
    Object.assign(ccd, { soft: 1, hard: 2, used: true });
    climbFromFoot(ccd, false);
    expect(ccd).toEqual(createCcd());
    climbFromFoot(ccd, true);
    expect(ccd.used).toBe(true);
  });
});
