import { describe, expect, it } from "vitest";
import { createStream, createStreams, gaussian, tolerance, uniform } from "../../sim/random.ts";

describe("random streams", () => {
  it("repeat for the same seed and name", () => {
    const a = createStream(7, "x");
    const b = createStream(7, "x");
    for (let i = 0; i < 100; i++) expect(uniform(a)).toBe(uniform(b));
  });

  it("differ between seeds and names, also beyond 32 bits", () => {
    const first = [
      createStream(1, "x"),
      createStream(2, "x"),
      createStream(1, "y"),
      createStream(1 + 2 ** 32, "x"),
    ].map(uniform);
    expect(new Set(first).size).toBe(first.length);
  });

  it("do not disturb each other", () => {
    const alone = createStreams(3);
    const beside = createStreams(3);
    const expected = [gaussian(alone.shorts), gaussian(alone.shorts)];
    gaussian(beside.contact);
    const got = [gaussian(beside.shorts)];
    for (let i = 0; i < 5; i++) uniform(beside.adc);
    got.push(gaussian(beside.shorts));
    expect(got).toEqual(expected);
  });

  it("are uniform with mean 1/2 and variance 1/12", () => {
    const s = createStream(11, "moments");
    const n = 20000;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const x = uniform(s);
      expect(x >= 0 && x < 1).toBe(true);
      sum += x;
      squares += x * x;
    }
    // Five standard errors.
    expect(Math.abs(sum / n - 1 / 2)).toBeLessThan(5 / Math.sqrt(12 * n));
    expect(Math.abs(squares / n - (sum / n) ** 2 - 1 / 12)).toBeLessThan(0.003);
  });

  it("are normal with unit variance and the tails of a normal", () => {
    const s = createStream(12, "moments");
    const n = 20000;
    let sum = 0;
    let squares = 0;
    let beyondTwo = 0;
    for (let i = 0; i < n; i++) {
      const x = gaussian(s);
      sum += x;
      squares += x * x;
      if (Math.abs(x) > 2) beyondTwo++;
    }
    expect(Math.abs(sum / n)).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(squares / n - 1)).toBeLessThan(0.05);
    expect(Math.abs(beyondTwo / n - 0.0455)).toBeLessThan(0.008);
  });

  it("draw tolerances within their limit, to both sides", () => {
    const s = createStream(13, "tolerance");
    const drawn = Array.from({ length: 200 }, () => tolerance(s, 0.05));
    expect(Math.max(...drawn)).toBeLessThan(0.05);
    expect(Math.max(...drawn)).toBeGreaterThan(0.04);
    expect(Math.min(...drawn)).toBeLessThan(-0.04);
  });
});
