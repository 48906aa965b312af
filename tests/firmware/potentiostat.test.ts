// The controller alone, against resistors and the virtual cell, read as coarsely as the converter
// reads: frames of 50 ms to 1 s.
import { describe, expect, test } from "vitest";
import { CIRCUIT } from "../../boards/default-channel.ts";
import { nextGain } from "../../firmware/measure.ts";
import { GRIP_PLACES, OHMS, feel, letGo, steer } from "../../firmware/potentiostat.ts";
import { advanceCell, createCell } from "../../sim/cell.ts";
import { createStream, createStreams, gaussian } from "../../sim/random.ts";
import { cellOf } from "../boards/rig.ts";

const PERIODS_S = [0.05, 0.2, 1];
/** 1 C of the full cell, A. */
const ONE_C = 0.11177e-3 * 0.9747;

interface Plant {
  volts(): number;
  /** Lets a current flow for so long. */
  hold(amps: number, seconds: number): void;
}

function resistor(ohms: number, emf = 0): Plant {
  let current = 0;
  return { volts: () => emf + current * ohms, hold: (amps) => void (current = amps) };
}

function virtualCell(anode: "hNa" | "bareNa", stateOfCharge = NaN): Plant {
  const fullCell = stateOfCharge === stateOfCharge;
  const cell = createCell(cellOf(anode, { sim: { anode, noise: 0, shorts: false, fullCell } }));
  const random = createStreams(1);
  let time = 0;
  if (fullCell) cell.cathode.stateOfCharge = stateOfCharge;
  const hold = (amps: number, seconds: number): void => {
    time += seconds;
    advanceCell(cell, random, time, amps, 5.2);
  };
  hold(0, 1);
  return { volts: () => cell.voltageV, hold };
}

interface Course {
  plant: Plant;
  periodS: number;
  wanted: (time: number) => number;
  most?: number;
  seconds?: number;
  /** Set before the hold begins. */
  amps?: number;
  /** What the cell is thought to resist, and is known to (0 = nothing). */
  guess?: number;
  known?: number;
}

/** Runs a hold; voltages in V against the wanted one, of the plant itself. */
function run(course: Course) {
  const { plant, periodS, wanted, most = 0.01, seconds = 120, guess = 41, known = 0 } = course;
  const grip = new Float64Array(GRIP_PLACES);
  const random = createStream(3, "converter");
  grip[OHMS] = known;
  let amps = course.amps ?? 0;
  let gain = 0;
  let largest = 0;
  let overshoot = -Infinity;
  let settledS = NaN;
  const tail: { amps: number; error: number }[] = [];
  plant.hold(amps, periodS);
  const side = Math.sign(wanted(0) - plant.volts()) || 1;
  for (let time = 0; time < seconds; time += periodS) {
    gain = nextGain(CIRCUIT, plant.volts() / CIRCUIT.voltsPerCount[gain], gain);
    const count = CIRCUIT.voltsPerCount[gain];
    const read = (): number => Math.round(plant.volts() / count + 0.3 * gaussian(random)) * count;
    const volts = (read() + read()) / 2;
    feel(grip, volts, amps, 0.7 * count, periodS);
    const ramp = wanted(time + periodS) - wanted(time);
    const error = wanted(time) - volts;
    amps = steer(grip, amps, error, ramp, most, 0.7 * count, periodS, guess);
    plant.hold(amps, periodS);
    largest = Math.max(largest, Math.abs(amps));
    const off = plant.volts() - wanted(time + periodS);
    overshoot = Math.max(overshoot, off * side);
    const near = Math.abs(off) <= Math.max(1e-3, 0.01 * Math.abs(wanted(0)));
    if (!near) settledS = NaN;
    else if (!(settledS >= 0)) settledS = time;
    tail.push({ amps, error: Math.abs(off) });
  }
  const last = tail.slice(-Math.ceil(10 / periodS));
  const mean = last.reduce((sum, each) => sum + each.amps, 0) / last.length;
  const error = Math.max(...last.map((each) => each.error));
  return { overshoot, settledS, mean, error, most: largest };
}

describe.each(PERIODS_S)("frames of %f s", (periodS) => {
  test.each([5, 10, 50, 500, 5000, 1e5])("a resistor of %f Ω takes 50 mV", (ohms) => {
    const guess = Math.min(41, ohms);
    const seen = run({ plant: resistor(ohms), periodS, wanted: () => 0.05, guess });
    expect(seen.overshoot).toBeLessThan(0.005);
    expect(seen.settledS / periodS).toBeLessThan(14);
    expect(seen.mean * ohms).toBeCloseTo(0.05, 4);
    expect(seen.error).toBeLessThan(1e-4);
  });

  test.each([5, 1000, 1e5])("%f Ω with a voltage of its own take 5 mV more", (ohms) => {
    const plant = resistor(ohms, 3.4);
    const seen = run({ plant, periodS, wanted: () => 3.405 });
    expect(seen.overshoot).toBeLessThan(0.005);
    expect(seen.error).toBeLessThan(2e-4);
  });

  test.each([0.002, 0.01, 0.1])("a symmetric cell takes %f V either way", (volts) => {
    for (const anode of ["hNa", "bareNa"] as const) {
      for (const wanted of [volts, -volts]) {
        const plant = virtualCell(anode);
        const seen = run({ plant, periodS, wanted: () => wanted, seconds: 300 });
        expect(seen.overshoot).toBeLessThan(Math.min(0.005, 0.1 * volts + 1e-4));
        expect(seen.error).toBeLessThan(5e-4);
      }
    }
  });

  test("a full cell on its plateau takes 10 and 50 mV", () => {
    for (const step of [0.01, 0.05, -0.05]) {
      const plant = virtualCell("hNa", 0.5);
      const wanted = 3.4 + step;
      const seen = run({ plant, periodS, wanted: () => wanted, most: 5e-3, seconds: 60 });
      expect(seen.overshoot).toBeLessThan(0.005);
      expect(seen.error).toBeLessThan(1e-3);
    }
  });

  test.each([60, 75, 300])(
    "a full cell at its end is held from C/2 on, thought of %f Ω",
    (known) => {
      const plant = virtualCell("hNa", 0.98);
      const amps = ONE_C / 2;
      while (plant.volts() < 3.8) plant.hold(amps, Math.min(periodS, 0.2));
      const seen = run({
        plant,
        periodS,
        wanted: () => 3.8,
        most: amps,
        amps,
        known,
        seconds: 600,
      });
      expect(seen.overshoot).toBeLessThan(0.005);
      expect(Math.abs(seen.mean)).toBeLessThan(0.01 * amps);
      expect(seen.error).toBeLessThan(3e-4);
      expect(seen.most).toBeLessThanOrEqual(amps);
    },
  );

  test("a current at its limit gives way in time", () => {
    const plant = virtualCell("hNa", 0.95);
    const most = ONE_C / 2;
    const seen = run({ plant, periodS, wanted: () => 3.8, most, seconds: 1200 });
    expect(seen.most).toBe(most);
    expect(seen.overshoot).toBeLessThan(0.005);
    expect(seen.error).toBeLessThan(3e-4);
  });

  test("a ramp is followed, through zero and back", () => {
    const pace = 2e-3;
    const wanted = (time: number): number => 0.05 * Math.sin((pace / 0.05) * time);
    const plant = virtualCell("bareNa");
    const seen = run({ plant, periodS, wanted, seconds: 200 });
    expect(seen.error).toBeLessThan(1e-3);
  });
});

test("an interruption leaves what is known of the resistance, and no change to learn from", () => {
  const grip = new Float64Array(GRIP_PLACES);
  feel(grip, 0, 0, 1e-5, 1);
  feel(grip, 0.05, 1e-3, 1e-5, 1);
  expect(grip[OHMS]).toBeCloseTo(50, 9);
  letGo(grip);
  feel(grip, 3, 5e-3, 1e-5, 1);
  expect(grip[OHMS]).toBeCloseTo(50, 9);
});

test("without a voltage that answers the current grows to its limit, and no further", () => {
  const plant: Plant = { volts: () => 0, hold: () => undefined };
  const seen = run({ plant, periodS: 0.05, wanted: () => 0.05, most: 2e-3, seconds: 5 });
  expect(seen.most).toBe(2e-3);
});
