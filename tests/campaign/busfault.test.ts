// One fault at a bus transaction of a short program, on either kind of bus: the result is the same
// as without, or the fault was told and the cell is at rest. Nothing passes in silence, and the
// oracle sees no rule broken. `--long` takes every transaction instead of every 20th.
import { describe, expect, test } from "vitest";
import type { FaultEntry, FaultKind, FaultPlan } from "../../sim/fault.ts";
import { complaint, cycles, long, openBench, outcomeOf } from "./bench.ts";

type Completion = "inline" | "deferred";

const PERIOD_MS = 500;
const STEPS = cycles(1, 4);
const END_MS = 60e3;
const EVERY = long ? 1 : 20;
/** A fault delays a step, at 300 µA, by two frames and as long as it lasts; what the cell gets less
 *  is not accounted for either, or the oracle would say so. */
const DELAY_S = (2 * PERIOD_MS) / 1000;
const LARGEST_A = 3e-4;

/** How each kind strikes: once, or long enough to be noticed. */
const STRIKES: [FaultKind, Partial<FaultEntry>][] = [
  ["nack", {}],
  ["nack", { durationS: 1.2 }],
  ["timeout", {}],
  ["short", { value: 1 }],
  ["bitFlip", { value: 3 }],
  ["bitFlip", { value: 12 }],
  ["stuck", { durationS: 100 }],
  ["wrongAddress", {}],
  ["late", {}],
  ["duplicate", {}],
  ["sdaLow", { durationS: 2 }],
];

function run(plan: FaultPlan, completion: Completion) {
  const bench = openBench(STEPS, { plan, completion, framePeriodMs: PERIOD_MS });
  bench.channel.runUntil(END_MS);
  return { ...bench, outcome: outcomeOf(bench.channel, bench.record) };
}

/** Transactions of the program itself: those after its verdict decide nothing. */
function transactionsOf(completion: Completion): number {
  const bench = openBench(STEPS, { completion, framePeriodMs: PERIOD_MS });
  while (bench.record.verdict === null) bench.channel.runUntil(bench.channel.now() + 500);
  return bench.channel.world.wire.transactions;
}

function chargeOf({ channel }: ReturnType<typeof run>): number {
  const totals = channel.shell.channel.run.totals;
  return totals.chargeIn + totals.chargeOut;
}

describe.each(["inline", "deferred"] as const)("a fault on the bus, %s,", (completion) => {
  const sound = run([], completion);
  const last = transactionsOf(completion);

  test("is what all of this is about: without one the program finishes", () => {
    expect(sound.outcome).toBe("finished");
    expect(sound.channel.oracle?.violations).toEqual([]);
    expect(last).toBeGreaterThan(400);
  });

  test.each(STRIKES)("%s %j: same result, or told and safe", (kind, strike) => {
    const silent: string[] = [];
    let struck = 0;
    for (let n = 1; n <= last; n += EVERY) {
      const plan: FaultPlan = [{ at: { transaction: n }, kind, ...strike }];
      const broken = run(plan, completion);
      struck += broken.channel.world.faults.fired;
      const delayS = DELAY_S + (kind === "stuck" ? 0 : (strike.durationS ?? 0));
      const allowed = delayS * LARGEST_A;
      const shift = Math.abs(chargeOf(broken) - chargeOf(sound));
      const wrong = broken.outcome === "finished" && shift > allowed;
      const ended = ["finished", "safe stop", "held"].includes(broken.outcome);
      const clean = broken.channel.oracle?.violations.length === 0;
      if (wrong || !ended || !clean) silent.push(complaint(broken.channel, plan, broken.outcome));
    }
    expect(silent.join("\n")).toBe("");
    expect(struck).toBeGreaterThan(last / EVERY - 1);
  });
});
