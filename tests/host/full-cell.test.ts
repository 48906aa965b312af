// Presets for full cells: current from the cell's own capacity.
import { describe, expect, test } from "vitest";
import { parseCell } from "../../host/cell-file.ts";
import { compile } from "../../host/compile.ts";
import { FULL_CELL_PRESETS, fullCellPreset } from "../../host/full-cell.ts";
import { STEP_CURRENT, STEP_LOOP } from "../../firmware/protocol.ts";

/** A cell of 1.5 mg at 120 mAh/g: 0.18 mAh. */
const file = {
  name: "own",
  areaCm2: 0.5,
  electrolyte: { thicknessCm: 0.1, conductivitySPerCm: 0.004, activationEnergyEv: 0.3 },
  clampForceN: 1000,
  temperatureC: 25,
  voltageWindowV: [2, 4],
  activeMassMg: 1.5,
  specificCapacityMahPerG: 120,
};

function stepsOf(name: string, changes = {}) {
  const cell = parseCell({ ...file, ...changes }, "own");
  const protocol = fullCellPreset(name, cell);
  return protocol === null ? null : compile(protocol, cell);
}

describe("full-cell presets", () => {
  test("the series goes from C/10 to 5 C and back, by the active mass", () => {
    const steps = stepsOf("full-cell") ?? [];
    const charges = steps.filter(({ kind, current }) => kind === STEP_CURRENT && current > 0);
    const rates = charges.map(({ current }) => Number((current / 0.18e-3).toFixed(6)));
    expect(rates).toEqual([0.1, 0.2, 0.5, 1, 2, 5, 0.1]);
    const loops = steps.filter(({ kind }) => kind === STEP_LOOP);
    expect(loops.map(({ count }) => count)).toEqual([3, 5, 5, 5, 5, 5, 3]);
    for (const loop of loops) {
      const at = steps.indexOf(loop);
      expect(loop.to).toBe(at - 2);
      expect(steps[at - 2]).toMatchObject({ voltageMax: 3.8 });
      expect(steps[at - 1]).toMatchObject({ voltageMin: 2.5, current: -steps[at - 2].current });
    }
  });

  test.each([
    ["full-cell-0.1C", 0.1, 20],
    ["full-cell-5C", 5, 7300],
  ])("%s forms the cell, and cycles it at its rate", (name, rate, cycles) => {
    const steps = stepsOf(name) ?? [];
    const [forming, own] = steps.filter(({ current }) => current > 0);
    expect(forming.current).toBeCloseTo(0.018e-3, 12);
    expect(own.current).toBeCloseTo(rate * 0.18e-3, 12);
    expect(own.duration).toBeCloseTo(7200 / rate, 9);
    expect(steps.filter(({ kind }) => kind === STEP_LOOP).at(-1)?.count).toBe(cycles);
  });

  test("a capacity by area does as well", () => {
    const area = { activeMassMg: undefined, specificCapacityMahPerG: undefined };
    const steps = stepsOf("full-cell-1C", { ...area, arealCapacityMahCm2: 0.2 });
    expect(steps?.[4].current).toBeCloseTo(0.1e-3, 12);
  });

  test("are refused to a cell of unknown capacity, or of another voltage", () => {
    const none = { activeMassMg: undefined, specificCapacityMahPerG: undefined };
    for (const name of FULL_CELL_PRESETS) {
      expect(() => stepsOf(name, none)).toThrow(
        `${name}: rates need the cell's capacity; accepted`,
      );
      const window = { voltageWindowV: [2.6, 4] };
      expect(() => stepsOf(name, window)).toThrow("between 2.5 and 3.8 V; accepted: a cell whose");
      expect(() => stepsOf(name, { voltageWindowV: [2, 3.8] })).toThrow("not [2, 3.8]");
    }
  });

  test("other names are none", () => {
    expect(stepsOf("full-cell-3C")).toBeNull();
    expect(
      stepsOf("cycle", { activeMassMg: undefined, specificCapacityMahPerG: undefined }),
    ).toBeNull();
  });
});
