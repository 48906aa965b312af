// The journal's records: what is written comes back, and nothing damaged is taken for one.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JournalRecord } from "../../firmware/record.ts";
import { seal } from "../../firmware/protocol.ts";
import { CHARGE, ELAPSED, KIND, SEQUENCE, TIME, VOLTAGE, WHAT } from "../../firmware/record.ts";
import { RECORD_BYTES, RECORD_CHECKPOINT, RECORD_GAP } from "../../firmware/record.ts";
import { RECORD_RUN_START, createRecord, isRecord } from "../../firmware/record.ts";
import { setTime, timeOf } from "../../firmware/record.ts";
import { crc32 } from "../../hal/memory/crc32.ts";

const u32 = fc.integer({ min: 0, max: 0xffffffff });

function specimen(sequence: number): JournalRecord {
  const record = createRecord();
  record.words[WHAT] = RECORD_CHECKPOINT | (7 << 16);
  record.words[SEQUENCE] = sequence;
  setTime(record, TIME, 12345.6);
  setTime(record, ELAPSED, 99.9);
  record.values[CHARGE] = 0.25;
  record.values[VOLTAGE] = -0.1234;
  seal(record.bytes, crc32);
  return record;
}

/** A record of these bytes. */
function recordOf(bytes: Uint8Array): JournalRecord {
  const record = createRecord();
  record.bytes.set(bytes);
  return record;
}

describe("a record", () => {
  test("says what it was filled with, little-endian", () => {
    const record = recordOf(specimen(0x01020304).bytes);
    expect(isRecord(record, crc32)).toBe(true);
    expect([...record.bytes.subarray(4, 8)]).toEqual([4, 3, 2, 1]);
    expect(timeOf(record, TIME)).toBe(12345.6);
    expect(timeOf(record, ELAPSED)).toBe(99.9);
    expect(record.values[CHARGE]).toBe(0.25);
    expect(record.values[VOLTAGE]).toBeCloseTo(-0.1234, 7);
  });

  test("keeps times to a tenth of a second, for years", () => {
    fc.assert(
      fc.property(u32, (tenths) => {
        const record = createRecord();
        setTime(record, TIME, tenths / 10);
        expect(record.words[TIME]).toBe(tenths);
        expect(timeOf(record, TIME)).toBeCloseTo(tenths / 10, 6);
      }),
    );
  });

  test.each([RECORD_RUN_START, RECORD_GAP])("is one of kind %i", (kind) => {
    const record = specimen(1);
    record.bytes[KIND] = kind;
    seal(record.bytes, crc32);
    expect(isRecord(record, crc32)).toBe(true);
  });

  test.each([0, RECORD_GAP + 1, 255])("is none of kind %i, whole or not", (kind) => {
    const record = specimen(1);
    record.bytes[KIND] = kind;
    seal(record.bytes, crc32);
    expect(isRecord(record, crc32)).toBe(false);
  });

  test("is refused with any single bit flipped: 25 600 flips", () => {
    let flips = 0;
    for (let i = 0; i < 100; i++) {
      const { bytes } = specimen(i * 7919);
      for (let bit = 0; bit < RECORD_BYTES * 8; bit++) {
        bytes[bit >> 3] ^= 1 << (bit & 7);
        if (!isRecord(recordOf(bytes), crc32)) flips++;
        bytes[bit >> 3] ^= 1 << (bit & 7);
      }
    }
    expect(flips).toBe(25_600);
  });

  test("is refused with any burst of up to 32 bits: 10 000 bursts", () => {
    const burst = fc.record({
      at: fc.integer({ min: 0, max: RECORD_BYTES * 8 - 32 }),
      mask: fc.integer({ min: 1, max: 0xffffffff }),
      sequence: u32,
    });
    fc.assert(
      fc.property(burst, ({ at, mask, sequence }) => {
        const { bytes } = specimen(sequence);
        for (let i = 0; i < 32; i++) {
          if ((mask >>> i) & 1) bytes[(at + i) >> 3] ^= 1 << ((at + i) & 7);
        }
        expect(isRecord(recordOf(bytes), crc32)).toBe(false);
      }),
      { numRuns: 10_000 },
    );
  });

  test("is not found in blank or random memory", () => {
    expect(isRecord(recordOf(new Uint8Array(RECORD_BYTES)), crc32)).toBe(false);
    expect(isRecord(recordOf(new Uint8Array(RECORD_BYTES).fill(255)), crc32)).toBe(false);
    const bytes = fc.uint8Array({ minLength: RECORD_BYTES, maxLength: RECORD_BYTES });
    fc.assert(
      fc.property(bytes, (noise) => {
        expect(isRecord(recordOf(noise), crc32)).toBe(false);
      }),
    );
  });
});
