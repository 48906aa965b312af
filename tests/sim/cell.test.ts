// The model against Cao et al., Adv. Energy Mater. 12 (2022) 2102579: one set of laws, no noise.
// Tolerances: 5 % on resistances, voltages and times, one step of 0.1 mA/cm2 on currents.
import { describe, expect, it } from "vitest";
import { setTemperature } from "../../sim/cell.ts";
import type { Anode } from "../../sim/composition.ts";
import { climb, cycle, fresh, hold, meanInterface, minutesUntil } from "./cell-protocol.ts";

function within(value: number, expected: number, fraction = 0.05): void {
  expect(value).toBeGreaterThan(expected * (1 - fraction));
  expect(value).toBeLessThan(expected * (1 + fraction));
}

describe("interface resistance", () => {
  it("starts at 12.0 (bare), 3.5 (h-Na) and 2.4 ohm cm2 (1:1)", () => {
    within(meanInterface(fresh("bareNa")), 12.0);
    within(meanInterface(fresh("hNa")), 3.5);
    within(meanInterface(fresh({ nzspToNaMassRatio: 1 })), 2.4);
  });

  it("of bare sodium grows to 345.3 ohm cm2 in ten cycles of 0.1 mA/cm2, 0.1 mAh/cm2", () => {
    const run = fresh("bareNa");
    for (let n = 0; n < 10; n++) cycle(run, 0.1, 1);
    within(meanInterface(run), 345.3);
  });

  it("of h-Na is 4.7 ohm cm2 after 100 such cycles", () => {
    const run = fresh("hNa");
    run.cell.longStepS = 60;
    for (let n = 0; n < 100; n++) cycle(run, 0.1, 1);
    within(meanInterface(run), 4.7);
  });
});

describe("symmetric cycling of bare sodium at 0.1 mA/cm2", () => {
  it("starts at 8 mV and peaks at 10, 31, 75, 95, 98 mV (the paper's fourth: 100)", () => {
    const run = fresh("bareNa");
    within(hold(run, 0.1, 3600), 8);
    const other = fresh("bareNa");
    const peaks = [1, 2, 3, 4, 5].map(() => cycle(other, 0.1, 1));
    [10, 31, 75, 95, 98].forEach((expected, n) => within(peaks[n], expected));
    within(peaks[3], 100);
  });

  it("has a filament across the pellet at 82 h", () => {
    const run = fresh("bareNa");
    while (run.cell.short.spannedAtS < 0 && run.cell.timeS < 120 * 3600) cycle(run, 0.1, 1);
    within(run.cell.short.spannedAtS / 3600, 82);
    within(run.cell.short.spannedAtCurrentMaCm2, 0.1, 1e-6);
  });
});

describe("stripping one way at 0.2 mA/cm2", () => {
  it("takes bare sodium to 0.2 V in 200 min", () => {
    within(minutesUntil(fresh("bareNa"), 0.2, 200), 200);
  });

  it("leaves h-Na below 20 mV to 300 min, turns up at 350, and reaches 0.2 V at 370 min", () => {
    const run = fresh("hNa");
    expect(hold(run, 0.2, 300 * 60)).toBeLessThan(20);
    const knee = minutesUntil(run, 0.2, 20);
    within(knee, 350);
    const end = minutesUntil(run, 0.2, 200);
    within(end, 370);
    expect(end).toBeGreaterThan(knee);
  });
});

describe("critical current density, deterministic", () => {
  const levels: [string, Anode, number][] = [
    ["bare sodium", "bareNa", 0.5],
    ["h-Na", "hNa", 3.1],
    ["SnO2-Na", "SnO2Na", 1.3],
  ];
  for (const [name, anode, expected] of levels) {
    it(`of ${name} is ${expected} mA/cm2 within one step`, () => {
      expect(Math.abs(climb(fresh(anode)).spanned - expected)).toBeLessThan(0.1001);
    });
  }

  it("puts every hybrid above bare sodium, and both neighbours of 1:5 below it", () => {
    const of = (ratio: number): number => climb(fresh({ nzspToNaMassRatio: ratio })).spanned;
    const h = climb(fresh("hNa")).spanned;
    for (const ratio of [0.05, 0.1, 0.5, 1]) {
      expect(of(ratio)).toBeGreaterThan(0.6);
      expect(of(ratio)).toBeLessThan(h);
    }
  });
});

describe("h-Na over 6000 h", () => {
  it("stays at 5 mV at 0.1 mA/cm2 (60 s grid)", () => {
    const run = fresh("hNa");
    run.cell.longStepS = 60;
    for (let n = 0; n < 3000; n++) {
      for (const sign of [1, -1]) hold(run, sign * 0.1, 3600);
    }
    within(Math.abs(run.cell.voltageV) * 1000, 5);
    expect(run.cell.a.filament).toBe(0);
  });

  it("stays below 25 mV at 0.5 mA/cm2 even with the most contact noise (60 s grid)", () => {
    const run = fresh("hNa", 0.2, true);
    run.cell.longStepS = 60;
    let peak = 0;
    for (let n = 0; n < 12000; n++) {
      for (const sign of [1, -1]) peak = Math.max(peak, Math.abs(hold(run, sign * 0.5, 900)));
    }
    expect(peak).toBeLessThan(25);
    expect(peak).toBeGreaterThan(23);
    expect(run.cell.short.bridges).toBe(0);
  });
});

describe("geometry", () => {
  it("lets the filament cross half the thickness in half the charge", () => {
    const thick = fresh("bareNa");
    const thin = fresh("bareNa");
    thin.cell.thicknessCm /= 2;
    for (const run of [thick, thin]) for (let n = 0; n < 20; n++) cycle(run, 0.1, 1);
    expect(thick.cell.a.filament).toBeGreaterThan(0.1);
    expect(thin.cell.a.filament / thick.cell.a.filament).toBeCloseTo(2, 6);
  });
});

describe("clamp force", () => {
  it("settles by 4 to 5 % in 100 h, rises with temperature, barely moves with metal", () => {
    const run = fresh("hNa");
    run.cell.longStepS = 60;
    expect(run.cell.forceN).toBeCloseTo(5880, 6);
    for (let n = 0; n < 50; n++) cycle(run, 0.1, 1);
    within(run.cell.forceN, 5616, 0.002);
    const still = fresh("hNa");
    still.cell.longStepS = 60;
    hold(still, 0, 100 * 3600);
    expect(Math.abs(run.cell.forceN - still.cell.forceN)).toBeLessThan(2);
    const beforeN = still.cell.forceN;
    setTemperature(still.cell, 35);
    expect(still.cell.forceN - beforeN).toBeCloseTo(70, 6);
  });
});

describe("the grid", () => {
  it("of 60 s agrees with that of 1 s within 2 %", () => {
    const fine = fresh("bareNa");
    const coarse = fresh("bareNa");
    coarse.cell.longStepS = 60;
    for (const run of [fine, coarse]) {
      for (let n = 0; n < 10; n++) for (const sign of [1, -1]) hold(run, sign * 0.1, 3600);
    }
    within(meanInterface(coarse), meanInterface(fine), 0.02);
    within(coarse.cell.a.filament, fine.cell.a.filament, 0.02);
  });
});
