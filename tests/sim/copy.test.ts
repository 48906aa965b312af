import { describe, expect, it } from "vitest";
import { copy, copyInto } from "../../sim/copy.ts";
import type { StateFunction } from "../../sim/copy.ts";

const keep = (found: StateFunction): StateFunction => found;

describe("copy", () => {
  it("copies every kind of plain data, sharing nothing", () => {
    const source = {
      number: -0,
      missing: null,
      text: "x",
      flag: true,
      none: undefined,
      list: [1, [2, { three: 3 }]],
      bytes: new Uint8Array([1, 2]),
      doubles: new Float64Array([Infinity, NaN]),
    };
    const made = copy(source);
    expect(made).toEqual(source);
    expect(Object.is(made.number, -0)).toBe(true);
    expect(made.list).not.toBe(source.list);
    made.bytes[0] = 9;
    made.doubles[0] = 9;
    (made.list[1] as unknown[])[0] = 9;
    expect(source.bytes[0]).toBe(1);
    expect(source.doubles[0]).toBe(Infinity);
    expect((source.list[1] as unknown[])[0]).toBe(2);
  });

  it("refuses what is no plain data", () => {
    expect(() => copy({ map: new Map() })).toThrow(TypeError);
    expect(() => copy({ run: () => 1 })).toThrow(TypeError);
    expect(() => copy(new Date())).toThrow(TypeError);
  });
});

describe("copyInto", () => {
  it("keeps the identity of objects, arrays and typed arrays of equal length", () => {
    const inner = { x: 1 };
    const target = { inner, list: [1, 2, 3], bytes: new Uint8Array(2) };
    const { list, bytes } = target;
    const source = { inner: { x: 5 }, list: [7], bytes: new Uint8Array([8, 9]) };
    copyInto(target, source, keep);
    expect(target.inner).toBe(inner);
    expect(target.list).toBe(list);
    expect(target.bytes).toBe(bytes);
    expect(target).toEqual(source);
  });

  it("replaces typed arrays of another length and drops keys the source lacks", () => {
    const target: Record<string, unknown> = { bytes: new Uint8Array(2), old: 1 };
    const source = { bytes: new Uint8Array([1, 2, 3]), fresh: { y: 2 } };
    copyInto<Record<string, unknown>>(target, source, keep);
    expect(target).toEqual(source);
    expect(target.bytes).not.toBe(source.bytes);
    expect(target.fresh).not.toBe(source.fresh);
  });

  it("passes functions through the translation", () => {
    const theirs = (): number => 1;
    const ours = (): number => 2;
    const source = { next: theirs, list: [theirs] };
    const target = { next: ours, list: [ours, ours] };
    copyInto(target, source, (found) => (found === theirs ? ours : found));
    expect(target.next).toBe(ours);
    expect(target.list).toEqual([ours]);
  });
});
