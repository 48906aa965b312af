// MCP4725 data sheet, DS22039D: 1.0 (limits, EEPROM write time), 4.7 and Table 5-3 (factory
// content), 5.3 (power-down), 6.1 (write commands), 6.2 (read), 7.3 (general call).
import { describe, expect, it } from "vitest";
import { brownOutMcp4725, createMcp4725, outputMcp4725 } from "../../../sim/chip/mcp4725.ts";
import { readMcp4725, resetMcp4725, wakeMcp4725 } from "../../../sim/chip/mcp4725.ts";
import { writeMcp4725 } from "../../../sim/chip/mcp4725.ts";
import type { Mcp4725 } from "../../../sim/chip/mcp4725.ts";
import { createStream } from "../../../sim/random.ts";

const ideal = (): Mcp4725 => createMcp4725(createStream(1, "dac"), 0, 0x800);

function read(chip: Mcp4725, count: number, nowMs: number): number[] {
  const bytes = new Uint8Array(count);
  readMcp4725(chip, bytes, count, nowMs);
  return [...bytes];
}

describe("MCP4725 power-on", () => {
  it("gives mid-scale from a factory EEPROM, ready, POR bit set", () => {
    const chip = ideal();
    expect(read(chip, 5, 0)).toEqual([0xc0, 0x80, 0x00, 0x08, 0x00]);
    expect(outputMcp4725(chip, 5, 25)).toBe(2.5);
  });

  it("restores what was stored", () => {
    const chip = ideal();
    writeMcp4725(chip, [0x60, 0x12, 0x30], 0);
    writeMcp4725(chip, [0x0f, 0xff], 60);
    resetMcp4725(chip);
    expect(chip.code).toBe(0x123);
  });
});

describe("MCP4725 writes", () => {
  it("take the fast command: two bytes, repeated", () => {
    const chip = ideal();
    writeMcp4725(chip, [0x0a, 0xbc], 0);
    expect(chip.code).toBe(0xabc);
    writeMcp4725(chip, [0x01, 0x11, 0x02, 0x22, 0x03], 0);
    expect(chip.code).toBe(0x222);
    expect(read(chip, 5, 0)).toEqual([0xc0, 0x22, 0x20, 0x08, 0x00]);
  });

  it("take the DAC command in three bytes, and no incomplete one", () => {
    const chip = ideal();
    writeMcp4725(chip, [0x40, 0xab, 0xcf], 0);
    expect(chip.code).toBe(0xabc);
    writeMcp4725(chip, [0x40, 0x11], 0);
    writeMcp4725(chip, [0x0f], 0);
    writeMcp4725(chip, [0xe0, 0x11, 0x11], 0);
    expect(chip.code).toBe(0xabc);
    expect(chip.eepromCode).toBe(0x800);
  });

  it("switch the output off, and on", () => {
    const chip = ideal();
    writeMcp4725(chip, [0x2f, 0xff], 0);
    expect(read(chip, 1, 0)).toEqual([0xc4]);
    expect(outputMcp4725(chip, 5, 25)).toBe(0);
    writeMcp4725(chip, [0x42, 0xff, 0xf0], 0);
    expect(read(chip, 1, 0)).toEqual([0xc2]);
    wakeMcp4725(chip);
    expect(outputMcp4725(chip, 5, 25)).toBeCloseTo((5 * 4095) / 4096, 12);
  });
});

describe("MCP4725 EEPROM", () => {
  it("is written in 25 ms, meanwhile busy and deaf", () => {
    const chip = ideal();
    writeMcp4725(chip, [0x62, 0x40, 0x00], 100);
    expect(read(chip, 5, 124.9)).toEqual([0x42, 0x40, 0x00, 0x24, 0x00]);
    writeMcp4725(chip, [0x00, 0x01], 124.9);
    expect(chip.code).toBe(0x400);
    expect(read(chip, 1, 125)).toEqual([0xc2]);
    writeMcp4725(chip, [0x00, 0x01], 125);
    expect(chip.code).toBe(1);
    expect(chip.eepromWrites).toBe(1);
  });

  it("ignores what follows the command that started its write", () => {
    const chip = ideal();
    writeMcp4725(chip, [0x60, 0x10, 0x00, 0x60, 0x20, 0x00], 0);
    expect(chip.eepromCode).toBe(0x100);
  });

  it("takes up to 50 ms", () => {
    const times = Array.from(
      { length: 50 },
      (_, seed) => createMcp4725(createStream(seed, "dac"), 1, 0x800).eepromMs,
    );
    expect(Math.min(...times)).toBeGreaterThanOrEqual(25);
    expect(Math.max(...times)).toBeLessThanOrEqual(50);
    expect(Math.max(...times)).toBeGreaterThan(40);
  });

  it("holds anything after a power cut in a write, and keeps a finished one", () => {
    const stored = new Set<number>();
    for (let seed = 0; seed < 20; seed++) {
      const chip = ideal();
      writeMcp4725(chip, [0x60, 0x40, 0x00], 0);
      brownOutMcp4725(chip, 10, createStream(seed, "cut"));
      stored.add(chip.eepromCode);
      expect(chip.code).toBe(chip.eepromCode);
    }
    expect(stored.size).toBeGreaterThan(10);
    const chip = ideal();
    writeMcp4725(chip, [0x60, 0x40, 0x00], 0);
    brownOutMcp4725(chip, 30, createStream(1, "cut"));
    expect(chip.code).toBe(0x400);
  });
});

describe("MCP4725 errors", () => {
  it("stay within 2 % of gain, 0.75 % of offset and 14.5 LSB, and differ by chip", () => {
    const outputs = new Set<number>();
    for (let seed = 0; seed < 30; seed++) {
      const chip = createMcp4725(createStream(seed, "dac"), 1, 0);
      const zero = outputMcp4725(chip, 5, 25);
      expect(zero).toBeGreaterThanOrEqual(0);
      expect(zero).toBeLessThanOrEqual(5 * 7.5e-3);
      writeMcp4725(chip, [0x08, 0x00], 0);
      const middle = outputMcp4725(chip, 5, 25);
      expect(Math.abs(middle - zero - 2.5)).toBeLessThanOrEqual(2.5 * 0.02 + (14.5 * 5) / 4096);
      outputs.add(middle);
    }
    expect(outputs.size).toBe(30);
  });

  it("are ratiometric to the supply", () => {
    const chip = ideal();
    expect(outputMcp4725(chip, 4, 25)).toBe(2);
  });
});
