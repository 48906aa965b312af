import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Config } from "../../firmware/config.ts";
import { PER_RANGE, SET_GAIN } from "../../firmware/config.ts";
import { createCommand } from "../../firmware/command.ts";
import type { Guard } from "../../firmware/fault.ts";
import { createGuard } from "../../firmware/fault.ts";
import type { Drive } from "../../firmware/galvanostat.ts";
import { codesPerAmpere, rangeFor, regulate, rest, zeroCode } from "../../firmware/galvanostat.ts";
import type { Loop } from "../../firmware/loop.ts";
import { AT_REST, CLOSING, LIVE, PREPARING, createLoop } from "../../firmware/loop.ts";
import type { Sample } from "../../firmware/sample.ts";
import { CODE, LOOP_AMPS, RANGE, RELAY, STATUS } from "../../firmware/sample.ts";
import { CODE_FAILED, CURRENT_FAILED, RANGE_FAILED } from "../../firmware/sample.ts";
import { VOLTS_AT } from "../../firmware/sample.ts";
import type { Command } from "../../hal/port.ts";
import type { Readings } from "./specimen.ts";
import { CAPABILITIES, CIRCUIT, CODE_MID, calibrationOf, cellOf, sampleOf } from "./specimen.ts";

const RANGES_A = CAPABILITIES.rangesA;
const PERIOD_S = 0.05;
/** Codes of full scale: 1 V across the sense resistor. */
const FULL_CODES = 65536 / 2.5;

interface Bench {
  loop: Loop;
  command: Command;
  calibration: Config;
  guard: Guard;
  sample: Sample;
  previous: Sample;
  time: number;
}

/** The cell that answers, Ω; the pellet of the specimen resists 41.6 of them. */
const CELL_OHMS = 50;

function createBench(calibration = cellOf()): Bench {
  const command = createCommand(CODE_MID, 50);
  const sample = sampleOf({ timeVoltage: 10 });
  const states = { loop: createLoop(CODE_MID), guard: createGuard() };
  return { ...states, command, calibration, sample, previous: sample, time: 10 };
}

/** The frame that follows the last command on sound hardware without current at zero code. */
function nextSample(bench: Bench, changes: Partial<Readings> = {}): Sample {
  const { command, loop } = bench;
  bench.time += PERIOD_S;
  const perAmpere = codesPerAmpere(CIRCUIT, bench.calibration, command.range);
  const loopCurrent = (command.code - zeroCode(bench.calibration, command.range)) / perAmpere;
  return sampleOf({
    timeVoltage: bench.time,
    appliedAt: bench.time - PERIOD_S + 0.01,
    relay: command.relay,
    code: loop.code,
    range: loop.range,
    loopCurrent,
    current: command.relay === 1 ? loopCurrent : 0,
    voltage: command.relay === 1 ? loopCurrent * CELL_OHMS : 0,
    ...changes,
  });
}

function driveOf(bench: Bench, sample: Sample): Drive {
  const { loop, calibration: config, command, guard } = bench;
  bench.previous = bench.sample;
  bench.sample = sample;
  const readings = { sample, previous: bench.previous };
  return {
    circuit: CIRCUIT,
    capabilities: CAPABILITIES,
    config,
    loop,
    guard,
    command,
    ...readings,
  };
}

function frame(bench: Bench, setpoint: number, changes: Partial<Readings> = {}): Command {
  const sample = nextSample(bench, changes);
  const { command } = bench;
  regulate(driveOf(bench, sample), setpoint);
  return command;
}

/** Frames until the first at the whole set-point, where nothing is in the way. */
const WAY = 7;

function goLive(bench: Bench, setpoint: number): void {
  for (let i = 0; i < WAY; i++) frame(bench, setpoint);
  expect(bench.loop.rung).toBe(LIVE);
}

describe("a range", () => {
  test.each([
    [0, 0],
    [1e-5, 0],
    [-1e-5, 0],
    [1.00005e-5, 0],
    [1.01e-5, 1],
    [9e-5, 1],
    [5e-4, 2],
    [-1e-2, 3],
    [1.01e-2, -1],
    [NaN, -1],
    [Infinity, -1],
  ])("for %d A is %i", (current, range) => {
    expect(rangeFor(RANGES_A, current)).toBe(range);
  });

  test("of 1 V across its resistor takes 40 % of the codes", () => {
    for (let range = 0; range < 4; range++) {
      const codes = codesPerAmpere(CIRCUIT, calibrationOf(), range) * RANGES_A[range];
      expect(codes).toBeCloseTo(FULL_CODES, 6);
    }
  });

  test("has its own zero code, rounded", () => {
    const calibration = calibrationOf({}, [32760.4, 32760.5, 32761, 1]);
    expect([0, 1, 2].map((range) => zeroCode(calibration, range))).toEqual([32760, 32761, 32761]);
  });
});

describe("the way to the cell", () => {
  test("is one verified rung a frame", () => {
    const bench = createBench();
    const rungs = [];
    for (let i = 0; i < 4; i++) {
      const { relay, code, range } = frame(bench, 5e-4);
      rungs.push([bench.loop.rung, relay, range, code]);
    }
    expect(rungs).toEqual([
      [PREPARING, 0, 2, CODE_MID],
      [CLOSING, 1, 2, CODE_MID],
      [LIVE, 1, 2, CODE_MID + Math.round(FULL_CODES / 2)],
      [LIVE, 1, 2, CODE_MID + Math.round(FULL_CODES / 2)],
    ]);
  });

  test.each([
    ["the code is another", { code: CODE_MID + 1 }],
    ["the range is another", { range: 1 }],
    ["the code was not read", { status: CODE_FAILED }],
    ["the range was not read", { status: RANGE_FAILED }],
    ["the current was not read", { status: CURRENT_FAILED }],
    ["current flows", { loopCurrent: 0.011e-3 }],
    ["current flows backwards", { loopCurrent: -0.011e-3 }],
    ["current is not a number", { loopCurrent: NaN }],
  ])("ends before the relay while %s, and goes on after", (_, trouble) => {
    const bench = createBench();
    frame(bench, 5e-4);
    for (let i = 0; i < 5; i++) expect(frame(bench, 5e-4, trouble).relay).toBe(0);
    expect(bench.loop.rung).toBe(PREPARING);
    expect(frame(bench, 5e-4).relay).toBe(1);
  });

  test("waits at zero current until the relay has settled", () => {
    const bench = createBench();
    frame(bench, 5e-4);
    frame(bench, 5e-4);
    expect(bench.loop.rung).toBe(CLOSING);
    const early = nextSample(bench);
    const settling = { appliedAt: early[VOLTS_AT] + PERIOD_S - 0.01 };
    expect(frame(bench, 5e-4, settling).code).toBe(CODE_MID);
    expect(bench.loop.rung).toBe(CLOSING);
    frame(bench, 5e-4);
    expect(bench.loop.rung).toBe(LIVE);
  });

  test("is taken back at once by a set-point that is none", () => {
    for (let frames = 1; frames < 6; frames++) {
      const bench = createBench();
      for (let i = 0; i < frames; i++) frame(bench, 5e-4);
      const { relay, code } = frame(bench, NaN);
      expect([relay, code, bench.loop.rung]).toEqual([0, CODE_MID, AT_REST]);
      expect(bench.loop.setpoint).toBe(0);
    }
  });

  test("is not begun for a current that no range carries", () => {
    const bench = createBench();
    for (let i = 0; i < 5; i++) expect(frame(bench, 0.02).relay).toBe(0);
    goLive(bench, 5e-4);
    expect(frame(bench, 0.02)).toMatchObject({ relay: 0, code: CODE_MID });
  });

  test("leads to zero current as to any other", () => {
    const bench = createBench();
    for (let i = 0; i < 4; i++) frame(bench, 0);
    expect(bench.command).toMatchObject({ relay: 1, code: CODE_MID, range: 0 });
    expect(bench.loop.rung).toBe(LIVE);
  });

  test("goes back to rest when another range is wanted while the relay closes", () => {
    const bench = createBench();
    for (let i = 0; i < 2; i++) frame(bench, 5e-4);
    expect(bench.loop.rung).toBe(CLOSING);
    expect(frame(bench, 5e-3)).toMatchObject({ relay: 0, range: 2, code: CODE_MID });
    expect(bench.loop).toMatchObject({ rung: AT_REST, setpoint: 0 });
    const ranges = Array.from({ length: 3 }, () => {
      const { relay, range } = frame(bench, 5e-3);
      return [relay, range];
    });
    expect(ranges).toEqual([
      [0, 3],
      [1, 3],
      [1, 3],
    ]);
    expect(bench.loop).toMatchObject({ rung: LIVE, setpoint: 5e-3 });
  });
});

describe("a change of set-point", () => {
  test("on the same range keeps the relay where it is", () => {
    const bench = createBench();
    goLive(bench, 5e-4);
    const { relay, code } = frame(bench, -5e-4);
    expect([relay, code]).toEqual([1, CODE_MID - Math.round(FULL_CODES / 2)]);
    expect(bench.loop).toMatchObject({ setpoint: -5e-4, frames: 0, changedAt: bench.time });
    frame(bench, -5e-4);
    expect(bench.loop.frames).toBe(1);
    expect(bench.loop.changedAt).toBeLessThan(bench.time);
  });

  test("to another range passes through rest, the range switched after the relay", () => {
    const bench = createBench();
    goLive(bench, 5e-4);
    const seen = [];
    for (let i = 0; i < 4; i++) {
      const { relay, range, code } = frame(bench, 5e-5);
      seen.push([relay, range, code]);
    }
    expect(seen).toEqual([
      [0, 2, CODE_MID],
      [0, 1, CODE_MID],
      [1, 1, CODE_MID],
      [1, 1, CODE_MID + Math.round(FULL_CODES / 2)],
    ]);
  });

  test("while the range is prepared starts again", () => {
    const bench = createBench();
    frame(bench, 5e-4);
    expect(frame(bench, 5e-5)).toMatchObject({ relay: 0, range: 2 });
    expect(frame(bench, 5e-5)).toMatchObject({ relay: 0, range: 1 });
    expect(frame(bench, 5e-5)).toMatchObject({ relay: 1, range: 1 });
  });
});

describe("the trim", () => {
  /** Codes off by an offset and a gain error, as uncalibrated hardware is. */
  function settle(bench: Bench, setpoint: number, gain: number, offsetA: number, frames: number) {
    let current = 0;
    for (let i = 0; i < frames; i++) {
      const perAmpere = codesPerAmpere(CIRCUIT, bench.calibration, 2);
      const live = bench.command.relay === 1 && bench.loop.rung === LIVE;
      current = live ? ((bench.command.code - CODE_MID) / perAmpere) * gain + offsetA : 0;
      frame(bench, setpoint, { current, loopCurrent: current });
    }
    return current;
  }

  test("removes an error of 1 % of gain and of 0.5 % of full scale, to a code", () => {
    for (const setpoint of [5e-4, -5e-4, 1e-3]) {
      const bench = createBench();
      const current = settle(bench, setpoint, 1.01, 5e-6, 40);
      expect(Math.abs(current - setpoint)).toBeLessThan((1.5 * 1e-3) / FULL_CODES);
    }
  });

  test("is bounded by 2 % of full scale, whatever is measured", () => {
    const current = fc.double({ min: -2e-3, max: 2e-3, noNaN: true });
    const setpoint = fc.constantFrom(5e-4, -5e-4, 9e-4, 0.0011);
    fc.assert(
      fc.property(fc.array(fc.tuple(setpoint, current), { maxLength: 80 }), (frames) => {
        const bench = createBench();
        goLive(bench, 5e-4);
        for (const [wanted, measured] of frames) {
          const sound = { loopCurrent: bench.command.relay === 1 ? measured : 0 };
          frame(bench, wanted, { current: measured, ...sound });
          expect(Math.abs(bench.loop.trim)).toBeLessThanOrEqual(0.02 * FULL_CODES + 1e-6);
          expect(bench.loop.code).toBeGreaterThanOrEqual(0);
          expect(bench.loop.code).toBeLessThanOrEqual(65535);
          expect(Number.isInteger(bench.loop.code)).toBe(true);
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test("stops at its bound when the error stays", () => {
    for (const error of [1.5e-5, -1.5e-5]) {
      const bench = createBench();
      goLive(bench, 5e-4);
      for (let i = 0; i < 50; i++) frame(bench, 5e-4, { current: 5e-4 - error });
      expect(bench.loop.trim).toBeCloseTo(Math.sign(error) * 0.02 * FULL_CODES, 6);
    }
  });

  test("learns nothing from a failed reading, from the first frame, or far off", () => {
    const bench = createBench();
    goLive(bench, 5e-4);
    frame(bench, -5e-4);
    const { trim } = bench.loop;
    frame(bench, -5e-4, { current: -5.05e-4 });
    expect(bench.loop.trim).toBe(trim);
    frame(bench, -5e-4, { current: -5.05e-4, status: CURRENT_FAILED });
    expect(bench.loop.trim).toBe(trim);
    frame(bench, -5e-4, { current: -5.3e-4 });
    expect(bench.loop.trim).toBe(trim);
    frame(bench, -5e-4, { current: -5.05e-4 });
    expect(bench.loop.trim).not.toBe(trim);
  });

  test("is forgotten on the way to another range", () => {
    const bench = createBench();
    settle(bench, 5e-4, 1.01, 5e-6, 20);
    expect(Math.abs(bench.loop.trim)).toBeGreaterThan(100);
    frame(bench, 5e-5, { current: 5e-4 });
    frame(bench, 5e-5);
    expect(bench.loop.trim).toBe(0);
  });
});

describe("calibration", () => {
  test("sets zero and span of each range", () => {
    const calibration = calibrationOf({}, [1, 2, 32700.2, 4]);
    calibration[SET_GAIN + PER_RANGE * 2] = 1.02;
    const bench = createBench(calibration);
    frame(bench, 5e-4);
    expect(bench.command.code).toBe(32700);
    frame(bench, 5e-4);
    frame(bench, 5e-4);
    expect(bench.loop.rung).toBe(LIVE);
    expect(bench.command.code).toBe(Math.round(32700.2 + (FULL_CODES / 2) * 1.02));
  });

  test("never leads outside the converter's codes", () => {
    const bench = createBench();
    for (const setGain of [3, -3]) {
      const calibration = calibrationOf();
      for (let i = 0; i < 4; i++) calibration[SET_GAIN + PER_RANGE * i] = setGain;
      const skewed = { ...bench, loop: createLoop(CODE_MID), calibration };
      for (let i = 0; i < 5; i++) frame(skewed, 1e-3);
      expect(skewed.loop.rung).toBe(LIVE);
      expect(skewed.command.code).toBe(setGain > 0 ? 65535 : 0);
    }
  });
});

test("rest puts the relay to rest at the range's zero, from anywhere", () => {
  const bench = createBench(calibrationOf({}, [1, 2, 32700, 4]));
  for (let i = 0; i < 5; i++) frame(bench, 5e-4);
  rest(bench.loop, bench.calibration, bench.command);
  expect(bench.command).toMatchObject({ relay: 0, code: 32700, range: 2 });
  expect(bench.loop).toMatchObject({ rung: AT_REST, setpoint: 0, code: 32700 });
});

describe("over any frames", () => {
  const sampleChange = fc.record(
    {
      code: fc.constantFrom(CODE_MID, CODE_MID + 1, 0, 65535),
      range: fc.integer({ min: -1, max: 3 }),
      status: fc.constantFrom(0, 0, CODE_FAILED, RANGE_FAILED, CURRENT_FAILED, 63, 1),
      loopCurrent: fc.constantFrom(0, 9e-8, 9e-6, 1e-4, 1e-2, -1e-2, NaN),
      // Relay or set-point took effect only now.
      appliedAt: fc.constantFrom(1e9, 0),
    },
    { requiredKeys: [] },
  );
  const setpoint = fc.constantFrom(5e-4, 5e-4, 5e-4, -5e-4, 5e-5, 5e-3, 0, 0.5, NaN);
  const frames = fc.array(fc.tuple(setpoint, fc.option(sampleChange, { freq: 2 })), {
    maxLength: 60,
  });

  /** Whether this frame proves zero code, range and no current, with the relay at rest. */
  function proves(sample: Sample, loop: Loop): boolean {
    const read = (sample[STATUS] & (CODE_FAILED | RANGE_FAILED | CURRENT_FAILED)) === 0;
    const held = sample[CODE] === CODE_MID && sample[RANGE] === loop.range && sample[RELAY] === 0;
    return read && held && Math.abs(sample[LOOP_AMPS]) < 0.01 * RANGES_A[loop.range];
  }

  test("the relay goes to the cell only after a frame that proves zero, at zero current", () => {
    let closed = 0;
    fc.assert(
      fc.property(frames, (list) => {
        const bench = createBench();
        for (const [wanted, changes] of list) {
          const before = { ...bench.command };
          const sample = nextSample(bench, changes ?? {});
          const proven = proves(sample, bench.loop);
          const { command } = bench;
          regulate(driveOf(bench, sample), wanted);
          if (command.relay === 1 && before.relay === 0) {
            closed++;
            expect(proven).toBe(true);
            expect(command).toMatchObject({ code: CODE_MID, range: before.range });
          }
          if (command.relay === 0) expect(command.code).toBe(CODE_MID);
          // The range is switched only with the relay at rest since the frame before.
          if (command.range !== before.range) expect([before.relay, command.relay]).toEqual([0, 0]);
        }
      }),
      { seed: 1, numRuns: 1500 },
    );
    expect(closed).toBeGreaterThan(300);
  });
});
