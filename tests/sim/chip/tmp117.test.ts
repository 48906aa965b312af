// TMP117 data sheet, SNOSD82D: 6.5 (accuracy, times), 7.3 (power-up, averaging, result), 7.4
// (modes), 7.5.1 (EEPROM), 7.6 (registers and reset values), Tables 7-1 and 7-7.
import { describe, expect, it } from "vitest";
import { createTmp117, readTmp117, resetTmp117 } from "../../../sim/chip/tmp117.ts";
import { updateTmp117, writeTmp117 } from "../../../sim/chip/tmp117.ts";
import type { Tmp117 } from "../../../sim/chip/tmp117.ts";
import { createStream } from "../../../sim/random.ts";

const noise = createStream(3, "thermometer");
const ideal = (): Tmp117 => createTmp117(createStream(1, "tmp117"), 0, 0);

function read(chip: Tmp117, register: number, nowMs: number, temperatureC = 25): number {
  const bytes = new Uint8Array(2);
  writeTmp117(chip, [register], nowMs);
  updateTmp117(chip, temperatureC, nowMs, noise);
  readTmp117(chip, bytes, 2, nowMs);
  return (bytes[0] << 8) | bytes[1];
}

function write(chip: Tmp117, register: number, word: number, nowMs: number): void {
  updateTmp117(chip, 25, nowMs, noise);
  writeTmp117(chip, [register, word >> 8, word & 0xff], nowMs);
}

/** Start-up and eight averaged conversions. */
const FIRST_MS = 1.5 + 8 * 15.5;

describe("TMP117 registers", () => {
  it("have the reset values of 7.6", () => {
    const chip = ideal();
    expect([0, 1, 2, 3, 4, 7, 15].map((register) => read(chip, register, 1))).toEqual([
      0x8000, 0x0220, 0x6000, 0x8000, 0, 0, 0x0117,
    ]);
  });

  it("keep a serial number of their own in EEPROM1 to 3", () => {
    const serials = [1, 2, 3].map((seed) => {
      const chip = createTmp117(createStream(seed, "tmp117"), 0, 0);
      return [5, 6, 8].map((register) => read(chip, register, 1)).join();
    });
    expect(new Set(serials).size).toBe(3);
  });

  it("are reset by the soft-reset bit; result and identity are read-only", () => {
    const chip = ideal();
    write(chip, 2, 0x1234, 1);
    write(chip, 0, 0x1111, 1);
    write(chip, 15, 0x1111, 1);
    expect([read(chip, 2, 1), read(chip, 0, 1), read(chip, 15, 1)]).toEqual([
      0x1234, 0x8000, 0x0117,
    ]);
    write(chip, 1, 0x0222, 2);
    expect(read(chip, 2, 2)).toBe(0x6000);
  });

  it("give ones beyond two bytes", () => {
    const bytes = new Uint8Array(3);
    const chip = ideal();
    writeTmp117(chip, [15], 0);
    readTmp117(chip, bytes, 3, 0);
    expect([...bytes]).toEqual([0x01, 0x17, 0xff]);
  });
});

describe("TMP117 conversions", () => {
  it("first read -256 degC, and are complete after eight averages", () => {
    const chip = ideal();
    expect(read(chip, 0, FIRST_MS - 0.1)).toBe(0x8000);
    expect(read(chip, 0, FIRST_MS + 0.1)).toBe(0x0c80);
  });

  it("have the codes of Table 7-1", () => {
    const table = [
      [-25, 0xf380],
      [-0.125, 0xfff0],
      [-0.0078125, 0xffff],
      [0, 0],
      [0.0078125, 1],
      [1, 0x80],
      [100, 0x3200],
    ];
    for (const [temperatureC, word] of table) {
      expect(read(ideal(), 0, 200, temperatureC)).toBe(word);
    }
  });

  it("set the data-ready flag each second, cleared by reading result or configuration", () => {
    const chip = ideal();
    const ready = (nowMs: number): boolean => (read(chip, 1, nowMs) & 0x2000) !== 0;
    expect(ready(100)).toBe(false);
    expect(ready(200)).toBe(true);
    expect(ready(300)).toBe(false);
    expect(ready(FIRST_MS + 1001)).toBe(true);
    updateTmp117(chip, 25, FIRST_MS + 2001, noise);
    read(chip, 0, FIRST_MS + 2001);
    expect(ready(FIRST_MS + 2002)).toBe(false);
  });

  it("come every 15.5 ms without averaging, and after a new setting anew", () => {
    const chip = ideal();
    write(chip, 1, 0x0000, 1000);
    read(chip, 1, 1001);
    expect(read(chip, 1, 1015) & 0x2000).toBe(0);
    expect(read(chip, 1, 1016) & 0x2000).toBe(0x2000);
    expect(read(chip, 1, 1032) & 0x2000).toBe(0x2000);
  });

  it("run once in one-shot mode, then shut down; not at all in shutdown", () => {
    const chip = ideal();
    write(chip, 1, 0x0420, 1000);
    read(chip, 0, 1000);
    expect(read(chip, 0, 9000, 30)).toBe(0x0c80);
    write(chip, 1, 0x0c20, 10000);
    expect(read(chip, 1, 10000) & 0x0c00).toBe(0x0c00);
    expect(read(chip, 0, 10130, 30)).toBe(30 * 128);
    expect(read(chip, 1, 10131) & 0x0c00).toBe(0x0400);
  });

  it("add the offset register, and flag limits until the configuration is read", () => {
    const chip = ideal();
    write(chip, 7, 0xff80, 1);
    write(chip, 2, 0x0b00, 1);
    write(chip, 3, 0x0a00, 1);
    expect(read(chip, 0, 200, 25)).toBe(0x0c00);
    expect(read(chip, 1, 201) & 0xc000).toBe(0x8000);
    expect(read(chip, 1, 202) & 0xc000).toBe(0);
    expect(read(chip, 0, 1300, 20)).toBe(0x0980);
    expect(read(chip, 1, 1301, 20) & 0xc000).toBe(0x4000);
  });
});

describe("TMP117 EEPROM", () => {
  it("takes unlocked writes in 7 ms and restores them at power-on", () => {
    const chip = ideal();
    write(chip, 4, 0x8000, 10);
    write(chip, 1, 0x0420, 10);
    expect(read(chip, 4, 16.9)).toBe(0xc000);
    expect(read(chip, 1, 16.9) & 0x1000).toBe(0x1000);
    expect(read(chip, 4, 17)).toBe(0x8000);
    write(chip, 4, 0, 18);
    write(chip, 2, 0x1000, 18);
    resetTmp117(chip, 20);
    expect(read(chip, 1, 20)).toBe(0x0420);
    expect(read(chip, 2, 20)).toBe(0x6000);
    expect(read(chip, 0, 5000)).toBe(0x8000);
  });
});

describe("TMP117 errors", () => {
  it("stay within 0.1 K, and 13 to 17.5 ms a conversion", () => {
    for (let seed = 0; seed < 30; seed++) {
      const chip = createTmp117(createStream(seed, "tmp117"), 1, 0);
      expect(Math.abs(read(chip, 0, 2000) / 128 - 25)).toBeLessThanOrEqual(0.104);
      expect(chip.timeFactor * 15.5).toBeGreaterThan(13);
      expect(chip.timeFactor * 15.5).toBeLessThan(17.5);
    }
  });

  it("repeat within a code or so at eight averages", () => {
    const chip = createTmp117(createStream(1, "tmp117"), 0, 1);
    const codes = Array.from({ length: 200 }, (_, i) => read(chip, 0, 200 + 1000 * i));
    expect(Math.max(...codes) - Math.min(...codes)).toBeLessThanOrEqual(3);
    expect(new Set(codes).size).toBeGreaterThan(1);
  });
});
