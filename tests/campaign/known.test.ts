// Plans that once broke a rule, kept for ever; a campaign adds what it finds (shrink.ts).
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { FaultEntry, FaultPlan } from "../../sim/fault.ts";
import { checkPlan } from "../../sim/fault-check.ts";
import { complaint, cycles, openBench, outcomeOf } from "./bench.ts";
import type { KnownCut } from "./known-cut.ts";
import { accuseCut, readCuts, replayCut } from "./known-cut.ts";
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

const cuts = readCuts();

test("some cuts are known", () => {
  expect(cuts.length).toBeGreaterThanOrEqual(1);
});

test.each(cuts)("a cut in $program, $plan.0.at", (cut) => {
  const { survival, wrong, cuts: made } = replayCut(cut);
  expect(survival, wrong).not.toBeNull();
  expect(made).toBe(cut.allowed.length);
});

test("a cut that is not survived is kept as what is least of it, and found again", () => {
  const folder = mkdtempSync(join(tmpdir(), "cyclet-known-"));
  // With nothing allowed after it, no cut is survived.
  const cut: KnownCut = { ...cuts[0], allowed: cuts[0].allowed.map(() => []) };
  expect(accuseCut(cut, 0, folder)).toContain("kept as");
  const [kept] = readCuts(folder);
  expect(kept.program).toBe(cut.program);
  expect(kept.plan.length).toBeLessThan(cut.plan.length + 1);
  expect(replayCut(kept).survival).toBeNull();
  expect(accuseCut(cuts[0], 0, folder)).toContain("survived");
  expect(accuseCut(cut, 5, folder)).toBe("");
  expect(readCuts(folder)).toHaveLength(1);
  rmSync(folder, { recursive: true });
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
