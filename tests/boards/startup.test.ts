// The start-up on the simulated bench: what it finds before a current may flow, and that nothing
// flows through the cell meanwhile.
import { describe, expect, test } from "vitest";
import type { CellInput, SimulatedChannel, SimulatedOptions } from "../../boards/simulated.ts";
import { createSimulated } from "../../boards/simulated.ts";
import { VERB_SELFTEST, decodeAnswer } from "../../firmware/console.ts";
import * as fault from "../../firmware/fault.ts";
import { LIVE } from "../../firmware/loop.ts";
import { STEP_CURRENT, createStep } from "../../firmware/protocol.ts";
import type { Step } from "../../firmware/protocol.ts";
import { RUNNING } from "../../firmware/schedule.ts";
import { CHECK_PROOF } from "../../firmware/selftest.ts";
import { EVENT_FAULT } from "../../firmware/telemetry.ts";
import { observe } from "../../sim/advance.ts";
import type { FaultPlan } from "../../sim/fault.ts";
import { cellOf, listen, memoryOf } from "./rig.ts";

const COMPLETIONS = ["inline", "deferred"] as const;
/** Sensors are there by then, ms. */
const POWERED_MS = 8000;

function steps(current = 3e-4): Step[] {
  const step = { ...createStep(), kind: STEP_CURRENT, current, duration: 60, budget: 120 };
  return [{ ...step, voltageMin: -4, voltageMax: 4 }];
}

/** A channel that has been on for a while, watched. */
function powered(plan: FaultPlan = [], options: Partial<SimulatedOptions> = {}, anode?: CellInput) {
  const cell = anode ?? cellOf("hNa");
  const memory = memoryOf(cell, steps());
  const channel = createSimulated({ cell, seed: 1, oracle: true, memory, plan, ...options });
  const record = listen(channel);
  channel.runUntil(POWERED_MS);
  return { channel, record };
}

interface Run {
  readonly channel: SimulatedChannel;
  readonly record: ReturnType<typeof listen>;
}

/** Starts and goes on until the run is live or has ended; the largest current in the cell with the
 *  relay told to rest until then, A, and its charge, C. */
function startUp({ channel, record }: Run, seconds = 20) {
  channel.send("start");
  const { world } = channel;
  const events = record.events.length;
  const begun = channel.now();
  let largest = 0;
  let charge = 0;
  for (let at = begun; at < begun + seconds * 1000; at += 1) {
    channel.runUntil(at);
    observe(world);
    const { loop, run } = channel.shell.channel;
    if (loop.rung === LIVE && loop.setpoint !== 0 && run.schedule.phase === RUNNING) break;
    if (!world.keepAlive.relayWanted) {
      largest = Math.max(largest, Math.abs(world.cell.currentA));
      charge += Math.abs(world.cell.currentA) / 1000;
    }
    const [found] = record.events.slice(events).filter(({ code }) => code === EVENT_FAULT);
    if (found !== undefined) return { fault: found.values[0], largest, charge };
  }
  return { fault: 0, largest, charge };
}

describe.each(COMPLETIONS)("the start-up, %s", (completion) => {
  test("finds nothing on sound channels, and sends nothing through the cell", () => {
    for (let seed = 1; seed <= 6; seed++) {
      for (const noise of [0, 1, 3]) {
        const run = powered([], { seed, noise, completion });
        const { fault: found, largest } = startUp(run);
        expect([seed, noise, found]).toEqual([seed, noise, 0]);
        expect(largest).toBeLessThan(1e-8);
        expect(run.channel.oracle?.violations).toEqual([]);
      }
    }
  });

  test("finds a relay that is welded to the cell, by one frame of 2 % of full scale", () => {
    const plan: FaultPlan = [{ at: { timeS: 12 }, kind: "weld", target: "output" }];
    const run = powered(plan, { completion });
    expect(startUp(run).fault).toBe(0);
    run.channel.runUntil(14_000);
    run.channel.send("stop");
    run.channel.runUntil(20_000);
    const { fault: found, largest, charge } = startUp(run);
    expect(found).toBe(fault.FAULT_WELD);
    expect(largest).toBeGreaterThan(1e-5);
    expect(largest).toBeLessThan(2.1e-5);
    expect(charge).toBeLessThan(2.1e-5 * 0.15);
    run.channel.runUntil(run.channel.now() + 5000);
    expect(Math.abs(run.channel.world.cell.currentA)).toBeLessThan(1e-6);
    expect(run.channel.oracle?.violations).toEqual([]);
  });

  test.each(["range0", "range1", "range2", "range3"])("finds %s 5 % off, and not 1 %", (target) => {
    for (const [value, expected] of [
      [0.05, fault.FAULT_RANGES],
      [-0.05, fault.FAULT_RANGES],
      [0.01, 0],
      [-0.01, 0],
    ]) {
      const plan: FaultPlan = [{ at: { timeS: 1 }, kind: "senseResistor", target, value }];
      const { fault: found, largest } = startUp(powered(plan, { completion }));
      expect([value, found]).toEqual([value, expected]);
      expect(largest).toBeLessThan(1e-8);
    }
  });

  test.each([
    ["the dummy is never shown", { kind: "monitorStuck", value: 0 }, fault.FAULT_WELD],
    ["the cell is never shown", { kind: "monitorStuck", value: 1 }, fault.FAULT_WELD],
    [
      "the measuring reference is 5 % off",
      { kind: "referenceDrift", target: "adc", value: 0.05 },
      fault.FAULT_FOLLOW,
    ],
    [
      "the set-point's reference is 5 % off",
      { kind: "referenceDrift", target: "dac", value: 0.05 },
      fault.FAULT_LEAK,
    ],
    ["a sense lead is off", { kind: "leadOpen", target: "sense" }, fault.FAULT_CONTACT],
    ["a current lead is off", { kind: "leadOpen", target: "current" }, fault.FAULT_CONTACT],
    [
      "no set-point converter answers",
      { kind: "nack", target: "dac", count: 1e6 },
      fault.FAULT_BUS,
    ],
    ["no converter answers", { kind: "nack", target: "adc", count: 1e6 }, fault.FAULT_BUS],
    ["no range switch answers", { kind: "nack", target: "range", count: 1e6 }, fault.FAULT_BUS],
    ["the load cell is silent", { kind: "nack", target: "loadCell", count: 1e6 }, fault.FAULT_BUS],
  ] as const)("refuses where %s", (_, entry, expected) => {
    const plan: FaultPlan = [{ ...entry, at: { timeS: 7 } }];
    const run = powered(plan, { completion });
    const { fault: found, largest } = startUp(run, 60);
    expect(found).toBe(expected);
    expect(largest).toBeLessThan(1e-8);
    expect(run.channel.oracle?.violations).toEqual([]);
  });
});

test("a weld to a cell that resists as much as the dummy is found by the cell's voltage", () => {
  const standard = cellOf("hNa");
  const electrolyte = { ...standard.electrolyte, conductivitySPerCm: 0.0041 / 24 };
  const plan: FaultPlan = [{ at: { timeS: 12 }, kind: "weld", target: "output" }];
  const run = powered(plan, {}, { ...standard, electrolyte });
  expect(startUp(run).fault).toBe(0);
  run.channel.runUntil(14_000);
  run.channel.send("stop");
  run.channel.runUntil(40_000);
  const { fault: found, charge } = startUp(run);
  expect(found).toBe(fault.FAULT_WELD);
  expect(charge).toBeGreaterThan(1e-6);
  expect(charge).toBeLessThan(2.1e-5 * 0.15);
  expect(run.channel.oracle?.violations).toEqual([]);
});

describe("a self-test", () => {
  function selftest(plan: FaultPlan) {
    const { channel } = powered(plan);
    const answers: number[][] = [];
    channel.onLine((text) => {
      const answer = decodeAnswer(text);
      if (answer?.verb === VERB_SELFTEST) answers.push(answer.values);
    });
    channel.send("selftest");
    channel.runUntil(channel.now() + 5000);
    expect(answers).toHaveLength(1);
    return { answer: answers[0], channel };
  }

  test("makes the same proof, and nothing latches where it is passed", () => {
    const { answer, channel } = selftest([]);
    expect([answer[0], answer[5]]).toEqual([0, 0]);
    expect(channel.shell.channel.loop.test).toBe(0);
  });

  test("latches what it finds, so that nothing starts before it is cleared", () => {
    const plan: FaultPlan = [
      { at: { timeS: 1 }, kind: "senseResistor", target: "range3", value: 0.05 },
    ];
    const { answer, channel } = selftest(plan);
    expect([answer[0], answer[5]]).toEqual([CHECK_PROOF, fault.FAULT_RANGES]);
    expect(channel.shell.channel.guard.fault).toBe(fault.FAULT_RANGES);
    expect(channel.world.frontend.monitor.shown).toBe(0);
  });

  test("is broken off by a stop, at zero code with the cell shown", () => {
    const { channel } = powered();
    channel.send("selftest");
    while (channel.shell.channel.loop.test < 6) channel.runUntil(channel.now() + 10);
    expect(channel.shell.channel.loop.test).toBeGreaterThan(0);
    channel.send("stop");
    channel.runUntil(channel.now() + 200);
    expect(channel.shell.channel.loop.test).toBe(0);
    expect(channel.world.frontend.monitor.shown).toBe(0);
    expect(Math.abs(channel.world.frontend.loadA)).toBeLessThan(1e-6);
  });
});
