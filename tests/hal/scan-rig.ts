// A scan on a virtual clock with converters and read-backs that a test scripts. Replies come in
// order: inside the call, or after a latency that can be set for each one.
import type { Converter, Dac, Range, RawFrame } from "../../hal/port.ts";
import type { ReadDone, ReadState, Settings } from "../../hal/port.ts";
import { createScan } from "../../hal/scan.ts";
import type { ScanParts } from "../../hal/slots.ts";
import type { Timing } from "./scripted-bus.ts";
import { createVirtualClock } from "./virtual-clock.ts";

/** Room for readings of a burst. */
export const BURST_MAX = 200;

/** Kind of port call, for latencies and the log. */
export type Port = "voltage" | "current" | "temperature" | "force" | "dac" | "range";

export interface Begun {
  port: Port;
  at: number;
  gain: number;
}

/** What a test may change while it runs. */
export interface Script {
  /** Counts of the n-th conversion (from 0) of a port at a gain. */
  counts: (port: Port, n: number, gain: number) => number;
  /** Answer to the n-th poll. */
  ready: (port: Port, n: number) => ReadState;
  /** Whether the n-th start, and the n-th read, is acknowledged. */
  takes: (port: Port, n: number) => boolean;
  answers: (port: Port, n: number) => boolean;
  /** Latency of the n-th reply of a port (polls and reads alike), ms; deferred timing only. */
  latencyMs: (port: Port, n: number) => number;
  /** Whether the n-th reply never comes; deferred timing only. */
  lost: (port: Port, n: number) => boolean;
  code: number;
  range: number;
}

export function createScanRig(timing: Timing, changes: Partial<Script> = {}, mainsHz = 50) {
  const script: Script = {
    counts: () => 100,
    ready: () => 1,
    takes: () => true,
    answers: () => true,
    latencyMs: () => 0,
    lost: () => false,
    code: 40000,
    range: 2,
    ...changes,
  };
  const clock = createVirtualClock();
  const begun: Begun[] = [];
  const relay: { at: number; toCell: boolean }[] = [];
  const tallies = new Map<string, number>();
  const nth = (name: string): number => {
    const n = tallies.get(name) ?? 0;
    tallies.set(name, n + 1);
    return n;
  };
  let lastReply = 0;
  const reply = (port: Port, run: () => void): void => {
    const n = nth(`reply ${port}`);
    const latency = script.latencyMs(port, n);
    if (timing === "inline") run();
    else if (!script.lost(port, n)) {
      lastReply = Math.max(lastReply, clock.now() + latency);
      clock.after(lastReply - clock.now(), run);
    }
  };
  const converter = (port: Port, conversionMs: number): Converter => {
    let gainNow = 0;
    let n = -1;
    return {
      countsMax: port === "force" ? 8388607 : 32767,
      begin: (gain) => {
        begun.push({ port, at: clock.now(), gain });
        gainNow = gain;
        n = nth(`begin ${port}`);
        return script.takes(port, n) ? conversionMs : -1;
      },
      poll: (done) => {
        const state = script.ready(port, nth(`poll ${port}`));
        reply(port, () => done(0, state));
      },
      read: (done) => {
        const ok = script.answers(port, nth(`read ${port}`));
        const counts = script.counts(port, n, gainNow);
        reply(port, () => done(ok ? counts : 0, ok ? 1 : -1));
      },
    };
  };
  const readBack = (port: "dac" | "range") => (done: ReadDone) => {
    const ok = script.answers(port, nth(`read ${port}`));
    const value = port === "dac" ? script.code : script.range;
    reply(port, () => done(ok ? value : -1, ok ? 1 : -1));
  };
  const dac: Dac = {
    codeMax: 65535,
    codeMid: 32768,
    reset: () => true,
    write: () => true,
    read: readBack("dac"),
  };
  const range: Range = { reset: () => true, write: () => true, read: readBack("range") };
  const parts: ScanParts = {
    clock,
    readers: [
      converter("voltage", 2.35),
      converter("current", 2.35),
      dac,
      range,
      converter("force", 0),
      converter("temperature", 2.35),
    ],
    inputs: [0, 1, 0, 0, 0, 2],
    relay: { write: (toCell: boolean) => void relay.push({ at: clock.now(), toCell }) },
    samples: new Int16Array(BURST_MAX),
    mainsHz,
  };
  return { clock, script, begun, relay, parts, scan: createScan(parts) };
}

export type ScanRig = ReturnType<typeof createScanRig>;

/** Settings that guard nothing, frames `periodMs` apart. */
export function settingsOf(changes: Partial<Settings> = {}): Settings {
  return {
    voltageGain: 0,
    currentGain: 0,
    guardMin: -32768,
    guardMax: 32768,
    guardShort: 0,
    guardCurrent: 32768,
    periodMs: 100,
    ...changes,
  };
}

/** Bits of the status that say how a frame came about, not that something is wrong. */
const SLOW_READ = 1024;
const WIDENED = 2048;

/** One delivered frame, copied, and when it came; its status without the bits that say nothing but
 *  how it came about. */
export interface Delivered {
  frame: RawFrame;
  slowRead: boolean;
  widened: boolean;
  object: RawFrame;
  at: number;
}

/** A delivered frame as it is now. */
export function copyOf(object: RawFrame, at: number): Delivered {
  const slowRead = (object.status & SLOW_READ) !== 0;
  const widened = (object.status & WIDENED) !== 0;
  const frame = { ...object, status: object.status & ~(SLOW_READ | WIDENED) };
  return { frame, slowRead, widened, object, at };
}

/** Starts the scan and runs until `count` frames have come or `untilMs` is over. The first frame is
 *  taken at the scan's own settings, frame n at `settings(n)`; `during` is called with each frame
 *  before the next one is asked for. */
export function runFrames(
  rig: ScanRig,
  count: number,
  settings: (n: number) => Settings = () => settingsOf(),
  during: (n: number) => void = () => undefined,
  untilMs = 60_000,
): Delivered[] {
  const delivered: Delivered[] = [];
  rig.scan.start((frame) => {
    delivered.push(copyOf(frame, rig.clock.now()));
    if (delivered.length >= count) return;
    during(delivered.length - 1);
    rig.scan.request(settings(delivered.length));
  });
  rig.clock.runUntil(untilMs);
  return delivered;
}
