// A board of recorders around the shell: it logs every call in order, and delivers the frames that
// a test makes. Memory, chips and link can be made to refuse.
import { MEMORY_AREAS } from "../../boards/default-channel.ts";
import { CONFIG_BYTES, encodeConfig } from "../../firmware/config.ts";
import type { Features } from "../../firmware/features.ts";
import type { Shell } from "../../firmware/main.ts";
import { start } from "../../firmware/main.ts";
import { SLOW_READ } from "../../firmware/sample.ts";
import type { Step, Whole } from "../../firmware/protocol.ts";
import { createWhole, encodeProgram } from "../../firmware/encode.ts";
import { createStep } from "../../firmware/protocol.ts";
import type { EventMessage, FrameMessage } from "../../firmware/telemetry.ts";
import { decodeEvent, decodeFrame } from "../../firmware/telemetry.ts";
import { createArrayMemory } from "../../hal/memory/array.ts";
import { crc32 } from "../../hal/memory/crc32.ts";
import type { Board, BurstDone, RawFrame, Settings } from "../../hal/port.ts";
import { CAPABILITIES, CIRCUIT, CODE_MID, ENVELOPE, NO_FEATURES } from "./specimen.ts";
import { cellOf, rawOf } from "./specimen.ts";

/** A reading was taken again at the widest gain, see the port's status bits. */
const WIDENED = 2048;

/** Memory content: the test cell and these steps, END added. */
export function memoryOf(steps: Step[], whole: Whole = createWhole()): Uint8Array {
  const bytes = new Uint8Array(MEMORY_AREAS.end);
  const config = cellOf();
  encodeConfig(config, bytes.subarray(0, CONFIG_BYTES), crc32);
  const program = encodeProgram([...steps, createStep()], whole, 0xcafe, crc32);
  bytes.set(program, MEMORY_AREAS.protocol);
  return bytes;
}

export interface ShellBoard {
  readonly shell: Shell;
  /** Calls of ports, in order. */
  readonly log: string[];
  readonly lines: string[];
  readonly settings: Settings[];
  /** What the chips hold. */
  held: { relay: number; code: number; range: number };
  /** Chips that do not acknowledge. */
  refuse: { dac: boolean; range: boolean; memory: boolean };
  /** Throws inside the tick, once. */
  explode: boolean;
  /** The link throws. */
  breakLine: boolean;
  nowMs: number;
  send(line: string): void;
  /** Delivers one frame; the log of what came of it. */
  frame(changes?: Partial<RawFrame>): string[];
  events(): EventMessage[];
  frames(): FrameMessage[];
}

const SLOW = ["force", "forceAge", "temperature", "temperatureAge"] as const;

/** What the scan says of readings that a test states: when they were taken, and at which gain. */
function marksOf(changes: Partial<RawFrame>, asked: Settings | undefined): number {
  const slow = SLOW.some((each) => each in changes) ? SLOW_READ : 0;
  const wide = (name: "voltage" | "current"): boolean =>
    name in changes && !(`${name}Gain` in changes) && asked?.[`${name}Gain`] !== 0;
  return slow | (wide("voltage") || wide("current") ? WIDENED : 0);
}

/** A booted shell on `memory`. Its bursts read 1 mV, 2 mV, … and are over before the next frame. */
export function bootShell(
  memory: Uint8Array,
  features: Features = NO_FEATURES,
  extra: Partial<Board> = {},
): ShellBoard {
  const log: string[] = [];
  const lines: string[] = [];
  const settings: Settings[] = [];
  const held = { relay: -1, code: 0, range: -1 };
  const refuse = { dac: false, range: false, memory: false };
  let onLine: (text: string) => void = () => undefined;
  let onFrame: (frame: RawFrame) => void = () => undefined;
  let sequence = 0;
  let burst: { count: number; done: BurstDone } | null = null;
  const samples = new Float32Array(200);
  const store = createArrayMemory(memory, MEMORY_AREAS, crc32);
  const board: Board = {
    clock: { now: () => self.nowMs, wall: () => 0, after: () => 0, cancel: () => undefined },
    scan: {
      start: (callback) => {
        log.push("scan");
        onFrame = callback;
      },
      request: (each) => {
        log.push("request");
        settings.push({ ...each });
      },
      samples,
      burst: (count, periodUs, done) => {
        if (count === 0) return;
        log.push(`burst ${count} ${periodUs}`);
        const perCount = CIRCUIT.voltsPerCount[self.shell.channel.burst.gain];
        for (let i = 0; i < count; i++) samples[i] = ((i + 1) * 1e-3) / perCount;
        burst = { count, done };
      },
    },
    dac: {
      codeMax: 65535,
      codeMid: CODE_MID,
      reset: () => {
        log.push("dac reset");
        return !refuse.dac;
      },
      write: (code) => {
        log.push(`dac ${code}`);
        if (!refuse.dac) held.code = code;
        return !refuse.dac;
      },
      read: () => undefined,
    },
    range: {
      reset: () => {
        log.push("range reset");
        return !refuse.range;
      },
      write: (index) => {
        log.push(`range ${index}`);
        if (!refuse.range) held.range = index;
        return !refuse.range;
      },
      read: () => undefined,
    },
    relay: {
      write: (toCell) => {
        log.push(toCell ? "relay cell" : "relay rest");
        held.relay = toCell ? 1 : 0;
      },
    },
    memory: {
      ...store,
      read: (offset, into) => {
        log.push(`memory ${offset}`);
        return !refuse.memory && store.read(offset, into);
      },
      program: (offset, bytes) => !refuse.memory && store.program(offset, bytes),
    },
    line: {
      open: (callback) => {
        log.push("line");
        onLine = callback;
      },
      write: (text) => {
        if (self.breakLine) throw new Error("in the link");
        log.push("send");
        lines.push(text);
        return true;
      },
    },
    watchdog: {
      start: (timeoutMs) => void log.push(`watchdog ${timeoutMs}`),
      kick: () => void log.push("kick"),
    },
    circuit: CIRCUIT,
    capabilities: CAPABILITIES,
    ...extra,
  };
  const self: ShellBoard = {
    shell: null as unknown as Shell,
    log,
    lines,
    settings,
    held,
    refuse,
    explode: false,
    breakLine: false,
    nowMs: 0,
    send: (text) => onLine(text),
    frame: (changes = {}) => {
      const before = log.length;
      burst?.done(burst.count, false);
      burst = null;
      const senseV = (held.code - CODE_MID) / CIRCUIT.codesPerSenseVolt;
      const ohms = CIRCUIT.senseOhms[held.range] ?? 1e5;
      const volts = held.relay === 1 ? (senseV / ohms) * 50 : 0;
      // What a test states itself, it states at the widest gain.
      const asked = settings.at(-1);
      const voltageGain = "voltage" in changes ? 0 : (asked?.voltageGain ?? 0);
      const currentGain = "current" in changes ? 0 : (asked?.currentGain ?? 0);
      const raw = rawOf({
        sequence: sequence++,
        timeVoltage: self.nowMs,
        timeCurrent: self.nowMs,
        voltage: volts / CIRCUIT.voltsPerCount[voltageGain],
        current: senseV / CIRCUIT.senseVoltsPerCount[currentGain],
        voltageGain,
        currentGain,
        code: held.code,
        range: held.range,
        ...changes,
        status: (changes.status ?? 0) | marksOf(changes, asked),
      });
      if (self.explode) {
        self.explode = false;
        Object.defineProperty(raw, "force", {
          get: () => {
            throw new Error("inside the tick");
          },
        });
      }
      self.nowMs += 30;
      onFrame(raw);
      self.nowMs += self.shell.channel.command.periodMs - 30;
      return log.slice(before);
    },
    events: () => lines.map(decodeEvent).filter((each) => each !== null),
    frames: () => lines.map(decodeFrame).filter((each) => each !== null),
  };
  return Object.assign(self, { shell: start(board, ENVELOPE, features) });
}
