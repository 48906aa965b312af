// The full cell against Cao et al., Adv. Energy Mater. 12 (2022) 2102579.
import { describe, expect, it } from "vitest";
import { advanceCell, createCell, setTemperature } from "../../sim/cell.ts";
import type { Cell } from "../../sim/cell-state.ts";
import type { Anode } from "../../sim/composition.ts";
import { openCircuitMv, openCircuitSlopeMv } from "../../sim/fullcell.ts";
import { createStreams } from "../../sim/random.ts";
import type { Streams } from "../../sim/random.ts";
import { pellet } from "./bench-world.ts";

/** 5 C of 117 mAh/g on 1 mg/cm2. */
const FIVE_C_MA_CM2 = 0.585;
const CHARGED_V = 3.8;
const DISCHARGED_V = 2.5;
const TIMEOUT_S = 3600;
const SECONDS_A_HALF = 570;
const COMPLIANCE_V = 5.2;

interface Run {
  cell: Cell;
  random: Streams;
}

function full(anode: Anode, noise = 0, seed = 1): Run {
  const input = pellet(anode, noise, true);
  input.sim.fullCell = true;
  return { cell: createCell(input), random: createStreams(seed) };
}

function hold(run: Run, maCm2: number, seconds: number): number {
  const amperes = (maCm2 * run.cell.areaCm2) / 1000;
  advanceCell(run.cell, run.random, run.cell.timeS + seconds, amperes, COMPLIANCE_V);
  return run.cell.voltageV;
}

function stateOf(run: Run): number {
  return run.cell.cathode.stateOfCharge;
}

/** A half cycle at 5 C looked at every `lookS`, near its end every `lookS` / 5; hours. */
function half(run: Run, sign: number, lookS = 1): number {
  const from = run.cell.timeS;
  const plateauS = (sign > 0 ? 0.9 - stateOf(run) : stateOf(run) - 0.1) * SECONDS_A_HALF;
  // Without a filament nothing can end the plateau early.
  if (plateauS > 0 && run.cell.b.filament < 0.5)
    hold(run, sign * FIVE_C_MA_CM2, Math.floor(plateauS));
  while (run.cell.timeS - from < TIMEOUT_S) {
    const state = stateOf(run);
    const near = sign > 0 ? state > 0.94 : state < 0.08;
    const volts = hold(run, sign * FIVE_C_MA_CM2, near ? lookS / 5 : lookS);
    if (sign > 0 ? volts >= CHARGED_V : volts <= DISCHARGED_V) break;
  }
  return (run.cell.timeS - from) / 3600;
}

/** mAh/cm2 in and out of one cycle. */
function cycle(run: Run, lookS = 1): [number, number] {
  return [half(run, 1, lookS) * FIVE_C_MA_CM2, half(run, -1, lookS) * FIVE_C_MA_CM2];
}

/** Cycles until one takes its time-out to charge: [first with an efficiency below 98 %, last]. */
function lifeOf(run: Run): { swings: number; fails: number; low: number } {
  const life = { swings: 0, fails: 0, low: 0 };
  for (let n = 1; life.fails === 0 && n < 1000; n++) {
    const [chargeIn, chargeOut] = cycle(run);
    if (chargeOut / chargeIn < 0.98) life.low++;
    if (chargeOut / chargeIn < 0.98 && life.swings === 0) life.swings = n;
    if (chargeIn >= (FIVE_C_MA_CM2 * TIMEOUT_S) / 3600) life.fails = n;
  }
  return life;
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

describe("the cathode", () => {
  it("has one plateau near 3.4 V with steep ends, and a slope to match", () => {
    expect(openCircuitMv(0.5)).toBeCloseTo(3400, 6);
    expect(openCircuitMv(0.9) - openCircuitMv(0.1)).toBeLessThan(20);
    expect(openCircuitMv(1)).toBeGreaterThan(3800);
    expect(openCircuitMv(0)).toBeLessThan(2500);
    for (const state of [-0.2, -0.01, 0, 0.02, 0.5, 0.99, 1, 1.01, 1.2]) {
      const numeric = (openCircuitMv(state + 1e-6) - openCircuitMv(state - 1e-6)) / 2e-6;
      expect(openCircuitSlopeMv(state) / numeric).toBeCloseTo(1, 4);
    }
  });

  it("counts charge exactly at any time, whatever the steps", () => {
    const ends = [1e-3, 0.1, 0.75, 1, 10, 60].map((dtS) => {
      const run = full("hNa");
      for (let n = Math.round(60 / dtS); n > 0; n--) hold(run, FIVE_C_MA_CM2, dtS);
      return run.cell.cathode.stateOfCharge;
    });
    for (const end of ends) expect(end).toBeCloseTo(ends[0], 4);
  });
});

describe("steps from 1 ms to 60 s", () => {
  it("lead to the same voltage within a millivolt", () => {
    const after = (dtS: number, longStepS: number): number => {
      const run = full("hNa");
      run.cell.longStepS = longStepS;
      for (let n = Math.round(300 / dtS); n > 0; n--) hold(run, FIVE_C_MA_CM2, dtS);
      return run.cell.voltageV;
    };
    const fine = after(1e-3, 1);
    for (const dtS of [0.05, 1, 20]) expect(Math.abs(after(dtS, 1) - fine)).toBeLessThan(1e-3);
    expect(Math.abs(after(60, 60) - fine)).toBeLessThan(1e-3);
  });

  it("stay finite when a step overshoots either end by far", () => {
    for (const sign of [1, -1]) {
      const run = full("bareNa");
      run.cell.longStepS = 60;
      for (let n = 0; n < 30; n++) hold(run, sign * 5, 60);
      expect(run.cell.voltageV).toBeCloseTo(sign * COMPLIANCE_V, 6);
      expect(run.cell.limited).toBe(sign);
      const state = run.cell.cathode.stateOfCharge;
      expect(sign > 0 ? state - 1 : -state).toBeGreaterThan(0);
      expect(Math.abs(state)).toBeLessThan(1.2);
      // And back: within the plateau again.
      hold(run, -sign * 0.585, 340);
      expect(run.cell.voltageV).toBeGreaterThan(3.2);
      expect(run.cell.voltageV).toBeLessThan(3.6);
    }
  });
});

describe("currents", () => {
  it("drop ohmic and cathode resistance at once; an open circuit keeps its voltage", () => {
    const run = full("hNa");
    for (let n = 0; n < 340; n++) hold(run, FIVE_C_MA_CM2, 1);
    const loaded = hold(run, FIVE_C_MA_CM2, 1e-6);
    hold(run, 0, 1e-6);
    const drop = (loaded - run.cell.voltageV) * 1000;
    expect(drop / FIVE_C_MA_CM2).toBeGreaterThan(39.5 + 25 - 1);
    expect(drop / FIVE_C_MA_CM2).toBeLessThan(39.5 + 25 + 6);
    const rested = hold(run, 0, 3600);
    expect(rested * 1000).toBeCloseTo(openCircuitMv(run.cell.cathode.stateOfCharge), 2);
    expect(hold(run, 0, 24 * 3600)).toBeCloseTo(rested, 4);
  });

  it("through a bridge discharge the cell at open circuit", () => {
    const run = full("hNa");
    run.cell.shorts = false;
    for (let n = 0; n < 340; n++) hold(run, FIVE_C_MA_CM2, 1);
    const before = run.cell.cathode.stateOfCharge;
    run.cell.short.conductanceMsCm2 = 0.02;
    hold(run, 0, 1800);
    const leaked = (before - run.cell.cathode.stateOfCharge) * run.cell.cathode.capacityMahCm2;
    expect(leaked).toBeGreaterThan(0.5 * 0.02 * 3.38);
    expect(leaked).toBeLessThan(0.5 * 0.02 * 3.42);
    expect(run.cell.currentA).toBeCloseTo(0, 12);
  });

  it("a bridge of 0.17 mS/cm2 carries all of 5 C: charging never ends", () => {
    const run = full("hNa");
    run.cell.shorts = false;
    for (let n = 0; n < 300; n++) hold(run, FIVE_C_MA_CM2, 1);
    run.cell.short.conductanceMsCm2 = 0.18;
    expect(half(run, 1)).toBeGreaterThan(0.999);
    expect(run.cell.voltageV).toBeLessThan(CHARGED_V);
  });
});

describe("the force", () => {
  it("breathes with the anode by a few newtons, below what a load cell shows", () => {
    const run = full("hNa");
    half(run, 1);
    const charged = run.cell.heightUm;
    half(run, -1);
    expect(charged).toBeGreaterThan(0.6);
    expect(charged).toBeLessThan(0.8);
    expect(Math.abs(run.cell.heightUm)).toBeLessThan(0.1);
  });
});

describe("temperature", () => {
  it("slows the cathode too: more polarisation in the cold", () => {
    const drop = (celsius: number): number => {
      const run = full("hNa");
      setTemperature(run.cell, celsius);
      for (let n = 0; n < 340; n++) hold(run, FIVE_C_MA_CM2, 1);
      return hold(run, FIVE_C_MA_CM2, 1) * 1000 - openCircuitMv(run.cell.cathode.stateOfCharge);
    };
    expect(drop(15) / drop(25)).toBeGreaterThan(1.3);
  });
});

describe("h-Na at 5 C", () => {
  it("holds 110.7 mAh/g at first and 93.9 after 7300 cycles, at 99.8 % efficiency", () => {
    const run = full("hNa", 0.05);
    run.cell.longStepS = 60;
    let efficiencies = 0;
    let first = 0;
    let last = 0;
    const cycles = 7300;
    for (let n = 1; n <= cycles; n++) {
      const [chargeIn, chargeOut] = cycle(run);
      efficiencies += chargeOut / chargeIn;
      if (n === 1) first = chargeOut * 1000;
      last = chargeOut * 1000;
    }
    expect(first / 110.7).toBeCloseTo(1, 2);
    expect(Math.abs(last / 93.9 - 1)).toBeLessThan(0.02);
    expect(last / first).toBeCloseTo(93.9 / 110.7, 2);
    expect(efficiencies / cycles).toBeGreaterThan(0.9975);
    expect(efficiencies / cycles).toBeLessThan(0.9985);
    expect(run.cell.short.bridges).toBe(0);
  });

  it("shows the same efficiency whether looked at every second or every 20 ms", () => {
    const efficiency = (lookS: number): number => {
      const run = full("hNa");
      let sum = 0;
      for (let n = 0; n < 20; n++) {
        const [chargeIn, chargeOut] = cycle(run, lookS);
        if (n > 0) sum += chargeOut / chargeIn;
      }
      return sum / 19;
    };
    expect(Math.abs(efficiency(1) - efficiency(0.02))).toBeLessThan(2e-4);
    expect(efficiency(0.02)).toBeCloseTo(0.998, 4);
  });
});

describe("bare sodium at 5 C, ten seeds", () => {
  const lives = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((seed) => lifeOf(full("bareNa", 0.1, seed)));

  it("swings in efficiency after about 500 cycles", () => {
    for (const { swings } of lives) {
      expect(swings).toBeGreaterThan(475);
      expect(swings).toBeLessThan(525);
    }
  });

  it("goes on with many dips, and fails near cycle 662: charging never ends", () => {
    const fails = median(lives.map((life) => life.fails));
    expect(Math.abs(fails / 662 - 1)).toBeLessThan(0.05);
    expect(median(lives.map((life) => life.low))).toBeGreaterThan(10);
    for (const life of lives) expect(life.fails).toBeGreaterThan(life.swings);
  });
});
