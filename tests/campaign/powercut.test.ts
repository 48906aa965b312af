// The power fails at each operation of the memory, in six ways, and comes back: the run goes on
// where it was. Nothing flows that the oracle does not allow, no step is begun twice or left out,
// and what is missing in the account is less than a checkpoint's charge.
import { describe, expect, test } from "vitest";
import type { SimulatedChannel } from "../../boards/simulated.ts";
import { EVENT_GAP, EVENT_STEP } from "../../firmware/telemetry.ts";
import type { FaultEntry, FaultPlan } from "../../sim/fault.ts";
import type { Record } from "../boards/rig.ts";
import { complaint, cycles, long, openBench, outcomeOf } from "./bench.ts";

const PERIOD_MS = 500;
const STEPS = cycles(1, 8);
/** Their indices as they are begun: the loop runs once. */
const STEPS_BEGUN = [0, 1, 2, 3, 5];
/** Without a cut the program takes 29 s; with one a minute's rest more. */
const CUT_BEFORE_S = 29;
const END_MS = 150e3;
const BOOT_MS = 300;
/** How far the account may be off: a checkpoint and two frames at the largest current, C. */
const CHECKPOINT_S = 1;
const LARGEST_A = 3e-4;
const LOST_C = (CHECKPOINT_S + (2 * PERIOD_MS) / 1000) * LARGEST_A;
/** Every how-manieth operation is tried. */
const EVERY = long ? 1 : 3;

const PIECE_BYTES = 32;
const CUT: Omit<FaultEntry, "at"> = { kind: "mcuReset", value: BOOT_MS };
const torn = (value: number): Omit<FaultEntry, "at"> => ({ kind: "tornWrite", value });
/** What of the piece that is being written arrives: bytes of it, all, or all with a wrong bit. The
 *  processor is reset before the next transaction. */
const TEARS: [string, Omit<FaultEntry, "at">[]][] = [
  ["nothing", [torn(0)]],
  ["the first byte", [torn(1)]],
  ["half", [torn(PIECE_BYTES / 2)]],
  ["all but the last byte", [torn(PIECE_BYTES - 1)]],
  ["all", []],
  ["half of it spoilt", [{ kind: "bitFlip", value: 8 * (2 + PIECE_BYTES / 2) + 3 }]],
];

function cutAt(transaction: number, tear: Omit<FaultEntry, "at">[]): FaultPlan {
  const torn = tear.map((entry) => ({ at: { transaction }, ...entry }));
  return [...torn, { at: { transaction: transaction + 1 }, ...CUT }];
}

/** Numbers of the bus transactions that write to memory, program by program, of an uncut run. */
function writesOf(untilMs: number): number[][] {
  const { channel } = openBench(STEPS, { framePeriodMs: PERIOD_MS });
  const { wire } = channel.world;
  const programs: number[][] = [];
  const { memory } = channel.shell.board;
  const { program } = memory;
  memory.program = (offset, bytes) => {
    const first = wire.transactions + 1;
    const done = program(offset, bytes);
    const count = wire.transactions + 1 - first;
    programs.push(Array.from({ length: count }, (_, i) => first + i));
    return done;
  };
  channel.runUntil(untilMs);
  return programs;
}

/** Numbers of all bus transactions between two times of a run by `plan`. */
function transactionsOf(plan: FaultPlan, fromMs: number, untilMs: number): number[] {
  const { channel } = openBench(STEPS, { plan, framePeriodMs: PERIOD_MS });
  const { wire } = channel.world;
  channel.runUntil(fromMs);
  const first = wire.transactions + 1;
  channel.runUntil(untilMs);
  return Array.from({ length: wire.transactions + 1 - first }, (_, i) => first + i);
}

/** The program's steps in the order in which they were begun; told twice in a row is told once. */
function stepsOf(record: Record): number[] {
  const told = record.events.filter(({ code }) => code === EVENT_STEP);
  const indices = told.map(({ values }) => values[0]);
  return indices.filter((index, i) => index !== indices[i - 1]);
}

function chargeOf(channel: SimulatedChannel): number {
  const { chargeIn, chargeOut } = channel.shell.channel.run.totals;
  return chargeIn + chargeOut;
}

function runBy(plan: FaultPlan) {
  const bench = openBench(STEPS, { plan, framePeriodMs: PERIOD_MS });
  bench.channel.runUntil(END_MS);
  return { ...bench, outcome: outcomeOf(bench.channel, bench.record) };
}

describe("a cut at an operation of the memory", () => {
  const sound = runBy([]);
  const programs = writesOf(CUT_BEFORE_S * 1000 + 3000);
  const writes = programs.flat();
  // The run is in the journal once its first opening is; over, once its last record is.
  const begun = programs[0][programs[0].length - 1];
  const over = writes[writes.length - 1];

  test("is one of hundreds, and without it the program finishes", () => {
    expect(sound.outcome).toBe("finished");
    expect(stepsOf(sound.record)).toEqual(STEPS_BEGUN);
    expect(writes.length).toBeGreaterThan(80);
  });

  test.each(TEARS)("of which %s is done: the run goes on, whole", (name, tear) => {
    const wrong: string[] = [];
    for (let i = 0; i < writes.length; i += EVERY) {
      const plan = cutAt(writes[i], tear);
      const { channel, record, outcome } = runBy(plan);
      const told = (what: string): void => void wrong.push(complaint(channel, plan, what));
      // Cut at the very piece, beginning or end counts if all of it is there.
      const lost = writes[i] < begun || (writes[i] === begun && name !== "all");
      const ended = writes[i] === over && name === "all";
      if (channel.oracle?.violations.length !== 0) told("unsafe");
      else if (lost || ended) {
        if (outcome !== "held") told(`${outcome}, not idle`);
      } else if (outcome !== "finished") told(outcome);
      else if (stepsOf(record).join() !== STEPS_BEGUN.join())
        told(`steps ${stepsOf(record).join()}`);
      else if (Math.abs(chargeOf(channel) - chargeOf(sound.channel)) > LOST_C) told("charge");
    }
    expect(wrong.join("\n")).toBe("");
  });
});

describe("a second cut, while the run is taken up again", () => {
  const first: FaultPlan = [{ at: { timeS: 14 }, ...CUT }];
  const decisionsOf = (record: Record): number[][] =>
    record.events.filter(({ code }) => code === EVENT_GAP).map(({ values }) => values);
  const once = runBy(first);
  const during = transactionsOf(first, 14_000, 14_000 + BOOT_MS + 900);

  test("has something to cut", () => {
    expect(during.length).toBeGreaterThan(150);
    expect(decisionsOf(once.record)).toHaveLength(1);
    expect(once.outcome).toBe("finished");
  });

  test.each(TEARS)("of which %s is done: the decision is the same", (_, tear) => {
    const wrong: string[] = [];
    for (let i = 0; i < during.length; i += EVERY) {
      const plan = [...first, ...cutAt(during[i], tear)];
      const { channel, record, outcome } = runBy(plan);
      const same = decisionsOf(record).every(
        (each) => each.join() === decisionsOf(once.record)[0].join(),
      );
      const clean = channel.oracle?.violations.length === 0;
      const whole = stepsOf(record).join() === STEPS_BEGUN.join();
      if (same && clean && whole && outcome === "finished") continue;
      wrong.push(complaint(channel, plan, `${outcome}: ${JSON.stringify(decisionsOf(record))}`));
    }
    expect(wrong.join("\n")).toBe("");
  });
});
