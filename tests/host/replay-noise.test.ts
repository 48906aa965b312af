import { describe, expect, test } from "vitest";
import { createStream, gaussian } from "../../sim/random.ts";
import { createNoise, deviation, interrupt, listen } from "../../host/replay-noise.ts";

interface World {
  sigma: number;
  /** V a row. */
  drift?: number;
  resolution?: number;
  rows?: number;
  seed?: number;
}

function estimate({ sigma, drift = 0, resolution = 1e-9, rows = 3000, seed = 1 }: World): number {
  const noise = createNoise();
  const stream = createStream(seed, "trace");
  for (let i = 0; i < rows; i++) {
    const volts = 0.0047 + drift * i + sigma * gaussian(stream);
    listen(noise, Math.round(volts / resolution) * resolution);
  }
  return deviation(noise);
}

describe("the noise of a voltage", () => {
  test.each([1e-6, 30e-6, 1e-3])("of %f V", (sigma) => {
    expect(estimate({ sigma }) / sigma).toBeGreaterThan(0.8);
    expect(estimate({ sigma }) / sigma).toBeLessThan(1.25);
  });

  test("is not that of its drift", () => {
    const sigma = 30e-6;
    const ratio = estimate({ sigma, drift: 1e-3 }) / sigma;
    expect(ratio).toBeGreaterThan(0.8);
    expect(ratio).toBeLessThan(1.25);
  });

  test("is at least that of its rounding", () => {
    const quiet = estimate({ sigma: 0, drift: 1e-7, resolution: 1e-4 });
    expect(quiet).toBeCloseTo(1e-4 / Math.sqrt(12), 9);
  });

  test("is known roughly after a few rows", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const ratio = estimate({ sigma: 1e-4, rows: 32, seed }) / 1e-4;
      expect(ratio).toBeGreaterThan(0.2);
      expect(ratio).toBeLessThan(5);
    }
  });

  test("of a constant voltage is that of a usual cycler", () => {
    expect(estimate({ sigma: 0 })).toBeCloseTo(1e-4 / Math.sqrt(12), 9);
    expect(deviation(createNoise())).toBeCloseTo(1e-4 / Math.sqrt(12), 9);
  });

  test("does not take rare dips for noise, nor what lies across an interruption", () => {
    const noise = createNoise();
    const stream = createStream(3, "trace");
    for (let i = 0; i < 3000; i++) {
      if (i % 500 === 0) interrupt(noise);
      const offset = i % 500 === 0 ? i : 0;
      const dip = i % 10 === 0 ? 0.02 : 0;
      listen(noise, 1 - dip + offset * 1e-9 + 1e-5 * gaussian(stream));
    }
    expect(deviation(noise)).toBeLessThan(3e-5);
  });
});
