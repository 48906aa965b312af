import { describe, expect, test } from "vitest";
import { builtinCell } from "../../host/builtin-cells.ts";
import type { Cell } from "../../host/cell-file.ts";
import type { Staircase } from "../../host/replay-staircase.ts";
import * as stairs from "../../host/replay-staircase.ts";

function cellOf(window: [number, number] = [-4, 4]): Cell {
  const cell = builtinCell("hNa");
  if (cell === null) throw new Error("no such cell");
  return { ...cell, voltageWindowV: window };
}

interface Half {
  amperes: number;
  seconds?: number;
  /** What happens in the middle of it. */
  event?: (state: Staircase) => void;
  volts?: number;
}

function climbThrough(halves: Half[]): Staircase {
  const state = stairs.createStaircase();
  let time = 0;
  for (const { amperes, seconds = 100, event, volts = 50 * amperes } of halves) {
    for (let i = 0; i < seconds; i++) {
      stairs.climb(state, time++, volts, amperes);
      if (i === Math.floor(seconds / 2)) event?.(state);
    }
  }
  return state;
}

/** Both directions a level, with rests between if wanted. */
function staircase(levels: number[], restS = 0): Half[] {
  return levels.flatMap((amperes) => [
    ...[{ amperes }, { amperes: 0, seconds: restS }],
    ...[{ amperes: -amperes }, { amperes: 0, seconds: restS }],
  ]);
}

const CENSORED = { soft: -1, hard: -1, failing: -1 };
const hard = (state: Staircase): void => stairs.fail(state, true);

describe("a recorded staircase", () => {
  test.each([0, 10])("to its end is censored, rests of %d s", (restS) => {
    const state = climbThrough(staircase([1, 1, 2, 3], restS));
    expect(stairs.climbed(state, cellOf())).toEqual({ ...CENSORED, completed: 3 });
  });

  test("one way", () => {
    const state = climbThrough([1, 2, 3].map((amperes) => ({ amperes })));
    expect(stairs.climbed(state, cellOf())).toEqual({ ...CENSORED, completed: 3 });
  });

  test("of constant charge", () => {
    const halves = [1, 2, 4].flatMap((amperes) => [
      ...[{ amperes, seconds: 400 / amperes }],
      ...[{ amperes: -amperes, seconds: 400 / amperes }],
    ]);
    expect(stairs.climbed(climbThrough(halves), cellOf())).toMatchObject({ completed: 4 });
  });

  test("that breaks off has not completed its last level", () => {
    const cut = [...staircase([1, 2, 3]).slice(0, -2)];
    expect(stairs.climbed(climbThrough(cut), cellOf())).toMatchObject({ completed: 2 });
    const half = [...cut, { amperes: -3, seconds: 50 }];
    expect(stairs.climbed(climbThrough(half), cellOf())).toMatchObject({ completed: 2 });
  });

  test("ends at a hard short; what follows is not part of it", () => {
    const halves = [...staircase([1, 2, 3]), { amperes: 4, event: hard }, ...staircase([5, 1, 2])];
    const expected = { soft: -1, hard: 4, failing: 4, completed: 3 };
    expect(stairs.climbed(climbThrough(halves), cellOf())).toEqual(expected);
  });

  test("goes on after a soft short", () => {
    const halves = [...staircase([1, 2]), { amperes: 3, event: stairs.soften }, ...staircase([4])];
    const found = stairs.climbed(climbThrough(halves), cellOf());
    expect(found).toMatchObject({ soft: 3, hard: -1, failing: -1 });
  });

  test("fails where the window is left", () => {
    const event = (state: Staircase): void => stairs.fail(state, false);
    const found = stairs.climbed(
      climbThrough([...staircase([1, 2]), { amperes: 3, event }]),
      cellOf(),
    );
    expect(found).toEqual({ soft: -1, hard: -1, failing: 3, completed: 2 });
  });

  test("is climbed through interrupts and pulses, which are no half cycles", () => {
    const disturbed = (amperes: number): Half[] => [
      { amperes, seconds: 50 },
      { amperes: 0, seconds: 3 },
      { amperes, seconds: 5 },
      { amperes: amperes / 2, seconds: 4 },
      { amperes, seconds: 50 },
    ];
    const state = climbThrough([1, 2, 3].flatMap((a) => [...disturbed(a), ...disturbed(-a)]));
    expect(stairs.climbed(state, cellOf())).toEqual({ ...CENSORED, completed: 3 });
  });

  test("fails at a level that has only just begun", () => {
    const short = { amperes: 4, seconds: 4, event: hard };
    const state = climbThrough([...staircase([1, 2, 3]), short]);
    expect(stairs.climbed(state, cellOf())).toMatchObject({ completed: 3, failing: 4, hard: 4 });
  });

  test("starts over where a formation at more current came first, and is over at a descent", () => {
    const formed = climbThrough(staircase([5, 1, 2, 3]));
    expect(stairs.climbed(formed, cellOf())).toMatchObject({ completed: 3 });
    const cycled = climbThrough(staircase([1, 2, 3, 1, 1]));
    expect(stairs.climbed(cycled, cellOf())).toMatchObject({ completed: 3 });
  });
});

describe("no staircase", () => {
  test.each([[[1, 1, 1, 1]], [[1, 2]], [[3, 2, 1]], [[1, 2, 1, 2, 1, 2]]])("is %j", (levels) => {
    expect(stairs.climbed(climbThrough(staircase(levels)), cellOf())).toBeNull();
  });

  test("is the rate test of a cell with a voltage of its own", () => {
    const rates = staircase([1, 2, 3]).map((half) => ({ ...half, volts: 3.4 }));
    expect(stairs.climbed(climbThrough(rates), cellOf())).toBeNull();
    expect(stairs.climbed(climbThrough(staircase([1, 2, 3])), cellOf([2, 4.2]))).toBeNull();
  });

  test("is nothing", () => {
    expect(stairs.climbed(climbThrough([]), cellOf())).toBeNull();
  });
});
