import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createClock } from "../../../hal/espruino/clock.ts";

let seconds = 0;

beforeEach(() => {
  seconds = 1000;
  vi.stubGlobal("getTime", () => seconds);
});

afterEach(() => vi.unstubAllGlobals());

test("counts milliseconds since boot, with fractions", () => {
  const clock = createClock();
  expect(clock.now()).toBe(0);
  seconds += 1.25;
  expect(clock.now()).toBe(1250);
  seconds += 0.0005;
  expect(clock.now()).toBeCloseTo(1250.5, 6);
  expect(clock.wall).toBe(undefined);
});

test("sets and cancels the platform's timers", () => {
  const set = vi.fn(() => 7);
  const clear = vi.fn();
  vi.stubGlobal("setTimeout", set);
  vi.stubGlobal("clearTimeout", clear);
  const clock = createClock();
  const run = (): void => undefined;
  expect(clock.after(2.5, run)).toBe(7);
  clock.cancel(7);
  expect(set.mock.calls).toEqual([[run, 2.5]]);
  expect(clear.mock.calls).toEqual([[7]]);
});
