// A run that is cut, from its beginning to its end, and whether it survived.
import { MEMORY_AREAS } from "../../boards/simulated.ts";
import { createJournal, recover } from "../../firmware/journal.ts";
import { KIND, RECORD_RUN_END, WHAT } from "../../firmware/record.ts";
import { BE_HELD } from "../../firmware/resume.ts";
import { IDLE } from "../../firmware/schedule.ts";
import { END_FINISHED, EVENT_GAP, EVENT_STEP } from "../../firmware/telemetry.ts";
import { createArrayMemory } from "../../hal/memory/array.ts";
import { crc32 } from "../../hal/memory/crc32.ts";
import type { Record } from "../boards/rig.ts";
import { complaint, openBench } from "./bench.ts";
import type { Bench } from "./fork.ts";
import type { Program } from "./programs.ts";

export const PERIOD_MS = 500;
/** Checkpoints are at most so far apart, s. */
const CHECKPOINT_S = 1;
/** Places of the verdict that do not depend on charge. */
const VERDICT_PLACES = 9;

export function openProgram(program: Program): Bench {
  return openBench(program.steps, { oracle: true, framePeriodMs: PERIOD_MS });
}

/** Lets a bench go on until its `resets` are past and nothing is under way, or for `forMs`. */
export function runOut(bench: Bench, program: Program, resets: number, forMs = 400e3): void {
  const { channel } = bench;
  const { faults } = channel.world;
  const endMs = channel.now() + forMs;
  const over = (): boolean => {
    const idle = channel.shell.channel.run.schedule.phase === IDLE;
    return idle && faults.resets >= resets && channel.now() > faults.bootMs + PERIOD_MS;
  };
  while (channel.now() < endMs && !over()) {
    program.operate(bench);
    channel.runUntil(channel.now() + PERIOD_MS);
  }
  channel.runUntil(channel.now() + 4 * PERIOD_MS);
}

/** The steps in the order in which they were begun, half cycles too, as index and number; told
 *  twice in a row is told once. */
function stepsOf(record: Record): string[] {
  const told = record.events.filter(({ code }) => code === EVENT_STEP);
  const steps = told.map(({ values }) => `${values[0]}:${values[1]}`);
  return steps.filter((step, i) => step !== steps[i - 1]);
}

/** What was decided after each cut. */
export function decisionsOf(record: Record): number[] {
  const gaps = record.events.filter(({ code }) => code === EVENT_GAP);
  return gaps.map(({ values }) => values[0]);
}

/** What a journal ends with: kind, and the record's first word. Null = there is none. */
export function lastRecord(content: Uint8Array): { kind: number; what: number } | null {
  const memory = createArrayMemory(content, MEMORY_AREAS, crc32);
  const journal = createJournal(MEMORY_AREAS);
  const record = journal.record;
  const found = recover(journal, memory);
  return found < 0 ? null : { kind: record.bytes[KIND], what: record.words[WHAT] };
}

/** What an uncut run ends as. */
export interface Sound {
  bench: Bench;
  steps: string[];
  last: ReturnType<typeof lastRecord>;
}

/** Runs a program that nothing cuts. */
export function runSound(program: Program): Sound {
  const bench = openProgram(program);
  bench.channel.runUntil(10 * PERIOD_MS);
  runOut(bench, program, 0);
  const last = lastRecord(bench.channel.world.fram.memory);
  return { bench, steps: stepsOf(bench.record), last };
}

/** How a run survived: it went on by itself; it was held, as the table says, and went on when told;
 *  it was cut before anything had begun; its end was in the journal already. Null = it did not. */
export type Survival = "went on" | "held, as the table says" | "before the start" | "after the end";

export interface Judgement {
  survival: Survival | null;
  /** Why not. */
  wrong: string;
}

/** Whether both directions' charge is that of the uncut run but for a checkpoint's and a frame's
 *  of each cut. */
function sameCharge(bench: Bench, sound: Sound, largestA: number, cuts: number): boolean {
  const lostC = cuts * (CHECKPOINT_S + PERIOD_MS / 1000) * largestA;
  const a = bench.channel.shell.channel.run.totals;
  const b = sound.bench.channel.shell.channel.run.totals;
  const worst = Math.max(Math.abs(a.chargeIn - b.chargeIn), Math.abs(a.chargeOut - b.chargeOut));
  return worst <= lostC;
}

/** What differs between a run that is over and the uncut one, "" = nothing. */
function difference(bench: Bench, sound: Sound, program: Program, cuts: number): string {
  const { channel, record } = bench;
  const told = (of: Record): string => String(of.verdict?.values.slice(0, VERDICT_PLACES));
  const last = lastRecord(channel.world.fram.memory);
  const steps = stepsOf(record);
  if (last?.what !== sound.last?.what) return `last record ${JSON.stringify(last)}`;
  if (steps.join() !== sound.steps.join()) return `steps ${steps.join()}`;
  if (record.verdict !== null && record.verdict.values[2] !== END_FINISHED) return "not finished";
  if (decisionsOf(record).length === 0) return "";
  if (told(record) !== told(sound.bench.record)) return `verdict ${told(record)}`;
  return sameCharge(bench, sound, program.largestA, cuts) ? "" : "charge";
}

/** What became of a run that was cut; `allowed`: what may have been decided, for each cut. */
export function judge(
  bench: Bench,
  sound: Sound,
  program: Program,
  allowed: number[][],
): Judgement {
  const { channel, record } = bench;
  const decisions = decisionsOf(record);
  const odd = decisions.find((each) => !allowed.some((these) => these.includes(each)));
  const fail = (what: string): Judgement => {
    return { survival: null, wrong: complaint(channel, [], `${program.name}: ${what}`) };
  };
  if (channel.oracle?.violations.length !== 0) return fail("a rule broken");
  if (channel.shell.channel.run.schedule.phase !== IDLE) return fail("not over");
  const ended = lastRecord(channel.world.fram.memory)?.kind === RECORD_RUN_END;
  if (stepsOf(record).length === 0 && !ended) {
    return decisions.length > 0 ? fail("lost") : { survival: "before the start", wrong: "" };
  }
  if (odd !== undefined) return fail(`decided ${odd} of ${JSON.stringify(allowed)}`);
  const differs = difference(bench, sound, program, allowed.length);
  if (differs !== "") return fail(differs);
  if (decisions.length === 0) return { survival: "after the end", wrong: "" };
  const held = decisions.includes(BE_HELD);
  return { survival: held ? "held, as the table says" : "went on", wrong: "" };
}
