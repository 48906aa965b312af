import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFileMemory } from "../../../hal/firmata/file-memory.ts";
import { crc32 } from "../../../hal/memory/crc32.ts";

const AREAS = { config: 0, protocol: 64, journal: 128, end: 256 };
let folder = "";

beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "cyclet-memory-"))));
afterEach(() => rmSync(folder, { recursive: true }));

function open() {
  return createFileMemory(join(folder, "memory"), AREAS, crc32);
}

test("what was programmed is in the file before the call returns", () => {
  const memory = open();
  expect(memory.program(100, Uint8Array.of(1, 2, 3))).toBe(true);
  const file = readFileSync(join(folder, "memory"));
  expect(file).toHaveLength(AREAS.end);
  expect([...file.subarray(99, 104)]).toEqual([0, 1, 2, 3, 0]);
});

test("a second program finds it, whether the first one has closed it or died", () => {
  open().program(0, Uint8Array.of(7, 8));
  const into = new Uint8Array(3);
  expect(open().read(0, into)).toBe(true);
  expect([...into]).toEqual([7, 8, 0]);
});

test("a file that was cut short is filled with zeros", () => {
  writeFileSync(join(folder, "memory"), Uint8Array.of(5, 6));
  const into = new Uint8Array(4);
  expect(open().read(0, into)).toBe(true);
  expect([...into]).toEqual([5, 6, 0, 0]);
  expect(readFileSync(join(folder, "memory"))).toHaveLength(AREAS.end);
});

test.each([
  [-1, 1],
  [250, 7],
  [256, 1],
])("%i, %i bytes on: outside", (offset, count) => {
  const memory = open();
  expect(memory.read(offset, new Uint8Array(count))).toBe(false);
  expect(memory.program(offset, new Uint8Array(count))).toBe(false);
});

test("a disk that fails answers false, and what is read is what stands on it", () => {
  const memory = open();
  memory.program(0, Uint8Array.of(1));
  memory.close();
  expect(memory.program(0, Uint8Array.of(2))).toBe(false);
  const into = new Uint8Array(1);
  memory.read(0, into);
  expect(into[0]).toBe(1);
});

test("a path that cannot be opened is told at once", () => {
  expect(() => createFileMemory(folder, AREAS, crc32)).toThrow(/EISDIR/);
});
