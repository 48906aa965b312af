// MB85RC256V data sheet, DS501-00017: "Page Write", "Random Read", "Current Address Read",
// "Sequential Read", roll-over at the end of the array.
import { describe, expect, it } from "vitest";
import { createFram, readFram, writeFram } from "../../../sim/chip/fram.ts";
import type { Fram } from "../../../sim/chip/fram.ts";

function read(chip: Fram, count: number): number[] {
  const bytes = new Uint8Array(count);
  readFram(chip, bytes, count);
  return [...bytes];
}

describe("MB85RC256V", () => {
  it("keeps what is written, at once", () => {
    const chip = createFram(undefined);
    writeFram(chip, [0x12, 0x34, 1, 2, 3]);
    writeFram(chip, [0x12, 0x34]);
    expect(read(chip, 4)).toEqual([1, 2, 3, 0]);
  });

  it("goes on reading at the current address", () => {
    const chip = createFram(new Uint8Array([5, 6, 7, 8]));
    writeFram(chip, [0, 1]);
    expect(read(chip, 1)).toEqual([6]);
    expect(read(chip, 2)).toEqual([7, 8]);
  });

  it("rolls over from 7FFFh to 0 on writing and reading", () => {
    const chip = createFram(undefined);
    writeFram(chip, [0x7f, 0xff, 1, 2]);
    expect(chip.memory[0x7fff]).toBe(1);
    expect(chip.memory[0]).toBe(2);
    writeFram(chip, [0x7f, 0xff]);
    expect(read(chip, 2)).toEqual([1, 2]);
  });

  it("ignores the top address bit and an incomplete address", () => {
    const chip = createFram(new Uint8Array([9]));
    writeFram(chip, [0x80, 0x00]);
    expect(read(chip, 1)).toEqual([9]);
    writeFram(chip, [0x00]);
    expect(chip.address).toBe(1);
  });

  it("holds its own copy of the initial content", () => {
    const content = new Uint8Array([1]);
    const chip = createFram(content);
    content[0] = 2;
    expect(chip.memory[0]).toBe(1);
    expect(chip.memory.length).toBe(32768);
  });
});
