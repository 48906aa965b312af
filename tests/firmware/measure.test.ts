import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  CURRENT_GAIN,
  CURRENT_OFFSET,
  FORCE_GAIN,
  FORCE_OFFSET,
  PER_RANGE,
  TEMPERATURE_OFFSET,
  VOLTAGE_GAIN,
  VOLTAGE_OFFSET,
} from "../../firmware/config.ts";
import { measure, nextGain } from "../../firmware/measure.ts";
import { TEMPERATURE_ABSURD, TEMPERATURE_FAILED, createSample } from "../../firmware/sample.ts";
import type { RawFrame } from "../../hal/port.ts";
import { CIRCUIT, calibrationOf, rawOf, temperatureCounts, readingsOf } from "./specimen.ts";

function measured(raw: Partial<RawFrame>, relay = 1, calibration = calibrationOf()) {
  const sample = createSample();
  measure(rawOf(raw), calibration, CIRCUIT, relay, sample);
  return readingsOf(sample);
}

// Front end: x 0.4 onto +-2.048, 1.024, 0.512, 0.256 V over 32768 codes; 1 V across the sense
// resistor of 100 k, 10 k, 1 k, 100 Ohm.
const FULL_SCALE_V = [2.048, 1.024, 0.512, 0.256];
const SENSE_OHMS = [1e5, 1e4, 1e3, 1e2];

describe("counts become volts and amperes", () => {
  test.each([0, 1, 2, 3])("voltage at gain %i", (gain) => {
    const { voltage, voltageNoise } = measured({ voltage: 16384, voltageGain: gain });
    expect(voltage).toBeCloseTo(FULL_SCALE_V[gain] / 2 / 0.4, 12);
    expect(voltageNoise).toBeCloseTo(FULL_SCALE_V[gain] / 32768 / 0.4, 12);
    expect(measured({ voltage: -16384.5, voltageGain: gain }).voltage).toBeLessThan(-voltage);
  });

  test.each([0, 1, 2, 3])("current on range %i, at each gain", (range) => {
    for (let gain = 0; gain < 4; gain++) {
      const { loopCurrent } = measured({ current: -8192, currentGain: gain, range });
      const expected = -FULL_SCALE_V[gain] / 4 / SENSE_OHMS[range];
      expect(loopCurrent / expected).toBeCloseTo(1, 12);
    }
  });

  test("only a current with the relay at the cell is the cell's", () => {
    const raw = { current: 10000, range: 2 };
    expect(measured(raw, 1).current).toBe(measured(raw, 1).loopCurrent);
    expect(measured(raw, 0).current).toBe(0);
    expect(measured(raw, 0).loopCurrent).toBe(measured(raw, 1).loopCurrent);
    expect([measured(raw, 1).relay, measured(raw, 0).relay]).toEqual([1, 0]);
  });

  test("without a range there is no current to tell", () => {
    expect(measured({ current: 10000, range: -1 })).toMatchObject({ loopCurrent: 0, current: 0 });
  });

  test("calibration corrects voltage and each range's current", () => {
    const calibration = calibrationOf({ [VOLTAGE_GAIN]: 1.01, [VOLTAGE_OFFSET]: -0.003 });
    calibration[CURRENT_GAIN + PER_RANGE] = 0.98;
    calibration[CURRENT_OFFSET + PER_RANGE] = 2e-8;
    const plain = measured({ voltage: 20000, current: 15000, range: 1 });
    const raw = { voltage: 20000, current: 15000, range: 1 };
    const corrected = measured(raw, 1, calibration);
    expect(corrected.voltage).toBeCloseTo(plain.voltage * 1.01 - 0.003, 12);
    expect(corrected.current).toBeCloseTo(plain.current * 0.98 + 2e-8, 15);
    const other = measured({ ...raw, range: 2 }, 1, calibration);
    expect(other.current).toBe(measured({ ...raw, range: 2 }).current);
  });

  test("times become seconds; code, range, status and sequence are handed on", () => {
    const raw = { timeVoltage: 1500, timeCurrent: 1502.5, forceAge: 250, temperatureAge: -1000 };
    const identity = { code: 40001, range: 3, status: 68, sequence: 99 };
    expect(measured({ ...raw, ...identity })).toMatchObject({
      timeVoltage: 1.5,
      timeCurrent: 1.5025,
      forceAge: 0.25,
      temperatureAge: -1,
      ...identity,
    });
  });
});

describe("force", () => {
  test("of the 1 tonne cell: 0.6 tf is 1.2 mV/V of the bridge at gain 128", () => {
    const counts = 1.2e-3 * 128 * 2 ** 24;
    expect(measured({ force: counts }).force).toBeCloseTo(600 * 9.80665, 6);
  });

  test("is calibrated", () => {
    const plain = measured({}).force;
    const calibration = calibrationOf({ [FORCE_GAIN]: 1.02, [FORCE_OFFSET]: -15 });
    expect(measured({}, 1, calibration).force).toBeCloseTo(plain * 1.02 - 15, 9);
  });
});

describe("temperature", () => {
  test.each([0, 25, 60])("of the thermistor at %i °C, by the beta equation", (celsius) => {
    const sample = measured({ temperature: temperatureCounts(celsius) });
    expect(sample.temperature).toBeCloseTo(celsius, 9);
    expect(sample.status).toBe(0);
  });

  test("of whole counts is within the converter's resolution", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 60, noNaN: true }), (celsius) => {
        const counts = Math.round(temperatureCounts(celsius));
        expect(Math.abs(measured({ temperature: counts }).temperature - celsius)).toBeLessThan(
          0.01,
        );
      }),
      { seed: 1 },
    );
  });

  test("25 °C is half of the supply", () => {
    const half = CIRCUIT.ntcSupplyV / 2 / CIRCUIT.ntcVoltsPerCount;
    expect(measured({ temperature: -half }).temperature).toBeCloseTo(25, 9);
  });

  test("is corrected by its offset", () => {
    const raw = { temperature: temperatureCounts(30) };
    expect(measured(raw, 1, calibrationOf({ [TEMPERATURE_OFFSET]: -0.4 })).temperature).toBeCloseTo(
      29.6,
    );
  });

  test.each([
    [0, "no voltage"],
    [1, "an input above the supply"],
    [32767, "the end of the scale"],
    [-2.5 / 62.5e-6, "a short to 0 V"],
    [-2.6 / 62.5e-6, "an input below 0 V"],
  ])("of %d counts (%s) is no temperature", (counts) => {
    const sample = measured({ temperature: counts });
    expect(sample.status).toBe(TEMPERATURE_FAILED | TEMPERATURE_ABSURD);
  });

  test.each([
    [-54.9, 149.9, 0],
    [-55.1, 150.1, TEMPERATURE_FAILED | TEMPERATURE_ABSURD],
  ])("of %d and %d °C is as plausible as status %i says", (cold, hot, status) => {
    for (const celsius of [cold, hot]) {
      expect(measured({ temperature: temperatureCounts(celsius) }).status).toBe(status);
    }
  });

  test("never read has failed too, and is old", () => {
    const sample = measured({ temperature: 0, temperatureAge: -1 });
    expect(sample.status & TEMPERATURE_FAILED).toBe(TEMPERATURE_FAILED);
    expect(sample.temperatureAge).toBeLessThan(0);
  });
});

describe("the next gain", () => {
  const share = (part: number): number => part * CIRCUIT.countsMax;

  test.each([
    [0.89, 3, 2],
    [-0.89, 3, 2],
    [0.89, 0, 0],
    [0.88, 2, 2],
    [0.41, 2, 2],
    [0.39, 2, 3],
    [-0.39, 0, 1],
    [0.39, 3, 3],
    [0, 3, 3],
    [0, 0, 1],
    [1, 1, 0],
  ])("of %d of the scale at gain %i is %i", (part, gain, next) => {
    expect(nextGain(CIRCUIT, share(part), gain)).toBe(next);
  });

  test("settles for any steady reading, and does not hunt", () => {
    fc.assert(
      fc.property(fc.double({ min: -1, max: 1, noNaN: true }), fc.nat(3), (widest, start) => {
        const countsAt = (gain: number): number =>
          Math.max(-32768, Math.min(32767, share(widest) * 2 ** gain));
        let gain = start;
        for (let i = 0; i < 4; i++) gain = nextGain(CIRCUIT, countsAt(gain), gain);
        expect(nextGain(CIRCUIT, countsAt(gain), gain)).toBe(gain);
        if (gain > 0) expect(Math.abs(countsAt(gain))).toBeLessThan(32767);
      }),
      { seed: 1, numRuns: 1000 },
    );
  });
});
