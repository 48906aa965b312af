// A converter that stands still is told from a reading that stands still by another gain.
import { describe, expect, test } from "vitest";
import { FAULT_FROZEN, createGuard } from "../../firmware/fault.ts";
import { askAgain, frozen } from "../../firmware/frozen.ts";
import { createLoop } from "../../firmware/loop.ts";
import { nextGain } from "../../firmware/measure.ts";
import { CIRCUIT, CODE_MID, liveLoop, rawOf } from "./specimen.ts";

/** Current of a converter, in counts of its gain. */
type Converter = (gain: number, frame: number) => number;

/** Frames until a fault, or `seconds`; how often another gain was asked for. */
function watch(
  current: Converter,
  { seconds = 100, periodMs = 100, loop = liveLoop(5e-4), noise = 1, gain = 1 } = {},
) {
  const guard = createGuard();
  let next = gain;
  let asked = 0;
  for (let frame = 0; frame * periodMs < seconds * 1000; frame++) {
    const timeVoltage = 1000 + frame * periodMs;
    const raw = rawOf({ timeVoltage, voltage: 77, current: current(next, frame) });
    raw.currentGain = next;
    const fault = frozen(guard, loop, raw, noise);
    if (fault !== 0) return { fault, afterS: (frame * periodMs) / 1000, asked };
    const { current: read } = raw;
    askAgain(guard, raw);
    if (raw.current !== read) asked++;
    next = raw.current === read ? gain : nextGain(CIRCUIT, raw.current, raw.currentGain);
  }
  return { fault: 0, afterS: seconds, asked };
}

const steady: Converter = (gain) => 8000 * 2 ** gain;

describe("a converter", () => {
  test.each([0, 1, 2, 3])("that stands still at gain %i is found within 6 s", (gain) => {
    for (const periodMs of [50, 100, 200, 1000]) {
      const found = watch(() => 20_000, { periodMs, gain });
      expect(found).toMatchObject({ fault: FAULT_FROZEN, asked: 1 });
      expect(found.afterS).toBeLessThan(6);
    }
  });

  test("that reads the same for 100 h is asked and cleared, again and again", () => {
    const found = watch(steady, { seconds: 360_000, periodMs: 1000 });
    expect(found.fault).toBe(0);
    expect(found.asked).toBeGreaterThan(50_000);
  });

  test("is not asked while its readings move, or no current flows", () => {
    expect(watch((gain, frame) => steady(gain, frame) + (frame % 2)).asked).toBe(0);
    expect(watch(() => 20_000, { loop: createLoop(CODE_MID) })).toMatchObject({
      fault: 0,
      asked: 0,
    });
  });

  test("is not asked about counts that are the same at any gain", () => {
    expect(watch(() => 16)).toMatchObject({ fault: 0, asked: 0 });
    expect(watch(() => -17).fault).toBe(FAULT_FROZEN);
    expect(watch(() => 17, { noise: 2 })).toMatchObject({ fault: 0, asked: 0 });
  });

  test("that leaves the gain as it is has not answered, and is asked again", () => {
    const guard = createGuard();
    for (let frame = 0; frame < 100; frame++) {
      const raw = rawOf({ timeVoltage: frame * 100, voltage: 77, current: 20_000 });
      expect(frozen(guard, liveLoop(5e-4), raw, 1)).toBe(0);
    }
  });
});
