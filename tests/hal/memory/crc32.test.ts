// CRC-32/ISO-HDLC: check value and further vectors, also against Node's own.
import { crc32 as reference } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { crc32 } from "../../../hal/memory/crc32.ts";

function ofText(text: string): number {
  return crc32(new TextEncoder().encode(text));
}

test("known vectors", () => {
  expect(ofText("123456789")).toBe(0xcbf43926);
  expect(ofText("")).toBe(0);
  expect(ofText("a")).toBe(0xe8b7be43);
  expect(ofText("The quick brown fox jumps over the lazy dog")).toBe(0x414fa339);
  expect(crc32(new Uint8Array(32))).toBe(0x190a55ad);
  expect(crc32(new Uint8Array(32).fill(255))).toBe(0xff6cab0b);
});

test("any bytes, and views that do not start at their buffer's beginning", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(20), (bytes, skip) => {
      const view = bytes.subarray(Math.min(skip, bytes.length));
      expect(crc32(view)).toBe(reference(view));
    }),
    { seed: 1, numRuns: 300 },
  );
});
