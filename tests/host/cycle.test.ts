import { describe, expect, test } from "vitest";
import { cycleHeader, cycleRow, cycleWords, cycleRecord } from "../../host/cycle-record.ts";
import type { Cycle } from "../../host/cycle.ts";
import { addToCycles, createCycles, endCycles } from "../../host/cycle.ts";
import type { FrameMessage } from "../../firmware/telemetry.ts";
import { frame } from "./scripted-link.ts";

const AREA = 0.5;
const AMPS = 1e-4;

/** A cell of `ohms` behind `restVolts`, a frame a second, charged and discharged for so long, with
 *  a pause of a second at rest between. */
function cycled(cycles: [chargeS: number, dischargeS: number][], restVolts = 0, ohms = 200) {
  const frames: FrameMessage[] = [];
  let [timeMs, stepCount, chargeInUc, chargeOutUc] = [0, 0, 0, 0];
  const say = (cycleCount: number, direction: number): void => {
    const voltageUv = 1e6 * (restVolts + direction * AMPS * ohms);
    const currentPa = direction * AMPS * 1e12;
    const sums = { chargeInUc, chargeOutUc };
    frames.push(
      frame({
        ...{ timeMs, stepCount, cycleCount, direction, voltageUv, currentPa },
        ...{ setpointPa: currentPa, ...sums },
      }),
    );
  };
  say(1, 0);
  cycles.forEach((seconds, i) => {
    for (const half of [0, 1]) {
      stepCount++;
      for (let s = 1; s <= seconds[half]; s++) {
        timeMs += 1000;
        if (half === 0) chargeInUc += AMPS * 1e6;
        else chargeOutUc += AMPS * 1e6;
        say(i + 1, half === 0 ? 1 : -1);
      }
      timeMs += 1000;
      say(i + 1, 0);
    }
  });
  return frames;
}

function cyclesOf(frames: readonly FrameMessage[], whole = true): Cycle[] {
  const found: Cycle[] = [];
  const cycles = createCycles(AREA, (cycle) => found.push(cycle));
  for (const one of frames) addToCycles(cycles, one);
  endCycles(cycles, whole);
  return found;
}

describe("cycles of a run", () => {
  test("have the charge, energy and voltages of both directions", () => {
    const [first, second, ...more] = cyclesOf(
      cycled(
        [
          [100, 90],
          [80, 80],
        ],
        3,
      ),
    );
    expect(more).toEqual([]);
    expect([first.number, second.number]).toEqual([1, 2]);
    expect(first.charge.charge).toBeCloseTo(0.01, 12);
    expect(first.discharge.charge).toBeCloseTo(0.009, 12);
    expect(first.coulombicEfficiency).toBeCloseTo(0.9, 9);
    expect(second.coulombicEfficiency).toBeCloseTo(1, 9);
    expect(first.charge.energy).toBeCloseTo(0.01 * 3.02, 12);
    expect(first.discharge.energy).toBeCloseTo(0.009 * 2.98, 12);
    expect(first.energyEfficiency).toBeCloseTo((0.9 * 2.98) / 3.02, 9);
    expect([first.charge.meanVolts, first.charge.endVolts]).toEqual([
      expect.closeTo(3.02, 9),
      expect.closeTo(3.02, 9),
    ]);
    expect(first.discharge.endVolts).toBeCloseTo(2.98, 9);
    expect(first.charge.arealOhm).toBeCloseTo(100, 9);
    expect([first.beganMs, first.endedMs, second.endedMs]).toEqual([0, 192e3, 354e3]);
  });

  test("have no energy efficiency where the cell gives none back", () => {
    const [only] = cyclesOf(cycled([[50, 50]]));
    expect(only.coulombicEfficiency).toBeCloseTo(1, 9);
    expect(only.energyEfficiency).toBeNull();
    expect(only.discharge.meanVolts).toBeCloseTo(-0.02, 9);
  });

  test("that are broken off have no efficiency", () => {
    const [first, second] = cyclesOf(
      cycled([
        [50, 50],
        [50, 7],
      ]),
      false,
    );
    expect(first.coulombicEfficiency).toBeCloseTo(1, 9);
    expect(second.coulombicEfficiency).toBeNull();
    expect(second.discharge.charge).toBeCloseTo(7e-4, 12);
  });

  test("of one direction have no efficiency either, and rests are none", () => {
    const [only] = cyclesOf(cycled([[50, 0]]));
    expect([only.coulombicEfficiency, only.discharge.meanVolts]).toEqual([null, null]);
    expect(cyclesOf([frame(), frame({ timeMs: 1e6 })])).toEqual([]);
    expect(cyclesOf([])).toEqual([]);
  });

  test("lose nothing where lines were lost", () => {
    const frames = cycled([[100, 90]]);
    const holed = frames.filter((_, i) => i < 20 || i > 60);
    expect(cyclesOf(holed)[0].coulombicEfficiency).toBeCloseTo(0.9, 9);
  });
});

test("a cycle is a row of amperes, and an event per area", () => {
  const [only] = cyclesOf(cycled([[3600, 1800]], 3));
  const row =
    "1,0,5402,0.0001,0.00005,0.5,0.000302,0.000149,0.493377,3.02,2.98,3.02,2.98,100,100,1";
  expect(cycleRow(only, { areaCm2: AREA })).toBe(`${row}\n`);
  const record = cycleRecord(only, { areaCm2: AREA });
  expect(record).toEqual({
    ...{ t: 5402, event: "cycle", cycle: 1, chargeMahCm2: 0.2, dischargeMahCm2: 0.1 },
    ...{ coulombicEfficiency: 0.5, energyEfficiency: 0.493377, capacityRetention: 1 },
    ...{ chargeArealOhmCm2: 100, dischargeArealOhmCm2: 100 },
  });
  expect(cycleWords(record)).toBe("charge 0.2, discharge 0.1 mAh/cm², coulombic efficiency 50 %");
  expect(cycleHeader({ areaCm2: AREA }).split(",")).toHaveLength(row.split(",").length);
});

test("a cell of known active mass has capacities a gram too", () => {
  const [first, second] = cyclesOf(
    cycled(
      [
        [3600, 3600],
        [3600, 2700],
      ],
      3,
    ),
  );
  const electrode = { areaCm2: AREA, activeMassMg: 0.8 };
  const header = cycleHeader(electrode).trimEnd().split(",");
  expect(header.slice(-3)).toEqual([
    "Capacity Retention / 1",
    "Specific Charging Capacity / mAh g-1",
    "Specific Discharging Capacity / mAh g-1",
  ]);
  expect(cycleRow(first, electrode).trimEnd().split(",").slice(-3)).toEqual(["1", "125", "125"]);
  const row = cycleRow(second, electrode).trimEnd().split(",");
  expect(row).toHaveLength(header.length);
  expect(row.slice(-3)).toEqual(["0.75", "125", "93.75"]);
  const record = cycleRecord(second, electrode);
  expect(record).toMatchObject({ chargeMahPerG: 125, dischargeMahPerG: 93.75 });
  expect(record.capacityRetention).toBeCloseTo(0.75, 9);
  expect(cycleWords(record)).toContain("discharge 0.15 mAh/cm² (93.75 mAh/g), coulombic");
});
