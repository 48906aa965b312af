// DAC8571 data sheet, SLAS373A: control byte (Table 2), power-down modes (Table 6), update
// sequence, read-back, power-on reset, electrical characteristics, its examples 1 to 5.
import { describe, expect, it } from "vitest";
import { createDac8571, outputDac8571, readDac8571 } from "../../../sim/chip/dac8571.ts";
import { resetDac8571, writeDac8571 } from "../../../sim/chip/dac8571.ts";
import type { Dac8571 } from "../../../sim/chip/dac8571.ts";
import { createStream } from "../../../sim/random.ts";

const ideal = (): Dac8571 => createDac8571(createStream(1, "dac"), 0);
const volts = (chip: Dac8571): number => outputDac8571(chip, 5, 5.3, 25);

function read(chip: Dac8571, count: number): number[] {
  const bytes = new Uint8Array(count);
  readDac8571(chip, bytes, count);
  return [...bytes];
}

describe("DAC8571", () => {
  it("powers up at zero scale, reading zeros", () => {
    const chip = ideal();
    expect(volts(chip)).toBe(0);
    expect(read(chip, 4)).toEqual([0, 0, 0, 0xff]);
  });

  it("writes now: 1/4 scale of example 1", () => {
    const chip = ideal();
    writeDac8571(chip, [0x10, 0x40, 0x00]);
    expect(volts(chip)).toBe(1.25);
    expect(read(chip, 3)).toEqual([0x40, 0x00, 0x10]);
  });

  it("stores now and updates later, discarding the later data", () => {
    const chip = ideal();
    writeDac8571(chip, [0x00, 0x80, 0x00]);
    expect(volts(chip)).toBe(0);
    expect(read(chip, 3)).toEqual([0x80, 0x00, 0x00]);
    writeDac8571(chip, [0x20, 0x12, 0x34]);
    expect(volts(chip)).toBe(2.5);
    expect(read(chip, 3)).toEqual([0x80, 0x00, 0x20]);
  });

  it("takes broadcast updates from the temporary register, or from the data", () => {
    const chip = ideal();
    writeDac8571(chip, [0x00, 0x80, 0x00]);
    writeDac8571(chip, [0x30, 0x12, 0x34]);
    expect(volts(chip)).toBe(2.5);
    writeDac8571(chip, [0x34, 0x40, 0x00]);
    expect(volts(chip)).toBe(1.25);
  });

  it("streams pairs, each in effect with its low byte", () => {
    const chip = ideal();
    writeDac8571(chip, [0x10, 0x40, 0x00, 0x80, 0x00, 0xc0]);
    expect(volts(chip)).toBe(2.5);
    writeDac8571(chip, [0x10, 0xff]);
    expect(volts(chip)).toBe(2.5);
  });

  it("powers down by 1 kohm, 100 kohm or nothing, and back by a write", () => {
    for (const mode of [0x40, 0x80, 0xc0]) {
      const chip = ideal();
      writeDac8571(chip, [0x10, 0x80, 0x00]);
      writeDac8571(chip, [0x11, mode, 0x00]);
      expect(volts(chip)).toBe(0);
      writeDac8571(chip, [0x10, 0x80, 0x00]);
      expect(volts(chip)).toBe(2.5);
    }
  });

  it("changes its settling mode without moving the output (examples 2 and 3)", () => {
    const chip = ideal();
    writeDac8571(chip, [0x10, 0x40, 0x00]);
    writeDac8571(chip, [0x11, 0x20, 0x00]);
    expect(chip.fastSettling).toBe(1);
    expect(volts(chip)).toBe(1.25);
    writeDac8571(chip, [0x11, 0x00, 0x00]);
    expect(chip.fastSettling).toBe(0);
    expect(volts(chip)).toBe(1.25);
  });

  it("falls to zero scale in a brown-out", () => {
    const chip = ideal();
    writeDac8571(chip, [0x10, 0x80, 0x00]);
    resetDac8571(chip);
    expect(volts(chip)).toBe(0);
    expect(read(chip, 3)).toEqual([0, 0, 0]);
  });

  it("keeps within 20 mV of zero, 1 % of gain and 64 LSB, monotonic", () => {
    const outputs = new Set<number>();
    for (let seed = 0; seed < 20; seed++) {
      const chip = createDac8571(createStream(seed, "dac"), 1);
      const zero = volts(chip);
      expect(zero).toBeLessThanOrEqual(20e-3);
      let before = -1;
      for (let code = 0; code < 65536; code += 257) {
        writeDac8571(chip, [0x10, code >> 8, code & 0xff]);
        const now = volts(chip);
        const error = now - zero - (5 * code) / 65536;
        expect(Math.abs(error)).toBeLessThanOrEqual((0.01 * 5 * code) / 65536 + (65 * 5) / 65536);
        expect(now).toBeGreaterThan(before);
        before = now;
      }
      outputs.add(before);
    }
    expect(outputs.size).toBe(20);
  });
});
