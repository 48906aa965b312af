import { describe, expect, test } from "vitest";
import { FAULT_CLOCK, createGuard } from "../../firmware/fault.ts";
import { compareClocks } from "../../firmware/second-clock.ts";

const START_S = 1.7e9;

/** Faults in `seconds`, asked once a second: when the first came, s; -1 = none. `second` is what
 *  the second clock shows after so many seconds of the first. */
function watch(seconds: number, second: (now: number) => number): number {
  const guard = createGuard();
  for (let now = 200; now < 200 + seconds; now++) {
    const fault = compareClocks(guard, now * 1000, second(now));
    if (fault !== 0) return fault === FAULT_CLOCK ? now - 200 : NaN;
  }
  return -1;
}

describe("two clocks", () => {
  test("of whole seconds, both sound or good to 1 %, never disagree", () => {
    for (const rate of [1, 1.0001, 0.9999, 1.01, 0.99, 1.029, 0.971]) {
      expect(watch(1e5, (now) => Math.floor(START_S + now * rate))).toBe(-1);
    }
  });

  test.each([1.05, 0.95, 1.051, 0.5, 2, 0])("at a ratio of %d disagree within 5 min", (rate) => {
    const found = watch(1e4, (now) => Math.floor(START_S + now * rate));
    expect(found).toBeGreaterThanOrEqual(200);
    expect(found).toBeLessThanOrEqual(300);
  });

  test("are compared anew after the second one was set", () => {
    for (const by of [-86_400, -60, 60, 86_400]) {
      expect(watch(1e4, (now) => START_S + now + (now > 1234 ? by : 0))).toBe(-1);
    }
  });

  test("are not compared where the second one is not known", () => {
    expect(watch(1e4, () => 0)).toBe(-1);
    expect(watch(1e4, (now) => (now < 5000 ? 0 : START_S + now))).toBe(-1);
    expect(watch(1e4, (now) => (now % 150 < 75 ? 0 : START_S + now))).toBe(-1);
  });
});
