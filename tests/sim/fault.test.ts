// The vocabulary of faults: what a plan may say, what is drawn from a seed, and what each kind does
// to the bus and to the world around it.
import { describe, expect, it } from "vitest";
import type { FaultEntry, FaultPlan } from "../../sim/fault.ts";
import { FAULT_KINDS, FAULTS } from "../../sim/fault.ts";
import { recoverBus } from "../../sim/bus.ts";
import { checkPlan } from "../../sim/fault-check.ts";
import { UNDRAWN, drawPlan } from "../../sim/fault-draw.ts";
import { copy } from "../../sim/copy.ts";
import { createPort } from "../../sim/port.ts";
import { createWorld } from "../../sim/world.ts";
import { convert, drive, pellet, settle, truth } from "./bench-world.ts";

function broken(...plan: FaultEntry[]) {
  const world = createWorld({ cell: pellet("hNa"), seed: 1, errors: 0, noise: 0, plan });
  return { world, port: createPort(world, "inline") };
}

const FIRST = { transaction: 1 };

/** A read through the port, as numbers; null = fault. */
function readOf(port: ReturnType<typeof createPort>, address: number, register: number, n: number) {
  let answer: number[] | null = [];
  const done = (bytes: ArrayLike<number> | null): void => {
    answer = bytes === null ? null : Array.from(bytes);
  };
  port.declare([done]);
  port.i2c.read(address, register, n, done);
  return answer;
}

describe("a plan", () => {
  it("is taken as it is when every entry makes sense", () => {
    const plan = [
      { at: { transaction: 7 }, kind: "nack", target: "adc", count: 3 },
      { at: { timeS: 1.5 }, kind: "weld", target: "output", value: 1, durationS: 10 },
    ];
    expect(checkPlan(plan)).toEqual(plan);
  });

  it.each([
    [{}, "plan: {}: expected a list"],
    [[7], "plan[0]: 7: expected an object"],
    [[{ kind: "nack" }], "plan[0].at: nothing"],
    [[{ at: {}, kind: "nack" }], "plan[0].at: {}"],
    [[{ at: { timeS: -1 }, kind: "nack" }], "plan[0].at"],
    [[{ at: { timeS: 1, transaction: 1 }, kind: "nack" }], "plan[0].at"],
    [[{ at: { transaction: 1.5 }, kind: "nack" }], "plan[0].at"],
    [[{ at: FIRST, kind: "nak" }], 'plan[0].kind: "nak": expected nack, timeout'],
    [[{ at: FIRST, kind: "nack", target: "dca" }], 'plan[0].target: "dca": expected dac'],
    [[{ at: FIRST, kind: "weld" }], "plan[0].target: nothing: expected output"],
    [[{ at: FIRST, kind: "sdaLow", target: "dac" }], "expected none for sdaLow"],
    [[{ at: FIRST, kind: "nack", value: 1 }], "plan[0].value: 1: expected none for nack"],
    [[{ at: FIRST, kind: "bitFlip", value: -1 }], "expected a number from 0 to 4095"],
    [[{ at: FIRST, kind: "nack", count: 0 }], "plan[0].count: 0"],
    [[{ at: FIRST, kind: "hostLoss", count: 1 }], "no fault of the bus"],
    [[{ at: FIRST, kind: "nack", durationS: 0 }], "plan[0].durationS: 0"],
    [[{ at: FIRST, kind: "brownOut", target: "dac", durationS: 1 }], "over at once"],
    [[{ at: FIRST, kind: "nack", when: 1 }], "plan[0].when: 1: expected only at, kind"],
  ])("is refused, saying where and what: %j", (plan, message) => {
    expect(() => checkPlan(plan)).toThrow(RangeError);
    expect(() => checkPlan(plan)).toThrow(message);
  });
});

describe("drawn plans", () => {
  const plans = Array.from({ length: 400 }, (_, seed) => drawPlan(seed, 3600));

  it("are what their seed says, and always valid", () => {
    for (let seed = 0; seed < 400; seed++) {
      expect(checkPlan(plans[seed])).toEqual(drawPlan(seed, 3600));
    }
    expect(new Set(plans.map((plan) => JSON.stringify(plan))).size).toBeGreaterThan(300);
  });

  it("use every kind, few families at a time, and end within their horizon", () => {
    const kinds = new Set(plans.flat().map((entry) => entry.kind));
    expect(kinds).toEqual(new Set(FAULT_KINDS.filter((kind) => !UNDRAWN.includes(kind))));
    expect(UNDRAWN.length).toBeLessThan(6);
    const families = plans.map((plan) => new Set(plan.map((each) => FAULTS[each.kind].family)));
    expect(families.filter((each) => each.size <= 3).length).toBeGreaterThan(200);
    for (const { at, durationS } of plans.flat()) {
      expect("timeS" in at && at.timeS + (durationS ?? 0)).toBeLessThanOrEqual(3600.01);
    }
  });

  it("leave out families on demand", () => {
    for (let seed = 0; seed < 100; seed++) {
      const plan = drawPlan(seed, 100, { without: ["bus", "power"] });
      const families = plan.map((each) => FAULTS[each.kind].family);
      expect(families).not.toContain("bus");
      expect(families).not.toContain("power");
    }
  });
});

describe("a fault of the bus", () => {
  it("nack: is refused, changes nothing, and is over after its count", () => {
    const { world, port } = broken({ at: { transaction: 2 }, kind: "nack", count: 2 });
    expect(port.i2c.write(0x4c, [0x30, 0x12, 0x34])).toBe(true);
    expect(port.i2c.write(0x4c, [0x30, 0, 1])).toBe(false);
    expect(readOf(port, 0x4c, -1, 2)).toBeNull();
    expect(readOf(port, 0x4c, -1, 2)).toEqual([0x12, 0x34]);
    expect(world.wire.nacks).toBe(2);
  });

  it("timeout: costs a blocking processor its time", () => {
    const { port } = broken({ at: FIRST, kind: "timeout", value: 40 });
    expect(port.i2c.write(0x4c, [0x30, 0, 1])).toBe(false);
    expect(port.clock.now()).toBeGreaterThan(40);
  });

  it("short: the rest of a read is ones, of a write is missing", () => {
    const { world, port } = broken({ at: FIRST, kind: "short", value: 1, count: 2 });
    expect(readOf(port, 0x20, 0, 3)).toEqual([0xff, 0xff, 0xff]);
    port.i2c.write(0x20, [0x0a, 0x05]);
    expect(world.expander.registers[0x0a]).toBe(0);
    expect(readOf(port, 0x20, 0, 3)).toEqual([0xff, 0, 0]);
  });

  it("bit flip: one bit of what passes, in either direction", () => {
    const { port } = broken(
      { at: FIRST, kind: "bitFlip", value: 8 },
      { at: { transaction: 3 }, kind: "bitFlip", value: 15 },
    );
    port.i2c.write(0x4c, [0x30, 0x12, 0x34]);
    expect(readOf(port, 0x4c, -1, 2)).toEqual([0x92, 0x34]);
    expect(readOf(port, 0x4c, -1, 2)).toEqual([0x92, 0x35]);
  });

  it("stuck: reads repeat, of that register only, while writes arrive", () => {
    const { world, port } = broken({ at: FIRST, kind: "stuck", count: 2 });
    expect(readOf(port, 0x4c, -1, 2)).toEqual([0, 0]);
    port.i2c.write(0x4c, [0x30, 0x12, 0x34]);
    expect(world.dac.dacRegister).toBe(0x1234);
    expect(readOf(port, 0x20, 0, 1)).toEqual([0xff]);
    expect(readOf(port, 0x4c, -1, 2)).toEqual([0, 0]);
    expect(readOf(port, 0x4c, -1, 2)).toEqual([0x12, 0x34]);
  });

  it("wrong address: another chip gets it", () => {
    const { world, port } = broken({ at: FIRST, kind: "wrongAddress", value: 0x20 });
    expect(port.i2c.write(0x21, [0x0a, 0x04])).toBe(true);
    expect(world.expander.registers[0x0a]).toBe(4);
  });

  it("late: inline the processor waits", () => {
    const { port } = broken({ at: FIRST, kind: "late", value: 120 });
    expect(port.i2c.write(0x4c, [0x30, 0, 1])).toBe(true);
    expect(port.clock.now()).toBeGreaterThan(120);
    expect(port.clock.now()).toBeLessThan(121);
  });

  it("duplicate: a write happens twice, an old answer comes again", () => {
    const { world, port } = broken(
      { at: FIRST, kind: "duplicate" },
      { at: { transaction: 3 }, kind: "duplicate" },
    );
    port.i2c.write(0x4c, [0x30, 0x12, 0x34]);
    expect(world.wire.transactions).toBe(2);
    expect(readOf(port, 0x4c, -1, 2)).toEqual([0x12, 0x34]);
    port.i2c.write(0x4c, [0x30, 0x56, 0x78]);
    expect(readOf(port, 0x4c, -1, 2)).toEqual([0x12, 0x34]);
    expect(readOf(port, 0x4c, -1, 2)).toEqual([0x56, 0x78]);
  });

  it("SDA low: nothing passes until nine clocks, or its end", () => {
    const { world, port } = broken(
      { at: FIRST, kind: "sdaLow" },
      { at: { timeS: 1 }, kind: "sdaLow", durationS: 1 },
    );
    expect(port.i2c.write(0x4c, [0x30, 0, 1])).toBe(false);
    expect(readOf(port, 0x20, 0, 1)).toBeNull();
    recoverBus(world);
    expect(port.i2c.write(0x4c, [0x30, 0, 1])).toBe(true);
    port.runUntil(1500);
    expect(port.i2c.write(0x4c, [0x30, 0, 2])).toBe(false);
    port.runUntil(2000);
    expect(port.i2c.write(0x4c, [0x30, 0, 2])).toBe(true);
  });

  it("memory: reads fail, writes fail, or arrive in part", () => {
    const { world, port } = broken(
      { at: FIRST, kind: "memoryRead" },
      { at: FIRST, kind: "memoryProgram" },
      { at: { transaction: 5 }, kind: "tornWrite", value: 3 },
    );
    expect(port.i2c.write(0x50, [0, 0, 1, 2, 3])).toBe(false);
    expect(Array.from(world.fram.memory.subarray(0, 3))).toEqual([0, 0, 0]);
    expect(port.i2c.write(0x50, [0, 0])).toBe(true);
    expect(readOf(port, 0x50, -1, 1)).toBeNull();
    expect(readOf(port, 0x50, -1, 1)).toEqual([0]);
    expect(port.i2c.write(0x50, [0, 0, 1, 2, 3])).toBe(false);
    expect(Array.from(world.fram.memory.subarray(0, 3))).toEqual([1, 0, 0]);
  });

  it("keeps to its target", () => {
    const { port } = broken({ at: FIRST, kind: "nack", target: "dac" });
    expect(port.i2c.write(0x20, [0x0a, 0])).toBe(true);
    expect(port.i2c.write(0x4c, [0x30, 0, 1])).toBe(false);
    expect(port.i2c.write(0x4c, [0x30, 0, 1])).toBe(true);
  });
});

describe("a fault on a queued bus", () => {
  function queued(plan: FaultPlan) {
    const world = createWorld({ cell: pellet("hNa"), seed: 1, errors: 0, noise: 0, plan });
    const port = createPort(world, "deferred");
    const answers: (number[] | null)[] = [];
    const times: number[] = [];
    const done = (bytes: ArrayLike<number> | null): void => {
      answers.push(bytes === null ? null : Array.from(bytes));
      times.push(port.clock.now());
    };
    port.declare([done]);
    const read = (address: number): void => port.i2c.read(address, 0, 1, done);
    return { world, port, answers, times, read };
  }

  it("timeout: never answers; the next one does", () => {
    const { port, answers, read } = queued([{ at: FIRST, kind: "timeout" }]);
    read(0x20);
    read(0x2a);
    port.runUntil(1000);
    expect(answers).toEqual([[0]]);
  });

  it("late: puts off this answer and those behind it, in order", () => {
    const { port, answers, times, read } = queued([{ at: FIRST, kind: "late", value: 100 }]);
    read(0x20);
    read(0x2a);
    port.runUntil(1000);
    expect(answers).toEqual([[0xff], [0]]);
    expect(times).toEqual([102, 102]);
  });
});

describe("a fault of the world", () => {
  it("brown-out: the chip has its power-on values, and the loop follows", () => {
    const { world, port } = broken({ at: { timeS: 1 }, kind: "brownOut", target: "dac" });
    drive(port, 32768 + 2621, 4);
    expect(truth(world).loadA).toBeCloseTo(1e-4, 6);
    port.runUntil(1000);
    expect(world.dac.dacRegister).toBe(0);
    expect(truth(world).loadA).toBeCloseTo(-1.25e-3, 9);
  });

  it("reset of the processor: its events and its relay are gone, the chips stay", () => {
    const { world, port } = broken({ at: { timeS: 1 }, kind: "mcuReset", value: 200 });
    const late = (): void => expect.unreachable("this firmware is no more");
    port.declare([late]);
    drive(port, 32768 + 2621, 4);
    port.relay.write(true);
    settle(port);
    port.clock.after(5000, late);
    expect(port.runUntil(2000)).toBe(false);
    port.restart();
    expect(world.clock.nowMs).toBe(1200);
    expect(port.clock.now()).toBe(0);
    expect(port.runUntil(9000)).toBe(true);
    expect(world.dac.dacRegister).toBe(32768 + 2621);
    expect(world.frontend.output.position).toBe(0);
  });

  it("clock: drifts while it lasts, jumps, never backwards", () => {
    const { world, port } = broken(
      { at: { timeS: 10 }, kind: "clockDrift", value: 0.05, durationS: 10 },
      { at: { timeS: 30 }, kind: "clockJump", target: "board", value: 60 },
      { at: { timeS: 40 }, kind: "clockJump", target: "board", value: -60 },
      { at: { timeS: 50 }, kind: "clockJump", target: "wall", value: -86400 },
    );
    const wall = port.clock.wall?.() ?? NaN;
    port.runUntil(15e3);
    expect(port.clock.now()).toBeCloseTo(15250, 6);
    let ranMs = 0;
    const task = (): void => {
      ranMs = world.clock.nowMs;
    };
    port.declare([task]);
    port.clock.after(1050, task);
    port.runUntil(20e3);
    expect(ranMs).toBeCloseTo(16e3, 6);
    port.runUntil(29e3);
    expect(port.clock.now()).toBeCloseTo(29500, 6);
    port.runUntil(60e3);
    expect(port.clock.now()).toBeCloseTo(120500, 6);
    expect((port.clock.wall?.() ?? NaN) - wall).toBeCloseTo(60 - 86400, 6);
  });

  it("open current lead: no current, the amplifier at a rail; mended, all is as before", () => {
    const { world, port } = broken({
      at: { timeS: 1 },
      kind: "leadOpen",
      target: "current",
      durationS: 1,
    });
    port.relay.write(true);
    drive(port, 32768 + 2621, 4);
    port.runUntil(1500);
    expect(truth(world).loadA).toBe(0);
    expect(world.frontend.rail).toBe(1);
    port.runUntil(2500);
    expect(truth(world).loadA).toBeCloseTo(1e-4, 6);
  });

  it("open sense lead: the input starts from its last value and drifts away", () => {
    const { world, port } = broken({ at: { timeS: 1 }, kind: "leadOpen", target: "sense" });
    port.relay.write(true);
    drive(port, 32768 + 13107, 4);
    port.runUntil(999);
    const cellV = truth(world).cellV;
    port.runUntil(1001);
    expect(convert(port, 1, 5) * (0.256 / 32768)).toBeCloseTo(0.4 * cellV, 2);
    port.runUntil(11e3);
    expect(convert(port, 1, 0) * (6.144 / 32768)).toBeCloseTo(0.4 * (cellV + 2), 2);
  });

  it.each(["output", "range2"])("weld of %s: it stays until the weld breaks", (target) => {
    const { world, port } = broken({ at: { timeS: 1 }, kind: "weld", target, durationS: 2 });
    port.relay.write(true);
    drive(port, 32768 + 2621, 4);
    port.runUntil(1500);
    port.relay.write(false);
    port.i2c.write(0x20, [0x0a, 0]);
    port.runUntil(2900);
    const contact = target === "output" ? world.frontend.output : world.frontend.ranges[2];
    expect(contact.position).toBe(1);
    expect(contact.wanted).toBe(0);
    port.runUntil(3100);
    expect(contact.position).toBe(0);
  });

  it("stuck at rest: it never closes", () => {
    const { world, port } = broken({ at: { timeS: 0 }, kind: "weld", target: "output", value: 0 });
    settle(port);
    port.relay.write(true);
    settle(port);
    expect(world.frontend.output.position).toBe(0);
  });

  it("references: DAC and common move the current, the converter's its reading", () => {
    const { world, port } = broken(
      { at: { timeS: 1 }, kind: "referenceDrift", target: "dac", value: 0.01, durationS: 1 },
      { at: { timeS: 3 }, kind: "referenceDrift", target: "adc", value: 0.01 },
    );
    drive(port, 0xc000, 4);
    const before = truth(world).loadA;
    port.runUntil(1500);
    expect(truth(world).loadA - before).toBeCloseTo((0.5 * 0.0375) / 1000, 9);
    port.runUntil(2500);
    expect(truth(world).loadA).toBeCloseTo(before, 12);
    const counts = convert(port, 2, 2);
    port.runUntil(3500);
    expect(convert(port, 2, 2) / counts).toBeCloseTo(1.01, 3);
  });

  it("saturated load cell, clipped supply", () => {
    const { world, port } = broken(
      { at: { timeS: 1 }, kind: "forceSaturation", value: 4, durationS: 1 },
      { at: { timeS: 1 }, kind: "supplyClip", value: 4.75, durationS: 1 },
    );
    drive(port, 0xffff, 4);
    port.runUntil(1500);
    expect(world.frontend.bridgeStuck).toBe(4);
    expect(truth(world).loadA).toBeCloseTo((0.5 * 2.25) / 1000, 9);
    port.runUntil(2500);
    expect(world.frontend.bridgeStuck).toBe(0);
    expect(truth(world).loadA).toBeCloseTo(1.25e-3, 7);
  });

  it("host loss is a flag for whoever carries the line", () => {
    const { world, port } = broken({ at: { timeS: 1 }, kind: "hostLoss", durationS: 1 });
    port.runUntil(1500);
    expect(world.faults.hostLost).toBe(true);
    port.runUntil(2500);
    expect(world.faults.hostLost).toBe(false);
  });
});

describe("a world with faults", () => {
  it("is plain data: a copy goes on with the same ones", () => {
    const { world, port } = broken(
      { at: { transaction: 3 }, kind: "stuck" },
      { at: { timeS: 2 }, kind: "weld", target: "range2", durationS: 3 },
    );
    drive(port, 32768 + 2621, 4);
    port.runUntil(2500);
    const twin = copy(world);
    const other = createPort(twin, "inline");
    for (const each of [port, other]) {
      readOf(each, 0x4c, -1, 2);
      each.runUntil(9000);
    }
    expect(twin).toEqual(world);
    expect(twin.faults.entries.every((each) => each.stage === 2)).toBe(true);
  });

  it("without a plan never looks at a transaction", () => {
    const { world, port } = broken();
    world.oracle = null;
    const sound = createWorld({ cell: pellet("hNa"), seed: 1 });
    expect(sound.faults.fromTransaction).toBe(Infinity);
    expect(sound.oracle).toBeNull();
    drive(port, 0, 0);
  });
});
