// Plans that once broke a rule, kept for ever.
import { expect, test } from "vitest";
import type { FaultPlan } from "../../sim/fault.ts";
import { complaint, cycles, openBench, outcomeOf } from "./bench.ts";

interface Known {
  name: string;
  plan: FaultPlan;
  completion: "inline" | "deferred";
  framePeriodMs: number;
  steps: [count: number, seconds: number];
}

const known: Known[] = [
  {
    name: "a late link lets the keep-alive take the relay: no short is seen in the dummy",
    plan: [{ at: { timeS: 193.833 }, kind: "late", value: 294, count: 7 }],
    completion: "inline",
    framePeriodMs: 1000,
    steps: [3, 240],
  },
  {
    name: "one late answer on a queued bus spoils no later frame",
    plan: [{ at: { transaction: 121 }, kind: "late" }],
    completion: "deferred",
    framePeriodMs: 500,
    steps: [1, 4],
  },
];

test.each(known)("$name", ({ plan, completion, framePeriodMs, steps }) => {
  const program = cycles(...steps);
  const { channel, record } = openBench(program, { plan, completion, framePeriodMs });
  channel.runUntil(2 * 3600e3);
  const outcome = outcomeOf(channel, record);
  const told = complaint(channel, plan, outcome);
  expect(["finished", "safe stop"], told).toContain(outcome);
  expect(channel.oracle?.violations ?? null, told).toEqual([]);
});
