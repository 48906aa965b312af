// DAC8571 data sheet, TI SLAS373A, "Theory of Operation": update sequence (control byte, MS byte,
// LS byte), examples 1 to 11, read-back (MS byte, LS byte, control byte), power-on reset.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createDac8571 } from "../../../hal/dac/dac8571.ts";
import type { ReadState } from "../../../hal/port.ts";
import { TIMINGS, collector, createScriptedBus } from "../scripted-bus.ts";

const ADDRESS = 0x4e;
/** Example 1: 0001 0000, the data goes to the temporary and to the DAC register. */
const UPDATE_NOW = 0b0001_0000;

function update(code: number) {
  return { address: ADDRESS, write: [UPDATE_NOW, Math.floor(code / 256), code % 256] };
}

describe.each(TIMINGS)("DAC8571, completions %s", (timing) => {
  test("is put to mid scale", () => {
    const bus = createScriptedBus(timing);
    const dac = createDac8571(bus.i2c, ADDRESS);
    bus.expect({ address: ADDRESS, write: [UPDATE_NOW, 0x80, 0x00] });
    expect(dac.reset()).toBe(true);
    bus.finished();
    expect([dac.codeMid, dac.codeMax]).toEqual([32768, 65535]);
  });

  test("takes any code and reads it back", () => {
    const bus = createScriptedBus(timing);
    const dac = createDac8571(bus.i2c, ADDRESS);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 65535 }), (code) => {
        const taken = collector<[number, ReadState]>();
        const reply = [code >> 8, code & 255, UPDATE_NOW];
        bus.expect(update(code), { address: ADDRESS, register: -1, count: 3, reply });
        expect(dac.write(code)).toBe(true);
        dac.read(taken.done);
        bus.finished();
        expect(taken.seen).toEqual([[code, 1]]);
      }),
      { seed: 1, examples: [[0], [255], [256], [32767], [32768], [65535]] },
    );
  });

  test.each([
    ["after a power-on reset", 0b0000_0000],
    ["after a store in the temporary register", 0b0000_0000],
    ["after an update from the temporary register", 0b0010_0000],
    ["powered down", 0b0001_0001],
    ["powered down by a broadcast", 0b0011_0101],
    ["while the bus reads ones", 0xff],
  ])("is not ok %s", (_, control) => {
    const bus = createScriptedBus(timing);
    const taken = collector<[number, ReadState]>();
    const reply = [0xc0, 0x00, control];
    bus.expect({ address: ADDRESS, register: -1, count: 3, reply });
    createDac8571(bus.i2c, ADDRESS).read(taken.done);
    bus.finished();
    expect(taken.seen).toEqual([[0xc000, -1]]);
  });

  test("reports a missing acknowledge of a read", () => {
    const bus = createScriptedBus(timing);
    const taken = collector<[number, ReadState]>();
    bus.expect({ address: ADDRESS, register: -1, count: 3, reply: null });
    createDac8571(bus.i2c, ADDRESS).read(taken.done);
    bus.finished();
    expect(taken.seen).toEqual([[0, -1]]);
  });
});

test("DAC8571: writes and resets without an acknowledge fail", () => {
  const bus = createScriptedBus("inline");
  const dac = createDac8571(bus.i2c, ADDRESS);
  bus.expect({ ...update(1), ack: false }, { ...update(32768), ack: false });
  expect(dac.write(1)).toBe(false);
  expect(dac.reset()).toBe(false);
  bus.finished();
});
