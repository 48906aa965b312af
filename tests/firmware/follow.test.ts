import { describe, expect, test } from "vitest";
import type { Guard } from "../../firmware/fault.ts";
import { DEBOUNCE, FAULT_FOLLOW, FAULT_IMPLAUSIBLE, FAULT_LEAK } from "../../firmware/fault.ts";
import { FAULT_OPEN_CELL, FAULT_READBACK, FAULT_SIGN, FAULT_T_RATE } from "../../firmware/fault.ts";
import { createGuard } from "../../firmware/fault.ts";
import { follow } from "../../firmware/follow.ts";
import type { Loop } from "../../firmware/loop.ts";
import { AT_REST, CLOSING, PREPARING, createLoop } from "../../firmware/loop.ts";
import { CODE_FAILED, CURRENT_FAILED, RANGE_FAILED } from "../../firmware/sample.ts";
import type { Readings } from "./specimen.ts";
import { CIRCUIT, CODE_MID, liveLoop, sampleOf } from "./specimen.ts";

const FULL_SCALE = 1e-3;
const SETPOINT = 5e-4;
const RANGE = 2;
const PER_AMP = CIRCUIT.senseOhms[RANGE] * CIRCUIT.codesPerSenseVolt;

type Change = (frame: number) => Partial<Readings>;

/** A guard that has seen the channel at rest at 25 °C. */
function rested(): Guard {
  const guard = createGuard();
  const rest = { ...createLoop(CODE_MID), range: RANGE };
  const sample = sampleOf({ timeVoltage: 10, code: rest.code, range: rest.range });
  expect(follow(guard, rest, sample, sample, FULL_SCALE, CIRCUIT)).toBe(0);
  return guard;
}

/** Fault codes of `count` frames in a row, `periodS` apart; frame 0 came before them. */
function watch(
  count: number,
  loop: Loop,
  change: Change,
  periodS = 0.2,
  guard = rested(),
): number[] {
  const taken = (frame: number) =>
    sampleOf({
      ...{ code: loop.code, range: loop.range, ...change(frame) },
      timeVoltage: 10 + frame * periodS,
    });
  return Array.from({ length: count }, (_, i) =>
    follow(guard, loop, taken(i + 1), taken(i), FULL_SCALE, CIRCUIT),
  );
}

function firesFrom(frame: number, code: number): number[] {
  return Array.from({ length: frame + 2 }, (_, i) => (i + 1 >= frame ? code : 0));
}

const none = (count: number): number[] => Array<number>(count).fill(0);
const live = (current: number): Partial<Readings> => ({ relay: 1, current, loopCurrent: current });
const resting = (loopCurrent: number): Partial<Readings> => ({ relay: 0, current: 0, loopCurrent });

/** A loop whose current has settled at its set-point with `trim` codes of correction, and the guard
 *  that has seen it. */
function settled(trim = 0, setpoint = SETPOINT): { loop: Loop; guard: Guard } {
  const guard = rested();
  const loop = liveLoop(setpoint, { trim, frames: 2 });
  expect(watch(1, loop, () => live(setpoint), 0.2, guard)).toEqual([0]);
  loop.frames = 3;
  return { loop, guard };
}

describe("read-back", () => {
  const sound = live(SETPOINT);

  test("of another code, or another range, is a fault", () => {
    const loop = liveLoop(SETPOINT);
    const frames = DEBOUNCE[FAULT_READBACK];
    const code = watch(frames + 2, loop, () => ({ ...sound, code: CODE_MID + 1 }));
    const range = watch(frames + 2, loop, () => ({ ...sound, range: 1 }));
    expect([code, range]).toEqual(Array(2).fill(firesFrom(frames, FAULT_READBACK)));
  });

  test("that alternates between the two adds up", () => {
    const found = watch(2, liveLoop(SETPOINT), (frame) =>
      frame === 1 ? { ...sound, code: 1 } : { ...sound, range: -1 },
    );
    expect(found).toEqual([0, FAULT_READBACK]);
  });

  test("begins again after a sound frame", () => {
    const change = (frame: number) => (frame % 2 === 0 ? sound : { ...sound, code: 1 });
    expect(watch(20, liveLoop(SETPOINT), change)).toEqual(none(20));
  });

  test("is judged without a reading of the current, too", () => {
    const blind = { ...sound, code: 1, status: CURRENT_FAILED };
    const frames = DEBOUNCE[FAULT_READBACK];
    const found = watch(frames + 2, liveLoop(SETPOINT), () => blind);
    expect(found).toEqual(firesFrom(frames, FAULT_READBACK));
  });

  test("that failed is not judged", () => {
    const failed = { ...sound, code: 1, range: 0, status: CODE_FAILED | RANGE_FAILED };
    expect(watch(20, liveLoop(SETPOINT), () => failed)).toEqual(none(20));
  });
});

describe("a current that does not obey", () => {
  const astray: [string, number, number][] = [
    ["too large", SETPOINT + 0.021 * FULL_SCALE, FAULT_FOLLOW],
    ["too small", SETPOINT - 0.021 * FULL_SCALE, FAULT_FOLLOW],
    ["hardly any", 0.051 * SETPOINT, FAULT_FOLLOW],
    ["none, since the circuit is open", 0.049 * SETPOINT, FAULT_OPEN_CELL],
  ];
  test.each(astray)("%s, for more than half a second", (_, current, code) => {
    const found = (periodS: number, frames: number) =>
      watch(frames + 2, liveLoop(SETPOINT), () => live(current), periodS);
    for (const [periodS, frames] of [
      [0.05, 6],
      [0.1, 6],
      [0.2, 3],
      [0.25, 3],
      [0.5, 2],
      [1, 2],
    ]) {
      expect(found(periodS, frames)).toEqual(firesFrom(frames, code));
    }
  });

  test("of the other sign, above 1 % of full scale", () => {
    const found = (set: number, current: number) =>
      watch(4, liveLoop(set, { frames: 1 }), () => live(current));
    for (const sign of [1, -1]) {
      const against = -0.0101 * FULL_SCALE * sign;
      expect(found(SETPOINT * sign, against)).toEqual(firesFrom(2, FAULT_SIGN));
      // Small set-points too, whose error FOLLOW allows.
      expect(found(5e-6 * sign, against)).toEqual(firesFrom(2, FAULT_SIGN));
      expect(found(5e-6 * sign, 0.99 * against)).toEqual(none(4));
      expect(found(5e-6 * sign, -1.2 * against)).toEqual(none(4));
    }
    expect(found(0, 0.011 * FULL_SCALE)).toEqual(none(4));
  });

  test("within 2 % of full scale obeys", () => {
    for (const error of [0.0199, -0.0199]) {
      const found = watch(50, liveLoop(SETPOINT, { frames: 1 }), () =>
        live(SETPOINT + error * FULL_SCALE),
      );
      expect(found).toEqual(none(50));
    }
  });

  test("once, as long as a frame may be, is none", () => {
    for (const periodS of [0.05, 0.2, 1, 1.7]) {
      const once = (frame: number) => live(frame % 8 === 1 ? -5 * FULL_SCALE : SETPOINT);
      expect(watch(64, liveLoop(SETPOINT), once, periodS)).toEqual(none(64));
    }
  });

  test("now and again adds up", () => {
    const often = (frame: number) => live(frame % 2 === 1 ? 0 : SETPOINT);
    expect(watch(9, liveLoop(SETPOINT), often)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, FAULT_OPEN_CELL]);
  });

  test("is watched at zero from the moment the relay goes to the cell", () => {
    const closing = { ...createLoop(CODE_MID), rung: CLOSING, range: RANGE };
    expect(watch(5, closing, () => live(1e-4))).toEqual(firesFrom(3, FAULT_FOLLOW));
    expect(watch(8, closing, () => live(1e-5))).toEqual(none(8));
  });

  test("is not judged where it was not read", () => {
    const failed = { ...live(0), status: CURRENT_FAILED };
    expect(watch(30, liveLoop(SETPOINT), () => failed)).toEqual(none(30));
  });

  test("is not judged with the relay at rest", () => {
    expect(watch(30, liveLoop(SETPOINT), () => resting(0))).toEqual(none(30));
  });
});

describe("a correction that changes after it has settled", () => {
  const drift = (share: number) => live(SETPOINT + share * FULL_SCALE);

  test.each([0, 0.015, -0.015])("by half a percent of full scale, from %d of it", (share) => {
    const trim = share * FULL_SCALE * PER_AMP;
    for (const sign of [1, -1]) {
      const [near, far] = [settled(trim), settled(trim)];
      expect(watch(20, near.loop, () => drift(0.0049 * sign), 0.2, near.guard)).toEqual(none(20));
      const found = watch(5, far.loop, () => drift(0.0051 * sign), 0.2, far.guard);
      expect(found).toEqual(firesFrom(3, FAULT_FOLLOW));
    }
  });

  test("counts although the loop has learnt it", () => {
    const { loop, guard } = settled();
    const found = [0.75, 1.125, 1.3125].map((learnt, i) => {
      loop.trim = (learnt / 100) * FULL_SCALE * PER_AMP;
      const left = (1.5 - learnt) / 100;
      return watch(1, loop, () => drift(-left), 0.2 + i / 1000, guard)[0];
    });
    expect(found).toEqual([0, 0, FAULT_FOLLOW]);
  });

  test("begins anew with another set-point", () => {
    const { loop, guard } = settled();
    loop.frames = 0;
    loop.trim = 0.015 * FULL_SCALE * PER_AMP;
    expect(watch(1, loop, () => live(SETPOINT), 0.2, guard)).toEqual([0]);
    loop.frames = 100;
    expect(watch(20, loop, () => live(SETPOINT), 0.2, guard)).toEqual(none(20));
  });
});

describe("a leak", () => {
  test.each([AT_REST, PREPARING])("is current through the dummy, rung %i", (rung) => {
    const loop = { ...createLoop(CODE_MID), rung, range: RANGE };
    for (const current of [0.0101 * FULL_SCALE, -0.0101 * FULL_SCALE]) {
      const found = watch(DEBOUNCE[FAULT_LEAK] + 2, loop, () => resting(current));
      expect(found).toEqual(firesFrom(DEBOUNCE[FAULT_LEAK], FAULT_LEAK));
    }
    const small = watch(20, loop, () => resting(0.0099 * FULL_SCALE));
    expect(small).toEqual(none(20));
  });

  test("is none while the relay is at the cell", () => {
    expect(watch(20, liveLoop(SETPOINT), () => live(SETPOINT))).toEqual(none(20));
  });
});

describe("a voltage that leaps", () => {
  const leaping = (volts: number) => (frame: number) => ({
    ...live(SETPOINT),
    voltage: frame % 2 === 0 ? 1 : 1 + volts,
  });

  test.each([0.61, -0.61])("by %d V three times in a row is implausible", (volts) => {
    const found = watch(5, liveLoop(SETPOINT), leaping(volts));
    expect(found).toEqual(firesFrom(DEBOUNCE[FAULT_IMPLAUSIBLE], FAULT_IMPLAUSIBLE));
  });

  test("by less, or with a rest in between, is the cell's affair", () => {
    expect(watch(20, liveLoop(SETPOINT), leaping(0.59))).toEqual(none(20));
    const thrice = (frame: number) => ({ ...live(SETPOINT), voltage: frame % 3 === 0 ? 2 : 1 });
    expect(watch(20, liveLoop(SETPOINT), thrice)).toEqual(none(20));
  });

  test("with its set-point, or at rest, is none", () => {
    expect(watch(20, liveLoop(SETPOINT, { frames: 0 }), leaping(2))).toEqual(none(20));
    const rest = { ...createLoop(CODE_MID), range: RANGE, frames: 9 };
    const swing = (frame: number) => ({ ...resting(0), voltage: frame % 2 });
    expect(watch(20, rest, swing)).toEqual(none(20));
  });
});

describe("a temperature that rises", () => {
  const warming = (kelvinPerMinute: number) => (frame: number) => ({
    ...live(SETPOINT),
    temperature: 25 + (kelvinPerMinute * frame) / 60,
  });

  test("by more than 2 K in a minute while current flows is a fault", () => {
    const found = watch(70, liveLoop(SETPOINT), warming(2.02), 1);
    expect(found.indexOf(FAULT_T_RATE)).toBe(59);
    expect(found.filter((code) => code !== 0)).toEqual([FAULT_T_RATE]);
  });

  test.each([1.98, -5, 0])("by %d K in a minute is none", (rate) => {
    expect(watch(300, liveLoop(SETPOINT), warming(rate), 1)).toEqual(none(300));
  });

  test("without current, or in the minute after, is none", () => {
    const rest = { ...createLoop(CODE_MID), range: RANGE };
    const guard = rested();
    const chamber = (frame: number) => ({ ...warming(10)(frame), ...resting(0) });
    expect(watch(300, rest, chamber, 1, guard)).toEqual(none(300));
    const warm = (frame: number) => ({ ...live(SETPOINT), temperature: 75 + 0 * frame });
    expect(watch(1, rest, (frame) => ({ ...warm(frame), ...resting(0) }), 1, guard)).toEqual([0]);
    expect(watch(300, liveLoop(SETPOINT), warm, 1, guard)).toEqual(none(300));
  });
});
