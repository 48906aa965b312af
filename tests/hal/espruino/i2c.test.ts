// Espruino reference, `I2C.writeTo` and `I2C.readFrom`: both throw on a missing acknowledge;
// `{ address, stop: false }` leaves the bus claimed for a repeated start.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { acknowledges } from "../../../hal/espruino/i2c-probe.ts";
import { createI2c } from "../../../hal/espruino/i2c.ts";
import type { EspruinoI2c, EspruinoPin } from "../../../hal/espruino/platform.ts";
import type { I2c } from "../../../hal/port.ts";
import type { World } from "../../../sim/world.ts";
import { createWorld } from "../../../sim/world.ts";
import { createWires } from "../../boards/wires.ts";
import { pellet } from "../../sim/bench-world.ts";

interface Call {
  to: unknown;
  bytes?: number[];
  count?: number;
}

// Addresses of chips on the simulated bus, and of none.
const ADC = 0x48;
const DAC = 0x4c;
const NOBODY = 0x50 + 5;

interface Rig {
  i2c: I2c;
  calls: Call[];
  setups: unknown[];
  world: World;
  clocks: () => number;
  asked: number[];
}

beforeEach(() => {
  // As Espruino does it (jswrap_io_digitalWrite): from the last pin and the lowest bit on.
  vi.stubGlobal("digitalWrite", (pins: EspruinoPin[], bits: number) => {
    [...pins].reverse().forEach((pin, i) => pin.write(((bits >> i) & 1) === 1));
  });
});
afterEach(() => vi.unstubAllGlobals());

function pinOf(wires: ReturnType<typeof createWires>, wire: "scl" | "sda"): EspruinoPin {
  let mode = "";
  return {
    mode: (wanted) => (mode = wanted),
    write: (high) => {
      expect(mode).toBe("opendrain");
      wires.write(wire, high);
    },
    read: () => wires.read(wire),
  };
}

function rig(probed: boolean, refuse: (call: number) => boolean = () => false): Rig {
  const world = createWorld({ cell: pellet("hNa"), seed: 1 });
  const wires = createWires(world);
  const calls: Call[] = [];
  const setups: unknown[] = [];
  const note = (call: Call): void => {
    if (refuse(calls.push(call) - 1)) throw new Error("I2C device not responding");
  };
  const bus: EspruinoI2c = {
    setup: ({ bitrate }) => setups.push(bitrate),
    writeTo: (to, bytes) => {
      const sent = typeof bytes === "number" ? [bytes] : Array.from(bytes);
      note({ to: typeof to === "number" ? to : { ...to }, bytes: sent });
    },
    readFrom: (to, count) => {
      note({ to, count });
      return Uint8Array.from({ length: count }, (_, i) => i + 1);
    },
  };
  const probe = probed ? acknowledges : null;
  const i2c = createI2c(bus, pinOf(wires, "scl"), pinOf(wires, "sda"), probe);
  const { seen } = wires;
  return { i2c, calls, setups, world, clocks: () => seen.clocks, asked: seen.asked };
}

function read(i2c: I2c, address: number, register: number, count: number): number[] | null {
  const seen: (number[] | null)[] = [];
  i2c.read(address, register, count, (bytes) => seen.push(bytes && Array.from(bytes)));
  expect(seen).toHaveLength(1);
  return seen[0];
}

describe.each([false, true])("I2C on Espruino, probed: %s", (probed) => {
  test("writes", () => {
    const { i2c, calls } = rig(probed);
    expect(i2c.write(ADC, [1, 2])).toBe(true);
    expect(calls).toEqual([{ to: ADC, bytes: [1, 2] }]);
  });

  test("reads behind a pointer with a repeated start, and completes inside the call", () => {
    const { i2c, calls } = rig(probed);
    expect(read(i2c, ADC, 0, 2)).toEqual([1, 2]);
    expect(calls).toEqual([
      { to: { address: ADC, stop: false }, bytes: [0] },
      { to: ADC, count: 2 },
    ]);
  });

  test("reads without a pointer", () => {
    const { i2c, calls } = rig(probed);
    expect(read(i2c, DAC, -1, 3)).toEqual([1, 2, 3]);
    expect(calls).toEqual([{ to: DAC, count: 3 }]);
  });

  test("turns what the platform throws into a refusal, at either transfer", () => {
    expect(rig(probed, () => true).i2c.write(ADC, [1])).toBe(false);
    for (const broken of [0, 1]) {
      const { i2c } = rig(probed, (call) => call === broken);
      expect(read(i2c, ADC, 1, 2)).toBeNull();
      expect(read(i2c, ADC, 1, 2)).toEqual([1, 2]);
    }
  });

  test("does not swallow what a completion throws, nor call it twice", () => {
    let called = 0;
    const done = (): void => {
      called++;
      throw new Error("from the completion");
    };
    expect(() => rig(probed).i2c.read(ADC, 1, 2, done)).toThrow("from the completion");
    expect(called).toBe(1);
  });

  test("sets the peripheral up before the first transaction, at 400 kHz, and not again", () => {
    const { i2c, setups } = rig(probed);
    expect(setups).toEqual([]);
    for (let n = 0; n < 5; n++) i2c.write(ADC, [1]);
    expect(setups).toEqual([400000]);
  });

  test("frees a data line that a chip holds at the beginning", () => {
    const { i2c, world, clocks } = rig(probed);
    world.faults.sdaLow = true;
    expect(i2c.write(ADC, [1])).toBe(true);
    expect(clocks()).toBeGreaterThanOrEqual(9);
    expect(world.faults.sdaLow).toBe(false);
  });

  test("frees it after a failure, and gives no clock to a bus that is free", () => {
    let refused = false;
    const { i2c, world, clocks, setups } = rig(probed, () => refused);
    i2c.write(ADC, [1]);
    const before = clocks();
    refused = true;
    world.faults.sdaLow = true;
    expect(i2c.write(ADC, [1])).toBe(false);
    refused = false;
    expect(i2c.write(ADC, [1])).toBe(true);
    expect(clocks() - before).toBeGreaterThanOrEqual(9);
    expect(setups).toHaveLength(2);
    expect(rig(false).clocks()).toBe(0);
  });

  test("leaves a bus that cannot be freed alone for seven transactions", () => {
    const { i2c, world, clocks, calls } = rig(probed);
    const held = { get: () => true, set: () => undefined };
    Object.defineProperty(world.faults, "sdaLow", held);
    for (let n = 0; n < 16; n++) expect(i2c.write(ADC, [1])).toBe(false);
    expect(calls).toEqual([]);
    // Twice nine clocks.
    expect(clocks()).toBe(18);
  });
});

describe("I2C that asks by hand first", () => {
  test("asks each chip once, and hears who is there", () => {
    const { i2c, calls, asked } = rig(true);
    for (let n = 0; n < 3; n++) {
      expect(i2c.write(ADC, [1])).toBe(true);
      expect(read(i2c, DAC, -1, 2)).toEqual([1, 2]);
    }
    expect(asked).toEqual([ADC, DAC]);
    expect(calls).toHaveLength(6);
  });

  test("never lets the peripheral talk to a chip that is not there", () => {
    const { i2c, calls, asked } = rig(true);
    expect(i2c.write(NOBODY, [1])).toBe(false);
    expect(read(i2c, NOBODY, 0, 2)).toBeNull();
    expect(i2c.write(ADC, [1])).toBe(true);
    expect(asked).toEqual([NOBODY, NOBODY, ADC]);
    expect(calls).toEqual([{ to: ADC, bytes: [1] }]);
  });

  test("asks all again after a failure", () => {
    let refused = false;
    const { i2c, asked } = rig(true, () => refused);
    i2c.write(ADC, [1]);
    i2c.write(DAC, [1]);
    refused = true;
    i2c.write(ADC, [1]);
    refused = false;
    i2c.write(DAC, [1]);
    i2c.write(ADC, [1]);
    i2c.write(DAC, [1]);
    expect(asked).toEqual([ADC, DAC, DAC, ADC]);
  });
});
