// Runs with faults drawn from a seed, in two phases: faults for the first part, then none, so that
// a run has to get to its end: safe because stuck is not safe. The oracle sees no rule broken.
import { expect, test } from "vitest";
import { copy } from "../../sim/copy.ts";
import { drawPlan } from "../../sim/fault-draw.ts";
import { complaint, cycles, long, openBench, outcomeOf } from "./bench.ts";
import { seedsWanted } from "./bench.ts";
import { keep, shrink } from "./shrink.ts";

const SEEDS = seedsWanted > 0 ? seedsWanted : long ? 10_000 : 60;
const HOURS = long ? 24 : 1;
/** Program and faults take the first part of the time, the way to the end the rest. */
const FAULTS_S = 0.6 * 3600 * HOURS;
const END_MS = 3600e3 * HOURS;
const STEP_S = 120;
const PERIOD_MS = 500;
/** A cycle is three steps; two fifths of an hour are left for what delays them. */
const CYCLES = Math.floor(FAULTS_S / (3 * STEP_S + 30));

/** A drift of the board's clock cannot be seen without a second clock, which this board lacks. */
const LEFT_OUT = ["clock drift"];

function run(seed: number, plan = drawPlan(seed, FAULTS_S, { without: LEFT_OUT })) {
  const completion = seed % 2 === 0 ? ("inline" as const) : ("deferred" as const);
  const options = { seed, plan, completion, framePeriodMs: PERIOD_MS };
  const bench = openBench(cycles(CYCLES, STEP_S), options);
  bench.channel.runUntil(END_MS);
  const outcome = outcomeOf(bench.channel, bench.record);
  const ended = ["finished", "safe stop", "held"].includes(outcome);
  const clean = bench.channel.oracle?.violations.length === 0;
  return { ...bench, plan, completion, outcome, fails: !ended || !clean };
}

/** The least plan that fails as a seed's does, kept; what it says of itself. */
function accuse(seed: number): string {
  const { channel, plan, completion, outcome } = run(seed);
  const told = complaint(channel, plan, `seed ${seed}: ${outcome}`);
  const least = shrink(plan, (part) => run(seed, part).fails);
  const path = keep({
    ...{ name: `seed ${seed}: ${outcome}`, seed, plan: least, completion },
    ...{ framePeriodMs: PERIOD_MS, steps: [CYCLES, STEP_S] as const },
  });
  return `${told}\n  kept as ${path}: ${JSON.stringify(least)}`;
}

const CHUNK = 10;
const chunks = Array.from({ length: Math.ceil(SEEDS / CHUNK) }, (_, i) => 1 + i * CHUNK);
const outcomes = new Map<string, number>();

test.each(chunks)(`from seed %i: every run of ${HOURS} h ends, told and safe`, (first) => {
  const failures: string[] = [];
  for (let seed = first; seed < first + CHUNK && seed <= SEEDS; seed++) {
    const { outcome, fails } = run(seed);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    if (fails) failures.push(accuse(seed));
  }
  expect(failures.join("\n")).toBe("");
});

test("the plans stop some runs and not others: too much or nothing would test nothing", () => {
  expect(outcomes.get("finished") ?? 0).toBeGreaterThan(SEEDS / 10);
  expect(outcomes.get("safe stop") ?? 0).toBeGreaterThan(SEEDS / 10);
});

test("the same seed gives the same world, to the last bit", () => {
  for (const seed of [3, 4, 8, 10]) {
    const [a, b] = [run(seed), run(seed)];
    expect(a.record.events.length).toBeGreaterThan(0);
    expect(b.record).toEqual(a.record);
    expect(copy(b.channel.world)).toEqual(copy(a.channel.world));
  }
});
