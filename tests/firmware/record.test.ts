// The journal's records: what is written comes back, and nothing damaged is taken for one.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JournalRecord } from "../../firmware/record.ts";
import {
  RECORD_BYTES,
  RECORD_CHECKPOINT,
  RECORD_GAP,
  RECORD_RUN_START,
  createRecord,
  decodeRecord,
  encodeRecord,
} from "../../firmware/record.ts";
import { crc32 } from "../../hal/memory/crc32.ts";

const u32 = fc.integer({ min: 0, max: 0xffffffff });
const records: fc.Arbitrary<JournalRecord> = fc.record({
  kind: fc.integer({ min: RECORD_RUN_START, max: RECORD_GAP }),
  flags: fc.integer({ min: 0, max: 255 }),
  cycle: fc.integer({ min: 0, max: 65535 }),
  sequence: u32,
  time: u32.map((n) => n / 10),
  step: fc.integer({ min: 0, max: 65535 }),
  voltage: fc.integer({ min: -32767, max: 32767 }).map((n) => n * 0.0002),
  elapsed: u32.map((n) => n / 10),
  charge: fc.float({ noNaN: true }),
  current: fc.float({ noNaN: true }),
});

function encoded(record: JournalRecord): Uint8Array {
  const bytes = new Uint8Array(RECORD_BYTES);
  encodeRecord(record, bytes, crc32);
  return bytes;
}

function specimen(sequence: number): Uint8Array {
  const record = { ...createRecord(), kind: RECORD_CHECKPOINT, sequence, cycle: 3, step: 7 };
  return encoded({ ...record, time: 12345.6, voltage: -0.1234, elapsed: 99.9, charge: 0.25 });
}

describe("a record", () => {
  test("comes back as it was", () => {
    fc.assert(
      fc.property(records, (record) => {
        const back = createRecord();
        expect(decodeRecord(encoded(record), back, crc32)).toBe(true);
        for (const [key, value] of Object.entries(record)) {
          expect(back[key as keyof JournalRecord]).toBeCloseTo(value, 6);
        }
      }),
      { numRuns: 10_000 },
    );
  });

  test("holds what is out of range at the end of its range", () => {
    const back = createRecord();
    decodeRecord(encoded({ ...createRecord(), kind: 3, voltage: 9 }), back, crc32);
    expect(back.voltage).toBeCloseTo(6.5534, 6);
    decodeRecord(encoded({ ...createRecord(), kind: 3, voltage: -9 }), back, crc32);
    expect(back.voltage).toBeCloseTo(-6.5534, 6);
  });

  test("is refused with any single bit flipped: 25 600 flips", () => {
    let flips = 0;
    for (let i = 0; i < 100; i++) {
      const bytes = specimen(i * 7919);
      for (let bit = 0; bit < RECORD_BYTES * 8; bit++) {
        bytes[bit >> 3] ^= 1 << (bit & 7);
        const into = createRecord();
        if (!decodeRecord(bytes, into, crc32) && into.kind === 0) flips++;
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
        const bytes = specimen(sequence);
        for (let i = 0; i < 32; i++) {
          if ((mask >>> i) & 1) bytes[(at + i) >> 3] ^= 1 << ((at + i) & 7);
        }
        expect(decodeRecord(bytes, createRecord(), crc32)).toBe(false);
      }),
      { numRuns: 10_000 },
    );
  });

  test("is not found in blank or random memory", () => {
    expect(decodeRecord(new Uint8Array(RECORD_BYTES), createRecord(), crc32)).toBe(false);
    expect(decodeRecord(new Uint8Array(RECORD_BYTES).fill(255), createRecord(), crc32)).toBe(false);
    const bytes = fc.uint8Array({ minLength: RECORD_BYTES, maxLength: RECORD_BYTES });
    fc.assert(
      fc.property(bytes, (noise) => {
        expect(decodeRecord(noise, createRecord(), crc32)).toBe(false);
      }),
    );
  });
});
