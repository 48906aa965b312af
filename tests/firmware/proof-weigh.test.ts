// What pictures of a cell prove, for cells whose truth is known: resistances of pellet and
// interface, and what became of them.
import { CONDUCTIVITY_S_PER_CM, THICKNESS_CM } from "../../firmware/config.ts";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as place from "../../firmware/proof-places.ts";
import { createProof } from "../../firmware/proof-state.ts";
import { leastOf, smallest, weighBound, weighInterrupt } from "../../firmware/proof-weigh.ts";
import { RESULT_ELECTRONIC, RESULT_INCONCLUSIVE } from "../../firmware/telemetry.ts";
import { RESULT_IONIC } from "../../firmware/telemetry.ts";
import { cellOf } from "./specimen.ts";

interface Truth {
  /** Ω cm²: what answers at once, and the slow interface; its capacity, F/cm². */
  fast: number;
  slow: number;
  capacity?: number;
  /** S/cm², in parallel. */
  path?: number;
  /** All of it by this factor; relative uncertainty of the reading. */
  factor?: number;
  unsure?: number;
}

interface Picture {
  ohmic: number;
  unsure: number;
  first: number;
  total: number;
  capacity: number;
  warmth: number;
}

/** The numbers of a proof with these pictures, and a fall of the resistance (ln). */
function numbersOf(now: Picture, fall: number, base = now): Float64Array {
  const p = createProof().numbers;
  for (const [at, picture] of [
    [place.NOW, now],
    [place.BASE, base],
  ] as const) {
    p[at + place.OHMIC] = picture.ohmic;
    p[at + place.UNSURE] = picture.unsure;
    p[at + place.FIRST] = picture.first;
    p[at + place.TOTAL] = picture.total;
    p[at + place.CAPACITY] = picture.capacity;
    p[at + place.PICTURE_WARMTH] = picture.warmth;
  }
  p[place.FALL] = fall;
  return p;
}

/** What the interrupt says of these pictures. */
function interrupted(base: Picture, now: Picture, fall: number, unsure: number): number {
  return weighInterrupt(numbersOf(now, fall, base), unsure);
}

/** What an interrupt shows of such a cell: Z = G parallel to fast + slow / (1 + s slow C). */
function pictureOf(truth: Truth): Picture {
  const { capacity = 8e-6, path = 0, factor = 1, unsure = 0.003 } = truth;
  const fast = truth.fast * factor;
  const slow = truth.slow * factor;
  const total = 1 / (path + 1 / (fast + slow));
  const ohmic = fast / (1 + path * fast);
  const tau = capacity / (1 / slow + path / (1 + path * fast));
  return { ohmic, unsure, first: ohmic, total, capacity: tau / (total - ohmic), warmth: 0 };
}

/** The result when `before` becomes `after`. */
function weigh(before: Truth, after: Partial<Truth>): number {
  const base = pictureOf(before);
  const now = pictureOf({ ...before, ...after });
  return interrupted(base, now, Math.log(base.total / now.total), 0);
}

const AGED: Truth = { fast: 52, slow: 500 };
const FRESH: Truth = { fast: 46, slow: 0.5 };

describe("the interrupt", () => {
  test.each([1.5e-3, 2e-3, 5e-3, 1e-2])("finds a path of %d S/cm² in an aged cell", (path) => {
    expect(weigh(AGED, { path })).toBe(RESULT_ELECTRONIC);
  });

  test.each([300, 200, 100, 60])("knows a healed interface of %d Ω cm² for ionic", (slow) => {
    expect(weigh(AGED, { slow })).toBe(RESULT_IONIC);
  });

  test.each<[string, Truth, Partial<Truth>]>([
    ["a path, in a fresh cell", FRESH, { path: 5e-3 }],
    ["a path that is small", AGED, { path: 1e-4 }],
    ["warmth", AGED, { factor: 0.8 }],
    ["a better contact", AGED, { fast: 46 }],
    ["a capacity that grew with the contact", AGED, { slow: 200, fast: 44, capacity: 2e-5 }],
    ["readings that are unsure", AGED, { path: 2e-3, unsure: 0.1 }],
  ])("does not decide: %s", (_, before, after) => {
    expect(weigh(before, after)).toBe(RESULT_INCONCLUSIVE);
  });

  test("needs a fall, and a picture that is resolved", () => {
    const base = pictureOf(AGED);
    const now = pictureOf({ ...AGED, path: 3e-3 });
    expect(interrupted(base, now, 0, 0)).toBe(RESULT_INCONCLUSIVE);
    expect(interrupted(base, now, -0.5, 0)).toBe(RESULT_INCONCLUSIVE);
    expect(interrupted(base, { ...now, ohmic: 0 }, 1, 0)).toBe(RESULT_INCONCLUSIVE);
    expect(interrupted({ ...base, ohmic: 0 }, now, 1, 0)).toBe(RESULT_INCONCLUSIVE);
  });

  test("corrects the healthy cell for its temperature", () => {
    const base = { ...pictureOf(AGED), warmth: 0.05 };
    const warm = pictureOf({ ...AGED, factor: Math.exp(-0.05) });
    const shorted = pictureOf({ ...AGED, factor: Math.exp(-0.05), path: 4e-3 });
    const fall = Math.log(warm.total / shorted.total);
    expect(interrupted(base, shorted, fall, 0)).toBe(RESULT_ELECTRONIC);
    expect(interrupted(base, warm, 1e-3, 0)).toBe(RESULT_INCONCLUSIVE);
    // A lagging thermometer takes its say away.
    expect(interrupted(base, shorted, fall, 0.2)).toBe(RESULT_INCONCLUSIVE);
  });

  const cells = fc.record({
    fast: fc.double({ min: 20, max: 100, noNaN: true }),
    slow: fc.double({ min: 0, max: 2000, noNaN: true }),
    unsure: fc.double({ min: 0.001, max: 0.05, noNaN: true }),
  });
  const healing = fc.record({
    heal: fc.double({ min: 0.05, max: 1, noNaN: true }),
    factor: fc.double({ min: 0.6, max: 1, noNaN: true }),
    // The contact regained may take the capacity along, as its area.
    power: fc.double({ min: 0, max: 1, noNaN: true }),
  });

  test("calls no single change of an intact cell electronic", () => {
    fc.assert(
      fc.property(cells, healing, (cell, { heal, factor, power }) => {
        const capacity = 8e-6 * Math.pow(heal, -power);
        expect(weigh(cell, { slow: cell.slow * heal, capacity })).not.toBe(RESULT_ELECTRONIC);
        expect(weigh(cell, { factor })).not.toBe(RESULT_ELECTRONIC);
        expect(weigh(cell, { fast: cell.fast * factor })).not.toBe(RESULT_ELECTRONIC);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  test("calls no path ionic", () => {
    const paths = fc.double({ min: 1e-5, max: 0.3, noNaN: true });
    fc.assert(
      fc.property(cells, paths, (cell, path) => {
        expect(weigh(cell, { path })).not.toBe(RESULT_IONIC);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });
});

describe("the bound", () => {
  const cell = cellOf();
  const pellet = cell[THICKNESS_CM] / cell[CONDUCTIVITY_S_PER_CM];
  const least = leastOf(cell, 25, 0);

  test("lies two sigma below the pellet, and lower where the temperature is unsure", () => {
    const unsure = Math.hypot(0.05, 0.1, 0.03, 0.02);
    expect(least).toBeCloseTo((1 - 2 * unsure) * pellet, 9);
    expect(leastOf(cell, 25, 0.1)).toBeCloseTo((1 - 2 * Math.hypot(unsure, 0.1)) * pellet, 9);
    expect(leastOf(cell, 35, 0)).toBeLessThan(least);
  });

  test("is left by a path only", () => {
    const bridged = pictureOf({ ...FRESH, path: 15e-3 });
    expect(weighBound(numbersOf(bridged, 0.5), least, 0.5, 0)).toBe(RESULT_ELECTRONIC);
    const intact = pictureOf(FRESH);
    expect(weighBound(numbersOf(intact, 0.5), least, 0.5, 0)).toBe(RESULT_INCONCLUSIVE);
  });

  test("judges what is surely at once, or else the first reading", () => {
    const unresolved = { ...pictureOf(FRESH), ohmic: 0, first: 33 };
    expect(smallest(numbersOf(unresolved, 0))).toBe(33);
    const picture = { ...pictureOf(AGED), ohmic: 20, unsure: 0.01, first: 150, capacity: 8e-6 };
    // Five sigma, and 0.15 ms over the capacity for the conversion's time.
    expect(smallest(numbersOf(picture, 0))).toBeCloseTo(20 * 1.05 + 1.5e-4 / 8e-6, 9);
    expect(smallest(numbersOf({ ...picture, first: 25 }, 0))).toBe(25);
  });

  test("knows a fall that is no longer there for ionic", () => {
    const intact = pictureOf(FRESH);
    expect(weighBound(numbersOf(intact, 0.02), least, 0.1, 0)).toBe(RESULT_IONIC);
    expect(weighBound(numbersOf(intact, 0.06), least, 0.1, 0)).toBe(RESULT_INCONCLUSIVE);
    expect(weighBound(numbersOf(intact, 0.02), least, 0.1, 0.03)).toBe(RESULT_INCONCLUSIVE);
    expect(weighBound(numbersOf(intact, 0), least, 0.01, 0)).toBe(RESULT_INCONCLUSIVE);
  });
});
