import { describe, expect, test } from "vitest";
import type { RecordedFrame } from "../../boards/replay.ts";
import { createReplay } from "../../boards/replay.ts";
import * as code from "../../firmware/telemetry.ts";
import { describedCell } from "../firmware/specimen.ts";

const CELL = describedCell();
const CURRENT = 5e-4;
/** Areal resistances, Ω cm²: a healthy cell, one below the bound, a metallic bridge. */
const HEALTHY = 46;
const LEAKING = 20;
const SHORTED = 4;
const PERIOD_S = 0.1;
/** Areal charge among the verdict's values. */
const AREAL_CHARGE = 9;
const END = 2;

interface Stretch {
  ohmCm2: number;
  seconds: number;
  currentA?: number;
  /** Time that passes before, unrecorded; and whether the replay is told. */
  gapS?: number;
  tell?: boolean;
}

interface Told {
  code: number;
  timeS: number;
  values: number[];
}

interface Options {
  startS?: number;
  noiseV?: number;
  end?: number;
}

function replayed(stretches: Stretch[], options: Options = {}): Told[] {
  const told: Told[] = [];
  const { noiseV = 1e-5, startS = 0 } = options;
  const replay = createReplay({ cell: CELL, noiseV: 1e-5 }, (event, timeMs, values, count) => {
    told.push({ code: event, timeS: timeMs / 1000, values: [...values.subarray(0, count)] });
  });
  replay.setNoise(noiseV);
  let time = startS;
  for (const { ohmCm2, seconds, currentA = CURRENT, gapS = 0, tell = true } of stretches) {
    time += gapS;
    if (gapS > 0 && tell) replay.gap();
    for (let i = 0; i < Math.round(seconds / PERIOD_S); i++) {
      const frame: RecordedFrame = {
        ...{ timeS: time, voltageV: (ohmCm2 * currentA) / CELL.areaCm2, currentA },
        ...{ setpointA: currentA, temperatureC: NaN, forceN: NaN },
      };
      replay.take(frame);
      time += PERIOD_S;
    }
  }
  replay.finish(options.end);
  return told;
}

function shorts(told: Told[], shortClass: number): Told[] {
  return told.filter((each) => each.code === code.EVENT_SHORT && each.values[0] === shortClass);
}

const verdictOf = (told: Told[]): number[] => told.at(-1)?.values ?? [];
const healthy = { ohmCm2: HEALTHY, seconds: 100 };

describe("a recording", () => {
  test("of a healthy cell gives a verdict and no short", () => {
    const told = replayed([healthy]);
    expect(told.filter((each) => each.code === code.EVENT_SHORT)).toEqual([]);
    expect(told.filter((each) => each.code === code.EVENT_VERDICT)).toHaveLength(1);
    expect(verdictOf(told)[0]).toBe(code.VERDICT_HEALTHY);
  });

  test("of a leaking cell tells when, counted from the first frame", () => {
    const told = replayed([healthy, { ohmCm2: LEAKING, seconds: 50 }], { startS: 5000 });
    const [first] = shorts(told, code.CLASS_SOFT);
    expect(first.timeS).toBeGreaterThan(100);
    expect(first.timeS).toBeLessThan(110);
    expect(verdictOf(told)[0]).toBe(code.VERDICT_SOFT);
  });

  test("of a bridge needs three frames, for a glitch is none", () => {
    const glitch = { ohmCm2: SHORTED, seconds: 0.2 };
    const after = { ohmCm2: HEALTHY, seconds: 20 };
    expect(shorts(replayed([healthy, glitch, after]), code.CLASS_HARD)).toEqual([]);
    const told = replayed([healthy, { ohmCm2: SHORTED, seconds: 2 }]);
    expect(shorts(told, code.CLASS_HARD)[0].timeS).toBeCloseTo(100.2, 3);
    expect(verdictOf(told)[0]).toBe(code.VERDICT_HARD);
  });

  test("says why it ended", () => {
    expect(verdictOf(replayed([healthy]))[END]).toBe(code.END_FINISHED);
    expect(verdictOf(replayed([healthy], { end: code.END_STOPPED }))[END]).toBe(code.END_STOPPED);
  });

  test("too noisy for its current is undecidable", () => {
    const rules = (noiseV: number): number[] => {
      const told = replayed([healthy], { noiseV });
      const found = told.filter((each) => each.code === code.EVENT_UNDECIDABLE);
      return found.map((each) => each.values[0]);
    };
    expect(rules(1e-5)).not.toContain(code.RULE_BOUND);
    expect(rules(1)).toContain(code.RULE_BOUND);
  });
});

describe("a gap", () => {
  const after = { ohmCm2: HEALTHY, seconds: 20 };

  test("begins a new half cycle: half a sign before it and half after it are none", () => {
    const before = { ohmCm2: LEAKING, seconds: 0.9 };
    const rest = { ...before, gapS: 2 };
    const bound = (tell: boolean): Told[] => {
      const told = replayed([healthy, before, { ...rest, tell }, after]);
      return shorts(told, code.CLASS_SOFT).filter((each) => each.values[1] === code.RULE_BOUND);
    };
    expect(bound(true)).toEqual([]);
    expect(bound(false)).not.toEqual([]);
  });

  test("forgets the neighbours that would confirm a suspicious voltage", () => {
    const before = { ohmCm2: SHORTED, seconds: 0.2 };
    const between = { ohmCm2: HEALTHY, seconds: 0.1, gapS: 2 };
    const third = { ohmCm2: SHORTED, seconds: 0.1, gapS: 0.3, tell: false };
    const hard = (tell: boolean): Told[] => {
      const stretches = [healthy, before, { ...between, tell }, third, after];
      return shorts(replayed(stretches), code.CLASS_HARD);
    };
    expect(hard(true)).toEqual([]);
    expect(hard(false)).not.toEqual([]);
  });

  test("counts the charge that passed in it where the current was the same on either side", () => {
    const seconds = (stretches: Stretch[]): number => {
      const charge = verdictOf(replayed(stretches))[AREAL_CHARGE] / 1e6;
      return (charge * CELL.areaCm2) / CURRENT;
    };
    expect(seconds([healthy, { ...healthy, gapS: 1000 }])).toBeCloseTo(1200, 0);
    const doubled = seconds([healthy, { ...healthy, currentA: 2 * CURRENT, gapS: 1000 }]);
    expect(Math.abs(doubled - 300)).toBeLessThan(1);
  });

  test("before the first frame is nothing", () => {
    const told = replayed([{ ...healthy, gapS: 1000 }]);
    const lasted = 100 - PERIOD_S;
    expect(verdictOf(told)[AREAL_CHARGE] / 1e6).toBeCloseTo((lasted * CURRENT) / CELL.areaCm2, 6);
  });
});
