// The journal's records: what is written comes back, and nothing damaged is taken for one.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { append, createJournal, openSegment, recover } from "../../firmware/journal.ts";
import type { JournalRecord } from "../../firmware/record.ts";
import { seal } from "../../firmware/encode.ts";
import {
  CHARGE,
  CRC,
  ELAPSED,
  KIND,
  SEQUENCE,
  TIME,
  VOLTAGE,
  WHAT,
} from "../../firmware/record.ts";
import { RECORD_BYTES, RECORD_CHECKPOINT, RECORD_GAP } from "../../firmware/record.ts";
import { RECORD_RUN_START, createRecord } from "../../firmware/record.ts";
import { crc32 } from "../../hal/memory/crc32.ts";
import type { Memory } from "../../hal/port.ts";

const AREAS = { config: 0, protocol: 0, journal: 0, end: 3 * 544 };

/** A memory with room for an opening and two records a segment. */
function memoryOf(): Memory & { bytes: Uint8Array } {
  const bytes = new Uint8Array(AREAS.end);
  return {
    areas: AREAS,
    crc32,
    bytes,
    read: (offset, into) => {
      into.set(bytes.subarray(offset, offset + into.length));
      return true;
    },
    program: (offset, from) => {
      bytes.set(from, offset);
      return true;
    },
  };
}

/** A journal that begins with the record number `sequence`, and its memory; where that record's
 *  place is. */
function begun(sequence: number) {
  const memory = memoryOf();
  const journal = { ...createJournal(AREAS), sequence };
  expect(openSegment(journal, memory, 1)).toBe(true);
  return { memory, journal, place: journal.segment * journal.size + journal.at };
}

function fill(record: JournalRecord): void {
  record.words[WHAT] = RECORD_CHECKPOINT | (7 << 16);
  record.words[TIME] = 123456;
  record.words[ELAPSED] = 999;
  record.values[CHARGE] = 0.25;
  record.values[VOLTAGE] = -0.1234;
}

function specimen(sequence: number): Uint8Array {
  const record = createRecord();
  fill(record);
  record.words[SEQUENCE] = sequence;
  seal(record.bytes, crc32);
  return record.bytes;
}

/** Finds whether a journal takes these bytes for its record number `sequence`. */
function judgeOf(sequence: number): (bytes: Uint8Array) => boolean {
  const { memory, place } = begun(sequence);
  const reader = createJournal(AREAS);
  return (bytes) => {
    memory.bytes.set(bytes, place);
    expect(recover(reader, memory)).toBe(1);
    return reader.record.bytes[KIND] !== 0;
  };
}

describe("a record", () => {
  test("says what it was filled with, little-endian", () => {
    const { memory, journal, place } = begun(0x01020304);
    fill(journal.record);
    expect(append(journal, memory)).toBe(true);
    const bytes = memory.bytes.subarray(place, place + RECORD_BYTES);
    expect(bytes).toEqual(specimen(0x01020304));
    expect([...bytes.subarray(4, 8)]).toEqual([4, 3, 2, 1]);
    const reader = createJournal(AREAS);
    recover(reader, memory);
    const { words, values } = reader.record;
    expect([words[TIME], words[ELAPSED], values[CHARGE]]).toEqual([123456, 999, 0.25]);
    expect(values[VOLTAGE]).toBeCloseTo(-0.1234, 7);
    expect(words[CRC]).toBe(crc32(bytes.subarray(0, RECORD_BYTES - 4)));
  });

  test.each([RECORD_RUN_START, RECORD_GAP])("is one of kind %i", (kind) => {
    const bytes = specimen(1);
    bytes[KIND] = kind;
    seal(bytes, crc32);
    expect(judgeOf(1)(bytes)).toBe(true);
  });

  test.each([0, RECORD_GAP + 1, 255])("is none of kind %i, whole or not", (kind) => {
    const bytes = specimen(1);
    bytes[KIND] = kind;
    seal(bytes, crc32);
    expect(judgeOf(1)(bytes)).toBe(false);
  });

  test("is none with another number than the next", () => {
    expect(judgeOf(1)(specimen(1))).toBe(true);
    expect(judgeOf(1)(specimen(2))).toBe(false);
    expect(judgeOf(1)(specimen(0))).toBe(false);
  });

  test("is refused with any single bit flipped: 25 600 flips", () => {
    let flips = 0;
    for (let i = 0; i < 100; i++) {
      const isRecord = judgeOf(i * 7919);
      const bytes = specimen(i * 7919);
      for (let bit = 0; bit < RECORD_BYTES * 8; bit++) {
        bytes[bit >> 3] ^= 1 << (bit & 7);
        if (!isRecord(bytes)) flips++;
        bytes[bit >> 3] ^= 1 << (bit & 7);
      }
      expect(isRecord(bytes)).toBe(true);
    }
    expect(flips).toBe(25_600);
  });

  test("is refused with any burst of up to 32 bits: 10 000 bursts", () => {
    const burst = fc.record({
      at: fc.integer({ min: 0, max: RECORD_BYTES * 8 - 32 }),
      mask: fc.integer({ min: 1, max: 0xffffffff }),
    });
    const isRecord = judgeOf(4711);
    fc.assert(
      fc.property(burst, ({ at, mask }) => {
        const bytes = specimen(4711);
        for (let i = 0; i < 32; i++) {
          if ((mask >>> i) & 1) bytes[(at + i) >> 3] ^= 1 << ((at + i) & 7);
        }
        expect(isRecord(bytes)).toBe(false);
      }),
      { numRuns: 10_000 },
    );
  });

  test("is not found in blank or random memory", () => {
    const isRecord = judgeOf(0);
    expect(isRecord(new Uint8Array(RECORD_BYTES))).toBe(false);
    expect(isRecord(new Uint8Array(RECORD_BYTES).fill(255))).toBe(false);
    const noise = fc.uint8Array({ minLength: RECORD_BYTES, maxLength: RECORD_BYTES });
    fc.assert(
      fc.property(noise, (bytes) => {
        expect(isRecord(bytes)).toBe(false);
      }),
    );
  });
});
