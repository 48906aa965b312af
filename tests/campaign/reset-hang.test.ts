// A processor that stands still at any place: the output is off within the two seconds of the
// keep-alive, also when it stands in the very frame that changes the current.
import { describe, expect, test } from "vitest";
import type { SimulatedChannel } from "../../boards/simulated.ts";
import { LIVE } from "../../firmware/loop.ts";
import { VOLTS_AT } from "../../firmware/sample.ts";
import { EVENT_FAULT } from "../../firmware/telemetry.ts";
import { complaint, cycles, long, openBench, outcomeOf } from "./bench.ts";
import type { Bench } from "./fork.ts";
import { branch, momentsOf } from "./fork.ts";
import { hangIn } from "./hang.ts";
import { spread } from "./tally.ts";

const PERIOD_MS = 500;
const STEPS = cycles(1, 4);
const PROGRAM_S = 20;
const END_MS = 60e3;
/** Relay and contact take some milliseconds after the keep-alive has expired. */
const OFF_MS = 2000 + 20;
const HANG_MS = 5000;

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
      ["reading the memory", ({ memory }) => [memory, "read"]],
      ["writing the memory", ({ memory }) => [memory, "program"]],
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

const open = (): Bench => openBench(STEPS, { oracle: true, framePeriodMs: PERIOD_MS });

/** How long a hang left current flowing at most, ms, by place. */
const lived = new Map<string, number>();
const HANGS = long ? 200 : 4;
let stood = 0;

/** Lets it stand, and looks at what becomes of it; false = the place was not come by. */
function standIn([name, hang]: Place, { channel, record }: Bench, mayMiss: boolean): boolean {
  const seen = hang(channel);
  channel.runUntil(END_MS);
  if (mayMiss && !seen.begun) return false;
  expect(seen.begun).toBe(true);
  stood++;
  lived.set(name, Math.max(lived.get(name) ?? 0, seen.liveMs));
  const outcome = outcomeOf(channel, record);
  const why = complaint(channel, [], `${name}: ${outcome}`);
  expect(seen.liveMs, why).toBeLessThanOrEqual(OFF_MS);
  expect(channel.oracle?.violations, why).toEqual([]);
  const told = record.events.some(({ code }) => code === EVENT_FAULT);
  // What stands while no current flows may be made up for.
  expect(told || seen.liveMs === 0, why).toBe(true);
  return true;
}

describe("a processor that stands still in", () => {
  test.each(PLACES)("%s: the output is off within two seconds, and the run is over", (...place) => {
    for (let i = 0; i < HANGS; i++) {
      const bench = open();
      // The last change of range is some ten seconds after the start.
      bench.channel.runUntil(1500 + (i * 8000) / HANGS);
      settleIn(bench.channel);
      standIn(place, bench, false);
    }
  });

  test("any of them, in the very frame that changes the current: the same", () => {
    const moments = momentsOf(open, PROGRAM_S * 1000);
    let frames = 0;
    for (const { before, after } of moments) {
      const [was, is] = [before, after].map(({ channel }) => channel.shell.channel.loop);
      const moved = was.code !== is.code || was.range !== is.range || was.rung !== is.rung;
      if (!moved) continue;
      frames++;
      const places = long ? PLACES : spread(PLACES, 8);
      for (const place of places) standIn(place, branch(before), true);
    }
    expect(frames).toBeGreaterThan(12);
  });

  test("does so with the current on, in most places", () => {
    const figures = JSON.stringify(Object.fromEntries(lived));
    console.log(`hangs, off in time ${stood}/${stood}; longest with current, ms: ${figures}`);
    const live = [...lived.values()].filter((ms) => ms > 0);
    expect(live.length).toBeGreaterThanOrEqual(PLACES.length - 3);
  });
});
