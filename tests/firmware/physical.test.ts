// The rules `hard` and `bound`, which know the pellet: where their lines are, when they cannot
// speak, and that an intact cell is never taken for a short.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Config } from "../../firmware/config.ts";
import { AREA_CM2, THICKNESS_CM } from "../../firmware/config.ts";
import { FOUND_BOUND, FOUND_HARD, FOUND_RECOVERED, FOUND_SHORT } from "../../firmware/findings.ts";
import { confidenceOf } from "../../firmware/physical.ts";
import { VOLTAGE_REREAD } from "../../firmware/sample.ts";
import { BRIDGE, CONFIDENCE, HARD, INTACT, LEAST } from "../../firmware/shorts-places.ts";
import { UNDECIDABLE } from "../../firmware/shorts-places.ts";
import type { Shorts } from "../../firmware/shorts-state.ts";
import { createShorts, forget, guardVoltage } from "../../firmware/shorts-state.ts";
import { RULE_BOUND, RULE_DIPS, RULE_HARD } from "../../firmware/telemetry.ts";
import { RULE_SLOPE, RULE_STEP } from "../../firmware/telemetry.ts";
import { createStream, gaussian } from "../../sim/random.ts";
import type { Look } from "./look.ts";
import { CELL, CURRENT, INTERFACES, UNCERTAINTY, bridgeAt, leastAt, look } from "./look.ts";
import { pelletAt, reread, times, unable, watch } from "./look.ts";
import { cellOf } from "./specimen.ts";

/** Detectors that have read an intact cell for 1.2 s. */
function proven(cell = CELL): Shorts {
  const shorts = createShorts();
  expect(watch(shorts, times(7, pelletAt(25, cell)), 0.2, 90, { cell })).toEqual([]);
  return shorts;
}

describe("the hard rule", () => {
  test.each([-10, 0, 15, 25, 40, 60])(
    "at %i °C draws its line between pellet and bridge",
    (celsius) => {
      const shorts = createShorts();
      const line = bridgeAt(celsius);
      const above = look(shorts, { resistance: line * 1.0001, celsius, ...reread });
      const below = look(shorts, { resistance: line * 0.9999, celsius, ...reread });
      expect([above, below]).toEqual([unable(RULE_BOUND), FOUND_HARD]);
      expect(shorts.numbers[BRIDGE]).toBeCloseTo(line, 6);
      expect(shorts.numbers[LEAST]).toBeCloseTo(leastAt(celsius), 6);
      expect(line).toBeLessThan(leastAt(celsius));
    },
  );

  test.each([1.9, 3.3, 5, 7.3])(
    "finds a bridge of %d Ω cm² at either sign of the current",
    (resistance) => {
      expect(look(createShorts(), { resistance, ...reread })).toBe(FOUND_HARD);
      expect(look(createShorts(), { resistance, current: -CURRENT, ...reread })).toBe(FOUND_HARD);
    },
  );

  test("wants a repeated reading", () => {
    const shorts = proven();
    expect(look(shorts, { resistance: 3 })).toBe(0);
    expect(shorts.numbers[HARD]).toBe(0);
    expect(look(shorts, { resistance: 3, ...reread })).toBe(FOUND_HARD);
    expect(shorts.numbers[HARD]).toBe(1);
  });

  test("is nearly sure of a bridge, and not of a pellet", () => {
    const shorts = createShorts();
    look(shorts, { resistance: 4, ...reread });
    expect(shorts.numbers[CONFIDENCE]).toBeGreaterThan(0.99);
    expect(confidenceOf(CELL, pelletAt(25), pelletAt(25), 1e-3)).toBeCloseTo(0.5, 6);
    expect(confidenceOf(CELL, pelletAt(25), 80, 1e-3)).toBeLessThan(0.01);
  });

  test("asks for a re-read a little above its line", () => {
    const shorts = createShorts();
    expect(guardVoltage(shorts, CURRENT, CELL[AREA_CM2])).toBe(0);
    look(shorts, { resistance: 45 });
    const line = (bridgeAt(25) * CURRENT) / CELL[AREA_CM2];
    for (const setpoint of [CURRENT, -CURRENT]) {
      expect(guardVoltage(shorts, setpoint, CELL[AREA_CM2]) / line).toBeCloseTo(1.1, 9);
    }
  });
});

describe("a rule that cannot decide", () => {
  const noise = 2e-5;
  const relative = [RULE_STEP, RULE_DIPS, RULE_SLOPE];
  /** The current that gives so many volts across so many Ω cm². */
  const currentOf = (volts: number, ohmCm2: number): number => (volts / ohmCm2) * CELL[AREA_CM2];
  const hardFrom = currentOf(3 * noise, bridgeAt(25));
  const boundFrom = currentOf(5 * noise, pelletAt(25) - leastAt(25));
  /** What frames 0.2 s apart lead to. */
  function told(shorts: Shorts, count: number, each: Omit<Look, "time">): number[] {
    return Array.from({ length: count }, (_, i) => look(shorts, { ...each, time: 100 + 0.2 * i }));
  }
  /** The same of 10 frames of an intact cell and 20 of `resistance`, what is 0 left out. */
  function fallen(resistance: number, each: Partial<Look>): number[] {
    const all = [...times(10, pelletAt(25, each.cell)), ...times(20, resistance)];
    return watch(createShorts(), all, 0.2, 100, { ...each, ...reread }).map(([, found]) => found);
  }

  test("for noise says so once, all of them", () => {
    expect(hardFrom).toBeLessThan(boundFrom);
    const each = { resistance: 3, current: 0.999 * hardFrom, ...reread };
    const all = unable(RULE_HARD, RULE_BOUND, ...relative);
    expect(told(createShorts(), 5, each)).toEqual([all, 0, 0, 0, 0]);
  });

  test("for noise leaves the hard rule its word where only the others cannot", () => {
    const shorts = createShorts();
    const each = { current: 1.001 * hardFrom, ...reread };
    const others = unable(RULE_BOUND, ...relative);
    expect(told(shorts, 3, { ...each, resistance: 20 })).toEqual([others, 0, 0]);
    expect(look(shorts, { ...each, resistance: 3 })).toBe(FOUND_HARD);
  });

  test.each([
    [0.999, unable(RULE_BOUND)],
    [1.001, FOUND_BOUND],
  ])("is the bound up to five sigma of its own margin (%d of it)", (share, expected) => {
    expect(fallen(leastAt(25) * 0.99, { current: share * boundFrom })).toEqual([expected]);
  });

  test.each([
    [9.8, unable(...relative)],
    [10.2, 0],
  ])("is one that learns from the cell below ten sigma of a frame (%d)", (sigmas, expected) => {
    // A frame is the mean of two readings.
    const each = { resistance: 45, current: currentOf((sigmas * noise) / Math.SQRT2, 45) };
    expect(look(createShorts(), each) & unable(...relative)).toBe(expected);
  });

  test("is hard where a pellet conducts nearly as metal does", () => {
    const factor = pelletAt(25) / leastAt(25) / pelletAt(25);
    for (const [least, expected] of [
      [6.59, unable(RULE_HARD, RULE_BOUND)],
      [6.61, FOUND_HARD],
    ]) {
      const cell = cellOf({ thicknessCm: CELL[THICKNESS_CM] * least * factor });
      const shorts = createShorts();
      expect(look(shorts, { resistance: 2, cell, ...reread })).toBe(expected);
      expect(shorts.numbers[LEAST]).toBeCloseTo(least, 9);
    }
  });

  test("is hard in a pellet like metal, and the bound speaks all the same", () => {
    const cell = cellOf({ thicknessCm: 0.02 });
    const low = 0.6 * (1 - 2 * UNCERTAINTY) * pelletAt(25, cell);
    expect(fallen(low, { cell })).toEqual([unable(RULE_HARD), FOUND_BOUND]);
  });

  test("is hard where its line is within the noise, and the bound speaks all the same", () => {
    const cell = cellOf({ conductivityUncertainty: 0.3 });
    const least = (1 - 2 * Math.hypot(0.3, 0.05, 0.03, 0.02)) * pelletAt(25, cell);
    // The line is 2.9 sigma, the voltage 17 before and 3.6 after the fall, the margin 10.
    const current = currentOf(2.9 * noise, Math.sqrt(3.3 * least));
    const expected = [unable(RULE_HARD), unable(...relative), FOUND_BOUND];
    expect(fallen(0.6 * least, { cell, current })).toEqual(expected);
  });

  test("is hard, not a verdict, where the pellet may be anything", () => {
    const cell = cellOf({ conductivityUncertainty: 0.5 });
    const expected = [unable(RULE_HARD, ...relative), ...times(19, 0)];
    const each = { resistance: 1e-3, cell, ...reread };
    expect(told(createShorts(), 20, each)).toEqual(expected);
  });

  test("says so again in another run only", () => {
    const shorts = createShorts();
    const each = { resistance: 45, current: 0.999 * hardFrom };
    const both = [unable(RULE_HARD, RULE_BOUND), 0, 0];
    expect([1, 2, 3].map(() => look(shorts, each))).toEqual(both);
    forget(shorts);
    expect([1, 2, 3].map(() => look(shorts, each))).toEqual(both);
  });

  // Areal resistance of an intact pellet one sigma on the low side, without interfaces.
  test.each([
    [0.01, 0.0041, 25],
    [0.05, 0.005, 60],
  ])("does not take a pellet of %d cm, %d S/cm at %d °C for a bridge", (length, sigma, celsius) => {
    const cell = cellOf({ thicknessCm: length, conductivitySPerCm: sigma });
    const resistance = (1 - UNCERTAINTY) * pelletAt(celsius, cell);
    const each = { resistance, celsius, current: 9e-3, cell, ...reread };
    expect(look(createShorts(), each) & FOUND_HARD).toBe(0);
  });
});

describe("the bound", () => {
  const low = leastAt(25) * 0.99;
  const fine = leastAt(25) * 1.01;
  const recovered = leastAt(25) * 1.11;

  test.each([0.05, 0.2, 0.5, 1])("alarms after a second below, frames of %d s", (period) => {
    const count = Math.round(3 / period);
    expect(watch(proven(), times(count, low), period)).toEqual([[1, FOUND_BOUND]]);
  });

  test("speaks of a cell only that has been intact: of another it says that it cannot", () => {
    expect(watch(createShorts(), times(1000, low), 0.1)).toEqual([[0, unable(RULE_BOUND)]]);
  });

  test.each([
    [9, [[0.9, unable(RULE_BOUND)]]],
    [11, [[2.1, FOUND_BOUND]]],
  ])("takes a second above its line for intact, %i frames of 0.1 s", (frames, expected) => {
    const all = [...times(frames, fine), ...times(50, low)];
    expect(watch(createShorts(), all, 0.1)).toEqual(expected);
  });

  test("does not alarm for less, nor when a frame in between is above", () => {
    const shorts = proven();
    expect(watch(shorts, [...times(10, low), fine], 0.1)).toEqual([]);
    const broken = Array.from({ length: 100 }, (_, i) => (i % 9 === 0 ? fine : low));
    expect(watch(shorts, broken, 0.1, 200).filter(([, found]) => found & FOUND_BOUND)).toEqual([]);
  });

  test("does not count the time in which it could not judge", () => {
    const shorts = proven();
    const atRest = { resistance: low, changes: { relay: 0 } };
    expect(look(shorts, { resistance: low, time: 100 })).toBe(0);
    for (let time = 101; time < 3700; time += 100) look(shorts, { ...atRest, time });
    expect(watch(shorts, times(6, low), 0.2, 3701)).toEqual([[1, FOUND_BOUND]]);
  });

  test("recovers only 10 % above its line, and after a second there", () => {
    const shorts = proven();
    expect(watch(shorts, times(15, low), 0.1)).toEqual([[1, FOUND_BOUND]]);
    expect(watch(shorts, times(50, leastAt(25) * 1.09), 0.1, 110)).toEqual([]);
    expect(watch(shorts, times(30, recovered), 0.1, 120)).toEqual([[1, FOUND_RECOVERED]]);
    expect(watch(shorts, times(15, low), 0.1, 130)).toEqual([[1, FOUND_BOUND]]);
  });

  test("alarms once, however long it lasts", () => {
    const found = watch(proven(), times(2000, low), 0.1);
    expect(found.filter(([, bits]) => bits & FOUND_SHORT)).toEqual([[1, FOUND_BOUND]]);
  });

  /** A cell that reads 2 % above the line for `seconds`, then `share` of that: when, s. */
  function ownCell(seconds: number, share: number, halfCycle: number): number[] {
    const own = leastAt(25) * 1.02;
    const shorts = createShorts();
    expect(watch(shorts, times(seconds * 5, own), 0.2)).toEqual([]);
    const after = watch(shorts, times(400 * 5, own * share), 0.2, 100 + seconds, { halfCycle });
    return after.filter(([, found]) => found & FOUND_BOUND).map(([time]) => time);
  }

  test("asks of a cell near its line a fall from its own beginning, too", () => {
    expect(ownCell(240, 0.83, 1)).toEqual([]);
    expect(ownCell(240, 0.77, 1)).toEqual([1]);
  });

  test("allows for a lower begin of the next half cycle, for a while", () => {
    const [after] = ownCell(240, 0.75, 2);
    expect(after).toBeGreaterThan(120);
    expect(after).toBeLessThan(300);
    expect(ownCell(240, 0.5, 2)).toEqual([1]);
  });

  test("stays silent through steps of 10 K when the sensor follows", () => {
    const shorts = createShorts();
    let time = 100;
    for (const celsius of [25, 35, 25, 15, 25, 35, 15]) {
      for (let i = 0; i < 100; i++) {
        const resistance = pelletAt(celsius) + INTERFACES;
        expect(look(shorts, { resistance, celsius, time, ...reread }) & FOUND_SHORT).toBe(0);
        time += 0.2;
      }
    }
    expect(shorts.numbers[UNDECIDABLE]).toBe(0);
  });

  test("would take the same for a short if the sensor did not", () => {
    expect(watch(proven(), times(10, pelletAt(40)), 0.2)).toEqual([[1, FOUND_BOUND]]);
  });

  test("is silent for any intact cell, at any temperature and either sign", () => {
    const cell = fc.record({
      celsius: fc.double({ min: 0, max: 60, noNaN: true }),
      interfaces: fc.double({ min: 0, max: 500, noNaN: true }),
      error: fc.double({ min: -1.9, max: 1.9, noNaN: true }),
      current: fc.constantFrom(1e-3, -1e-3, 3e-3, -3e-3),
    });
    fc.assert(
      fc.property(cell, ({ celsius, interfaces, error, current }) => {
        const shorts = createShorts();
        const resistance = pelletAt(celsius) * (1 + error * UNCERTAINTY) + interfaces;
        const each = { celsius, current, ...reread };
        expect(watch(shorts, times(10, resistance), 0.2, 100, each)).toEqual([]);
        expect(shorts.numbers[INTACT]).toBe(1);
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});

describe("noise", () => {
  const sigma = 2e-5;

  /** An intact cell of bare pellet whose voltage is `share` sigma of its noise: alarms in 1e4
   *  frames, and whether the bound was judged at all. */
  function alarms(seed: number, share: number, cell: Config, period = 0.2) {
    const stream = createStream(seed, "voltage");
    const shorts = createShorts();
    const current = (share * sigma * cell[AREA_CM2]) / pelletAt(25, cell);
    let found = 0;
    for (let i = 0; i < 10_000; i++) {
      const voltage = share * sigma + sigma * gaussian(stream);
      const changes = { voltage, voltageNoise: sigma, status: VOLTAGE_REREAD };
      const event = look(shorts, { resistance: 0, current, time: 100 + period * i, changes, cell });
      if (event & FOUND_SHORT) found++;
    }
    return { found, judged: (shorts.numbers[UNDECIDABLE] & (1 << RULE_BOUND)) === 0 };
  }

  const known = {
    thicknessUncertainty: 0.005,
    conductivityUncertainty: 0.01,
    areaUncertainty: 0.005,
  };
  const cells: [string, Config, number][] = [
    ["the reference cell", CELL, UNCERTAINTY],
    ["half as thick", cellOf({ thicknessCm: 0.08 }), UNCERTAINTY],
    ["well known", cellOf(known), Math.hypot(0.005, 0.01, 0.005, 0.02)],
  ];
  const seeds = [1, 2, 3];

  test.each(cells)("raises no alarm on an intact cell, %s", (_, cell, unsure) => {
    // The bound lies two sigma of the pellet below it, and speaks from five of the noise.
    const from = 5 / (2 * unsure);
    for (const seed of seeds) {
      for (const period of [0.2, 1]) {
        const unjudged = alarms(seed, 0.999 * from, cell, period);
        expect(unjudged).toEqual({ found: 0, judged: false });
        const judged = alarms(seed, 1.001 * from, cell, period);
        expect(judged).toEqual({ found: 0, judged: true });
      }
      expect(alarms(seed, 12, cell)).toEqual({ found: 0, judged: false });
      expect(alarms(seed, 3 * from, cell)).toEqual({ found: 0, judged: true });
    }
  });
});
