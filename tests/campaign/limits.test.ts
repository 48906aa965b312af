// How many frames a limit may be crossed for: a hard one two, a debounced one four, and no current
// afterwards. One glitch of a reading, to anywhere, is none.
import { describe, expect, test } from "vitest";
import type { SimulatedChannel } from "../../boards/simulated.ts";
import { STEP_CURRENT, createStep } from "../../firmware/protocol.ts";
import { LIVE } from "../../firmware/loop.ts";
import { EVENT_FAULT } from "../../firmware/telemetry.ts";
import { faultName } from "../../host/fault-name.ts";
import { observe } from "../../sim/advance.ts";
import type { FaultEntry } from "../../sim/fault.ts";
import { long, openBench } from "./bench.ts";

const PERIODS_MS = [100, 200, 1000];
const MOMENTS = long ? 60 : 5;
const FROM_S = 40;
const LOOK_MS = 2;
/** From the last frame's command to a contact that is open, ms. */
const FRAME_MS = 60;

/** One current, without cut-offs of its own: what it leaves is the cell's window. */
function program(amperes: number) {
  const step = { ...createStep(), kind: STEP_CURRENT, current: amperes };
  return [{ ...step, duration: 300, budget: 600, voltageMin: -Infinity, voltageMax: Infinity }];
}

interface Crossing {
  cause: string;
  fault: string;
  amperes: number;
  strike: (channel: SimulatedChannel) => void;
  plan?: Omit<FaultEntry, "at">;
  frames: number;
}

const nothing = (): void => undefined;
const CROSSINGS: Crossing[] = [
  {
    ...{ cause: "the current leaves what the hardware stands", fault: "I_HARD", frames: 2 },
    ...{ amperes: 9e-3, strike: nothing },
    plan: { kind: "outputStuck", target: "dac", value: 5.3 },
  },
  {
    ...{ cause: "the voltage rises beyond the window", fault: "V_HIGH", frames: 4 },
    ...{ amperes: 3e-4, strike: ({ world }) => void (world.cell.bulkOhmCm2 = 14_000) },
  },
  {
    ...{ cause: "the voltage falls beyond the window", fault: "V_LOW", frames: 4 },
    ...{ amperes: -3e-4, strike: ({ world }) => void (world.cell.bulkOhmCm2 = 14_000) },
  },
];

const MOST_S = 10;

/** Time until no current flows, ms; the fault told; whether any flowed later. */
function cross({ amperes, strike, plan }: Crossing, timeS: number, framePeriodMs: number) {
  const faults = plan === undefined ? [] : [{ ...plan, at: { timeS } }];
  const options = { plan: faults, framePeriodMs, errors: 0, noise: 0 };
  const { channel, record } = openBench(program(amperes), options);
  channel.runUntil(timeS * 1000);
  expect(channel.shell.channel.loop.rung).toBe(LIVE);
  strike(channel);
  const flows = (): boolean => {
    observe(channel.world);
    return channel.world.cell.currentA !== 0;
  };
  while (flows() && channel.now() < (timeS + MOST_S) * 1000) {
    channel.runUntil(channel.now() + LOOK_MS);
  }
  const ms = channel.now() - timeS * 1000;
  let later = false;
  for (let i = 0; i < 200; i++) {
    channel.runUntil(channel.now() + 20);
    later ||= flows();
  }
  const told = record.events.filter(({ code }) => code === EVENT_FAULT);
  return { ms, later, faults: told.map(({ values }) => faultName(values[0])) };
}

describe.each(CROSSINGS)("$cause", (crossing) => {
  test.each(PERIODS_MS)("at frames of %i ms", (periodMs) => {
    const found = Array.from({ length: MOMENTS }, (_, i) => {
      const timeS = FROM_S + (i * 5.3) / MOMENTS + (i * periodMs) / 7000;
      return cross(crossing, timeS, periodMs);
    });
    const most = Math.max(...found.map(({ ms }) => ms));
    const frames = (most / periodMs).toFixed(1);
    console.log(
      `${crossing.cause}: ${crossing.fault}, ${most} ms, ${frames} frames of ${periodMs} ms`,
    );
    expect(most).toBeLessThanOrEqual(crossing.frames * periodMs + FRAME_MS);
    for (const each of found) {
      expect(each).toMatchObject({ later: false, faults: [crossing.fault] });
    }
  });
});

const GLITCHES: [name: string, entry: Omit<FaultEntry, "at">][] = [
  ["the voltage's lead, by 5 V", { kind: "rattle", value: 5, durationS: 0.004 }],
  ["the current's sign", { kind: "polarity", durationS: 0.02 }],
  ["the current's lead, to zero", { kind: "leadOpen", target: "current", durationS: 0.05 }],
  [
    "the set-point's output, to full scale",
    { kind: "outputStuck", target: "dac", value: 5, durationS: 0.03 },
  ],
  [
    "the set-point's output, to zero",
    { kind: "outputStuck", target: "dac", value: 2.5, durationS: 0.03 },
  ],
  ["the thermistor", { kind: "thermistorOff", durationS: 0.02 }],
];
const GAP_S = 7.013;
const COUNT = long ? 2000 : 30;

describe.each(GLITCHES)("a glitch of %s", (name, entry) => {
  test.each(PERIODS_MS)("is none, at frames of %i ms", (framePeriodMs) => {
    const plan = Array.from({ length: COUNT }, (_, i) => ({
      ...entry,
      at: { timeS: FROM_S + i * GAP_S + (i * framePeriodMs) / 1000 / COUNT },
    }));
    const steps = program(3e-4).map((step) => ({ ...step, duration: 1e5, budget: 2e5 }));
    const options = { plan, framePeriodMs, oracle: false, errors: 0, noise: 1 };
    const { channel, record } = openBench(steps, options);
    channel.runUntil((FROM_S + (COUNT + 1) * (GAP_S + 1)) * 1000);
    expect(channel.world.faults.fired).toBe(COUNT);
    expect(record.events.filter(({ code }) => code === EVENT_FAULT)).toEqual([]);
    expect(channel.shell.channel.loop.rung).toBe(LIVE);
    if (framePeriodMs === PERIODS_MS[0]) console.log(`${COUNT} glitches of ${name}: no fault`);
  });
});
