import { describe, expect, test } from "vitest";
import {
  DEBOUNCE,
  FAULT_FOLLOW,
  FAULT_LEAK,
  FAULT_READBACK,
  createGuard,
} from "../../firmware/fault.ts";
import { follow } from "../../firmware/follow.ts";
import type { Loop } from "../../firmware/loop.ts";
import { AT_REST, CLOSING, PREPARING, createLoop } from "../../firmware/loop.ts";
import { CODE_FAILED, CURRENT_FAILED, RANGE_FAILED } from "../../firmware/sample.ts";
import type { Readings } from "./specimen.ts";
import { CODE_MID, liveLoop, sampleOf } from "./specimen.ts";

const FULL_SCALE = 1e-3;
const SETPOINT = 5e-4;

function watch(count: number, loop: Loop, change: (frame: number) => Partial<Readings>): number[] {
  const guard = createGuard();
  return Array.from({ length: count }, (_, i) =>
    follow(
      guard,
      loop,
      sampleOf({ code: loop.code, range: loop.range, ...change(i + 1) }),
      FULL_SCALE,
    ),
  );
}

function firesAt(code: number): number[] {
  return Array.from({ length: DEBOUNCE[code] + 2 }, (_, i) => (i + 1 >= DEBOUNCE[code] ? code : 0));
}

const live = (current: number): Partial<Readings> => ({ relay: 1, current, loopCurrent: current });
const resting = (loopCurrent: number): Partial<Readings> => ({ relay: 0, current: 0, loopCurrent });

describe("read-back", () => {
  const sound = live(SETPOINT);

  test("of another code, or another range, is a fault", () => {
    const loop = liveLoop(SETPOINT);
    const frames = DEBOUNCE[FAULT_READBACK] + 2;
    const code = watch(frames, loop, () => ({ ...sound, code: CODE_MID + 1 }));
    const range = watch(frames, loop, () => ({ ...sound, range: 1 }));
    expect([code, range]).toEqual([firesAt(FAULT_READBACK), firesAt(FAULT_READBACK)]);
  });

  test("that alternates between the two adds up", () => {
    const found = watch(2, liveLoop(SETPOINT), (frame) =>
      frame === 1 ? { ...sound, code: 1 } : { ...sound, range: -1 },
    );
    expect(found).toEqual([0, FAULT_READBACK]);
  });

  test("begins again after a sound frame", () => {
    const change = (frame: number) => (frame % 2 === 0 ? sound : { ...sound, code: 1 });
    expect(watch(20, liveLoop(SETPOINT), change)).toEqual(Array(20).fill(0));
  });

  test("that failed is not judged", () => {
    const failed = { ...sound, code: 1, range: 0, status: CODE_FAILED | RANGE_FAILED };
    expect(watch(20, liveLoop(SETPOINT), () => failed)).toEqual(Array(20).fill(0));
  });
});

describe("a current that does not obey", () => {
  const frames = DEBOUNCE[FAULT_FOLLOW] + 2;

  test.each([
    ["too large", SETPOINT + 0.021 * FULL_SCALE],
    ["too small", SETPOINT - 0.021 * FULL_SCALE],
    ["none", 0],
    ["of the other sign", -SETPOINT],
  ])("%s", (_, current) => {
    expect(watch(frames, liveLoop(SETPOINT), () => live(current))).toEqual(firesAt(FAULT_FOLLOW));
  });

  test("within 2 % of full scale obeys", () => {
    for (const error of [0.0199, -0.0199]) {
      const found = watch(50, liveLoop(SETPOINT), () => live(SETPOINT + error * FULL_SCALE));
      expect(found).toEqual(Array(50).fill(0));
    }
  });

  test("may settle for nine frames, again and again", () => {
    const change = (frame: number) => live(frame % DEBOUNCE[FAULT_FOLLOW] === 0 ? SETPOINT : 0);
    expect(watch(60, liveLoop(SETPOINT), change)).toEqual(Array(60).fill(0));
  });

  test("is watched at zero from the moment the relay goes to the cell", () => {
    const closing = { ...createLoop(CODE_MID), rung: CLOSING, range: 2 };
    expect(watch(frames, closing, () => live(1e-4))).toEqual(firesAt(FAULT_FOLLOW));
    expect(watch(frames, closing, () => live(1e-5))).toEqual(Array(frames).fill(0));
  });

  test("is not judged where it was not read", () => {
    const failed = { ...live(0), status: CURRENT_FAILED };
    expect(watch(30, liveLoop(SETPOINT), () => failed)).toEqual(Array(30).fill(0));
  });

  test("is not judged with the relay at rest", () => {
    expect(watch(30, liveLoop(SETPOINT), () => resting(0))).toEqual(Array(30).fill(0));
  });
});

describe("a leak", () => {
  test.each([AT_REST, PREPARING])("is current through the dummy, rung %i", (rung) => {
    const loop = { ...createLoop(CODE_MID), rung, range: 2 };
    for (const current of [0.0101 * FULL_SCALE, -0.0101 * FULL_SCALE]) {
      const found = watch(DEBOUNCE[FAULT_LEAK] + 2, loop, () => resting(current));
      expect(found).toEqual(firesAt(FAULT_LEAK));
    }
    const small = watch(20, loop, () => resting(0.0099 * FULL_SCALE));
    expect(small).toEqual(Array(20).fill(0));
  });

  test("is none while the relay is at the cell", () => {
    expect(watch(20, liveLoop(SETPOINT), () => live(SETPOINT))).toEqual(Array(20).fill(0));
  });
});
