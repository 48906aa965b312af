import fc from "fast-check";
import { expect, test } from "vitest";
import { detectableStep } from "../../firmware/detectable.ts";

const noise = 2e-5;

test("a voltage far above its noise leaves the floor of 2 %", () => {
  for (const volts of [0.01, 1, -5]) expect(detectableStep(volts, noise)).toBe(0.02);
});

test("below ten sigma nothing can be told", () => {
  expect(detectableStep(9.99 * noise, noise)).toBe(Infinity);
  expect(detectableStep(10.01 * noise, noise)).toBeLessThan(1);
  expect(detectableStep(0, noise)).toBe(Infinity);
  expect(detectableStep(NaN, noise)).toBe(Infinity);
});

test("eight deviations of a frame count, for offsets do not average out", () => {
  const size = 20 * noise;
  expect(detectableStep(size, noise)).toBeCloseTo(8 / 20, 9);
});

test("the sign of the voltage does not matter, and more of it never harms", () => {
  const drawn = fc.record({
    volts: fc.double({ min: 1e-6, max: 5, noNaN: true }),
    more: fc.double({ min: 1, max: 10, noNaN: true }),
  });
  fc.assert(
    fc.property(drawn, ({ volts, more }) => {
      const least = detectableStep(volts, noise);
      expect(detectableStep(-volts, noise)).toBe(least);
      expect(detectableStep(volts * more, noise)).toBeLessThanOrEqual(least);
      expect(least).toBeGreaterThanOrEqual(0.02);
    }),
    { seed: 1, numRuns: 500 },
  );
});
