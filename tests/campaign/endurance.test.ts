// A month of cycling: how often each byte of the memory is written and read by the journal, and how
// long that goes on until the memory has had its share. FRAM reads by rewriting, so both count. No
// board keeps its journal in NOR flash, so none is erased.
import { expect, test } from "vitest";
import { END_FINISHED } from "../../firmware/telemetry.ts";
import { complaint, long, openBench } from "./bench.ts";
import type { Bench } from "./fork.ts";
import { current, loop, rest } from "./programs.ts";

/** MB85RC256V: reads and writes a byte endures (DS501-00017, "Endurance"). */
const ENDURANCE = 1e12;
const DAYS = long ? 30 : 1;
const DAY_S = 86_400;
const YEAR_DAYS = 365;
const LEAST_YEARS = 3;
/** A cycle of an hour; levels of loops, days in hours. */
const CYCLE = [rest(300), current(2e-4, 1650), current(-2e-4, 1650), loop(0, 24), loop(0, DAYS)];
const PERIOD_MS = 1000;
const SPARE_S = 600;

/** Counts the accesses to each byte of the memory from now on. */
function countAccesses({ channel }: Bench) {
  const { fram } = channel.world;
  const { memory } = fram;
  const written = new Float64Array(memory.length);
  const read = new Float64Array(memory.length);
  const isPlace = (key: string | symbol): key is string => typeof key === "string" && key < ":";
  fram.memory = new Proxy(memory, {
    get: (_, key) => {
      if (isPlace(key)) read[Number(key)]++;
      return memory[key as never];
    },
    set: (_, key, value: number) => {
      if (isPlace(key)) written[Number(key)]++;
      memory[key as never] = value;
      return true;
    },
  });
  return { written, read };
}

test(`${DAYS} days of cycles: the memory lasts for years`, () => {
  const bench: Bench = openBench(CYCLE, { oracle: true, framePeriodMs: PERIOD_MS });
  const { channel, record } = bench;
  const { written, read } = countAccesses(bench);
  channel.runUntil((DAYS * DAY_S + SPARE_S) * 1000);
  const told = complaint(channel, [], JSON.stringify(record.events.slice(-3)));
  expect(record.verdict?.values[2], told).toBe(END_FINISHED);
  expect(channel.oracle?.violations).toEqual([]);
  const accesses = written.map((count, at) => count + read[at]);
  const most = Math.max(...accesses);
  const at = accesses.indexOf(most);
  const years = ENDURANCE / (most / DAYS) / YEAR_DAYS;
  const revisions = channel.shell.desk?.diary.journal.revision ?? 0;
  console.log(
    `endurance, ${DAYS} days: FRAM at most ${written[at]} writes and ${read[at]} reads of a byte ` +
      `(0x${at.toString(16)}), ${Math.round(years)} years at ${ENDURANCE.toExponential()}; ` +
      `${revisions} segments opened; no NOR flash is written`,
  );
  expect(most).toBeGreaterThan(100 * DAYS);
  expect(years).toBeGreaterThan(LEAST_YEARS);
});
