// Cuts at random during a resume, one to three of them after the first: a resume that is resumed
// decides as the first one did, and the run ends as without any. `--long` tries a thousand.
import { expect, test } from "vitest";
import { MEMORY_AREAS } from "../../boards/simulated.ts";
import { createJournal, recover } from "../../firmware/journal.ts";
import { BE_HELD, FOUND_BOOT_LOOP, SETTLE } from "../../firmware/resume.ts";
import { OUTAGE_JUDGED } from "../../firmware/run.ts";
import { IDLE, LOADING, RUNNING } from "../../firmware/schedule.ts";
import { EVENT_GAP } from "../../firmware/telemetry.ts";
import { createArrayMemory } from "../../hal/memory/array.ts";
import { crc32 } from "../../hal/memory/crc32.ts";
import { createStream, uniform } from "../../sim/random.ts";
import { long, seedsWanted } from "./bench.ts";
import type { Place } from "./cut.ts";
import { cutAt, placesOf, tearsOf } from "./cut.ts";
import type { Bench } from "./fork.ts";
import { branch } from "./fork.ts";
import { PAIRED, PROGRAMS } from "./programs.ts";
import type { Program } from "./programs.ts";
import { judge, openProgram, runOut, runSound } from "./survive.ts";
import { createTally } from "./tally.ts";

const CASES = seedsWanted > 0 ? seedsWanted : long ? 1000 : 40;
const MORE_MAX = 3;
/** From the third start within ten minutes on the run is held. */
const LOOP_STARTS = 3;

type Draw = (below: number) => number;

/** The run has been taken up again, or is over. */
function isBack({ channel }: Bench): boolean {
  const { run } = channel.shell.channel;
  const { phase } = run.schedule;
  const goesOn = (phase === RUNNING || phase === LOADING) && run.outage === OUTAGE_JUDGED;
  return channel.world.clock.bootMs > 0 && (phase === IDLE || goesOn);
}

/** A bench that is cut at one of these places, drawn; what may be decided then. */
function cutSomewhere(draw: Draw, run: Parameters<typeof placesOf>) {
  const numbers = [...placesOf(...run)].map(({ each }) => each.number);
  const number = numbers[draw(numbers.length)];
  const isIt = ({ each }: Place): boolean => each.number === number;
  for (const place of placesOf(...run)) {
    if (!isIt(place)) continue;
    const tears = tearsOf(place.each);
    const plan = cutAt(place.each, tears[draw(tears.length)]);
    // Forked again and again from where it is cut.
    const bench = branch(place.before, plan);
    return { open: () => branch(bench), number, allowed: place.allowed };
  }
  return null;
}

/** Whether the journal is found the same twice. */
function foundTwice(bench: Bench): boolean {
  const memory = createArrayMemory(bench.channel.world.fram.memory, MEMORY_AREAS, crc32);
  const journal = createJournal(MEMORY_AREAS);
  const look = (): string => JSON.stringify([recover(journal, memory), journal]);
  return look() === look();
}

/** What each outage's decision was, but for those that too many starts have made. What was held at
 *  first may go on later: the operator's word can stand in the journal before it is told. */
function decisionsOf({ record }: Bench): string[] {
  const gaps = record.events.filter(({ code }) => code === EVENT_GAP);
  const told = gaps.filter(({ values }) => (values[1] & FOUND_BOOT_LOOP) === 0);
  const going = told.findIndex(({ values }) => values[0] !== BE_HELD);
  const counted = going < 0 ? told : told.slice(going);
  // Between two steps a current flowed before the first cut alone: only then it rests first.
  const own = counted.filter(({ values }) => values[2] >= 0 || values[0] > SETTLE);
  return [...new Set(own.map(({ values }) => `${values[0]} of ${values[2]}`))];
}

function runCase(seed: number, program: Program, untilMs: number) {
  const stream = createStream(seed, "cuts");
  const draw: Draw = (below) => Math.floor(uniform(stream) * below);
  const more = 1 + draw(MORE_MAX);
  const allowed: number[][] = [];
  const past = ({ channel }: Bench): boolean => channel.now() >= untilMs;
  let open = (): Bench => openProgram(program);
  let from = 0;
  for (let cuts = 0; cuts <= more; cuts++) {
    const next = cutSomewhere(draw, [open, program, from, cuts === 0 ? past : isBack]);
    if (next === null) break;
    allowed.push(next.allowed);
    ({ open, number: from } = next);
  }
  if (allowed.length >= LOOP_STARTS) allowed.push([BE_HELD]);
  const bench = open();
  runOut(bench, program, allowed.length);
  return { bench, allowed };
}

const all = [...PROGRAMS, PAIRED].map((program) => ({ program, sound: runSound(program) }));

test("cuts while a run is resumed: the same decision, and the same run", () => {
  const tally = createTally();
  for (let seed = 1; seed <= CASES; seed++) {
    const { program, sound } = all[seed % all.length];
    const { bench, allowed } = runCase(seed, program, sound.bench.channel.now());
    const { survival, wrong } = judge(bench, sound, program, allowed);
    const decided = decisionsOf(bench);
    const told = `seed ${seed}, ${bench.channel.world.faults.resets} cuts: `;
    if (survival === null) tally.fail("not survived", told + wrong);
    else if (decided.length > 1) tally.fail("two decisions", told + decided.join(", "));
    else if (!foundTwice(bench)) tally.fail("found otherwise", told);
    else tally.add(survival);
  }
  tally.print("resumes cut short survived");
  expect(tally.wrong.slice(0, 5).join("\n")).toBe("");
  expect(tally.count("went on")).toBeGreaterThan(CASES / 10);
  expect(tally.count("held, as the table says")).toBeGreaterThan(CASES / 10);
});
