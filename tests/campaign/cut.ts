// A power cut at one transaction: the plan of it, where a run can be cut, and what has to follow by
// the table of firmware/resume.ts.
import { STEP_CCD, STEP_CURRENT } from "../../firmware/protocol.ts";
import { BE_HELD, GO_ON, SETTLE } from "../../firmware/resume.ts";
import { OUTAGE_UNJUDGED, PERMIT_GIVEN } from "../../firmware/run.ts";
import { ARMING, HELD, IDLE, LOADING, RUNNING } from "../../firmware/schedule.ts";
import { RELAY } from "../../firmware/sample.ts";
import { EVENT_GAP, EVENT_HOLD } from "../../firmware/telemetry.ts";
import type { FaultPlan } from "../../sim/fault.ts";
import { TEAR_DONE, TEAR_GARBAGE, TEAR_MODES, doneBytes } from "../../sim/tear.ts";
import type { Bench, Moment, Transaction } from "./fork.ts";
import { momentsOf, ofMemory } from "./fork.ts";
import type { Program } from "./programs.ts";
import { spread } from "./tally.ts";

export const BOOT_MS = 300;
/** After the operation, and before anything else can happen, ms. */
const AFTER_MS = 1e-3;
const ADDRESS_BYTES = 2;
const CHIPS = ["dac", "adc", "range", "loadCell", "memory"];
/** No run lasts longer, ms. */
const LONGEST_MS = 600e3;
/** Of the transactions that are none of the memory's, one in so many is cut too. */
const OTHERS = 10;

/** The supply of the whole board fails at `timeS` of virtual time, and comes back. */
export function cutOf(timeS: number): FaultPlan {
  const at = { timeS };
  return [
    ...CHIPS.map((target) => ({ at, kind: "brownOut", target }) as const),
    { at, kind: "mcuReset", value: BOOT_MS },
  ];
}

/** The supply of the whole board fails in a transaction; of what it writes to memory arrives what
 *  `tear` says (sim/tear.ts). */
export function cutAt({ number, timeMs, written }: Transaction, tear: number): FaultPlan {
  const arrived = ADDRESS_BYTES + doneBytes(tear, written);
  const value = tear === TEAR_GARBAGE ? -arrived : arrived;
  const torn = { at: { transaction: number }, kind: "tornWrite", value } as const;
  const cut = cutOf((timeMs + AFTER_MS) / 1000);
  return written > 0 && tear !== TEAR_DONE ? [torn, ...cut] : cut;
}

/** The ways in which an operation can be cut: what only reads cannot be torn. */
export function tearsOf({ written }: Transaction): number[] {
  return written > 0 ? Array.from({ length: TEAR_MODES }, (_, i) => i) : [TEAR_DONE];
}

function decisionFor(kind: number | undefined): number {
  return kind === STEP_CCD ? BE_HELD : kind === STEP_CURRENT ? SETTLE : GO_ON;
}

/** Decisions that fit where the run stands. What is written ahead may be the last record too; while
 *  a recovery has not decided yet, those of the cut before hold. */
function fitting(bench: Bench, program: Program): number[] {
  const { schedule, resumeAt, outage, heldPhase, permit } = bench.channel.shell.channel.run;
  const { phase, index, nextIndex } = schedule;
  if (phase === IDLE || outage === OUTAGE_UNJUDGED) return [];
  if (phase === ARMING) return [GO_ON];
  const coming = decisionFor(program.steps.at(nextIndex)?.kind);
  const between = bench.channel.shell.channel.sample[RELAY] === 0 ? GO_ON : SETTLE;
  if (phase === LOADING) return [between, coming];
  const here = decisionFor(program.steps[index].kind);
  // One step is written ahead while the other still runs.
  if (phase === RUNNING && permit === PERMIT_GIVEN) return [here, between, coming];
  if (phase !== HELD) return endsStaircase(bench, program) ? [here, GO_ON] : [here];
  // What flowed before the cut stands in the journal, which decides the same again.
  const going = heldPhase === LOADING ? [GO_ON, SETTLE] : [here];
  if (!waitsForOperator(bench)) return going;
  return resumeAt < Infinity ? [BE_HELD, ...going] : [BE_HELD];
}

/** Whether the last half cycle of a staircase is over with the coming frame, and that stands in the
 *  journal: what follows is the next step. */
function endsStaircase({ channel }: Bench, program: Program): boolean {
  const { ccd, schedule, permit } = channel.shell.channel.run;
  const { kind, current, increment, currentMax } = program.steps[schedule.index];
  const top = current + (ccd.level + 1.5) * increment > currentMax;
  return kind === STEP_CCD && permit === PERMIT_GIVEN && ccd.half === 1 && top;
}

/** Whether what holds the run is not its own resume. */
function waitsForOperator({ record }: Bench): boolean {
  const codes = record.events.map(({ code }) => code);
  return codes.lastIndexOf(EVENT_HOLD) > codes.lastIndexOf(EVENT_GAP);
}

/** The decisions that the table allows for a cut between the two sides of a moment. */
export function allowedAt({ before, after }: Moment, program: Program): number[] {
  return [...fitting(before, program), ...fitting(after, program)];
}

/** Where a run may be cut: the bench before it, and what may be decided after. */
export interface Place {
  before: Bench;
  each: Transaction;
  allowed: number[];
}

/** All places of a run behind its transaction `from`, until `over`. */
export function* placesOf(
  open: () => Bench,
  program: Program,
  from: number,
  over: (bench: Bench) => boolean,
): Generator<Place, void> {
  for (const moment of momentsOf(open, LONGEST_MS, program.operate)) {
    if (over(moment.before)) return;
    const allowed = allowedAt(moment, program);
    for (const each of moment.transactions) {
      const taken = ofMemory(each) || each.number % OTHERS === 0;
      if (taken && each.number > from) yield { before: moment.before, each, allowed };
    }
  }
}

/** About `count` of them, from the first to the last. */
export function* spreadPlaces(
  count: number,
  ...run: Parameters<typeof placesOf>
): Generator<Place, void> {
  const numbers = [...placesOf(...run)].map(({ each }) => each.number);
  const chosen = new Set(spread(numbers, count));
  for (const place of placesOf(...run)) if (chosen.has(place.each.number)) yield place;
}
