import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Readings } from "../../hal/frame.ts";
import {
  CURRENT_1,
  CURRENT_2,
  CURRENT_AGAIN,
  MIDDLE_AT,
  READINGS,
  VOLTAGE_1,
  VOLTAGE_2,
  VOLTAGE_AGAIN,
  assemble,
  createReadings,
  currentDoubtful,
  voltageDoubtful,
} from "../../hal/frame.ts";
import { settingsOf } from "./scan-rig.ts";

// Bits of the frame's status, as in the port's contract.
const VOLTAGE_FAILED = 1;
const CURRENT_FAILED = 2;
const VOLTAGE_REREAD = 64;
const CURRENT_REREAD = 128;

function readingsOf(voltages: number[], currents: number[], gains = [0, 0]): Readings {
  const r = createReadings();
  [r.counts[VOLTAGE_1], r.counts[VOLTAGE_2]] = voltages;
  [r.counts[CURRENT_1], r.counts[CURRENT_2]] = currents;
  r.gains = gains;
  return r;
}

const count = fc.integer({ min: -32768, max: 32767 });
const few = fc.integer({ min: -2, max: 2 });

describe("a frame of readings", () => {
  test("holds twelve of them", () => {
    expect(createReadings().counts).toHaveLength(READINGS);
    expect(READINGS).toBe(12);
  });

  test("is the mean of two at the same gain, at the mean of their times", () => {
    const r = readingsOf([10, 13], [-7, -8], [1, 2]);
    r.times.set([100, 103, 110, 113], MIDDLE_AT);
    const frame = r.frame;
    assemble(r);
    expect(frame).toMatchObject({ voltage: 11.5, current: -7.5, voltageGain: 1, currentGain: 2 });
    expect(frame).toMatchObject({ timeVoltage: 105, timeCurrent: 108 });
  });

  test.each([
    ["any counts", count],
    ["few values, so that many are equal", few],
  ])("is the median of five after re-reads: %s", (_, value) => {
    const five = fc.array(value, { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(five, five, (voltages, currents) => {
        const r = readingsOf([voltages[0], voltages[0]], [currents[0], currents[0]]);
        r.counts.set(voltages.slice(1), VOLTAGE_AGAIN);
        r.counts.set(currents.slice(1), CURRENT_AGAIN);
        const frame = r.frame;
        frame.status = VOLTAGE_REREAD | CURRENT_REREAD;
        assemble(r);
        expect(frame.voltage).toBe([...voltages].sort((a, b) => a - b)[2]);
        expect(frame.current).toBe([...currents].sort((a, b) => a - b)[2]);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test("re-reads of one quantity leave the other alone", () => {
    for (const status of [VOLTAGE_REREAD, CURRENT_REREAD]) {
      const r = readingsOf([1, 1], [2, 2]);
      r.counts.fill(50, VOLTAGE_AGAIN);
      r.frame.status = status;
      assemble(r);
      const expected = status === VOLTAGE_REREAD ? [50, 2] : [1, 50];
      expect([r.frame.voltage, r.frame.current]).toEqual(expected);
    }
  });
});

describe("a voltage is doubtful", () => {
  const wanted = settingsOf({ guardMin: -1000, guardMax: 2000, guardShort: 50 });

  test.each([
    [2000, false],
    [2000.5, true],
    [-1000, false],
    [-1000.5, true],
    [50, false],
    [49.5, true],
    [0, true],
    [-49.5, true],
    [-50, false],
    [500, false],
  ])("at a mean of %d counts: %s", (mean, doubtful) => {
    expect(voltageDoubtful(readingsOf([mean - 1, mean + 1], [0, 0]), wanted)).toBe(doubtful);
  });

  test("only at the gain its guards are stated for", () => {
    expect(voltageDoubtful(readingsOf([5000, 5000], [0, 0], [1, 0]), wanted)).toBe(false);
    const narrow = { ...wanted, voltageGain: 1 };
    expect(voltageDoubtful(readingsOf([5000, 5000], [0, 0], [1, 0]), narrow)).toBe(true);
  });

  test("only if it was read", () => {
    const r = readingsOf([5000, 5000], [0, 0]);
    r.frame.status = VOLTAGE_FAILED;
    expect(voltageDoubtful(r, wanted)).toBe(false);
    r.frame.status = CURRENT_FAILED;
    expect(voltageDoubtful(r, wanted)).toBe(true);
  });

  test("never near zero without a guard against shorts", () => {
    expect(voltageDoubtful(readingsOf([0, 0], [0, 0]), settingsOf())).toBe(false);
  });
});

describe("a current is doubtful", () => {
  const wanted = settingsOf({ guardCurrent: 1000 });

  test.each([
    [1000, false],
    [1000.5, true],
    [-1000, false],
    [-1000.5, true],
    [0, false],
  ])("at a mean of %d counts: %s", (mean, doubtful) => {
    expect(currentDoubtful(readingsOf([0, 0], [mean - 1, mean + 1]), wanted)).toBe(doubtful);
  });

  test("only at its guard's gain, and only if it was read", () => {
    expect(currentDoubtful(readingsOf([0, 0], [5000, 5000], [0, 1]), wanted)).toBe(false);
    const r = readingsOf([0, 0], [5000, 5000]);
    r.frame.status = CURRENT_FAILED;
    expect(currentDoubtful(r, wanted)).toBe(false);
  });
});
