// Temperature and force: what they explain.
import { describe, expect, test } from "vitest";
import { TEMPERATURE, mechanical, sense } from "../../firmware/covariates.ts";
import { thermal, turn } from "../../firmware/covariates.ts";
import { createShorts, forget } from "../../firmware/shorts-state.ts";
import { createStream, gaussian } from "../../sim/random.ts";

const FORCE = 5884;

/** Readings at 5 Hz of a noisy force. */
function felt(
  covariates: Float64Array,
  from: number,
  until: number,
  force: (time: number) => number,
  noise = 5,
): void {
  const stream = createStream(1, "force");
  for (let time = from; time < until; time += 0.2) {
    sense(covariates, 25, force(time) + noise * gaussian(stream), time, 0.2);
  }
}

describe("a step of the force", () => {
  test.each([-0.02, -0.01, 0.01, 0.02])("of %d explains what happens then", (share) => {
    const covariates = createShorts().numbers;
    felt(covariates, 0, 200, () => FORCE);
    expect(mechanical(covariates, 200)).toBe(false);
    felt(covariates, 200, 203, () => FORCE * (1 + share));
    for (const time of [196, 199, 200, 201, 205]) expect(mechanical(covariates, time)).toBe(true);
    for (const time of [180, 190, 215, 300]) expect(mechanical(covariates, time)).toBe(false);
  });

  test("within the sensor's noise explains nothing", () => {
    const covariates = createShorts().numbers;
    felt(covariates, 0, 200, () => FORCE, 100);
    felt(covariates, 200, 203, () => FORCE * 1.01, 100);
    expect(mechanical(covariates, 200)).toBe(false);
  });

  test("no more does a clamp that creeps", () => {
    const covariates = createShorts().numbers;
    felt(covariates, 0, 3600, (time) => FORCE * (1 - (0.05 * time) / 3600));
    for (let time = 0; time < 3600; time += 5) expect(mechanical(covariates, time)).toBe(false);
  });

  test("explains again when it comes back", () => {
    const covariates = createShorts().numbers;
    felt(covariates, 0, 200, () => FORCE);
    felt(covariates, 200, 400, () => FORCE * 1.02);
    felt(covariates, 400, 403, () => FORCE);
    expect(mechanical(covariates, 400)).toBe(true);
    expect(mechanical(covariates, 300)).toBe(false);
  });

  test("of a run before explains nothing", () => {
    const shorts = createShorts();
    const covariates = shorts.numbers;
    felt(covariates, 0, 200, () => FORCE);
    felt(covariates, 200, 203, () => FORCE * 1.02);
    forget(shorts);
    expect(mechanical(covariates, 201)).toBe(false);
    felt(covariates, 203, 210, () => FORCE * 1.02);
    expect(mechanical(covariates, 204)).toBe(false);
  });
});

describe("the thermometer", () => {
  test("is averaged: a coarse one's step takes its time", () => {
    const covariates = createShorts().numbers;
    sense(covariates, 25, FORCE, 0, 0);
    expect(covariates[TEMPERATURE]).toBe(25);
    sense(covariates, 26, FORCE, 0.2, 0.2);
    expect(covariates[TEMPERATURE]).toBeLessThan(25.1);
    for (let i = 0; i < 300; i++) sense(covariates, 26, FORCE, 1 + i / 5, 0.2);
    expect(covariates[TEMPERATURE]).toBeGreaterThan(25.99);
    expect(covariates[TEMPERATURE]).toBeLessThanOrEqual(26);
  });

  test("is taken as it is after a long pause", () => {
    const covariates = createShorts().numbers;
    sense(covariates, 25, FORCE, 0, 0);
    sense(covariates, 40, FORCE, 1000, 1000);
    expect(covariates[TEMPERATURE]).toBe(40);
  });
});

describe("warming", () => {
  /** The pellet's resistance changes by `warmth` (ln) in steps, the cell's by `share` of it. */
  function warmed(covariates: Float64Array, to: number, share: number): number[] {
    const steps = 50;
    return Array.from({ length: steps + 1 }, (_, i) => (i / steps) * to).flatMap((warmth, i) =>
      thermal(covariates, warmth, 3.8 + share * warmth) ? [i / steps] : [],
    );
  }

  test.each([1, 0.8, 1.2])("that the cell follows (%d) is told", (share) => {
    expect(warmed(createShorts().numbers, -0.2, share).length).toBeGreaterThan(0);
  });

  test("is told a few times at most, not with each frame", () => {
    expect(warmed(createShorts().numbers, -0.2, 1).length).toBeLessThanOrEqual(4);
  });

  test.each([0, 0.2, 3])("that the cell does not follow (%d) is not", (share) => {
    expect(warmed(createShorts().numbers, -0.2, share)).toEqual([]);
  });

  test.each([0.2, -0.03])("that raises the resistance, or hardly lowers it (%d), is not", (to) => {
    expect(warmed(createShorts().numbers, to, 1)).toEqual([]);
  });

  test("is counted from each half cycle's begin, and from the coldest", () => {
    const covariates = createShorts().numbers;
    thermal(covariates, 0, 3.8);
    turn(covariates);
    expect(thermal(covariates, -0.2, 3.6)).toBe(false);
    expect(thermal(covariates, -0.21, 3.59)).toBe(false);
    // Colder, then warm again.
    expect(thermal(covariates, 0, 3.8)).toBe(false);
    expect(thermal(covariates, -0.2, 3.6)).toBe(true);
  });
});
