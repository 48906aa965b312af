// HX711 data sheet, Avia Semiconductor: "Serial Interface", figure 2 (timing), table 3 (25 pulses
// keep channel A and gain 128), "Analog Inputs" (full scale ±20 mV at a supply of 5 V).
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HX711_NEWTONS_PER_COUNT, createHx711 } from "../../../hal/loadcell/hx711.ts";
import type { TwoWire } from "../../../hal/bus.ts";
import type { Converter, ReadState } from "../../../hal/port.ts";
import { answers, collector } from "../scripted-bus.ts";

const READING_PULSES = 25;

/** The chip's end of the wires: low when a conversion is over, a bit after each pulse, high from
 *  the 25th on. The pulses of one reading choose the input and gain of the next. */
class Wires implements TwoWire {
  private value = 0;
  private bit = READING_PULSES;
  pulses = 0;
  pulse = (): void => {
    this.pulses++;
    this.bit++;
  };
  data = (): boolean => {
    if (this.bit >= READING_PULSES) return true;
    return this.bit > 0 && ((this.value >> (24 - this.bit)) & 1) === 1;
  };
  /** A conversion is over. */
  convert(value: number): void {
    const chosen = this.bit === READING_PULSES || this.bit === 0;
    this.value = chosen ? value : 0x2aaaaa;
    this.bit = 0;
  }
}

function poll(converter: Converter): number {
  const polled = answers();
  converter.poll(polled.done);
  expect(polled.seen).toHaveLength(1);
  return polled.seen[0][0];
}

function read(converter: Converter): [number, ReadState] {
  const taken = collector<[number, ReadState]>();
  converter.read(taken.done);
  expect(taken.seen).toHaveLength(1);
  return taken.seen[0];
}

/** A chip whose first two readings are over. */
function running() {
  const wires = new Wires();
  const converter = createHx711(wires);
  for (let i = 0; i < 2; i++) {
    wires.convert(0x123456);
    expect(poll(converter)).toBe(0);
  }
  expect(wires.pulses).toBe(2 * READING_PULSES);
  wires.pulses = 0;
  return { wires, converter };
}

describe("HX711", () => {
  test("runs by itself: a start takes no time and touches no wire", () => {
    const wires = new Wires();
    const converter = createHx711(wires);
    expect(converter.begin(0, 0)).toBe(0);
    expect(wires.pulses).toBe(0);
    expect(converter.countsMax).toBe(0x7fffff);
  });

  test("drops its first two readings, then is ready when the data line is low", () => {
    const { wires, converter } = running();
    expect(poll(converter)).toBe(0);
    wires.convert(5);
    expect(poll(converter)).toBe(1);
    expect(poll(converter)).toBe(1);
    expect(wires.pulses).toBe(0);
  });

  test("reads any count of 24 bits with 25 pulses", () => {
    const { wires, converter } = running();
    fc.assert(
      fc.property(fc.integer({ min: -8388608, max: 8388607 }), (counts) => {
        // The first of a new value may be told as a lone one.
        for (let n = 0; n < 2; n++) {
          wires.convert(counts & 0xffffff);
          wires.pulses = 0;
          expect(poll(converter)).toBe(1);
          if (n === 0) read(converter);
        }
        expect(read(converter)).toEqual([counts, 1]);
        expect(wires.pulses).toBe(READING_PULSES);
        expect(poll(converter)).toBe(0);
      }),
      { seed: 1, examples: [[0], [1], [-1], [8388607], [-8388608]] },
    );
  });

  test("a reading that a conversion tore is not told, nor is the next beside it", () => {
    const { wires, converter } = running();
    const told: number[] = [];
    for (const value of [1000, 1010, 505, 1020, 1030, 400_000, 400_010, 400_020, 33_000]) {
      wires.convert(value << 4);
      expect(poll(converter)).toBe(1);
      const [counts, state] = read(converter);
      expect(state).not.toBe(-1);
      if (state === 1) told.push(counts >> 4);
    }
    expect(told).toEqual([1010, 505, 1020, 1030, 400_010, 400_020]);
  });

  test("a data line that stays low is a fault, and what follows is dropped again", () => {
    const { wires, converter } = running();
    const stuck = createHx711({ pulse: wires.pulse, data: () => false });
    expect([poll(stuck), poll(stuck), poll(stuck)]).toEqual([0, 0, 1]);
    expect(read(stuck)).toEqual([0, -1]);
    expect([poll(stuck), poll(stuck), poll(stuck)]).toEqual([0, 0, 1]);
    expect(poll(converter)).toBe(0);
  });

  test("a data line that stays high is pending for ever", () => {
    const absent = createHx711({ pulse: () => {}, data: () => true });
    for (let i = 0; i < 10; i++) expect(poll(absent)).toBe(0);
  });

  test.each([1, 10, 24])("gets right after a reset of the board %i pulses into a reading", (n) => {
    const wires = new Wires();
    wires.convert(0x5a5a5a);
    for (let i = 0; i < n; i++) wires.pulse();
    const converter = createHx711(wires);
    const seen: [number, ReadState][] = [];
    for (let value = 1000; value < 1010; value++) {
      // Before the first conversion after the reset the line may be at a bit that is 0.
      if (poll(converter) === 1) seen.push(read(converter));
      wires.convert(value);
    }
    expect(seen.length).toBeGreaterThan(5);
    // The first may stand beside a mixture, and is not told.
    expect(seen.slice(1).every(([, state]) => state === 1)).toBe(true);
    for (const [counts, state] of seen) {
      if (state === 0) continue;
      expect(counts).toBeGreaterThanOrEqual(1000);
      expect(counts).toBeLessThan(1010);
    }
  });
});

test("HX711: full scale is half the supply over the gain, so 2 mV/V is 0.512 of it", () => {
  const countsAtRated = (2e-3 * 128 * 2 ** 23) / 0.5;
  expect(HX711_NEWTONS_PER_COUNT * countsAtRated).toBeCloseTo(1000 * 9.80665, 6);
  // "±20 mV" at a supply of 5 V is ±0.5 · 5 V / 128, rounded.
  expect((0.5 * 5) / 128).toBeCloseTo(20e-3, 3);
});
