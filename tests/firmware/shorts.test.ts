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
import type { Shorts } from "../../firmware/shorts.ts";
import {
  SHORT_HARD,
  SHORT_RECOVERED,
  SHORT_SOFT,
  SHORT_UNDECIDABLE,
  createShorts,
  detect,
  forget,
  guardVoltage,
  leakage,
} from "../../firmware/shorts.ts";
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
    ["0.2 s after a reversal", { loop: { changedAt: 99.801 } }],
    ["0.2 s after it took effect", { changes: { status: VOLTAGE_REREAD, appliedAt: 99.801 } }],
    ["at less than half of its current", { current: 0.49 * CURRENT, setpoint: CURRENT }],
  ])("%s", (_, change) => {
    const shorts = createShorts();
    expect(look(shorts, { ...shorted, ...change })).toBe(0);
    expect(shorts).toEqual(createShorts());
    expect(look(shorts, shorted)).toBe(SHORT_HARD);
  });

  test("but 0.2 s after a reversal they do", () => {
    expect(look(createShorts(), { ...shorted, loop: { changedAt: 99.799 } })).toBe(SHORT_HARD);
  });
});

describe("a current too small for the noise", () => {
  const noise = 2e-5;
  const currentOf = (density: number): number => density * CELL.areaCm2;
  const tooSmall = currentOf((2.99 * noise) / bridgeAt(25));

  test("makes the hard rule undecidable, said once", () => {
    const shorts = createShorts();
    const each = { resistance: 3, current: tooSmall, ...reread };
    const found = Array.from({ length: 5 }, () => look(shorts, each));
    expect(found).toEqual([SHORT_UNDECIDABLE, 0, 0, 0, 0]);
    expect(shorts.rule).toBe(RULE_HARD);
  });

  test("makes the bound undecidable, said once; hard is still decided", () => {
    // A thin pellet's line is nearer to it: there the rules part.
    const cell = cellOf({ thicknessCm: 0.03 });
    const current = 9.9 * noise * (cell.areaCm2 / pelletAt(25, cell));
    const shorts = createShorts();
    const found = [1, 2, 3].map((i) =>
      look(shorts, { resistance: 60, current, time: 100 + i, cell }),
    );
    expect(found).toEqual([SHORT_UNDECIDABLE, 0, 0]);
    expect(shorts.rule).toBe(RULE_BOUND);
    expect(look(shorts, { resistance: 2, current, cell, ...reread })).toBe(SHORT_HARD);
  });

  test("is said again in another run only", () => {
    const shorts = createShorts();
    const each = { resistance: 45, current: tooSmall };
    expect(look(shorts, each)).toBe(SHORT_UNDECIDABLE);
    expect(look(shorts, each)).toBe(0);
    forget(shorts);
    expect(look(shorts, each)).toBe(SHORT_UNDECIDABLE);
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
  function alarms(seed: number, share: number, cell: CellConfig) {
    const stream = createStream(seed, "voltage");
    const shorts = createShorts();
    const current = (share * sigma * cell.areaCm2) / pelletAt(25, cell);
    let found = 0;
    for (let i = 0; i < 10_000; i++) {
      const voltage = share * sigma + sigma * gaussian(stream);
      const changes = { voltage, voltageNoise: sigma, status: VOLTAGE_REREAD };
      const event = look(shorts, { resistance: 0, current, time: 100 + 0.2 * i, changes, cell });
      if (event & (SHORT_HARD | SHORT_SOFT)) found++;
    }
    return { found, judged: shorts.reference > 0 };
  }

  test.each([1, 2, 3])("raises no alarm on an intact cell, seed %i", (seed) => {
    const half = cellOf({ thicknessCm: 0.08 });
    expect(alarms(seed, 10.001, half)).toEqual({ found: 0, judged: true });
    for (const share of [12, 15, 30]) {
      expect(alarms(seed, share, CELL)).toEqual({ found: 0, judged: true });
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
