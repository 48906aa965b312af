// Impedance steps in whole runs through chip registers, against the model's own impedance.
import { describe, expect, test } from "vitest";
import { CIRCUIT, createSimulated } from "../../boards/simulated.ts";
import { FAULT_PROTOCOL } from "../../firmware/fault.ts";
import type { Step } from "../../firmware/protocol.ts";
import { STEP_IMPEDANCE, STEP_REST, createStep } from "../../firmware/protocol.ts";
import { END_FINISHED, EVENT_FAULT, EVENT_IMPEDANCE } from "../../firmware/telemetry.ts";
import { VERDICT_HEALTHY } from "../../firmware/telemetry.ts";
import { eventRecord } from "../../host/event-record.ts";
import type { CellInput } from "../../sim/cell-state.ts";
import { impedanceOf } from "../../sim/impedance.ts";
import { assertClean } from "../../sim/oracle-events.ts";
import { cellOf, listen, memoryOf } from "./rig.ts";

const BASE = { ...createStep(), budget: 1e5 };
const REST: Step = { ...BASE, kind: STEP_REST, duration: 30 };
/** A board's shortest period, ms. */
const LEAST_MS = 50;

function spectrum(current: number, changes: Partial<Step> = {}): Step {
  const range = { count: 5, frequency: 1, frequencyEnd: 0.01 };
  return { ...BASE, kind: STEP_IMPEDANCE, current, ...range, ...changes };
}

function cell(anode: "hNa" | "bareNa", fullCell: boolean): CellInput {
  return cellOf(anode, { sim: { anode, noise: 0, shorts: false, fullCell } });
}

function run(input: CellInput, step: Step, stateOfCharge = 0) {
  const memory = memoryOf(input, [REST, step]);
  const capabilities = { framePeriodMinMs: LEAST_MS };
  const options = { cell: input, seed: 1, memory, errors: 0, oracle: true, framePeriodMs: 200 };
  const channel = createSimulated({ ...options, capabilities });
  channel.world.cell.cathode.stateOfCharge = stateOfCharge;
  const record = listen(channel, true);
  channel.send("start");
  while (record.verdict === null && channel.now() < 3600e3) channel.runUntil(channel.now() + 1000);
  assertClean(channel.oracle);
  const points = record.events
    .filter(({ code }) => code === EVENT_IMPEDANCE)
    .map(({ values }) => values.map((value) => value / 1e6));
  return { channel, record, points, verdict: record.verdict?.values ?? [] };
}

/** Readings of a point, at least (firmware/impedance.ts). */
const READINGS = 40;

/** Of an impedance, Ω cm²: three standard deviations of what counts of the voltage leave in a sine
 *  that is fitted to so many readings (a count's is 1/√12 of it, the fit's √(2/n) of that). */
function resolution({ channel }: ReturnType<typeof run>, amperes: number): number {
  const { cell } = channel.world;
  const carries = (each: number): boolean => each * CIRCUIT.countsMax > Math.abs(cell.voltageV);
  const count = Math.min(...CIRCUIT.voltsPerCount.filter(carries));
  return (((3 * count) / Math.sqrt(12)) * Math.sqrt(2 / READINGS) * cell.areaCm2) / amperes;
}

describe.each([
  ["a symmetric cell of bare sodium", cell("bareNa", false), 1e-4, 0, 0.005],
  ["a hybrid", cell("hNa", false), 1e-4, 0, 0.005],
  ["a full cell on its plateau", cell("hNa", true), 1e-4, 0.5, 0.01],
  ["a full cell at its end", cell("hNa", true), 1e-5, 0.99, 0.01],
])("%s", (_, input, amperes, stateOfCharge, share) => {
  const seen = run(input, spectrum(amperes), stateOfCharge);

  test("shows the model's impedance from 1 to 0.01 Hz", () => {
    expect(seen.points.map(([hz]) => hz)).toEqual([1, 0.316228, 0.1, 0.031623, 0.01]);
    for (const [hz, real, imaginary] of seen.points) {
      const truth = impedanceOf(seen.channel.world.cell, hz);
      const off = Math.hypot(real - truth.real, imaginary - truth.imaginary);
      const size = Math.hypot(truth.real, truth.imaginary);
      expect(off).toBeLessThan(share * size + resolution(seen, amperes));
    }
  });

  test("ends by itself, with no finding and no charge left in the cell", () => {
    expect(seen.verdict.slice(0, 3)).toEqual([VERDICT_HEALTHY, -1, END_FINISHED]);
    const last = seen.record.frames[seen.record.frames.length - 1];
    const net = Math.abs(last.chargeInUc - last.chargeOutUc) / 1e6;
    expect(net).toBeLessThan(0.02 * amperes * 400);
  });

  test("stands in the event file", () => {
    const event = seen.record.events.find(({ code }) => code === EVENT_IMPEDANCE);
    expect(event && eventRecord(event, 1)).toMatchObject({
      event: "impedance",
      frequencyHz: 1,
      realOhmCm2: seen.points[0][1],
      imaginaryOhmCm2: seen.points[0][2],
    });
  });
});

test("frequencies go from the highest down, whichever comes first", () => {
  const up = spectrum(1e-4, { frequency: 0.5, frequencyEnd: 2, count: 3 });
  expect(run(cell("hNa", false), up).points.map(([hz]) => hz)).toEqual([2, 1, 0.5]);
});

test.each([
  ["a frequency that frames cannot follow", { frequency: 1.1 / (8 * LEAST_MS * 1e-3) }],
  ["no frequency", { frequencyEnd: 0 }],
  ["no current", { current: 0 }],
  ["no point", { count: 0 }],
])("a step with %s is none", (_, changes) => {
  const { record, channel } = run(cell("hNa", false), spectrum(1e-4, changes));
  expect(record.events.find(({ code }) => code === EVENT_FAULT)?.values).toEqual([FAULT_PROTOCOL]);
  expect(channel.oracle?.runPeakA).toBeLessThan(1e-6);
});
