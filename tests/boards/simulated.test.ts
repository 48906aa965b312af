// The simulated board as a whole: repeatable, the same decisions on either kind of bus, forked at
// any moment, and never a current into the cell that was not proven to start from zero.
import { describe, expect, test } from "vitest";
import type { SimulatedChannel } from "../../boards/simulated.ts";
import { createSimulated } from "../../boards/simulated.ts";
import { STEP_CURRENT, STEP_LOOP, STEP_REST, createStep } from "../../firmware/protocol.ts";
import type { Step } from "../../firmware/protocol.ts";
import { END_FAULT, END_FINISHED, END_LIMIT, END_STOPPED } from "../../firmware/telemetry.ts";
import { EVENT_CONTACT, EVENT_FAULT, EVENT_STEP, VERDICT_OPEN } from "../../firmware/telemetry.ts";
import { observe } from "../../sim/advance.ts";
import { WORKED } from "../../sim/contacts.ts";
import { cellOf, ccdProgram, finish, listen, memoryOf, runCcd } from "./rig.ts";

const bare = cellOf("bareNa");

/** A short program: rest, two cycles that change the range, rest. */
function cycleProgram(): Step[] {
  const rest = { ...createStep(), kind: STEP_REST, duration: 30, budget: 60 };
  const current = (amperes: number): Step => {
    return { ...createStep(), kind: STEP_CURRENT, current: amperes, duration: 60, budget: 90 };
  };
  const again = { ...createStep(), kind: STEP_LOOP, to: 1, count: 2 };
  return [rest, current(5e-5), current(-5e-5), current(3e-4), again, rest];
}

function open(steps = cycleProgram(), completion: "inline" | "deferred" = "inline") {
  const memory = memoryOf(bare, steps);
  const channel = createSimulated({ cell: bare, seed: 7, memory, completion });
  const record = listen(channel, true);
  channel.send("start");
  return { channel, record };
}

describe("a run", () => {
  test("is repeated to the byte by the same seed", () => {
    const [a, b] = [1, 1].map(() => runCcd(bare, { seed: 4 }, 0.6, true));
    expect(a.record.lines.length).toBeGreaterThan(20000);
    expect(a.record.lines).toEqual(b.record.lines);
  });

  test("differs with another seed", () => {
    const [a, b] = [4, 5].map((seed) => runCcd(bare, { seed }, 0.2, true));
    expect(a.record.lines).not.toEqual(b.record.lines);
  });

  test.each([1, 2, 3])("comes to the same decisions on a queued bus, seed %i", (seed) => {
    const [a, b] = (["inline", "deferred"] as const).map((completion) =>
      runCcd(bare, { seed, completion }),
    );
    const steps = (run: typeof a): number[][] =>
      run.record.events.filter((event) => event.code === EVENT_STEP).map((event) => event.values);
    expect(steps(b)).toEqual(steps(a));
    const found = (run: typeof a) => {
      const { verdict, end, soft, hard, completed, failing, censored } = run;
      return { verdict, end, soft, hard, completed, failing, censored };
    };
    expect(found(b)).toEqual(found(a));
    expect(b.arealMahCm2).toBeCloseTo(a.arealMahCm2, 2);
    const codes = (run: typeof a): number[] => run.record.events.map((event) => event.code);
    expect(codes(b)).toEqual(codes(a));
  });

  test("executes its loop: the steps in order, cycles counted", () => {
    const { channel, record } = open();
    finish(channel, record, 1);
    const order = record.events.filter((e) => e.code === EVENT_STEP).map((e) => e.values[0]);
    expect(order).toEqual([0, 1, 2, 3, 1, 2, 3, 5]);
    expect(record.verdict?.values[2]).toBe(END_FINISHED);
    // What follows the loop is no part of its last cycle.
    expect(Math.max(...record.frames.map((frame) => frame.cycleCount))).toBe(3);
  });

  test("loses less than 0.45 s of a step to a change of range", () => {
    const { channel, record } = open();
    finish(channel, record, 1);
    const last = record.frames[record.frames.length - 1];
    const ideal = 2 * (60 * 5e-5 + 60 * 3e-4) * 1e6;
    expect(last.chargeInUc).toBeGreaterThan(ideal * (1 - 0.45 / 60));
    expect(last.chargeInUc).toBeLessThan(ideal * 1.001);
  });
});

describe("a charge cut-off", () => {
  test("is met within 0.1 %, though frames are a second apart", () => {
    const charge = 0.0123;
    const step = { ...createStep(), kind: STEP_CURRENT, current: 1e-3, charge, budget: 60 };
    const { channel, record } = open([step]);
    finish(channel, record, 1);
    const last = record.frames[record.frames.length - 1];
    expect(last.chargeInUc / 1e6 / charge).toBeCloseTo(1, 3);
  });
});

describe("a fork", () => {
  /** Forks after `ms` and runs both to the end. */
  function twins(ms: number, completion: "inline" | "deferred") {
    const { channel, record } = open(cycleProgram(), completion);
    channel.runUntil(ms);
    const before = record.lines.length;
    const other = channel.fork();
    const otherRecord = listen(other, true);
    finish(channel, record, 1);
    finish(other, otherRecord, 1);
    return [record.lines.slice(before), otherRecord.lines];
  }

  test.each(["inline", "deferred"] as const)("goes on identically, %s", (completion) => {
    for (const ms of [1, 777.3, 5003.1, 36000.9, 91002.4, 95251.7, 181004]) {
      const [rest, forked] = twins(ms, completion);
      expect(rest.length).toBeGreaterThan(10);
      expect(forked).toEqual(rest);
    }
  });
});

/** Runs event by event and calls `look` at each moment at which the relay has moved. */
function watchRelay(channel: SimulatedChannel, hours: number, look: (closed: boolean) => void) {
  let closed = false;
  for (let t = 0; t < hours * 3600e3; t += 5) {
    channel.runUntil(t);
    const now = channel.world.frontend.output.wanted === WORKED;
    if (now !== closed) look(now);
    closed = now;
  }
}

describe("the relay", () => {
  test("never goes to the cell before the zero code is in the DAC", () => {
    const { channel } = open();
    let closings = 0;
    watchRelay(channel, 0.2, (closed) => {
      if (!closed) return;
      closings++;
      expect(channel.world.dac.dacRegister).toBe(32768);
      observe(channel.world);
      expect(Math.abs(channel.world.frontend.loadA)).toBeLessThan(1e-6);
    });
    expect(closings).toBeGreaterThanOrEqual(3);
  });

  test("is at rest after power-on, though the DAC starts at full negative current", () => {
    const memory = memoryOf(bare, cycleProgram());
    const channel = createSimulated({ cell: bare, seed: 1, memory });
    listen(channel);
    watchRelay(channel, 0.02, () => expect.unreachable("nobody has asked for a start"));
    expect(channel.world.cell.currentA).toBe(0);
  });
});

describe("the way out", () => {
  test("a stop opens the relay within two frames and reports the verdict last", () => {
    const { channel, record } = open();
    channel.runUntil(60e3);
    expect(channel.world.cell.currentA).not.toBe(0);
    channel.send("stop");
    channel.runUntil(62e3);
    observe(channel.world);
    expect(channel.world.cell.currentA).toBe(0);
    expect(record.verdict?.values[2]).toBe(END_STOPPED);
    const count = record.lines.length;
    channel.runUntil(80e3);
    expect(record.lines.length).toBe(count);
    expect(JSON.parse(record.lines[count - 1])).toContain("e");
  });

  test("a broken current path at the cell is a loose contact, not a void", () => {
    const { channel, record } = open(ccdProgram(bare));
    channel.runUntil(9000e3);
    channel.world.cell.areaCm2 *= 1e-7;
    finish(channel, record, 1);
    expect(record.verdict?.values[0]).toBe(VERDICT_OPEN);
    expect(record.verdict?.values[2]).toBe(END_LIMIT);
    expect(record.events.some((event) => event.code === EVENT_CONTACT)).toBe(true);
  });

  test("a brown-out of the range switch ends the run with a fault and the cell at rest", () => {
    const { channel, record } = open();
    channel.runUntil(60e3);
    channel.world.expander.registers.fill(0);
    finish(channel, record, 1);
    expect(record.events.some((event) => event.code === EVENT_FAULT)).toBe(true);
    expect(record.verdict?.values[2]).toBe(END_FAULT);
    observe(channel.world);
    expect(channel.world.cell.currentA).toBe(0);
  });
});
