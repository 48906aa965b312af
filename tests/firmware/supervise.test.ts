import { describe, expect, test } from "vitest";
import * as fault from "../../firmware/fault.ts";
import { DEBOUNCE, createGuard } from "../../firmware/fault.ts";
import type { Limits } from "../../firmware/limits.ts";
import * as status from "../../firmware/sample.ts";
import { slowSensorsFresh, supervise } from "../../firmware/supervise.ts";
import type { Readings } from "./specimen.ts";
import { CIRCUIT, cellOf, limitsOf, sampleOf } from "./specimen.ts";

const PERIOD_S = 0.2;
const limits = limitsOf();

type Change = Partial<Readings> | ((frame: number) => Partial<Readings>);

/** Fault codes of `count` frames in a row, a period apart. */
function watch(
  count: number,
  change: Change,
  guard = createGuard(),
  within: Limits = limits,
): number[] {
  const found: number[] = [];
  let previous = sampleOf({ sequence: 0, timeVoltage: 10 });
  for (let frame = 1; frame <= count; frame++) {
    const changes = typeof change === "function" ? change(frame) : change;
    const time = 10 + frame * PERIOD_S;
    const sample = sampleOf({ sequence: frame, timeVoltage: time, timeCurrent: time, ...changes });
    found.push(supervise(guard, within, sample, previous, PERIOD_S));
    previous = sample;
  }
  return found;
}

function firesAt(frames: number, code: number, count = frames + 2): number[] {
  return Array.from({ length: count }, (_, i) => (i + 1 >= frames ? code : 0));
}

type Row = [string, number, Partial<Readings>];

const beyond: Row[] = [
  ["voltage above the cell's window", fault.FAULT_V_HIGH, { voltage: 4.001 }],
  ["voltage below it", fault.FAULT_V_LOW, { voltage: -4.001 }],
  ["too warm", fault.FAULT_T_HIGH, { temperature: 60.1 }],
  ["too cold", fault.FAULT_T_LOW, { temperature: -0.1 }],
  ["too much force", fault.FAULT_F_HIGH, { force: 5884 * 1.2 + 1 }],
  ["too little force", fault.FAULT_F_LOW, { force: 5884 * 0.75 - 1 }],
];

const incomplete: Row[] = [
  ["voltage not read", fault.FAULT_BUS, { status: status.VOLTAGE_FAILED }],
  ["current not read", fault.FAULT_BUS, { status: status.CURRENT_FAILED }],
  ["code not read", fault.FAULT_BUS, { status: status.CODE_FAILED }],
  ["range not read", fault.FAULT_BUS, { status: status.RANGE_FAILED }],
  ["temperature not plausible", fault.FAULT_BUS, { status: status.TEMPERATURE_FAILED }],
  ["force too old", fault.FAULT_BUS, { forceAge: 5.1 }],
  ["force never read", fault.FAULT_BUS, { forceAge: -1 }],
  ["temperature too old", fault.FAULT_BUS, { temperatureAge: 5.1 }],
  ["temperature never read", fault.FAULT_BUS, { temperatureAge: -1 }],
];

const at = (value: Partial<Readings>): Partial<Readings> => ({
  status: status.VOLTAGE_REREAD | status.CURRENT_REREAD,
  ...value,
});

describe("the fault table", () => {
  test("has nothing against a sound frame, up to the limits themselves", () => {
    const edge = { voltage: 4, temperature: 60, force: 5884 * 1.2, forceAge: 5, temperatureAge: 5 };
    const other = { voltage: -4, temperature: 0, force: 5884 * 0.75 };
    expect(watch(50, {})).toEqual(Array(50).fill(0));
    expect(watch(20, edge)).toEqual(Array(20).fill(0));
    expect(watch(20, other)).toEqual(Array(20).fill(0));
  });

  test.each([...beyond, ...incomplete])("%s", (_, code, change) => {
    expect(watch(DEBOUNCE[code] + 2, change)).toEqual(firesAt(DEBOUNCE[code], code));
  });

  test.each(beyond)("%s, with a sound frame in between, is none", (_, code, change) => {
    const broken = (frame: number) => (frame % DEBOUNCE[code] === 0 ? {} : change);
    expect(watch(30, broken)).toEqual(Array(30).fill(0));
  });

  test("voltage beyond the cell's window on either side in turn, as one that stays outside", () => {
    const swing = (frame: number) => ({ voltage: frame % 2 === 0 ? -4.2 : 4.2 });
    const { FAULT_V_HIGH: high, FAULT_V_LOW: low } = fault;
    expect(watch(6, swing)).toEqual([0, 0, high, low, high, low]);
    const once = (frame: number) => (frame % 3 === 0 ? {} : swing(frame));
    expect(watch(30, once)).toEqual(Array(30).fill(0));
  });

  test.each(incomplete)("%s, five times in twenty frames, not in a row", (_, code, change) => {
    const often = (frame: number) => (frame % 2 === 0 ? {} : change);
    // Frames 1, 3, 5, 7, 9; a sound frame is never a fault itself.
    expect(watch(12, often)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, code, 0, code, 0]);
    const pairs = (frame: number) => (frame % 3 === 0 ? {} : change);
    expect(watch(9, pairs)).toEqual([0, 0, 0, 0, 0, 0, code, code, 0]);
  });

  test.each(incomplete)("%s, four times in any twenty frames, is none", (_, __, change) => {
    const every = (frame: number) => (frame % 5 === 0 ? change : {});
    expect(watch(100, every)).toEqual(Array(100).fill(0));
    // The fifth comes when the first is twenty frames ago, and one frame earlier.
    const at = (frames: number[]) => (frame: number) => (frames.includes(frame) ? change : {});
    expect(watch(25, at([1, 2, 10, 11, 21]))).toEqual(Array(25).fill(0));
    expect(watch(21, at([2, 3, 10, 11, 21]))[20]).toBe(fault.FAULT_BUS);
  });

  test.each([
    ["above", 5.47],
    ["below", -5.47],
  ])("voltage %s the hardware's, confirmed, in one frame", (_, voltage) => {
    expect(watch(1, at({ voltage }))).toEqual([fault.FAULT_V_HARD]);
    const clipped = status.VOLTAGE_REREAD | status.VOLTAGE_CLIPPED;
    expect(watch(1, { voltage, status: clipped })).toEqual([fault.FAULT_V_HARD]);
  });

  test.each([
    ["upper", 32767, fault.FAULT_V_HIGH],
    ["lower", -32768, fault.FAULT_V_LOW],
  ])("voltage at the %s end of the widest scale is beyond any cell's limit", (_, counts, code) => {
    // 5.12 V, within this cell's limits as far as the number says.
    const voltage = counts * CIRCUIT.voltsPerCount[0];
    const wide = limitsOf(cellOf({ voltageMaxV: 5.2, voltageMinV: -5.2 }));
    const seen = (bits: number) => watch(5, { voltage, status: bits }, createGuard(), wide);
    expect(seen(status.VOLTAGE_CLIPPED)).toEqual(firesAt(3, code));
    expect(seen(status.VOLTAGE_CLIPPED | status.VOLTAGE_REREAD)).toEqual(firesAt(3, code));
    expect(seen(0)).toEqual([0, 0, 0, 0, 0]);
    expect(seen(status.CURRENT_CLIPPED)).toEqual([0, 0, 0, 0, 0]);
  });

  test.each([
    status.CURRENT_FAILED,
    status.CODE_FAILED,
    status.RANGE_FAILED,
    status.TEMPERATURE_FAILED,
  ])("a hard voltage counts although another slot failed (%i)", (failed) => {
    const change = { voltage: 6, status: status.VOLTAGE_REREAD | failed };
    expect(watch(1, change)).toEqual([fault.FAULT_V_HARD]);
  });

  test.each([
    status.VOLTAGE_FAILED,
    status.CODE_FAILED,
    status.RANGE_FAILED,
    status.TEMPERATURE_FAILED,
  ])("a hard current counts although another slot failed (%i)", (failed) => {
    const change = { loopCurrent: 0.014, status: status.CURRENT_REREAD | failed };
    expect(watch(1, change)).toEqual([fault.FAULT_I_HARD]);
  });

  test("voltage above the hardware's, not confirmed, waits for confirmation", () => {
    expect(watch(2, { voltage: 5.47 })).toEqual([0, 0]);
    expect(watch(1, { voltage: 5.47, status: status.CURRENT_REREAD })).toEqual([0]);
  });

  test.each([0.0132, -0.0132])("current %d A, confirmed, in one frame, at rest too", (current) => {
    const flowing = { current, loopCurrent: current };
    expect(watch(1, at({ ...flowing, relay: 1 }))).toEqual([fault.FAULT_I_HARD]);
    expect(watch(1, at({ loopCurrent: current, current: 0 }))).toEqual([fault.FAULT_I_HARD]);
    const clipped = { ...flowing, status: status.CURRENT_CLIPPED };
    expect(watch(1, clipped)).toEqual([fault.FAULT_I_HARD]);
    expect(watch(2, { ...flowing, status: status.VOLTAGE_REREAD })).toEqual([0, 0]);
  });

  test("current within the hardware's is left to others", () => {
    expect(watch(5, at({ loopCurrent: 0.0131 }))).toEqual([0, 0, 0, 0, 0]);
  });
});

describe("a frame is stale", () => {
  const late = PERIOD_S + Math.max(PERIOD_S, 0.2);

  test.each([
    ["that repeats its number", { sequence: 0 }],
    ["that comes after more than two periods and a margin", { timeVoltage: 10 + late + 0.001 }],
    ["of the same time", { timeVoltage: 10 }],
    ["of an earlier time", { timeVoltage: 9.9 }],
    ["that was held up itself", { status: status.STALLED }],
  ])("%s", (_, change) => {
    expect(watch(1, change)).toEqual([fault.FAULT_STALE]);
  });

  test.each([
    [0.05, 0.25],
    [0.1, 0.3],
    [1, 1.8],
  ])("after %d s between frames, later than %d s", (periodS, latest) => {
    const previous = sampleOf({ sequence: 0, timeVoltage: 10 });
    const found = [-0.001, 0.001].map((beside) => {
      const timeVoltage = 10 + latest + beside;
      const sample = sampleOf({ sequence: 1, timeVoltage, timeCurrent: timeVoltage });
      return supervise(createGuard(), limits, sample, previous, periodS);
    });
    expect(found).toEqual([0, fault.FAULT_STALE]);
  });

  test("but not just before", () => {
    expect(watch(1, { timeVoltage: 10 + late - 0.001 })).toEqual([0]);
  });

  test("whatever else is wrong with it", () => {
    const change = at({ sequence: 0, voltage: 9, status: status.VOLTAGE_FAILED });
    expect(watch(1, change)).toEqual([fault.FAULT_STALE]);
  });
});

describe("a failed slot", () => {
  const soft = { temperature: 999, force: 1e6 };

  test.each([
    ["voltage", { voltage: 99 }, status.VOLTAGE_FAILED],
    ["current", { loopCurrent: 9 }, status.CURRENT_FAILED],
  ])("of the %s is counted, its value is not judged", (_, nonsense, failed) => {
    const guard = createGuard();
    const clipped = status.VOLTAGE_CLIPPED | status.CURRENT_CLIPPED;
    const sure = status.VOLTAGE_REREAD | status.CURRENT_REREAD | clipped | failed;
    expect(watch(2, { ...soft, ...nonsense, status: sure }, guard)).toEqual([0, 0]);
    expect(new Set(guard.counts)).toEqual(new Set([0]));
    expect(guard.incomplete).toBe(3);
  });

  test("does not reset what was counted before it", () => {
    const change = (frame: number): Partial<Readings> =>
      frame === 2 ? { status: status.CODE_FAILED } : { voltage: 4.1 };
    expect(watch(4, change)).toEqual([0, 0, 0, fault.FAULT_V_HIGH]);
  });

  test("force alone failing once is no matter while its last value is fresh", () => {
    expect(watch(5, { status: status.FORCE_FAILED })).toEqual([0, 0, 0, 0, 0]);
  });
});

test("slow sensors are fresh up to five seconds", () => {
  expect(slowSensorsFresh(sampleOf())).toBe(true);
  expect(slowSensorsFresh(sampleOf({ forceAge: 0, temperatureAge: 0 }))).toBe(true);
  expect(slowSensorsFresh(sampleOf({ forceAge: 5.01 }))).toBe(false);
  expect(slowSensorsFresh(sampleOf({ temperatureAge: -0.001 }))).toBe(false);
  expect(slowSensorsFresh(sampleOf({ status: status.TEMPERATURE_FAILED }))).toBe(false);
});
