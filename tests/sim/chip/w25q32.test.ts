// W25Q32JV data sheet, Rev. F: 7.1 (status, protection), 8.1.1 (identities), 8.2 (instructions),
// 9.3 (power-up), 9.6 (times).
import { describe, expect, it } from "vitest";
import { brownOutW25q32, createW25q32, transferW25q32 } from "../../../sim/chip/w25q32.ts";
import type { W25q32 } from "../../../sim/chip/w25q32.ts";
import { durationMs } from "../../../sim/chip/w25q32-commands.ts";
import { SECTOR_LOUD, SECTOR_SILENT } from "../../../sim/flash.ts";
import { createStream } from "../../../sim/random.ts";
import { TEAR_HALF } from "../../../sim/tear.ts";

const stream = createStream(7, "flash");

/** A chip with a clock of its own, past its power-up. */
function bench(errors = 0) {
  const chip = createW25q32(errors);
  const state = { nowMs: 10 };
  const transfer = (bytes: number[], count = 0): number[] => {
    const into = new Uint8Array(count);
    transferW25q32(chip, bytes, into, state.nowMs, stream);
    return [...into];
  };
  const address = (offset: number): number[] => [offset >> 16, (offset >> 8) & 0xff, offset & 0xff];
  return {
    chip,
    state,
    transfer,
    status: () => transfer([0x05], 1)[0],
    read: (offset: number, count: number) => transfer([0x03, ...address(offset)], count),
    /** Write enable, the instruction, and `waitMs`. */
    write: (instruction: number, offset: number, bytes: number[], waitMs: number) => {
      transfer([0x06]);
      transfer([instruction, ...address(offset), ...bytes]);
      state.nowMs += waitMs;
    },
  };
}

const PROGRAM = 0x02;
const blank = (count: number): number[] => new Array<number>(count).fill(0xff);

describe("W25Q32JV identity", () => {
  it("is EF 40 16 by JEDEC, EF 15 by 90h, 15 by ABh", () => {
    const b = bench();
    expect(b.transfer([0x9f], 4)).toEqual([0xef, 0x40, 0x16, 0xff]);
    expect(b.transfer([0x90, 0, 0, 0], 2)).toEqual([0xef, 0x15]);
    expect(b.transfer([0x90, 0, 0, 1], 2)).toEqual([0x15, 0xef]);
    expect(b.transfer([0xab], 4)).toEqual([0xff, 0xff, 0xff, 0x15]);
  });
});

describe("W25Q32JV status", () => {
  it("is zero at power-on; the latch is set and cleared by instruction", () => {
    const b = bench();
    expect(b.status()).toBe(0);
    b.transfer([0x06]);
    expect(b.status()).toBe(0x02);
    b.transfer([0x04]);
    expect(b.status()).toBe(0);
    expect(b.transfer([0x35], 1)).toEqual([0]);
  });

  it("refuses write instructions for 5 ms after power-up", () => {
    const b = bench();
    b.state.nowMs = 4.9;
    b.transfer([0x06]);
    expect(b.status()).toBe(0);
    b.state.nowMs = 5;
    b.transfer([0x06]);
    expect(b.status()).toBe(0x02);
  });

  it("streams for as long as it is read", () => {
    const b = bench();
    b.transfer([0x06]);
    expect(b.transfer([0x05], 3)).toEqual([2, 2, 2]);
  });
});

describe("W25Q32JV page program", () => {
  it("needs the latch, takes 0.4 ms, clears the latch", () => {
    const b = bench();
    b.transfer([PROGRAM, 0, 1, 0, 0x12]);
    expect(b.status()).toBe(0);
    b.write(PROGRAM, 0x100, [0x12, 0x34], 0);
    expect(b.status()).toBe(0x03);
    b.state.nowMs += 0.39;
    expect(b.read(0x100, 2)).toEqual([0xff, 0xff]);
    b.state.nowMs += 0.02;
    expect(b.status()).toBe(0);
    expect(b.read(0x0ff, 4)).toEqual([0xff, 0x12, 0x34, 0xff]);
    expect(b.transfer([0x0b, 0, 1, 0, 0], 2)).toEqual([0x12, 0x34]);
  });

  it("wraps within its page", () => {
    const b = bench();
    b.write(PROGRAM, 0x2fe, [1, 2, 3, 4], 1);
    expect(b.read(0x2fe, 4)).toEqual([1, 2, 0xff, 0xff]);
    expect(b.read(0x200, 2)).toEqual([3, 4]);
  });

  it("keeps the last 256 of more bytes", () => {
    const b = bench();
    b.write(PROGRAM, 0x300, [...new Array<number>(4).fill(0), ...blank(252), 9, 8, 7, 6], 1);
    expect(b.read(0x300, 6)).toEqual([9, 8, 7, 6, 0xff, 0xff]);
  });

  it("only lowers bits", () => {
    const b = bench();
    b.write(PROGRAM, 0, [0xf0], 1);
    b.write(PROGRAM, 0, [0x3c], 1);
    expect(b.read(0, 1)).toEqual([0x30]);
  });

  it("answers nothing but its status meanwhile", () => {
    const b = bench();
    b.write(PROGRAM, 0, [0], 0);
    expect(b.transfer([0x9f], 3)).toEqual(blank(3));
    b.write(PROGRAM, 1, [0], 1);
    expect(b.read(0, 2)).toEqual([0, 0xff]);
  });
});

describe("W25Q32JV erase", () => {
  it("clears 4, 32 and 64 kB, aligned, in 45, 120 and 150 ms, and counts wear", () => {
    for (const [instruction, length, timeMs] of [
      [0x20, 4096, 45],
      [0x52, 32768, 120],
      [0xd8, 65536, 150],
    ]) {
      const b = bench();
      const base = 0x120000;
      for (const offset of [base - 1, base, base + length - 1, base + length]) {
        b.write(PROGRAM, offset, [0], 1);
      }
      b.write(instruction, base + 77, [], timeMs - 0.1);
      expect(b.status()).toBe(0x03);
      b.state.nowMs += 0.2;
      expect(b.status()).toBe(0);
      expect(b.read(base, 1).concat(b.read(base + length - 1, 1))).toEqual([0xff, 0xff]);
      expect(b.read(base - 1, 1).concat(b.read(base + length, 1))).toEqual([0, 0]);
      expect(b.chip.flash.wear.reduce((sum, wear) => sum + wear, 0)).toBe(length / 4096);
      expect(b.chip.flash.wear[base / 4096]).toBe(1);
    }
  });

  it("clears the chip in 10 s, by either instruction", () => {
    for (const instruction of [0xc7, 0x60]) {
      const b = bench();
      b.write(PROGRAM, 0, [0], 1);
      b.write(PROGRAM, 0x3fffff, [0], 1);
      b.transfer([0x06]);
      b.transfer([instruction]);
      b.state.nowMs += 9999;
      expect(b.status()).toBe(0x03);
      b.state.nowMs += 2;
      expect(b.read(0x3fffff, 2)).toEqual([0xff, 0xff]);
    }
  });

  it("takes typical times mostly, the maximum at most", () => {
    const times = Array.from({ length: 400 }, () => durationMs(0x20, 1, stream)).sort(
      (a, b) => a - b,
    );
    expect(times[0]).toBeGreaterThanOrEqual(45);
    expect(times[200]).toBeLessThan(60);
    expect(times[399]).toBeGreaterThan(200);
    expect(times[399]).toBeLessThanOrEqual(400);
  });
});

describe("W25Q32JV reads", () => {
  it("go on through the array and wrap at its end", () => {
    const b = bench();
    b.write(PROGRAM, 0x3fffff, [5], 1);
    b.write(PROGRAM, 0, [6], 1);
    expect(b.read(0x3fffff, 2)).toEqual([5, 6]);
    expect(b.read(0x7fffff, 1)).toEqual([5]);
  });
});

describe("W25Q32JV protection", () => {
  it("covers the upper or lower part by BP, TB and SEC", () => {
    const protect = (status: number, offset: number): boolean => {
      const b = bench();
      b.transfer([0x06]);
      b.transfer([0x01, status]);
      expect(b.status()).toBe(0x03);
      b.state.nowMs += 11;
      expect(b.status()).toBe(status);
      b.write(PROGRAM, offset, [0], 1);
      return b.read(offset, 1)[0] === 0xff;
    };
    expect(protect(0x04, 0x3f0000)).toBe(true);
    expect(protect(0x04, 0x3effff)).toBe(false);
    expect(protect(0x24, 0x00ffff)).toBe(true);
    expect(protect(0x24, 0x010000)).toBe(false);
    expect(protect(0x44, 0x3ff000)).toBe(true);
    expect(protect(0x44, 0x3fefff)).toBe(false);
    expect(protect(0x1c, 0)).toBe(true);
  });

  it("outlives a power cut", () => {
    const b = bench();
    b.transfer([0x06]);
    b.transfer([0x01, 0x1c]);
    b.state.nowMs += 20;
    b.status();
    brownOutW25q32(b.chip, b.state.nowMs, TEAR_HALF, stream);
    expect(b.status()).toBe(0x1c);
  });
});

describe("W25Q32JV power", () => {
  it("sleeps on B9h until ABh", () => {
    const b = bench();
    b.transfer([0xb9]);
    expect(b.transfer([0x9f], 3)).toEqual(blank(3));
    b.transfer([0xab]);
    expect(b.transfer([0x9f], 1)).toEqual([0xff]);
    b.state.nowMs += 0.003;
    expect(b.transfer([0x9f], 1)).toEqual([0xef]);
  });

  it("resets on 66h, 99h only, in 30 us", () => {
    const b = bench();
    b.transfer([0x06]);
    b.transfer([0x66]);
    b.transfer([0x05]);
    b.transfer([0x99]);
    expect(b.status()).toBe(0x02);
    b.transfer([0x66]);
    b.transfer([0x99]);
    expect(b.status()).toBe(0xff);
    b.state.nowMs += 0.03;
    expect(b.status()).toBe(0);
  });

  it("tears a program and an erase that a cut finds under way, not one that has ended", () => {
    const b = bench();
    b.write(PROGRAM, 0, [1, 2, 3, 4], 0.2);
    brownOutW25q32(b.chip, b.state.nowMs, TEAR_HALF, stream);
    expect(b.status()).toBe(0);
    expect(b.read(0, 4)).toEqual([1, 2, 0xff, 0xff]);
    b.state.nowMs += 10;
    b.write(PROGRAM, 4092, [5, 6, 7, 8], 1);
    b.write(0x20, 0, [], 20);
    brownOutW25q32(b.chip, b.state.nowMs, TEAR_HALF, stream);
    expect(b.read(0, 2)).toEqual([0xff, 0xff]);
    expect(b.read(4092, 4)).toEqual([5, 6, 7, 8]);
    b.state.nowMs += 10;
    b.write(0x20, 0, [], 46);
    brownOutW25q32(b.chip, b.state.nowMs, TEAR_HALF, stream);
    expect(b.read(4092, 4)).toEqual(blank(4));
  });
});

describe("W25Q32JV bad sectors", () => {
  const bad = (fault: number): W25q32 & { b: ReturnType<typeof bench> } => {
    const b = bench();
    b.chip.flash.faults[3] = fault;
    return { ...b.chip, b };
  };

  it("refuse, with the latch left set, when loud", () => {
    const { b } = bad(SECTOR_LOUD);
    b.write(PROGRAM, 3 * 4096, [0], 0);
    expect(b.status()).toBe(0x02);
    b.write(0xd8, 0, [], 0);
    expect(b.status()).toBe(0x02);
    b.write(PROGRAM, 4 * 4096, [0], 1);
    expect(b.read(4 * 4096, 1)).toEqual([0]);
  });

  it("keep what they hold, and look busy, when silent", () => {
    const { b } = bad(SECTOR_SILENT);
    b.write(PROGRAM, 3 * 4096, [0], 0);
    expect(b.status()).toBe(0x03);
    b.state.nowMs += 1;
    expect(b.status()).toBe(0);
    expect(b.read(3 * 4096, 1)).toEqual([0xff]);
  });

  it("come by wear", () => {
    const b = bench();
    b.chip.flash.endurance = 2;
    for (let i = 0; i < 3; i++) {
      b.write(PROGRAM, 0, [0], 1);
      b.write(0x20, 0, [], 46);
      expect(b.read(0, 1)[0]).toBe(i < 2 ? 0xff : 0);
    }
  });
});
