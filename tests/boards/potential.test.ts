// Steps that hold or sweep a voltage, in whole runs through chip registers; the oracle watches.
import { describe, expect, test } from "vitest";
import { FAULT_PROTOCOL } from "../../firmware/fault.ts";
import { LIVE } from "../../firmware/loop.ts";
import type { Step } from "../../firmware/protocol.ts";
import { END_FAULT, END_FINISHED, END_LIMIT, END_SHORT } from "../../firmware/telemetry.ts";
import { EVENT_FAULT, EVENT_SHORT, EVENT_STEP, VERDICT_HARD } from "../../firmware/telemetry.ts";
import { EVENT_UNDECIDABLE, VERDICT_HEALTHY } from "../../firmware/telemetry.ts";
import type { CellInput } from "../../sim/cell-state.ts";
import { WORKED } from "../../sim/contacts.ts";
import type { Setting } from "./held.ts";
import { REST, flowing, fullCell, hold, run, scan, symmetric } from "./held.ts";

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
