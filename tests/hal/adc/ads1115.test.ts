// ADS1115 data sheet, TI SBAS444D: 9.5.1.1 (addresses), 9.6 (registers), 9.6.3 (config register),
// 9.3.3 (full-scale range), 7.5 (data rate tolerance).
import { describe, expect, test } from "vitest";
import {
  ADS1115_VOLTS_PER_COUNT,
  AIN0_AIN3,
  AIN1_AIN3,
  AIN2_AIN3,
  createAds1115,
} from "../../../hal/adc/ads1115.ts";
import type { ReadState } from "../../../hal/port.ts";
import type { ScriptedBus } from "../scripted-bus.ts";
import { TIMINGS, answers, collector, createScriptedBus } from "../scripted-bus.ts";

const ADDRESS = 0x49;
const CONVERSION_REGISTER = 0;
const CONFIG_REGISTER = 1;
// OS = 1 starts a conversion; MUX bits 14:12: 001 AIN0-AIN3, 010 AIN1-AIN3, 011 AIN2-AIN3;
// PGA bits 11:9: 010 2.048 V, 011 1.024 V, 100 0.512 V, 101 0.256 V; MODE bit 8: single shot;
// DR bits 7:5: 110 475 SPS; COMP_QUE bits 1:0: 11 comparator off.
const OS = 1 << 15;
const MUX = { [AIN0_AIN3]: 1 << 12, [AIN1_AIN3]: 2 << 12, [AIN2_AIN3]: 3 << 12 };
type Pair = keyof typeof MUX;
const PGA = [2 << 9, 3 << 9, 4 << 9, 5 << 9];
const FULL_SCALE_V = [2.048, 1.024, 0.512, 0.256];
const SINGLE_SHOT = 1 << 8;
const RATE_475 = 6 << 5;
const NO_COMPARATOR = 3;

function config(pair: Pair, gain: number): number[] {
  const word = OS | MUX[pair] | PGA[gain] | SINGLE_SHOT | RATE_475 | NO_COMPARATOR;
  return [word >> 8, word & 255];
}

function begun(bus: ScriptedBus, pair: Pair, gain: number) {
  const chip = createAds1115(bus.i2c, ADDRESS);
  bus.expect({ address: ADDRESS, write: [CONFIG_REGISTER, ...config(pair, gain)] });
  expect(chip.begin(gain, pair)).toBeGreaterThan(0);
  return chip;
}

const pairs: Pair[] = [AIN0_AIN3, AIN1_AIN3, AIN2_AIN3];
const cases: { pair: Pair; gain: number }[] = pairs.flatMap((pair) =>
  [0, 1, 2, 3].map((gain) => ({ pair, gain })),
);

describe.each(TIMINGS)("ADS1115, completions %s", (timing) => {
  test.each(cases)("starts input $pair at gain $gain", ({ pair, gain }) => {
    const bus = createScriptedBus(timing);
    begun(bus, pair, gain);
    bus.finished();
  });

  test("says to wait for a conversion of the slowest chip", () => {
    const bus = createScriptedBus(timing);
    const chip = createAds1115(bus.i2c, ADDRESS);
    bus.expect({ address: ADDRESS, write: [CONFIG_REGISTER, ...config(AIN0_AIN3, 0)] });
    // 25 us of wake-up and a period at 475 SPS, 10 % slow; no more than 10 us longer than needed.
    const slowestMs = 0.025 + 1000 / (475 * 0.9);
    const waitMs = chip.begin(0, AIN0_AIN3);
    expect(waitMs).toBeGreaterThan(slowestMs);
    expect(waitMs).toBeLessThan(slowestMs + 0.01);
    bus.finished();
  });

  test("is pending while OS reads 0, ready when it reads 1", () => {
    const bus = createScriptedBus(timing);
    const input = begun(bus, AIN0_AIN3, 1);
    const [high, low] = config(AIN0_AIN3, 1);
    const polled = answers();
    const asked = { address: ADDRESS, register: CONFIG_REGISTER, count: 2 };
    bus.expect({ ...asked, reply: [high & 0x7f, low] });
    input.poll(polled.done);
    bus.settle();
    bus.expect({ ...asked, reply: [high, low] });
    input.poll(polled.done);
    bus.finished();
    expect(polled.seen).toEqual([[0], [1]]);
  });

  test.each([OS, 0])("is a fault when any other bit is not what was written, OS %i", (os) => {
    const bus = createScriptedBus(timing);
    const input = begun(bus, AIN0_AIN3, 1);
    const [high, low] = config(AIN0_AIN3, 1);
    const written = (high << 8) | low;
    const polled = answers();
    for (let bit = 0; bit < 15; bit++) {
      const word = ((written & ~OS) | os) ^ (1 << bit);
      const reply = [word >> 8, word & 255];
      bus.expect({ address: ADDRESS, register: CONFIG_REGISTER, count: 2, reply });
      input.poll(polled.done);
      bus.settle();
    }
    bus.finished();
    expect(polled.seen).toEqual(Array(15).fill([-1]));
  });

  test("does not take the finished conversion of another input for its own", () => {
    const bus = createScriptedBus(timing);
    const chip = createAds1115(bus.i2c, ADDRESS);
    const polled = answers();
    // A queued start that is never taken: the chip still shows AIN1-AIN3 at 0.256 V, finished.
    bus.expect({ address: ADDRESS, write: [CONFIG_REGISTER, ...config(AIN0_AIN3, 0)] });
    chip.begin(0, AIN0_AIN3);
    const reply = config(AIN1_AIN3, 3);
    bus.expect({ address: ADDRESS, register: CONFIG_REGISTER, count: 2, reply });
    chip.poll(polled.done);
    bus.finished();
    expect(polled.seen).toEqual([[-1]]);
  });

  test.each([
    [[0x00, 0x00], 0],
    [[0x00, 0x01], 1],
    [[0x7f, 0xff], 32767],
    [[0x80, 0x00], -32768],
    [[0x80, 0x01], -32767],
    [[0xff, 0xff], -1],
    [[0xff, 0x00], -256],
  ])("reads the code %j as %i", (reply, counts) => {
    const bus = createScriptedBus(timing);
    const input = begun(bus, AIN1_AIN3, 2);
    const taken = collector<[number, ReadState]>();
    bus.expect({ address: ADDRESS, register: CONVERSION_REGISTER, count: 2, reply });
    input.read(taken.done);
    bus.finished();
    expect(taken.seen).toEqual([[counts, 1]]);
  });

  test("reports a missing acknowledge at poll and read", () => {
    const bus = createScriptedBus(timing);
    const input = begun(bus, AIN0_AIN3, 3);
    const polled = answers();
    const taken = collector<[number, ReadState]>();
    bus.expect({ address: ADDRESS, register: CONFIG_REGISTER, count: 2, reply: null });
    input.poll(polled.done);
    bus.settle();
    bus.expect({ address: ADDRESS, register: CONVERSION_REGISTER, count: 2, reply: null });
    input.read(taken.done);
    bus.finished();
    expect(polled.seen).toEqual([[-1]]);
    expect(taken.seen).toEqual([[0, -1]]);
  });

  test("serves two inputs one after the other, each with its own gain", () => {
    const bus = createScriptedBus(timing);
    const chip = createAds1115(bus.i2c, ADDRESS);
    const taken = collector<[number, ReadState]>();
    const reading = { address: ADDRESS, register: CONVERSION_REGISTER, count: 2 };
    for (const [pair, gain, reply] of [
      [AIN0_AIN3, 3, [0x12, 0x34]],
      [AIN2_AIN3, 0, [0xf0, 0x00]],
    ] as [Pair, number, number[]][]) {
      bus.expect({ address: ADDRESS, write: [CONFIG_REGISTER, ...config(pair, gain)] });
      bus.expect({ ...reading, reply });
      chip.begin(gain, pair);
      chip.read(taken.done);
      bus.settle();
    }
    bus.finished();
    expect(taken.seen).toEqual([
      [0x1234, 1],
      [-0x1000, 1],
    ]);
  });
});

test("a start that is not acknowledged is a fault at once", () => {
  const bus = createScriptedBus("inline");
  const chip = createAds1115(bus.i2c, ADDRESS);
  const write = [CONFIG_REGISTER, ...config(AIN0_AIN3, 0)];
  bus.expect({ address: ADDRESS, write, ack: false });
  expect(chip.begin(0, AIN0_AIN3)).toBe(-1);
  bus.finished();
});

test("a count is the full scale over 32768", () => {
  expect(ADS1115_VOLTS_PER_COUNT).toEqual(FULL_SCALE_V.map((volts) => volts / 32768));
});

test("creating a chip touches no hardware", () => {
  const bus = createScriptedBus("inline");
  createAds1115(bus.i2c, ADDRESS);
  bus.finished();
});
