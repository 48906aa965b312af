// NAU7802 data sheet, Rev. 1.7: chapters 10 and 11 (registers and reset values), 8.6
// (calibration), 7.2 (full scale: half the reference over the gain), 7.5.2 (noise).
import { describe, expect, it } from "vitest";
import { createNau7802, readNau7802, writeNau7802 } from "../../../sim/chip/nau7802.ts";
import type { Nau7802 } from "../../../sim/chip/nau7802.ts";
import { updateNau7802 } from "../../../sim/chip/nau7802-conversion.ts";
import { createStream } from "../../../sim/random.ts";

const noise = createStream(5, "load cell");

/** Reads `count` registers from `register` at `nowMs` with `bridge` V/V at the input. */
function read(chip: Nau7802, register: number, count: number, nowMs: number, bridge = 0): number[] {
  const bytes = new Uint8Array(count);
  writeNau7802(chip, [register], nowMs);
  updateNau7802(chip, bridge, nowMs, noise);
  readNau7802(chip, bytes, count, nowMs);
  return [...bytes];
}

function code(chip: Nau7802, nowMs: number, bridge: number): number {
  const [high, middle, low] = read(chip, 0x12, 3, nowMs, bridge);
  return ((high << 24) >> 8) | (middle << 8) | low;
}

/** Powered, 3.0 V regulator, gain 128, 10 conversions a second, converting from 10 ms on. */
function started(errors: number, noiseScale = 0): Nau7802 {
  const chip = createNau7802(createStream(1, "load cell"), errors, noiseScale);
  writeNau7802(chip, [0x00, 0x86], 0);
  writeNau7802(chip, [0x01, 0x2f], 1);
  writeNau7802(chip, [0x00, 0x96], 10);
  return chip;
}

const LSB_V = 3.0 / 2 / 128 / 0x800000;

describe("NAU7802 registers", () => {
  it("reset to zero but for unity gains and the revision", () => {
    const chip = createNau7802(createStream(1, "x"), 0, 0);
    const expected = new Array<number>(32).fill(0);
    expected[0x07] = 0x80;
    expected[0x0e] = 0x80;
    expected[0x1f] = 0x0f;
    expect(read(chip, 0, 32, 0)).toEqual(expected);
  });

  it("report power-up ready 200 us after the digital part is switched on", () => {
    const chip = createNau7802(createStream(1, "x"), 0, 0);
    writeNau7802(chip, [0x00, 0x02], 5);
    expect(read(chip, 0, 1, 5.1)[0]).toBe(0x02);
    expect(read(chip, 0, 1, 5.2)[0]).toBe(0x0a);
  });

  it("stay in reset while RR is set", () => {
    const chip = started(0);
    writeNau7802(chip, [0x00, 0x01], 20);
    writeNau7802(chip, [0x01, 0x2f], 21);
    expect(read(chip, 0, 2, 22)).toEqual([0x01, 0]);
    writeNau7802(chip, [0x00, 0x00], 23);
    writeNau7802(chip, [0x01, 0x2f], 24);
    expect(read(chip, 0, 2, 25)).toEqual([0, 0x2f]);
  });

  it("keep result and revision read-only", () => {
    const chip = started(0);
    writeNau7802(chip, [0x12, 1, 2, 3], 11);
    writeNau7802(chip, [0x1f, 0x55], 11);
    expect(read(chip, 0x12, 3, 12)).toEqual([0, 0, 0]);
    expect(read(chip, 0x1f, 1, 12)).toEqual([0x0f]);
  });
});

describe("NAU7802 conversions", () => {
  it("set CR once for each, cleared by reading the result", () => {
    const chip = started(0);
    const ready = (nowMs: number): boolean => (read(chip, 0, 1, nowMs)[0] & 0x20) !== 0;
    expect(ready(109)).toBe(false);
    expect(ready(110)).toBe(true);
    code(chip, 115, 0);
    expect(ready(120)).toBe(false);
    expect(ready(211)).toBe(true);
  });

  it("come 320 times a second at the highest rate", () => {
    const chip = started(0);
    writeNau7802(chip, [0x02, 0x70], 20);
    expect(read(chip, 0, 1, 23)[0] & 0x20).toBe(0);
    expect(read(chip, 0, 1, 23.2)[0] & 0x20).toBe(0x20);
  });

  it("are wrong at first, then have 1.397 nV a code, both signs", () => {
    const bridge = 1e-3;
    const expected = Math.round((bridge * 3.0) / LSB_V);
    const chip = started(0);
    expect(Math.abs(code(chip, 110, bridge))).toBeLessThan(expected / 2);
    expect(code(chip, 1010, bridge)).toBe(expected);
    expect(code(chip, 1110, -bridge)).toBe(-expected);
    expect(LSB_V).toBeCloseTo(1.397e-9, 12);
  });

  it("clip at full scale", () => {
    const chip = started(0);
    expect(code(chip, 1010, 0.01)).toBe(0x7fffff);
    expect(code(chip, 1110, -0.01)).toBe(-0x800000);
  });

  it("give nothing without cycle start, or without the regulator", () => {
    const idle = createNau7802(createStream(1, "x"), 0, 0);
    writeNau7802(idle, [0x00, 0x86], 0);
    expect(read(idle, 0, 1, 1000)[0] & 0x20).toBe(0);
    const dark = started(0);
    writeNau7802(dark, [0x00, 0x16], 20);
    expect(code(dark, 1010, 1e-3)).toBe(0);
  });

  it("have about 50 nV rms of noise at 10 conversions a second", () => {
    const chip = started(0, 1);
    let squares = 0;
    const n = 500;
    for (let i = 0; i < n; i++) squares += (code(chip, 1010 + 100 * i, 0) * LSB_V) ** 2;
    const rms = Math.sqrt(squares / n);
    expect(rms).toBeGreaterThan(43e-9);
    expect(rms).toBeLessThan(57e-9);
  });
});

describe("NAU7802 calibration", () => {
  function calibrate(chip: Nau7802, mode: number, nowMs: number, bridge: number): number {
    writeNau7802(chip, [0x02, 0x04 | mode], nowMs);
    expect(read(chip, 0x02, 1, nowMs + 1, bridge)[0] & 0x04).toBe(0x04);
    return read(chip, 0x02, 1, nowMs + 500, bridge)[0];
  }

  it("removes the internal offset that is there before", () => {
    const chip = started(1);
    expect(Math.abs(code(chip, 1010, 0)) * LSB_V).toBeGreaterThan(1e-6);
    expect(calibrate(chip, 0, 2000, 1e-3)).toBe(0);
    expect(code(chip, 4000, 0)).toBe(0);
    expect(code(chip, 4200, 1e-3)).toBe(Math.round(3e-3 / LSB_V));
  });

  it("is needed again after a change of gain", () => {
    const chip = started(1);
    calibrate(chip, 0, 2000, 0);
    writeNau7802(chip, [0x01, 0x2e], 4000);
    expect(code(chip, 6000, 0)).not.toBe(0);
    calibrate(chip, 0, 6000, 0);
    expect(code(chip, 8000, 0)).toBe(0);
  });

  it("of the system takes the present input as zero", () => {
    const chip = started(1);
    expect(calibrate(chip, 2, 2000, 1e-3)).toBe(2);
    expect(code(chip, 4000, 1e-3)).toBe(0);
  });

  it("stops conversions while it lasts, and fails without power", () => {
    const chip = started(0);
    code(chip, 1010, 0);
    writeNau7802(chip, [0x02, 0x04], 1011);
    expect(read(chip, 0, 1, 1300)[0] & 0x20).toBe(0);
    const dead = createNau7802(createStream(1, "x"), 0, 0);
    writeNau7802(dead, [0x02, 0x04], 0);
    expect(read(dead, 0x02, 1, 1000)[0]).toBe(0x08);
  });
});
