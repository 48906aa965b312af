import { describe, expect, it } from "vitest";
import { setTemperature } from "../../sim/cell.ts";
import { settle } from "../../sim/cell-electric.ts";
import { fresh, hold } from "./cell-protocol.ts";
import type { Run } from "./cell-protocol.ts";

const BULK_OHM_CM2 = 0.162 / 4.1e-3;

/** Steps of `dtS` over `totalS` at a fixed current density, electrical states only. */
function relax(run: Run, maCm2: number, dtS: number, totalS: number): number {
  for (let n = Math.round(totalS / dtS); n > 0; n--) settle(run.cell, dtS, maCm2, 5200);
  return run.cell.voltageV * 1000;
}

describe("terminal voltage", () => {
  it("is ohmic at once, then gains both interfaces", () => {
    const run = fresh("hNa");
    settle(run.cell, 0, 0.5, 5200);
    expect(run.cell.voltageV * 1000).toBeCloseTo(0.5 * BULK_OHM_CM2, 9);
    const full = relax(run, 0.5, 1e-3, 0.01);
    expect(full).toBeCloseTo(0.5 * (BULK_OHM_CM2 + 2 * 3.5), 1);
  });

  it("changes sign with the current", () => {
    const plus = fresh("bareNa");
    const minus = fresh("bareNa");
    expect(relax(minus, -0.3, 1, 60)).toBeCloseTo(-relax(plus, 0.3, 1, 60), 12);
  });

  it("does not depend on the length of steps, 1 ms to 60 s", () => {
    const ends = [1e-3, 1e-2, 1, 6, 60].map((dtS) => relax(fresh("bareNa"), 0.1, dtS, 60));
    for (const end of ends) expect(end).toBeCloseTo(ends[0], 9);
  });

  it("follows the double layer: R C of about 0.1 ms on fresh bare sodium", () => {
    const run = fresh("bareNa");
    const tauS = run.cell.a.interfaceOhmCm2 * run.cell.composition.doubleLayerFCm2;
    expect(tauS).toBeCloseTo(96e-6, 6);
    const ohmic = 0.01 * BULK_OHM_CM2;
    const end = relax(fresh("bareNa"), 0.01, 1e-3, 0.01) - ohmic;
    const after = relax(run, 0.01, tauS / 100, tauS) - ohmic;
    expect(after / end).toBeCloseTo(1 - Math.exp(-1), 2);
  });

  it("keeps a small slow tail after an interruption", () => {
    const run = fresh("hNa");
    relax(run, 0.5, 60, 3600);
    settle(run.cell, 1e-3, 0, 5200);
    const tail = run.cell.voltageV * 1000;
    expect(tail).toBeGreaterThan(0.05);
    expect(tail).toBeLessThan(0.15);
    expect(relax(run, 0, 60, 3600)).toBeCloseTo(0, 6);
  });

  it("bends by Butler-Volmer: less than proportional at high current", () => {
    const low = relax(fresh("bareNa"), 0.01, 1e-3, 0.02) / 0.01 - BULK_OHM_CM2;
    const high = relax(fresh("bareNa"), 50, 1e-3, 0.02) / 50 - BULK_OHM_CM2;
    expect(low).toBeCloseTo(24, 1);
    expect(high).toBeLessThan(0.85 * low);
  });
});

describe("compliance", () => {
  it("holds the voltage and lets the current fall, at both signs", () => {
    for (const sign of [1, -1]) {
      const run = fresh("hNa");
      relax(run, sign * 5, 1, 10);
      settle(run.cell, 1, sign * 5, 100);
      expect(run.cell.voltageV).toBeCloseTo(sign * 0.1, 12);
      expect(run.cell.limited).toBe(sign);
      expect(Math.abs(run.cell.currentA * 1000)).toBeLessThan(3);
      settle(run.cell, 1, sign * 0.5, 100);
      expect(run.cell.limited).toBe(0);
    }
  });
});

describe("a bridge in parallel", () => {
  it("lowers the voltage of h-Na at 0.5 mA/cm2 as conductances in parallel do", () => {
    const intact = fresh("hNa");
    const healthy = hold(intact, 0.5, 1800);
    const expected: [number, number][] = [
      [0.2, 24.41],
      [2, 22.44],
      [20, 12.42],
      [250, 1.85],
    ];
    for (const [conductance, share] of expected) {
      const run = fresh("hNa");
      hold(run, 0.5, 1800);
      run.cell.short.conductanceMsCm2 = conductance;
      const bridged = relax(run, 0.5, 60, 3600);
      expect(Math.abs(bridged / healthy / (share / 24.65) - 1)).toBeLessThan(0.05);
    }
  });

  it("carries the terminal current beside the ionic current", () => {
    const run = fresh("bareNa");
    run.cell.short.conductanceMsCm2 = 20;
    relax(run, 0.4, 1, 10);
    const leak = 0.02 * run.cell.voltageV * 1000;
    expect(run.cell.ionicMaCm2 + leak).toBeCloseTo(0.4, 9);
    expect(run.cell.currentA).toBeCloseTo((0.4 * run.cell.areaCm2) / 1000, 12);
  });

  it("discharges the interfaces through itself at open circuit", () => {
    const run = fresh("hNa");
    hold(run, 0.5, 60);
    run.cell.short.conductanceMsCm2 = 100;
    settle(run.cell, 1e-6, 0, 5200);
    expect(run.cell.ionicMaCm2).toBeLessThan(0);
    expect(run.cell.currentA).toBeCloseTo(0, 12);
  });
});

describe("temperature", () => {
  it("lowers all resistances: +5 K takes about 18 %, -5 K adds about 23 %", () => {
    const at = (celsius: number): number => {
      const run = fresh("hNa");
      setTemperature(run.cell, celsius);
      return relax(run, 0.5, 60, 3600);
    };
    expect(at(30) / at(25)).toBeCloseTo(1 - 0.18, 1);
    expect(at(20) / at(25)).toBeCloseTo(1 + 0.23, 1);
    const run = fresh("hNa");
    setTemperature(run.cell, 35);
    settle(run.cell, 0, 1, 5200);
    // Bulk alone: 39.5 ohm cm2 at 25 degC is 27.5 at 35 degC with 0.29 eV.
    expect(run.cell.voltageV * 1000).toBeCloseTo(27.5, 0);
  });
});
