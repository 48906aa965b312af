import { describe, expect, it } from "vitest";
import { createFram, tearFram } from "../../sim/chip/fram.ts";
import { copy } from "../../sim/copy.ts";
import { createFlash, eraseFlash, programByte, readFlash } from "../../sim/flash.ts";
import { tearErase, tearProgram } from "../../sim/flash.ts";
import type { Flash } from "../../sim/flash.ts";
import { createStream } from "../../sim/random.ts";
import * as tear from "../../sim/tear.ts";

const SECTOR = 16;
const stream = createStream(2, "cut");
const small = (): Flash => createFlash(4, SECTOR, 100);

function filled(): Flash {
  const flash = small();
  for (let i = 0; i < 4 * SECTOR; i++) programByte(flash, i, 0x55);
  return flash;
}

const bytes = (flash: Flash, from: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => readFlash(flash, from + i));

describe("flash array", () => {
  it("is blank, keeps nothing for blank sectors, and copies", () => {
    const flash = small();
    expect(bytes(flash, 0, 4)).toEqual([0xff, 0xff, 0xff, 0xff]);
    programByte(flash, 17, 0x0f);
    expect(flash.sectors.map((sector) => sector !== null)).toEqual([false, true, false, false]);
    const twin = copy(flash);
    eraseFlash(flash, 16, 16);
    expect(readFlash(twin, 17)).toBe(0x0f);
    expect(flash.sectors[1]).toBe(null);
  });

  it("wears by sector", () => {
    const flash = filled();
    eraseFlash(flash, 16, 32);
    eraseFlash(flash, 32, 16);
    expect([...flash.wear]).toEqual([0, 1, 2, 0]);
  });
});

describe("torn program", () => {
  const values = [0, 1, 2, 3, 4, 5, 6, 7];
  const offsets = values.map((_, i) => 3 + i);
  const torn = (mode: number): number[] => {
    const flash = small();
    tearProgram(flash, offsets, values, mode, stream);
    return bytes(flash, 3, 8);
  };
  const kept = (count: number): number[] => values.map((v, i) => (i < count ? v : 0xff));

  it("leaves nothing, one byte, half, all but one, all", () => {
    expect(torn(tear.TEAR_BEFORE)).toEqual(kept(0));
    expect(torn(tear.TEAR_FIRST_BYTE)).toEqual(kept(1));
    expect(torn(tear.TEAR_HALF)).toEqual(kept(4));
    expect(torn(tear.TEAR_ALL_BUT_ONE)).toEqual(kept(7));
    expect(torn(tear.TEAR_DONE)).toEqual(kept(8));
  });

  it("leaves a tail of which some bits have fallen, none that should not", () => {
    const tails = new Set<string>();
    for (let i = 0; i < 10; i++) {
      const result = torn(tear.TEAR_GARBAGE);
      expect(result.slice(0, 4)).toEqual(values.slice(0, 4));
      result.forEach((byte, at) => expect(byte & values[at]).toBe(values[at]));
      tails.add(result.slice(4).join());
    }
    expect(tails.size).toBe(10);
  });
});

describe("torn erase", () => {
  const torn = (mode: number): { content: number[]; wear: number[] } => {
    const flash = filled();
    tearErase(flash, SECTOR, 2 * SECTOR, mode, stream);
    return { content: bytes(flash, 0, 4 * SECTOR), wear: [...flash.wear] };
  };
  const blanked = (count: number): number[] =>
    Array.from({ length: 4 * SECTOR }, (_, i) => (i >= SECTOR && i < SECTOR + count ? 0xff : 0x55));

  it("leaves nothing, one byte, half, all but one byte, all", () => {
    expect(torn(tear.TEAR_BEFORE)).toEqual({ content: blanked(0), wear: [0, 0, 0, 0] });
    expect(torn(tear.TEAR_FIRST_BYTE)).toEqual({ content: blanked(1), wear: [0, 1, 0, 0] });
    expect(torn(tear.TEAR_HALF)).toEqual({ content: blanked(16), wear: [0, 1, 1, 0] });
    expect(torn(tear.TEAR_ALL_BUT_ONE)).toEqual({ content: blanked(31), wear: [0, 1, 1, 0] });
    expect(torn(tear.TEAR_DONE)).toEqual({ content: blanked(32), wear: [0, 1, 1, 0] });
  });

  it("leaves a sector that is neither old nor blank", () => {
    const { content } = torn(tear.TEAR_GARBAGE);
    expect(content.slice(0, 2 * SECTOR)).toEqual(blanked(16).slice(0, 2 * SECTOR));
    const half = content.slice(2 * SECTOR, 3 * SECTOR);
    expect(half.every((byte) => byte === 0x55)).toBe(false);
    expect(half.every((byte) => byte === 0xff)).toBe(false);
    for (const byte of half) expect(byte & 0x55).toBe(0x55);
    expect(content.slice(3 * SECTOR)).toEqual(blanked(0).slice(3 * SECTOR));
  });
});

describe("torn write of an FRAM", () => {
  const torn = (mode: number): number[] => {
    const chip = createFram(undefined);
    tearFram(chip, [0, 8, 1, 2, 3, 4], mode, stream);
    return [...chip.memory.subarray(7, 13)];
  };

  it("leaves what had arrived", () => {
    expect(torn(tear.TEAR_BEFORE)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(torn(tear.TEAR_FIRST_BYTE)).toEqual([0, 1, 0, 0, 0, 0]);
    expect(torn(tear.TEAR_HALF)).toEqual([0, 1, 2, 0, 0, 0]);
    expect(torn(tear.TEAR_ALL_BUT_ONE)).toEqual([0, 1, 2, 3, 0, 0]);
    expect(torn(tear.TEAR_DONE)).toEqual([0, 1, 2, 3, 4, 0]);
  });

  it("leaves one byte of garbage at most", () => {
    const garbage = new Set<number>();
    for (let i = 0; i < 20; i++) {
      const [before, first, second, third, fourth, after] = torn(tear.TEAR_GARBAGE);
      expect([before, first, second, fourth, after]).toEqual([0, 1, 2, 0, 0]);
      garbage.add(third);
    }
    expect(garbage.size).toBeGreaterThan(5);
  });
});
