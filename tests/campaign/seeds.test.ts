// Runs with faults drawn from a seed, in two phases: faults for the first part, then none, so that
// a run has to get to its end: safe because stuck is not safe. The oracle sees no rule broken.
import { expect, test } from "vitest";
import type { SimulatedChannel } from "../../boards/simulated.ts";
import { IDLE } from "../../firmware/schedule.ts";
import { copy } from "../../sim/copy.ts";
import { drawPlan } from "../../sim/fault-draw.ts";
import { WAITING } from "../../sim/fault-state.ts";
import { complaint, cycles, long, openBench, outcomeOf } from "./bench.ts";
import { seedsWanted } from "./bench.ts";
import { accuse } from "./shrink.ts";
import { createTally } from "./tally.ts";

const SEEDS = seedsWanted > 0 ? seedsWanted : long ? 2000 : 200;
const HOURS = long ? 24 : 2;
/** Program and faults take the first part of the time, the way to the end the rest. */
const FAULTS_S = 0.6 * 3600 * HOURS;
const END_MS = 3600e3 * HOURS;
const STEP_S = 120;
const LOOK_MS = 60e3;
/** A cycle is three steps; two fifths of the time are left for what delays them. */
const CYCLES = Math.floor(FAULTS_S / (3 * STEP_S + 30));

/** One seed in twenty has ten frames a second, in the long form; the others one. */
function periodOf(seed: number): number {
  return long && seed % 20 === 0 ? 100 : 1000;
}

/** A drift of the board's clock cannot be seen without a second clock, which this board lacks. */
const LEFT_OUT = ["clock drift"];

/** Idle frames that are run when nothing is to come any more; what is left is passed over. */
const IDLE_MS = long ? 3600e3 : 0;

/** The run is over, and so is every fault that ends: what is left are idle frames. */
function isSettled({ world, shell, now }: SimulatedChannel): boolean {
  if (shell.channel.run.schedule.phase !== IDLE) return false;
  const begun = world.faults.entries.every(({ stage }) => stage !== WAITING);
  const ends = world.faults.entries.map(({ endMs }) => (endMs < Infinity ? endMs : 0));
  return begun && now() > Math.max(LOOK_MS, ...ends) + LOOK_MS;
}

function run(seed: number, plan = drawPlan(seed, FAULTS_S, { without: LEFT_OUT })) {
  const completion = seed % 2 === 0 ? ("inline" as const) : ("deferred" as const);
  const options = { seed, plan, completion, framePeriodMs: periodOf(seed) };
  const bench = openBench(cycles(CYCLES, STEP_S), options);
  let settledMs = 0;
  while (bench.channel.now() < END_MS && settledMs <= IDLE_MS) {
    bench.channel.runUntil(Math.min(END_MS, bench.channel.now() + LOOK_MS));
    settledMs = isSettled(bench.channel) ? settledMs + LOOK_MS : 0;
  }
  const outcome = outcomeOf(bench.channel, bench.record);
  const ended = ["finished", "safe stop", "held"].includes(outcome);
  const clean = bench.channel.oracle?.violations.length === 0;
  return { ...bench, plan, completion, outcome, fails: !ended || !clean };
}

/** The least plan that fails as a seed's does, kept; what it says of itself. */
function complain(seed: number): string {
  const { channel, plan, completion, outcome } = run(seed);
  const told = complaint(channel, plan, `seed ${seed}: ${outcome}`);
  const known = {
    ...{ name: `seed ${seed}: ${outcome}`, seed, plan, completion },
    ...{ framePeriodMs: periodOf(seed), steps: [CYCLES, STEP_S] as const },
  };
  return `${told}\n  ${accuse(known, (part) => run(seed, part).fails)}`;
}

const CHUNK = 10;
const chunks = Array.from({ length: Math.ceil(SEEDS / CHUNK) }, (_, i) => 1 + i * CHUNK);
const tally = createTally();
let hours = 0;

/** So far: a long form that is broken off has said what it did. */
function print(): void {
  tally.print(`seeds, no rule broken, in ${Math.round(hours)} simulated hours`);
}

test.each(chunks)(`from seed %i: every run of ${HOURS} h ends, told and safe`, (first) => {
  const from = tally.wrong.length;
  for (let seed = first; seed < first + CHUNK && seed <= SEEDS; seed++) {
    const { outcome, fails, channel } = run(seed);
    hours += channel.now() / 3600e3;
    if (fails) tally.fail(outcome, complain(seed));
    else tally.add(outcome);
  }
  if (long) print();
  expect(tally.wrong.slice(from).join("\n")).toBe("");
});

test("the plans stop some runs and not others: too much or nothing would test nothing", () => {
  print();
  expect(tally.count("finished")).toBeGreaterThan(SEEDS / 10);
  expect(tally.count("safe stop")).toBeGreaterThan(SEEDS / 10);
});

test("the same seed gives the same world, to the last bit", () => {
  for (const seed of [3, 4, 8, 10]) {
    const [a, b] = [run(seed), run(seed)];
    expect(a.record.events.length).toBeGreaterThan(0);
    expect(b.record).toEqual(a.record);
    expect(copy(b.channel.world)).toEqual(copy(a.channel.world));
  }
});
