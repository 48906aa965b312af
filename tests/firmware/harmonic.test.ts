import { expect, test } from "vitest";
import { FIRST_COSINE, FIRST_SINE, HARMONIC_PLACES } from "../../firmware/harmonic.ts";
import { SECOND_COSINE, SECOND_SINE, clear, solve, takeIn } from "../../firmware/harmonic.ts";

const TURN = 2 * Math.PI;

/** Two waves, taken at these turns, with an offset and a slope each. */
function fit(turns: number[]): Float64Array {
  const sums = new Float64Array(HARMONIC_PLACES).fill(7);
  clear(sums);
  for (const turn of turns) {
    const angle = TURN * turn;
    const first = 3.4 + 0.02 * turn + 0.5 * Math.cos(angle) - 0.25 * Math.sin(angle);
    const second = -1 - 0.3 * turn + 2 * Math.cos(angle) + 4 * Math.sin(angle);
    takeIn(sums, angle, turn, first, second);
  }
  solve(sums);
  return sums;
}

test.each([
  ["whole periods, evenly", Array.from({ length: 64 }, (_, i) => i / 32)],
  ["part of a period", Array.from({ length: 20 }, (_, i) => i / 30)],
  ["frames that are late", Array.from({ length: 40 }, (_, i) => i / 8 + 0.05 * Math.sin(i * i))],
])("a wave is found among offset and slope: %s", (_, turns) => {
  const sums = fit(turns);
  expect(sums[FIRST_COSINE]).toBeCloseTo(0.5, 9);
  expect(sums[FIRST_SINE]).toBeCloseTo(-0.25, 9);
  expect(sums[SECOND_COSINE]).toBeCloseTo(2, 9);
  expect(sums[SECOND_SINE]).toBeCloseTo(4, 9);
});

test("too few frames give no number", () => {
  expect(fit([0.1, 0.2])[FIRST_COSINE]).not.toBeCloseTo(0.5, 3);
});
