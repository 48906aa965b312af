import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { account, beginStep, createTotals, restart } from "../../firmware/account.ts";
import { sampleOf } from "./specimen.ts";

/** The current as a function of time: `levels[i]` from `changes[i]` on. */
interface Profile {
  changes: number[];
  levels: number[];
}

function currentAt({ changes, levels }: Profile, time: number): number {
  let level = levels[0];
  for (let i = 0; i < changes.length; i++) if (time >= changes[i]) level = levels[i];
  return level;
}

function integral(profile: Profile, from: number, to: number, sign: 1 | -1 | 0): number {
  let sum = 0;
  const { changes, levels } = profile;
  for (let i = 0; i < levels.length; i++) {
    const begin = Math.max(from, i === 0 ? -Infinity : changes[i]);
    const end = Math.min(to, changes[i + 1] ?? Infinity);
    if (end > begin && (sign === 0 || Math.sign(levels[i]) === sign))
      sum += levels[i] * (end - begin);
  }
  return sum;
}

function at(time: number, current: number, appliedAt = -1) {
  return sampleOf({ timeCurrent: time, timeVoltage: time, current, appliedAt });
}

describe("charge", () => {
  test("of a constant current is current times time", () => {
    const totals = createTotals();
    let previous = at(5, 2e-3);
    for (let i = 1; i <= 100; i++) {
      const sample = at(5 + i * 0.25, 2e-3);
      account(totals, sample, previous);
      previous = sample;
    }
    expect(totals.chargeIn).toBeCloseTo(25 * 2e-3, 12);
    expect(totals.chargeOut).toBe(0);
    expect(totals.stepCharge).toBeCloseTo(25 * 2e-3, 12);
  });

  test("of a sloping current is that of the trapezoid", () => {
    const totals = createTotals();
    account(totals, at(14, 3e-3), at(10, 1e-3));
    expect(totals.chargeIn).toBeCloseTo(8e-3, 15);
  });

  test("flows in and out on separate sums; a step has the net", () => {
    const totals = createTotals();
    account(totals, at(1, 1e-3), at(0, 1e-3));
    account(totals, at(3, -1e-3, 1), at(1, -1e-3));
    expect(totals.chargeIn).toBeCloseTo(1e-3, 15);
    expect(totals.chargeOut).toBeCloseTo(2e-3, 15);
    expect(totals.stepCharge).toBeCloseTo(-1e-3, 15);
  });

  test("is split where the set-point changed within the interval", () => {
    const totals = createTotals();
    totals.fresh = false;
    account(totals, at(12, -1e-3, 10.5), at(10, 2e-3));
    expect(totals.chargeIn).toBeCloseTo(1e-3, 15);
    expect(totals.chargeOut).toBeCloseTo(1.5e-3, 15);
    expect(totals.stepCharge).toBeCloseTo(-0.5e-3, 15);
  });

  test("before the change belongs to the step before", () => {
    const totals = createTotals();
    beginStep(totals, 10);
    account(totals, at(12, -1e-3, 10.5), at(10, 2e-3));
    expect(totals.stepCharge).toBeCloseTo(-1.5e-3, 15);
    expect(totals.chargeIn).toBeCloseTo(1e-3, 15);
    account(totals, at(13, -1e-3, 12.5), at(12, -1e-3, 10.5));
    expect(totals.stepCharge).toBeCloseTo(-2.5e-3, 15);
  });

  test("of a change before or after the interval is not split", () => {
    for (const appliedAt of [9.9, 10, 12.1]) {
      const totals = createTotals();
      account(totals, at(12, 1e-3, appliedAt), at(10, 3e-3));
      expect(totals.chargeIn).toBeCloseTo(4e-3, 15);
    }
  });

  test("of a change at the very end counts the old current up to there", () => {
    const totals = createTotals();
    totals.fresh = false;
    account(totals, at(12, -5e-3, 12), at(10, 1e-3));
    expect([totals.chargeIn, totals.chargeOut]).toEqual([2e-3, 0]);
  });

  test("of any steps, one change at most between two frames, is exact", () => {
    const level = fc.double({ min: -1e-2, max: 1e-2, noNaN: true });
    const frames = fc.array(
      fc.record({
        gap: fc.double({ min: 0.02, max: 2, noNaN: true }),
        share: fc.double({ min: 0.01, max: 1, noNaN: true }),
        level: fc.option(level),
      }),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(level, frames, (first, list) => {
        const profile: Profile = { changes: [0], levels: [first] };
        const totals = createTotals();
        restart(totals, 0);
        let time = 0;
        let previous = at(0, first);
        for (const { gap, share, level: next } of list) {
          const change = time + gap * share;
          if (next !== null) {
            profile.changes.push(change);
            profile.levels.push(next);
          }
          time += gap;
          // A change exactly at the frame is not seen by it yet.
          const current = currentAt(profile, time);
          const sample = at(time, current, next === null ? -1 : change);
          account(totals, sample, previous);
          previous = sample;
        }
        expect(totals.chargeIn).toBeCloseTo(integral(profile, 0, time, 1), 12);
        expect(totals.chargeOut).toBeCloseTo(-integral(profile, 0, time, -1), 12);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test("of a new run starts from nothing", () => {
    const totals = createTotals();
    account(totals, at(2, 1e-3), at(1, 1e-3));
    restart(totals, 7);
    expect(totals).toEqual({
      startedAt: 7,
      chargeIn: 0,
      chargeOut: 0,
      stepCharge: 0,
      stepStartedAt: 7,
      left: 0,
      fresh: true,
    });
  });

  test("of the run goes on over a new step", () => {
    const totals = createTotals();
    account(totals, at(2, 1e-3), at(1, 1e-3));
    beginStep(totals, 2);
    expect(totals).toMatchObject({ stepCharge: 0, stepStartedAt: 2, chargeIn: 1e-3, fresh: true });
  });
});
