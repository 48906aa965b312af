// MB85RC256V data sheet, Fujitsu DS501-00017: "I2C Communication Protocol" (two address bytes, high
// first, then data), "Random Read" (pointer write, repeated start), "Sequential Read".
import { describe, expect, test } from "vitest";
import { createFram } from "../../../hal/memory/fram.ts";
import type { Transaction } from "../scripted-bus.ts";
import { createScriptedBus } from "../scripted-bus.ts";

const ADDRESS = 0x50;
const AREAS = { config: 0, protocol: 0x400, journal: 0x5000, end: 0x8000 };
/** Longest transfer of the slowest bus driver's buffer. */
const CHUNK = 32;

function create(timing: "inline" | "deferred" = "inline") {
  const bus = createScriptedBus(timing);
  return { bus, memory: createFram(bus.i2c, ADDRESS, AREAS, (bytes) => bytes[0]) };
}

function pattern(length: number): number[] {
  return Array.from({ length }, (_, i) => (i * 7 + 3) & 255);
}

/** The chunks of `bytes` from `offset` on. */
function chunks(offset: number, bytes: number[]): { pointer: number[]; part: number[] }[] {
  const found = [];
  for (let at = 0; at < bytes.length; at += CHUNK) {
    const address = offset + at;
    const pointer = [Math.floor(address / 256), address % 256];
    found.push({ pointer, part: bytes.slice(at, at + CHUNK) });
  }
  return found;
}

function reads(offset: number, bytes: number[]): Transaction[] {
  return chunks(offset, bytes).flatMap(({ pointer, part }) => [
    { address: ADDRESS, write: pointer },
    { address: ADDRESS, register: -1, count: part.length, reply: part },
  ]);
}

function programs(offset: number, bytes: number[]): Transaction[] {
  return chunks(offset, bytes).map(({ pointer, part }) => ({
    address: ADDRESS,
    write: [...pointer, ...part],
  }));
}

const spans = [
  [0x0000, 1],
  [0x00ff, 2],
  [0x0400, 31],
  [0x0400, 32],
  [0x0400, 33],
  [0x04fe, 84],
  [0x7f9c, 100],
];

describe("MB85RC256V", () => {
  test.each(spans)("reads from %i on %i bytes, each chunk behind its own pointer", (at, length) => {
    const { bus, memory } = create();
    const bytes = pattern(length);
    bus.expect(...reads(at, bytes));
    const into = new Uint8Array(length);
    expect(memory.read(at, into)).toBe(true);
    bus.finished();
    expect([...into]).toEqual(bytes);
  });

  test.each(spans)("programs from %i on %i bytes", (at, length) => {
    const { bus, memory } = create();
    const bytes = pattern(length);
    bus.expect(...programs(at, bytes));
    expect(memory.program(at, Uint8Array.from(bytes))).toBe(true);
    bus.finished();
  });

  test("reads into a part of a buffer only", () => {
    const { bus, memory } = create();
    const buffer = new Uint8Array(50).fill(1);
    bus.expect(...reads(0x10, pattern(40)));
    expect(memory.read(0x10, buffer.subarray(5, 45))).toBe(true);
    bus.finished();
    expect([...buffer]).toEqual([...Array<number>(5).fill(1), ...pattern(40), 1, 1, 1, 1, 1]);
  });

  test("a read fails at the first transaction that is not acknowledged", () => {
    const script = reads(0x400, pattern(84));
    for (let broken = 0; broken < script.length; broken++) {
      const { bus, memory } = create();
      const each = script[broken];
      bus.expect(...script.slice(0, broken));
      bus.expect("write" in each ? { ...each, ack: false } : { ...each, reply: null });
      expect(memory.read(0x400, new Uint8Array(84))).toBe(false);
      bus.finished();
    }
    expect(script).toHaveLength(6);
  });

  test("programming fails at the first transaction that is not acknowledged", () => {
    const script = programs(0x400, pattern(84)) as { address: number; write: number[] }[];
    for (let broken = 0; broken < script.length; broken++) {
      const { bus, memory } = create();
      bus.expect(...script.slice(0, broken), { ...script[broken], ack: false });
      expect(memory.program(0x400, Uint8Array.from(pattern(84)))).toBe(false);
      bus.finished();
    }
    expect(script).toHaveLength(3);
  });

  test("nothing to read or program needs no transaction", () => {
    const { bus, memory } = create();
    expect(memory.read(0, new Uint8Array(0))).toBe(true);
    expect(memory.program(0, new Uint8Array(0))).toBe(true);
    bus.finished();
  });

  test("a bus that completes later is a fault, not a wait", () => {
    const { bus, memory } = create("deferred");
    bus.expect(...reads(0, pattern(4)));
    expect(memory.read(0, new Uint8Array(4))).toBe(false);
    bus.finished();
  });

  test("hands on its areas and the platform's checksum", () => {
    const { memory } = create();
    expect(memory.areas).toBe(AREAS);
    expect(memory.crc32(Uint8Array.of(42))).toBe(42);
  });
});
