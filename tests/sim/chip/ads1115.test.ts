// ADS1115 data sheet, SBAS444D: 9.4.1 reset, 9.4.2 modes, 9.5.3 pointer, 9.5.4 data format,
// 9.6 registers, 7.5 errors and data rate, 8.1 noise.
import { describe, expect, it } from "vitest";
import { createAds1115, finishAds1115, integrateAds1115 } from "../../../sim/chip/ads1115.ts";
import { negativeInput, positiveInput, readAds1115 } from "../../../sim/chip/ads1115.ts";
import { resetAds1115, writeAds1115 } from "../../../sim/chip/ads1115.ts";
import type { Ads1115 } from "../../../sim/chip/ads1115.ts";
import { createStream } from "../../../sim/random.ts";
import type { Stream } from "../../../sim/random.ts";

const ideal = (): Ads1115 => createAds1115(createStream(1, "adc"), 0, 0);
const stream = (): Stream => createStream(1, "adc noise");

function register(chip: Ads1115, pointer: number): number {
  const bytes = new Uint8Array(2);
  writeAds1115(chip, [pointer], 0);
  readAds1115(chip, bytes, 2);
  return bytes[0] * 256 + bytes[1];
}

/** Converts `volts` with the given config and returns the signed code. */
function convert(chip: Ads1115, config: number, volts: number, noise = stream()): number {
  writeAds1115(chip, [1, config >> 8, config & 0xff], 0);
  integrateAds1115(chip, volts, chip.endMs);
  finishAds1115(chip, noise);
  return (register(chip, 0) << 16) >> 16;
}

/** OS, single shot, AIN0-AIN3; range and rate given. */
const single = (range: number, rate: number): number =>
  0x8000 | 0x1000 | (range << 9) | 0x0100 | (rate << 5) | 3;

describe("ADS1115 registers", () => {
  it("reset to 0, 8583h, 8000h, 7FFFh; OS reads 1 when idle", () => {
    const chip = ideal();
    expect([0, 1, 2, 3].map((r) => register(chip, r))).toEqual([0, 0x8583, 0x8000, 0x7fff]);
  });

  it("keep thresholds, refuse writes to the result, float high beyond two bytes", () => {
    const chip = ideal();
    writeAds1115(chip, [2, 0x12, 0x34], 0);
    writeAds1115(chip, [0, 0x55, 0x55], 0);
    expect(register(chip, 2)).toBe(0x1234);
    expect(register(chip, 0)).toBe(0);
    const bytes = new Uint8Array(4);
    readAds1115(chip, bytes, 4);
    expect([...bytes]).toEqual([0, 0, 0xff, 0xff]);
  });

  it("return to their defaults on reset, and drop the conversion under way", () => {
    const chip = ideal();
    writeAds1115(chip, [1, single(2, 4) >> 8, 0x83], 0);
    resetAds1115(chip);
    expect(register(chip, 1)).toBe(0x8583);
    expect(chip.endMs).toBe(Infinity);
  });

  it("select the inputs of the MUX field", () => {
    const chip = ideal();
    const pairs = [];
    for (let mux = 0; mux < 8; mux++) {
      convert(chip, 0x8103 | (mux << 12), 0);
      pairs.push([positiveInput(chip), negativeInput(chip)]);
    }
    const ground = 4;
    const differential = [
      [0, 1],
      [0, 3],
      [1, 3],
      [2, 3],
    ];
    const single = [
      [0, ground],
      [1, ground],
      [2, ground],
      [3, ground],
    ];
    expect(pairs).toEqual([...differential, ...single]);
  });
});

describe("ADS1115 single-shot conversion", () => {
  it("takes 25 us and one period of each data rate", () => {
    const rates = [8, 16, 32, 64, 128, 250, 475, 860];
    rates.forEach((rate, index) => {
      const chip = ideal();
      const config = single(2, index);
      writeAds1115(chip, [1, config >> 8, config & 0xff], 100);
      expect(chip.endMs).toBeCloseTo(100.025 + 1000 / rate, 9);
    });
  });

  it("clears OS while it runs, ignores a second start, and keeps the previous result", () => {
    const chip = ideal();
    convert(chip, single(2, 4), 1);
    const before = register(chip, 0);
    const config = single(2, 4);
    writeAds1115(chip, [1, config >> 8, config & 0xff], 50);
    const endMs = chip.endMs;
    expect(register(chip, 1) & 0x8000).toBe(0);
    writeAds1115(chip, [1, config >> 8, config & 0xff], 52);
    expect(chip.endMs).toBe(endMs);
    integrateAds1115(chip, -1, endMs);
    expect(register(chip, 0)).toBe(before);
    finishAds1115(chip, stream());
    expect(register(chip, 0)).toBe(0x10000 - before);
    expect(register(chip, 1) & 0x8000).toBe(0x8000);
    expect(chip.endMs).toBe(Infinity);
  });

  it("has the codes of the data format at both signs, in every range", () => {
    const scales = [6.144, 4.096, 2.048, 1.024, 0.512, 0.256, 0.256, 0.256];
    scales.forEach((fullScale, range) => {
      const lsb = fullScale / 32768;
      const code = (volts: number): number => convert(ideal(), single(range, 0), volts);
      expect(code(0)).toBe(0);
      expect(code(lsb)).toBe(1);
      expect(code(-lsb)).toBe(-1);
      expect(code(fullScale - lsb)).toBe(32767);
      expect(code(fullScale * 1.1)).toBe(32767);
      expect(code(-fullScale)).toBe(-32768);
      expect(code(-fullScale * 1.1)).toBe(-32768);
    });
  });

  it("averages the input over its window", () => {
    const chip = ideal();
    const config = single(2, 4);
    writeAds1115(chip, [1, config >> 8, config & 0xff], 0);
    integrateAds1115(chip, 5, 0);
    integrateAds1115(chip, 0, 0.025);
    integrateAds1115(chip, 0, 0.025 + 7.8125 / 4);
    integrateAds1115(chip, 1, 0.025 + 7.8125 / 4);
    integrateAds1115(chip, 1, chip.endMs + 3);
    finishAds1115(chip, stream());
    expect(register(chip, 0)).toBe(Math.round(0.75 / (2.048 / 32768)));
  });

  it("takes what it has not seen for a straight line", () => {
    const chip = ideal();
    const config = single(2, 4);
    writeAds1115(chip, [1, config >> 8, config & 0xff], 0);
    integrateAds1115(chip, 1, 0);
    integrateAds1115(chip, 0, chip.endMs);
    finishAds1115(chip, stream());
    expect(register(chip, 0)).toBeCloseTo(0.5 / (2.048 / 32768), -2);
  });
});

describe("ADS1115 continuous conversion", () => {
  it("goes on by itself; a change waits for the conversion under way", () => {
    const chip = ideal();
    writeAds1115(chip, [1, 0x14, 0x83], 0);
    const first = chip.endMs;
    expect(first).toBeCloseTo(0.025 + 1000 / 128, 9);
    writeAds1115(chip, [1, 0x24, 0x83], 1);
    expect(positiveInput(chip)).toBe(0);
    integrateAds1115(chip, 1, first);
    finishAds1115(chip, stream());
    expect(positiveInput(chip)).toBe(1);
    expect(chip.endMs).toBeCloseTo(first + 1000 / 128, 9);
  });
});

describe("ADS1115 errors", () => {
  it("stay within 3 LSB, 0.15 % and 10 % of data rate", () => {
    const fast = new Set<boolean>();
    for (let seed = 0; seed < 30; seed++) {
      const chip = createAds1115(createStream(seed, "adc"), 1, 0);
      expect(Math.abs(convert(chip, single(2, 0), 0))).toBeLessThanOrEqual(3);
      const code = convert(chip, single(2, 0), 2);
      expect(Math.abs(code - 32000)).toBeLessThanOrEqual(32000 * 0.0015 + 3.5);
      writeAds1115(chip, [1, single(2, 4) >> 8, single(2, 4) & 0xff], 0);
      const periodMs = chip.endMs - 0.025;
      expect(Math.abs(7.8125 / periodMs - 1)).toBeLessThanOrEqual(0.1);
      fast.add(periodMs < 7.8125);
    }
    expect(fast.size).toBe(2);
  });

  it("have the noise of 8.1: below one code at 128 SPS and 2.048 V, more at 860 SPS", () => {
    const spread = (range: number, rate: number): number => {
      const chip = createAds1115(createStream(1, "adc"), 0, 1);
      const noise = stream();
      const codes = Array.from({ length: 400 }, () => convert(chip, single(range, rate), 0, noise));
      return Math.max(...codes) - Math.min(...codes);
    };
    expect(spread(2, 4)).toBeLessThanOrEqual(1);
    expect(spread(5, 7)).toBeGreaterThan(3);
    expect(spread(5, 7)).toBeLessThan(7);
    expect(spread(5, 0)).toBeLessThan(spread(5, 7));
  });
});
