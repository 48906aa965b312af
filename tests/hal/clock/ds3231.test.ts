// DS3231 data sheet, Maxim 19-5170: figure 1 (timekeeping registers, BCD), "Clock and Calendar"
// (12/24 hours, century bit), "Control Register" (EOSC, INTCN), "Status Register" (OSF).
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createDs3231 } from "../../../hal/clock/ds3231.ts";
import type { Timing } from "../scripted-bus.ts";
import { TIMINGS, collector, createScriptedBus } from "../scripted-bus.ts";

const ADDRESS = 0x68;
const CONTROL_REGISTER = 0x0e;
/** Figure 1: EOSC, BBSQW, CONV, RS2, RS1, INTCN, A2IE, A1IE; reset 0001 1100. */
const CONTROL_RESET = 0b0001_1100;
/** OSF, -, -, -, EN32kHz, BSY, A2F, A1F. */
const OSF = 1 << 7;
const EN32KHZ = 1 << 3;
const FROM_S = Date.UTC(2000, 0, 1) / 1000;
const TO_S = Date.UTC(2100, 0, 1) / 1000;

const bcd = (value: number): number => Number.parseInt(String(value), 16);

/** Registers 00h to 06h: seconds, minutes, hours (24), day (Sunday = 1), date, month, year. */
function registersOf(seconds: number): number[] {
  const at = new Date(seconds * 1000);
  const time = [at.getUTCSeconds(), at.getUTCMinutes(), at.getUTCHours()].map(bcd);
  const date = [at.getUTCDate(), at.getUTCMonth() + 1, at.getUTCFullYear() - 2000].map(bcd);
  return [...time, at.getUTCDay() + 1, ...date];
}

/** All 16 registers; those of the alarms hold rubbish. */
function replyOf(time: number[], status = EN32KHZ): number[] {
  return [...time, ...Array<number>(7).fill(0xa5), CONTROL_RESET, status];
}

function readOf(timing: Timing, reply: number[] | null): [number, boolean][] {
  const bus = createScriptedBus(timing);
  const taken = collector<[number, boolean]>();
  bus.expect({ address: ADDRESS, register: 0x00, count: 16, reply });
  createDs3231(bus.i2c).read(taken.done);
  bus.finished();
  return taken.seen;
}

const setTime = (seconds: number) => ({
  address: ADDRESS,
  write: [0x00, ...registersOf(seconds)],
});
const clearFlag = { address: ADDRESS, write: [CONTROL_REGISTER, CONTROL_RESET, 0x00] };

const corners = [
  Date.UTC(2000, 0, 1),
  Date.UTC(2000, 1, 29, 23, 59, 59),
  Date.UTC(2000, 2, 1),
  Date.UTC(2000, 11, 31, 23, 59, 59),
  Date.UTC(2001, 0, 1),
  Date.UTC(2001, 1, 28, 12, 0, 0),
  Date.UTC(2024, 1, 29, 0, 0, 1),
  Date.UTC(2026, 0, 1),
  Date.UTC(2099, 11, 31, 23, 59, 59),
].map((ms) => [ms / 1000] as [number]);

describe.each(TIMINGS)("DS3231, completions %s", (timing) => {
  test("writes and reads any second from 2000 to 2099", () => {
    fc.assert(
      fc.property(fc.integer({ min: FROM_S, max: TO_S - 1 }), (seconds) => {
        const bus = createScriptedBus(timing);
        bus.expect(setTime(seconds), clearFlag);
        expect(createDs3231(bus.i2c).set(seconds)).toBe(true);
        bus.finished();
        expect(readOf(timing, replyOf(registersOf(seconds)))).toEqual([[seconds, true]]);
      }),
      { seed: 1, numRuns: 300, examples: corners },
    );
  });

  test("every day of its hundred years", () => {
    const bus = createScriptedBus(timing);
    const clock = createDs3231(bus.i2c);
    for (let seconds = FROM_S + 86399; seconds < TO_S; seconds += 86400) {
      bus.expect(setTime(seconds), clearFlag);
      clock.set(seconds);
      bus.finished();
    }
  });

  test("leaves fractions of a second out", () => {
    const bus = createScriptedBus(timing);
    bus.expect(setTime(1767225600), clearFlag);
    expect(createDs3231(bus.i2c).set(1767225600.9)).toBe(true);
    bus.finished();
  });

  test.each([0, FROM_S - 1, TO_S, NaN, -1, Infinity])("does not take %d", (seconds) => {
    const bus = createScriptedBus(timing);
    expect(createDs3231(bus.i2c).set(seconds)).toBe(false);
    bus.finished();
  });

  test("knows no time once its oscillator has stopped", () => {
    expect(readOf(timing, replyOf(registersOf(1767225600), OSF))).toEqual([[0, true]]);
    expect(readOf(timing, replyOf([0, 0, 0, 1, 1, 1, 0], OSF | EN32KHZ))).toEqual([[0, true]]);
  });

  test("12-hour mode: every hour of the day", () => {
    for (let hour = 0; hour < 24; hour++) {
      const seconds = Date.UTC(2026, 4, 6, hour, 30, 0) / 1000;
      const registers = registersOf(seconds);
      registers[2] = 0x40 | (hour >= 12 ? 0x20 : 0) | bcd(hour % 12 === 0 ? 12 : hour % 12);
      expect(readOf(timing, replyOf(registers))).toEqual([[seconds, true]]);
    }
  });

  test.each([
    ["seconds", 0, 0x60],
    ["seconds", 0, 0x0a],
    ["minutes", 1, 0x60],
    ["minutes", 1, 0x5f],
    ["hours", 2, 0x24],
    ["hours of 12-hour mode", 2, 0x40],
    ["hours of 12-hour mode", 2, 0x53],
    ["date", 4, 0x00],
    ["date", 4, 0x32],
    ["month", 5, 0x00],
    ["month", 5, 0x13],
    ["century", 5, 0x81],
    ["year", 6, 0x9a],
    ["year", 6, 0xa0],
  ])("a read is not ok with impossible %s: register %i holds %i", (_, register, value) => {
    const registers = registersOf(Date.UTC(2026, 0, 15) / 1000);
    registers[register] = value;
    expect(readOf(timing, replyOf(registers))).toEqual([[0, false]]);
  });

  test.each([
    [2026, 2, 29],
    [2024, 2, 30],
    [2026, 4, 31],
  ])("%i-%i-%i is no date", (year, month, date) => {
    const registers = [0, 0, 0, 1, bcd(date), bcd(month), bcd(year - 2000)];
    expect(readOf(timing, replyOf(registers))).toEqual([[0, false]]);
  });

  test("a bus stuck low is no date, one stuck high no time", () => {
    expect(readOf(timing, Array<number>(16).fill(0))).toEqual([[0, false]]);
    expect(readOf(timing, Array<number>(16).fill(255))).toEqual([[0, true]]);
  });

  test("reports a missing acknowledge of a read", () => {
    expect(readOf(timing, null)).toEqual([[0, false]]);
  });
});

test("DS3231: the flag that the time is unknown stays until the time is taken", () => {
  const bus = createScriptedBus("inline");
  const clock = createDs3231(bus.i2c);
  bus.expect({ ...setTime(1767225600), ack: false });
  expect(clock.set(1767225600)).toBe(false);
  bus.finished();
  bus.expect(setTime(1767225600), { ...clearFlag, ack: false });
  expect(clock.set(1767225600)).toBe(false);
  bus.finished();
});
