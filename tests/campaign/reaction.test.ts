// How long it takes from a cause to a cell that is cut off, by what broke and how far frames are
// apart: the longest of several moments. docs/safety.md quotes the figures, and is held to them.
import { expect, test } from "vitest";
import type { SimulatedChannel } from "../../boards/simulated.ts";
import { CODE_MID } from "../firmware/specimen.ts";
import { LIVE } from "../../firmware/loop.ts";
import { EVENT_FAULT } from "../../firmware/telemetry.ts";
import { faultName } from "../../host/fault-name.ts";
import { advanceTo } from "../../sim/advance.ts";
import { setTemperature } from "../../sim/cell.ts";
import { REST } from "../../sim/contacts.ts";
import type { FaultEntry } from "../../sim/fault.ts";
import { readText } from "../rules/sources.ts";
import { cycles, long, openBench } from "./bench.ts";

const PERIODS_MS = [100, 200, 1000];
/** Without cut-offs of their own: what the voltage leaves is the cell's window. The last current
 *  lasts long enough for what takes its time. */
const STEPS = cycles(1, 60).map((step) => {
  const lasting = step.current === 3e-4 ? { duration: 300, budget: 600 } : {};
  return { ...step, ...lasting, voltageMin: -Infinity, voltageMax: Infinity };
});
/** Well within the step of 300 µA, where most frames are calm ones. */
const FROM_S = 150;
/** The moments lie within so much time, at different phases of a frame and of a second. */
const SPREAD_S = 5.3;
const MOMENTS = long ? 100 : 6;
const LOOK_MS = 5;
const GIVE_UP_MS = 150e3;

/** A fault, or a change of the world; what it answers is done again and again. */
type Strike = Omit<FaultEntry, "at"> | ((channel: SimulatedChannel) => void | (() => void));

const WARMING_K_PER_MINUTE = 3;

/** What breaks; a change of the world, or of what it is judged by, where no fault says it. */
const CAUSES: [name: string, strike: Strike][] = [
  ["a lead of the current comes off", { kind: "leadOpen", target: "current" }],
  ["a lead of the voltage comes off", { kind: "leadOpen", target: "sense" }],
  ["the set-point converter restarts at full scale", { kind: "brownOut", target: "dac" }],
  ["the measuring converter is dead", { kind: "nack", target: "adc", durationS: 1e4 }],
  ["the bus is held down", { kind: "sdaLow", durationS: 1e4 }],
  ["the range's relays let go", { kind: "brownOut", target: "range" }],
  [
    "the reference of the set-point moves by 5 %",
    { kind: "referenceDrift", target: "dac", value: 0.05 },
  ],
  [
    "the set-point moves by 3 % of full scale",
    { kind: "referenceDrift", target: "dac", value: 0.06 / 3.1 },
  ],
  [
    "the reference of the measurement moves by 5 %",
    { kind: "referenceDrift", target: "adc", value: 0.05 },
  ],
  ["the same the other way", { kind: "referenceDrift", target: "adc", value: -0.05 }],
  ["the set-point's output stands still elsewhere", { kind: "outputStuck", target: "dac" }],
  ["the sense resistor's taps change places", { kind: "polarity" }],
  ["the measuring converter stands still", { kind: "frozen", target: "adc" }],
  ["the thermistor comes off", { kind: "thermistorOff" }],
  ["a lead of the voltage is loose", { kind: "rattle" }],
  [
    "the cell warms up by 3 K a minute",
    ({ world }) => {
      const from = { ms: world.clock.nowMs, celsius: world.cell.temperatureC };
      return () => {
        const minutes = (world.clock.nowMs - from.ms) / 60e3;
        setTemperature(world.cell, from.celsius + WARMING_K_PER_MINUTE * minutes);
      };
    },
  ],
  ["the load cell reads beyond its span", { kind: "forceSaturation", value: 4 }],
  [
    "the voltage leaves the cell's window",
    ({ world }) => {
      world.cell.bulkOhmCm2 = 14_000;
    },
  ],
  ["the cell is too warm", ({ world }) => setTemperature(world.cell, 62)],
  [
    "the processor stands still",
    (channel) => {
      const { clock } = channel.world;
      clock.cpuCount = 0;
    },
  ],
];

interface Reaction {
  ms: number;
  faults: Set<string>;
}

/** Lets `strike` happen at `timeS`, and waits for the output relay to be at rest. */
function reactTo(
  strike: Strike,
  timeS: number,
  framePeriodMs: number,
): { ms: number; code: number } {
  const plan = typeof strike === "function" ? [] : [{ ...strike, at: { timeS } }];
  const options = { plan, framePeriodMs, oracle: true, errors: 0, noise: 0 };
  const { channel, record } = openBench(STEPS, options);
  const from = timeS * 1000;
  channel.runUntil(from);
  expect(channel.shell.channel.loop.rung).toBe(LIVE);
  expect(channel.shell.channel.loop.code).not.toBe(CODE_MID);
  const goOn = typeof strike === "function" ? strike(channel) : undefined;
  const { output } = channel.world.frontend;
  while (output.position !== REST && channel.now() < from + GIVE_UP_MS) {
    channel.runUntil(channel.now() + LOOK_MS);
    goOn?.();
    if (channel.world.clock.cpuCount === 0) advanceTo(channel.world, channel.now() + LOOK_MS);
  }
  const ms = channel.now() - from;
  channel.runUntil(channel.now() + 5000);
  const told = record.events.find(({ code }) => code === EVENT_FAULT);
  return { ms, code: told?.values[0] ?? 0 };
}

function longest(strike: Strike, framePeriodMs: number): Reaction {
  const found: Reaction = { ms: 0, faults: new Set() };
  for (let i = 0; i < MOMENTS; i++) {
    const timeS = FROM_S + (i * SPREAD_S) / MOMENTS + (i * framePeriodMs) / 7000;
    const { ms, code } = reactTo(strike, timeS, framePeriodMs);
    found.ms = Math.max(found.ms, ms);
    if (code !== 0) found.faults.add(faultName(code));
  }
  return found;
}

/** The figures of docs/safety.md, ms, by cause. */
function quoted(): Map<string, number[]> {
  const rows = readText("docs/safety.md").match(/^\| [a-z].*\|$/gm) ?? [];
  const cells = rows.map((row) => row.split("|").map((cell) => cell.trim()));
  return new Map(cells.map(([, cause, , ...figures]) => [cause, figures.map(Number)]));
}

test.each(CAUSES)("%s: the cell is cut off as soon as docs/safety.md says", (cause, strike) => {
  const found = PERIODS_MS.map((periodMs) => longest(strike, periodMs));
  const names = [...new Set(found.flatMap(({ faults }) => [...faults]))].sort().join(", ");
  const figures = found.map(({ ms }) => Math.ceil(ms / 10) * 10);
  console.log(`| ${cause} | ${names === "" ? "keep-alive" : names} | ${figures.join(" | ")} |`);
  const promised = quoted().get(cause);
  expect(promised?.slice(0, figures.length) ?? []).toHaveLength(figures.length);
  figures.forEach((ms, i) => expect(ms).toBeLessThanOrEqual(promised?.[i] ?? -1));
});
