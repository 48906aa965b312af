// What the campaigns rest on: a world that is forked, and broken there, is the same as one that was
// broken by a plan from its beginning.
import { describe, expect, test } from "vitest";
import type { FaultPlan } from "../../sim/fault.ts";
import { copy } from "../../sim/copy.ts";
import { plant } from "../../sim/plant.ts";
import { cycles, openBench } from "./bench.ts";
import { cutAt } from "./cut.ts";
import type { Bench } from "./fork.ts";
import { branch, momentsOf, ofMemory } from "./fork.ts";

const END_MS = 45e3;
const STEPS = cycles(1, 4);

describe.each(["inline", "deferred"] as const)("a run forked and broken, %s,", (completion) => {
  const open = (plan: FaultPlan = []): Bench =>
    openBench(STEPS, { plan, completion, framePeriodMs: 500 });

  test("is that which was to be broken from its beginning", () => {
    let compared = 0;
    for (const { before, transactions } of momentsOf(() => open(), 25e3)) {
      for (const each of transactions.filter(({ number }) => number % 397 === 0)) {
        const at = { transaction: each.number };
        const plans: FaultPlan[] = [
          [{ at, kind: "nack", durationS: 1.2 }],
          [{ at, kind: "stuck", durationS: 100 }],
          cutAt(each, 2),
        ];
        for (const plan of plans) {
          const forked = branch(before, plan);
          const whole = open(plan);
          for (const { channel } of [forked, whole]) channel.runUntil(END_MS);
          expect(forked.record).toEqual(whole.record);
          expect(copy(forked.channel.world)).toEqual(copy(whole.channel.world));
          compared++;
        }
      }
    }
    expect(compared).toBeGreaterThan(8);
  });
});

test("each transaction is seen once, with what it wrote to memory", () => {
  const open = (): Bench => openBench(STEPS, { oracle: true, framePeriodMs: 500 });
  const before = open().channel.world.wire.transactions;
  const seen = [...momentsOf(open, 25e3)].flatMap(({ transactions }) => transactions);
  expect(seen.map(({ number }) => number)).toEqual(seen.map((_, i) => before + 1 + i));
  expect(seen.length).toBeGreaterThan(1000);
  const { channel } = open();
  const asItWas = channel.world.fram.memory.slice();
  channel.runUntil(25e3);
  const changed = asItWas.filter((byte, i) => byte !== channel.world.fram.memory[i]).length;
  const written = seen.reduce((sum, each) => sum + each.written, 0);
  expect(written).toBeGreaterThan(changed);
  expect(Math.max(...seen.map((each) => each.written))).toBe(32);
  expect(seen.filter(ofMemory).length).toBeLessThan(seen.length / 2);
});

test("a plan that is none is refused", () => {
  const { channel } = openBench(STEPS, { oracle: true });
  const none = [{ at: { timeS: 1 }, kind: "nothing" }] as unknown as FaultPlan;
  expect(() => plant(channel.world, none)).toThrow(/plan\[0\]\.kind: "nothing": expected nack/);
});
