// Whole ticks: synthetic frames in, commands and events out.
import { LOOP_AMPS, SEQUENCE, VOLTS } from "../../firmware/sample.ts";
import { describe, expect, test } from "vitest";
import { createChannel, tick, trip } from "../../firmware/channel.ts";
import * as fault from "../../firmware/fault.ts";
import { narrow } from "../../firmware/limits.ts";
import type { Step } from "../../firmware/protocol.ts";
import { finish } from "../../firmware/run.ts";
import { ARMING, IDLE, RUNNING } from "../../firmware/schedule.ts";
import {
  END_FAULT,
  END_FINISHED,
  END_LIMIT,
  END_STOPPED,
  EVENT_FAULT,
  EVENT_START,
  EVENT_STEP,
  EVENT_VERDICT,
  VERDICT_HEALTHY,
} from "../../firmware/telemetry.ts";
import type { RawFrame } from "../../hal/port.ts";
import type { Bench } from "./bench.ts";
import { createBench, frame, goLive, runUntil, start, toldOf, verdictOf } from "./bench.ts";
import { CAPABILITIES, CIRCUIT, CODE_MID, ENVELOPE, NO_FEATURES, readingsOf } from "./specimen.ts";
import { ccdStep, currentStep, rawOf, restStep, temperatureCounts } from "./specimen.ts";

const STATUS = { voltage: 1, current: 2, code: 4, range: 8 };

/** Verdict, its end, and the faults told, of a run that is disturbed once it is live. */
function disturbed(disturb: (raw: RawFrame, n: number) => void, steps = [currentStep(5e-4)]) {
  const bench = createBench(steps);
  goLive(bench);
  let n = 0;
  bench.disturb = (raw) => disturb(raw, n++);
  const verdict = verdictOf(bench, 100);
  return { bench, end: verdict.values[2], faults: toldOf(bench, EVENT_FAULT), frames: n };
}

function isSafe(bench: Bench): boolean {
  const { relay, code } = bench.channel.command;
  return relay === 0 && code === CODE_MID && bench.channel.loop.setpoint === 0;
}

describe("a channel", () => {
  test("at rest stays at rest, and asks for nothing", () => {
    const bench = createBench([restStep(1)]);
    for (let i = 0; i < 20; i++) frame(bench);
    expect(bench.commands.every(({ relay, code }) => relay === 0 && code === CODE_MID)).toBe(true);
    expect(bench.commands.every(({ stepWanted, record }) => stepWanted < 0 && record === 0)).toBe(
      true,
    );
    expect(bench.told).toEqual([]);
  });

  test("fills the same command and keeps its objects", () => {
    const bench = createBench([currentStep(5e-4, { duration: 5 })]);
    const { channel } = bench;
    const objects = [channel.command, channel.loop, channel.run, channel.guard];
    const samples = new Set([channel.sample, channel.previous]);
    start(bench);
    for (let i = 0; i < 100; i++) expect(frame(bench)).toBe(channel.command);
    expect([channel.command, channel.loop, channel.run, channel.guard]).toEqual(objects);
    expect(new Set([channel.sample, channel.previous])).toEqual(samples);
    expect(channel.sample).not.toBe(channel.previous);
  });

  test("remembers the frame before", () => {
    const channel = createChannel(CIRCUIT, CAPABILITIES, CODE_MID);
    for (let sequence = 0; sequence < 5; sequence++) {
      tick(channel, rawOf({ sequence, voltage: 100 * sequence }), NO_FEATURES);
      expect(channel.sample[SEQUENCE]).toBe(sequence);
      if (sequence > 0) expect(channel.previous[SEQUENCE]).toBe(sequence - 1);
    }
    expect(channel.previous[VOLTS]).toBeCloseTo((channel.sample[VOLTS] * 3) / 4, 12);
  });

  test("lets the last value stand where a slot failed", () => {
    const bench = createBench([currentStep(5e-4)]);
    goLive(bench);
    const { voltage, current, temperature } = readingsOf(bench.channel.sample);
    bench.disturb = (raw) => {
      raw.status |= STATUS.voltage | STATUS.current | 32;
      Object.assign(raw, { voltage: 31000, current: -31000, temperature: 12345 });
    };
    frame(bench);
    expect(readingsOf(bench.channel.sample)).toMatchObject({ voltage, current, temperature });
    expect(bench.channel.sample[LOOP_AMPS]).toBe(current);
  });

  test("takes a failed current at rest for none", () => {
    const bench = createBench([currentStep(5e-4)]);
    goLive(bench);
    finish(bench.channel.run, END_STOPPED, 0.95);
    frame(bench);
    const { totals } = bench.channel.run;
    const before = totals.chargeIn;
    bench.disturb = (raw) => (raw.status |= STATUS.current);
    frame(bench);
    // Until the relay opened, 15 ms after the frame before.
    expect(totals.chargeIn - before).toBeLessThan(5e-4 * 0.0151);
    const after = totals.chargeIn;
    for (let i = 0; i < 3; i++) {
      expect(readingsOf(bench.channel.sample)).toMatchObject({ relay: 0, current: 0 });
      frame(bench);
    }
    expect(totals.chargeIn).toBe(after);
  });
});

describe("a run", () => {
  const steps = [
    restStep(3),
    currentStep(5e-4, { duration: 10 }),
    currentStep(-5e-5, { charge: 5e-3 }),
  ];

  test("waits for its sensors, does its steps, and ends with a verdict", () => {
    const bench = createBench(steps);
    frame(bench);
    start(bench);
    const verdict = verdictOf(bench);
    expect(verdict.values.slice(0, 4)).toEqual([VERDICT_HEALTHY, -1, END_FINISHED, 0]);
    expect(toldOf(bench, EVENT_STEP).map(({ values }) => values.slice(0, 2))).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
    expect(bench.told[0].code).toBe(EVENT_START);
    expect(bench.told.at(-1)?.code).toBe(EVENT_VERDICT);
    expect(toldOf(bench, EVENT_FAULT)).toEqual([]);
    expect(isSafe(bench)).toBe(true);
  });

  test("gives each step its time and its charge", () => {
    const bench = createBench(steps);
    start(bench);
    const verdict = verdictOf(bench);
    const [rest, charge, discharge] = toldOf(bench, EVENT_STEP).map(({ at }) => at);
    expect(charge - rest).toBeCloseTo(3, 1);
    expect(discharge - charge).toBeCloseTo(10, 1);
    const { chargeIn, chargeOut } = bench.channel.run.totals;
    // The way to the cell takes a few frames of the first step.
    expect(chargeIn).toBeGreaterThan(5e-4 * 9.5);
    expect(chargeIn).toBeLessThan(5e-4 * 10.05);
    expect(chargeOut / 5e-3).toBeCloseTo(1, 3);
    expect(verdict.at - discharge).toBeGreaterThan(100);
    const areal = ((chargeIn + chargeOut) / 0.95) * 1e6;
    expect(verdict.values[9] / areal).toBeCloseTo(1, 2);
  });

  test("starts, stops and starts again, each with its own verdict", () => {
    const bench = createBench([currentStep(5e-4)]);
    for (let round = 1; round <= 3; round++) {
      goLive(bench);
      expect(bench.channel.command.relay).toBe(1);
      finish(bench.channel.run, END_STOPPED, 0.95);
      expect(frame(bench)).toMatchObject({ relay: 0, code: CODE_MID });
      for (let i = 0; i < 10; i++) frame(bench);
      expect(isSafe(bench)).toBe(true);
      expect(toldOf(bench, EVENT_VERDICT)).toHaveLength(round);
      expect(toldOf(bench, EVENT_VERDICT).at(-1)?.values[2]).toBe(END_STOPPED);
    }
  });

  test("repeats a loop's body so often, and counts its cycles", () => {
    const loop: Step = { ...restStep(0), kind: 3, to: 0, count: 3, budget: 0 };
    const bench = createBench([restStep(1), currentStep(1e-4, { duration: 1 }), loop]);
    start(bench);
    expect(verdictOf(bench).values[2]).toBe(END_FINISHED);
    const indices = toldOf(bench, EVENT_STEP).map(({ values }) => values[0]);
    expect(indices).toEqual([0, 1, 0, 1, 0, 1]);
    expect(bench.channel.run.schedule.cycleCount).toBe(3);
  });

  test("of loops without a step comes to an end after 30 s, and never reaches the cell", () => {
    const loop: Step = { ...restStep(0), kind: 3, to: 0, count: 4e9, budget: 0 };
    const bench = createBench([loop]);
    start(bench);
    const verdict = verdictOf(bench, 60);
    expect(verdict.values[2]).toBe(END_FAULT);
    const [begun] = toldOf(bench, EVENT_START);
    expect(verdict.at - begun.at).toBeGreaterThan(30);
    expect(verdict.at - begun.at).toBeLessThan(30.5);
    expect(toldOf(bench, EVENT_FAULT).map(({ values }) => values)).toEqual([
      [fault.FAULT_PROTOCOL],
    ]);
    expect(bench.commands.every(({ relay }) => relay === 0)).toBe(true);
  });

  const UNBOUNDED = [0, -1, NaN];
  const refused: [string, Step][] = [
    ["beyond the envelope", currentStep(2.001e-3)],
    ["beyond the envelope backwards", currentStep(-2.001e-3)],
    ["not a current", currentStep(NaN)],
    ["a staircase to beyond the envelope", ccdStep({ currentMax: 2.001e-3 })],
    ["of no known kind", currentStep(5e-4, { kind: 99 })],
    ...UNBOUNDED.map((budget): [string, Step] => [
      `of a budget of ${budget}`,
      currentStep(5e-4, { budget }),
    ]),
  ];
  test.each(refused)("with a step %s ends there as a faulty protocol", (_, step) => {
    for (const before of [[], [restStep(1)]]) {
      const bench = createBench([...before, step]);
      const { limits, config } = bench.channel;
      narrow(limits, { ...ENVELOPE, currentMaxA: 2e-3 }, config, CAPABILITIES);
      start(bench);
      const verdict = verdictOf(bench, 60);
      expect(verdict.values[2]).toBe(END_FAULT);
      expect(toldOf(bench, EVENT_FAULT).map(({ values }) => values)).toEqual([
        [fault.FAULT_PROTOCOL],
      ]);
      expect(toldOf(bench, EVENT_STEP)).toHaveLength(before.length);
      expect(bench.commands.every(({ relay }) => relay === 0)).toBe(true);
    }
  });

  test("of a step at the envelope's edge is tried", () => {
    const bench = createBench([currentStep(2e-3)]);
    const { limits, config } = bench.channel;
    narrow(limits, { ...ENVELOPE, currentMaxA: 2e-3 }, config, CAPABILITIES);
    goLive(bench);
    expect(bench.channel.loop.setpoint).toBe(2e-3);
  });

  test("with loops nested too deep faults, and never reaches the cell", () => {
    const loops = Array.from({ length: 9 }, (): Step => ({
      ...restStep(0),
      kind: 3,
      to: 0,
      count: 2,
      budget: 0,
    }));
    const bench = createBench([restStep(0.2), ...loops]);
    start(bench);
    const verdict = verdictOf(bench);
    expect(verdict.values[2]).toBe(END_FAULT);
    expect(toldOf(bench, EVENT_FAULT).map(({ values }) => values)).toEqual([
      [fault.FAULT_PROTOCOL],
    ]);
  });
});

describe("arming", () => {
  test.each([
    [
      "force is too low",
      (bench: Bench) => (bench.forceN = 0.89 * 5884),
      fault.FAULT_F_LOW,
      END_LIMIT,
    ],
    [
      "force is not read",
      (bench: Bench) => (bench.disturb = (raw) => (raw.forceAge = -1)),
      fault.FAULT_BUS,
      END_FAULT,
    ],
    [
      "temperature is old",
      (bench: Bench) => (bench.disturb = (raw) => (raw.temperatureAge = 6000)),
      fault.FAULT_BUS,
      END_FAULT,
    ],
  ])("gives up after 30 s when %s", (_, trouble, code, end) => {
    const bench = createBench([currentStep(5e-4)]);
    frame(bench);
    trouble(bench);
    start(bench);
    const from = bench.timeMs;
    const verdict = verdictOf(bench, 60);
    expect(verdict.at - from / 1000).toBeGreaterThan(29.5);
    expect(verdict.at - from / 1000).toBeLessThan(31);
    expect(verdict.values[2]).toBe(end);
    expect(toldOf(bench, EVENT_FAULT).map(({ values }) => values)).toEqual([[code]]);
    expect(bench.commands.every(({ relay }) => relay === 0)).toBe(true);
    // Nothing is broken: another start may be tried.
    expect(bench.channel.guard.fault).toBe(0);
  });

  test("waits for the force, and goes on when it is there", () => {
    const bench = createBench([restStep(1)]);
    bench.forceN = 0.5 * 5884;
    start(bench);
    for (let i = 0; i < 100; i++) frame(bench);
    expect(bench.channel.run.schedule.phase).toBe(ARMING);
    bench.forceN = 0.91 * 5884;
    frame(bench);
    frame(bench);
    frame(bench);
    expect(bench.channel.run.schedule.phase).toBe(RUNNING);
  });
});

describe("a fault during a run", () => {
  // Counts of the voltage are those of the widest gain, 156 µV each.
  const limits = [
    ["V_HIGH", fault.FAULT_V_HIGH, 3, (raw: RawFrame) => (raw.voltage = 26000)],
    ["V_LOW", fault.FAULT_V_LOW, 3, (raw: RawFrame) => (raw.voltage = -26000)],
    ["T_HIGH", fault.FAULT_T_HIGH, 3, (raw: RawFrame) => (raw.temperature = temperatureCounts(61))],
    ["T_LOW", fault.FAULT_T_LOW, 3, (raw: RawFrame) => (raw.temperature = temperatureCounts(-1))],
    ["F_HIGH", fault.FAULT_F_HIGH, 3, (raw: RawFrame) => (raw.force *= 1.25)],
    ["F_LOW", fault.FAULT_F_LOW, 3, (raw: RawFrame) => (raw.force *= 0.7)],
  ] as const;
  const failures = [
    ["BUS, voltage", fault.FAULT_BUS, 3, (raw: RawFrame) => (raw.status |= STATUS.voltage)],
    ["BUS, current", fault.FAULT_BUS, 3, (raw: RawFrame) => (raw.status |= STATUS.current)],
    ["BUS, code", fault.FAULT_BUS, 3, (raw: RawFrame) => (raw.status |= STATUS.code)],
    ["BUS, range", fault.FAULT_BUS, 3, (raw: RawFrame) => (raw.status |= STATUS.range)],
    // The first of equal numbers is a new one.
    ["STALE", fault.FAULT_STALE, 2, (raw: RawFrame) => (raw.sequence = 3)],
    ["READBACK, code", fault.FAULT_READBACK, 2, (raw: RawFrame) => (raw.code = 0)],
    ["READBACK, range", fault.FAULT_READBACK, 2, (raw: RawFrame) => (raw.range = 1)],
    // Frames of two tenths of a second.
    ["FOLLOW", fault.FAULT_FOLLOW, 3, (raw: RawFrame) => (raw.current *= 1.05)],
    ["SIGN", fault.FAULT_SIGN, 2, (raw: RawFrame) => (raw.current *= -1)],
    [
      "IMPLAUSIBLE, temperature",
      fault.FAULT_IMPLAUSIBLE,
      3,
      (raw: RawFrame) => (raw.temperature = 0),
    ],
    [
      "IMPLAUSIBLE, voltage",
      fault.FAULT_IMPLAUSIBLE,
      3,
      (raw: RawFrame) => (raw.voltage = raw.sequence & 1 ? 6000 : -6000),
    ],
  ] as const;

  test.each([...limits, ...failures])("%s", (_, code, frames, trouble) => {
    const found = disturbed((raw, n) => {
      raw.voltageGain = 0;
      if (n < 200) trouble(raw);
    });
    const limit = code >= fault.FAULT_V_HIGH && code <= fault.FAULT_F_LOW;
    expect(found.end).toBe(limit ? END_LIMIT : END_FAULT);
    expect(found.faults.map(({ values }) => values)).toEqual([[code]]);
    expect(found.bench.channel.guard.fault).toBe(code);
    expect(found.bench.channel.run.schedule.phase).toBe(IDLE);
    expect(isSafe(found.bench)).toBe(true);
    const live = found.bench.commands.slice(-found.frames);
    expect(live.findIndex(({ relay }) => relay === 0)).toBe(frames - 1);
    expect(live.slice(frames - 1).every(({ relay }) => relay === 0)).toBe(true);
  });

  test("BUS: a slot that fails in every other frame, at its fifth time", () => {
    const found = disturbed((raw, n) => {
      if (n % 2 === 0) raw.status |= STATUS.current;
    });
    expect(found.faults.map(({ values }) => values)).toEqual([[fault.FAULT_BUS]]);
    const relays = found.bench.commands.slice(-found.frames).map(({ relay }) => relay);
    expect(relays.indexOf(0)).toBe(8);
  });

  test("is told once, with the verdict, and its frame is recorded", () => {
    const { bench } = disturbed((raw) => (raw.sequence = 3));
    expect(bench.told.slice(-2).map(({ code }) => code)).toEqual([EVENT_FAULT, EVENT_VERDICT]);
    expect(bench.commands.filter(({ record }) => record === 1).length).toBeGreaterThan(1);
    const first = bench.commands.findIndex(({ relay }, i) => i > 20 && relay === 0);
    expect(bench.commands[first].record).toBe(1);
  });

  test("keeps its first reason", () => {
    const { bench } = disturbed((raw) => (raw.code = 0));
    trip(bench.channel, fault.FAULT_EXCEPTION);
    expect(bench.channel.guard.fault).toBe(fault.FAULT_READBACK);
  });

  test("hard current: one confirmed frame", () => {
    const steps = [currentStep(9e-3)];
    const { faults, bench, frames } = disturbed((raw) => {
      raw.currentGain = 0;
      raw.current = (0.0132 * 100) / 62.5e-6;
      raw.status |= 128;
    }, steps);
    expect(faults.map(({ values }) => values)).toEqual([[fault.FAULT_I_HARD]]);
    expect(bench.commands.at(-frames)?.relay).toBe(0);
  });

  test("leak: current through the dummy at rest", () => {
    const bench = createBench([restStep(100)]);
    start(bench);
    runUntil(bench, () => bench.channel.run.schedule.phase === RUNNING);
    bench.disturb = (raw) => {
      raw.currentGain = 0;
      raw.current = (0.02 * 1) / 62.5e-6;
    };
    expect(verdictOf(bench, 60).values[2]).toBe(END_FAULT);
    expect(bench.channel.guard.fault).toBe(fault.FAULT_LEAK);
  });

  test("a step beyond its budget stops, and latches nothing", () => {
    const bench = createBench([currentStep(5e-4, { budget: 20 })]);
    start(bench);
    const verdict = verdictOf(bench, 100);
    expect(verdict.values[2]).toBe(END_LIMIT);
    const [step] = toldOf(bench, EVENT_STEP);
    expect(verdict.at - step.at).toBeGreaterThan(20);
    expect(verdict.at - step.at).toBeLessThan(20.5);
    expect(toldOf(bench, EVENT_FAULT).map(({ values }) => values)).toEqual([
      [fault.FAULT_TIME_MAX],
    ]);
    expect(bench.channel.guard.fault).toBe(0);
    expect(isSafe(bench)).toBe(true);
  });

  test("without a run is latched and told, but ends none", () => {
    const bench = createBench([restStep(1)]);
    trip(bench.channel, fault.FAULT_CONFIG);
    frame(bench);
    expect(bench.told.map(({ code, values }) => [code, values])).toEqual([
      [EVENT_FAULT, [fault.FAULT_CONFIG]],
    ]);
    expect(bench.channel.guard.fault).toBe(fault.FAULT_CONFIG);
  });
});
