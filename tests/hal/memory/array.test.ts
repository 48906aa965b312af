import { describe, expect, test } from "vitest";
import { createArrayMemory } from "../../../hal/memory/array.ts";

const AREAS = { config: 0, protocol: 4, journal: 8, end: 16 };

function memoryOf(content: Uint8Array) {
  return createArrayMemory(content, AREAS, (bytes) => bytes.length);
}

const content = Uint8Array.from({ length: 16 }, (_, i) => 100 + i);

describe("a memory in an array", () => {
  test("starts as a copy of its content and does not write through", () => {
    const original = content.slice();
    const memory = memoryOf(original);
    expect(memory.program(3, Uint8Array.of(7, 8))).toBe(true);
    expect(original).toEqual(content);
    original.fill(0);
    const into = new Uint8Array(5);
    expect(memory.read(2, into)).toBe(true);
    expect([...into]).toEqual([102, 7, 8, 105, 106]);
  });

  test.each([
    [0, 16, true],
    [16, 0, true],
    [15, 1, true],
    [15, 2, false],
    [16, 1, false],
    [0, 17, false],
    [-1, 1, false],
    [-1, 0, false],
  ])("at offset %i takes %i bytes: %s", (offset, length, fits) => {
    const memory = memoryOf(content);
    const bytes = new Uint8Array(length).fill(9);
    expect(memory.program(offset, bytes)).toBe(fits);
    const all = new Uint8Array(16);
    memory.read(0, all);
    const expected = content.slice();
    if (fits) expected.set(bytes, offset);
    expect(all).toEqual(expected);
    const into = new Uint8Array(length).fill(1);
    expect(memory.read(offset, into)).toBe(fits);
    expect(into).toEqual(fits ? bytes : new Uint8Array(length).fill(1));
  });

  test("hands on its areas and its checksum", () => {
    const memory = memoryOf(content);
    expect(memory.areas).toBe(AREAS);
    expect(memory.crc32(new Uint8Array(5))).toBe(5);
  });
});
