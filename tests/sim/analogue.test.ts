// Second-order truths of the front end: hum, leads, drift, creep, and what a closing loop gives.
import { describe, expect, it } from "vitest";
import { creep, createDrift, refreshDrift } from "../../sim/drift.ts";
import { createLeads, openSense, sensedV } from "../../sim/leads.ts";
import { createMains, meanHum } from "../../sim/mains.ts";
import { createStream } from "../../sim/random.ts";
import { createPort } from "../../sim/port.ts";
import { setTemperature } from "../../sim/cell.ts";
import { createWorld } from "../../sim/world.ts";
import { convert, drive, idealBench, pellet, settle, truth } from "./bench-world.ts";

const mains = { hz: 50, phase: 0, cellV: 1, shuntV: 1 };

describe("mains", () => {
  it("is the mean of a sine over the window, against a fine sum", () => {
    for (const [from, to] of [
      [0, 5],
      [3, 5.1],
      [1e9 + 1, 1e9 + 3.1],
      [7, 132],
    ]) {
      let sum = 0;
      const n = 20000;
      for (let i = 0; i < n; i++) {
        const ms = from + ((to - from) * (i + 0.5)) / n;
        sum += Math.sin((2 * Math.PI * 50 * (ms % 20)) / 1000);
      }
      expect(meanHum(mains, from, to)).toBeCloseTo(sum / n, 5);
    }
  });

  it("vanishes over whole periods and over two windows half a period apart", () => {
    expect(meanHum(mains, 3, 23)).toBeCloseTo(0, 12);
    expect(meanHum(mains, 3, 5.1) + meanHum(mains, 13, 15.1)).toBeCloseTo(0, 12);
    expect(Math.abs(meanHum(mains, 3, 5.1))).toBeGreaterThan(0.5);
  });

  it("is drawn near 50 Hz at any phase, 50 uV at the cell, none in a noiseless world", () => {
    const drawn = Array.from({ length: 50 }, (_, i) => createMains(createStream(i, "mains"), 1));
    expect(Math.max(...drawn.map((each) => Math.abs(each.hz - 50)))).toBeLessThanOrEqual(0.05);
    expect(Math.max(...drawn.map((each) => each.phase))).toBeGreaterThan(0.9);
    expect(drawn[0].cellV).toBe(50e-6);
    expect(createMains(createStream(1, "mains"), 0).cellV).toBe(0);
  });

  it("reaches a single conversion", () => {
    const { world, port } = idealBench();
    world.frontend.mains.cellV = 0.01;
    world.frontend.mains.shuntV = 0.02;
    const swings = [1, 2].map((mux) => {
      const codes: number[] = [];
      for (let i = 0; i < 12; i++) {
        port.runUntil(1000 * (mux * 20 + i) + 1.7 * i);
        codes.push(convert(port, mux, 5) * (0.256 / 32768));
      }
      return Math.max(...codes) - Math.min(...codes);
    });
    // Windows of 1/128 s leave sinc(50/128) of the amplitude.
    const share = Math.sin(Math.PI * (50 / 128)) / (Math.PI * (50 / 128));
    expect(swings[0] / (2 * 0.4 * 0.01 * share)).toBeGreaterThan(0.8);
    expect(swings[0] / (2 * 0.4 * 0.01 * share)).toBeLessThanOrEqual(1.01);
    expect(swings[1] / swings[0]).toBeCloseTo(5, 0);
  });
});

describe("leads", () => {
  it("show the cell's voltage on four wires, and their own drop on two", () => {
    const leads = createLeads(1);
    expect(sensedV(leads, 0.5, 0.01, 0)).toBe(0.5);
    leads.fourWire = 0;
    expect(sensedV(leads, 0.5, 0.01, 0)).toBeCloseTo(0.501, 9);
  });

  it("hold and drift when the sense pair is off, and read again when it is back", () => {
    const leads = createLeads(1);
    openSense(leads, true, 0.3, 1000);
    expect(sensedV(leads, 9, 0, 1000)).toBe(0.3);
    expect(sensedV(leads, 9, 0, 6000)).toBeCloseTo(0.3 + 5 * leads.driftVPerS, 9);
    openSense(leads, false, 0.7, 6000);
    expect(sensedV(leads, 0.7, 0, 6000)).toBe(0.7);
  });

  it("cost compliance", () => {
    const { world, port } = idealBench("bareNa");
    world.frontend.leads.ohm = 1000;
    port.relay.write(true);
    drive(port, 32768 + 26214, 4);
    port.runUntil(4 * 3600 * 1000);
    expect(truth(world).cellV).toBeCloseTo(4.2, 3);
  });
});

describe("drift", () => {
  it("is its coefficient times the distance from 25 degC, and its step", () => {
    const drift = createDrift(createStream(1, "drift"), 1);
    drift.dacPpmPerK = 5;
    drift.comStep = 0.01;
    refreshDrift(drift, 35);
    expect(drift.dac).toBeCloseTo(50e-6, 12);
    expect(drift.com - 0.01).toBeCloseTo(drift.comPpmPerK * 10e-6, 12);
    refreshDrift(drift, 25);
    expect(drift.dac).toBe(0);
  });

  it("moves the current of a warm channel", () => {
    const { world, port } = idealBench();
    world.frontend.drift.dacPpmPerK = 100;
    drive(port, 0xc000, 4);
    const cold = truth(world).loadA;
    setTemperature(world.cell, 45);
    drive(port, 0xc000, 4);
    expect(truth(world).loadA - cold).toBeCloseTo((0.5 * 3.75 * 2e-3) / 1000, 9);
  });

  it("draws coefficients within the data sheets' limits", () => {
    for (let seed = 0; seed < 30; seed++) {
      const { drift } = createWorld({ cell: pellet("hNa"), seed }).frontend;
      expect(Math.abs(drift.dacPpmPerK)).toBeLessThanOrEqual(5);
      expect(Math.abs(drift.adcPpmPerK)).toBeLessThanOrEqual(5);
      expect(Math.abs(drift.comPpmPerK)).toBeLessThanOrEqual(3);
      expect(Math.abs(drift.creepShare)).toBeLessThanOrEqual(3e-4);
    }
  });
});

describe("creep", () => {
  it("ends at its share of the load, half-way after its time, however often one looks", () => {
    const ends = [1, 10, 600].map((steps) => {
      const drift = createDrift(createStream(1, "drift"), 0);
      drift.creepShare = 3e-4;
      for (let i = 1; i <= steps; i++) creep(drift, 6000, (600e3 * 20 * i) / steps);
      return drift.creepN;
    });
    for (const end of ends) expect(end).toBeCloseTo(1.8, 0);
    const drift = createDrift(createStream(1, "drift"), 0);
    drift.creepShare = 3e-4;
    for (let i = 1; i <= 600; i++) creep(drift, 6000, 1000 * i);
    expect(drift.creepN / 1.8).toBeCloseTo(1 - Math.exp(-1), 2);
  });
});

describe("a closing loop", () => {
  it("gives back next to nothing at the zero code", () => {
    const { world, port } = idealBench();
    drive(port, 32768, 4);
    port.relay.write(true);
    settle(port);
    expect(Math.abs(world.cell.charge)).toBeLessThan(1e-9);
  });

  it("kicks the cell by what the amplifier had wound up", () => {
    const { world, port } = idealBench();
    drive(port, 32768 + 26214, 1);
    port.relay.write(true);
    port.runUntil(port.clock.now() + 2.201);
    truth(world);
    const wound = 5.2 / (100e3 + world.cell.bulkOhmCm2 / world.cell.areaCm2);
    const steady = (1e-5 * 1000 * 0.001) / world.cell.areaCm2;
    const kick = (wound * 1000 * 1e-5) / world.cell.areaCm2;
    expect(world.cell.charge).toBeGreaterThan(kick * 0.99);
    expect(world.cell.charge).toBeLessThan(kick * 1.01 + steady);
  });

  it("marks a conversion of the current that is under way", () => {
    const codes = [false, true].map((closing) => {
      const { port } = idealBench();
      drive(port, 32768 + 26214, 8);
      if (closing) port.relay.write(true);
      port.runUntil(port.clock.now() + 100);
      if (closing) port.relay.write(false);
      return convert(port, 2, 1);
    });
    expect(codes[1]).not.toBe(codes[0]);
  });

  it("stays a bounded world: noise and errors off, nothing of this is left", () => {
    const world = createWorld({ cell: pellet("hNa"), seed: 1, errors: 0, noise: 0 });
    expect(world.frontend.leads.ohm).toBe(0);
    expect(world.frontend.mains.cellV).toBe(0);
    expect(createPort(world, "inline").runUntil(1000)).toBe(true);
  });
});
