// How the next frame is asked for: gains, guards, distance, record, prefetch.
import { describe, expect, test } from "vitest";
import { VOLTAGE_GAIN, VOLTAGE_OFFSET } from "../../firmware/config.ts";
import { prepare } from "../../firmware/prepare.ts";
import { hold } from "../../firmware/run.ts";
import { HELD, IDLE, RUNNING } from "../../firmware/schedule.ts";
import { BRIDGE } from "../../firmware/shorts-places.ts";
import { EVENT_FAULT, EVENT_STEP } from "../../firmware/telemetry.ts";
import { VOLTS_AT } from "../../firmware/sample.ts";
import { createBench, frame, goLive, runUntil, start, toldOf, verdictOf } from "./bench.ts";
import { CAPABILITIES, CIRCUIT, currentStep, rawOf } from "./specimen.ts";
import { restStep } from "./specimen.ts";

function live(changes = {}) {
  const bench = createBench([currentStep(5e-4, { voltageMax: 1, voltageMin: -3, ...changes })]);
  goLive(bench);
  return bench;
}

describe("guards", () => {
  test("are none while nothing runs", () => {
    const bench = createBench([restStep(1)]);
    frame(bench);
    const { guardMin, guardMax, guardShort, guardCurrent } = bench.channel.command;
    expect([guardMin, guardMax, guardShort, guardCurrent]).toEqual([
      -Infinity,
      Infinity,
      0,
      Infinity,
    ]);
  });

  test("are the cell's limits while the relay is at rest", () => {
    const bench = createBench([restStep(100)]);
    start(bench);
    runUntil(bench, () => bench.channel.run.schedule.phase === RUNNING);
    const { voltageGain, guardMin, guardMax, guardShort } = frame(bench);
    const volts = CIRCUIT.voltsPerCount[voltageGain];
    expect([guardMin * volts, guardMax * volts, guardShort]).toEqual([-4, 4, 0]);
  });

  test("are the narrower of cell and step while current flows", () => {
    const { channel } = live();
    const volts = CIRCUIT.voltsPerCount[channel.command.voltageGain];
    expect(channel.command.guardMin * volts).toBeCloseTo(-3, 9);
    expect(channel.command.guardMax * volts).toBeCloseTo(1, 9);
    const wide = live({ voltageMax: 9, voltageMin: -Infinity }).channel;
    expect(wide.command.guardMin * volts).toBeCloseTo(-4, 9);
    expect(wide.command.guardMax * volts).toBeCloseTo(4, 9);
  });

  test("watch for a short at the present current", () => {
    const { channel } = live();
    const volts = CIRCUIT.voltsPerCount[channel.command.voltageGain];
    const line = (channel.run.shorts.numbers[BRIDGE] * 5e-4) / 0.95;
    expect(line).toBeGreaterThan(1e-3);
    expect((channel.command.guardShort * volts) / line).toBeCloseTo(1.1, 6);
  });

  test("watch the current: 5 % of full scale beyond its set-point", () => {
    const { channel } = live();
    const sense = CIRCUIT.senseVoltsPerCount[channel.command.currentGain];
    const amperes = (channel.command.guardCurrent * sense) / CIRCUIT.senseOhms[2];
    expect(amperes).toBeCloseTo(5e-4 + 0.05 * 1e-3, 9);
  });

  test("watch no current beyond the hardware's limit", () => {
    const bench = createBench([currentStep(5e-4)]);
    bench.channel.limits.currentHard = 5.2e-4;
    goLive(bench);
    const { command } = bench.channel;
    const sense = CIRCUIT.senseVoltsPerCount[command.currentGain];
    expect((command.guardCurrent * sense) / CIRCUIT.senseOhms[2]).toBeCloseTo(5.2e-4, 9);
  });

  test("are in counts as they will be read: calibrated, at the next gain", () => {
    const bench = createBench([currentStep(5e-4, { voltageMax: 1, voltageMin: -3 })]);
    Object.assign(bench.channel.config, { [VOLTAGE_GAIN]: 1.01, [VOLTAGE_OFFSET]: 0.02 });
    goLive(bench);
    const { voltageGain, guardMax } = bench.channel.command;
    const volts = CIRCUIT.voltsPerCount[voltageGain] * 1.01;
    expect(guardMax * volts + 0.02).toBeCloseTo(1, 9);
  });
});

describe("gains", () => {
  test("follow the readings to the finest that holds them", () => {
    const bench = live();
    expect(bench.channel.command.voltageGain).toBe(3);
    // 0.5 V across the sense resistor.
    expect(bench.channel.command.currentGain).toBe(1);
    bench.ohms = 1800;
    for (let i = 0; i < 5; i++) frame(bench);
    expect(bench.channel.command.voltageGain).toBe(2);
  });
});

describe("the distance of frames", () => {
  test("is the usual one at rest and in a step", () => {
    const bench = createBench([restStep(1)]);
    expect(frame(bench).periodMs).toBe(CAPABILITIES.framePeriodMs);
    expect(live().channel.command.periodMs).toBe(CAPABILITIES.framePeriodMs);
  });

  test("is short on the way to the cell", () => {
    const bench = createBench([currentStep(5e-4)]);
    frame(bench);
    start(bench);
    const { loop } = bench.channel;
    const periods: number[] = [];
    runUntil(bench, () => {
      periods.push(bench.channel.command.periodMs);
      return loop.setpoint !== 0;
    });
    expect(new Set(periods.slice(1, -2))).toEqual(new Set([50]));
    expect(periods.length).toBeLessThan(12);
  });

  test("lets a frame fall on the end of a step, never closer than the board can", () => {
    const bench = createBench([currentStep(5e-4, { duration: 3.33 }), restStep(1)]);
    start(bench);
    verdictOf(bench);
    const [first, second] = toldOf(bench, EVENT_STEP).map(({ at }) => at);
    expect(second - first).toBeGreaterThanOrEqual(3.32);
    expect(second - first).toBeLessThanOrEqual(3.33 + CAPABILITIES.framePeriodMinMs / 1000);
    const periods = bench.commands.map(({ periodMs }) => periodMs);
    expect(Math.min(...periods)).toBeGreaterThanOrEqual(CAPABILITIES.framePeriodMinMs);
    expect(Math.max(...periods)).toBeLessThanOrEqual(CAPABILITIES.framePeriodMs);
  });
});

describe("while a finding is followed up", () => {
  test("frames are fast, and all recorded; afterwards as before", () => {
    const bench = live();
    bench.channel.run.fastUntil = bench.timeMs / 1000 + 20;
    frame(bench);
    for (let i = 0; i < 100; i++) {
      const { periodMs, record } = frame(bench);
      expect([periodMs, record]).toEqual([100, 1]);
    }
    const until = bench.timeMs + 30_000;
    while (bench.timeMs < until) frame(bench);
    expect(frame(bench).periodMs).toBe(CAPABILITIES.framePeriodMs);
    const recorded = Array.from({ length: 50 }, () => frame(bench).record);
    expect(recorded.filter((each) => each === 1)).toHaveLength(10);
  });

  test("frames are no faster than the board can, nor slower than it does anyhow", () => {
    const bench = live();
    bench.channel.run.fastUntil = Infinity;
    const slow = { ...bench.channel, capabilities: { ...CAPABILITIES, framePeriodMinMs: 150 } };
    const quick = { ...bench.channel, capabilities: { ...CAPABILITIES, framePeriodMs: 60 } };
    const periods = [slow, quick].map((channel) => {
      prepare(channel.command, rawOf(), channel);
      return channel.command.periodMs;
    });
    expect(periods).toEqual([150, 60]);
  });
});

describe("while a run is held", () => {
  test("frames come at the usual distance, with the cell's limits as guards", () => {
    const bench = live();
    hold(bench.channel.run, bench.channel.sample);
    frame(bench);
    expect(bench.channel.run.schedule.phase).toBe(HELD);
    let recorded = 0;
    for (let i = 0; i < 50; i++) {
      const { periodMs, record, relay, voltageGain, guardMax, guardShort } = frame(bench);
      expect([periodMs, relay, guardShort]).toEqual([CAPABILITIES.framePeriodMs, 0, 0]);
      expect(guardMax * CIRCUIT.voltsPerCount[voltageGain]).toBeCloseTo(4, 9);
      recorded += record;
    }
    // Ten seconds.
    expect(recorded).toBe(10);
  });
});

describe("the record", () => {
  test("has a frame a second, and one with every event", () => {
    const bench = createBench([currentStep(5e-4, { duration: 30 }), restStep(10)]);
    start(bench);
    let frames = 0;
    const recorded: number[] = [];
    while (bench.timeMs < 60_000) {
      const before = bench.told.length;
      const { record } = frame(bench);
      const timeVoltage = bench.channel.sample[VOLTS_AT];
      if (record === 1) recorded.push(timeVoltage);
      if (bench.told.slice(before).some(({ code }) => code === EVENT_STEP)) expect(record).toBe(1);
      frames++;
    }
    expect(bench.channel.run.schedule.phase).toBe(IDLE);
    expect(frames).toBeGreaterThan(200);
    expect(recorded.length).toBeGreaterThan(38);
    expect(recorded.length).toBeLessThan(50);
  });

  test("has none while nothing runs, but for a fault", () => {
    const bench = createBench([currentStep(5e-4)]);
    for (let i = 0; i < 10; i++) expect(frame(bench).record).toBe(0);
    goLive(bench);
    bench.disturb = (raw) => (raw.code = 0);
    runUntil(bench, () => toldOf(bench, EVENT_FAULT).length > 0);
    expect(bench.channel.command.record).toBe(1);
    for (let i = 0; i < 10; i++) expect(frame(bench).record).toBe(0);
  });
});

describe("the next step", () => {
  test("is fetched as soon as the present one runs, once", () => {
    const bench = createBench([restStep(5), restStep(5)]);
    start(bench);
    const wanted: number[] = [];
    while (bench.timeMs < 20_000) {
      const { stepWanted } = frame(bench);
      if (stepWanted >= 0) wanted.push(stepWanted);
    }
    expect(wanted).toEqual([0, 1, 2]);
  });
});
