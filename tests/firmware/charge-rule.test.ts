// Full cells: charging without end, and charge that does not come back.
import { describe, expect, test } from "vitest";
import { BOUND, CYCLES, VALUE, count, forget, turn } from "../../firmware/charge-rule.ts";
import { createShorts } from "../../firmware/shorts-state.ts";

/** One cycle, C in and C out, in portions: what the rule answers. */
function cycle(rule: Float64Array, charge: number, discharge: number) {
  let endless = 0;
  for (let i = 0; i < 100; i++) if (count(rule, charge / 100, true)) endless++;
  const afterCharge = turn(rule, true);
  for (let i = 0; i < 100; i++) if (count(rule, discharge / 100, false)) endless++;
  const fallen = turn(rule, false);
  expect(afterCharge).toBe(false);
  return { endless, fallen };
}

/** Cycles of one efficiency. */
function cycled(rule: Float64Array, cycles: number, efficiency: number) {
  return Array.from({ length: cycles }, () => cycle(rule, 10, 10 * efficiency));
}

const quiet = { endless: 0, fallen: false };

describe("a charge without end", () => {
  test("is told once, when a fifth more has gone in than came out before", () => {
    const rule = createShorts().numbers;
    cycled(rule, 4, 1);
    let toldAt = -1;
    for (let i = 1; i <= 300; i++) {
      if (!count(rule, 0.1, true)) continue;
      expect(toldAt).toBe(-1);
      toldAt = i * 0.1;
    }
    expect(toldAt).toBeGreaterThan(11.9);
    expect(toldAt).toBeLessThan(12.2);
    expect(rule[VALUE]).toBeGreaterThanOrEqual(rule[BOUND]);
  });

  test("is not told of the first cycles, which form the cell", () => {
    const rule = createShorts().numbers;
    expect(cycle(rule, 20, 10)).toEqual(quiet);
    expect(cycle(rule, 15, 10)).toEqual(quiet);
    expect(cycle(rule, 12.5, 10)).toEqual(quiet);
  });

  test("is told again in the next charge that has none", () => {
    const rule = createShorts().numbers;
    cycled(rule, 4, 1);
    expect(cycle(rule, 20, 10).endless).toBe(1);
    expect(cycle(rule, 20, 10).endless).toBe(1);
  });

  test("a long discharge is none", () => {
    const rule = createShorts().numbers;
    cycled(rule, 4, 1);
    expect(cycle(rule, 10, 30).endless).toBe(0);
  });
});

describe("the coulombic efficiency", () => {
  test("that falls by 3 % in two cycles in a row is a short, told once", () => {
    const rule = createShorts().numbers;
    cycled(rule, 10, 0.99);
    const after = cycled(rule, 5, 0.96).map(({ fallen }) => fallen);
    expect(after).toEqual([false, true, false, false, false]);
    expect(rule[VALUE]).toBeCloseTo(0.96, 9);
    expect(rule[BOUND]).toBeCloseTo(0.975, 9);
  });

  test("that falls in one cycle only, or by 1 %, is none", () => {
    const rule = createShorts().numbers;
    cycled(rule, 10, 0.99);
    const answers = [0.9, 0.99, 0.9, 0.99, 0.98, 0.98, 0.98].map((efficiency) =>
      cycle(rule, 10, 10 * efficiency),
    );
    expect(answers).toEqual(Array(7).fill(quiet));
  });

  test("may wear off slowly", () => {
    const rule = createShorts().numbers;
    for (let i = 0; i < 200; i++) expect(cycle(rule, 10, 10 - 0.005 * i)).toEqual(quiet);
  });

  test("is learnt from a cell's first cycles, whatever they are", () => {
    expect(cycled(createShorts().numbers, 10, 0.9)).toEqual(Array(10).fill(quiet));
    const forming = createShorts().numbers;
    for (const efficiency of [0.7, 0.9, 0.97]) cycle(forming, 10, 10 * efficiency);
    expect(cycled(forming, 10, 0.99)).toEqual(Array(10).fill(quiet));
  });

  test("says nothing of a discharge that no charge came before", () => {
    const rule = createShorts().numbers;
    count(rule, 5, false);
    expect(turn(rule, false)).toBe(false);
    expect(rule[CYCLES]).toBe(0);
  });

  test("is learnt anew for another current", () => {
    const rule = createShorts().numbers;
    cycled(rule, 10, 0.99);
    forget(rule);
    expect(cycled(rule, 5, 0.9)).toEqual(Array(5).fill(quiet));
  });
});
