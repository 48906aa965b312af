// ADS122C04 data sheet, SBAS751B: 6.5 (limits), 7.1 (noise), 8.3.2 (amplifier and its input
// range), 8.3.6 and Table 12 (conversion times), 8.3.12 and 8.3.13 (counter, data integrity),
// 8.4.1 (reset), 8.5.2 (data format), 8.5.3 (commands), 8.6 (registers).
import { describe, expect, it } from "vitest";
import { createAds122c04, readAds122c04, writeAds122c04 } from "../../../sim/chip/ads122c04.ts";
import type { Ads122c04 } from "../../../sim/chip/ads122c04.ts";
import { finishAds122c04, integrateAds122c04 } from "../../../sim/chip/ads122c04-conversion.ts";
import { monitorAds122c04, negativePin } from "../../../sim/chip/ads122c04-conversion.ts";
import { positivePin, rejectsMains } from "../../../sim/chip/ads122c04-conversion.ts";
import { seenAds122c04 } from "../../../sim/chip/ads122c04-conversion.ts";
import { crc16 } from "../../../sim/chip/crc16-ccitt.ts";
import { createStream } from "../../../sim/random.ts";
import type { Stream } from "../../../sim/random.ts";

const stream = (): Stream => createStream(1, "adc");
const ideal = (): Ads122c04 => createAds122c04(stream(), 0, 0);

function read(chip: Ads122c04, command: number, count: number): number[] {
  const bytes = new Uint8Array(count);
  writeAds122c04(chip, [command], 0);
  readAds122c04(chip, bytes, count);
  return [...bytes];
}

const registers = (chip: Ads122c04): number[] =>
  [0x20, 0x24, 0x28, 0x2c].map((command) => read(chip, command, 1)[0]);

/** One single-shot conversion of `volts`; the signed code. */
function convert(chip: Ads122c04, volts: number, noise = stream(), avddV = 5): number {
  writeAds122c04(chip, [0x08], 0);
  integrateAds122c04(chip, volts, chip.endMs);
  finishAds122c04(chip, avddV, 25, noise);
  const [high, middle, low] = read(chip, 0x10, 3);
  return ((high << 24) >> 8) | (middle << 8) | low;
}

describe("ADS122C04 registers", () => {
  it("reset to zero, at power-on and by command", () => {
    const chip = ideal();
    expect(registers(chip)).toEqual([0, 0, 0, 0]);
    for (const [i, value] of [0x2e, 0xd0, 0x53, 0xa4].entries()) {
      writeAds122c04(chip, [0x40 | (i << 2), value], 0);
    }
    expect(registers(chip)).toEqual([0x2e, 0xd0, 0x53, 0xa4]);
    writeAds122c04(chip, [0x06], 0);
    expect(registers(chip)).toEqual([0, 0, 0, 0]);
    expect(chip.converting).toBe(0);
  });

  it("show DRDY until the result is read; it cannot be written", () => {
    const chip = ideal();
    writeAds122c04(chip, [0x48, 0x80], 0);
    expect(read(chip, 0x28, 1)).toEqual([0]);
    writeAds122c04(chip, [0x08], 0);
    integrateAds122c04(chip, 1, chip.endMs);
    finishAds122c04(chip, 5, 25, stream());
    expect(read(chip, 0x28, 1)).toEqual([0x80]);
    read(chip, 0x10, 3);
    expect(read(chip, 0x28, 1)).toEqual([0]);
  });

  it("ignore the lowest command bits, and leave the bus high without a read command", () => {
    const chip = ideal();
    writeAds122c04(chip, [0x43, 0x10], 0);
    expect(read(chip, 0x23, 1)).toEqual([0x10]);
    expect(read(chip, 0x0f, 2)).toEqual([0xff, 0xff]);
  });
});

describe("ADS122C04 inputs", () => {
  it("follow Table 22: pairs, against AVSS, monitors", () => {
    const pairs = Array.from({ length: 15 }, (_, mux) => {
      const chip = ideal();
      writeAds122c04(chip, [0x40, mux << 4], 0);
      writeAds122c04(chip, [0x08], 0);
      return [positivePin(chip), negativePin(chip)].join("/");
    });
    expect(pairs.slice(0, 8)).toEqual("0/1 0/2 0/3 1/0 1/2 1/3 2/3 3/2".split(" "));
    expect(pairs.slice(8, 12)).toEqual(["0/4", "1/4", "2/4", "3/4"]);
    expect(pairs.slice(12)).toEqual(["-1/-1", "-1/-1", "-1/-1"]);
  });

  it("monitor a quarter of the supply, and zero when shorted", () => {
    const chip = ideal();
    writeAds122c04(chip, [0x40, 0xd0], 0);
    writeAds122c04(chip, [0x08], 0);
    expect(monitorAds122c04(chip, 5)).toBe(1.25);
    writeAds122c04(chip, [0x40, 0xe0], 0);
    expect(monitorAds122c04(chip, 5)).toBe(0);
  });

  it("reach 0.2 V to the rails with the amplifier, 0.1 V beyond them without", () => {
    const chip = ideal();
    const seen = (config0: number, plus: number, minus: number): number => {
      writeAds122c04(chip, [0x40, config0], 0);
      writeAds122c04(chip, [0x08], 0);
      return seenAds122c04(chip, plus, minus, 5);
    };
    expect(seen(0x20, 4.5, 2.5)).toBe(2);
    expect(seen(0x20, 5, 2.5)).toBeCloseTo(2.3, 12);
    expect(seen(0x20, 0, 1)).toBeCloseTo(-0.8, 12);
    expect(seen(0x21, 5, 2.5)).toBe(2.5);
    expect(seen(0x21, 5.3, 2.5)).toBeCloseTo(2.6, 12);
    // Bypass holds up to gain 4 only; against AVSS it is automatic.
    expect(seen(0x2f, 5, 4.99)).toBeCloseTo(0, 12);
    expect(seen(0x80, 0.05, 0)).toBeCloseTo(0.05, 12);
  });

  it("leave room for the amplified signal: (gain - 4) / 8 of it at either input", () => {
    const chip = ideal();
    writeAds122c04(chip, [0x40, 0x2e], 0);
    writeAds122c04(chip, [0x08], 0);
    const limit = 0.2 + 0.016 * (124 / 8);
    const top = 5 - limit;
    expect(seenAds122c04(chip, top, top - 0.016, 5)).toBeCloseTo(0.016, 12);
    expect(seenAds122c04(chip, top + 0.01, top - 0.006, 5)).toBeLessThan(0.016 - 1e-4);
  });
});

describe("ADS122C04 conversions", () => {
  it("take the cycles of Table 12 at 1.024 MHz, and half the time in turbo mode", () => {
    const chip = ideal();
    const single = (dr: number, turbo: number): number => {
      writeAds122c04(chip, [0x44, (dr << 5) | turbo], 0);
      writeAds122c04(chip, [0x08], 0);
      return chip.endMs;
    };
    const normal = [51213, 22805, 11557, 5941, 3141, 1749, 1061];
    const turbo = [51217, 22809, 11561, 5945, 3145, 1753, 1065];
    normal.forEach((cycles, dr) => expect(single(dr, 0)).toBeCloseTo(cycles / 1024, 9));
    turbo.forEach((cycles, dr) => expect(single(dr, 0x10)).toBeCloseTo(cycles / 2048, 9));
  });

  it("repeat in continuous mode, first after a lead of 28.5 cycles", () => {
    const chip = ideal();
    writeAds122c04(chip, [0x44, 0x08], 0);
    writeAds122c04(chip, [0x08], 10);
    expect(chip.endMs).toBeCloseTo(10 + (28.5 + 51192) / 1024, 9);
    const first = chip.endMs;
    finishAds122c04(chip, 5, 25, stream());
    expect(chip.endMs).toBeCloseTo(first + 51192 / 1024, 9);
    writeAds122c04(chip, [0x02], first + 1);
    expect(chip.converting).toBe(0);
  });

  it("start again when a register is written meanwhile", () => {
    const chip = ideal();
    writeAds122c04(chip, [0x08], 0);
    writeAds122c04(chip, [0x40, 0x20], 20);
    expect(chip.endMs).toBeCloseTo(20 + 51213 / 1024, 9);
  });

  it("have 2 x 2.048 V / gain / 2^24 a code, both signs, clipped", () => {
    const chip = ideal();
    expect(convert(chip, 1.024)).toBe(0x400000);
    expect(convert(chip, -1.024)).toBe(-0x400000);
    expect(convert(chip, 0)).toBe(0);
    expect(convert(chip, 2.1)).toBe(0x7fffff);
    expect(convert(chip, -2.1)).toBe(-0x800000);
    for (let gain = 0; gain < 8; gain++) {
      writeAds122c04(chip, [0x40, gain << 1], 0);
      expect(convert(chip, 0.01)).toBe(Math.round((0.01 * 2 ** gain * 0x800000) / 2.048));
    }
  });

  it("average the input over the conversion", () => {
    const chip = ideal();
    writeAds122c04(chip, [0x08], 0);
    const middle = (chip.startMs + chip.endMs) / 2;
    integrateAds122c04(chip, 1, middle);
    integrateAds122c04(chip, 0, chip.endMs + 5);
    finishAds122c04(chip, 5, 25, stream());
    expect(chip.result / 0x800000).toBeCloseTo(0.5 / 2.048, 6);
  });

  it("limit the gain to 4 against AVSS", () => {
    const chip = ideal();
    writeAds122c04(chip, [0x40, 0x8e], 0);
    expect(convert(chip, 0.256)).toBe(0x400000);
  });

  it("measure against the supply, or give full scale without an external reference", () => {
    const chip = ideal();
    writeAds122c04(chip, [0x44, 0x04], 0);
    expect(convert(chip, 2.5)).toBe(0x400000);
    writeAds122c04(chip, [0x44, 0x02], 0);
    expect(convert(chip, 0.001)).toBe(0x7fffff);
  });

  it("give the temperature in 14 bits, left-justified: 50 degC and -25 degC of 8.3.10", () => {
    const chip = ideal();
    const at = (temperatureC: number): number => {
      writeAds122c04(chip, [0x44, 0x01], 0);
      writeAds122c04(chip, [0x08], 0);
      finishAds122c04(chip, 5, temperatureC, stream());
      return chip.result >> 10;
    };
    expect(at(50)).toBe(0x640);
    expect(at(-25) & 0x3fff).toBe(0x3ce0);
  });

  it("reject the mains at 20 SPS in normal mode only", () => {
    const chip = ideal();
    for (const [config1, rejected] of [
      [0x00, true],
      [0x20, false],
      [0x10, false],
    ] as const) {
      writeAds122c04(chip, [0x44, config1], 0);
      writeAds122c04(chip, [0x08], 0);
      expect(rejectsMains(chip)).toBe(rejected);
    }
  });
});

describe("ADS122C04 data integrity", () => {
  it("computes the CRC-16 of its polynomial from FFFFh", () => {
    expect(
      crc16(
        Array.from("123456789", (c) => c.charCodeAt(0)),
        9,
      ),
    ).toBe(0x29b1);
  });

  it("appends the complement of results and registers", () => {
    const chip = ideal();
    writeAds122c04(chip, [0x48, 0x10], 0);
    convert(chip, 1.024);
    expect(read(chip, 0x10, 7)).toEqual([0x40, 0, 0, 0xbf, 0xff, 0xff, 0xff]);
    expect(read(chip, 0x28, 3)).toEqual([0x10, 0xef, 0xff]);
  });

  it("appends the CRC, also over the counter in front", () => {
    const chip = ideal();
    writeAds122c04(chip, [0x48, 0x60], 0);
    convert(chip, 1.024);
    const bytes = read(chip, 0x10, 6);
    expect(bytes.slice(0, 4)).toEqual([1, 0x40, 0, 0]);
    expect((bytes[4] << 8) | bytes[5]).toBe(crc16(bytes, 4));
    expect(crc16(bytes, 6)).toBe(0);
  });

  it("counts results modulo 256, and from zero after it was off", () => {
    const chip = ideal();
    writeAds122c04(chip, [0x48, 0x40], 0);
    for (let i = 0; i < 257; i++) convert(chip, 0);
    expect(read(chip, 0x10, 4)[0]).toBe(1);
    writeAds122c04(chip, [0x48, 0x00], 0);
    writeAds122c04(chip, [0x48, 0x40], 0);
    expect(read(chip, 0x10, 4)[0]).toBe(0);
  });
});

describe("ADS122C04 errors", () => {
  it("stay within reference, gain, offset, INL and clock of 6.5", () => {
    const fast = new Set<boolean>();
    for (let seed = 0; seed < 30; seed++) {
      const chip = createAds122c04(createStream(seed, "adc"), 1, 0);
      const lsb = 2.048 / 0x800000;
      expect(Math.abs(convert(chip, 0) * lsb)).toBeLessThanOrEqual(31e-6);
      const error = convert(chip, 1.8) * lsb - 1.8;
      const limit = 1.8 * (0.0015 + 0.001 + 1e-5) + 31e-6 + 2.048 * 15e-6;
      expect(Math.abs(error)).toBeLessThanOrEqual(limit);
      writeAds122c04(chip, [0x08], 0);
      expect(Math.abs(51213 / 1024 / chip.endMs - 1)).toBeLessThanOrEqual(0.0201);
      fast.add(chip.endMs < 51213 / 1024);
    }
    expect(fast.size).toBe(2);
  });

  it("have about 3.5 uV rms of noise at 20 SPS and gain 1, more at 1000 SPS", () => {
    const chip = createAds122c04(stream(), 0, 1);
    const noise = stream();
    const rms = (config1: number): number => {
      writeAds122c04(chip, [0x44, config1], 0);
      let squares = 0;
      for (let i = 0; i < 400; i++) squares += (convert(chip, 0, noise) * (2.048 / 2 ** 23)) ** 2;
      return Math.sqrt(squares / 400);
    };
    expect(rms(0x00)).toBeGreaterThan(3.1e-6);
    expect(rms(0x00)).toBeLessThan(3.9e-6);
    expect(rms(0xc0)).toBeGreaterThan(20e-6);
  });
});
