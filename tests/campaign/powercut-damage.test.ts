// The journal that a run has left, damaged: each single bit of a record flipped, and bursts. No
// damaged record is taken for one, and a journal with a damaged opening is that of before it.
import { expect, test } from "vitest";
import { MEMORY_AREAS } from "../../boards/simulated.ts";
import { OPENING_BYTES, createJournal, openSegment, recover } from "../../firmware/journal.ts";
import { KIND, RECORD_BYTES, SEQUENCE } from "../../firmware/record.ts";
import { createArrayMemory } from "../../hal/memory/array.ts";
import { crc32 } from "../../hal/memory/crc32.ts";
import { createStream, uniform } from "../../sim/random.ts";
import { PROGRAMS, rest } from "./programs.ts";
import { runSound } from "./survive.ts";
import { spread } from "./tally.ts";

const RECORDS = 100;
const BITS = 8;
const BURSTS = 10_000;
const BURST_BITS = 32;

/** A journal whose only record is at `AT`, written there by hand. */
const AT = MEMORY_AREAS.journal + OPENING_BYTES;
const single = createArrayMemory(new Uint8Array(MEMORY_AREAS.end), MEMORY_AREAS, crc32);

/** Whether a journal takes the bytes for a record, if it awaits their number. */
function isWhole(bytes: Uint8Array): boolean {
  const journal = createJournal(MEMORY_AREAS);
  journal.segment = -1;
  journal.sequence = new Uint32Array(bytes.slice().buffer)[SEQUENCE];
  openSegment(journal, single, 1);
  single.program(AT, bytes);
  const found = createJournal(MEMORY_AREAS);
  recover(found, single);
  return found.record.bytes[KIND] !== 0;
}

function flip(bytes: Uint8Array, bit: number): void {
  bytes[bit >> 3] ^= 1 << (bit & 7);
}

/** One that fills a segment with checkpoints. */
const WAITING = { ...PROGRAMS[0], steps: [rest(120)] };

const journals = [...PROGRAMS, WAITING].map(
  (program) => runSound(program).bench.channel.world.fram.memory,
);

/** All records that the runs have left in their journals. */
const records = journals.flatMap((memory) => {
  const area = memory.subarray(MEMORY_AREAS.journal, MEMORY_AREAS.end);
  const places = Array.from({ length: area.length / RECORD_BYTES }, (_, i) => i * RECORD_BYTES);
  const pieces = places.map((at) => area.slice(at, at + RECORD_BYTES));
  return pieces.filter(isWhole);
});

test("single bits flipped in a journal's records: all are refused", () => {
  let flips = 0;
  let refused = 0;
  for (const bytes of spread(records, RECORDS)) {
    for (let bit = 0; bit < RECORD_BYTES * BITS; bit++) {
      flip(bytes, bit);
      flips++;
      if (!isWhole(bytes)) refused++;
      flip(bytes, bit);
    }
  }
  console.log(`single bit flips refused ${refused}/${flips}`);
  expect(flips).toBe(RECORDS * RECORD_BYTES * BITS);
  expect(refused).toBe(flips);
});

test("bursts of up to 32 bits in a journal's records: all are refused", () => {
  const stream = createStream(1, "bursts");
  const draw = (below: number): number => Math.floor(uniform(stream) * below);
  let refused = 0;
  for (let i = 0; i < BURSTS; i++) {
    const bytes = records[i % records.length].slice();
    const at = draw(RECORD_BYTES * BITS - BURST_BITS + 1);
    const mask = 1 + draw(2 ** BURST_BITS - 1);
    for (let bit = 0; bit < BURST_BITS; bit++) if ((mask >>> bit) & 1) flip(bytes, at + bit);
    if (!isWhole(bytes)) refused++;
  }
  console.log(`bursts refused ${refused}/${BURSTS}`);
  expect(refused).toBe(BURSTS);
});

test("single bits flipped in the newest opening: what counts is the journal before it", () => {
  const memory = createArrayMemory(journals[0].slice(), MEMORY_AREAS, crc32);
  const find = (): number => {
    const journal = createJournal(MEMORY_AREAS);
    const hash = recover(journal, memory);
    return hash < 0 ? -1 : journal.revision;
  };
  const newest = createJournal(MEMORY_AREAS);
  recover(newest, memory);
  const at = MEMORY_AREAS.journal + newest.segment * newest.size;
  const bytes = newest.opening.slice();
  let refused = 0;
  for (let bit = 0; bit < OPENING_BYTES * BITS; bit++) {
    flip(bytes, bit);
    memory.program(at, bytes);
    if (find() === newest.revision - 1) refused++;
    flip(bytes, bit);
  }
  memory.program(at, bytes);
  console.log(`single bit flips of an opening refused ${refused}/${OPENING_BYTES * BITS}`);
  expect(find()).toBe(newest.revision);
  expect(refused).toBe(OPENING_BYTES * BITS);
});
