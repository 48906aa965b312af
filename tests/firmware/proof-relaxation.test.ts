// The exponential behind an interrupt, from readings that are means over a conversion.
import { describe, expect, test } from "vitest";
import { BURSTS, IONIC, SIGMA, TAIL, TAU } from "../../firmware/proof-places.ts";
import { HEAD, resolve, take } from "../../firmware/proof-relaxation.ts";
import { createProof } from "../../firmware/proof-state.ts";
import { createStream, gaussian } from "../../sim/random.ts";

const PERIOD_S = 0.1 / 35;
const WINDOW_S = 2.1e-3;
/** From the middle of the last conversion to the burst's end, as on the default channel. */
const AFTER_S = 1.47e-3;
const VOLTS = 2e-5;

interface Wave {
  ionic?: number;
  tau?: number;
  level?: number;
  hum?: number;
  hz?: number;
  phase?: number;
  noise?: number;
  seed?: number;
  /** From the interrupt to the first conversion, s. */
  delay?: number;
  periodS?: number;
  count?: number;
}

/** A burst after an interrupt at 100 s. */
function burstOf(wave: Wave) {
  const { ionic = 0.05, tau = 4e-3, level = 1e-3, hum = 0, hz = 50, phase = 0 } = wave;
  const { noise = 0, seed = 1, delay = 1e-4, periodS = PERIOD_S } = wave;
  const tail = Math.round(0.1 / periodS);
  const count = wave.count ?? HEAD + tail;
  const stream = createStream(seed, "burst");
  const samples = new Float32Array(200);
  for (let k = 0; k < count; k++) {
    const from = delay + k * periodS;
    const mean = (Math.exp(-from / tau) - Math.exp(-(from + WINDOW_S) / tau)) * (tau / WINDOW_S);
    const mains = hum * Math.sin(2 * Math.PI * hz * (from + WINDOW_S / 2) + phase);
    samples[k] = (level + ionic * mean + mains + noise * gaussian(stream)) / VOLTS;
  }
  const endedAt = 100 + delay + (count - 1) * periodS + WINDOW_S / 2 + AFTER_S;
  return { samples, taken: count, endedAt, periodS };
}

function fit(waves: Wave[], noise = 1e-6) {
  const p = createProof().numbers;
  for (const wave of waves) take(p, burstOf(wave), VOLTS, 100);
  resolve(p, noise, waves[0]?.periodS ?? PERIOD_S);
  return { ionic: p[IONIC], sigma: p[SIGMA], tau: p[TAU], tail: p[TAIL], cuts: p[BURSTS] };
}

describe("the relaxation", () => {
  test.each([1, 1.5, 2, 4, 6, 8, 20, 60])("of %d ms is taken back to the interrupt", (ms) => {
    for (const ionic of [0.05, -0.02, 0.3]) {
      const found = fit([{ tau: ms / 1000, ionic }]);
      expect(found.ionic / ionic).toBeCloseTo(1, 2);
      expect(found.tau * 1000).toBeCloseTo(ms, 2);
      expect(found.tail / found.cuts).toBeCloseTo(1e-3, 5);
    }
  });

  test.each([0, 1e-4, 5e-4, 1e-3])("is found however late the burst begins: %d s", (delay) => {
    expect(fit([{ delay }]).ionic).toBeCloseTo(0.05, 4);
  });

  test.each([50, 60])("does not see hum of %i Hz, whatever its phase", (hz) => {
    for (let phase = 0; phase < 6; phase++) {
      const found = fit([{ hum: 2e-4, hz, phase }]);
      expect(found.ionic / fit([{}]).ionic).toBeCloseTo(1, 4);
      expect(found.tail).toBeCloseTo(1e-3, 6);
    }
  });

  test("has the uncertainty it says, and less of it after more bursts", () => {
    const noise = 1e-4;
    const trial = (seed: number, cuts: number) =>
      fit(
        Array.from({ length: cuts }, (_, n) => ({ noise, seed: 100 * seed + n, tau: 3e-3 })),
        noise,
      );
    const spread: number[] = [];
    for (const cuts of [1, 6]) {
      const found = Array.from({ length: 200 }, (_, seed) => trial(seed, cuts));
      const truth = fit([{ tau: 3e-3 }]).ionic;
      const squares = found.map(({ ionic }) => (ionic - truth) ** 2);
      const rms = Math.sqrt(squares.reduce((a, b) => a + b) / found.length);
      const said = found.reduce((a, { sigma }) => a + sigma, 0) / found.length;
      expect(rms / said).toBeGreaterThan(0.6);
      expect(rms / said).toBeLessThan(1.3);
      spread.push(rms);
    }
    expect(spread[0] / spread[1]).toBeGreaterThan(0.8 * Math.sqrt(6));
  });

  test.each<[string, Wave]>([
    ["faster than the readings", { tau: 1e-4 }],
    ["slower than the burst", { tau: 0.5 }],
    ["within the noise", { ionic: 1e-5 }],
    ["of a slow board", { periodS: 5e-3 }],
    ["of a burst that began late", { delay: 3e-3 }],
  ])("is not resolved when it is %s", (_, wave) => {
    const found = fit([wave]);
    expect(found).toMatchObject({ ionic: 0, tau: 0, cuts: 1 });
  });

  test("leaves out a burst that is not complete", () => {
    expect(fit([{ count: 20 }]).cuts).toBe(0);
    const found = fit([{}, { count: 47, ionic: 0.5 }]);
    expect(found.cuts).toBe(1);
    expect(found.ionic).toBeCloseTo(0.05, 4);
  });
});
