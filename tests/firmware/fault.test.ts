import { describe, expect, test } from "vitest";
import * as fault from "../../firmware/fault.ts";
import {
  DEBOUNCE,
  FAULT_COUNT,
  FAULT_NONE,
  count,
  countIncomplete,
  createGuard,
  forgetCounts,
  latch,
} from "../../firmware/fault.ts";

const named = Object.entries(fault).filter(([name]) => /^FAULT_(?!NONE|COUNT)/.test(name));
const codes = named.map(([name, code]) => ({ name, code: code as number }));

// Frames in a row, as the fault table states them.
const FRAMES: Record<string, number> = {
  FAULT_V_HARD: 1,
  FAULT_I_HARD: 1,
  FAULT_V_HIGH: 3,
  FAULT_V_LOW: 3,
  FAULT_T_HIGH: 3,
  FAULT_T_LOW: 3,
  FAULT_F_HIGH: 3,
  FAULT_F_LOW: 3,
  FAULT_STALE: 1,
  FAULT_BUS: 3,
  FAULT_FOLLOW: 6,
  FAULT_READBACK: 2,
  FAULT_LEAK: 3,
  FAULT_TIME_MAX: 1,
  FAULT_EXCEPTION: 1,
  FAULT_FLOW: 1,
  FAULT_CONFIG: 1,
  FAULT_PROTOCOL: 1,
  FAULT_JOURNAL: 1,
  FAULT_BOOT_LOOP: 1,
  FAULT_OTHER_CELL: 1,
  FAULT_SIGN: 2,
  FAULT_OPEN_CELL: 6,
  FAULT_CLOCK: 2,
  FAULT_FROZEN: 1,
  FAULT_T_RATE: 1,
  FAULT_IMPLAUSIBLE: 3,
  FAULT_WELD: 1,
  FAULT_RANGES: 3,
  FAULT_CONTACT: 3,
};

describe("the fault table", () => {
  test("numbers its codes without gap or repetition, and debounces each", () => {
    const numbers = codes.map(({ code }) => code).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: FAULT_COUNT - 1 }, (_, i) => i + 1));
    expect(DEBOUNCE).toHaveLength(FAULT_COUNT);
    expect(codes.map(({ name }) => name).sort()).toEqual(Object.keys(FRAMES).sort());
  });

  test.each(codes)("$name fires exactly at its count, and goes on", ({ name, code }) => {
    const guard = createGuard();
    for (let frame = 1; frame < FRAMES[name] + 3; frame++) {
      expect(count(guard, 1 << code, 1 << code)).toBe(frame >= FRAMES[name] ? code : FAULT_NONE);
    }
  });

  test.each(codes)("$name begins again after one sound frame", ({ name, code }) => {
    const guard = createGuard();
    for (let round = 0; round < 5; round++) {
      for (let i = 1; i < FRAMES[name]; i++)
        expect(count(guard, 1 << code, 1 << code)).toBe(FAULT_NONE);
      expect(count(guard, 1 << code, 0)).toBe(FAULT_NONE);
    }
  });

  test("counts each code on its own", () => {
    const guard = createGuard();
    for (const { code } of codes) {
      if (DEBOUNCE[code] > 1) count(guard, 1 << code, 1 << code);
    }
    for (const { code } of codes) {
      expect(guard.counts[code]).toBe(DEBOUNCE[code] > 1 ? 1 : 0);
    }
  });

  test("counts what was judged only, and knows whether anything is being counted", () => {
    const guard = createGuard();
    const [high, low] = [1 << fault.FAULT_T_HIGH, 1 << fault.FAULT_T_LOW];
    for (let i = 0; i < 2; i++) expect(count(guard, high | low, high)).toBe(FAULT_NONE);
    expect(count(guard, low, high)).toBe(FAULT_NONE);
    expect([guard.counts[fault.FAULT_T_HIGH], guard.counting]).toEqual([2, high]);
    expect(count(guard, high | low, high | low)).toBe(fault.FAULT_T_HIGH);
    count(guard, high | low, 0);
    expect(guard).toEqual(createGuard());
  });

  test("forgets its counts for another run, not what is latched", () => {
    const guard = createGuard();
    for (const { code } of codes) count(guard, 1 << code, 1 << code);
    countIncomplete(guard, true);
    latch(guard, fault.FAULT_READBACK, 12.5);
    forgetCounts(guard);
    expect(guard).toEqual({ ...createGuard(), fault: fault.FAULT_READBACK, faultAt: 12.5 });
  });

  test("latches the first fault with its time", () => {
    const guard = createGuard();
    latch(guard, fault.FAULT_BUS, 12.5);
    latch(guard, fault.FAULT_V_HARD, 13);
    expect([guard.fault, guard.faultAt]).toEqual([fault.FAULT_BUS, 12.5]);
  });
});

describe("incomplete frames", () => {
  const B = fault.FAULT_BUS;

  /** Verdicts on frames written as a word, x = incomplete. */
  function counted(word: string): number[] {
    const guard = createGuard();
    return [...word].map((each) => countIncomplete(guard, each === "x"));
  }

  test("are a fault when three come in a row", () => {
    expect(counted("xx.xx")).toEqual([0, 0, 0, 0, 0]);
    expect(counted("xxxx.xxx")).toEqual([0, 0, B, B, 0, B, B, B]);
  });

  test("are a fault when there are five in twenty, told on an incomplete one", () => {
    expect(counted("x.x.x.x.x.")).toEqual([0, 0, 0, 0, 0, 0, 0, 0, B, 0]);
    const gap = ".".repeat(14);
    expect(counted(`x.x.x${gap}x`)).not.toContain(B);
    // The first and the last of the five are 19 frames apart, then 20.
    expect(counted(`xx.xx${gap}x`).at(-1)).toBe(B);
    expect(counted(`xx.xx.${gap}x`).at(-1)).toBe(0);
  });
});
