// A processor that is reset at any moment: the relay is at rest, and no current flows before the
// way to the cell has been climbed again. `--long` takes every 10 ms of the program, else one in
// seventy.
import { afterAll, describe, expect, test } from "vitest";
import type { FaultPlan } from "../../sim/fault.ts";
import { complaint, cycles, long, openBench, outcomeOf } from "./bench.ts";
import type { Bench } from "./fork.ts";
import { branch, momentsOf, runOutBy } from "./fork.ts";
import { accuse } from "./shrink.ts";
import { createTally } from "./tally.ts";

const PERIOD_MS = 500;
const CYCLE = [1, 4] as const;
const STEPS = cycles(...CYCLE);
/** So many of what fails are kept. */
const KEPT = 5;
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

/** How a run has ended, and whether it must not. */
function endOf({ channel, record }: Bench) {
  const outcome = outcomeOf(channel, record);
  const ended = ["finished", "safe stop", "held"].includes(outcome);
  return { outcome, fails: !ended || channel.oracle?.violations.length !== 0 };
}

/** The least plan that fails so, kept. */
function accuseReset(plan: FaultPlan, cause: string): string {
  const name = `reset by ${cause} ${JSON.stringify(plan[0].at)}`;
  const completion = "inline" as const;
  const known = { name, seed: 1, plan, completion, framePeriodMs: PERIOD_MS, steps: CYCLE };
  const fails = (part: FaultPlan): boolean => {
    const bench = open(part);
    runOut(bench);
    return endOf(bench).fails;
  };
  return `\n  ${accuse(known, fails)}`;
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
      const { outcome, fails } = endOf(bench);
      if (!fails) tally.add(outcome);
      else {
        const kept = tally.wrong.length < KEPT ? accuseReset(plan, cause) : "";
        tally.fail(outcome, complaint(channel, plan, `${cause}: ${outcome}`) + kept);
      }
      expect(channel.world.faults.resets).toBeGreaterThan(0);
    }
    expect(tally.wrong.slice(0, 5).join("\n")).toBe("");
    expect(tally.tried() - from).toBeGreaterThanOrEqual(Math.floor(PROGRAM_S / GRID_S) - 1);
  });
});
