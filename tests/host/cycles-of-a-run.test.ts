// Cycles as told by frames against the charge at the virtual cell's terminals.
import { expect, test } from "vitest";
import { createSimulated } from "../../boards/simulated.ts";
import type { Step } from "../../firmware/protocol.ts";
import { STEP_CURRENT, STEP_LOOP, createStep } from "../../firmware/protocol.ts";
import { EVENT_STEP, EVENT_VERDICT, decodeEvent, decodeFrame } from "../../firmware/telemetry.ts";
import type { Cycle } from "../../host/cycle.ts";
import { addToCycles, createCycles, endCycles } from "../../host/cycle.ts";
import { cellOf, memoryOf } from "../boards/rig.ts";

/** About 0.8 C of its 0.11 mAh/cm², on the range of 100 µA. */
const AMPS = 9e-5;
const CYCLES = 4;

function halfCycle(current: number, changes: Partial<Step>): Step {
  return { ...createStep(), kind: STEP_CURRENT, current, budget: 8000, ...changes };
}

test(
  "a full cell's capacities and efficiencies are those at its terminals",
  { timeout: 60e3 },
  () => {
    const cell = cellOf("hNa", { sim: { anode: "hNa", noise: 0.05, fullCell: true } });
    const steps = [
      halfCycle(AMPS, { voltageMax: 3.8 }),
      halfCycle(-AMPS, { voltageMin: 2.5 }),
      { ...createStep(), kind: STEP_LOOP, target: 0, count: CYCLES },
    ];
    const memory = memoryOf(cell, steps);
    const channel = createSimulated({ cell, seed: 3, memory, oracle: true });
    const truth: [number, number][] = [];
    let over = false;
    const found: Cycle[] = [];
    const cycles = createCycles(cell.areaCm2, (cycle) => found.push(cycle));
    channel.onLine((line) => {
      const code = decodeEvent(line)?.code;
      const { chargeInC = NaN, chargeOutC = NaN } = channel.oracle ?? {};
      if (code === EVENT_STEP || code === EVENT_VERDICT) truth.push([chargeInC, chargeOutC]);
      over ||= code === EVENT_VERDICT;
      const frame = decodeFrame(line);
      if (frame !== null) addToCycles(cycles, frame);
    });
    channel.send("start");
    while (!over && channel.now() < 24 * 3600e3) channel.runUntil(channel.now() + 60e3);
    endCycles(cycles, true);

    expect(found.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
    expect(truth).toHaveLength(2 * CYCLES + 1);
    found.forEach((cycle, i) => {
      const charged = truth[2 * i + 1][0] - truth[2 * i][0];
      const discharged = truth[2 * i + 2][1] - truth[2 * i + 1][1];
      expect(charged).toBeGreaterThan(0.3);
      expect(Math.abs(cycle.charge.charge / charged - 1)).toBeLessThan(0.02);
      expect(Math.abs(cycle.discharge.charge / discharged - 1)).toBeLessThan(0.02);
      const efficiency = cycle.coulombicEfficiency ?? NaN;
      expect(Math.abs(efficiency - discharged / charged)).toBeLessThan(0.0005);
      expect(cycle.energyEfficiency ?? NaN).toBeGreaterThan(0.9);
      expect(cycle.energyEfficiency ?? NaN).toBeLessThan(efficiency);
      expect(Math.abs((cycle.charge.endVolts ?? NaN) - 3.8)).toBeLessThan(0.05);
    });
  },
);
