import { describe, expect, test } from "vitest";
import { createStream, gaussian, uniform } from "../../sim/random.ts";
import { createPace, follow } from "../../host/replay-pace.ts";

/** The gaps among these distances. */
function gaps(distances: number[]): number[] {
  const pace = createPace();
  return distances.map((each) => follow(pace, each)).filter((gap) => gap > 0);
}

function repeat(distance: number, count: number): number[] {
  return Array.from({ length: count }, () => distance);
}

describe("a gap", () => {
  test("is told once, with its length, and does not change what is usual", () => {
    expect(gaps([...repeat(1, 20), 60, ...repeat(1, 20), 30, ...repeat(1, 5)])).toEqual([60, 30]);
  });

  test("needs five usual distances, and two seconds", () => {
    expect(gaps([...repeat(1, 20), 5, ...repeat(1, 20)])).toEqual([]);
    expect(gaps([...repeat(1, 20), 5.1, ...repeat(1, 20)])).toEqual([5.1]);
    expect(gaps([...repeat(0.1, 20), 1.9, ...repeat(0.1, 20)])).toEqual([]);
    expect(gaps([...repeat(0.1, 20), 2.1, ...repeat(0.1, 20)])).toEqual([2.1]);
    expect(gaps([...repeat(60, 20), 299])).toEqual([]);
    expect(gaps([...repeat(60, 20), 301])).toEqual([301]);
  });

  test("is not claimed before the pace is known", () => {
    expect(gaps([1, 100, 1, 1, 1])).toEqual([]);
  });
});

test("jitter is no gap", () => {
  const stream = createStream(1, "trace");
  const jittery = Array.from({ length: 5000 }, () => Math.exp(0.3 * gaussian(stream)));
  expect(gaps(jittery)).toEqual([]);
});

test("a new pace is a gap once at most", () => {
  expect(gaps([...repeat(1, 50), ...repeat(60, 50)])).toEqual([60]);
  expect(gaps([...repeat(60, 50), ...repeat(1, 50)])).toEqual([]);
});

test("rows that are written as they come do not make the usual distance a gap", () => {
  const stream = createStream(2, "trace");
  const bursts = Array.from({ length: 40 }, () => [
    ...repeat(10, 100),
    ...Array.from({ length: 20 }, () => 0.1 + uniform(stream)),
  ]);
  expect(gaps(bursts.flat())).toEqual([]);
});
