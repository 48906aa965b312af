// Full cells: charging without end, and charge that does not come back.
import { describe, expect, test } from "vitest";
import { BOUND, CYCLES, WHOLE, VALUE, count, forget } from "../../firmware/charge-rule.ts";
import { TEMPERATURE } from "../../firmware/covariates.ts";
import { FOUND_CHARGE, FOUND_ENDLESS } from "../../firmware/findings.ts";
import { createShorts } from "../../firmware/shorts-state.ts";

const DENSITY = 5e-4;
const PORTIONS = 100;

/** `charge` (C) in portions at `density` A/cm²: what the rule answers, 0 left out. */
function move(rule: Float64Array, charge: number, density: number): number[] {
  const answers = Array.from({ length: PORTIONS }, () => count(rule, charge / PORTIONS, density));
  return answers.filter((answer) => answer !== 0);
}

/** One cycle, C in and C out, and what was found in it; an efficiency is known in the next. */
function cycle(rule: Float64Array, charge: number, discharge: number, density = DENSITY) {
  return [...move(rule, charge, density), ...move(rule, discharge, -density)];
}

/** Cycles of one efficiency: what was found in each. */
function cycled(rule: Float64Array, cycles: number, efficiency: number) {
  return Array.from({ length: cycles }, () => cycle(rule, 10, 10 * efficiency));
}

function learnt(cycles = 5, efficiency = 1): Float64Array {
  const rule = createShorts().numbers;
  cycled(rule, cycles, efficiency);
  return rule;
}

const endless = [FOUND_CHARGE | FOUND_ENDLESS];
const quiet = (cycles: number): number[][] => Array.from({ length: cycles }, () => []);

describe("a charge without end", () => {
  test("is told once, when a fifth more has gone in than the cell holds", () => {
    const rule = learnt();
    let toldAt = -1;
    for (let i = 1; i <= 300; i++) {
      if (count(rule, 0.1, DENSITY) === 0) continue;
      expect(toldAt).toBe(-1);
      toldAt = i * 0.1;
    }
    expect(toldAt).toBeGreaterThan(11.9);
    expect(toldAt).toBeLessThan(12.2);
    expect(rule[VALUE]).toBeGreaterThanOrEqual(rule[BOUND]);
    expect(rule[BOUND]).toBeCloseTo(1.2, 9);
  });

  test("is found from the second charge on", () => {
    expect(cycle(learnt(1), 20, 10)).toEqual(endless);
  });

  test("is not told of the first cycles, which form the cell", () => {
    const rule = createShorts().numbers;
    for (const charge of [20, 15, 12.5, 11, 10.5]) expect(cycle(rule, charge, 10)).toEqual([]);
  });

  test.each([
    ["charge", 1],
    ["discharge", -1],
  ])("is none where the cell began in mid-%s", (_, side) => {
    const rule = createShorts().numbers;
    move(rule, 3, side * DENSITY);
    if (side > 0) move(rule, 10, -DENSITY);
    expect(cycled(rule, 8, 0.99)).toEqual(quiet(8));
    expect(rule[WHOLE]).toBeCloseTo(10, 1);
  });

  test("is told again in the next charge that has none", () => {
    const rule = learnt();
    expect(cycle(rule, 20, 10)).toEqual(endless);
    expect(cycle(rule, 20, 10)).toContain(endless[0]);
  });

  test("a long discharge is none, and the charge after it may be as long", () => {
    const rule = learnt();
    expect(cycle(rule, 10, 30)).toEqual([]);
    expect(cycle(rule, 30, 30)).toEqual([]);
  });

  test("may exceed it by what the cell usually loses", () => {
    const rule = learnt(8, 0.8);
    expect(rule[WHOLE]).toBeCloseTo(10, 2);
    expect(move(rule, 11.5, DENSITY)).toEqual([]);
    expect(move(rule, 1, DENSITY)).toEqual(endless);
  });

  test("goes on through stages at other currents, and pulses against it", () => {
    const rule = learnt();
    expect(move(rule, 8, DENSITY)).toEqual([]);
    for (let i = 0; i < 5; i++) {
      expect(move(rule, 0.5, -DENSITY)).toEqual([]);
      expect(move(rule, 0.5, DENSITY / 3)).toEqual([]);
    }
    expect(move(rule, 3.9, DENSITY / 5)).toEqual([]);
    expect(move(rule, 0.2, DENSITY / 9)).toEqual(endless);
  });

  test("pulses in the first charge do not say what the cell holds", () => {
    const rule = createShorts().numbers;
    for (let i = 0; i < 10; i++) {
      expect(move(rule, 1.02, DENSITY)).toEqual([]);
      expect(move(rule, 0.1, -2 * DENSITY)).toEqual([]);
      expect(move(rule, 0.08, 2 * DENSITY)).toEqual([]);
    }
    expect(move(rule, 10, -DENSITY)).toEqual([]);
    expect(move(rule, 10, DENSITY)).toEqual([]);
  });

  test("parts of a cycle do not say what it holds either", () => {
    const rule = learnt();
    for (let i = 0; i < 50; i++) expect(cycle(rule, 2, 2)).toEqual([]);
    move(rule, 8, DENSITY);
    move(rule, 10, -DENSITY);
    expect(cycled(rule, 3, 1)).toEqual(quiet(3));
    expect(move(rule, 12.5, DENSITY)).toEqual(endless);
  });

  test("follows a cell that wears off", () => {
    const rule = createShorts().numbers;
    for (let i = 0; i < 200; i++) expect(cycle(rule, 10 - 0.03 * i, 10 - 0.03 * i)).toEqual([]);
    expect(move(rule, 5.2, DENSITY)).toEqual(endless);
  });
});

describe("another current or temperature", () => {
  test("rates up and down: a cell that holds twice as much at the smallest", () => {
    const rule = createShorts().numbers;
    const rates: [number, number][] = [
      [0.1, 10],
      [0.2, 9.7],
      [0.5, 9.2],
      [1, 8.5],
      [2, 7.5],
      [5, 5],
      [0.1, 10],
      [1, 8.5],
    ];
    for (const [rate, held] of rates) {
      for (let i = 0; i < 8; i++) {
        const found = cycle(rule, held / 0.995, held, rate * DENSITY);
        expect([rate, i, ...found]).toEqual([rate, i]);
      }
    }
  });

  test("at a larger current the cell is known not to hold more", () => {
    expect(cycle(learnt(), 13, 10, 3 * DENSITY)).toEqual(endless);
  });

  test("at a smaller charging current it may hold more, once", () => {
    const rule = learnt();
    expect(cycle(rule, 15, 15, DENSITY / 10)).toEqual([]);
    expect(cycle(rule, 19, 15, DENSITY / 10)).toEqual(endless);
  });

  test("only the discharge at another current: both ways are remembered", () => {
    const rule = createShorts().numbers;
    for (let i = 0; i < 6; i++) {
      move(rule, 10, DENSITY);
      expect(move(rule, 10, -4 * DENSITY)).toEqual([]);
    }
    expect(rule[CYCLES]).toBeGreaterThan(2);
    expect(move(rule, 12.5, DENSITY)).toEqual(endless);
  });

  test("a warmer cell may hold more", () => {
    const rule = createShorts().numbers;
    rule[TEMPERATURE] = 20;
    cycled(rule, 5, 1);
    expect(move(rule, 5, DENSITY)).toEqual([]);
    rule[TEMPERATURE] = 40;
    expect(move(rule, 9, DENSITY)).toEqual([]);
    expect(move(rule, 14, -DENSITY)).toEqual([]);
    expect(cycle(rule, 14, 14)).toEqual([]);
    expect(cycle(rule, 17.5, 14)).toEqual(endless);
  });

  test("a colder one does not", () => {
    const rule = createShorts().numbers;
    rule[TEMPERATURE] = 40;
    cycled(rule, 5, 1);
    rule[TEMPERATURE] = 20;
    expect(move(rule, 12.5, DENSITY)).toEqual(endless);
  });
});

describe("the coulombic efficiency", () => {
  /** What is found of efficiencies: known when the next charge has begun. */
  function found(rule: Float64Array, efficiencies: number[]): boolean[] {
    const answers = efficiencies.map((each) => cycle(rule, 10, 10 * each));
    return [...answers.slice(1), move(rule, 5, DENSITY)].map((each) => {
      return each.includes(FOUND_CHARGE);
    });
  }

  test("that falls by 3 % in two cycles in a row is a short, told once", () => {
    const rule = learnt(10, 0.99);
    const after = found(rule, [0.96, 0.96, 0.96, 0.96, 0.96]);
    expect(after).toEqual([false, true, false, false, false]);
    expect(rule[VALUE]).toBeCloseTo(0.96, 9);
    expect(rule[BOUND]).toBeCloseTo(0.975, 9);
  });

  test("that falls in one cycle only, or by 1 %, is none", () => {
    const rule = learnt(10, 0.99);
    const after = found(rule, [0.9, 0.99, 0.9, 0.99, 0.98, 0.98, 0.98]);
    expect(after).toEqual(Array(7).fill(false));
  });

  test("may wear off slowly", () => {
    const rule = createShorts().numbers;
    for (let i = 0; i < 200; i++) expect(cycle(rule, 10, 10 - 0.005 * i)).toEqual([]);
  });

  test("is learnt from a cell's first cycles, whatever they are", () => {
    expect(cycled(createShorts().numbers, 10, 0.9)).toEqual(quiet(10));
    const forming = createShorts().numbers;
    for (const efficiency of [0.7, 0.9, 0.97]) cycle(forming, 10, 10 * efficiency);
    expect(cycled(forming, 10, 0.99)).toEqual(quiet(10));
  });

  test("says nothing of a discharge that no charge came before, nor of a first charge", () => {
    const rule = createShorts().numbers;
    move(rule, 5, -DENSITY);
    move(rule, 10, DENSITY);
    expect(rule[CYCLES]).toBe(0);
    cycled(rule, 1, 1);
    expect(rule[CYCLES]).toBe(0);
  });

  test("is learnt anew for another current, in either direction", () => {
    const rule = learnt(10, 0.99);
    expect(Array.from({ length: 6 }, () => cycle(rule, 10, 9, 2 * DENSITY))).toEqual(quiet(6));
    const asymmetric = learnt(10, 0.99);
    for (let i = 0; i < 6; i++) {
      expect(move(asymmetric, 10, DENSITY)).toEqual([]);
      expect(move(asymmetric, 9, -2 * DENSITY)).toEqual([]);
    }
  });

  test("a cell that is known no more is learnt anew", () => {
    const rule = learnt(10, 0.99);
    forget(rule);
    expect(cycled(rule, 8, 0.9)).toEqual(quiet(8));
  });
});
