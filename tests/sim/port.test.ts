import { describe, expect, it } from "vitest";
import { copy } from "../../sim/copy.ts";
import { createPort } from "../../sim/port.ts";
import type { SimPort } from "../../sim/port.ts";
import { createWorld } from "../../sim/world.ts";
import type { World } from "../../sim/world.ts";
import { pellet } from "./bench-world.ts";

function bench(mode: "inline" | "deferred"): { world: World; port: SimPort } {
  const world = createWorld({ cell: pellet("hNa"), seed: 1, errors: 0, noise: 0 });
  return { world, port: createPort(world, mode) };
}

describe("tasks", () => {
  it("are known by id, and an undeclared one is refused", () => {
    const { port } = bench("inline");
    const a = (): void => undefined;
    const b = (): void => undefined;
    port.declare([a, b]);
    expect(port.idOf(b)).toBe(1);
    expect(port.taskOf(0)).toBe(a);
    const stranger = (): void => undefined;
    expect(() => port.clock.after(1, stranger)).toThrow(RangeError);
    expect(() => port.i2c.read(0x48, 0, 2, stranger)).toThrow(RangeError);
    expect(() => port.taskOf(2)).toThrow(RangeError);
    expect(() => port.declare([a])).toThrow(RangeError);
  });
});

describe("timers", () => {
  it("run in order of time, then of insertion, at their time, and can be cancelled", () => {
    const { port } = bench("inline");
    const log: string[] = [];
    const note = (name: string) => (): void => void log.push(name + "@" + port.clock.now());
    const [a, b, c, d] = ["a", "b", "c", "d"].map(note);
    port.declare([a, b, c, d]);
    port.clock.after(5, a);
    port.clock.after(3, b);
    port.clock.after(5, c);
    port.clock.cancel(port.clock.after(4, d));
    port.runUntil(4);
    expect(log).toEqual(["b@3"]);
    expect(port.clock.now()).toBe(4);
    while (port.step());
    expect(log).toEqual(["b@3", "a@5", "c@5"]);
    expect(port.step()).toBe(false);
  });

  it("run late, but in order, when a transaction blocks the CPU", () => {
    const { port } = bench("inline");
    const log: string[] = [];
    const note = (name: string) => (): void => void log.push(name);
    const late: number[] = [];
    const busy = (): void => {
      port.i2c.write(0x50, new Uint8Array(200));
      log.push("busy");
    };
    const first = (): void => {
      late.push(port.clock.now());
      log.push("first");
    };
    const second = note("second");
    port.declare([busy, first, second]);
    port.clock.after(1, busy);
    port.clock.after(2.5, second);
    port.clock.after(2, first);
    port.runUntil(20);
    expect(log).toEqual(["busy", "first", "second"]);
    expect(late[0]).toBeCloseTo(1 + (9 * 201 + 2) / 400, 9);
  });

  it("give wall time only when the board knows it", () => {
    const { world, port } = bench("inline");
    port.runUntil(2000);
    expect(port.clock.wall?.()).toBe(1767225600 + 2);
    world.clock.wallAtZeroS = 0;
    expect(port.clock.wall?.()).toBe(0);
  });
});

describe("hardware during a transaction", () => {
  it("finishes a conversion at its own time", () => {
    const { world, port } = bench("inline");
    port.i2c.write(0x48, [1, 0x91, 0x83]);
    const endMs = world.adc.endMs;
    port.i2c.write(0x50, new Uint8Array(800));
    expect(port.clock.now()).toBeGreaterThan(endMs);
    expect(world.adc.converting).toBe(0);
  });
});

describe("inline port", () => {
  it("calls `done` inside `read`", () => {
    const { port } = bench("inline");
    const log: string[] = [];
    const done = (bytes: ArrayLike<number> | null): void => {
      log.push("done " + Array.from(bytes!).join());
    };
    port.declare([done]);
    port.i2c.read(0x48, 1, 2, done);
    log.push("after");
    expect(log).toEqual(["done 133,131", "after"]);
  });
});

describe("deferred port", () => {
  it("carries out operations in order at their completion, says true to every write", () => {
    const { world, port } = bench("deferred");
    const log: string[] = [];
    const done = (bytes: ArrayLike<number> | null): void => {
      log.push((bytes === null ? "null" : Array.from(bytes).join()) + "@" + port.clock.now());
    };
    port.declare([done]);
    const bytes = [0x02, 0x12, 0x34];
    expect(port.i2c.write(0x48, bytes)).toBe(true);
    bytes[1] = 0xff;
    port.i2c.read(0x48, 2, 2, done);
    expect(port.i2c.write(0x33, [0])).toBe(true);
    port.i2c.read(0x33, 0, 1, done);
    expect(world.wire.transactions).toBe(0);
    port.runUntil(2);
    expect(world.wire.transactions).toBe(1);
    port.runUntil(100);
    expect(log).toEqual(["18,52@4", "null@8"]);
    expect(world.wire.nacks).toBe(2);
  });

  it("has a latency that can be set", () => {
    const { world, port } = bench("deferred");
    world.queue.latencyMs = 5;
    port.i2c.write(0x48, [2]);
    port.i2c.write(0x48, [3]);
    port.runUntil(9.9);
    expect(world.adc.pointer).toBe(2);
    port.runUntil(10);
    expect(world.adc.pointer).toBe(3);
  });

  it("queues the relay and the keep-alive behind the writes before them", () => {
    const { world, port } = bench("deferred");
    port.i2c.write(0x48, [2]);
    port.relay.write(true);
    port.watchdog.start(100);
    port.watchdog.kick();
    port.runUntil(3.9);
    expect(world.keepAlive.relayWanted).toBe(false);
    port.runUntil(4);
    expect(world.keepAlive.relayWanted).toBe(true);
    port.runUntil(8);
    expect(world.keepAlive.kicks).toBe(1);
    port.runUntil(107.9);
    expect(world.keepAlive.expired).toBe(false);
    port.runUntil(108);
    expect(world.keepAlive.expired).toBe(true);
  });

  it("holds more operations than its first capacity, in order", () => {
    const { world, port } = bench("deferred");
    const log: number[] = [];
    const done = (bytes: ArrayLike<number> | null): void => void log.push(bytes![0]);
    port.declare([done]);
    for (let i = 0; i < 5; i++) port.i2c.write(0x48, [2]);
    port.runUntil(6);
    for (let i = 0; i < 50; i++) port.i2c.write(0x50, [0, i, i]);
    for (let i = 0; i < 50; i++) {
      port.i2c.write(0x50, [0, i]);
      port.i2c.read(0x50, -1, 1, done);
    }
    while (port.step());
    expect(log).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(world.wire.transactions).toBe(5 + 150);
  });

  it("goes on in a copy of its world with operations under way", () => {
    const { world, port } = bench("deferred");
    const log: number[] = [];
    const done = (bytes: ArrayLike<number> | null): void => void log.push(bytes![1]);
    port.declare([done]);
    port.i2c.write(0x48, [2, 0x12, 0x34]);
    port.i2c.read(0x48, 2, 2, done);
    port.runUntil(1);
    const fork = createPort(copy(world), "deferred");
    const seen: number[] = [];
    fork.declare([(bytes) => void seen.push(bytes![1])]);
    fork.runUntil(50);
    expect(seen).toEqual([0x34]);
    expect(log).toEqual([]);
  });
});

describe("keep-alive", () => {
  it("lets the relay fall to rest when kicks stop, and needs a kick to come back", () => {
    const { world, port } = bench("inline");
    port.watchdog.start(50);
    port.relay.write(true);
    port.runUntil(40);
    expect(world.frontend.output.position).toBe(1);
    port.watchdog.kick();
    port.runUntil(80);
    expect(world.keepAlive.expired).toBe(false);
    port.runUntil(100);
    expect(world.keepAlive.expired).toBe(true);
    expect(world.frontend.output.position).toBe(0);
    port.relay.write(true);
    port.runUntil(120);
    expect(world.frontend.output.position).toBe(0);
    port.watchdog.kick();
    port.runUntil(130);
    expect(world.frontend.output.position).toBe(1);
    expect(world.keepAlive.expired).toBe(true);
  });

  it("does nothing before it is started", () => {
    const { world, port } = bench("inline");
    port.relay.write(true);
    port.watchdog.kick();
    port.runUntil(1e6);
    expect(world.keepAlive.expired).toBe(false);
    expect(world.frontend.output.position).toBe(1);
  });
});
