import fc from "fast-check";
import { expect, test } from "vitest";
import { detectableStep } from "../../firmware/detectable.ts";

const noise = 2e-5;

test("a voltage far above its noise leaves the floor of 2 %, at any frame rate", () => {
  for (const period of [0.05, 0.2, 1]) expect(detectableStep(1, noise, period)).toBe(0.02);
});

test("below ten sigma nothing can be told", () => {
  expect(detectableStep(9.99 * noise, noise, 0.1)).toBe(Infinity);
  expect(detectableStep(10.01 * noise, noise, 0.1)).toBeLessThan(1);
  expect(detectableStep(0, noise, 0.1)).toBe(Infinity);
  expect(detectableStep(NaN, noise, 0.1)).toBe(Infinity);
});

test("eight deviations of a frame count, for offsets do not average out", () => {
  const size = 20 * noise;
  expect(detectableStep(size, noise, 0.1)).toBeCloseTo(8 / 20, 9);
  // Five frames at least: 1 Hz is as good as 2.5 Hz, and takes longer.
  expect(detectableStep(size, noise, 1)).toBe(detectableStep(size, noise, 0.4));
});

test("the sign of the voltage does not matter, and more of it never harms", () => {
  const drawn = fc.record({
    volts: fc.double({ min: 1e-6, max: 5, noNaN: true }),
    more: fc.double({ min: 1, max: 10, noNaN: true }),
    period: fc.double({ min: 0.02, max: 5, noNaN: true }),
  });
  fc.assert(
    fc.property(drawn, ({ volts, more, period }) => {
      const least = detectableStep(volts, noise, period);
      expect(detectableStep(-volts, noise, period)).toBe(least);
      expect(detectableStep(volts * more, noise, period)).toBeLessThanOrEqual(least);
      expect(detectableStep(volts, noise, period / more)).toBeLessThanOrEqual(least);
      expect(least).toBeGreaterThanOrEqual(0.02);
    }),
    { seed: 1, numRuns: 500 },
  );
});
