import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CellConfig } from "../../firmware/config.ts";
import {
  CURRENT_GAIN,
  CURRENT_OFFSET,
  FORCE_GAIN,
  FORCE_OFFSET,
  PER_RANGE,
  SET_GAIN,
  TEMPERATURE_OFFSET,
  VOLTAGE_GAIN,
  VOLTAGE_OFFSET,
  ZERO_CODE,
} from "../../firmware/config.ts";
import { createLimits, narrow } from "../../firmware/limits.ts";
import { CAPABILITIES, ENVELOPE, cellOf, describedCell, limitsOf } from "./specimen.ts";

function offset(range: number): [number, number] {
  const most = 0.05 * CAPABILITIES.rangesA[range];
  return [-most, most];
}

function accepted(changes: Partial<CellConfig>): boolean {
  return narrow(createLimits(), ENVELOPE, cellOf(changes), CAPABILITIES);
}

describe("limits", () => {
  test("are the cell's, within the envelope", () => {
    const limits = limitsOf();
    expect(limits).toMatchObject({ voltageMin: -4, voltageMax: 4 });
    expect(limits).toMatchObject({ temperatureMin: 0, temperatureMax: 60 });
    expect(limits.voltageHard).toBeCloseTo(5.2 * 1.05, 12);
    expect(limits.currentHard).toBeCloseTo(0.0125 * 1.05, 12);
    expect(limits.currentMax).toBe(0.0125);
  });

  test("watch the clamp force: start from 0.90, hold above 0.75, trip above 1.2", () => {
    const limits = limitsOf(cellOf({ clampForceN: 5000 }));
    expect(limits.forceStart).toBeCloseTo(4500, 9);
    expect(limits.forceMin).toBeCloseTo(3750, 9);
    expect(limits.forceMax).toBeCloseTo(6000, 9);
    expect(limitsOf(cellOf({ clampForceN: 8000 })).forceMax).toBe(ENVELOPE.forceMaxN);
  });

  test("without a clamp watch only the envelope's force", () => {
    const limits = limitsOf(cellOf({ clampForceN: 0 }));
    expect(limits.forceStart).toBeLessThan(-100);
    expect(limits.forceMin).toBeLessThan(-100);
    expect(limits.forceMax).toBe(ENVELOPE.forceMaxN);
  });

  test("never allow a current before they are filled", () => {
    expect(new Set(Object.values(createLimits()))).toEqual(new Set([0]));
  });

  const judged = [
    ...["areaCm2", "thicknessCm", "conductivitySPerCm", "clampForceN"],
    ...["activationEnergyEv", "temperatureC"],
    ...["voltageMinV", "voltageMaxV"],
    ...["thicknessUncertainty", "conductivityUncertainty", "areaUncertainty"],
  ] as (keyof CellConfig)[];

  test.each(judged)("refuse a cell whose %s is not a number", (key) => {
    expect(accepted({})).toBe(true);
    expect(accepted({ [key]: NaN })).toBe(false);
  });

  const signed = ["voltageMinV", "voltageMaxV", "temperatureC"];
  test.each(judged.filter((key) => !signed.includes(key)))(
    "refuse a cell whose %s is negative",
    (key) => {
      expect(accepted({ [key]: -1e-9 })).toBe(false);
    },
  );

  test.each(["areaCm2", "thicknessCm", "conductivitySPerCm"])("refuse a cell of no %s", (key) => {
    expect(accepted({ [key]: 0 })).toBe(false);
  });

  test.each(judged.filter((key) => !key.startsWith("voltage")))(
    "refuse a cell whose %s has no end",
    (key) => {
      expect(accepted({ [key]: Infinity })).toBe(false);
    },
  );

  // Wrong by orders of magnitude, as a mistaken unit is; the bounds themselves are a cell's still.
  const bounds: [keyof CellConfig, number, number][] = [
    ["areaCm2", 1e-4, 1e4],
    ["thicknessCm", 1e-4, 100],
    ["conductivitySPerCm", 1e-9, 100],
    ["activationEnergyEv", 0, 5],
    ["temperatureC", -200, 1000],
    ["clampForceN", 0, 1e6],
    ["thicknessUncertainty", 0, 1],
    ["conductivityUncertainty", 0, 1],
    ["areaUncertainty", 0, 1],
  ];
  test.each(bounds)("refuse a cell whose %s is not within %d and %d", (key, low, high) => {
    const least = Math.max(Math.abs(low), 1e-9) * 1e-9;
    expect([low, high].map((each) => accepted({ [key]: each }))).toEqual([true, true]);
    expect(accepted({ [key]: low - least })).toBe(false);
    expect(accepted({ [key]: high * (1 + 1e-9) })).toBe(false);
  });

  // What a calibration corrects is small; a gain of a tenth would make every limit ten times wider.
  const corrections: [string, number, number, number][] = [
    ["voltage gain", VOLTAGE_GAIN, 0.9, 1.1],
    ["voltage offset", VOLTAGE_OFFSET, -0.1, 0.1],
    ["force gain", FORCE_GAIN, 0.9, 1.1],
    ["force offset", FORCE_OFFSET, -1000, 1000],
    ["temperature offset", TEMPERATURE_OFFSET, -5, 5],
    ...[0, 1, 2, 3].flatMap((range): [string, number, number, number][] => [
      [`current gain of range ${range}`, CURRENT_GAIN + PER_RANGE * range, 0.9, 1.1],
      [`current offset of range ${range}`, CURRENT_OFFSET + PER_RANGE * range, ...offset(range)],
      [`set gain of range ${range}`, SET_GAIN + PER_RANGE * range, 0.9, 1.1],
      [`zero code of range ${range}`, ZERO_CODE + PER_RANGE * range, 0, 65535],
    ]),
  ];
  test.each(corrections)("refuse a %s that is none", (_, place, low, high) => {
    const calibrated = (value: number): boolean => {
      const config = cellOf();
      config[place] = value;
      return narrow(createLimits(), ENVELOPE, config, CAPABILITIES);
    };
    expect([low, high].map(calibrated)).toEqual([true, true]);
    const beyond = (high - low) * 1e-6;
    expect([low - beyond, high + beyond, NaN, Infinity, -Infinity].map(calibrated)).toEqual(
      Array(5).fill(false),
    );
  });

  test("refuse an empty or reversed window", () => {
    expect(accepted({ voltageMinV: 1, voltageMaxV: 1 })).toBe(false);
    expect(accepted({ voltageMinV: 2, voltageMaxV: 1 })).toBe(false);
    expect(accepted({ voltageMinV: 6, voltageMaxV: 7 })).toBe(false);
    expect(accepted({ voltageMinV: -7, voltageMaxV: -6 })).toBe(false);
    expect(accepted({ voltageMinV: 1, voltageMaxV: 1.001 })).toBe(true);
  });

  test("are never wider than the envelope, whatever the cell says", () => {
    const any = fc.double({ noNaN: false });
    const sensible = fc.double({ min: -20000, max: 20000, noNaN: true });
    const value = fc.oneof(any, sensible);
    const keys = Object.keys(describedCell());
    const cell = fc.record(Object.fromEntries(keys.map((key) => [key, value])));
    let taken = 0;
    fc.assert(
      fc.property(fc.oneof(cell, fc.tuple(value, value, value)), (drawn) => {
        const changes = Array.isArray(drawn)
          ? { voltageMinV: drawn[0], voltageMaxV: drawn[1], clampForceN: drawn[2] }
          : drawn;
        const limits = createLimits();
        if (!narrow(limits, ENVELOPE, cellOf(changes), CAPABILITIES)) return;
        taken++;
        expect(limits.voltageMin).toBeGreaterThanOrEqual(-ENVELOPE.voltageMaxV);
        expect(limits.voltageMax).toBeLessThanOrEqual(ENVELOPE.voltageMaxV);
        expect(limits.voltageMin).toBeLessThan(limits.voltageMax);
        expect(limits.voltageHard).toBeLessThanOrEqual(ENVELOPE.voltageMaxV * 1.05);
        expect(limits.currentHard).toBeLessThanOrEqual(ENVELOPE.currentMaxA * 1.05);
        expect(limits.currentMax).toBe(ENVELOPE.currentMaxA);
        expect(limits.temperatureMin).toBeGreaterThanOrEqual(ENVELOPE.temperatureMinC);
        expect(limits.temperatureMax).toBeLessThanOrEqual(ENVELOPE.temperatureMaxC);
        expect(limits.forceMax).toBeLessThanOrEqual(ENVELOPE.forceMaxN);
      }),
      { seed: 1, numRuns: 2000 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  test("take the lower of envelope and supply as the hardware's voltage", () => {
    const limits = createLimits();
    narrow(limits, ENVELOPE, cellOf(), { ...CAPABILITIES, complianceV: 3 });
    expect(limits.voltageHard).toBeCloseTo(3 * 1.05, 12);
  });
});
