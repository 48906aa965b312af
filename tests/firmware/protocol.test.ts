import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Step } from "../../firmware/protocol.ts";
import {
  PROTOCOL_HEADER_BYTES,
  SEALED,
  STEP_BYTES,
  STEP_END,
  createStep,
  createStepRecord,
  decodeHash,
  decodeHeader,
  encodeHeader,
  encodeStep,
} from "../../firmware/protocol.ts";
import { crc32 } from "../../hal/memory/crc32.ts";
import { stepOf } from "./records.ts";

const u32 = fc.integer({ min: 0, max: 0xffffffff });
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.nat(4),
  actions: fc.nat(255),
  flags: fc.nat(65535),
  to: fc.nat(65535),
  count: u32,
  current: fc.double(),
  increment: fc.double(),
  currentMax: fc.double(),
  duration: fc.double(),
  charge: fc.double(),
  voltageMin: fc.double(),
  voltageMax: fc.double(),
  rest: fc.double(),
  budget: fc.double(),
});

function stepBytes(of: Step): Uint8Array {
  const bytes = new Uint8Array(STEP_BYTES);
  encodeStep(of, bytes, crc32);
  return bytes;
}

function headerBytes(count: number, hash: number): Uint8Array {
  const bytes = new Uint8Array(PROTOCOL_HEADER_BYTES);
  encodeHeader(count, hash, bytes, crc32);
  return bytes;
}

/** Every byte of `good`, changed in one bit, in all, and at random. */
function eachChange(good: Uint8Array, check: (bad: Uint8Array) => void): void {
  const change = (at: number, flip: number): void => {
    const bad = good.slice();
    bad[at] ^= flip;
    check(bad);
  };
  for (let at = 0; at < good.length; at++) {
    for (let bit = 0; bit < 8; bit++) change(at, 1 << bit);
    change(at, 255);
  }
  fc.assert(fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), change), {
    seed: 1,
    numRuns: 500,
  });
}

describe("a step's bytes", () => {
  test("hold every field exactly", () => {
    fc.assert(
      fc.property(step, (drawn) => {
        const read = createStepRecord();
        read.bytes.set(stepBytes(drawn));
        expect(crc32(read.bytes)).toBe(SEALED);
        expect(stepOf(read)).toEqual(drawn);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test("are refused with any one byte changed", () => {
    eachChange(stepBytes({ ...createStep(), kind: 2, current: 1e-3, budget: 100 }), (bad) => {
      expect(crc32(bad)).not.toBe(SEALED);
    });
  });

  test("may lie anywhere in a buffer", () => {
    const memory = new Uint8Array(200);
    const part = memory.subarray(13, 13 + STEP_BYTES);
    encodeStep({ ...createStep(), current: 0.25 }, part, crc32);
    expect(crc32(part)).toBe(SEALED);
    expect(part).toEqual(stepBytes({ ...createStep(), current: 0.25 }));
  });

  test("are those of an END without bounds before any was read", () => {
    expect(stepOf(createStepRecord())).toEqual(createStep());
  });
});

describe("a program's header", () => {
  test("holds count and hash", () => {
    fc.assert(
      fc.property(u32, u32, (count, hash) => {
        const bytes = headerBytes(count, hash);
        expect([decodeHeader(bytes, crc32), decodeHash(bytes)]).toEqual([count, hash]);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test("is refused with any one byte changed", () => {
    eachChange(headerBytes(12, 0xdeadbeef), (bad) => expect(decodeHeader(bad, crc32)).toBe(-1));
  });

  test("is refused when blank or erased, or of another version though whole", () => {
    for (const fill of [0, 255]) {
      expect(decodeHeader(new Uint8Array(PROTOCOL_HEADER_BYTES).fill(fill), crc32)).toBe(-1);
    }
    for (const at of [0, 4]) {
      const other = headerBytes(3, 4);
      other[at]++;
      const view = new DataView(other.buffer);
      view.setUint32(16, crc32(other.subarray(0, 16)), true);
      expect(decodeHeader(other, crc32)).toBe(-1);
    }
  });
});

test("an empty step is an END that bounds nothing", () => {
  expect(createStep()).toMatchObject({
    kind: STEP_END,
    budget: 0,
    voltageMin: -Infinity,
    voltageMax: Infinity,
  });
});
