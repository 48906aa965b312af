// MCP23008 data sheet, Microchip DS21919: 1.6 (register addresses, reset values), 1.6.1 IODIR
// (1 = input), 1.6.10 GPIO, 1.6.11 OLAT.
import { describe, expect, test } from "vitest";
import { createMcp23008 } from "../../../hal/gpio/mcp23008.ts";
import type { ReadState } from "../../../hal/port.ts";
import { TIMINGS, collector, createScriptedBus } from "../scripted-bus.ts";

const ADDRESS = 0x21;
const IODIR = 0x00;
const GPIO = 0x09;
const OLAT = 0x0a;
const LOW_FIVE_OUTPUTS = 0xe0;

const clearLatch = { address: ADDRESS, write: [OLAT, 0] };
const setDirection = { address: ADDRESS, write: [IODIR, LOW_FIVE_OUTPUTS] };
const readPins = { address: ADDRESS, register: GPIO, count: 1 };

describe.each(TIMINGS)("MCP23008, completions %s", (timing) => {
  test("clears the latch before its pins become outputs", () => {
    const bus = createScriptedBus(timing);
    bus.expect(clearLatch, setDirection);
    expect(createMcp23008(bus.i2c, ADDRESS).reset()).toBe(true);
    bus.finished();
  });

  test.each([0, 1, 2, 3])("closes the relay of range %i only", (index) => {
    const bus = createScriptedBus(timing);
    bus.expect({ address: ADDRESS, write: [OLAT, 2 ** index] });
    expect(createMcp23008(bus.i2c, ADDRESS).write(index)).toBe(true);
    bus.finished();
  });

  test.each([0, 1, 2, 3])("shows the dummy on range %i by the fifth pin", (index) => {
    const bus = createScriptedBus(timing);
    bus.expect({ address: ADDRESS, write: [OLAT, 16 + (1 << index)] });
    expect(createMcp23008(bus.i2c, ADDRESS).write(index + 4)).toBe(true);
    bus.finished();
  });

  test("reads a range only where exactly one relay is closed, whatever the upper pins say", () => {
    for (let pins = 0; pins < 256; pins++) {
      const bus = createScriptedBus(timing);
      const taken = collector<[number, ReadState]>();
      bus.expect({ ...readPins, reply: [pins] });
      createMcp23008(bus.i2c, ADDRESS).read(taken.done);
      bus.finished();
      const index = [1, 2, 4, 8].indexOf(pins % 16);
      const isDummy = index >= 0 && (pins & 16) !== 0;
      expect(taken.seen).toEqual([[isDummy ? index + 4 : index, 1]]);
    }
  });

  test("reports a missing acknowledge of a read", () => {
    const bus = createScriptedBus(timing);
    const taken = collector<[number, ReadState]>();
    bus.expect({ ...readPins, reply: null });
    createMcp23008(bus.i2c, ADDRESS).read(taken.done);
    bus.finished();
    expect(taken.seen).toEqual([[-1, -1]]);
  });
});

describe("MCP23008 without an acknowledge", () => {
  test("the pins stay inputs when the latch could not be cleared", () => {
    const bus = createScriptedBus("inline");
    bus.expect({ ...clearLatch, ack: false });
    expect(createMcp23008(bus.i2c, ADDRESS).reset()).toBe(false);
    bus.finished();
  });

  test("a reset fails when the direction is not taken", () => {
    const bus = createScriptedBus("inline");
    bus.expect(clearLatch, { ...setDirection, ack: false });
    expect(createMcp23008(bus.i2c, ADDRESS).reset()).toBe(false);
    bus.finished();
  });

  test("a write fails", () => {
    const bus = createScriptedBus("inline");
    bus.expect({ address: ADDRESS, write: [OLAT, 4], ack: false });
    expect(createMcp23008(bus.i2c, ADDRESS).write(2)).toBe(false);
    bus.finished();
  });
});
