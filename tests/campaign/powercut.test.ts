// The power fails at each operation of the memory, in six ways, and comes back: the run goes on
// where it was. Nothing flows that the oracle does not allow, no step is begun twice or left out,
// and what is missing in the account is less than a checkpoint's charge. The world is forked before
// each operation. `--long` takes all of them.
import { afterAll, describe, expect, test } from "vitest";
import { OUTAGE_NONE } from "../../firmware/run.ts";
import { IDLE, RUNNING } from "../../firmware/schedule.ts";
import { END_FINISHED } from "../../firmware/telemetry.ts";
import { long } from "./bench.ts";
import { cutAt, spreadPlaces, tearsOf } from "./cut.ts";
import type { Bench } from "./fork.ts";
import { branch, ofMemory } from "./fork.ts";
import type { KnownCut } from "./known-cut.ts";
import { accuseCut } from "./known-cut.ts";
import { PAIRED, PROGRAMS } from "./programs.ts";
import { judge, openProgram, runOut, runSound } from "./survive.ts";
import type { Judgement } from "./survive.ts";
import { createTally } from "./tally.ts";
import type { Tally } from "./tally.ts";

/** One cut in so many is tried; it shares no divisor with the six ways. */
const EVERY = long ? 1 : 13;
/** How many first cuts, and how many second ones for each; a few have fewer. */
const PAIRS = long ? 61 : 10;
const PAIRS_LEAST = long ? 3600 : 100;

function enter(tally: Tally, { survival, wrong }: Judgement, cut: KnownCut): void {
  if (survival !== null) tally.add(survival);
  else tally.fail("not survived", wrong + accuseCut(cut, tally.wrong.length));
}

function isIdle({ channel }: Bench): boolean {
  return channel.shell.channel.run.schedule.phase === IDLE;
}

describe("a cut at an operation of the memory", () => {
  const tally = createTally();
  afterAll(() => tally.print("cuts survived"));

  test.each(PROGRAMS)("$name: it goes on, whole, or is held as the table says", (program) => {
    const sound = runSound(program);
    const from = tally.wrong.length;
    expect(sound.bench.record.verdict?.values[2]).toBe(END_FINISHED);
    expect(sound.bench.channel.oracle?.violations).toEqual([]);
    expect(sound.steps.length).toBeGreaterThan(6);
    const untilMs = sound.bench.channel.now();
    const past = ({ channel }: Bench): boolean => channel.now() >= untilMs;
    let cuts = 0;
    const open = (): Bench => openProgram(program);
    for (const { before, each, allowed } of spreadPlaces(Infinity, open, program, 0, past)) {
      if (!ofMemory(each)) continue;
      for (const tear of tearsOf(each)) {
        if (cuts++ % EVERY !== 0) continue;
        const plan = cutAt(each, tear);
        const cut = branch(before, plan);
        runOut(cut, program, 1);
        const known = { program: program.name, plan, allowed: [allowed] };
        enter(tally, judge(cut, sound, program, [allowed]), known);
      }
    }
    if (long) tally.print(`cuts survived, ${program.name} and before`);
    expect(tally.wrong.slice(from, from + 5).join("\n")).toBe("");
    expect(cuts).toBeGreaterThan(1500);
  });
});

/** The run has been taken up again, and is a second into its step; or it is over. */
function isBack(bench: Bench): boolean {
  const { run } = bench.channel.shell.channel;
  const bootMs = bench.channel.world.clock.bootMs;
  const sinceS = (bench.channel.now() - bootMs) / 1000 - run.totals.stepStartedAt;
  const runs = run.schedule.phase === RUNNING && run.outage !== OUTAGE_NONE;
  return bootMs > 0 && (isIdle(bench) || (runs && sinceS > 1));
}

test("a second cut, while the run is taken up again: it survives as from one", () => {
  const tally = createTally();
  const sound = runSound(PAIRED);
  const untilMs = sound.bench.channel.now();
  const past = ({ channel }: Bench): boolean => channel.now() >= untilMs;
  const open = (): Bench => openProgram(PAIRED);
  for (const first of spreadPlaces(PAIRS, open, PAIRED, 0, past)) {
    const tear = first.each.number % tearsOf(first.each).length;
    const plan = cutAt(first.each, tear);
    const again = (): Bench => branch(first.before, plan);
    if (long && tally.tried() % 600 < PAIRS) tally.print("cuts in pairs survived so far");
    for (const second of spreadPlaces(PAIRS, again, PAIRED, first.each.number, isBack)) {
      const tears = tearsOf(second.each);
      const next = cutAt(second.each, second.each.number % tears.length);
      const cut = branch(second.before, next);
      runOut(cut, PAIRED, 2);
      const allowed = [first.allowed, second.allowed];
      const known = { program: PAIRED.name, plan: [...plan, ...next], allowed };
      enter(tally, judge(cut, sound, PAIRED, allowed), known);
    }
  }
  tally.print("cuts in pairs survived");
  expect(tally.wrong.slice(0, 5).join("\n")).toBe("");
  expect(tally.tried()).toBeGreaterThanOrEqual(PAIRS_LEAST);
});
