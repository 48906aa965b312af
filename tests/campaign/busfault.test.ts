// One fault at a bus transaction of a short program, on either kind of bus: the result is the same
// as without, or the fault was told and the cell is at rest. Nothing passes in silence, and the
// oracle sees no rule broken. `--long` takes every transaction instead of every 20th.
import { afterAll, describe, expect, test } from "vitest";
import type { SimulatedChannel } from "../../boards/simulated.ts";
import type { FaultEntry, FaultKind, FaultPlan } from "../../sim/fault.ts";
import { complaint, cycles, long, openBench, outcomeOf } from "./bench.ts";
import { branch, momentsOf, runOutBy } from "./fork.ts";
import type { Bench } from "./fork.ts";
import { accuse } from "./shrink.ts";
import { createTally } from "./tally.ts";

type Completion = "inline" | "deferred";

const PERIOD_MS = 500;
/** A cycle, steps of so many seconds. */
const CYCLE = [1, 10] as const;
const STEPS = cycles(...CYCLE);
/** So many failures are kept as plans for ever (shrink.ts). */
const KEPT = 3;
let kept = 0;
const END_MS = 90e3;
/** What comes after a run's end, and after the fault's beginning, decides nothing. */
const AFTER_MS = 4000;
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

function open(completion: Completion, plan: FaultPlan = []): Bench {
  return openBench(STEPS, { plan, completion, framePeriodMs: PERIOD_MS });
}

/** Runs until some time after both the run's end and the fault. */
function runOut(bench: Bench): void {
  runOutBy(bench, END_MS, AFTER_MS, PERIOD_MS);
}

function chargeOf({ channel }: Bench): number {
  const totals = channel.shell.channel.run.totals;
  return totals.chargeIn + totals.chargeOut;
}

/** What a run has told, to the last digit. */
function traceOf({ record }: Bench): string {
  return JSON.stringify([record.events, record.verdict]);
}

/** How a broken run differs from the sound one: "silent" or how it ended, when it must not. */
function classOf(broken: Bench, sound: Bench, { durationS = 0, kind }: Partial<FaultEntry>) {
  const outcome = outcomeOf(broken.channel, broken.record);
  const clean = broken.channel.oracle?.violations.length === 0;
  if (!clean) return { outcome: "unsafe", fails: true };
  if (outcome === "safe stop" || outcome === "held") return { outcome, fails: false };
  if (outcome !== "finished") return { outcome, fails: true };
  if (traceOf(broken) === traceOf(sound)) return { outcome: "same trace", fails: false };
  const allowed = (DELAY_S + (kind === "stuck" ? 0 : durationS)) * LARGEST_A;
  const silent = Math.abs(chargeOf(broken) - chargeOf(sound)) > allowed;
  return { outcome: silent ? "silent" : "same result, later", fails: silent };
}

/** What is wrong with a run that `plan` breaks; the first few are kept. */
function complain(channel: SimulatedChannel, plan: FaultPlan, outcome: string, sound: Bench) {
  const told = complaint(channel, plan, outcome);
  if (kept++ >= KEPT) return told;
  const { queue } = sound.channel.world;
  const completion: Completion = queue.lastMs > 0 ? "deferred" : "inline";
  const name = `bus fault ${plan[0].kind} ${JSON.stringify(plan[0].at)} ${completion}`;
  const known = { name, seed: 1, plan, completion, framePeriodMs: PERIOD_MS, steps: CYCLE };
  const fails = (part: FaultPlan): boolean => {
    if (part.length === 0) return false;
    const broken = open(completion, part);
    runOut(broken);
    return classOf(broken, sound, part[0]).fails;
  };
  return `${told}\n  ${accuse(known, fails)}`;
}

/** Breaks transaction `n` in each way, by a fork of what is before it, or from the beginning. */
function breakAt(n: number, completion: Completion, before: Bench | null, sound: Bench) {
  return STRIKES.map(([kind, strike]) => {
    const plan: FaultPlan = [{ at: { transaction: n }, kind, ...strike }];
    const broken = before === null ? open(completion, plan) : branch(before, plan);
    runOut(broken);
    const { channel } = broken;
    const { outcome, fails } = classOf(broken, sound, { ...strike, kind });
    const why = fails ? complain(channel, plan, outcome, sound) : "";
    return { kind, outcome, why, struck: channel.world.faults.fired };
  });
}

describe.each(["inline", "deferred"] as const)("a fault on the bus, %s,", (completion) => {
  const tally = createTally();
  const sound = open(completion);
  const atStart = sound.channel.world.wire.transactions;
  const kinds = new Set(STRIKES.map(([kind]) => kind)).size;
  afterAll(() => tally.print(`bus faults, ${completion}, ${kinds} kinds: none silent in`));

  test("is what all of this is about: without one the program finishes", () => {
    runOut(sound);
    expect(outcomeOf(sound.channel, sound.record)).toBe("finished");
    expect(sound.channel.oracle?.violations).toEqual([]);
  });

  test("gives the same result, or is told and the cell at rest", () => {
    let broken = 0;
    let struck = 0;
    const take = (n: number, before: Bench | null): void => {
      if (n % EVERY !== 0) return;
      broken++;
      for (const each of breakAt(n, completion, before, sound)) {
        struck += each.struck;
        const outcome = `${each.kind}: ${each.outcome}`;
        if (each.why === "") tally.add(outcome);
        else tally.fail(outcome, each.why);
      }
    };
    // The transactions of the start itself are over before anything can be forked.
    for (let n = 1; n <= atStart; n++) take(n, null);
    for (const { before, after, transactions } of momentsOf(() => open(completion), END_MS)) {
      if (before.record.verdict !== null) break;
      for (const { number } of transactions) take(number, before);
      expect(after.channel.oracle?.violations).toEqual([]);
    }
    expect(tally.wrong.slice(0, 5).join("\n")).toBe("");
    expect(struck).toBe(broken * STRIKES.length);
    expect(broken * EVERY).toBeGreaterThan(2000 - EVERY);
  });
});
