// The precision channel's circuit against its parts' scales, and its converter's pace against the
// mains.
import { describe, expect, test } from "vitest";
import { CIRCUIT } from "../../boards/default-channel.ts";
import {
  MAINS_HALF_PERIODS,
  PRECISION_CIRCUIT,
  PRECISION_RATE,
} from "../../boards/precision-channel.ts";
import { createConfig } from "../../firmware/config.ts";
import { measure } from "../../firmware/measure.ts";
import { createSample } from "../../firmware/sample.ts";
import { AIN0_AIN3, createAds122c04 } from "../../hal/adc/ads122c04.ts";
import { INVERTED } from "../../hal/adc/ads122c04-integrity.ts";
import { createFrame } from "../../hal/frame.ts";
import { readingsOf } from "../firmware/specimen.ts";

/** ADS122C04 and its bus: five transactions at 400 kHz with all their bytes, generously. */
const BUS_MS = 0.6;

function sampleOf(circuit: typeof CIRCUIT, changes: Partial<ReturnType<typeof createFrame>>) {
  const sample = createSample();
  const frame = { ...createFrame(), temperatureAge: 0, ...changes };
  measure(frame, createConfig(32768), circuit, 1, sample);
  return readingsOf(sample);
}

describe("the precision channel", () => {
  test("covers what the default channel covers, at the same gains, 256 times finer", () => {
    expect(PRECISION_CIRCUIT.voltsPerCount).toHaveLength(CIRCUIT.voltsPerCount.length);
    PRECISION_CIRCUIT.voltsPerCount.forEach((volts, gain) => {
      expect(volts * 256).toBeCloseTo(CIRCUIT.voltsPerCount[gain], 12);
      const sense = PRECISION_CIRCUIT.senseVoltsPerCount[gain];
      expect(sense * 256).toBeCloseTo(CIRCUIT.senseVoltsPerCount[gain], 12);
    });
    expect(PRECISION_CIRCUIT.voltsPerCount[0] * PRECISION_CIRCUIT.countsMax).toBeCloseTo(5.12, 5);
  });

  test.each([50, 60])("takes a voltage and a current in three half periods of %i Hz", (mainsHz) => {
    const i2c = { write: () => true, read: () => {} };
    const chip = createAds122c04(i2c, 0x40, PRECISION_RATE, INVERTED);
    const both = 2 * (chip.begin(0, AIN0_AIN3) + BUS_MS);
    expect(MAINS_HALF_PERIODS % 2).toBe(1);
    expect(both).toBeLessThan((MAINS_HALF_PERIODS * 500) / mainsHz);
    // One half period would be too short.
    expect(both).toBeGreaterThan(500 / mainsHz);
  });

  // TMP117 data sheet: 0C80h is 25 °C, F380h -25 °C.
  test.each([
    [0x0c80, 25],
    [-0x0c80, -25],
    [0, 0],
    [1, 7.8125e-3],
  ])("reads %i counts of its thermometer as %d °C", (temperature, degrees) => {
    const sample = sampleOf(PRECISION_CIRCUIT, { temperature });
    expect(sample.temperature).toBe(degrees);
    expect(sample.status).toBe(0);
  });

  test("leaves the default channel its thermistor: half of 2.5 V is 25 °C", () => {
    const sample = sampleOf(CIRCUIT, { temperature: -1.25 / CIRCUIT.ntcVoltsPerCount });
    expect(sample.temperature).toBeCloseTo(25, 9);
  });

  test("states the noise of a reading, which is far above a count", () => {
    const precise = sampleOf(PRECISION_CIRCUIT, { voltage: 1000 });
    expect(precise.voltageNoise).toBeGreaterThan(15e-6);
    expect(precise.voltageNoise).toBeLessThan(30e-6);
    const usual = sampleOf(CIRCUIT, { voltage: 1000 });
    expect(usual.voltageNoise).toBe(CIRCUIT.voltsPerCount[0]);
  });
});
