import { describe, expect, it } from "vitest";
import { observe } from "../../sim/advance.ts";
import { copy, copyInto } from "../../sim/copy.ts";
import { createPort } from "../../sim/port.ts";
import type { SimPort } from "../../sim/port.ts";
import { createWorld } from "../../sim/world.ts";
import type { World } from "../../sim/world.ts";
import { pellet } from "./bench-world.ts";

interface Rig {
  world: World;
  port: SimPort;
  log: number[];
  frame: () => void;
}

/** A task that converts voltage once a second, reversing the current each ten minutes. */
function rig(world: World): Rig {
  const port = createPort(world, "inline");
  const log: number[] = [];
  const read = (): void => port.i2c.read(0x48, 0, 2, keep);
  const keep = (bytes: ArrayLike<number> | null): void => {
    log.push(((bytes![0] << 24) >> 16) | bytes![1]);
    const reversed = Math.floor(port.clock.now() / 600e3) % 2 === 1;
    const code = reversed ? 32768 - 10486 : 32768 + 10486;
    port.i2c.write(0x4c, [0x30, code >> 8, code & 0xff]);
  };
  const frame = (): void => {
    port.clock.after(1000, frame);
    port.clock.after(10, read);
    port.i2c.write(0x48, [1, 0x9b, 0x83]);
  };
  port.declare([frame, read, keep]);
  return { world, port, log, frame };
}

function start(r: Rig): void {
  r.port.i2c.write(0x4c, [0x40, 0x08, 0x00]);
  r.port.i2c.write(0x20, [0x0a, 0x04]);
  r.port.i2c.write(0x20, [0x00, 0xf0]);
  r.port.relay.write(true);
  r.port.clock.after(20, r.frame);
}

const options = { cell: pellet("bareNa", 0.1, true), seed: 5 };

describe("a world", () => {
  it("is plain data throughout", () => {
    const world = createWorld(options);
    expect(copy(world)).toEqual(world);
  });

  it("repeats itself for the same seed, and not for another", () => {
    const runs = [5, 5, 6].map((seed) => {
      const r = rig(createWorld({ ...options, seed }));
      start(r);
      r.port.runUntil(1200e3);
      return r;
    });
    expect(runs[1].log).toEqual(runs[0].log);
    expect(runs[1].world).toEqual(runs[0].world);
    expect(runs[2].log).not.toEqual(runs[0].log);
  });

  it("goes on identically from a copy taken at any moment", () => {
    const original = rig(createWorld(options));
    start(original);
    for (const moment of [1, 500.003, 700e3]) {
      original.port.runUntil(moment);
      const fork = rig(copy(original.world));
      fork.log.push(...original.log);
      const third = rig(createWorld({ ...options, seed: 99 }));
      copyInto(third.world, original.world, (found) => found);
      third.log.push(...original.log);
      const until = original.port.clock.now() + 100e3;
      for (const r of [original, fork, third]) r.port.runUntil(until);
      expect(fork.log).toEqual(original.log);
      expect(fork.world).toEqual(original.world);
      expect(third.log).toEqual(original.log);
      expect(third.world).toEqual(original.world);
    }
  });

  it("has the same cell fate whenever somebody looks", () => {
    const often = rig(createWorld(options));
    const seldom = rig(createWorld(options));
    for (const r of [often, seldom]) start(r);
    for (let t = 0; t < 900e3; t += 137.7) {
      often.port.runUntil(t);
      observe(often.world);
    }
    often.port.runUntil(900e3);
    seldom.port.runUntil(900e3);
    expect(often.world.random).toEqual(seldom.world.random);
    expect(often.world.cell.a.contact).toBeCloseTo(seldom.world.cell.a.contact, 10);
    expect(often.world.cell.a.fluctuation).toBeCloseTo(seldom.world.cell.a.fluctuation, 10);
    expect(often.log).toEqual(seldom.log);
  });

  it("takes over the memory's content, and refuses impossible cells", () => {
    const fram = new Uint8Array([1, 2, 3]);
    expect(createWorld({ ...options, fram }).fram.memory[2]).toBe(3);
    const cell = pellet("hNa");
    expect(() => createWorld({ cell: { ...cell, areaCm2: 0 }, seed: 1 })).toThrow(/areaCm2/);
    expect(() => createWorld({ cell: pellet("hNa", 0.3), seed: 1 })).toThrow(/noise/);
    expect(() => createWorld({ cell: { ...cell, temperatureC: -300 }, seed: 1 })).toThrow(
      /temperatureC/,
    );
    const negative = pellet({ nzspToNaMassRatio: -1 });
    expect(() => createWorld({ cell: negative, seed: 1 })).toThrow(/nzspToNaMassRatio/);
  });
});
