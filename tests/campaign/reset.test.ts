// A processor that is reset at any moment: the relay is at rest, and no current flows before the
// way to the cell has been climbed again. `--long` takes every 10 ms of the program, else one in
// seventy.
import { afterAll, describe, expect, test } from "vitest";
import type { FaultPlan } from "../../sim/fault.ts";
import { complaint, cycles, long, openBench, outcomeOf } from "./bench.ts";
import type { Bench } from "./fork.ts";
import { branch, momentsOf, runOutBy } from "./fork.ts";
import { createTally } from "./tally.ts";

const PERIOD_MS = 500;
const STEPS = cycles(1, 4);
/** The program takes some 17 s; then there is time for whatever ends it, a rest of a minute before
 *  it goes on among that. */
const PROGRAM_S = 20;
const END_MS = 150e3;
const AFTER_MS = 5000;
const GRID_S = long ? 0.01 : 0.7;
const FIRST_S = 0.005;

const CHIPS = ["dac", "adc", "range", "loadCell", "memory"];

/** What restarts the processor, and what else it does. */
const CAUSES: [string, (timeS: number) => FaultPlan][] = [
  ["its pin", (timeS) => [{ at: { timeS }, kind: "mcuReset", value: 300 }]],
  [
    "the supply of the whole board",
    (timeS) => [
      { at: { timeS }, kind: "mcuReset", value: 50 },
      ...CHIPS.map((target) => ({ at: { timeS }, kind: "brownOut", target }) as const),
    ],
  ],
  [
    "its watchdog, after it has stood for two seconds in a call",
    (timeS) => [
      { at: { timeS }, kind: "late", value: 2500, count: 1 },
      { at: { timeS: timeS + 2 }, kind: "mcuReset", value: 300 },
    ],
  ],
];

function open(plan: FaultPlan = []): Bench {
  return openBench(STEPS, { plan, framePeriodMs: PERIOD_MS });
}

function runOut(bench: Bench): void {
  runOutBy(bench, END_MS, AFTER_MS, PERIOD_MS);
}

/** Times of the grid, each with the bench before the event in which it is. */
function* gridOf(): Generator<[timeS: number, before: Bench], void> {
  let n = 0;
  const next = (): number => FIRST_S + n * GRID_S;
  for (const { before, after } of momentsOf(open, PROGRAM_S * 1000)) {
    for (; next() < PROGRAM_S && next() * 1000 <= after.channel.now(); n++) yield [next(), before];
  }
}

describe("a reset by", () => {
  const tally = createTally();
  afterAll(() => tally.print("resets, nobody hurt in"));

  test.each(CAUSES)("%s, at any time: told or held, and nobody is hurt", (cause, planOf) => {
    const from = tally.tried();
    for (const [timeS, before] of gridOf()) {
      const plan = planOf(Math.round(timeS * 1000) / 1000);
      const bench = branch(before, plan);
      runOut(bench);
      const { channel } = bench;
      const outcome = outcomeOf(channel, bench.record);
      const ended = ["finished", "safe stop", "held"].includes(outcome);
      const clean = channel.oracle?.violations.length === 0;
      if (ended && clean) tally.add(outcome);
      else tally.fail(outcome, complaint(channel, plan, `${cause}: ${outcome}`));
      expect(channel.world.faults.resets).toBeGreaterThan(0);
    }
    expect(tally.wrong.slice(0, 5).join("\n")).toBe("");
    expect(tally.tried() - from).toBeGreaterThanOrEqual(Math.floor(PROGRAM_S / GRID_S) - 1);
  });
});
