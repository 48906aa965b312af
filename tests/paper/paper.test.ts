// The short form of `npm run paper`: the parts that take seconds, and the arithmetic of the table.
import { describe, expect, test } from "vitest";
import { believed, paperCell } from "../../paper/cells.ts";
import { drawSvg, rasterise } from "../../paper/chart.ts";
import type { Panel } from "../../paper/chart.ts";
import { bareCycling, oneToOne } from "../../paper/cycling.ts";
import { hybridEndurance } from "../../paper/endurance.ts";
import { hybridFullCell } from "../../paper/full-cell.ts";
import { PARTS } from "../../paper/parts.ts";
import type { Result } from "../../paper/result.ts";
import { agrees, covers, errorOf } from "../../paper/row.ts";
import type { Row, Rule } from "../../paper/row.ts";
import { CLIMBS, criticalCurrent } from "../../paper/shorting.ts";
import { spectra } from "../../paper/spectra.ts";
import { oneWayStripping } from "../../paper/stripping.ts";
import { misses, table } from "../../paper/table.ts";
import { carried, median, medianUncertainty } from "../../paper/uncertainty.ts";

/** Rows that the model is known not to reach; everything else has to agree. */
const KNOWN_MISSES = ["apparent exchange current, bare"];

function expectAgreement(result: Result): void {
  expect(result.rows.length).toBeGreaterThan(0);
  for (const row of result.rows) {
    expect(Number.isFinite(row.truth), row.quantity).toBe(true);
    expect(covers(row), `${row.quantity}: truth within 2 sigma`).not.toBe(false);
    const expected = !KNOWN_MISSES.includes(row.quantity);
    expect(agrees(row) !== false, `${row.quantity}: within tolerance`).toBe(expected);
  }
}

describe("through the firmware", () => {
  test("bare sodium, ten cycles", () => {
    const result = bareCycling();
    expectAgreement(result);
    expect(result.rows.every((row) => row.measured !== null)).toBe(true);
    expect(result.curves[0].points.length).toBeGreaterThan(500);
  });

  test("one-way stripping of both anodes", () => {
    expectAgreement(oneWayStripping());
  });

  test("NZSP:Na 1:1, twice the same", () => {
    const result = oneToOne();
    expectAgreement(result);
    expect(oneToOne()).toEqual(result);
  });

  test("the staircase of bare sodium, three seeds", () => {
    expectAgreement(criticalCurrent(CLIMBS[0], [1, 2, 3]));
  });

  test("h-Na at 0.5 mA/cm², 6 h: no alarm, no fault", () => {
    expectAgreement(hybridEndurance(12));
  });

  test("a full cell with h-Na, 10 cycles", () => {
    const result = hybridFullCell(10);
    expectAgreement(result);
    expect(result.curves[0].points).toHaveLength(10);
  });
});

test("on the model: spectra and the Tafel plot", () => {
  expectAgreement(spectra());
});

describe("the cell file of the instrument", () => {
  const cell = paperCell("hNa");

  test("is wrong, differently for each seed, by about what it states", () => {
    const shares = Array.from({ length: 400 }, (_, seed) => {
      return believed(cell, seed).areaCm2 / cell.areaCm2 - 1;
    });
    const sd = Math.sqrt(shares.reduce((sum, x) => sum + x * x, 0) / shares.length);
    expect(sd / cell.uncertainty.area).toBeGreaterThan(0.85);
    expect(sd / cell.uncertainty.area).toBeLessThan(1.15);
    expect(believed(cell, 3)).toEqual(believed(cell, 3));
  });

  test("leaves alone what is stated exactly", () => {
    const sure = { ...cell, uncertainty: { area: 0, thickness: 0, conductivity: 0 } };
    expect(believed(sure, 3)).toEqual(sure);
  });
});

describe("a row", () => {
  const row = (paper: number | string, truth: number, rule: Rule): Row => ({
    ...{ experiment: 1, quantity: "q", unit: "V", digits: 2, paper, truth, rule },
    measured: { value: 1, uncertainty: 0.1 },
  });

  test.each<[number | string, number, Rule, boolean | null]>([
    [100, 104.9, { kind: "share", share: 0.05 }, true],
    [100, 94.9, { kind: "share", share: 0.05 }, false],
    [0.5, 0.6, { kind: "step", step: 0.1 }, true],
    [0.5, 0.7, { kind: "step", step: 0.1 }, false],
    ["< 25", 24.9, { kind: "between", low: 0, high: 25 }, true],
    ["< 25", 25.1, { kind: "between", low: 0, high: 25 }, false],
    ["-", 1, { kind: "none" }, null],
  ])("of paper %s and truth %d by %j: %s", (paper, truth, rule, expected) => {
    expect(agrees(row(paper, truth, rule))).toBe(expected);
  });

  test("covers the truth within twice its uncertainty, not beyond, and never by NaN", () => {
    const near = { kind: "none" } as const;
    expect(covers(row(1, 1.19, near))).toBe(true);
    expect(covers(row(1, 1.21, near))).toBe(false);
    expect(covers({ ...row(1, 1, near), measured: { value: NaN, uncertainty: NaN } })).toBe(false);
    expect(covers({ ...row(1, 1, near), measured: null })).toBe(null);
  });

  test("says its error, and a miss once more at the end", () => {
    const wrong = row(100, 110, { kind: "share", share: 0.05 });
    expect(errorOf(wrong)).toBeCloseTo(0.1, 12);
    expect(table([wrong])[1]).toContain("+10.0 %");
    expect(misses([wrong])).toHaveLength(2);
    expect(misses([row(1, 1, { kind: "share", share: 0.05 })])).toEqual([]);
  });
});

describe("uncertainties", () => {
  test("carry over through the model by half the distance of two values", () => {
    expect(carried((scale) => scale * scale, 0.01)).toBeCloseTo(0.02, 12);
  });

  test("of a median", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(medianUncertainty([1, 1, 1])).toBe(0);
    expect(medianUncertainty([0, 2])).toBeCloseTo((1.2533 * Math.SQRT2) / Math.SQRT2, 12);
  });
});

test("a figure is the same every time, and a picture", () => {
  const panel: Panel = {
    ...{ title: "a", x: { name: "x / s" }, y: { name: "y / V" } },
    traces: [
      {
        name: "t",
        colour: "#123456",
        points: [
          [0, 1],
          [1, 2],
        ],
      },
    ],
    marks: [{ y: 1.5, label: "paper: 1.5" }],
  };
  const svg = drawSvg("figure", [panel, panel], 2);
  expect(svg).toContain("paper: 1.5");
  expect(svg).toContain("y / V");
  const png = rasterise(svg);
  expect([...png.subarray(1, 4)]).toEqual([..."PNG"].map((c) => c.charCodeAt(0)));
  expect(png.length).toBeGreaterThan(5000);
});

test("there is a part for every anode and experiment that can be run", () => {
  const names = Object.keys(PARTS);
  for (const { name } of CLIMBS) expect(names).toContain(`ccd ${name}`);
  expect(names.length).toBe(CLIMBS.length + 9);
});
