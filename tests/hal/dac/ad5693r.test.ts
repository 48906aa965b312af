// AD5693R/AD5692R/AD5691R/AD5693 data sheet, Analog Devices: "Command Byte", "Write Control
// Register", "Read Operation", "Power-On Reset".
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createAd5693r } from "../../../hal/dac/ad5693r.ts";
import type { ReadState } from "../../../hal/port.ts";
import { TIMINGS, collector, createScriptedBus } from "../scripted-bus.ts";

const ADDRESS = 0x4c;
// Command byte, bits 7:4: 0011 write DAC and input register, 0100 write control register.
const WRITE_DAC_AND_INPUT = 3 << 4;
const WRITE_CONTROL = 4 << 4;
// Control register: D15 reset, D14:D13 power-down, D12 reference off, D11 gain 2.
const GAIN_2 = 1 << 11;

const setControl = { address: ADDRESS, write: [WRITE_CONTROL, GAIN_2 >> 8, GAIN_2 & 255] };
const setMid = { address: ADDRESS, write: [WRITE_DAC_AND_INPUT, 0x80, 0x00] };

describe.each(TIMINGS)("AD5693R, completions %s", (timing) => {
  test("is put to gain 2 with its reference on before it goes to mid scale", () => {
    const bus = createScriptedBus(timing);
    const dac = createAd5693r(bus.i2c, ADDRESS);
    bus.expect(setControl, setMid);
    expect(dac.reset()).toBe(true);
    bus.finished();
    expect([dac.codeMid, dac.codeMax]).toEqual([32768, 65535]);
  });

  test("takes any code, most significant byte first", () => {
    const bus = createScriptedBus(timing);
    const dac = createAd5693r(bus.i2c, ADDRESS);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 65535 }), (code) => {
        const write = [WRITE_DAC_AND_INPUT, Math.floor(code / 256), code % 256];
        bus.expect({ address: ADDRESS, write });
        expect(dac.write(code)).toBe(true);
        bus.finished();
      }),
      { seed: 1, examples: [[0], [255], [256], [32767], [32768], [65535]] },
    );
  });

  test.each([
    [[0x00, 0x00], 0],
    [[0x7f, 0xff], 0x7fff],
    [[0x80, 0x00], 0x8000],
    [[0xff, 0xff], 0xffff],
    [[0x12, 0x34], 0x1234],
  ])("reads the input register %j as %i, without a pointer", (reply, code) => {
    const bus = createScriptedBus(timing);
    const taken = collector<[number, ReadState]>();
    bus.expect({ address: ADDRESS, register: -1, count: 2, reply });
    createAd5693r(bus.i2c, ADDRESS).read(taken.done);
    bus.finished();
    expect(taken.seen).toEqual([[code, 1]]);
  });

  test("reports a missing acknowledge of a read", () => {
    const bus = createScriptedBus(timing);
    const taken = collector<[number, ReadState]>();
    bus.expect({ address: ADDRESS, register: -1, count: 2, reply: null });
    createAd5693r(bus.i2c, ADDRESS).read(taken.done);
    bus.finished();
    expect(taken.seen).toEqual([[0, -1]]);
  });
});

describe("AD5693R without an acknowledge", () => {
  test("a write fails", () => {
    const bus = createScriptedBus("inline");
    bus.expect({ ...setMid, ack: false });
    expect(createAd5693r(bus.i2c, ADDRESS).write(32768)).toBe(false);
    bus.finished();
  });

  test("a reset goes to mid scale even if the control register is not taken, and fails", () => {
    const bus = createScriptedBus("inline");
    bus.expect({ ...setControl, ack: false }, setMid);
    expect(createAd5693r(bus.i2c, ADDRESS).reset()).toBe(false);
    bus.finished();
  });

  test("a reset fails if mid scale is not taken", () => {
    const bus = createScriptedBus("inline");
    bus.expect(setControl, { ...setMid, ack: false });
    expect(createAd5693r(bus.i2c, ADDRESS).reset()).toBe(false);
    bus.finished();
  });
});
