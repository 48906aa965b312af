// AD5693R data sheet, Rev. C: "Power-On Reset", "Write Operation", "Write Control Register",
// "Read Operation", "Features" (static errors).
import { describe, expect, it } from "vitest";
import { createAd5693r, outputAd5693r } from "../../../sim/chip/ad5693r.ts";
import { readAd5693r, writeAd5693r } from "../../../sim/chip/ad5693r.ts";
import type { Ad5693r } from "../../../sim/chip/ad5693r.ts";
import { createStream } from "../../../sim/random.ts";

const SUPPLY_V = 5.3;
const ideal = (): Ad5693r => createAd5693r(createStream(1, "dac"), 0);

function read(chip: Ad5693r): number {
  const bytes = new Uint8Array(2);
  readAd5693r(chip, bytes, 2);
  return bytes[0] * 256 + bytes[1];
}

describe("AD5693R", () => {
  it("powers up at zero scale with gain 1", () => {
    const chip = ideal();
    expect(outputAd5693r(chip, SUPPLY_V)).toBe(0);
    expect(read(chip)).toBe(0);
    writeAd5693r(chip, [0x30, 0x80, 0x00]);
    expect(outputAd5693r(chip, SUPPLY_V)).toBeCloseTo(1.25, 12);
  });

  it("spans 5 V with the gain bit set: corners and middle", () => {
    const chip = ideal();
    writeAd5693r(chip, [0x40, 0x08, 0x00]);
    const volts = (code: number): number => {
      writeAd5693r(chip, [0x30, code >> 8, code & 0xff]);
      return outputAd5693r(chip, SUPPLY_V);
    };
    expect(volts(0)).toBe(0);
    expect(volts(1)).toBeCloseTo(5 / 65536, 12);
    expect(volts(0x8000)).toBeCloseTo(2.5, 12);
    expect(volts(0xffff)).toBeCloseTo((5 * 65535) / 65536, 12);
  });

  it("writes the input register alone, and updates the DAC from it", () => {
    const chip = ideal();
    writeAd5693r(chip, [0x10, 0x12, 0x34]);
    expect(read(chip)).toBe(0x1234);
    expect(outputAd5693r(chip, SUPPLY_V)).toBe(0);
    writeAd5693r(chip, [0x20, 0, 0]);
    expect(outputAd5693r(chip, SUPPLY_V)).toBeCloseTo((2.5 * 0x1234) / 65536, 12);
  });

  it("ignores no-operation, reserved commands and incomplete writes", () => {
    const chip = ideal();
    writeAd5693r(chip, [0x30, 0x40, 0x00]);
    for (const bytes of [[0x00, 1, 2], [0x70, 1, 2], [0x30, 1], [0x30], []]) {
      writeAd5693r(chip, bytes);
    }
    expect(read(chip)).toBe(0x4000);
  });

  it("resets on control bit D15: zero scale, gain 1 again", () => {
    const chip = ideal();
    writeAd5693r(chip, [0x40, 0x08, 0x00]);
    writeAd5693r(chip, [0x30, 0xc0, 0x00]);
    writeAd5693r(chip, [0x40, 0x80, 0x00]);
    expect(read(chip)).toBe(0);
    writeAd5693r(chip, [0x30, 0x80, 0x00]);
    expect(outputAd5693r(chip, SUPPLY_V)).toBeCloseTo(1.25, 12);
  });

  it("gives no voltage powered down or without its reference", () => {
    for (const high of [0x20, 0x40, 0x60, 0x10]) {
      const chip = ideal();
      writeAd5693r(chip, [0x30, 0xc0, 0x00]);
      writeAd5693r(chip, [0x40, high, 0x00]);
      expect(outputAd5693r(chip, SUPPLY_V)).toBe(0);
      expect(read(chip)).toBe(0xc000);
    }
  });

  it("clips at the supply", () => {
    const chip = ideal();
    writeAd5693r(chip, [0x40, 0x08, 0x00]);
    writeAd5693r(chip, [0x30, 0xff, 0xff]);
    expect(outputAd5693r(chip, 4.75)).toBe(4.75);
  });

  it("draws errors within the limits of the data sheet, different for each seed", () => {
    const midscale = new Set<number>();
    for (let seed = 0; seed < 30; seed++) {
      const chip = createAd5693r(createStream(seed, "dac"), 1);
      writeAd5693r(chip, [0x40, 0x08, 0x00]);
      writeAd5693r(chip, [0x30, 0x80, 0x00]);
      const error = outputAd5693r(chip, SUPPLY_V) - 2.5;
      // Offset, half of the gain error of 5 V, two LSB.
      expect(Math.abs(error)).toBeLessThan(1.25e-3 + 2.5 * 5e-4 + (2 * 5) / 65536);
      midscale.add(error);
    }
    expect(midscale.size).toBe(30);
  });
});
