// Espruino reference, `I2C.writeTo` and `I2C.readFrom`: both throw on a missing acknowledge;
// `{ address, stop: false }` leaves the bus claimed for a repeated start.
import { describe, expect, test } from "vitest";
import { createI2c } from "../../../hal/espruino/i2c.ts";
import type { EspruinoI2c } from "../../../hal/espruino/platform.ts";

interface Call {
  to: unknown;
  bytes?: number[];
  count?: number;
}

function busOf(calls: Call[], refuse: (call: number) => boolean = () => false): EspruinoI2c {
  const note = (call: Call): void => {
    if (refuse(calls.push(call) - 1)) throw new Error("I2C device not responding");
  };
  return {
    setup: () => undefined,
    writeTo: (to, bytes) => {
      note({ to: typeof to === "number" ? to : { ...to }, bytes: Array.from(bytes) });
    },
    readFrom: (to, count) => {
      note({ to, count });
      return Uint8Array.from({ length: count }, (_, i) => i + 1);
    },
  };
}

describe("I2C on Espruino", () => {
  test("writes", () => {
    const calls: Call[] = [];
    expect(createI2c(busOf(calls)).write(0x48, [1, 2])).toBe(true);
    expect(calls).toEqual([{ to: 0x48, bytes: [1, 2] }]);
  });

  test("reads behind a pointer with a repeated start, and completes inside the call", () => {
    const calls: Call[] = [];
    const seen: (number[] | null)[] = [];
    createI2c(busOf(calls)).read(0x48, 0, 2, (bytes) => seen.push(bytes && Array.from(bytes)));
    expect(seen).toEqual([[1, 2]]);
    expect(calls).toEqual([
      { to: { address: 0x48, stop: false }, bytes: [0] },
      { to: 0x48, count: 2 },
    ]);
  });

  test("reads without a pointer", () => {
    const calls: Call[] = [];
    createI2c(busOf(calls)).read(0x4c, -1, 3, () => undefined);
    expect(calls).toEqual([{ to: 0x4c, count: 3 }]);
  });

  test("turns what the platform throws into a refusal, at either transfer", () => {
    expect(createI2c(busOf([], () => true)).write(0x48, [1])).toBe(false);
    for (const broken of [0, 1]) {
      const seen: unknown[] = [];
      const bus = busOf([], (call) => call === broken);
      createI2c(bus).read(0x48, 1, 2, (bytes) => seen.push(bytes));
      expect(seen).toEqual([null]);
    }
  });

  test("does not swallow what a completion throws, nor call it twice", () => {
    let called = 0;
    const done = (): void => {
      called++;
      throw new Error("from the completion");
    };
    expect(() => createI2c(busOf([])).read(0x48, 1, 2, done)).toThrow("from the completion");
    expect(called).toBe(1);
  });
});
