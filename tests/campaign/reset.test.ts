// A processor that is reset at any moment, or stands still at any place: the relay is at rest, no
// current flows before the way to the cell has been climbed again, and the output is off within the
// two seconds of the keep-alive. `--long` takes every 10 ms of the program, else one in seventy.
import { describe, expect, test } from "vitest";
import type { SimulatedChannel } from "../../boards/simulated.ts";
import { LIVE } from "../../firmware/loop.ts";
import { VOLTS_AT } from "../../firmware/sample.ts";
import { EVENT_FAULT } from "../../firmware/telemetry.ts";
import type { FaultPlan } from "../../sim/fault.ts";
import { complaint, cycles, long, openBench, outcomeOf } from "./bench.ts";
import { hangIn } from "./hang.ts";

const PERIOD_MS = 500;
const STEPS = cycles(1, 4);
/** The program takes some 17 s; then there is time for whatever ends it, a rest of a minute before
 *  it goes on among that. */
const PROGRAM_S = 20;
const END_MS = 150e3;
const GRID_S = long ? 0.01 : 0.7;
/** Relay and contact take some milliseconds after the keep-alive has expired. */
const OFF_MS = 2000 + 20;
const HANG_MS = 5000;

const CHIPS = ["dac", "adc", "range", "loadCell", "memory"];

/** What restarts the processor, and what else it does. */
const CAUSES: [string, (timeS: number) => FaultPlan][] = [
  ["its pin", (timeS) => [{ at: { timeS }, kind: "mcuReset", value: 300 }]],
  [
    "the supply of the whole board",
    (timeS) => [
      { at: { timeS }, kind: "mcuReset", value: 50 },
      ...CHIPS.map((target) => ({ at: { timeS }, kind: "brownOut", target }) as const),
    ],
  ],
  [
    "its watchdog, after it has stood for two seconds in a call",
    (timeS) => [
      { at: { timeS }, kind: "late", value: 2500, count: 1 },
      { at: { timeS: timeS + 2 }, kind: "mcuReset", value: 300 },
    ],
  ],
];

describe("a reset by", () => {
  test.each(CAUSES)("%s, at any time: told or held, and nobody is hurt", (_, planOf) => {
    const failures: string[] = [];
    let count = 0;
    for (let timeS = 0.005; timeS < PROGRAM_S; timeS += GRID_S) {
      const plan = planOf(Math.round(timeS * 1000) / 1000);
      const { channel, record } = openBench(STEPS, { plan, framePeriodMs: PERIOD_MS });
      channel.runUntil(END_MS);
      const outcome = outcomeOf(channel, record);
      count += channel.world.faults.resets;
      const ended = ["finished", "safe stop", "held"].includes(outcome);
      const clean = channel.oracle?.violations.length === 0;
      if (!ended || !clean) failures.push(complaint(channel, plan, outcome));
    }
    expect(failures.join("\n")).toBe("");
    expect(count).toBeGreaterThanOrEqual(PROGRAM_S / GRID_S - 1);
  });
});

type Place = [name: string, hang: (channel: SimulatedChannel) => ReturnType<typeof hangIn>];

/** What only that stage, or that call, uses. */
const PLACES: Place[] = [
  ...(
    [
      ["measuring", ({ circuit }) => [circuit, "newtonsPerCount"]],
      ["supervising", ({ limits }) => [limits, "temperatureMax"]],
      ["accounting", ({ run }) => [run.totals, "fresh"]],
      ["detecting", ({ run }) => [run.shorts, "numbers"]],
      ["advancing", ({ run }) => [run.schedule, "nextIndex"]],
      ["regulating", ({ circuit }) => [circuit, "codeMax"]],
      ["preparing the next frame", ({ capabilities }) => [capabilities, "framePeriodMs"]],
    ] as [string, (core: SimulatedChannel["shell"]["channel"]) => [object, string]][]
  ).map(([name, find]): Place => [
    name,
    (channel) => {
      const core = channel.shell.channel;
      // Constants that all channels share are copied first.
      const own = core as { circuit: object; capabilities: object };
      own.circuit = { ...core.circuit };
      own.capabilities = { ...core.capabilities };
      const [owner, key] = find(core);
      return hangIn(channel, owner, key as never, HANG_MS);
    },
  ]),
  ...(
    [
      ["the clock's call", ({ clock }) => [clock, "now"]],
      ["the converter's call", ({ dac }) => [dac, "write"]],
      ["the range's call", ({ range }) => [range, "write"]],
      ["the relay's call", ({ relay }) => [relay, "write"]],
      ["the memory's call", ({ memory }) => [memory, "read"]],
      ["the line's call", ({ line }) => [line, "write"]],
      ["the watchdog's call", ({ watchdog }) => [watchdog, "kick"]],
      ["asking for a frame", ({ scan }) => [scan, "request"]],
    ] as [string, (board: SimulatedChannel["shell"]["board"]) => [object, string]][]
  ).map(([name, find]): Place => [
    name,
    (channel) => {
      const [owner, key] = find(channel.shell.board);
      return hangIn(channel, owner, key as never, HANG_MS);
    },
  ]),
];

/** Lets time go on to where a step is well under way: what the oracle has been told holds then. */
function settleIn(channel: SimulatedChannel): void {
  while (channel.now() < PROGRAM_S * 1000) {
    const { loop, run, sample } = channel.shell.channel;
    const elapsed = sample[VOLTS_AT] - run.totals.stepStartedAt;
    if (loop.rung === LIVE && loop.frames >= 2 && elapsed < 2.5) return;
    channel.runUntil(channel.now() + 50);
  }
}

/** How long a hang left current flowing at most, ms, by place. */
const lived = new Map<string, number>();
const HANGS = long ? 200 : 4;

describe("a processor that stands still in", () => {
  test.each(PLACES)(
    "%s: the output is off within two seconds, and the run is over",
    (name, hang) => {
      for (let i = 0; i < HANGS; i++) {
        const { channel, record } = openBench(STEPS, { oracle: true, framePeriodMs: PERIOD_MS });
        // The last change of range is some ten seconds after the start.
        channel.runUntil(1500 + (i * 8000) / HANGS);
        settleIn(channel);
        const seen = hang(channel);
        channel.runUntil(END_MS);
        expect(seen.begun).toBe(true);
        expect(seen.liveMs).toBeLessThanOrEqual(OFF_MS);
        lived.set(name, Math.max(lived.get(name) ?? 0, seen.liveMs));
        const outcome = outcomeOf(channel, record);
        expect(channel.oracle?.violations, complaint(channel, [], outcome)).toEqual([]);
        const told = record.events.some(({ code }) => code === EVENT_FAULT);
        // What stands while no current flows may be made up for.
        expect(told || seen.liveMs === 0, complaint(channel, [], outcome)).toBe(true);
      }
    },
  );

  test("does so with the current on, in most places", () => {
    console.log(`longest with current, ms: ${JSON.stringify(Object.fromEntries(lived))}`);
    const live = [...lived.values()].filter((ms) => ms > 0);
    expect(live.length).toBeGreaterThanOrEqual(PLACES.length - 3);
  });
});
