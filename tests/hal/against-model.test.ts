// Every driver against the register-level model of its chip, written by other hands from the same
// data sheet: what it reads is what is there, what it writes comes out.
import { tasksOf } from "../../boards/simulated-tasks.ts";
import { describe, expect, test } from "vitest";
import {
  MAINS_HALF_PERIODS,
  PRECISION_CIRCUIT,
  PRECISION_RATE,
} from "../../boards/precision-channel.ts";
import {
  ADS122C04_VOLTS_PER_COUNT,
  AIN0_AIN3,
  AIN1_AIN3,
  AIN2_AIN3,
  SPS_175,
  SPS_20,
  SPS_330,
  SPS_90,
  createAds122c04,
} from "../../hal/adc/ads122c04.ts";
import { CRC16, INVERTED, UNCHECKED } from "../../hal/adc/ads122c04-integrity.ts";
import { createDs3231 } from "../../hal/clock/ds3231.ts";
import { createAd5693r } from "../../hal/dac/ad5693r.ts";
import { createDac8571 } from "../../hal/dac/dac8571.ts";
import { createMcp4725 } from "../../hal/dac/mcp4725.ts";
import { createMcp23008 } from "../../hal/gpio/mcp23008.ts";
import { HX711_NEWTONS_PER_COUNT, createHx711 } from "../../hal/loadcell/hx711.ts";
import { createNor } from "../../hal/memory/nor.ts";
import type { Converter, Dac, Part, RawFrame, ReadDone, ReadState } from "../../hal/port.ts";
import { createScan } from "../../hal/scan.ts";
import { SLOW_READ } from "../../firmware/sample.ts";
import { TMP117_DEGREES_PER_COUNT, createTmp117 } from "../../hal/temperature/tmp117.ts";
import type { SimPort, TaskFunction } from "../../sim/port.ts";
import { createPort } from "../../sim/port.ts";
import type { World, WorldOptions } from "../../sim/world.ts";
import { createWorld } from "../../sim/world.ts";
import { pellet, settle, truth } from "../sim/bench-world.ts";
import { settingsOf } from "./scan-rig.ts";
import { TIMINGS, answers, collector } from "./scripted-bus.ts";
import type { Timing } from "./scripted-bus.ts";

// Addresses with the pins as the channel wires them: A0 low, and the TMP117's at the supply.
const MCP4725_AT = 0x60;
const DAC8571_AT = 0x4c;
const AD5693R_AT = 0x4c;
const ADS122C04_AT = 0x40;
const TMP117_AT = 0x49;
const MCP23008_AT = 0x20;

const SENSE_OHMS = 1000;
const RANGE_1MA = 2;

interface Bench {
  world: World;
  port: SimPort;
  /** Lets a converter convert: its counts, or null for a fault. */
  convert(converter: Converter, gain: number, input?: number): number | null;
  /** A value read back, or null. */
  take(read: (done: ReadDone) => void): number | null;
  /** The same of a clock. */
  tell(read: (done: (value: number, ok: boolean) => void) => void): number | null;
}

/** A world with these chips, and ports for the parts that `create` makes on them. */
function bench<T extends Record<string, Part>>(
  timing: Timing,
  options: Partial<WorldOptions>,
  create: (port: SimPort) => T,
): Bench & { parts: T } {
  const world = createWorld({ cell: pellet("hNa"), seed: 1, errors: 0, noise: 0, ...options });
  const port = createPort(world, timing);
  const parts = create(port);
  for (const part of Object.values(parts)) port.declare(tasksOf(part) as TaskFunction[]);
  const values = collector<[number, ReadState]>();
  const told = collector<[number, boolean]>();
  // A deferred operation takes its latency; several may wait.
  const answered = (seen: unknown[]): void => {
    for (let i = 0; i < 100 && seen.length === 0; i++) port.runUntil(world.clock.nowMs + 1);
    expect(seen).toHaveLength(1);
  };
  return {
    world,
    port,
    parts,
    convert: (converter, gain, input = 0) => {
      const waitMs = converter.begin(gain, input);
      if (waitMs < 0) return null;
      port.runUntil(world.clock.nowMs + waitMs);
      for (let tries = 0; tries < 10_000; tries++) {
        const polled = answers();
        converter.poll(polled.done);
        answered(polled.seen);
        if (polled.seen[0][0] === -1) return null;
        if (polled.seen[0][0] === 1) break;
        port.runUntil(world.clock.nowMs + 0.25);
      }
      const taken = collector<[number, ReadState]>();
      converter.read(taken.done);
      answered(taken.seen);
      const [counts, state] = taken.seen[0];
      return state === 1 ? counts : null;
    },
    take: (read) => {
      values.seen.splice(0);
      read(values.done);
      answered(values.seen);
      const [value, state] = values.seen[0];
      return state === 1 ? value : null;
    },
    tell: (read) => {
      told.seen.splice(0);
      read(told.done);
      answered(told.seen);
      const [value, ok] = told.seen[0];
      return ok ? value : null;
    },
  };
}

/** Closes the 1 mA range with the dummy in the loop. */
function closeRange(port: SimPort): void {
  const range = createMcp23008(port.i2c, MCP23008_AT);
  range.reset();
  range.write(RANGE_1MA);
  settle(port);
}

const dacs: [string, NonNullable<WorldOptions["chips"]>, (port: SimPort) => Dac & Part][] = [
  ["MCP4725", { setpoint: "mcp4725" }, (port) => createMcp4725(port.i2c, MCP4725_AT)],
  ["DAC8571", { setpoint: "dac8571" }, (port) => createDac8571(port.i2c, DAC8571_AT)],
  ["AD5693R", {}, (port) => createAd5693r(port.i2c, AD5693R_AT)],
];
const dacCases = dacs.flatMap(([name, chips, create]) =>
  TIMINGS.map((timing) => ({ name, chips, create, timing })),
);

describe.each(dacCases)("the set-point by $name, $timing", ({ chips, create, timing }) => {
  test("codes come out as the current that they mean, and read back", () => {
    const rig = bench<{ dac: Dac & Part }>(timing, { chips }, (port) => ({ dac: create(port) }));
    const dac = rig.parts.dac;
    expect(dac.reset()).toBe(true);
    closeRange(rig.port);
    expect(rig.take(dac.read)).toBe(dac.codeMid);
    expect(truth(rig.world).loadA).toBeCloseTo(0, 9);
    for (const share of [0.1, 0.25, 0.5, 0.75, 0.9]) {
      const code = Math.round(share * (dac.codeMax + 1));
      dac.write(code);
      settle(rig.port);
      expect(rig.take(dac.read)).toBe(code);
      // Half of the output's distance from 2.5 V is across the sense resistor.
      const expected = (0.5 * ((5 * code) / (dac.codeMax + 1) - 2.5)) / SENSE_OHMS;
      expect(truth(rig.world).loadA).toBeCloseTo(expected, 9);
    }
  });
});

describe.each(TIMINGS)("a set-point chip that is not at work is not ok, %s", (timing) => {
  test("MCP4725: powered down, and while its EEPROM is written", () => {
    const chips = { setpoint: "mcp4725" } as const;
    const rig = bench(timing, { chips }, (port) => ({
      dac: createMcp4725(port.i2c, MCP4725_AT),
    }));
    const dac = rig.parts.dac;
    expect(rig.take(dac.read)).toBe(dac.codeMid);
    rig.port.i2c.write(MCP4725_AT, [0x18, 0x00]);
    expect(rig.take(dac.read)).toBeNull();
    dac.reset();
    expect(rig.take(dac.read)).toBe(dac.codeMid);
    // C2 C1 C0 = 011: DAC and EEPROM.
    rig.port.i2c.write(MCP4725_AT, [0x60, 0x80, 0x00]);
    expect(rig.take(dac.read)).toBeNull();
    rig.port.runUntil(rig.world.clock.nowMs + 60);
    expect(rig.take(dac.read)).toBe(dac.codeMid);
  });

  test("DAC8571: from power-on to its first code, and powered down", () => {
    const chips = { setpoint: "dac8571" } as const;
    const rig = bench(timing, { chips }, (port) => ({
      dac: createDac8571(port.i2c, DAC8571_AT),
    }));
    const dac = rig.parts.dac;
    expect(rig.take(dac.read)).toBeNull();
    dac.reset();
    expect(rig.take(dac.read)).toBe(dac.codeMid);
    rig.port.i2c.write(DAC8571_AT, [0x11, 0xc0, 0x00]);
    expect(rig.take(dac.read)).toBeNull();
    dac.write(1000);
    expect(rig.take(dac.read)).toBe(1000);
  });
});

/** A loop at `amps` through the dummy, and an ADS122C04. */
function precise(timing: Timing, rate: number, check: number, options: Partial<WorldOptions> = {}) {
  const chips = { converter: "ads122c04" } as const;
  const rig = bench(timing, { chips, ...options }, (port) => ({
    adc: createAds122c04(port.i2c, ADS122C04_AT, rate, check),
    dac: createAd5693r(port.i2c, AD5693R_AT),
  }));
  rig.parts.dac.reset();
  closeRange(rig.port);
  return {
    ...rig,
    drive: (amps: number) => {
      rig.parts.dac.write(Math.round(32768 + (amps * SENSE_OHMS * 65536) / 2.5));
      settle(rig.port);
    },
  };
}

describe.each(TIMINGS)("ADS122C04, %s", (timing) => {
  const rates = [SPS_20, SPS_90, SPS_175, SPS_330];
  const modes = rates.flatMap((rate) =>
    [UNCHECKED, INVERTED, CRC16].map((check) => ({ rate, check })),
  );

  test.each(modes)(
    "reads the sense voltage at data rate $rate, check $check",
    ({ rate, check }) => {
      const rig = precise(timing, rate, check);
      for (const amps of [-1.2e-3, -1e-4, 0, 1e-6, 7e-4, 1.2e-3]) {
        rig.drive(amps);
        const reading = rig.convert(rig.parts.adc, 0, AIN1_AIN3);
        const volts = (reading ?? NaN) * ADS122C04_VOLTS_PER_COUNT[0];
        expect(volts).toBeCloseTo(truth(rig.world).loadA * SENSE_OHMS, 6);
      }
    },
  );

  test.each([0, 1, 2, 3, 4, 5, 6, 7])("reads both signs at gain index %i, and clips", (gain) => {
    const rig = precise(timing, SPS_330, INVERTED);
    const adc = rig.parts.adc;
    const scaleA = 2.048 / 2 ** gain / SENSE_OHMS;
    for (const share of [-0.5, 0.4]) {
      rig.drive(share * scaleA);
      const reading = rig.convert(adc, gain, AIN1_AIN3);
      const volts = (reading ?? NaN) * ADS122C04_VOLTS_PER_COUNT[gain];
      const expected = truth(rig.world).loadA * SENSE_OHMS;
      expect(Math.abs(volts - expected)).toBeLessThan(1.5 * ADS122C04_VOLTS_PER_COUNT[gain]);
    }
    if (gain === 0) return;
    rig.drive(1.2 * scaleA);
    expect(rig.convert(adc, gain, AIN1_AIN3)).toBe(adc.countsMax);
    rig.drive(-1.2 * scaleA);
    expect(rig.convert(adc, gain, AIN1_AIN3)).toBe(-adc.countsMax - 1);
  });

  test("each pair reads its own input", () => {
    const rig = precise(timing, SPS_90, CRC16);
    rig.drive(5e-4);
    const [voltage, current, thermistor] = [AIN0_AIN3, AIN1_AIN3, AIN2_AIN3].map((pair) => {
      const reading = rig.convert(rig.parts.adc, 0, pair);
      return (reading ?? NaN) * ADS122C04_VOLTS_PER_COUNT[0];
    });
    expect(voltage / 0.4).toBeCloseTo(truth(rig.world).cellV, 5);
    expect(current).toBeCloseTo(0.5, 4);
    // 10 kΩ over 10 kΩ at 25 °C from 2.5 V to ground, against 2.5 V.
    expect(thermistor).toBeCloseTo(-1.25, 3);
  });

  // SBAS751B, section 6.5: gain error, offset and INL below 0.1 %; reference within 0.15 %.
  test.each([1, 2, 3, 4, 5])(
    "is within the data sheet's errors with the parts of seed %i",
    (seed) => {
      const rig = precise(timing, SPS_20, INVERTED, { seed, errors: 1, noise: 1 });
      for (const amps of [-8e-4, 0, 8e-4]) {
        rig.drive(amps);
        const reading = rig.convert(rig.parts.adc, 0, AIN1_AIN3);
        const volts = (reading ?? NaN) * ADS122C04_VOLTS_PER_COUNT[0];
        const { loadA } = truth(rig.world);
        const expected = loadA * rig.world.frontend.shuntsOhm[RANGE_1MA];
        expect(Math.abs(volts - expected)).toBeLessThan(0.0025 * Math.abs(expected) + 200e-6);
      }
    },
  );

  test("after a reset that nobody announced, one fault, then right again", () => {
    const rig = precise(timing, SPS_90, INVERTED);
    rig.drive(5e-4);
    const adc = rig.parts.adc;
    expect(rig.convert(adc, 1, AIN1_AIN3)).not.toBeNull();
    rig.port.i2c.write(ADS122C04_AT, [0x06]);
    expect(rig.convert(adc, 1, AIN1_AIN3)).toBeNull();
    const volts = (rig.convert(adc, 1, AIN1_AIN3) ?? NaN) * ADS122C04_VOLTS_PER_COUNT[1];
    expect(volts).toBeCloseTo(0.5, 4);
  });
});

test.each([0, 1, 2, 3])(
  "ADS122C04: its noise at gain index %i is what the circuit states",
  (gain) => {
    const rig = precise("inline", PRECISION_RATE, INVERTED, { noise: 1 });
    rig.world.frontend.mains.shuntV = 0;
    const adc = rig.parts.adc;
    const counts = Array.from({ length: 300 }, () => rig.convert(adc, gain, AIN1_AIN3) ?? NaN);
    const mean = counts.reduce((sum, each) => sum + each) / counts.length;
    const variance = counts.reduce((sum, each) => sum + (each - mean) ** 2, 0) / counts.length;
    const ratio = Math.sqrt(variance) / PRECISION_CIRCUIT.noiseCounts;
    expect(ratio).toBeGreaterThan(0.75);
    expect(ratio).toBeLessThan(1.25);
  },
);

describe.each(TIMINGS)("TMP117, %s", (timing) => {
  const chips = { temperature: "tmp117" } as const;

  test.each([0, 25, 60])("reads %d °C", (temperatureC) => {
    const cell = { ...pellet("hNa"), temperatureC };
    const rig = bench(timing, { cell, chips }, (port) => ({
      thermometer: createTmp117(port.i2c, TMP117_AT),
    }));
    const reading = rig.convert(rig.parts.thermometer, 0);
    const degrees = (reading ?? NaN) * TMP117_DEGREES_PER_COUNT;
    expect(Math.abs(degrees - rig.world.cell.temperatureC)).toBeLessThan(0.008);
  });

  test.each([1, 2, 3])("is within ±0.1 °C with the part of seed %i, again and again", (seed) => {
    const rig = bench(timing, { seed, errors: 1, noise: 1, chips }, (port) => ({
      thermometer: createTmp117(port.i2c, TMP117_AT),
    }));
    for (let n = 0; n < 5; n++) {
      const reading = rig.convert(rig.parts.thermometer, 0);
      const degrees = (reading ?? NaN) * TMP117_DEGREES_PER_COUNT;
      // Repeatability without averaging: ±3 counts.
      expect(Math.abs(degrees - rig.world.cell.temperatureC)).toBeLessThan(0.1 + 4 / 128);
    }
  });
});

describe("HX711", () => {
  test.each([10, 80] as const)("reads the force in newtons at %i readings a second", (rate) => {
    const chips = { loadCell: "hx711", hx711RateHz: rate } as const;
    const rig = bench("inline", { chips }, (port) => ({ force: createHx711(port.twoWire) }));
    for (let n = 0; n < 5; n++) {
      const reading = rig.convert(rig.parts.force, 0);
      const newtons = (reading ?? NaN) * HX711_NEWTONS_PER_COUNT;
      const forceN = rig.world.cell.forceN;
      expect(Math.abs(newtons / forceN - 1)).toBeLessThan(1e-3);
      expect(newtons).toBeGreaterThan(5000);
    }
  });

  test("gets right when the board was reset in the middle of a reading", () => {
    const chips = { loadCell: "hx711" } as const;
    for (let pulses = 1; pulses < 30; pulses += 3) {
      const rig = bench("inline", { chips }, (port) => ({ force: createHx711(port.twoWire) }));
      rig.port.runUntil(1000);
      for (let i = 0; i < pulses; i++) rig.port.twoWire.pulse();
      // Readings beside a mixture are not told.
      let reading: number | null = null;
      for (let n = 0; n < 3 && reading === null; n++) reading = rig.convert(rig.parts.force, 0);
      const newtons = (reading ?? NaN) * HX711_NEWTONS_PER_COUNT;
      expect(Math.abs(newtons / rig.world.cell.forceN - 1)).toBeLessThan(1e-3);
    }
  });

  test("tells no reading that a conversion tore, whenever it is asked", () => {
    const chips = { loadCell: "hx711", hx711RateHz: 80 } as const;
    const rig = bench("inline", { chips }, (port) => ({ force: createHx711(port.twoWire) }));
    const told: number[] = [];
    let lone = 0;
    for (let n = 0; n < 20_000; n++) {
      rig.port.runUntil(rig.world.clock.nowMs + 13 + (n % 97) * 0.01);
      const answer = rig.convert(rig.parts.force, 0);
      if (answer === null) lone++;
      else told.push(answer * HX711_NEWTONS_PER_COUNT);
    }
    const { forceN } = rig.world.cell;
    expect(lone).toBeGreaterThan(10);
    expect(lone).toBeLessThan(400);
    expect(Math.max(...told) / forceN - 1).toBeLessThan(0.02);
    expect(Math.min(...told) / forceN - 1).toBeGreaterThan(-0.02);
  });
});

describe.each(TIMINGS)("DS3231, %s", (timing) => {
  const chips = { clock: "ds3231" } as const;

  test("knows no time at first; once set it goes on, within 2 ppm", () => {
    const rig = bench(timing, { errors: 1, chips }, (port) => ({ clock: createDs3231(port.i2c) }));
    const clock = rig.parts.clock;
    expect(rig.tell(clock.read)).toBe(0);
    for (const at of [
      Date.UTC(2026, 0, 1, 23, 59, 58),
      Date.UTC(2028, 1, 28, 23, 30, 0),
      Date.UTC(2099, 11, 31, 22, 0, 0),
    ]) {
      const seconds = at / 1000;
      expect(clock.set(seconds)).toBe(true);
      const early = rig.tell(clock.read) ?? NaN;
      expect(Math.abs(early - seconds)).toBeLessThanOrEqual(1);
      rig.port.runUntil(rig.world.clock.nowMs + 3600_000);
      const late = rig.tell(clock.read) ?? NaN;
      expect(Math.abs(late - seconds - 3600)).toBeLessThanOrEqual(1);
    }
  });
});

describe("W25Q32JV", () => {
  const chips = { log: "w25q32" } as const;
  /** For so long after power-on it takes no write (power-up timing, tPUW). */
  const POWER_UP_MS = 5;

  function flash(options: Partial<WorldOptions> = {}) {
    const rig = bench("inline", { chips, ...options }, (port) => ({ nor: createNor(port.spi) }));
    rig.port.runUntil(POWER_UP_MS);
    const nor = rig.parts.nor;
    /** Waits until it is idle: how long that took, ms. */
    const idle = (): number => {
      const from = rig.world.clock.nowMs;
      while (nor.busy()) rig.port.runUntil(rig.world.clock.nowMs + 0.1);
      return rig.world.clock.nowMs - from;
    };
    const content = (offset: number, count: number): number[] => {
      const into = new Uint8Array(count);
      expect(nor.read(offset, into)).toBe(true);
      return [...into];
    };
    return { ...rig, nor, idle, content };
  }

  test("is erased when new, keeps what is programmed, and only clears bits", () => {
    const { nor, idle, content } = flash();
    expect(content(0x1000, 4)).toEqual([255, 255, 255, 255]);
    expect(nor.program(0x10fd, [1, 2, 0xf3])).toBe(true);
    expect(nor.busy()).toBe(true);
    // Within the data sheet's longest page program, 3 ms.
    expect(idle()).toBeLessThan(3.2);
    expect(content(0x10fc, 5)).toEqual([255, 1, 2, 0xf3, 255]);
    expect(nor.program(0x10ff, [0x3f])).toBe(true);
    idle();
    expect(content(0x10ff, 1)).toEqual([0x33]);
  });

  test("erases one sector and no other", () => {
    const { nor, idle, content } = flash();
    for (const offset of [0x1fff, 0x2000, 0x2fff, 0x3000]) {
      expect(nor.program(offset, [0])).toBe(true);
      idle();
    }
    expect(nor.erase(2)).toBe(true);
    const tookMs = idle();
    // Typically 45 ms, 400 at most.
    expect(tookMs).toBeGreaterThan(10);
    expect(tookMs).toBeLessThan(401);
    expect(content(0x1fff, 2)).toEqual([0, 255]);
    expect(content(0x2fff, 2)).toEqual([255, 0]);
  });

  test("fills whole pages to the last one", () => {
    const { nor, idle, content } = flash();
    const page = Array.from({ length: 256 }, (_, i) => (i * 73 + 5) & 255);
    expect(nor.program(nor.bytes - 256, page)).toBe(true);
    idle();
    expect(content(nor.bytes - 256, 256)).toEqual(page);
  });

  test("refuses everything while it is busy", () => {
    const { nor, idle, content } = flash();
    nor.erase(0);
    expect(nor.read(0x5000, new Uint8Array(1))).toBe(false);
    expect(nor.program(0x5000, [1])).toBe(false);
    expect(nor.erase(5)).toBe(false);
    idle();
    expect(content(0x5000, 1)).toEqual([255]);
  });

  test("a board without it says so", () => {
    const { nor } = flash({ chips: {} });
    expect(nor.read(0, new Uint8Array(1))).toBe(false);
    expect(nor.program(0, [1])).toBe(false);
    expect(nor.erase(0)).toBe(false);
  });
});

describe("frames of the precision channel", () => {
  /** Frames of a loop at 0.5 mA through the dummy, every `periodMs`. */
  function frames(
    timing: Timing,
    count: number,
    periodMs: number,
    halfPeriods: number,
    prepare: (world: World) => void,
  ) {
    const chips = { converter: "ads122c04", temperature: "tmp117" } as const;
    const world = createWorld({ cell: pellet("hNa"), seed: 3, errors: 0, noise: 0, chips });
    const port = createPort(world, timing);
    const adc = createAds122c04(port.i2c, ADS122C04_AT, PRECISION_RATE, INVERTED);
    const dac = createAd5693r(port.i2c, AD5693R_AT);
    const range = createMcp23008(port.i2c, MCP23008_AT);
    const temperature = createTmp117(port.i2c, TMP117_AT);
    const force: Converter = {
      countsMax: 1,
      begin: () => 0,
      poll: (done) => done(0, 1),
      read: (done) => done(0, 1),
    };
    const scan = createScan({
      clock: port.clock,
      readers: [adc, adc, dac, range, force, temperature],
      inputs: [AIN0_AIN3, AIN1_AIN3, 0, 0, 0, 0],
      relay: port.relay,
      samples: new Float32Array(0),
      mainsHz: 50 / halfPeriods,
    });
    for (const part of [adc, dac, range, temperature, scan]) {
      port.declare(tasksOf(part) as TaskFunction[]);
    }
    prepare(world);
    dac.reset();
    range.reset();
    range.write(RANGE_1MA);
    dac.write(32768 + 13107);
    port.runUntil(world.clock.nowMs + 50);
    const seen: RawFrame[] = [];
    const guards = { guardMin: -Infinity, guardMax: Infinity, guardCurrent: Infinity };
    scan.start((frame) => {
      seen.push({ ...frame });
      if (seen.length < count) scan.request(settingsOf({ periodMs, ...guards }));
    });
    port.runUntil(world.clock.nowMs + periodMs * (count + 1));
    expect(seen).toHaveLength(count);
    return { world, seen };
  }

  test.each(TIMINGS)("hold the truth, %s", (timing) => {
    const { world, seen } = frames(timing, 6, 200, MAINS_HALF_PERIODS, () => {});
    for (const [n, frame] of seen.entries()) {
      // The first one of a second reads the slow sensors, and says so.
      const status = n % 5 === 0 ? SLOW_READ : 0;
      expect(frame).toMatchObject({ status, code: 45875, range: RANGE_1MA });
      const volts = frame.voltage * PRECISION_CIRCUIT.voltsPerCount[0];
      expect(volts).toBeCloseTo(truth(world).cellV, 5);
      const sense = frame.current * PRECISION_CIRCUIT.senseVoltsPerCount[0];
      expect(sense / PRECISION_CIRCUIT.senseOhms[RANGE_1MA]).toBeCloseTo(truth(world).loadA, 8);
      const degrees = frame.temperature * PRECISION_CIRCUIT.degreesPerCount;
      expect(Math.abs(degrees - world.cell.temperatureC)).toBeLessThan(0.008);
    }
  });

  const HUM_V = 5e-3;

  /** The largest share of the hum that is left in a frame's current. */
  function humLeft(halfPeriods: number): number {
    const { world, seen } = frames("inline", 25, 203, halfPeriods, ({ frontend }) => {
      frontend.mains.cellV = HUM_V;
      frontend.mains.shuntV = HUM_V;
    });
    const expected = truth(world).loadA * SENSE_OHMS;
    // The first frame's first conversion starts late: the chip is set up before it.
    const later = seen.slice(1);
    const volts = later.map((frame) => frame.current * PRECISION_CIRCUIT.senseVoltsPerCount[0]);
    return Math.max(...volts.map((each) => Math.abs(each - expected))) / HUM_V;
  }

  test("keep out the mains: an odd number of half periods apart, not an even one", () => {
    expect(humLeft(MAINS_HALF_PERIODS)).toBeLessThan(0.01);
    expect(humLeft(2)).toBeGreaterThan(0.1);
    // One is over before the current is read: the scan waits for the next odd multiple.
    expect(humLeft(1)).toBeLessThan(0.01);
  });
});
