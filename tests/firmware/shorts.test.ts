// The stage that asks all rules: when none may speak, what a gap, another half cycle and another
// kind of cell mean, and the leakage.
import { AREA_CM2 } from "../../firmware/config.ts";
import { describe, expect, test } from "vitest";
import { FOUND_BOUND, FOUND_CHARGE, FOUND_ENDLESS } from "../../firmware/findings.ts";
import { FOUND_HARD, FOUND_OPEN } from "../../firmware/findings.ts";
import { FOUND_RECOVERED, FOUND_SHORT, FOUND_STEP } from "../../firmware/findings.ts";
import { LEARNED } from "../../firmware/learned.ts";
import { CLOSING } from "../../firmware/loop.ts";
import {
  CURRENT_FAILED,
  TEMPERATURE_FAILED,
  VOLTAGE_FAILED,
  VOLTAGE_REREAD,
} from "../../firmware/sample.ts";
import { CROSSED_AT, REFERENCE, SOFT } from "../../firmware/shorts-places.ts";
import type { Shorts } from "../../firmware/shorts-state.ts";
import { createShorts, forget, leakage, leakageUncertainty } from "../../firmware/shorts-state.ts";
import { UNSETTLED, detect } from "../../firmware/shorts.ts";
import { SCATTER } from "../../firmware/step-state.ts";
import { createStream, gaussian } from "../../sim/random.ts";
import type { Look } from "./look.ts";
import { CELL, CURRENT, look, pelletAt, reread, times, watch } from "./look.ts";
import { cellOf, liveLoop, sampleOf } from "./specimen.ts";

const blanking: [string, Partial<Look>][] = [
  ["before the loop is live", { loop: { rung: CLOSING } }],
  ["with the relay at rest", { changes: { status: VOLTAGE_REREAD, relay: 0 } }],
  ["without a set-point", { loop: { setpoint: 0 } }],
  ["on a failed voltage", { changes: { status: VOLTAGE_REREAD | VOLTAGE_FAILED } }],
  ["on a failed current", { changes: { status: VOLTAGE_REREAD | CURRENT_FAILED } }],
  ["on a failed temperature", { changes: { status: VOLTAGE_REREAD | TEMPERATURE_FAILED } }],
  ["for 0.2 s after a change of set-point or rung", { loop: { changedAt: 99.801 } }],
  ["at less than half of its current", { current: 0.49 * CURRENT, setpoint: CURRENT }],
];

describe("no rule speaks", () => {
  const shorted = { resistance: 3, ...reread };

  test.each(blanking)("%s", (_, change) => {
    const shorts = createShorts();
    expect(look(shorts, { ...shorted, ...change })).toBe(0);
    expect(shorts).toEqual(createShorts());
    expect(look(shorts, shorted)).toBe(FOUND_HARD);
  });

  test("but 0.2 s after a change they do, and at once after a mere trim", () => {
    expect(look(createShorts(), { ...shorted, loop: { changedAt: 99.799 } })).toBe(FOUND_HARD);
    const trimmed = { changes: { status: VOLTAGE_REREAD, appliedAt: 99.999 } };
    expect(look(createShorts(), { ...shorted, ...trimmed })).toBe(FOUND_HARD);
  });
});

describe("while an experiment moves the voltage", () => {
  function lookHard(shorts: Shorts, resistance: number, current: number, status: number): number {
    const voltage = (resistance * current) / CELL[AREA_CM2];
    const sample = sampleOf({ timeVoltage: 100, voltage, current, relay: 1, status });
    return detect(shorts, sample, liveLoop(CURRENT), CELL, UNSETTLED, LEARNED);
  }

  test("the hard rule speaks, and no other", () => {
    const shorts = createShorts();
    expect(lookHard(shorts, 3, CURRENT, VOLTAGE_REREAD)).toBe(FOUND_HARD);
    for (let i = 0; i < 20; i++) expect(lookHard(shorts, 20, CURRENT, VOLTAGE_REREAD)).toBe(0);
  });

  test("it wants its re-read and its current all the same", () => {
    const shorts = createShorts();
    expect(lookHard(shorts, 3, CURRENT, 0)).toBe(0);
    expect(lookHard(shorts, 3, 0.49 * CURRENT, VOLTAGE_REREAD)).toBe(0);
    expect(lookHard(shorts, 3, -CURRENT, VOLTAGE_REREAD)).toBe(FOUND_HARD);
    expect(lookHard(shorts, 3, 1e-6, VOLTAGE_REREAD)).toBe(0);
  });

  test("a bound that was nearly left begins anew afterwards", () => {
    const shorts = createShorts();
    watch(shorts, [...times(7, 45), ...times(4, 20)], 0.2);
    expect(shorts.numbers[CROSSED_AT]).toBeGreaterThan(0);
    lookHard(shorts, 45, CURRENT, 0);
    expect(shorts.numbers[CROSSED_AT]).toBe(-1);
  });
});

describe("an open lead", () => {
  /** Frames at the compliance limit without current: what was found. */
  function opened(shorts: Shorts, volts: number, share: number, count: number): number[] {
    return Array.from({ length: count }, (_, i) => {
      const current = share * CURRENT;
      const each = { current, setpoint: CURRENT, changes: { voltage: volts }, time: 100 + i };
      return look(shorts, { resistance: 0, ...each });
    });
  }

  test("is told in its second frame, once", () => {
    expect(opened(createShorts(), 5, 0, 5)).toEqual([0, FOUND_OPEN, 0, 0, 0]);
    expect(opened(createShorts(), -5, 0.04, 3)).toEqual([0, FOUND_OPEN, 0]);
  });

  test("is none below half a volt, nor with a twentieth of the current", () => {
    expect(opened(createShorts(), 0.4, 0, 5)).toEqual(times(5, 0));
    expect(opened(createShorts(), 5, 0.06, 5)).toEqual(times(5, 0));
  });

  test("is told again after it was closed", () => {
    const shorts = createShorts();
    expect(opened(shorts, 5, 0, 2)).toEqual([0, FOUND_OPEN]);
    expect(look(shorts, { resistance: 45, time: 103 })).toBe(0);
    expect(opened(shorts, 5, 0, 2)).toEqual([0, FOUND_OPEN]);
  });
});

/** A noisy, intact cell at 5 Hz; `level` gives its areal resistance at a time, s. */
function noisy(shorts: Shorts, from: number, until: number, level: (time: number) => number) {
  const stream = createStream(3, "voltage");
  const found: [number, number][] = [];
  for (let i = 0; from + i * 0.2 < until; i++) {
    const time = from + i * 0.2;
    const resistance = level(time) * (1 + 0.001 * gaussian(stream));
    const bits = look(shorts, { resistance, time, halfCycle: 1 });
    if (bits !== 0) found.push([time, bits]);
  }
  return found;
}

describe("a sudden fall by a tenth", () => {
  const fallAt = (when: number) => (time: number) => (time < when ? 46.5 : 41.85);

  test("of a settled cell is found within 4 s at 5 Hz, and its recovery", () => {
    const shorts = createShorts();
    const level = (time: number) => (time < 500 || time >= 600 ? 46.5 : 41.85);
    const found = noisy(shorts, 0, 700, level);
    expect(found.map(([, bits]) => bits)).toEqual([FOUND_STEP, FOUND_RECOVERED]);
    expect(found[0][0]).toBeGreaterThanOrEqual(500);
    expect(found[0][0]).toBeLessThan(504);
    expect(found[1][0]).toBeGreaterThan(605);
    expect(found[1][0]).toBeLessThan(620);
    expect(shorts.numbers[SOFT]).toBe(0);
  });

  test("of a new cell is its contacts settling", () => {
    expect(noisy(createShorts(), 0, 400, fallAt(200))).toEqual([]);
  });

  test("that happened in a gap is no sudden one", () => {
    const shorts = createShorts();
    const level = fallAt(550);
    expect(noisy(shorts, 0, 500, level)).toEqual([]);
    expect(noisy(shorts, 560, 620, level)).toEqual([]);
  });

  test("is not asked for twice where a rule needs a re-read", () => {
    const shorts = createShorts();
    noisy(shorts, 0, 500, () => 46.5);
    const found = watch(shorts, times(50, 41.85), 0.2, 500.2, reread);
    expect(found.map(([, bits]) => bits)).toEqual([FOUND_STEP]);
  });

  test("is found again after another run has begun", () => {
    const shorts = createShorts();
    for (let run = 0; run < 2; run++) {
      const found = noisy(shorts, 1000 * run, 1000 * run + 600, fallAt(1000 * run + 500));
      expect(found.map(([, bits]) => bits)).toEqual([FOUND_STEP]);
      forget(shorts);
    }
  });
});

describe("a full cell", () => {
  const cell = cellOf({ voltageMinV: 2, voltageMaxV: 4 });

  /** Half cycles by turns, of so many seconds each: what was found, with the half cycle. */
  function cycled(seconds: number[]): [number, number][] {
    const shorts = createShorts();
    const found: [number, number][] = [];
    let time = 0;
    seconds.forEach((duration, halfCycle) => {
      const current = halfCycle % 2 === 0 ? CURRENT : -CURRENT;
      for (let i = 0; i < duration; i++) {
        const changes = { voltage: 3 };
        const bits = look(shorts, {
          resistance: 0,
          current,
          time: time++,
          halfCycle,
          changes,
          cell,
        });
        if (bits !== 0) found.push([halfCycle, bits]);
      }
    });
    return found;
  }

  test("that charges for as long as it discharges is healthy", () => {
    expect(cycled([110, 100, 101, 100, 100, 100, 101, 100, 101, 100, 100, 100])).toEqual([]);
  });

  test("whose charge has no end is shorted, told once", () => {
    const endless = FOUND_CHARGE | FOUND_ENDLESS;
    expect(cycled([100, 100, 100, 100, 100, 100, 200])).toEqual([[6, endless]]);
  });

  test("that gives less of it back is shorted, told at the second such cycle", () => {
    const healthy = [100, 100, 100, 100, 100, 100, 100, 100];
    const found = cycled([...healthy, 110, 100, 110, 100, 110, 100]);
    // The tenth of a half cycle later that the charge is known to have turned.
    expect(found).toEqual([[12, FOUND_CHARGE]]);
  });

  test("is not judged by sudden falls", () => {
    const shorts = createShorts();
    for (let time = 0; time < 700; time++) {
      const changes = { voltage: time < 600 ? 3.5 : 3 };
      expect(look(shorts, { resistance: 0, time, changes, cell }) & FOUND_SHORT).toBe(0);
    }
  });
});

describe("the leakage", () => {
  /** A cell of 46.5 Ω cm² for 4 s, then this one for 2 s. */
  function fallen(resistance: number, celsius = 25): Shorts {
    const shorts = createShorts();
    const warm = pelletAt(celsius) / pelletAt(25);
    watch(shorts, times(20, 46.5 * warm), 0.2, 100, { celsius });
    watch(shorts, times(10, resistance * warm), 0.2, 104, { celsius });
    return shorts;
  }

  test("is the share of the current beside the reference", () => {
    const shorts = fallen(23.25);
    expect(shorts.numbers[SOFT] & FOUND_BOUND).toBe(FOUND_BOUND);
    expect(leakage(shorts)).toBeCloseTo(0.5, 6);
  });

  test.each([10, 40, 55])("is the same at %i °C", (celsius) => {
    const shorts = fallen(23.25, celsius);
    expect(shorts.numbers[SOFT] & FOUND_BOUND).toBe(FOUND_BOUND);
    expect(leakage(shorts)).toBeCloseTo(0.5, 6);
    expect(shorts.numbers[REFERENCE]).toBeCloseTo(46.5, 6);
  });

  test("is none as long as no short was found", () => {
    expect(leakage(createShorts())).toBe(0);
    expect(leakage(fallen(40))).toBe(0);
    expect(leakage(fallen(90))).toBe(0);
  });

  test("is all of it in a metallic bridge", () => {
    const shorts = fallen(46.5);
    expect(look(shorts, { resistance: 0.01, time: 106, ...reread })).toBe(FOUND_HARD);
    expect(leakage(shorts)).toBeGreaterThan(0.999);
    expect(leakage(shorts)).toBeLessThanOrEqual(1);
  });

  test("is as uncertain as 0.5 K and the cell's scatter make it", () => {
    const shorts = fallen(23.25);
    shorts.numbers[SCATTER] = 0;
    expect(leakageUncertainty(shorts)).toBeCloseTo(0.5 * 0.02, 6);
    shorts.numbers[SCATTER] = 0.03;
    expect(leakageUncertainty(shorts)).toBeCloseTo(0.5 * Math.hypot(0.02, 0.03), 6);
  });

  test("has a reference that follows slowly, and not into a short", () => {
    const shorts = createShorts();
    watch(shorts, [40], 1);
    watch(shorts, times(5, 44), 1, 110);
    expect(shorts.numbers[REFERENCE]).toBeGreaterThan(40);
    expect(shorts.numbers[REFERENCE]).toBeLessThan(41);
    const before = shorts.numbers[REFERENCE];
    watch(shorts, times(50, 20), 1, 120);
    expect(shorts.numbers[REFERENCE]).toBe(before);
  });

  test("is forgotten with the run", () => {
    const shorts = fallen(23.25);
    forget(shorts);
    expect(leakage(shorts)).toBe(0);
    expect(watch(shorts, times(20, 20), 0.2)[0][1] & FOUND_BOUND).toBe(0);
  });
});
