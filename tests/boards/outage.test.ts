// A run that loses its power, through chip registers: what the board finds in the journal and at
// the cell decides what follows, and is told.
import { describe, expect, test } from "vitest";
import type { SimulatedChannel } from "../../boards/simulated.ts";
import { MEMORY_AREAS, createSimulated } from "../../boards/simulated.ts";
import * as fault from "../../firmware/fault.ts";
import type { Step } from "../../firmware/protocol.ts";
import {
  FLAG_WAIT,
  PROTOCOL_HEADER_BYTES,
  STEP_CURRENT,
  STEP_REST,
} from "../../firmware/protocol.ts";
import { createStep } from "../../firmware/protocol.ts";
import { createWhole, encodeProgram } from "../../firmware/encode.ts";
import * as rule from "../../firmware/resume.ts";
import { HELD, IDLE, RUNNING } from "../../firmware/schedule.ts";
import { END_FAULT, END_FINISHED, END_LIMIT } from "../../firmware/telemetry.ts";
import { EVENT_FAULT, EVENT_GAP, EVENT_HOLD, EVENT_RESUME } from "../../firmware/telemetry.ts";
import { crc32 } from "../../hal/memory/crc32.ts";
import { observe } from "../../sim/advance.ts";
import type { FaultEntry, FaultPlan } from "../../sim/fault.ts";
import { ccdProgram, cellOf, listen, memoryOf } from "./rig.ts";
import type { Record } from "./rig.ts";

const cell = cellOf("hNa");
const CURRENT = 5e-4;
const BOOT_MS = 300;
const PERIOD_MS = 500;

function rest(seconds: number): Step {
  return { ...createStep(), kind: STEP_REST, duration: seconds, budget: 2 * seconds };
}

function charge(seconds: number, changes: Partial<Step> = {}): Step {
  const step = { ...createStep(), kind: STEP_CURRENT, current: CURRENT, duration: seconds };
  return { ...step, budget: 2 * seconds, ...changes };
}

/** While the board is off the clamp loses two thirds of its force. */
const LOOSE: FaultEntry = { at: { timeS: 35.1 }, kind: "forceSaturation", value: 0.2 };

interface Bench {
  channel: SimulatedChannel;
  record: Record;
}

/** A run of `steps` whose processor is reset at these times, s. */
function runOf(steps: Step[], resetsS: number[], more: FaultPlan = []): Bench {
  const resets: FaultPlan = resetsS.map((timeS) => ({
    ...{ at: { timeS }, kind: "mcuReset", value: BOOT_MS },
  }));
  const plan = [...resets, ...more];
  const memory = memoryOf(cell, steps);
  const options = { cell, seed: 5, memory, plan, framePeriodMs: PERIOD_MS };
  const channel = createSimulated(options);
  const record = listen(channel);
  channel.send("start");
  return { channel, record };
}

function valuesOf(record: Record, code: number): number[][] {
  return record.events.filter((event) => event.code === code).map(({ values }) => values);
}

/** What followed from each outage, and what had been found. */
function decisionsOf(record: Record): number[][] {
  return valuesOf(record, EVENT_GAP).map(([then, found]) => [then, found]);
}

function currentOf({ world }: SimulatedChannel): number {
  observe(world);
  return world.cell.currentA;
}

const phaseOf = ({ shell }: SimulatedChannel): number => shell.channel.run.schedule.phase;
const faultOf = ({ shell }: SimulatedChannel): number => shell.channel.guard.fault;

function expectClean({ oracle }: SimulatedChannel): void {
  expect(oracle?.violations).toEqual([]);
}

describe("after a loss of power", () => {
  test("a rest goes on with the time that is left", () => {
    const { channel, record } = runOf([rest(60)], [30]);
    channel.runUntil(120e3);
    expect(decisionsOf(record)).toEqual([[rule.GO_ON, rule.FOUND_SAME]]);
    expect(record.verdict?.values[2]).toBe(END_FINISHED);
    // Its run time goes on while the board waits for the load cell, which it asks once a second,
    // some eight seconds.
    const seconds = (record.verdict?.timeMs ?? 0) / 1000;
    expect(seconds).toBeGreaterThan(60);
    expect(seconds).toBeLessThan(73);
    expectClean(channel);
  });

  test("a current rests a minute first, then takes what is left of its charge", () => {
    const { channel, record } = runOf([charge(60)], [35]);
    channel.runUntil(80e3);
    expect(phaseOf(channel)).toBe(HELD);
    expect(currentOf(channel)).toBeCloseTo(0, 12);
    channel.runUntil(200e3);
    expect(decisionsOf(record)).toEqual([[rule.SETTLE, rule.FOUND_SAME]]);
    expect(valuesOf(record, EVENT_GAP)[0][2]).toBe(0);
    expect(valuesOf(record, EVENT_GAP)[0][3]).toBeCloseTo(CURRENT * 1e6, -2);
    expect(valuesOf(record, EVENT_RESUME)).toHaveLength(1);
    expect(record.verdict?.values[2]).toBe(END_FINISHED);
    const { chargeIn } = channel.shell.channel.run.totals;
    // Of its time 0.36 s each are the way to the cell, which is gone twice.
    expect(chargeIn / (CURRENT * (60 - 2 * 0.36))).toBeCloseTo(1, 2);
    expectClean(channel);
  });

  test("a step that says so waits for the operator, over another outage too, and goes on", () => {
    const { channel, record } = runOf([charge(60, { flags: FLAG_WAIT })], [35, 100]);
    channel.runUntil(180e3);
    const held = [rule.BE_HELD, rule.FOUND_SAME];
    expect(decisionsOf(record)).toEqual([held, held]);
    expect(valuesOf(record, EVENT_HOLD)).toHaveLength(2);
    expect(phaseOf(channel)).toBe(HELD);
    channel.send("resume");
    channel.runUntil(183e3);
    expect(phaseOf(channel)).toBe(RUNNING);
    channel.runUntil(240e3);
    expect(record.verdict?.values[2]).toBe(END_FINISHED);
    expectClean(channel);
  });

  test("a staircase is held in its half cycle; resumed, it finds the same as without", () => {
    const unit = 1e-3 * cell.areaCm2;
    const steps = ccdProgram(cell, 0.3, { charge: 0.1 * unit * 60, current: 0.1 * unit }).slice(1);
    const whole = runOf(steps, []);
    whole.channel.runUntil(900e3);
    const cut = runOf(steps, [100]);
    cut.channel.runUntil(150e3);
    expect(decisionsOf(cut.record)).toEqual([[rule.BE_HELD, rule.FOUND_SAME]]);
    expect(cut.channel.shell.channel.run.ccd).toMatchObject({ level: 0, half: 1, used: true });
    cut.channel.send("resume");
    cut.channel.runUntil(900e3);
    const [a, b] = [whole.record.verdict?.values ?? [], cut.record.verdict?.values ?? []];
    expect(a.slice(0, 9)).toEqual(b.slice(0, 9));
    expect(b[9] / a[9]).toBeCloseTo(1, 2);
    expectClean(cut.channel);
  });

  test("another cell ends the run", () => {
    const { channel, record } = runOf([charge(60)], [35]);
    channel.runUntil(35.1e3);
    channel.world.cell.temperatureC += 15;
    channel.runUntil(120e3);
    const found = rule.FOUND_SAME | rule.FOUND_UNFIT;
    expect(decisionsOf(record)).toEqual([[rule.GIVE_UP, found]]);
    expect(valuesOf(record, EVENT_FAULT)).toEqual([[fault.FAULT_OTHER_CELL]]);
    expect(record.verdict?.values[2]).toBe(END_FAULT);
    expect(phaseOf(channel)).toBe(IDLE);
    expectClean(channel);
  });

  test("another program ends the run, once: the next start is idle", () => {
    const { channel, record } = runOf([charge(60)], [35, 80]);
    channel.runUntil(34e3);
    const other = encodeProgram([charge(60), createStep()], createWhole(), 77, crc32);
    const header = other.subarray(0, PROTOCOL_HEADER_BYTES);
    channel.world.fram.memory.set(header, MEMORY_AREAS.protocol);
    channel.runUntil(120e3);
    expect(valuesOf(record, EVENT_FAULT)).toEqual([[fault.FAULT_PROTOCOL]]);
    expect(record.verdict?.values[2]).toBe(END_FAULT);
    expect(phaseOf(channel)).toBe(IDLE);
    expect(faultOf(channel)).toBe(0);
    expectClean(channel);
  });

  test("the third time in ten minutes the run is held, until someone has looked", () => {
    const { channel, record } = runOf([rest(300)], [30, 45, 60]);
    channel.runUntil(110e3);
    const going = [rule.GO_ON, rule.FOUND_SAME];
    expect(decisionsOf(record)).toEqual([going, going, [rule.BE_HELD, rule.FOUND_BOOT_LOOP]]);
    expect(phaseOf(channel)).toBe(HELD);
    expect(faultOf(channel)).toBe(fault.FAULT_BOOT_LOOP);
    channel.send("resume");
    channel.runUntil(115e3);
    expect(phaseOf(channel)).toBe(RUNNING);
    expect(faultOf(channel)).toBe(0);
    channel.runUntil(500e3);
    expect(record.verdict?.values[2]).toBe(END_FINISHED);
    expectClean(channel);
  });

  test("a clamp that is loose then keeps the run from going on", () => {
    const { channel, record } = runOf([charge(60)], [35], [LOOSE]);
    channel.runUntil(120e3);
    expect(decisionsOf(record)).toEqual([]);
    expect(valuesOf(record, EVENT_FAULT)).toEqual([[fault.FAULT_F_LOW]]);
    expect(record.verdict?.values[2]).toBe(END_LIMIT);
    expectClean(channel);
  });

  test("a run that is over stays over", () => {
    const { channel, record } = runOf([rest(10)], [60]);
    channel.runUntil(90e3);
    expect(decisionsOf(record)).toEqual([]);
    expect(phaseOf(channel)).toBe(IDLE);
    channel.send("start");
    channel.runUntil(120e3);
    expect(record.events.filter(({ code }) => code === 8)).toHaveLength(2);
  });
});

describe("a memory that refuses", () => {
  function refusing(count: number): Bench {
    const memory = memoryOf(cell, [charge(60)]);
    const plan: FaultPlan = [{ at: { timeS: 20 }, kind: "memoryProgram", count }];
    const channel = createSimulated({ cell, seed: 5, memory, plan, framePeriodMs: PERIOD_MS });
    const record = listen(channel);
    channel.send("start");
    channel.runUntil(120e3);
    return { channel, record };
  }

  test("twice is written to again, and the run goes on", () => {
    const { channel, record } = refusing(2);
    expect(record.verdict?.values[2]).toBe(END_FINISHED);
    expectClean(channel);
  });

  test("for good ends the run", () => {
    const { channel, record } = refusing(1e6);
    expect(valuesOf(record, EVENT_FAULT)).toEqual([[fault.FAULT_JOURNAL]]);
    expect(record.verdict?.values[2]).toBe(END_FAULT);
    expect(currentOf(channel)).toBeCloseTo(0, 12);
    expectClean(channel);
  });
});
