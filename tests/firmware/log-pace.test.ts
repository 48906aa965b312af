// When the log works: never between a frame and its command, one operation a frame at most; and how
// soon an event is in memory, with the simulated W25Q32's times.
import { expect, test } from "vitest";
import * as log from "../../firmware/log-format.ts";
import type { Flash as LogFlash } from "../../hal/bus.ts";
import { createSimulated } from "../../boards/simulated.ts";
import { createStep, STEP_CURRENT, STEP_REST } from "../../firmware/protocol.ts";
import { decodeKept, keptEvent } from "../../host/log-kept.ts";
import { createStream } from "../../sim/random.ts";
import { createSupply } from "../../sim/supply.ts";
import { cellOf, memoryOf as memoryWith } from "../boards/rig.ts";
import { eventsOf } from "../boards/same-events.ts";
import { bootOn, memoryOf, sampleOf, smallFlash, START_LINE, stepLine } from "./log-bench.ts";
import type { LogBench } from "./log-bench.ts";

/** Calls of a memory, and those among them that begin something; each says when it is made. */
function watched(memory: LogFlash, onCall: (begins: boolean) => void): LogFlash {
  return {
    ...memory,
    busy: () => {
      onCall(false);
      return memory.busy();
    },
    read: (offset, into) => {
      onCall(false);
      return memory.read(offset, into);
    },
    program: (offset, bytes) => {
      onCall(true);
      return memory.program(offset, bytes);
    },
    erase: (sector) => {
      onCall(true);
      return memory.erase(sector);
    },
  };
}

test("memory is left alone between a frame and its command; a frame begins one operation", () => {
  const held: { bench: LogBench | null } = { bench: null };
  let calls = 0;
  let begun = 0;
  let within = 0;
  const supply = createSupply(Infinity, 0, createStream(1, "pace"));
  const memory = watched(memoryOf(smallFlash(), supply), (begins) => {
    calls++;
    if (begins) begun++;
    if (held.bench?.isCommanding() === true) within++;
  });
  const bench = (held.bench = bootOn(memory));
  begun = 0;
  bench.frame(null, START_LINE);
  let most = 0;
  for (let i = 0; i < 4000; i++) {
    const before = begun;
    // Evidence comes eight lines a frame.
    const lines = new Array<string>(i % 500 === 0 ? 8 : 0).fill('["v",1,0,5,1,2,3]');
    bench.frame(sampleOf(i), ...(i % 300 === 0 ? [stepLine(i), ...lines] : lines));
    most = Math.max(most, begun - before);
  }
  expect(within).toBe(0);
  expect(most).toBe(1);
  expect(begun).toBeGreaterThan(100);
  expect(calls).toBeGreaterThan(begun);
});

const FRAME_MS = 200;
const LOOK_MS = 25;
/** A program takes 3 ms at most, an erase 400 ms: two frames. What an event finds on the way: the
 *  erase under way, the look at what was written before it, then its own writing. */
const COMMITTED_MS = 1000;

/** Events that a simulated chip holds by now, as texts. */
function committed(sectors: readonly (Uint8Array | null)[]): Set<string> {
  const found = new Set<string>();
  const from = log.regionStart(log.KEPT, sectors.length);
  for (const sector of sectors.slice(from)) {
    for (let at = 0; sector !== null && at < sector.length; at += log.PAGE_BYTES) {
      for (const record of decodeKept(sector.subarray(at, at + log.PAGE_BYTES))) {
        if (record.kind !== log.KEPT_EVENT) continue;
        const { code, timeMs, values } = keptEvent(record);
        found.add(JSON.stringify([code, timeMs, values]));
      }
    }
  }
  return found;
}

test("an event is in memory within a second of being told, from a blank chip's first on", () => {
  const cell = cellOf("hNa");
  const rest = { ...createStep(), kind: STEP_REST, duration: 7, budget: 60 };
  const current = { ...createStep(), kind: STEP_CURRENT, current: 1e-4, duration: 5, budget: 60 };
  const steps = [rest, { ...current, voltageMin: -4, voltageMax: 4 }];
  const program = Array.from({ length: 10 }, (_, i) => steps[i % 2]);
  const memory = memoryWith(cell, program);
  const chips = { log: "w25q32" } as const;
  const board = createSimulated({ cell, seed: 1, memory, chips, framePeriodMs: FRAME_MS });
  const chip = board.world.fitted.w25q32;
  if (chip === null) throw new Error("no chip");
  const toldAt = new Map<string, number>();
  const delays: number[] = [];
  board.onLine((line) => {
    for (const { code, timeMs, values } of eventsOf([line])) {
      toldAt.set(JSON.stringify([code, timeMs, values]), board.now());
    }
  });
  board.runUntil(15_000);
  board.send("start");
  while (board.now() < 120_000) {
    board.runUntil(board.now() + LOOK_MS);
    if (toldAt.size === 0) continue;
    const found = committed(chip.flash.sectors);
    for (const [event, at] of toldAt) {
      if (found.has(event)) {
        delays.push(board.now() - at);
        toldAt.delete(event);
      }
    }
  }
  expect([...toldAt.keys()]).toEqual([]);
  expect(delays.length).toBeGreaterThan(10);
  const longest = Math.max(...delays);
  console.log(`${delays.length} events, each in memory within ${longest} ms`);
  expect(longest).toBeLessThanOrEqual(COMMITTED_MS);
});
