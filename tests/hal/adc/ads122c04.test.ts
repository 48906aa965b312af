// ADS122C04 data sheet, TI SBAS751B: 8.5.3 and table 16 (commands), 8.6 (registers), table 12
// (conversion times), 8.3.13 (data integrity: inverted data, CRC-16-CCITT), 8.5.2 (data format).
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ADS122C04_COUNTS_MAX,
  ADS122C04_VOLTS_PER_COUNT,
  AIN0_AIN3,
  AIN1_AIN3,
  AIN2_AIN3,
  SPS_175,
  SPS_20,
  SPS_330,
  SPS_90,
  createAds122c04,
} from "../../../hal/adc/ads122c04.ts";
import { CRC16, INVERTED, UNCHECKED } from "../../../hal/adc/ads122c04-integrity.ts";
import type { ReadState } from "../../../hal/port.ts";
import type { ScriptedBus, Timing, Transaction } from "../scripted-bus.ts";
import { TIMINGS, answers, collector, createScriptedBus } from "../scripted-bus.ts";

const ADDRESS = 0x41;
// Table 16: START/SYNC 0000 100x, RDATA 0001 xxxx, RREG 0010 rrxx, WREG 0100 rrxx.
const START_SYNC = 0b0000_1000;
const RDATA = 0b0001_0000;
const RREG_2 = 0b0010_1000;
const WREG = [0b0100_0000, 0b0100_0100, 0b0100_1000];
// Register 0: MUX[3:0], GAIN[2:0], PGA_BYPASS; 0010 AIN0-AIN3, 0101 AIN1-AIN3, 0110 AIN2-AIN3.
const MUX = new Map([
  [AIN0_AIN3, 0b0010],
  [AIN1_AIN3, 0b0101],
  [AIN2_AIN3, 0b0110],
]);
// Register 1: DR[2:0], MODE, CM, VREF[1:0], TS. Normal mode, single-shot, internal reference: 0.
const DR = new Map([
  [SPS_20, { bits: 0b000, ms: 50.01 }],
  [SPS_90, { bits: 0b010, ms: 11.29 }],
  [SPS_175, { bits: 0b011, ms: 5.8 }],
  [SPS_330, { bits: 0b100, ms: 3.07 }],
]);
// Register 2: DRDY, DCNT, CRC[1:0] (01 inverted, 10 CRC16), BCS, IDAC[2:0].
const DRDY = 1 << 7;
const CRC_FIELD = new Map([
  [UNCHECKED, 0b00 << 4],
  [INVERTED, 0b01 << 4],
  [CRC16, 0b10 << 4],
]);

/** CRC-16-CCITT bit by bit: x^16 + x^12 + x^5 + 1 from FFFFh, most significant bit first. */
function crcOf(bytes: number[]): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit--) {
      const carry = (crc >> 15) ^ ((byte >> bit) & 1);
      crc = ((crc << 1) & 0xffff) ^ (carry ? 0x1021 : 0);
    }
  }
  return crc;
}

/** Content with what the chip sends behind it. */
function checked(content: number[], check: number): number[] {
  if (check === INVERTED) return [...content, ...content.map((byte) => byte ^ 255)];
  if (check === UNCHECKED) return content;
  return [...content, crcOf(content) >> 8, crcOf(content) & 255];
}

const write = (...bytes: number[]): Transaction => ({ address: ADDRESS, write: bytes });
const asked = (register: number, reply: number[] | null, count = reply?.length ?? 0) => ({
  address: ADDRESS,
  register,
  count,
  reply,
});

function settings(rate: number, check: number): Transaction[] {
  const bits = (DR.get(rate)?.bits ?? NaN) << 5;
  return [write(WREG[1], bits), write(WREG[2], CRC_FIELD.get(check) ?? NaN)];
}

function conversion(pair: number, gain: number): Transaction[] {
  return [write(WREG[0], ((MUX.get(pair) ?? NaN) << 4) | (gain << 1)), write(START_SYNC)];
}

/** A chip with AIN0-AIN3 converting at `gain`. */
function begun(bus: ScriptedBus, check: number, gain = 0) {
  const chip = createAds122c04(bus.i2c, ADDRESS, SPS_90, check);
  bus.expect(...settings(SPS_90, check), ...conversion(AIN0_AIN3, gain));
  expect(chip.begin(gain, AIN0_AIN3)).toBeGreaterThan(0);
  return chip;
}

function readOf(timing: Timing, check: number, reply: number[] | null, count?: number) {
  const bus = createScriptedBus(timing);
  const input = begun(bus, check, 5);
  const taken = collector<[number, ReadState]>();
  bus.expect(asked(RDATA, reply, count));
  input.read(taken.done);
  bus.finished();
  return { bus, input, seen: taken.seen };
}

function pollOf(timing: Timing, check: number, reply: number[] | null, count?: number) {
  const bus = createScriptedBus(timing);
  const input = begun(bus, check);
  const polled = answers();
  bus.expect(asked(RREG_2, reply, count));
  input.poll(polled.done);
  bus.finished();
  return { bus, input, seen: polled.seen };
}

const checks = [UNCHECKED, INVERTED, CRC16];
const pairs = [...MUX.keys()];
const cases = pairs.flatMap((pair) => [0, 1, 2, 3, 4, 5, 6, 7].map((gain) => ({ pair, gain })));

test("the CRC of the test is CRC-16-CCITT from FFFFh: its catalogue value for 123456789", () => {
  expect(crcOf([..."123456789"].map((digit) => digit.charCodeAt(0)))).toBe(0x29b1);
});

describe.each(TIMINGS)("ADS122C04, completions %s", (timing) => {
  test.each(cases)("starts input $pair at gain index $gain", ({ pair, gain }) => {
    const bus = createScriptedBus(timing);
    const chip = createAds122c04(bus.i2c, ADDRESS, SPS_90, UNCHECKED);
    bus.expect(...settings(SPS_90, UNCHECKED), ...conversion(pair, gain));
    expect(chip.begin(gain, pair)).toBeGreaterThan(0);
    bus.finished();
  });

  test.each([...DR.keys()])(
    "at data rate %i waits for a conversion 2 %% slow, no longer",
    (rate) => {
      const bus = createScriptedBus(timing);
      const chip = createAds122c04(bus.i2c, ADDRESS, rate, INVERTED);
      bus.expect(...settings(rate, INVERTED), ...conversion(AIN1_AIN3, 2));
      const ms = DR.get(rate)?.ms ?? NaN;
      const wait = chip.begin(2, AIN1_AIN3);
      expect(wait).toBeGreaterThan(ms * 1.019);
      expect(wait).toBeLessThan(ms * 1.022);
      bus.finished();
    },
  );

  test("is set up once, for all its inputs", () => {
    const bus = createScriptedBus(timing);
    const chip = createAds122c04(bus.i2c, ADDRESS, SPS_90, CRC16);
    bus.expect(
      ...settings(SPS_90, CRC16),
      ...conversion(AIN0_AIN3, 1),
      ...conversion(AIN2_AIN3, 0),
    );
    chip.begin(1, AIN0_AIN3);
    chip.begin(0, AIN2_AIN3);
    bus.finished();
  });

  test.each(checks)("is pending until DRDY, data check %i", (check) => {
    const field = CRC_FIELD.get(check) ?? NaN;
    expect(pollOf(timing, check, checked([field], check)).seen).toEqual([[0]]);
    expect(pollOf(timing, check, checked([DRDY | field], check)).seen).toEqual([[1]]);
  });

  test.each(checks)("reads signed counts of 24 bits, data check %i", (check) => {
    fc.assert(
      fc.property(fc.integer({ min: -8388608, max: 8388607 }), (counts) => {
        const content = [(counts >> 16) & 255, (counts >> 8) & 255, counts & 255];
        expect(readOf(timing, check, checked(content, check)).seen).toEqual([[counts, 1]]);
      }),
      { seed: 1, numRuns: 40, examples: [[0], [1], [-1], [8388607], [-8388608], [255], [-256]] },
    );
  });

  test.each([INVERTED, CRC16])("finds any single wrong bit of a reply, data check %i", (check) => {
    const sound = checked([0x12, 0xfe, 0x80], check);
    for (let bit = 0; bit < sound.length * 8; bit++) {
      const reply = [...sound];
      reply[bit >> 3] ^= 1 << (bit & 7);
      expect(readOf(timing, check, reply).seen).toEqual([[0, -1]]);
    }
    const ready = checked([DRDY | (CRC_FIELD.get(check) ?? NaN)], check);
    for (let bit = 0; bit < ready.length * 8; bit++) {
      const reply = [...ready];
      reply[bit >> 3] ^= 1 << (bit & 7);
      expect(pollOf(timing, check, reply).seen).toEqual([[-1]]);
    }
  });

  test.each([INVERTED, CRC16])("a bus stuck high or low is a fault, data check %i", (check) => {
    for (const level of [0, 255]) {
      const counts = checked([0, 0, 0], check).map(() => level);
      expect(readOf(timing, check, counts).seen).toEqual([[0, -1]]);
      const status = checked([0], check).map(() => level);
      expect(pollOf(timing, check, status).seen).toEqual([[-1]]);
    }
  });

  test.each([INVERTED, CRC16])("a chip that was reset is a fault and set up again: %i", (check) => {
    // All registers 0: not checking, so nothing but released lines behind the byte.
    const reply = [0x00, ...checked([0], check).slice(1).fill(0xff)];
    const { bus, input, seen } = pollOf(timing, check, reply);
    expect(seen).toEqual([[-1]]);
    bus.expect(...settings(SPS_90, check), ...conversion(AIN0_AIN3, 0));
    input.begin(0, AIN0_AIN3);
    bus.finished();
  });

  test("reports a missing acknowledge at poll and read, and is set up again", () => {
    const poll = pollOf(timing, INVERTED, null, 2);
    expect(poll.seen).toEqual([[-1]]);
    const read = readOf(timing, INVERTED, null, 6);
    expect(read.seen).toEqual([[0, -1]]);
    for (const { bus, input } of [poll, read]) {
      bus.expect(...settings(SPS_90, INVERTED), ...conversion(AIN0_AIN3, 3));
      input.begin(3, AIN0_AIN3);
      bus.finished();
    }
  });

  test("a sound poll and reading leave it set up", () => {
    const { bus, input } = pollOf(timing, CRC16, checked([DRDY | 0x20], CRC16));
    bus.expect(asked(RDATA, checked([1, 2, 3], CRC16)), ...conversion(AIN0_AIN3, 7));
    input.read(() => {});
    bus.settle();
    input.begin(7, AIN0_AIN3);
    bus.finished();
  });
});

test("ADS122C04: any of its four writes without an acknowledge is a fault at once", () => {
  const all = [...settings(SPS_90, CRC16), ...conversion(AIN0_AIN3, 1)];
  for (let missing = 0; missing < all.length; missing++) {
    const bus = createScriptedBus("inline");
    const input = createAds122c04(bus.i2c, ADDRESS, SPS_90, CRC16);
    bus.expect(...all.slice(0, missing), { ...all[missing], ack: false });
    expect(input.begin(1, AIN0_AIN3)).toBe(-1);
    bus.finished();
    bus.expect(...all);
    expect(input.begin(1, AIN0_AIN3)).toBeGreaterThan(0);
    bus.finished();
  }
});

test("ADS122C04: a count is twice the reference over gain and 2^24", () => {
  expect(ADS122C04_COUNTS_MAX).toBe(2 ** 23 - 1);
  expect(ADS122C04_VOLTS_PER_COUNT).toHaveLength(8);
  ADS122C04_VOLTS_PER_COUNT.forEach((volts, i) => {
    expect(volts).toBe((2 * 2.048) / 2 ** i / 2 ** 24);
  });
});
