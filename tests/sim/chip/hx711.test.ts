// HX711 data sheet (AVIA Semiconductor): Table 2 (settling, rates, noise, offset), Table 3 (input
// selection by clocks), Fig. 2 (serial interface), "Reset and Power-Down", "Analog Inputs".
import { describe, expect, it } from "vitest";
import { createHx711, dataHx711, isOffHx711, lowerHx711 } from "../../../sim/chip/hx711.ts";
import { raiseHx711, updateHx711 } from "../../../sim/chip/hx711.ts";
import type { Hx711 } from "../../../sim/chip/hx711.ts";
import { createStream } from "../../../sim/random.ts";

const noise = createStream(5, "load cell");

function ideal(rateHz: 10 | 80 = 10): Hx711 {
  return createHx711(createStream(1, "hx711"), 0, 0, rateHz);
}

function ready(chip: Hx711, nowMs: number, bridge = 1e-3): boolean {
  updateHx711(chip, bridge, 25, nowMs, noise);
  return !dataHx711(chip, nowMs);
}

/** `clocks` pulses of 1 us from `nowMs`; the level of DOUT after each rising edge. */
function clock(chip: Hx711, clocks: number, nowMs: number, bridge = 1e-3): boolean[] {
  return Array.from({ length: clocks }, (_, i) => {
    const atMs = nowMs + i * 0.002;
    updateHx711(chip, bridge, 25, atMs, noise);
    raiseHx711(chip, atMs);
    const level = dataHx711(chip, atMs + 0.0005);
    lowerHx711(chip, atMs + 0.001);
    return level;
  });
}

/** A result in two's complement, and the levels after it. */
function code(levels: boolean[]): number {
  const word = levels.slice(0, 24).reduce((bits, level) => bits * 2 + (level ? 1 : 0), 0);
  return word >= 0x800000 ? word - 0x1000000 : word;
}

/** Full scale is half the supply over the gain: codes of a bridge at `ratio` V/V. */
const expected = (ratio: number, gain: number): number => Math.round(ratio * gain * 2 * 0x800000);

describe("HX711 after power-up", () => {
  it("has its data line high for 400 ms at 10 SPS, 50 ms at 80 SPS", () => {
    expect(ready(ideal(), 399.9)).toBe(false);
    expect(ready(ideal(), 400)).toBe(true);
    expect(ready(ideal(80), 49.9)).toBe(false);
    expect(ready(ideal(80), 50)).toBe(true);
  });

  it("shifts 24 bits, most significant first; the 25th clock raises the line", () => {
    const chip = ideal();
    expect(ready(chip, 400)).toBe(true);
    const levels = clock(chip, 25, 400);
    expect(code(levels)).toBe(expected(1e-3, 128));
    expect(levels[24]).toBe(true);
    expect(ready(chip, 401)).toBe(false);
    expect(ready(chip, 499.9)).toBe(false);
    expect(ready(chip, 500)).toBe(true);
  });

  it("comes 10 or 80 times a second, and keeps only the last result", () => {
    const chip = ideal(80);
    ready(chip, 50);
    expect(code(clock(chip, 25, 50))).toBe(expected(1e-3, 128));
    expect(ready(chip, 62.4)).toBe(false);
    expect(ready(chip, 62.5)).toBe(true);
    expect(code(clock(chip, 25, 1000, 2e-3))).toBe(expected(2e-3, 128));
  });
});

describe("HX711 codes", () => {
  it("have both signs and clip at 7FFFFFh and 800000h", () => {
    const at = (bridge: number): number => {
      const chip = ideal();
      ready(chip, 400, bridge);
      return code(clock(chip, 25, 400, bridge));
    };
    expect(at(-1e-3)).toBe(-expected(1e-3, 128));
    expect(at(-1 / (256 * 0x800000))).toBe(-1);
    expect(at(0)).toBe(0);
    expect(at(5e-3)).toBe(0x7fffff);
    expect(at(-5e-3)).toBe(-0x800000);
  });

  it("have 50 nV rms of noise at 10 SPS, 90 nV at 80 SPS", () => {
    for (const [rateHz, low, high] of [
      [10, 43e-9, 57e-9],
      [80, 78e-9, 102e-9],
    ] as const) {
      const chip = createHx711(createStream(1, "hx711"), 0, 1, rateHz);
      const lsbV = 4.3 / 2 / 128 / 0x800000;
      let squares = 0;
      for (let i = 0; i < 400; i++) {
        ready(chip, 400 + 100 * i, 0);
        squares += (code(clock(chip, 25, 400 + 100 * i, 0)) * lsbV) ** 2;
      }
      expect(Math.sqrt(squares / 400)).toBeGreaterThan(low);
      expect(Math.sqrt(squares / 400)).toBeLessThan(high);
    }
  });

  it("carry an offset up to 0.2 mV and drift by nanovolts a kelvin", () => {
    const offsets = new Set<number>();
    for (let seed = 0; seed < 20; seed++) {
      const chip = createHx711(createStream(seed, "hx711"), 1, 0, 10);
      updateHx711(chip, 0, 25, 1000, noise);
      const lsbV = 4.3 / 2 / 128 / 0x800000;
      expect(Math.abs(chip.result * lsbV)).toBeLessThan(0.202e-3);
      offsets.add(chip.result);
      const before = chip.result;
      updateHx711(chip, 0, 35, 2000, noise);
      expect(Math.abs(chip.result - before) * lsbV).toBeLessThan(80e-9);
      expect(chip.periodMs).toBeGreaterThan(90);
      expect(chip.periodMs).toBeLessThan(112);
    }
    expect(offsets.size).toBe(20);
  });
});

describe("HX711 input selection", () => {
  it("takes channel B at 32 after 26 clocks, channel A at 64 after 27, settling anew", () => {
    for (const [clocks, ratio] of [
      [26, 0],
      [27, 64],
    ]) {
      const chip = ideal();
      ready(chip, 400);
      clock(chip, clocks, 400);
      expect(ready(chip, 500)).toBe(false);
      expect(ready(chip, 799)).toBe(false);
      expect(ready(chip, 800.1)).toBe(true);
      expect(code(clock(chip, clocks, 801))).toBe(expected(1e-3, ratio));
      // The same selection again costs no settling.
      expect(ready(chip, 901)).toBe(true);
    }
  });

  it("goes back to channel A at 128 with 25 clocks", () => {
    const chip = ideal();
    ready(chip, 400);
    clock(chip, 27, 400);
    ready(chip, 801);
    clock(chip, 25, 801);
    expect(ready(chip, 1200)).toBe(false);
    expect(ready(chip, 1202)).toBe(true);
    expect(code(clock(chip, 25, 1203))).toBe(expected(1e-3, 128));
  });

  it("stays as it was after fewer than 25 clocks, and the next result starts afresh", () => {
    const chip = ideal();
    ready(chip, 400);
    clock(chip, 24, 400);
    expect(ready(chip, 500)).toBe(true);
    expect(code(clock(chip, 25, 500))).toBe(expected(1e-3, 128));
  });
});

describe("HX711 power-down", () => {
  it("begins when the clock has been high for more than 60 us", () => {
    const chip = ideal();
    ready(chip, 400);
    raiseHx711(chip, 400);
    expect(isOffHx711(chip, 400.0599)).toBe(false);
    expect(isOffHx711(chip, 400.061)).toBe(true);
    expect(dataHx711(chip, 400.1)).toBe(true);
    expect(ready(chip, 5000)).toBe(false);
  });

  it("ends in a reset: channel A at 128, settling anew", () => {
    const chip = ideal();
    ready(chip, 400);
    clock(chip, 27, 400);
    ready(chip, 1000);
    raiseHx711(chip, 1000);
    lowerHx711(chip, 1001);
    expect(ready(chip, 1400.9)).toBe(false);
    expect(ready(chip, 1401)).toBe(true);
    expect(code(clock(chip, 25, 1402))).toBe(expected(1e-3, 128));
  });

  it("does not come from a pulse of 50 us", () => {
    const chip = ideal();
    ready(chip, 400);
    raiseHx711(chip, 400);
    lowerHx711(chip, 400.05);
    expect(chip.clocks).toBe(1);
    expect(chip.ready).toBe(1);
  });
});
