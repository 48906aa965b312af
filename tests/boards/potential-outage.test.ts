// A hold, a scan or an impedance that loses its power: what follows from it, and how it ends.
import { describe, expect, test } from "vitest";
import { createSimulated } from "../../boards/simulated.ts";
import type { Step } from "../../firmware/protocol.ts";
import { FLAG_WAIT, STEP_IMPEDANCE, STEP_SCAN, STEP_VOLTAGE } from "../../firmware/protocol.ts";
import { createStep } from "../../firmware/protocol.ts";
import * as rule from "../../firmware/resume.ts";
import { END_FINISHED, EVENT_GAP, EVENT_IMPEDANCE } from "../../firmware/telemetry.ts";
import { VERDICT_HEALTHY } from "../../firmware/telemetry.ts";
import { assertClean } from "../../sim/oracle-events.ts";
import { cellOf, listen, memoryOf } from "./rig.ts";

const BASE = { ...createStep(), budget: 1e5 };
const HOLD: Step = { ...BASE, kind: STEP_VOLTAGE, voltage: 3.42, currentMax: 1e-3, duration: 200 };
const SCAN: Step = {
  ...BASE,
  kind: STEP_SCAN,
  ...{ voltage: -0.02, voltageEnd: 0.03, rate: 5e-4, currentMax: 2e-3 },
};
const SPECTRUM: Step = {
  ...BASE,
  kind: STEP_IMPEDANCE,
  ...{ current: 1e-4, count: 3, frequency: 1, frequencyEnd: 0.05 },
};

/** Runs a step whose processor is reset at 60 s. */
function run(fullCell: boolean, step: Step) {
  const cell = cellOf("hNa", { sim: { anode: "hNa", noise: 0, shorts: false, fullCell } });
  const window = fullCell ? { voltageMinV: 2, voltageMaxV: 4 } : {};
  const memory = memoryOf(cell, [step], window);
  const plan = [{ at: { timeS: 60 }, kind: "mcuReset", value: 300 }] as const;
  const channel = createSimulated({ cell, seed: 5, memory, plan: [...plan], framePeriodMs: 200 });
  channel.world.cell.cathode.stateOfCharge = 0.5;
  const record = listen(channel, true);
  channel.send("start");
  while (record.verdict === null && channel.now() < 900e3) channel.runUntil(channel.now() + 1000);
  assertClean(channel.oracle);
  const gaps = record.events.filter(({ code }) => code === EVENT_GAP);
  return {
    record,
    decisions: gaps.map(({ values }) => values[0]),
    verdict: record.verdict?.values,
  };
}

describe("a hold of a full cell", () => {
  const { record, decisions, verdict } = run(true, HOLD);

  test("takes hold of the voltage again at once, for the time that is left", () => {
    expect(decisions).toEqual([rule.REENTER]);
    expect(verdict?.slice(0, 3)).toEqual([VERDICT_HEALTHY, -1, END_FINISHED]);
    const held = record.frames.filter(({ voltageUv, setpointPa }) => {
      return setpointPa !== 0 && Math.abs(voltageUv / 1e6 - 3.42) < 1e-3;
    });
    expect(held.length).toBeGreaterThan(193);
    expect(held.length).toBeLessThan(203);
  });

  test("waits where it is told to", () => {
    expect(run(true, { ...HOLD, flags: FLAG_WAIT }).decisions).toEqual([rule.BE_HELD]);
  });
});

test("a scan of a symmetric cell rests first, and goes on where it was", () => {
  const { record, decisions, verdict } = run(false, SCAN);
  expect(decisions).toEqual([rule.SETTLE]);
  expect(verdict?.slice(0, 3)).toEqual([VERDICT_HEALTHY, -1, END_FINISHED]);
  const driven = record.frames.filter(({ setpointPa }) => setpointPa !== 0);
  expect(driven.length).toBeGreaterThan(95);
  expect(driven.length).toBeLessThan(112);
  const last = driven[driven.length - 1];
  expect(last.voltageUv / 1e6).toBeCloseTo(0.03, 2);
});

test("an impedance begins anew", () => {
  const { record, decisions, verdict } = run(false, SPECTRUM);
  expect(decisions).toEqual([rule.SETTLE]);
  expect(verdict?.slice(0, 3)).toEqual([VERDICT_HEALTHY, -1, END_FINISHED]);
  const told = record.events.filter(({ code }) => code === EVENT_IMPEDANCE);
  const hertz = told.map(({ values }) => values[0] / 1e6);
  expect(hertz.slice(-3)).toEqual([1, 0.223607, 0.05]);
  expect(hertz.length).toBeGreaterThan(3);
});
