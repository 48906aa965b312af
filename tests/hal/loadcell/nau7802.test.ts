// NAU7802 data sheet, Nuvoton Rev. 1.7: chapter 11 (registers), "Power-On Sequencing", 8.9
// (two-wire address), 8.6 (settling after a calibration).
import { describe, expect, test } from "vitest";
import { NAU7802_NEWTONS_PER_COUNT, createNau7802 } from "../../../hal/loadcell/nau7802.ts";
import type { Converter, ReadState } from "../../../hal/port.ts";
import type { ScriptedBus, Timing, Transaction } from "../scripted-bus.ts";
import { TIMINGS, answers, collector, createScriptedBus } from "../scripted-bus.ts";

const ADDRESS = 0x2a;
const PU_CTRL = 0x00;
const CTRL1 = 0x01;
const CTRL2 = 0x02;
const ADCO_B2 = 0x12;
// PU_CTRL: register reset, power-up digital and analogue, power-up ready, cycle start, cycle ready,
// AVDD from the internal regulator.
const RR = 1 << 0;
const PUD = 1 << 1;
const PUA = 1 << 2;
const PUR = 1 << 3;
const CS = 1 << 4;
const CR = 1 << 5;
const AVDDS = 1 << 7;
// CTRL1: VLDO 101 = 3.0 V (bits 5:3), gain 111 = 128 (bits 2:0).
const VLDO_3V0 = 5 << 3;
const GAIN_128 = 7;
// CTRL2: rate 001 = 20 SPS (bits 6:4), calibration start and error, mode 00 = internal offset.
const CRS_20 = 1 << 4;
const CALS = 1 << 2;
const CAL_ERR = 1 << 3;
const SETTLING = 5;

function write(register: number, value: number): Transaction {
  return { address: ADDRESS, write: [register, value] };
}

function status(register: number, value: number | null): Transaction {
  return { address: ADDRESS, register, count: 1, reply: value === null ? null : [value] };
}

const wake = [write(PU_CTRL, RR), write(PU_CTRL, PUD)];
const calibrate = [
  write(PU_CTRL, PUD | PUA | AVDDS),
  write(CTRL1, VLDO_3V0 | GAIN_128),
  write(CTRL2, CRS_20 | CALS),
];
const run = [write(PU_CTRL, PUD | PUA | AVDDS | CS)];
const running = PUD | PUA | PUR | CS | AVDDS;

interface Bench {
  readonly bus: ScriptedBus;
  readonly chip: Converter;
}

function begin(bench: Bench, transactions: Transaction[]): void {
  bench.bus.expect(...transactions);
  expect(bench.chip.begin(0, 0)).toBe(0);
}

function poll(bench: Bench, transaction: Transaction): number {
  const { seen, done } = answers();
  bench.bus.expect(transaction);
  bench.chip.poll(done);
  bench.bus.finished();
  expect(seen).toHaveLength(1);
  return seen[0][0];
}

function read(bench: Bench, reply: number[] | null): [number, ReadState] {
  const { seen, done } = collector<[number, ReadState]>();
  bench.bus.expect({ address: ADDRESS, register: ADCO_B2, count: 3, reply });
  bench.chip.read(done);
  bench.bus.finished();
  expect(seen).toHaveLength(1);
  return seen[0];
}

function create(timing: Timing): Bench {
  const bus = createScriptedBus(timing);
  return { bus, chip: createNau7802(bus.i2c) };
}

/** From power-off to the first conversion. */
function bringUp(bench: Bench): void {
  begin(bench, wake);
  expect(poll(bench, status(PU_CTRL, PUD))).toBe(0);
  begin(bench, []);
  expect(poll(bench, status(PU_CTRL, PUD | PUR))).toBe(0);
  begin(bench, calibrate);
  expect(poll(bench, status(CTRL2, CRS_20 | CALS))).toBe(0);
  begin(bench, []);
  expect(poll(bench, status(CTRL2, CRS_20))).toBe(0);
  begin(bench, run);
}

function running5(timing: Timing): Bench {
  const bench = create(timing);
  bringUp(bench);
  for (let i = 0; i < SETTLING; i++) read(bench, [0, 0, 0]);
  return bench;
}

describe.each(TIMINGS)("NAU7802, completions %s", (timing) => {
  test("is reset, powered, calibrated and started, each step after the chip's own sign", () => {
    const bench = create(timing);
    bringUp(bench);
    expect(poll(bench, status(PU_CTRL, running))).toBe(0);
    begin(bench, []);
    expect(poll(bench, status(PU_CTRL, running | CR))).toBe(1);
  });

  test("throws away the readings before the filter has settled", () => {
    const bench = create(timing);
    bringUp(bench);
    for (let i = 0; i < SETTLING; i++) expect(read(bench, [0x12, 0x34, 0x56])[1]).toBe(-1);
    expect(read(bench, [0x12, 0x34, 0x56])).toEqual([0x123456, 1]);
  });

  test.each([
    [[0x00, 0x00, 0x00], 0],
    [[0x00, 0x00, 0x01], 1],
    [[0x7f, 0xff, 0xff], 8388607],
    [[0x80, 0x00, 0x00], -8388608],
    [[0xff, 0xff, 0xff], -1],
    [[0xff, 0x00, 0x00], -65536],
    [[0x00, 0x80, 0x00], 32768],
    [[0x00, 0x00, 0x80], 128],
  ])("reads the code %j as %i", (reply, counts) => {
    expect(read(running5(timing), reply)).toEqual([counts, 1]);
  });

  test.each([
    ["an error", CRS_20 | CAL_ERR],
    ["a brown-out: CTRL2 has its reset value", 0],
    ["an error after a brown-out", CAL_ERR],
    ["another rate", CRS_20 << 1],
    ["another mode", CRS_20 | 2],
    ["a bus that hangs high but for CALS", 0xff & ~CALS],
  ])("starts all over when a calibration ends with %s", (_, value) => {
    const bench = create(timing);
    begin(bench, wake);
    poll(bench, status(PU_CTRL, PUD | PUR));
    begin(bench, calibrate);
    expect(poll(bench, status(CTRL2, value))).toBe(-1);
    bringUp(bench);
    expect(poll(bench, status(PU_CTRL, running | CR))).toBe(1);
  });

  test("starts all over after a brown-out, and drops readings again", () => {
    const bench = running5(timing);
    expect(poll(bench, status(PU_CTRL, 0))).toBe(-1);
    bringUp(bench);
    for (let i = 0; i < SETTLING; i++) expect(read(bench, [1, 2, 3])[1]).toBe(-1);
    expect(read(bench, [0, 0, 7])).toEqual([7, 1]);
  });

  test("starts all over when a status read is not acknowledged, in any stage", () => {
    const stages: [Transaction[], number, number][] = [
      [wake, PU_CTRL, PUD | PUR],
      [calibrate, CTRL2, CRS_20],
      [run, PU_CTRL, running | CR],
    ];
    for (let broken = 0; broken < stages.length; broken++) {
      const bench = create(timing);
      for (const [transactions, register, good] of stages.slice(0, broken)) {
        begin(bench, transactions);
        poll(bench, status(register, good));
      }
      begin(bench, stages[broken][0]);
      expect(poll(bench, status(stages[broken][1], null))).toBe(-1);
      bringUp(bench);
      expect(poll(bench, status(PU_CTRL, running | CR))).toBe(1);
    }
  });

  test("reports a reading that is not acknowledged", () => {
    expect(read(running5(timing), null)).toEqual([0, -1]);
  });
});

test("each write of the start that is not acknowledged is a fault, and it starts all over", () => {
  const stages: [Transaction[], Transaction | null][] = [
    [wake, status(PU_CTRL, PUD | PUR)],
    [calibrate, status(CTRL2, CRS_20)],
    [run, null],
  ];
  let tried = 0;
  for (let stage = 0; stage < stages.length; stage++) {
    const writes = stages[stage][0] as { address: number; write: number[] }[];
    for (let at = 0; at < writes.length; at++) {
      const bench = create("inline");
      for (const [transactions, answer] of stages.slice(0, stage)) {
        begin(bench, transactions);
        if (answer !== null) poll(bench, answer);
      }
      bench.bus.expect(...writes.slice(0, at), { ...writes[at], ack: false });
      expect(bench.chip.begin(0, 0)).toBe(-1);
      bench.bus.finished();
      bringUp(bench);
      tried++;
    }
  }
  expect(tried).toBe(6);
});

test("a count is a 1 tonne, 2 mV/V cell's share of full scale at gain 128", () => {
  // Full scale is +-0.5 of the reference over the gain: 2^24 codes for 1/128 of the supply.
  const ratioPerCount = 1 / 128 / 2 ** 24;
  const newtonsPerRatio = (1000 * 9.80665) / 2e-3;
  expect(NAU7802_NEWTONS_PER_COUNT).toBeCloseTo(ratioPerCount * newtonsPerRatio, 12);
});
