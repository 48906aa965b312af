// Steps that hold or sweep a voltage, in whole runs through chip registers; the oracle watches.
import { describe, expect, test } from "vitest";
import type { SimulatedChannel, SimulatedOptions } from "../../boards/simulated.ts";
import { createSimulated } from "../../boards/simulated.ts";
import { FAULT_PROTOCOL } from "../../firmware/fault.ts";
import { LIVE } from "../../firmware/loop.ts";
import type { Step } from "../../firmware/protocol.ts";
import { STEP_CURRENT, STEP_REST, STEP_SCAN, STEP_VOLTAGE } from "../../firmware/protocol.ts";
import { createStep } from "../../firmware/protocol.ts";
import type { FrameMessage } from "../../firmware/telemetry.ts";
import { END_FAULT, END_FINISHED, END_LIMIT, END_SHORT } from "../../firmware/telemetry.ts";
import { EVENT_FAULT, EVENT_SHORT, EVENT_STEP, VERDICT_HARD } from "../../firmware/telemetry.ts";
import { EVENT_UNDECIDABLE, VERDICT_HEALTHY } from "../../firmware/telemetry.ts";
import { assertClean } from "../../sim/oracle-events.ts";
import { WORKED } from "../../sim/contacts.ts";
import type { CellInput } from "../../sim/cell-state.ts";
import { cellOf, listen, memoryOf } from "./rig.ts";

/** C/2 of the full cell, A. */
const HALF_C = 0.5 * 0.11177e-3 * 0.9747;
const BASE = { ...createStep(), budget: 1e5 };

function hold(voltage: number, currentMax: number, duration: number): Step {
  return { ...BASE, kind: STEP_VOLTAGE, voltage, currentMax, duration };
}

function scan(voltage: number, voltageEnd: number, rate: number, currentMax: number): Step {
  return { ...BASE, kind: STEP_SCAN, voltage, voltageEnd, rate, currentMax };
}

const REST: Step = { ...BASE, kind: STEP_REST, duration: 30 };

function fullCell(): CellInput {
  return cellOf("hNa", { sim: { anode: "hNa", noise: 0.05, shorts: false, fullCell: true } });
}

function symmetric(anode: "hNa" | "bareNa"): CellInput {
  return cellOf(anode, { sim: { anode, noise: 0, shorts: false } });
}

type Look = (channel: SimulatedChannel) => void;

interface Setting extends Partial<SimulatedOptions> {
  /** Of a full cell. */
  stateOfCharge?: number;
  /** Looks at the channel so often, ms. */
  everyMs?: number;
}

/** Runs the steps to the end; without errors of the parts, so that what is read is what is. */
function run(cell: CellInput, steps: Step[], setting: Setting = {}, look: Look = () => undefined) {
  const { stateOfCharge, everyMs = 1000, ...options } = setting;
  const memory = memoryOf(cell, steps);
  const ideal = { errors: 0, oracle: true };
  const channel = createSimulated({ cell, seed: 1, memory, ...ideal, ...options });
  if (stateOfCharge !== undefined) channel.world.cell.cathode.stateOfCharge = stateOfCharge;
  const record = listen(channel, true);
  channel.send("start");
  while (record.verdict === null && channel.now() < 4 * 3600e3) {
    channel.runUntil(channel.now() + everyMs);
    look(channel);
  }
  assertClean(channel.oracle);
  const codes = record.events.map(({ code }) => code);
  return { channel, record, codes, verdict: record.verdict?.values ?? [] };
}

/** Frames of a step while it drives the cell. */
function flowing(record: { frames: FrameMessage[] }, step: number): FrameMessage[] {
  const frames = record.frames.filter((frame) => frame.step === step);
  return frames.filter(({ setpointPa, currentPa }) => setpointPa !== 0 && currentPa !== 0);
}

describe.each([200, 1000])("CC-CV of the full cell at C/2, frames of %i ms", (framePeriodMs) => {
  const charge = { ...BASE, kind: STEP_CURRENT, current: HALF_C, voltageMax: 3.8 };
  let overshoot = -Infinity;
  let largest = 0;
  const seen = run(
    fullCell(),
    [charge, hold(3.8, HALF_C, 300)],
    { framePeriodMs, stateOfCharge: 0.9, everyMs: 50 },
    ({ world, shell }) => {
      const { loop } = shell.channel;
      overshoot = Math.max(overshoot, world.cell.voltageV - 3.8);
      if (loop.tracking !== 0) largest = Math.max(largest, Math.abs(world.cell.currentA));
    },
  );
  const frames = flowing(seen.record, 1);

  test("ends by itself, healthy, its voltage over by less than 5 mV", () => {
    expect(seen.verdict.slice(0, 3)).toEqual([VERDICT_HEALTHY, -1, END_FINISHED]);
    expect(overshoot).toBeLessThan(0.005);
    expect(largest).toBeLessThan(1.002 * HALF_C);
  });

  test("holds the voltage, while the current fades to less than 1 %", () => {
    const last = frames.slice(-100);
    // 1 % of the current, and for single frames of the range's full scale.
    const mean = last.reduce((sum, { currentPa }) => sum + currentPa / 1e12, 0) / last.length;
    expect(Math.abs(mean)).toBeLessThan(0.01 * HALF_C);
    for (const frame of last) {
      expect(Math.abs(frame.voltageUv - 3.8e6)).toBeLessThan(500);
      expect(Math.abs(frame.currentPa) / 1e12).toBeLessThan(1e-6);
    }
    expect(frames[0].currentPa).toBeGreaterThan(0);
    expect(frames.every((frame) => frame.direction >= 0)).toBe(true);
  });

  test("accounts charge and energy within 0.1 %", () => {
    const oracle = seen.channel.oracle;
    const last = seen.record.frames[seen.record.frames.length - 1];
    expect(last.chargeInUc / 1e6 / (oracle?.chargeInC ?? 0)).toBeCloseTo(1, 3);
  });
});

describe.each([200, 1000])("a hold from rest, frames of %i ms", (framePeriodMs) => {
  test.each([3.41, 3.45, 3.38])("of %f V on the plateau", (volts) => {
    let over = 0;
    const side = Math.sign(volts - 3.398);
    const { record, verdict } = run(
      fullCell(),
      [REST, hold(volts, 2e-3, 120)],
      { framePeriodMs, stateOfCharge: 0.3, everyMs: 50 },
      ({ world, shell }) => {
        if (shell.channel.loop.tracking === 0) return;
        over = Math.max(over, (world.cell.voltageV - volts) * side);
      },
    );
    expect(verdict[2]).toBe(END_FINISHED);
    expect(over).toBeLessThan(0.005);
    const frames = flowing(record, 1);
    const late = frames.filter(({ timeMs }) => timeMs > frames[0].timeMs + 4000);
    expect(late.length).toBeGreaterThan(100);
    for (const { voltageUv } of late) expect(Math.abs(voltageUv / 1e6 - volts)).toBeLessThan(1e-3);
  });

  test.each(["hNa", "bareNa"] as const)("of %s, both ways and at zero", (anode) => {
    const steps = [0.05, -0.05, 0, 0.002].map((volts) => hold(volts, 3e-3, 60));
    const { record, verdict, codes } = run(symmetric(anode), [REST, ...steps], { framePeriodMs });
    expect(verdict.slice(0, 3)).toEqual([VERDICT_HEALTHY, -1, END_FINISHED]);
    expect(codes).not.toContain(EVENT_SHORT);
    // Step, dips and slope cannot speak, and say so once.
    expect(codes.filter((code) => code === EVENT_UNDECIDABLE).length).toBeLessThanOrEqual(5);
    steps.forEach(({ voltage }, i) => {
      const last = flowing(record, i + 1).slice(-30);
      expect(last).toHaveLength(30);
      for (const { voltageUv } of last) expect(voltageUv / 1e6).toBeCloseTo(voltage, 3);
    });
  });
});

test("a hold goes to a finer range where its current has become small, and stays there", () => {
  const ranges: number[] = [];
  const { verdict } = run(
    fullCell(),
    [hold(3.75, 2e-3, 600)],
    { stateOfCharge: 0.97, everyMs: 200 },
    ({ shell }) => {
      const { loop } = shell.channel;
      if (loop.rung === LIVE && loop.range !== ranges[ranges.length - 1]) ranges.push(loop.range);
    },
  );
  expect(verdict[2]).toBe(END_FINISHED);
  expect(ranges[0]).toBe(3);
  expect(ranges).toEqual([...new Set(ranges)].sort((a, b) => b - a));
});

describe.each([1e-3, 1e-2])("a scan at %f V/s", (rate) => {
  const steps = [REST, scan(-0.05, 0.05, rate, 2e-3), scan(0.05, -0.05, rate, 2e-3)];
  const switched: number[] = [];
  const seen = run(
    symmetric("bareNa"),
    steps,
    { framePeriodMs: 200, everyMs: 20 },
    ({ world, shell }) => {
      const { loop, run: course } = shell.channel;
      const open = world.frontend.output.position !== WORKED;
      if (loop.rung === LIVE && open) switched.push(course.schedule.index);
    },
  );

  test("passes zero with the relay closed, both ways", () => {
    expect(seen.verdict.slice(0, 3)).toEqual([VERDICT_HEALTHY, -1, END_FINISHED]);
    expect(switched).toEqual([]);
    for (const step of [1, 2]) {
      const frames = flowing(seen.record, step);
      const sides = frames.map(({ currentPa }) => Math.sign(currentPa));
      expect(sides[0]).not.toBe(sides[sides.length - 1]);
    }
  });

  test("goes along its line within 1 mV, and ends at its end", () => {
    for (const [step, sign] of [
      [1, 1],
      [2, -1],
    ]) {
      const frames = flowing(seen.record, step).slice(3);
      const end = frames[frames.length - 1];
      expect(frames.length).toBeGreaterThan(5);
      for (const { timeMs, voltageUv } of frames.slice(2)) {
        const line = end.voltageUv / 1e6 - (sign * rate * (end.timeMs - timeMs)) / 1000;
        expect(Math.abs(voltageUv / 1e6 - line)).toBeLessThan(1e-3 + rate * 0.02);
      }
      expect(Math.abs(end.voltageUv / 1e6 - sign * 0.05)).toBeLessThan(rate * 2 + 1e-3);
    }
  });
});

describe("a hard short under constant voltage", () => {
  /** A bridge of 3 Ω cm² falls into the cell under way, at this time of the run. */
  function shorted(cell: CellInput, step: Step, setting: Setting) {
    const began = { at: 0, seenMs: 0 };
    const seen = run(cell, [step], { everyMs: 100, ...setting }, ({ world, shell, now }) => {
      const { totals, schedule } = shell.channel.run;
      const since = world.clock.nowMs / 1000 - totals.stepStartedAt;
      if (began.at === 0 && shell.channel.loop.rung === LIVE && since > 60) {
        world.cell.short.conductanceMsCm2 = 1000 / 3;
        world.cell.short.state = 3;
        began.at = now();
      }
      if (began.at > 0 && began.seenMs === 0 && schedule.phase === 0) began.seenMs = now();
    });
    return { ...seen, afterMs: began.seenMs - began.at };
  }

  test.each([0.01, 0.1, -0.05])(
    "of a symmetric cell at %f V is found within a frame or two",
    (v) => {
      const { verdict, codes, afterMs } = shorted(symmetric("hNa"), hold(v, 5e-3, 600), {});
      expect(verdict[0]).toBe(VERDICT_HARD);
      expect(verdict[2]).toBe(END_SHORT);
      expect(codes).toContain(EVENT_SHORT);
      expect(afterMs).toBeLessThan(2500);
    },
  );

  test("of a full cell takes away the voltage that was held", () => {
    const setting = { stateOfCharge: 0.5, framePeriodMs: 200 };
    const { verdict, afterMs } = shorted(fullCell(), hold(3.42, 1e-3, 600), setting);
    expect(verdict[0]).toBe(VERDICT_HARD);
    expect([END_SHORT, END_LIMIT]).toContain(verdict[2]);
    expect(afterMs).toBeLessThan(1500);
  });
});

test.each([
  ["a voltage beyond the cell's", hold(4.5, 1e-3, 60)],
  ["no current", hold(0.01, 0, 60)],
  ["a scan without pace", scan(0, 0.01, 0, 1e-3)],
  ["a scan to beyond the cell", scan(0, 4.5, 1e-3, 1e-3)],
  ["no number", hold(NaN, 1e-3, 60)],
])("a step with %s is none", (_, step) => {
  const { record, verdict, channel } = run(symmetric("hNa"), [step]);
  expect(verdict[2]).toBe(END_FAULT);
  expect(record.events.find(({ code }) => code === EVENT_FAULT)?.values).toEqual([FAULT_PROTOCOL]);
  expect(channel.oracle?.runPeakA).toBeLessThan(1e-6);
});

test("a board without the feature takes no such step", () => {
  const features = { rules: null, prover: null, witness: null };
  const { record, codes } = run(symmetric("hNa"), [hold(0.01, 1e-3, 60)], { features });
  expect(record.events.find(({ code }) => code === EVENT_FAULT)?.values).toEqual([FAULT_PROTOCOL]);
  expect(codes).not.toContain(EVENT_STEP);
});
