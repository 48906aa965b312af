// Plans that once broke a rule, kept for ever; a campaign adds what it finds (shrink.ts).
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { FaultEntry, FaultPlan } from "../../sim/fault.ts";
import { checkPlan } from "../../sim/fault-check.ts";
import { complaint, cycles, openBench, outcomeOf } from "./bench.ts";
import type { KnownPlan } from "./shrink.ts";
import { KNOWN, keep, shrink } from "./shrink.ts";

function read(folder: string): KnownPlan[] {
  const files = readdirSync(folder).sort();
  return files.map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as KnownPlan);
}

const known = read(KNOWN);

test("some are known", () => {
  expect(known.length).toBeGreaterThanOrEqual(2);
});

test.each(known)("$name", ({ seed, plan, completion, framePeriodMs, steps }) => {
  const options = { seed, plan: checkPlan(plan), completion, framePeriodMs };
  const { channel, record } = openBench(cycles(...steps), options);
  channel.runUntil(2 * 3600e3);
  const outcome = outcomeOf(channel, record);
  const told = complaint(channel, plan, outcome);
  expect(["finished", "safe stop"], told).toContain(outcome);
  expect(channel.oracle?.violations ?? null, told).toEqual([]);
});

describe("a plan that breaks a rule", () => {
  const entry = (timeS: number, more: Partial<FaultEntry>): FaultEntry => ({
    ...{ at: { timeS }, kind: "nack" },
    ...more,
  });
  const plan = [
    entry(1, { durationS: 8 }),
    entry(2, { count: 8 }),
    entry(3, {}),
    entry(4, { durationS: 0.5, count: 5 }),
  ];

  test("is kept as its smallest part that still does", () => {
    let asked = 0;
    const fails = (part: FaultPlan): boolean => {
      asked++;
      const first = part.find(({ at }) => "timeS" in at && at.timeS === 1);
      const second = part.find(({ at }) => "timeS" in at && at.timeS === 2);
      return (first?.durationS ?? 0) >= 2 && (second?.count ?? 0) >= 4;
    };
    const least = shrink(plan, fails);
    expect(least).toEqual([entry(1, { durationS: 2 }), entry(2, { count: 4 })]);
    expect(asked).toBeLessThan(40);
    expect(shrink(plan, () => false)).toEqual(plan);
    expect(shrink(plan, () => true)).toEqual([]);
  });

  test("is found again where it was kept", () => {
    const folder = mkdtempSync(join(tmpdir(), "cyclet-known-"));
    const one = {
      ...{ name: "Seed 7: unsafe!", seed: 7, plan, completion: "inline" as const },
      ...{ framePeriodMs: 500, steps: [2, 120] as const },
    };
    expect(keep(one, folder)).toBe(join(folder, "seed-7-unsafe.json"));
    expect(read(folder)).toEqual([one]);
    rmSync(folder, { recursive: true });
  });
});
