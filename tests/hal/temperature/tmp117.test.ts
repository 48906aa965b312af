// TMP117 data sheet, TI SNOSD82D: 7.6 (register map), configuration register (Data_Ready 13,
// EEPROM_Busy 12, MOD 11:10, CONV 9:7, AVG 6:5), 7.4.3 (one-shot), 6.5 (conversion time).
import { describe, expect, test } from "vitest";
import { TMP117_DEGREES_PER_COUNT, createTmp117 } from "../../../hal/temperature/tmp117.ts";
import type { ReadState } from "../../../hal/port.ts";
import { TIMINGS, answers, collector, createScriptedBus } from "../scripted-bus.ts";

const ADDRESS = 0x49;
const TEMP_RESULT = 0x00;
const CONFIGURATION = 0x01;
const DATA_READY = 1 << 13;
const SHUTDOWN = 0b01 << 10;
const ONE_SHOT = 0b11 << 10;
const RESET = 0x0220;

const begin = { address: ADDRESS, write: [CONFIGURATION, ONE_SHOT >> 8, ONE_SHOT & 255] };
const bytes = (word: number): number[] => [word >> 8, word & 255];

describe.each(TIMINGS)("TMP117, completions %s", (timing) => {
  test("starts a single conversion and says to wait for the slowest chip", () => {
    const bus = createScriptedBus(timing);
    bus.expect(begin);
    const waitMs = createTmp117(bus.i2c, ADDRESS).begin(0, 0);
    expect(waitMs).toBe(17.5);
    bus.finished();
  });

  test.each([
    ["converting", ONE_SHOT, 0],
    ["finished", SHUTDOWN | DATA_READY, 1],
    ["finished and asked already", SHUTDOWN, 0],
    ["just powered", RESET, 0],
    ["running by itself after a power-on reset", RESET | DATA_READY, 1],
    ["finished, beyond its alert limits", SHUTDOWN | DATA_READY | 0xc000, 1],
  ])("while it is %s", (_, configuration, state) => {
    const bus = createScriptedBus(timing);
    const polled = answers();
    const reply = bytes(configuration);
    bus.expect({ address: ADDRESS, register: CONFIGURATION, count: 2, reply });
    createTmp117(bus.i2c, ADDRESS).poll(polled.done);
    bus.finished();
    expect(polled.seen).toEqual([[state]]);
  });

  // Table of the temperature register's format.
  test.each([
    [0x0000, 0],
    [0x0001, 7.8125e-3],
    [0xffff, -7.8125e-3],
    [0x0c80, 25],
    [0x3200, 100],
    [0xf380, -25],
    [0x7fff, 255.9921875],
  ])("reads %i as %d °C", (word, degrees) => {
    const bus = createScriptedBus(timing);
    const taken = collector<[number, ReadState]>();
    bus.expect({ address: ADDRESS, register: TEMP_RESULT, count: 2, reply: bytes(word) });
    createTmp117(bus.i2c, ADDRESS).read(taken.done);
    bus.finished();
    const [[counts, state]] = taken.seen;
    expect(counts * TMP117_DEGREES_PER_COUNT).toBe(degrees);
    expect(state).toBe(1);
  });

  test("refuses -256 °C: nothing has been converted since power-on", () => {
    const bus = createScriptedBus(timing);
    const taken = collector<[number, ReadState]>();
    bus.expect({ address: ADDRESS, register: TEMP_RESULT, count: 2, reply: [0x80, 0x00] });
    createTmp117(bus.i2c, ADDRESS).read(taken.done);
    bus.finished();
    expect(taken.seen).toEqual([[0, -1]]);
  });

  test("reports a missing acknowledge at poll and read", () => {
    const bus = createScriptedBus(timing);
    const chip = createTmp117(bus.i2c, ADDRESS);
    const polled = answers();
    const taken = collector<[number, ReadState]>();
    bus.expect({ address: ADDRESS, register: CONFIGURATION, count: 2, reply: null });
    bus.expect({ address: ADDRESS, register: TEMP_RESULT, count: 2, reply: null });
    chip.poll(polled.done);
    bus.settle();
    chip.read(taken.done);
    bus.finished();
    expect(polled.seen).toEqual([[-1]]);
    expect(taken.seen).toEqual([[0, -1]]);
  });
});

test("TMP117: a start without an acknowledge is a fault at once", () => {
  const bus = createScriptedBus("inline");
  bus.expect({ ...begin, ack: false });
  expect(createTmp117(bus.i2c, ADDRESS).begin(0, 0)).toBe(-1);
  bus.finished();
});
