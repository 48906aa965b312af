import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CellConfig } from "../../firmware/config.ts";
import type { Loop } from "../../firmware/loop.ts";
import { CLOSING } from "../../firmware/loop.ts";
import type { Sample } from "../../firmware/sample.ts";
import {
  CURRENT_FAILED,
  TEMPERATURE_FAILED,
  VOLTAGE_FAILED,
  VOLTAGE_REREAD,
} from "../../firmware/sample.ts";
import type { Shorts } from "../../firmware/shorts-state.ts";
import { SHORT_HARD, SHORT_RECOVERED, SHORT_SOFT, SHORT_UNDECIDABLE, createShorts, forget, guardVoltage, leakage } from "../../firmware/shorts-state.ts";
import { detect } from "../../firmware/shorts.ts";
import { RULE_BOUND, RULE_HARD } from "../../firmware/telemetry.ts";
import { createStream, gaussian } from "../../sim/random.ts";
import { cellOf, liveLoop, sampleOf } from "./specimen.ts";

const CELL = cellOf();
const CURRENT = 5e-4;
const DENSITY = CURRENT / CELL.areaCm2;
/** An anode's interfaces on top of the pellet, Ω cm². */
const INTERFACES = 7;

/** Areal resistance of the pellet, Ω cm²: L/σ with Arrhenius' law, R ~ exp(Ea/kT). */
function pelletAt(celsius: number, cell = CELL): number {
  const k = 1.380649e-23 / 1.602176634e-19;
  const inverse = 1 / (celsius + 273.15) - 1 / (cell.temperatureC + 273.15);
  const factor = Math.exp((cell.activationEnergyEv / k) * inverse);
  return (cell.thicknessCm / cell.conductivitySPerCm) * factor;
}

/** One sigma of the pellet's resistance: length, conductivity, area, and 0.5 K of 3.9 %/K. */
const UNCERTAINTY = Math.hypot(0.05, 0.1, 0.03, 0.02);

function leastAt(celsius: number): number {
  return (1 - 2 * UNCERTAINTY) * pelletAt(celsius);
}

function bridgeAt(celsius: number): number {
  return Math.sqrt(3.3 * leastAt(celsius));
}

interface Look {
  resistance: number;
  celsius?: number;
  current?: number;
  setpoint?: number;
  time?: number;
  changes?: Partial<Sample>;
  loop?: Partial<Loop>;
  cell?: CellConfig;
}

/** One frame of a cell of this areal resistance. */
function look(shorts: Shorts, each: Look): number {
  const { resistance, celsius = 25, current = CURRENT, time = 100, cell = CELL } = each;
  const sample = sampleOf({
    timeVoltage: time,
    voltage: (resistance * current) / cell.areaCm2,
    current,
    loopCurrent: current,
    relay: 1,
    temperature: celsius,
    ...each.changes,
  });
  return detect(shorts, sample, liveLoop(each.setpoint ?? current, each.loop), cell);
}

const reread = { changes: { status: VOLTAGE_REREAD } };

describe("the hard rule", () => {
  test.each([-10, 0, 15, 25, 40, 60])(
    "at %i °C draws its line between pellet and bridge",
    (celsius) => {
      const shorts = createShorts();
      const line = bridgeAt(celsius);
      const above = look(shorts, { resistance: line * 1.0001, celsius, ...reread });
      const below = look(shorts, { resistance: line * 0.9999, celsius, ...reread });
      expect([above & SHORT_HARD, below & SHORT_HARD]).toEqual([0, SHORT_HARD]);
      expect(shorts.rule).toBe(RULE_HARD);
      expect(shorts.bridge).toBeCloseTo(line, 6);
      expect(shorts.least).toBeCloseTo(leastAt(celsius), 6);
      expect(line).toBeLessThan(leastAt(celsius));
    },
  );

  test.each([1.9, 3.3, 5, 7.3])(
    "finds a bridge of %d Ω cm² at either sign of the current",
    (resistance) => {
      expect(look(createShorts(), { resistance, ...reread })).toBe(SHORT_HARD);
      expect(look(createShorts(), { resistance, current: -CURRENT, ...reread })).toBe(SHORT_HARD);
    },
  );

  test("wants a repeated reading", () => {
    expect(look(createShorts(), { resistance: 3 })).toBe(0);
    expect(look(createShorts(), { resistance: 3, ...reread })).toBe(SHORT_HARD);
  });

  test("is nearly sure of a bridge, and not of a pellet", () => {
    const shorts = createShorts();
    look(shorts, { resistance: 4, ...reread });
    expect(shorts.confidence).toBeGreaterThan(0.99);
    look(shorts, { resistance: pelletAt(25) });
    expect(shorts.confidence).toBeCloseTo(0.5, 6);
    look(shorts, { resistance: 80 });
    expect(shorts.confidence).toBeLessThan(0.01);
  });

  test("asks for a re-read a little above its line", () => {
    const shorts = createShorts();
    expect(guardVoltage(shorts, CURRENT, CELL.areaCm2)).toBe(0);
    look(shorts, { resistance: 45 });
    const line = bridgeAt(25) * DENSITY;
    for (const setpoint of [CURRENT, -CURRENT]) {
      expect(guardVoltage(shorts, setpoint, CELL.areaCm2) / line).toBeCloseTo(1.1, 9);
    }
  });
});

describe("no rule speaks", () => {
  const shorted = { resistance: 3, ...reread };

  test.each([
    ["before the loop is live", { loop: { rung: CLOSING } }],
    ["with the relay at rest", { changes: { status: VOLTAGE_REREAD, relay: 0 } }],
    ["without a set-point", { loop: { setpoint: 0 } }],
    ["on a failed voltage", { changes: { status: VOLTAGE_REREAD | VOLTAGE_FAILED } }],
    ["on a failed current", { changes: { status: VOLTAGE_REREAD | CURRENT_FAILED } }],
    ["on a failed temperature", { changes: { status: VOLTAGE_REREAD | TEMPERATURE_FAILED } }],
    ["for 0.2 s after a change of set-point or rung", { loop: { changedAt: 99.801 } }],
    ["at less than half of its current", { current: 0.49 * CURRENT, setpoint: CURRENT }],
  ])("%s", (_, change) => {
    const shorts = createShorts();
    expect(look(shorts, { ...shorted, ...change })).toBe(0);
    expect(shorts).toEqual(createShorts());
    expect(look(shorts, shorted)).toBe(SHORT_HARD);
  });

  test("but 0.2 s after a change they do, and at once after a mere trim", () => {
    expect(look(createShorts(), { ...shorted, loop: { changedAt: 99.799 } })).toBe(SHORT_HARD);
    const trimmed = { changes: { status: VOLTAGE_REREAD, appliedAt: 99.999 } };
    expect(look(createShorts(), { ...shorted, ...trimmed })).toBe(SHORT_HARD);
  });
});

describe("a rule that cannot decide", () => {
  const noise = 2e-5;
  /** The current that gives so many volts across so many Ω cm². */
  const currentOf = (volts: number, ohmCm2: number): number => (volts / ohmCm2) * CELL.areaCm2;
  const hardFrom = currentOf(3 * noise, bridgeAt(25));
  const boundFrom = currentOf(5 * noise, pelletAt(25) - leastAt(25));
  /** Frames 0.2 s apart, as pairs of event and the rule it is about. */
  function told(shorts: Shorts, count: number, each: Omit<Look, "time">) {
    return Array.from({ length: count }, (_, i) => {
      const event = look(shorts, { ...each, time: 100 + 0.2 * i });
      return event === 0 ? 0 : [event, shorts.rule];
    });
  }

  test("for noise says so once: first hard, then the bound", () => {
    expect(hardFrom).toBeLessThan(boundFrom);
    const each = { resistance: 3, current: 0.999 * hardFrom, ...reread };
    expect(told(createShorts(), 5, each)).toEqual([
      [SHORT_UNDECIDABLE, RULE_HARD],
      [SHORT_UNDECIDABLE, RULE_BOUND],
      ...[0, 0, 0],
    ]);
  });

  test("for noise leaves the hard rule its word where only the bound cannot", () => {
    const shorts = createShorts();
    const each = { current: 1.001 * hardFrom, ...reread };
    expect(told(shorts, 3, { ...each, resistance: 20 })).toEqual([
      [SHORT_UNDECIDABLE, RULE_BOUND],
      ...[0, 0],
    ]);
    expect(look(shorts, { ...each, resistance: 3 })).toBe(SHORT_HARD);
  });

  test.each([
    [0.999, [SHORT_UNDECIDABLE, RULE_BOUND]],
    [1.001, [SHORT_SOFT, RULE_BOUND]],
  ])("is the bound up to five sigma of its own margin (%d of it)", (share, expected) => {
    const each = { resistance: leastAt(25) * 0.99, current: share * boundFrom };
    const events = told(createShorts(), 20, each).filter((event) => event !== 0);
    expect(events).toEqual([expected]);
  });

  test("is hard where a pellet conducts nearly as metal does", () => {
    const factor = pelletAt(25) / leastAt(25) / pelletAt(25);
    for (const [least, expected] of [
      [6.59, SHORT_UNDECIDABLE],
      [6.61, SHORT_HARD],
    ]) {
      const cell = cellOf({ thicknessCm: CELL.thicknessCm * least * factor });
      const shorts = createShorts();
      expect(look(shorts, { resistance: 2, cell, ...reread })).toBe(expected);
      expect(shorts.least).toBeCloseTo(least, 9);
      expect(shorts.rule).toBe(RULE_HARD);
    }
  });

  test.each([
    ["a pellet that conducts nearly as metal does", { thicknessCm: 0.02 }, CURRENT],
    // Its line is 2.9 sigma, its margin of 0.6 of the pellet 10.
    ["a line within the noise", { conductivityUncertainty: 0.3 }, 0],
  ])("is hard, and the bound speaks all the same: %s", (_, changes, current) => {
    const cell = cellOf(changes);
    const unsure = Math.hypot(cell.conductivityUncertainty, 0.05, 0.03, 0.02);
    const least = (1 - 2 * unsure) * pelletAt(25, cell);
    const small = currentOf(2.9 * noise, Math.sqrt(3.3 * least));
    const each = { resistance: 0.6 * least, current: current || small, cell, ...reread };
    const events = told(createShorts(), 20, each).filter((event) => event !== 0);
    expect(events).toEqual([
      [SHORT_UNDECIDABLE, RULE_HARD],
      [SHORT_SOFT, RULE_BOUND],
    ]);
  });

  test("is hard, not a verdict, where the pellet may be anything", () => {
    const cell = cellOf({ conductivityUncertainty: 0.5 });
    const each = { resistance: 1e-3, cell, ...reread };
    expect(told(createShorts(), 20, each)).toEqual([
      [SHORT_UNDECIDABLE, RULE_HARD],
      ...Array<number>(19).fill(0),
    ]);
  });

  test("says so again in another run only", () => {
    const shorts = createShorts();
    const each = { resistance: 45, current: 0.999 * hardFrom };
    const both = [SHORT_UNDECIDABLE, SHORT_UNDECIDABLE, 0];
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
    expect(look(createShorts(), each) & SHORT_HARD).toBe(0);
  });
});

/** Events of frames `period` apart: [time after the first, event]. */
function watch(shorts: Shorts, resistances: number[], period: number, from = 100) {
  return resistances
    .map((resistance, i) => [i * period, look(shorts, { resistance, time: from + i * period })])
    .filter(([, event]) => event !== 0)
    .map(([after, event]) => [Number(after.toFixed(6)), event]);
}

describe("the bound", () => {
  const low = leastAt(25) * 0.99;
  const fine = leastAt(25) * 1.01;
  const recovered = leastAt(25) * 1.11;

  test.each([0.05, 0.2, 0.5, 1])("alarms after a second below, frames of %d s", (period) => {
    const count = Math.round(3 / period);
    expect(watch(createShorts(), Array<number>(count).fill(low), period)).toEqual([
      [1, SHORT_SOFT],
    ]);
  });

  test("does not alarm for less, nor when a frame in between is above", () => {
    const shorts = createShorts();
    expect(watch(shorts, [...Array<number>(10).fill(low), fine], 0.1)).toEqual([]);
    const broken = Array.from({ length: 100 }, (_, i) => (i % 9 === 0 ? fine : low));
    expect(watch(shorts, broken, 0.1, 200)).toEqual([]);
  });

  test("does not count the time in which it could not judge", () => {
    const shorts = createShorts();
    const atRest = { resistance: low, changes: { relay: 0 } };
    expect(look(shorts, { resistance: low, time: 100 })).toBe(0);
    for (let time = 101; time < 3700; time += 100) look(shorts, { ...atRest, time });
    expect(watch(shorts, Array<number>(6).fill(low), 0.2, 3701)).toEqual([[1, SHORT_SOFT]]);
  });

  test("recovers only 10 % above its line, and after a second there", () => {
    const shorts = createShorts();
    expect(watch(shorts, Array<number>(15).fill(low), 0.1)).toEqual([[1, SHORT_SOFT]]);
    expect(watch(shorts, Array<number>(50).fill(leastAt(25) * 1.09), 0.1, 110)).toEqual([]);
    const back = Array<number>(30).fill(recovered);
    expect(watch(shorts, back, 0.1, 120)).toEqual([[1, SHORT_RECOVERED]]);
    expect(watch(shorts, Array<number>(15).fill(low), 0.1, 130)).toEqual([[1, SHORT_SOFT]]);
  });

  test("alarms once, however long it lasts", () => {
    expect(watch(createShorts(), Array<number>(2000).fill(low), 0.1)).toHaveLength(1);
  });

  test("stays silent through steps of 10 K when the sensor follows", () => {
    const shorts = createShorts();
    let time = 100;
    for (const celsius of [25, 35, 25, 15, 25, 35, 15]) {
      for (let i = 0; i < 100; i++) {
        const resistance = pelletAt(celsius) + INTERFACES;
        expect(look(shorts, { resistance, celsius, time, ...reread })).toBe(0);
        time += 0.2;
      }
    }
  });

  test("would take the same for a short if the sensor did not", () => {
    const shorts = createShorts();
    const found = Array.from({ length: 10 }, (_, i) =>
      look(shorts, { resistance: pelletAt(40), celsius: 25, time: 100 + 0.2 * i }),
    );
    expect(found).toContain(SHORT_SOFT);
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
        for (let i = 0; i < 10; i++) {
          const time = 100 + 0.2 * i;
          expect(look(shorts, { resistance, celsius, current, time, ...reread })).toBe(0);
        }
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});

describe("noise", () => {
  const sigma = 2e-5;

  /** An intact cell of bare pellet whose voltage is `share` sigma of its noise: alarms in 1e4
   *  frames, and whether the bound was judged at all. */
  function alarms(seed: number, share: number, cell: CellConfig, period = 0.2) {
    const stream = createStream(seed, "voltage");
    const shorts = createShorts();
    const current = (share * sigma * cell.areaCm2) / pelletAt(25, cell);
    let found = 0;
    for (let i = 0; i < 10_000; i++) {
      const voltage = share * sigma + sigma * gaussian(stream);
      const changes = { voltage, voltageNoise: sigma, status: VOLTAGE_REREAD };
      const event = look(shorts, { resistance: 0, current, time: 100 + period * i, changes, cell });
      if (event & (SHORT_HARD | SHORT_SOFT)) found++;
    }
    return { found, judged: shorts.reference > 0 };
  }

  const known = {
    thicknessUncertainty: 0.005,
    conductivityUncertainty: 0.01,
    areaUncertainty: 0.005,
  };
  const cells: [string, CellConfig, number][] = [
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

describe("the leakage", () => {
  test("is the share of the current beside the reference", () => {
    const shorts = createShorts();
    watch(shorts, Array<number>(20).fill(46.5), 0.1);
    expect(leakage(shorts)).toBeCloseTo(0, 9);
    watch(shorts, [23.25], 0.1, 110);
    expect(leakage(shorts)).toBeCloseTo(0.5, 6);
  });

  test("is none before anything was seen, and with a resistance that has grown", () => {
    const shorts = createShorts();
    expect(leakage(shorts)).toBe(0);
    watch(shorts, [46.5, 90], 0.1);
    expect(leakage(shorts)).toBe(0);
  });

  test("has a reference that follows slowly, and not into a short", () => {
    const shorts = createShorts();
    watch(shorts, [40], 1);
    watch(shorts, Array<number>(5).fill(44), 1, 110);
    expect(shorts.reference).toBeGreaterThan(40);
    expect(shorts.reference).toBeLessThan(41);
    const before = shorts.reference;
    watch(shorts, Array<number>(50).fill(20), 1, 120);
    expect(shorts.reference).toBe(before);
  });
});
