// Slow changes of ln R: a half cycle against the last one of its direction, and against its own
// course. What is honest falls ever more slowly.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ALLOWED, BIN, BINS, BOUND, DOUBLINGS, FIRST } from "../../firmware/decay-state.ts";
import { ROUGHNESS, VALUE, WIDTH, disturb } from "../../firmware/decay-state.ts";
import { DECAYED, GREW, follow, turn } from "../../firmware/decay.ts";
import { DENSITY, SIDE } from "../../firmware/relative-state.ts";
import { CORRECTION } from "../../firmware/shorts-places.ts";
import type { Shorts } from "../../firmware/shorts-state.ts";
import { createShorts, forget } from "../../firmware/shorts-state.ts";
import { createStream, gaussian } from "../../sim/random.ts";
import { cellOf } from "./specimen.ts";

const HOUR = 3600;
const START = Math.log(45);

interface Half {
  /** ln R at a time since the half cycle's begin, s. */
  level: (time: number) => number;
  seconds?: number;
  period?: number;
  noise?: number;
  /** Correction for temperature, ln. */
  warmth?: (time: number) => number;
  charging?: boolean;
  /** ln of the current density. */
  density?: number;
  /** The half cycle before this one was healthy. */
  sound?: boolean;
  /** ln R above which interfaces resist more than the pellet. */
  bulk?: number;
}

interface Found {
  time: number;
  bits: number;
}

/** A cell whose interfaces resist more than its pellet from `bulk` (ln) on. */
function withBulk(bulk: number) {
  return cellOf({ thicknessCm: Math.exp(bulk) / 2, conductivitySPerCm: 1 });
}

/** Another half cycle, of this direction and ln of the current density. */
function begin(decay: Shorts, charging: boolean, density: number, sound: boolean): void {
  turn(decay, sound);
  decay.numbers[SIDE] = charging ? 1 : -1;
  decay.numbers[DENSITY] = density;
}

/** One frame whose temperature correction is `warmth`. */
function frame(decay: Shorts, x: number, period: number, warmth: number, bulk: number): number {
  decay.numbers[CORRECTION] = warmth;
  return follow(decay, x, period, withBulk(bulk));
}

/** One half cycle: what was found, and when in it. */
function half(decay: Shorts, each: Half, seed = 1): Found[] {
  const { seconds = HOUR, period = 1, noise = 0.001, warmth = () => 0 } = each;
  const stream = createStream(seed, "half");
  const found: Found[] = [];
  begin(decay, each.charging ?? true, each.density ?? -7.5, each.sound ?? true);
  for (let time = period; time <= seconds; time += period) {
    const x = each.level(time) + noise * gaussian(stream);
    const bits = frame(decay, x, period, warmth(time), each.bulk ?? Infinity);
    if (bits !== 0) found.push({ time, bits });
  }
  return found;
}

/** `count` pairs of half cycles of one shape each direction. */
function cycled(decay: Shorts, count: number, up: Half, down: Half): Found[] {
  const found: Found[] = [];
  for (let i = 0; i < count; i++) {
    found.push(...half(decay, { charging: true, ...up }, 2 * i + 1));
    found.push(...half(decay, { charging: false, ...down }, 2 * i + 2));
  }
  return found;
}

const flat = (): number => START;
/** Wetting and healing: an exponential fall. */
const wetting = (time: number): number => START - 0.3 * (1 - Math.exp(-time / 600));

describe("a half cycle's own course", () => {
  test("that only ever slows down raises no alarm, however far it falls", () => {
    const shape = fc.record({
      depth: fc.double({ min: 0, max: 2, noNaN: true }),
      tau: fc.double({ min: 5, max: 10_000, noNaN: true }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      second: fc.double({ min: 5, max: 10_000, noNaN: true }),
      line: fc.double({ min: 0, max: 1e-4, noNaN: true }),
      seconds: fc.integer({ min: 60, max: 20_000 }),
      period: fc.constantFrom(0.2, 1, 5),
    });
    fc.assert(
      fc.property(shape, ({ depth, tau, share, second, line, seconds, period }) => {
        const level = (time: number): number => {
          const fast = share * (1 - Math.exp(-time / tau));
          const slow = (1 - share) * (1 - Math.exp(-time / second));
          return START - depth * (fast + slow) - line * time;
        };
        const long = Math.min(seconds, 5000 * period);
        const found = half(createShorts(), { level, seconds: long, period, noise: 0 });
        expect(found).toEqual([]);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test("that slows down raises none in noise either", () => {
    for (let seed = 1; seed <= 20; seed++) {
      expect(half(createShorts(), { level: wetting, noise: 0.002 }, seed)).toEqual([]);
      expect(half(createShorts(), { level: flat, noise: 0.01 }, seed)).toEqual([]);
    }
  });

  test("that turns down by a fifth in ten minutes is an alarm within them", () => {
    const level = (time: number): number =>
      wetting(time) - (time > 2400 ? Math.min(0.22, (0.22 * (time - 2400)) / 600) : 0);
    for (let seed = 1; seed <= 20; seed++) {
      const found = half(createShorts(), { level, seconds: 3600 }, seed);
      expect(found.filter(({ bits }) => bits & DECAYED)).not.toEqual([]);
      expect(found[0].time).toBeGreaterThan(2400);
      expect(found[0].time).toBeLessThan(3600);
    }
  });

  test("tells what it was held against", () => {
    const decay = createShorts();
    const level = (time: number): number => START - (time > 2400 ? (time - 2400) / 2000 : 0);
    const found = half(decay, { level }).find(({ bits }) => bits & DECAYED);
    const seconds = found?.time ?? NaN;
    const before = createShorts();
    expect(half(before, { level, seconds })).toHaveLength(1);
    const s = before.numbers;
    expect(s[VALUE]).toBeLessThan(s[BOUND]);
    expect(s[BOUND]).toBeLessThan(START);
    expect(s[ALLOWED]).toBeGreaterThan(0);
  });

  test("of a cell whose interfaces resist more than its pellet may be their healing", () => {
    const level = (time: number): number => START - (time > 2400 ? (time - 2400) / 2000 : 0);
    expect(half(createShorts(), { level, bulk: START - 1 })).toEqual([]);
    expect(half(createShorts(), { level, bulk: START + 0.1 })).not.toEqual([]);
  });

  test("growth is none", () => {
    const level = (time: number): number => START + 0.5 * (time / HOUR);
    expect(half(createShorts(), { level })).toEqual([]);
  });

  test("allows for what temperature does to the interfaces", () => {
    // The pellet is compensated; interfaces with a larger activation energy fall further.
    const warmth = (time: number): number => -0.8 * Math.max(0, (time - 1800) / 1800);
    const level = (time: number): number => START + 0.2 * warmth(time);
    expect(half(createShorts(), { level, warmth })).toEqual([]);
    const cool = half(createShorts(), { level });
    expect(cool.map(({ bits }) => bits)).toContain(DECAYED);
  });

  test("never overflows its bins, however long it is", () => {
    const decay = createShorts();
    for (const seconds of [100, 10 * HOUR, 100 * HOUR]) {
      expect(half(decay, { level: flat, seconds, period: 5 })).toEqual([]);
      const [width, bin] = [decay.numbers[WIDTH], decay.numbers[BIN]];
      expect(bin).toBeLessThan(BINS);
      expect(width * bin).toBeGreaterThan(Math.min(seconds, width) * 0.4 - 30);
    }
  });
});

describe("a half cycle against the last one of its direction", () => {
  // Whatever its shape: a bend that no course explains.
  const bent = (time: number): number => START - (time > 1500 ? 0.0002 * (time - 1500) : 0);
  const rising = (time: number): number => START + 0.1 * Math.sqrt(time / HOUR);

  /** A cell that has cycled four times. */
  function known(): Shorts {
    const decay = createShorts();
    cycled(decay, 4, { level: rising }, { level: wetting });
    return decay;
  }

  test("that is like it raises no alarm, whatever its direction", () => {
    for (const [up, down] of [
      [rising, wetting],
      [wetting, rising],
      [flat, (time: number): number => flat() + 0.4 - 1e-4 * time],
    ]) {
      expect(cycled(createShorts(), 10, { level: up }, { level: down })).toEqual([]);
    }
  });

  test("that honestly bends downwards is known after the first time", () => {
    const decay = createShorts();
    cycled(decay, 2, { level: bent }, { level: flat });
    expect(cycled(decay, 8, { level: bent }, { level: flat })).toEqual([]);
  });

  test("that lies a tenth lower is an alarm within ten minutes of an hour", () => {
    for (const charging of [true, false]) {
      const shape = charging ? rising : wetting;
      const found = half(known(), { charging, level: (time) => shape(time) - 0.1 });
      expect(found.map(({ bits }) => bits)).toEqual([DECAYED]);
      expect(found[0].time).toBeLessThanOrEqual(600);
    }
  });

  test("that lies 2 % lower is none", () => {
    for (const charging of [true, false]) {
      const shape = charging ? rising : wetting;
      expect(half(known(), { charging, level: (time) => shape(time) - 0.02 })).toEqual([]);
    }
  });

  test("at another temperature may differ by what that does to the interfaces", () => {
    const level = (time: number): number => rising(time) - 0.1;
    expect(half(known(), { level, warmth: () => -0.5 })).toEqual([]);
    expect(half(known(), { level, warmth: () => -0.02 })).not.toEqual([]);
  });

  test("is held against the temperature of that one, not of an earlier one", () => {
    const decay = known();
    const warm = { warmth: () => -0.5 };
    const levels = [
      { level: rising, ...warm },
      { level: wetting, ...warm },
    ] as const;
    expect(cycled(decay, 4, ...levels)).toEqual([]);
    const found = half(decay, { level: (time) => rising(time) - 0.1, ...warm });
    expect(found.map(({ bits }) => bits)).toEqual([DECAYED]);
  });

  test("is not compared with a lower level", () => {
    const lower = (time: number): number => rising(time) - 0.1;
    expect(half(known(), { level: lower, density: -7.5 + 0.5 })).toEqual([]);
  });

  test("is not compared with one that was not sound", () => {
    const decay = createShorts();
    half(decay, { level: flat });
    half(decay, { level: (time) => START + 0.3 - 1e-5 * time, charging: false });
    const after = half(decay, { level: flat, charging: true, sound: false });
    expect(after).toEqual([]);
    // The discharge of above is forgotten: this one, lower by far, is the first of its kind.
    expect(half(decay, { level: flat, charging: false })).toEqual([]);
  });

  test("is not compared after a disturbance", () => {
    const decay = known();
    disturb(decay.numbers);
    expect(half(decay, { level: (time) => rising(time) - 0.3 })).toEqual([]);
  });

  test("knows nothing in another run", () => {
    const decay = known();
    forget(decay);
    expect(half(decay, { level: (time) => rising(time) - 0.3 })).toEqual([]);
    expect(decay.numbers[DOUBLINGS]).toBe(0);
  });
});

describe("growth", () => {
  test("is told with each doubling since the beginning, once", () => {
    const level = (time: number): number => START + (Math.log(5) * time) / (2 * HOUR);
    const decay = createShorts();
    const found = half(decay, { level, seconds: 2 * HOUR });
    expect(found.map(({ bits }) => bits)).toEqual([GREW, GREW]);
    // R doubles after 0.86 h and again after 1.72 h.
    for (const [i, hours] of [0.86, 1.72].entries()) {
      expect(found[i].time / HOUR).toBeGreaterThan(hours - 0.02);
      expect(found[i].time / HOUR).toBeLessThan(hours + 0.25);
    }
    const grown = Math.exp(decay.numbers[VALUE] - decay.numbers[FIRST]);
    expect(grown).toBeGreaterThan(3.9);
    expect(grown).toBeLessThan(5);
  });

  test("is measured from the cell's beginning through all half cycles", () => {
    const decay = createShorts();
    const found: number[] = [];
    for (let i = 0; i < 8; i++) {
      const level = (): number => START + 0.2 * i;
      found.push(
        ...half(decay, { level, charging: i % 2 === 0 }).map(({ bits }) => bits * (i + 1)),
      );
    }
    // 0.8 in the fifth half cycle is more than a doubling, 1.4 in the eighth more than two.
    expect(found).toEqual([5 * GREW, 8 * GREW]);
  });

  test("that stops short of a doubling is not told", () => {
    const level = (time: number): number => START + (0.6 * time) / HOUR;
    expect(half(createShorts(), { level })).toEqual([]);
  });
});

test("nothing throws, and all stays finite, whatever comes", () => {
  const drawn = fc.record({
    x: fc.double({ min: -20, max: 20, noNaN: true }),
    seconds: fc.double({ min: 0, max: 5000, noNaN: true }),
    warmth: fc.double({ min: -3, max: 3, noNaN: true }),
    turned: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 2, 3),
  });
  fc.assert(
    fc.property(fc.array(drawn, { maxLength: 200 }), (frames) => {
      const decay = createShorts();
      for (const { x, seconds, warmth, turned } of frames) {
        if (turned > 0) begin(decay, turned !== 1, -7, turned === 3);
        const bits = frame(decay, x, seconds, warmth, 4);
        expect([0, DECAYED, GREW, DECAYED | GREW]).toContain(bits);
        const s = decay.numbers;
        expect(s[BIN]).toBeLessThan(BINS);
        expect(Number.isFinite(s[VALUE] + s[BOUND] + s[ROUGHNESS])).toBe(true);
      }
    }),
    { seed: 1, numRuns: 500 },
  );
});
