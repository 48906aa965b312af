// The journal over a memory that loses its power in the middle of any byte.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Journal } from "../../firmware/journal.ts";
import {
  OPENING_BYTES,
  OPENING_HEAD_BYTES,
  append,
  createJournal,
  hasRoom,
  openSegment,
  recover,
} from "../../firmware/journal.ts";
import { KIND, RECORD_BYTES, RECORD_CHECKPOINT, TIME } from "../../firmware/record.ts";
import { crc32 } from "../../hal/memory/crc32.ts";
import type { Memory } from "../../hal/port.ts";

/** Segments of an opening and nine records. */
const AREAS = { config: 0, protocol: 64, journal: 128, end: 128 + 3 * 768 };
const HASH = 0xdeadbeef;

/** A memory of bytes that take effect one by one; after `power` of them it is cut. */
function memoryOf(bytes: Uint8Array, power = Infinity): Memory & { spent: number } {
  const memory = {
    areas: AREAS,
    crc32,
    spent: 0,
    read: (offset: number, into: Uint8Array) => {
      if (memory.spent >= power) return false;
      into.set(bytes.subarray(offset, offset + into.length));
      return true;
    },
    program: (offset: number, from: Uint8Array) => {
      for (let i = 0; i < from.length; i++) {
        if (memory.spent >= power) return false;
        bytes[offset + i] = from[i];
        memory.spent++;
      }
      return true;
    },
  };
  return memory;
}

/** Of the opening, behind its head. */
function stateOf({ opening }: Journal): DataView {
  return new DataView(opening.buffer, OPENING_HEAD_BYTES);
}

/** Writes `count` checkpoints with time = number, a new segment where one is full; how many were
 *  acknowledged. The opening's state holds the number of checkpoints before it. */
function write(journal: Journal, memory: Memory, from: number, count: number): number {
  for (let i = from; i < from + count; i++) {
    if (!hasRoom(journal)) {
      stateOf(journal).setUint32(0, i);
      if (!openSegment(journal, memory, HASH)) return i - from;
    }
    journal.record.bytes[KIND] = RECORD_CHECKPOINT;
    journal.record.words[TIME] = i;
    if (!append(journal, memory)) return i - from;
  }
  return count;
}

interface Found {
  hash: number;
  /** Time of the last checkpoint, or of the opening where none follows. */
  last: number;
  journal: Journal;
}

function find(bytes: Uint8Array): Found {
  const journal = createJournal(AREAS);
  const hash = recover(journal, memoryOf(bytes));
  const { record } = journal;
  const state = stateOf(journal).getUint32(0);
  return { hash, last: record.bytes[KIND] === 0 ? state - 1 : record.words[TIME], journal };
}

describe("the journal", () => {
  test("of a blank memory is none", () => {
    expect(find(new Uint8Array(AREAS.end)).hash).toBe(-1);
    expect(find(new Uint8Array(AREAS.end).fill(255)).hash).toBe(-1);
  });

  test("gives back its last record, through many turns of its segments", () => {
    const bytes = new Uint8Array(AREAS.end);
    const journal = createJournal(AREAS);
    for (let i = 0; i < 100; i++) {
      expect(write(journal, memoryOf(bytes), i, 1)).toBe(1);
      expect(find(bytes)).toMatchObject({ hash: HASH, last: i });
    }
    expect(journal.revision).toBeGreaterThan(10);
  });

  test("touches nothing but its own area", () => {
    const bytes = new Uint8Array(AREAS.end + 64).fill(7);
    write(createJournal(AREAS), memoryOf(bytes), 0, 200);
    expect(bytes.subarray(0, AREAS.journal).every((byte) => byte === 7)).toBe(true);
    expect(bytes.subarray(AREAS.end).every((byte) => byte === 7)).toBe(true);
  });

  test("goes on after the wrap of its numbers", () => {
    const bytes = new Uint8Array(AREAS.end);
    const journal = { ...createJournal(AREAS), revision: 0xfffffffd, sequence: 0xfffffff0 };
    for (let i = 0; i < 60; i++) {
      write(journal, memoryOf(bytes), i, 1);
      expect(find(bytes).last).toBe(i);
    }
    expect(journal.revision).toBeLessThan(100);
    expect(journal.sequence).toBeLessThan(100);
  });

  test("refuses records before an opening, and a segment that memory does not give back", () => {
    const journal = createJournal(AREAS);
    const memory = memoryOf(new Uint8Array(AREAS.end));
    expect(append(journal, memory)).toBe(false);
    const deaf = { ...memory, program: () => true };
    expect(openSegment(journal, deaf, HASH)).toBe(false);
    expect(hasRoom(journal)).toBe(false);
  });

  test("refuses a record where its segment is full", () => {
    const journal = createJournal(AREAS);
    const memory = memoryOf(new Uint8Array(AREAS.end));
    expect(write(journal, memory, 0, 9)).toBe(9);
    expect(hasRoom(journal)).toBe(false);
    const before = memory.spent;
    expect(append(journal, memory)).toBe(false);
    expect(memory.spent).toBe(before);
  });

  test("is what can be read: a segment or a record that cannot is none", () => {
    const bytes = new Uint8Array(AREAS.end);
    write(createJournal(AREAS), memoryOf(bytes), 0, 3);
    const sound = memoryOf(bytes);
    const upTo = (end: number): Memory => ({
      ...sound,
      read: (offset, into) => offset + into.length <= end && sound.read(offset, into),
    });
    const journal = createJournal(AREAS);
    const { record } = journal;
    const found = (end: number): number => recover(journal, upTo(end));
    expect(found(AREAS.journal)).toBe(-1);
    const records = AREAS.journal + OPENING_BYTES;
    expect(found(records)).toBe(HASH);
    expect(record.bytes[KIND]).toBe(0);
    expect(found(records + 2 * RECORD_BYTES)).toBe(HASH);
    expect(record.words[TIME]).toBe(1);
  });

  test("never writes behind a record that memory did not take", () => {
    const bytes = new Uint8Array(AREAS.end);
    const journal = createJournal(AREAS);
    write(journal, memoryOf(bytes), 0, 3);
    const broken = memoryOf(bytes, 10);
    expect(write(journal, broken, 3, 1)).toBe(0);
    expect(hasRoom(journal)).toBe(false);
    expect(write(journal, memoryOf(bytes), 3, 1)).toBe(1);
    expect(find(bytes).last).toBe(3);
  });
});

describe("a power cut at every byte", () => {
  const COUNT = 24;

  test("leaves every acknowledged record, and at most the one under way beside", () => {
    const whole = memoryOf(new Uint8Array(AREAS.end));
    write(createJournal(AREAS), whole, 0, COUNT);
    for (let power = 0; power < whole.spent; power++) {
      const bytes = new Uint8Array(AREAS.end);
      const acknowledged = write(createJournal(AREAS), memoryOf(bytes, power), 0, COUNT);
      const found = find(bytes);
      if (found.hash === -1) expect(acknowledged).toBe(0);
      else {
        expect(found.last).toBeGreaterThanOrEqual(acknowledged - 1);
        expect(found.last).toBeLessThanOrEqual(acknowledged);
      }
      // Looking again finds the same, and what is written next is found.
      expect(find(bytes)).toEqual(found);
      expect(write(found.journal, memoryOf(bytes), 1000, 5)).toBe(5);
      expect(find(bytes).last).toBe(1004);
    }
  });

  test("and again while it goes on, loses nothing either", () => {
    const first = fc.integer({ min: 0, max: 1800 });
    fc.assert(
      fc.property(first, fc.integer({ min: 0, max: 700 }), (power, again) => {
        const bytes = new Uint8Array(AREAS.end);
        write(createJournal(AREAS), memoryOf(bytes, power), 0, COUNT);
        const before = find(bytes);
        const acknowledged = write(before.journal, memoryOf(bytes, again), 1000, 10);
        const after = find(bytes);
        const lowest = acknowledged > 0 ? 999 + acknowledged : before.last;
        expect(after.last).toBeGreaterThanOrEqual(lowest);
        expect(after.last).toBeLessThanOrEqual(1000 + acknowledged);
      }),
      { numRuns: 2000 },
    );
  });

  test("with garbage in the byte that was being written", () => {
    const noise = fc.uint8Array({ minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 1800 }), noise, (power, garbage) => {
        const bytes = new Uint8Array(AREAS.end);
        const memory = memoryOf(bytes, power);
        const program = memory.program;
        memory.program = (offset, from) => {
          const before = memory.spent;
          if (program(offset, from)) return true;
          const torn = offset + (memory.spent - before);
          bytes.set(garbage.subarray(0, offset + from.length - torn), torn);
          return false;
        };
        const acknowledged = write(createJournal(AREAS), memory, 0, COUNT);
        const { last } = find(bytes);
        expect(last).toBeGreaterThanOrEqual(acknowledged - 1);
        expect(last).toBeLessThanOrEqual(acknowledged);
      }),
      { numRuns: 2000 },
    );
  });
});

test("a segment holds a whole number of records", () => {
  expect(createJournal(AREAS).size).toBe(768);
  expect(createJournal({ ...AREAS, end: AREAS.end + 100 }).size % RECORD_BYTES).toBe(0);
});
