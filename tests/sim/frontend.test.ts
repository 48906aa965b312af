import { describe, expect, it } from "vitest";
import { createPort } from "../../sim/port.ts";
import { createWorld } from "../../sim/world.ts";
import { convert, drive, idealBench, pellet, settle, truth } from "./bench-world.ts";

const FULL_SCALE_A = [10e-6, 100e-6, 1e-3, 10e-3];

describe("power-up", () => {
  it("leaves the loop open: no range is closed, no current flows", () => {
    const { world, port } = idealBench();
    settle(port);
    expect(truth(world)).toEqual({ loadA: 0, cellV: 0 });
    expect(world.frontend.rail).toBe(-1);
  });

  it("means full negative current as soon as a range closes, into the dummy, not the cell", () => {
    const { world, port } = idealBench();
    port.i2c.write(0x20, [0x0a, 0x04]);
    port.i2c.write(0x20, [0x00, 0xf0]);
    settle(port);
    expect(truth(world).loadA).toBeCloseTo(-1.25e-3, 12);
    expect(world.frontend.dummyV).toBeCloseTo(-1.25, 9);
    expect(world.cell.voltageV).toBe(0);
  });
});

describe("current set-point", () => {
  it("maps code to 0.5 (5 V code / 65536 - 2.5 V) / Rs in each range", () => {
    FULL_SCALE_A.forEach((fullScale, range) => {
      const { world, port } = idealBench();
      port.relay.write(true);
      for (const fraction of [-0.5, 0, 0.001, 0.1, 0.5]) {
        drive(port, Math.round(32768 + fraction * (65536 / 2.5)), 1 << range);
        // One code is 1/26214 of full scale.
        expect(truth(world).loadA / fullScale).toBeCloseTo(fraction, 4);
      }
    });
  });

  it("reaches 125 % of full scale, and the sign of the code", () => {
    const { world, port } = idealBench();
    drive(port, 0xffff, 4);
    expect(truth(world).loadA).toBeCloseTo(1.25e-3, 7);
    drive(port, 0, 4);
    expect(truth(world).loadA).toBeCloseTo(-1.25e-3, 7);
  });

  it("adds the currents of ranges closed in parallel", () => {
    const { world, port } = idealBench();
    drive(port, 32768 + 6554, 1);
    const low = truth(world).loadA;
    drive(port, 32768 + 6554, 3);
    expect(truth(world).loadA / low).toBeCloseTo(11, 9);
  });

  it("is clipped by the DAC's supply", () => {
    const { world, port } = idealBench();
    world.frontend.supplyV = 4.75;
    drive(port, 0xffff, 4);
    expect(truth(world).loadA).toBeCloseTo((0.5 * 2.25) / 1000, 9);
  });
});

describe("compliance", () => {
  it("limits the dummy at 5.2 V", () => {
    const { world, port } = idealBench();
    drive(port, 0xffff, 8);
    expect(truth(world).loadA).toBeCloseTo(5.2e-3, 12);
    expect(world.frontend.dummyV).toBeCloseTo(5.2, 9);
    expect(world.frontend.rail).toBe(1);
  });

  it("limits an exhausted cell, at which the current falls below its set-point", () => {
    const { world, port } = idealBench("bareNa");
    port.relay.write(true);
    drive(port, 32768 + 26214, 4);
    port.runUntil(4 * 3600 * 1000);
    expect(truth(world).cellV).toBeCloseTo(5.2, 9);
    expect(world.cell.limited).toBe(1);
    expect(world.frontend.loadA).toBeLessThan(0.9e-3);
    expect(world.frontend.loadA).toBeGreaterThan(0.1e-3);
  });
});

describe("output relay", () => {
  it("takes milliseconds, opens the loop on its way, and bounces within 3 ms", () => {
    const { world, port } = idealBench();
    drive(port, 32768 + 2621, 4);
    const positions = new Set<number>();
    const startMs = port.clock.now();
    port.relay.write(true);
    let settledMs = 0;
    for (let i = 1; i <= 400; i++) {
      port.runUntil(startMs + i * 0.01);
      const position = world.frontend.output.position;
      if (position !== 1) settledMs = i * 0.01;
      positions.add(position);
      if (position === -1) expect(truth(world).loadA).toBe(0);
    }
    expect([...positions].sort()).toEqual([-1, 0, 1]);
    expect(settledMs).toBeGreaterThan(2);
    expect(settledMs).toBeLessThanOrEqual(3);
    expect(truth(world).loadA).toBeCloseTo(1e-4, 6);
  });

  it("leaves the cell at open circuit at rest, with the sense leads still on it", () => {
    const { world, port } = idealBench("bareNa");
    port.relay.write(true);
    drive(port, 32768 + 2621, 4);
    port.runUntil(3600e3);
    const loaded = truth(world).cellV;
    port.relay.write(false);
    settle(port);
    const open = truth(world).cellV;
    expect(open).toBeLessThan(loaded / 2);
    expect(Math.abs(convert(port, 1, 5) * (0.256 / 32768) - 0.4 * open)).toBeLessThan(8e-6);
  });
});

describe("converter inputs", () => {
  it("give 0.4 times the cell voltage, the shunt voltage and the thermistor", () => {
    const { world, port } = idealBench();
    port.relay.write(true);
    drive(port, 32768 + 13107, 4);
    const { cellV } = truth(world);
    expect(cellV).toBeCloseTo((0.5e-3 / 0.9747) * (39.51 + 7), 3);
    expect(Math.abs(convert(port, 1, 5) * (0.256 / 32768) - 0.4 * cellV)).toBeLessThan(8e-6);
    expect(convert(port, 2, 2) * (2.048 / 32768)).toBeCloseTo(0.5, 3);
    // 10 kohm at 25 degC: half of 2.5 V below common.
    expect(convert(port, 3, 2) * (2.048 / 32768)).toBeCloseTo(-1.25, 3);
  });

  it("follow the current's sign", () => {
    const { port } = idealBench();
    port.relay.write(true);
    drive(port, 32768 - 13107, 4);
    expect(convert(port, 1, 2)).toBeLessThan(0);
    expect(convert(port, 2, 2) * (2.048 / 32768)).toBeCloseTo(-0.5, 3);
  });

  it("are clamped at the rails", () => {
    const { world, port } = idealBench();
    world.frontend.supplyV = 3.3;
    world.frontend.comV = 4;
    // AIN3 against ground in the widest range.
    expect(convert(port, 7, 0) * (6.144 / 32768)).toBeCloseTo(3.6, 3);
  });
});

describe("load cell", () => {
  it("reads the clamp force in codes of 1.397 nV", () => {
    const { world, port } = idealBench();
    let code = NaN;
    const done = (bytes: ArrayLike<number> | null): void => {
      if (bytes !== null) code = ((bytes[0] << 24) >> 8) | (bytes[1] << 8) | bytes[2];
    };
    port.declare([done]);
    port.i2c.write(0x2a, [0x00, 0x86]);
    port.i2c.write(0x2a, [0x01, 0x2f]);
    port.i2c.write(0x2a, [0x00, 0x96]);
    port.runUntil(2000);
    port.i2c.read(0x2a, 0x12, 3, done);
    const newton = ((code * 1.396984e-9) / 3.0 / 2e-3) * 9806.65;
    expect(newton).toBeCloseTo(world.cell.forceN, 1);
    expect(newton).toBeGreaterThan(5870);
  });
});

describe("drawn errors", () => {
  it("keep the shunts within 0.05 % and the common within 0.05 %, and differ by seed", () => {
    const shunts = new Set<number>();
    for (let seed = 0; seed < 20; seed++) {
      const world = createWorld({ cell: pellet("hNa"), seed });
      const f = world.frontend;
      expect(Math.abs(f.shuntsOhm[2] / 1000 - 1)).toBeLessThanOrEqual(5e-4);
      expect(Math.abs(f.comV / 2.5 - 1)).toBeLessThanOrEqual(5e-4);
      expect(Math.abs(f.bridgeZero)).toBeLessThanOrEqual(0.01);
      shunts.add(f.shuntsOhm[2]);
    }
    expect(shunts.size).toBe(20);
  });

  it("leave the current within a percent of its set-point", () => {
    const world = createWorld({ cell: pellet("hNa"), seed: 4 });
    const port = createPort(world, "inline");
    port.relay.write(true);
    drive(port, 32768 + 13107, 4);
    expect(truth(world).loadA / 0.5e-3).toBeCloseTo(1, 2);
    expect(truth(world).loadA).not.toBeCloseTo(0.5e-3, 8);
  });
});
