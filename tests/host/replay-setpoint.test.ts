import { describe, expect, test } from "vitest";
import { createTraceRow } from "../../host/formats/trace-row.ts";
import type { TraceRow } from "../../host/formats/trace-row.ts";
import { createInference, inferSetpoint, prime } from "../../host/replay-setpoint.ts";
import { createStream, gaussian } from "../../sim/random.ts";

type Frame = Partial<TraceRow> & { currentA: number };

/** Set-points of frames of a cell of 50 Ω. */
function infer(frames: Frame[]): number[] {
  const state = createInference();
  const rows = frames.map((frame) => {
    return { ...createTraceRow(), voltageV: 50 * frame.currentA, ...frame };
  });
  prime(state, rows.slice(0, 32));
  return rows.map((row, i) => inferSetpoint(state, row, rows[i + 1]?.currentA ?? NaN));
}

function hold(currentA: number, count: number, changes: Partial<TraceRow> = {}): Frame[] {
  return Array.from({ length: count }, () => ({ currentA, ...changes }));
}

/** The different set-points in a row. */
function levels(setpoints: number[]): number[] {
  return setpoints.filter((each, i) => i === 0 || each !== setpoints[i - 1]);
}

const noisy = (frames: Frame[], share: number, seed = 1): Frame[] => {
  const stream = createStream(seed, "trace");
  return frames.map((frame) => ({
    ...frame,
    currentA: frame.currentA * (1 + share * gaussian(stream)),
  }));
};

describe("a level", () => {
  test("holds from its first frame to its last", () => {
    const frames = [...hold(0, 10), ...hold(1e-4, 10), ...hold(-1e-4, 10), ...hold(0, 10)];
    expect(infer(frames)).toEqual(frames.map((frame) => frame.currentA));
  });

  test("of a staircase is found from 2.5 % on", () => {
    const staircase = [4e-3, 4.1e-3, 4.2e-3, 4.3e-3];
    expect(levels(infer(staircase.flatMap((level) => hold(level, 50))))).toEqual(staircase);
  });

  test("is found in the noise of its source", () => {
    const steps = [1, -1, 1.1, -1.1, 1.2, -1.2].flatMap((level) => hold(level * 1e-4, 300));
    const found = levels(infer(noisy(steps, 0.005)));
    expect(found).toHaveLength(6);
    found.forEach((level, i) => {
      expect(Math.abs(level / steps[i * 300].currentA - 1)).toBeLessThan(0.03);
    });
  });

  test("is not where the current only passes on its way", () => {
    const frames = [...hold(0, 10), { currentA: 4e-5 }, { currentA: 9e-5 }, ...hold(1e-4, 10)];
    expect(levels(infer(frames))).toEqual([0, 1e-4]);
    const back = [...hold(1e-4, 10), { currentA: 5e-5 }, ...hold(1e-4, 10)];
    expect(levels(infer(back))).toEqual([1e-4]);
  });

  test("is 0 for a current below half a per cent of the largest, or in a step called rest", () => {
    const offset = [...hold(1e-3, 10), ...hold(4e-6, 10), ...hold(1e-3, 10)];
    expect(levels(infer(offset))).toEqual([1e-3, 0, 1e-3]);
    const named = [...hold(1e-3, 10), ...hold(1e-4, 10, { direction: 0 })];
    expect(levels(infer(named))).toEqual([1e-3, 0]);
    const charged = [...hold(1e-3, 10), ...hold(4e-6, 10, { direction: 1 })];
    expect(levels(infer(charged))).toEqual([1e-3, 4e-6]);
  });

  test("of a counted step may differ by less", () => {
    const frames = [...hold(1e-3, 50, { step: "1" }), ...hold(1.01e-3, 50, { step: "2" })];
    expect(levels(infer(frames))).toEqual([1e-3, 1.01e-3]);
    expect(levels(infer(frames.map(({ currentA }) => ({ currentA }))))).toEqual([1e-3]);
    const same = [...hold(1e-3, 50, { step: "1" }), ...hold(1e-3, 50, { step: "2" })];
    expect(levels(infer(same))).toEqual([1e-3]);
  });
});

describe("no level of its own", () => {
  test.each([0.01, 0.03, 0.1])("has a fluctuation of %f", (share) => {
    for (let seed = 1; seed <= 10; seed++) {
      const found = levels(infer(noisy(hold(1e-4, 3000), share, seed)));
      expect(found.length).toBeLessThan(8);
    }
  });

  test.each([1, 5, 15])("has a current that dies away, a frame every %d s", (period) => {
    const frames = Array.from({ length: Math.ceil(3000 / period) }, (_, i) => ({
      currentA: 1e-3 * Math.exp((-i * period) / 600),
      voltageV: 4.2,
    }));
    const found = levels(infer([...hold(1e-3, 100, { voltageV: 4 }), ...frames]));
    expect(found.length).toBeLessThan(30);
    expect(found.at(-1)).toBeLessThan(1e-3 * Math.exp(-4));
  });

  test("has the noise of a rest before the first current", () => {
    const rest = Array.from({ length: 2000 }, () => ({ currentA: 1e-7 }));
    const found = levels(infer([...noisy(rest, 3), ...hold(1e-3, 100)]));
    expect(found.length).toBeLessThan(10);
    expect(found.at(-1)).toBe(1e-3);
  });
});

describe("an open contact", () => {
  const open = hold(1e-8, 20, { voltageV: 4.5 });

  test("keeps the set-point", () => {
    const frames = [...hold(1e-3, 20), ...open, ...hold(1e-3, 20)];
    expect(levels(infer(frames))).toEqual([1e-3]);
  });

  test("ends with a step called rest, and with the voltage", () => {
    const frames = [...hold(1e-3, 20), ...open, ...hold(1e-8, 5, { voltageV: 0.01 })];
    expect(levels(infer(frames))).toEqual([1e-3, 0]);
    const named = [...hold(1e-3, 20), ...hold(0, 20, { voltageV: 4.5, direction: 0 })];
    expect(levels(infer(named))).toEqual([1e-3, 0]);
  });

  test("is not the rest of a cell that has a voltage of its own", () => {
    const frames = [...hold(-1e-3, 20, { voltageV: 3.2 }), ...hold(0, 20, { voltageV: 3.4 })];
    expect(levels(infer(frames))).toEqual([-1e-3, 0]);
  });
});
