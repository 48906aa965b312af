// A synthetic instrument around the core: it carries out the commands on an ideal circuit with a
// resistor for a cell, and makes the next frame of it. Also the shell's duties: prefetch, times.
import type { Channel } from "../../firmware/channel.ts";
import { createChannel, tick } from "../../firmware/channel.ts";
import type { CellConfig } from "../../firmware/config.ts";
import type { Features } from "../../firmware/features.ts";
import { forgetCounts } from "../../firmware/fault.ts";
import type { Step } from "../../firmware/protocol.ts";
import { createStep } from "../../firmware/protocol.ts";
import { begin } from "../../firmware/run.ts";
import { VOLTS_AT } from "../../firmware/sample.ts";
import { EVENT_VERDICT } from "../../firmware/telemetry.ts";
import type { Command, RawFrame } from "../../hal/port.ts";
import { CAPABILITIES, CIRCUIT, CODE_MID, NO_FEATURES } from "./specimen.ts";
import { cellOf, limitsOf, rawOf } from "./specimen.ts";
import { putStep } from "./records.ts";
import { listOf } from "./told.ts";

// Bits of the frame's status, as in the port's contract.
const REREAD = { voltage: 64, current: 128 };
const CLIPPED = { voltage: 256, current: 512 };
const SCALE = 32767;
/** A frame's command takes effect this long after the frame's time stamp, ms. */
const APPLY_MS = 15;

export interface Told {
  code: number;
  values: number[];
  /** When, s since boot. */
  at: number;
}

/** What a test may change at any time. */
export interface Bench {
  readonly channel: Channel;
  readonly steps: Step[];
  /** What the board carries. */
  features: Features;
  /** The cell: resistance and open-circuit voltage; Infinity = a loose lead. */
  ohms: number;
  emf: number;
  forceN: number;
  /** Frame to be taken next, ms. */
  timeMs: number;
  sequence: number;
  told: Told[];
  commands: Command[];
  /** Changes every frame before the core sees it. */
  disturb: (raw: RawFrame) => void;
}

/** A channel with a cell of 50 Ω and these steps; an END is added. */
export function createBench(steps: Step[], changes: Partial<CellConfig> = {}): Bench {
  const channel = createChannel(CIRCUIT, CAPABILITIES, CODE_MID);
  const cell = cellOf(changes);
  channel.config = cell;
  channel.limits = limitsOf(cell);
  channel.run.steps = steps.length + 1;
  return {
    channel,
    steps: [...steps, createStep()],
    features: NO_FEATURES,
    ohms: 50,
    emf: 0,
    forceN: 5884,
    timeMs: 1000,
    sequence: 0,
    told: [],
    commands: [],
    disturb: () => undefined,
  };
}

/** Starts a run, as the shell does on a line. */
export function start(bench: Bench): void {
  begin(bench.channel.run, bench.channel.sample);
  forgetCounts(bench.channel.guard);
}

interface Reading {
  counts: number;
  gain: number;
  clipped: boolean;
}

function convert(volts: number, perCount: readonly number[], gain: number): Reading {
  const counts = volts / perCount[gain];
  if (Math.abs(counts) < SCALE) return { counts, gain, clipped: false };
  const wide = volts / perCount[0];
  const clipped = Math.abs(wide) >= SCALE;
  return { counts: Math.max(-SCALE - 1, Math.min(SCALE, wide)), gain: 0, clipped };
}

/** The frame that the circuit gives at the present command. */
function frameOf(bench: Bench): RawFrame {
  const { command, loop } = bench.channel;
  const senseV = (loop.code - CODE_MID) / CIRCUIT.codesPerSenseVolt;
  const driven = senseV / CIRCUIT.senseOhms[command.range];
  const open = command.relay === 1 && bench.ohms === Infinity;
  const amperes = open ? 0 : driven;
  let volts = bench.emf + (command.relay === 1 && !open ? amperes * bench.ohms : 0);
  // Without a cell the amplifier runs to its rail.
  if (open && driven !== 0) volts = Math.sign(driven) * CAPABILITIES.complianceV;
  const voltage = convert(volts, CIRCUIT.voltsPerCount, command.voltageGain);
  const sense = amperes * CIRCUIT.senseOhms[command.range];
  const current = convert(sense, CIRCUIT.senseVoltsPerCount, command.currentGain);
  const short = Math.abs(voltage.counts) < command.guardShort;
  const outside = voltage.counts < command.guardMin || voltage.counts > command.guardMax;
  let status = 0;
  if (voltage.gain === command.voltageGain && (short || outside)) status |= REREAD.voltage;
  if (Math.abs(current.counts) > command.guardCurrent) status |= REREAD.current;
  if (voltage.clipped) status |= CLIPPED.voltage;
  if (current.clipped) status |= CLIPPED.current;
  return rawOf({
    sequence: bench.sequence,
    timeVoltage: bench.timeMs,
    timeCurrent: bench.timeMs + 2,
    voltage: voltage.counts,
    voltageGain: voltage.gain,
    current: current.counts,
    currentGain: current.gain,
    force: bench.forceN / CIRCUIT.newtonsPerCount,
    code: loop.code,
    range: command.range,
    status,
  });
}

function collect(bench: Bench): void {
  const { events } = bench.channel.run;
  for (const [code, ...values] of listOf(events)) {
    bench.told.push({ code, values, at: bench.channel.sample[VOLTS_AT] });
  }
  events.used = 0;
}

/** One frame: taken, judged, carried out. */
export function frame(bench: Bench): Command {
  const { channel } = bench;
  const raw = frameOf(bench);
  bench.disturb(raw);
  const { relay, code, range } = channel.command;
  const command = tick(channel, raw, bench.features);
  if (relay !== command.relay || code !== command.code || range !== command.range) {
    channel.appliedAt = (bench.timeMs + APPLY_MS) / 1000;
  }
  if (channel.loop.frames === 0) channel.loop.changedAt = (bench.timeMs + APPLY_MS) / 1000;
  collect(bench);
  bench.commands.push({ ...command });
  if (command.stepWanted >= 0) {
    putStep(channel.run.next, bench.steps[command.stepWanted]);
    channel.run.loadedIndex = command.stepWanted;
  }
  bench.sequence++;
  bench.timeMs += command.periodMs;
  return command;
}

/** Frames until `done` or `seconds` are over; whether it was done. */
export function runUntil(bench: Bench, done: () => boolean, seconds = 3600): boolean {
  const end = bench.timeMs + seconds * 1000;
  while (!done() && bench.timeMs < end) frame(bench);
  return done();
}

/** The events of one kind. */
export function toldOf(bench: Bench, code: number): Told[] {
  return bench.told.filter((each) => each.code === code);
}

/** A started run's verdict, after all its frames and ten more; exactly one. */
export function verdictOf(bench: Bench, seconds = 36_000): Told {
  runUntil(bench, () => toldOf(bench, EVENT_VERDICT).length > 0, seconds);
  for (let i = 0; i < 10; i++) frame(bench);
  const verdicts = toldOf(bench, EVENT_VERDICT);
  if (verdicts.length !== 1) throw new Error(`${verdicts.length} verdicts`);
  return verdicts[0];
}

/** From power-on to the first live step, and on for `seconds`. */
export function goLive(bench: Bench, seconds = 5): void {
  for (let i = 0; i < 3; i++) frame(bench);
  start(bench);
  const { loop } = bench.channel;
  if (!runUntil(bench, () => loop.setpoint !== 0)) throw new Error("never live");
  const until = bench.timeMs + seconds * 1000;
  while (bench.timeMs < until) frame(bench);
}
