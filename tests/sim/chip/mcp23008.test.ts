// MCP23008 data sheet, DS21919: 1.6 (registers and reset values), sequential operation,
// 1.6.6 IOCON, 1.6.10 GPIO, 1.6.11 OLAT.
import { describe, expect, it } from "vitest";
import { createMcp23008, outputsMcp23008 } from "../../../sim/chip/mcp23008.ts";
import { readMcp23008, resetMcp23008, writeMcp23008 } from "../../../sim/chip/mcp23008.ts";
import type { Mcp23008 } from "../../../sim/chip/mcp23008.ts";

function read(chip: Mcp23008, register: number, count: number): number[] {
  const bytes = new Uint8Array(count);
  writeMcp23008(chip, [register]);
  readMcp23008(chip, bytes, count);
  return [...bytes];
}

describe("MCP23008", () => {
  it("resets to all inputs, everything else zero", () => {
    const chip = createMcp23008();
    expect(read(chip, 0, 11)).toEqual([0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(outputsMcp23008(chip)).toBe(0);
  });

  it("drives the latch of output pins only", () => {
    const chip = createMcp23008();
    writeMcp23008(chip, [0x0a, 0x05]);
    expect(outputsMcp23008(chip)).toBe(0);
    writeMcp23008(chip, [0x00, 0xf3]);
    expect(outputsMcp23008(chip)).toBe(0x04);
    expect(read(chip, 0x09, 1)).toEqual([0x04]);
  });

  it("writes the latch through GPIO", () => {
    const chip = createMcp23008();
    writeMcp23008(chip, [0x00, 0xf0]);
    writeMcp23008(chip, [0x09, 0x0a]);
    expect(read(chip, 0x0a, 1)).toEqual([0x0a]);
    expect(outputsMcp23008(chip)).toBe(0x0a);
  });

  it("reads pulled-up inputs as ones, and inverts with IPOL", () => {
    const chip = createMcp23008();
    writeMcp23008(chip, [0x06, 0x30]);
    expect(read(chip, 0x09, 1)).toEqual([0x30]);
    writeMcp23008(chip, [0x01, 0x11]);
    expect(read(chip, 0x09, 1)).toEqual([0x21]);
  });

  it("increments the pointer and rolls over, unless SEQOP is set", () => {
    const chip = createMcp23008();
    writeMcp23008(chip, [0x00, 0xf0, 0x01]);
    expect(read(chip, 0x0a, 2)).toEqual([0, 0xf0]);
    writeMcp23008(chip, [0x05, 0x20]);
    expect(read(chip, 0x00, 3)).toEqual([0xf0, 0xf0, 0xf0]);
  });

  it("keeps interrupt flags read-only, ignores registers it has not, and resets", () => {
    const chip = createMcp23008();
    writeMcp23008(chip, [0x07, 0xff]);
    writeMcp23008(chip, [0x08, 0xff]);
    writeMcp23008(chip, [0x40, 0xff]);
    expect(read(chip, 0x07, 2)).toEqual([0, 0]);
    expect(read(chip, 0x40, 1)).toEqual([0]);
    writeMcp23008(chip, [0x00, 0]);
    resetMcp23008(chip);
    expect(read(chip, 0, 1)).toEqual([0xff]);
  });
});
