// Data files of whole runs against the rules of the Battery Data Format, over losses of power too.
import { describe, expect, test } from "vitest";
import { createSimulated } from "../../boards/simulated.ts";
import type { Step } from "../../firmware/protocol.ts";
import { STEP_CURRENT, STEP_LOOP, STEP_REST, createStep } from "../../firmware/protocol.ts";
import {
  END_FINISHED,
  EVENT_GAP,
  EVENT_VERDICT,
  decodeEvent,
  decodeFrame,
} from "../../firmware/telemetry.ts";
import { breakOff, continued, createContinuation } from "../../host/continuation.ts";
import { BDF_COLUMNS, createBdfRows } from "../../host/formats/bdf-row.ts";
import { cellOf, memoryOf } from "../boards/rig.ts";
import { bdfViolations, readTable } from "./bdf-rules.ts";
import { frame } from "./scripted-link.ts";

const cell = cellOf("hNa");
const AMPERES = 5e-4;

function flow(current: number, seconds: number): Step {
  const step = { ...createStep(), kind: STEP_CURRENT, current, duration: seconds };
  return { ...step, budget: 2 * seconds };
}

const rest: Step = { ...createStep(), kind: STEP_REST, duration: 20, budget: 40 };
const loop: Step = { ...createStep(), kind: STEP_LOOP, to: 1, count: 2 };
const steps = [rest, flow(AMPERES, 40), flow(-AMPERES, 40), loop];

interface Written {
  text: string;
  outages: number;
  end: number | undefined;
}

/** A run whose processor is reset at these times, s, written down. */
function written(resetsS: readonly number[]): Written {
  const plan = resetsS.map((timeS) => ({ at: { timeS }, kind: "mcuReset" as const, value: 300 }));
  const options = { cell, seed: 5, memory: memoryOf(cell, steps), plan, framePeriodMs: 500 };
  const channel = createSimulated(options);
  const [continuation, row] = [createContinuation(), createBdfRows(cell.areaCm2, 0, steps)];
  const lines = [BDF_COLUMNS.join(",")];
  const run: Omit<Written, "text"> = { outages: 0, end: undefined };
  channel.onLine((line) => {
    const told = decodeFrame(line);
    if (told !== null) lines.push(row(continued(continuation, told)).join(","));
    const event = decodeEvent(line);
    if (event?.code === EVENT_VERDICT) run.end = event.values[2];
    if (event?.code !== EVENT_GAP) return;
    run.outages++;
    breakOff(continuation);
  });
  channel.send("start");
  channel.runUntil(900e3);
  return { ...run, text: lines.join("\n") };
}

describe("a data file keeps the rules", () => {
  const whole = written([]);

  test("over a run of two cycles", () => {
    expect(whole.end).toBe(END_FINISHED);
    expect(bdfViolations(whole.text)).toEqual([]);
    const rows = readTable(whole.text);
    expect(rows.length).toBeGreaterThan(170);
    const last = rows[rows.length - 1];
    const moved = (AMPERES * 80) / 3600;
    expect(Number(last["Charging Capacity / Ah"]) / moved).toBeCloseTo(1, 1);
    expect(Number(last["Discharging Capacity / Ah"]) / moved).toBeCloseTo(1, 1);
    const types = new Set(rows.map((row) => row["Step Type"]));
    expect([...types].sort()).toEqual(["CC_CHG", "CC_DCH", "REST"]);
    const times = rows.map((row) => Number(row["Step Time / s"]));
    expect(Math.max(...times)).toBeGreaterThan(38);
    expect(Math.max(...times)).toBeLessThan(43);
    const sums = rows.map((row) => Number(row["Step Charging Capacity / Ah"]));
    expect(Math.max(...sums) / (moved / 2)).toBeCloseTo(1, 1);
    // A symmetric cell gives nothing back.
    expect(Number(last["Charging Energy / Wh"])).toBeGreaterThan(0);
    expect(last["Discharging Energy / Wh"]).toBe("0");
  });

  test.each([[[32.3]], [[72.7]], [[32.3, 150.6]], [[5.5]]])("over losses of power at %j", (at) => {
    const cut = written(at);
    expect(cut.outages).toBe(at.length);
    expect(cut.end).toBe(END_FINISHED);
    expect(bdfViolations(cut.text)).toEqual([]);
  });
});

describe("the rules find", () => {
  const lines = (...rows: string[]): string =>
    ["Test Time / s,Voltage / V,Current / A,Cycle Count / 1", ...rows].join("\n");

  test.each([
    [lines("0,1,0,1", "1,1,0,1"), []],
    [lines("1,1,0,1", "0,1,0,1"), ["Test Time / s falls in row 1"]],
    [lines("0,1,0,2", "1,1,0,1"), ["Cycle Count / 1 falls in row 1"]],
    [lines("0,1,0,1.5"), ["Cycle Count / 1 is not a whole number"]],
    [lines("0,,0,1"), ["row 0 has holes"]],
    ["Test Time / s,Voltage / V\n0,1", ["Current / A is missing"]],
    [
      "Test Time / s,Voltage / V,Current / A,Charging Capacity / Ah,Discharging Capacity / Ah," +
        "Cumulative Capacity / Ah\n0,1,1,2,1,4",
      ["Cumulative Capacity / Ah is no sum in row 0"],
    ],
  ])("in %j", (text, found) => {
    expect(bdfViolations(text)).toEqual(found);
  });
});

describe("what a channel's account lacks after an outage", () => {
  const told = (chargeInUc: number, stepCount = 3) => frame({ chargeInUc, stepCount });

  test("stays counted", () => {
    const continuation = createContinuation();
    const charges = [10, 20, 30].map((uc) => continued(continuation, told(uc)).chargeInUc);
    breakOff(continuation);
    charges.push(...[25, 35].map((uc) => continued(continuation, told(uc)).chargeInUc));
    expect(charges).toEqual([10, 20, 30, 30, 40]);
  });

  test("is seen without a word of the outage, too", () => {
    const continuation = createContinuation();
    const counts = [10, 20, 9, 19].map((uc) => continued(continuation, told(uc)).chargeInUc);
    expect(counts).toEqual([10, 20, 20, 30]);
  });

  test("is seen by its size, before the outage is told", () => {
    const continuation = createContinuation();
    const flowing = (uc: number) => ({ ...told(uc), currentPa: 5e6 });
    const counts = [10, 20, 15, 25].map((uc) => continued(continuation, flowing(uc)).chargeInUc);
    expect(counts).toEqual([10, 20, 20, 30]);
  });

  test("is not a single frame that was damaged on its way", () => {
    const continuation = createContinuation();
    const counts = [10, 9000, 20, 30].map((uc) => continued(continuation, told(uc)).chargeInUc);
    expect(counts).toEqual([10, 9000, 20, 30]);
  });
});
