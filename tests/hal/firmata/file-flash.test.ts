// The log's flash in a file: the rules of NOR flash, and what a program finds that comes later.
import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { FileFlash } from "../../../hal/firmata/file-flash.ts";
import { createFileFlash } from "../../../hal/firmata/file-flash.ts";

const BYTES = 4 * 1024 * 1024;

let folder = "";
const path = (): string => join(folder, "log");
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "cyclet-flash-"))));
afterEach(() => rmSync(folder, { recursive: true }));

function bytesAt(flash: FileFlash, offset: number, count: number): number[] {
  const into = new Uint8Array(count);
  expect(flash.read(offset, into)).toBe(true);
  return [...into];
}

test("is blank and whole when it is new, and leaves nothing else behind", () => {
  const flash = createFileFlash(path());
  expect(bytesAt(flash, BYTES - 2, 2)).toEqual([255, 255]);
  expect(readdirSync(folder)).toEqual(["log"]);
  expect(statSync(path()).size).toBe(BYTES);
  flash.close();
});

test("bits fall by programming and rise by erasing a sector; the next program finds them", () => {
  const first = createFileFlash(path());
  expect(first.program(4096, [0xf0, 1])).toBe(true);
  expect(first.program(4096, [0x3c])).toBe(true);
  expect(first.program(8192, [7])).toBe(true);
  expect(bytesAt(first, 4096, 2)).toEqual([0x30, 1]);
  first.close();
  const next = createFileFlash(path());
  expect(bytesAt(next, 4096, 2)).toEqual([0x30, 1]);
  expect(next.erase(1)).toBe(true);
  expect(bytesAt(next, 4096, 2)).toEqual([255, 255]);
  expect(bytesAt(next, 8192, 1)).toEqual([7]);
  next.close();
});

test("what is out of it, or crosses a page, is refused, and nothing is changed", () => {
  const flash = createFileFlash(path());
  expect(flash.program(250, new Uint8Array(7))).toBe(false);
  expect(flash.program(BYTES, [0])).toBe(false);
  expect(flash.program(-1, [0])).toBe(false);
  expect(flash.erase(BYTES / 4096)).toBe(false);
  expect(flash.read(BYTES - 1, new Uint8Array(2))).toBe(false);
  expect(bytesAt(flash, 250, 8)).toEqual(new Array(8).fill(255));
  flash.close();
});

test("a disk that fails answers false", () => {
  const flash = createFileFlash(path());
  flash.close();
  expect(flash.program(0, [0])).toBe(false);
  expect(flash.erase(0)).toBe(false);
  expect(flash.read(0, new Uint8Array(1))).toBe(false);
});

test("a file of another size is none of ours, and stays as it is", () => {
  createFileFlash(path()).close();
  truncateSync(path(), 5);
  expect(() => createFileFlash(path())).toThrow(/is not 4194304 bytes long/);
  expect(statSync(path()).size).toBe(5);
});

test("one that was being made when the program died is made anew", () => {
  writeFileSync(`${path()}.new`, "half");
  const flash = createFileFlash(path());
  expect(bytesAt(flash, 0, 1)).toEqual([255]);
  expect(readdirSync(folder)).toEqual(["log"]);
  flash.close();
});
