// An ideal circuit with a cell that relaxes, around the core: pellet, one interface behind its
// capacity, a path in parallel, a voltage of its own. Frames and bursts as the scan takes them.
import type { Channel } from "../../firmware/channel.ts";
import { createChannel, tick } from "../../firmware/channel.ts";
import { forgetCounts } from "../../firmware/fault.ts";
import type { Prover } from "../../firmware/proof-method.ts";
import type { Proof } from "../../firmware/proof-state.ts";
import { equip } from "../../firmware/proof-state.ts";
import type { Step } from "../../firmware/protocol.ts";
import { createStep } from "../../firmware/protocol.ts";
import { begin } from "../../firmware/run.ts";
import { VOLTS_AT } from "../../firmware/sample.ts";
import type { Command, RawFrame } from "../../hal/port.ts";
import { CAPABILITIES, CIRCUIT, CODE_MID, cellOf, limitsOf, rawOf } from "./specimen.ts";
import { temperatureCounts } from "./specimen.ts";
import { putStep } from "./records.ts";
import { listOf } from "./told.ts";

const REREAD = 64;
const SCALE = 32767;
const APPLY_MS = 15;
const FRAME_MS = 16;
/** A burst: the first conversion begins so long after the command, takes so long; overhead
 *  after. */
const BEGIN_MS = 0.12;
const WINDOW_MS = 2.1;
const AFTER_MS = 0.42;
const SLICES = 8;

/** A cell, per area of 1 cm²: Ω, F, S, V. */
export interface Truth {
  fast: number;
  slow: number;
  capacity: number;
  path: number;
  emf: number;
  celsius: number;
}

/** What the core said, and when, s. */
export interface Told {
  code: number;
  values: number[];
  at: number;
}

/** What a test may change at any time. */
export interface Bench {
  readonly channel: Channel;
  readonly proof: Proof;
  readonly steps: Step[];
  readonly truth: Truth;
  /** Voltage across the interface, V; true charge passed so far, C. */
  inner: number;
  charge: number;
  timeMs: number;
  sequence: number;
  told: Told[];
  /** Command, and set-point in force, of each frame. */
  commands: (Command & { at: number; setpoint: number })[];
  disturb: (raw: RawFrame) => void;
  prover: Prover | null;
}

/** A channel on an aged symmetric cell of 52 + 500 Ω cm² with these steps; an END is added. */
export function createBench(steps: Step[], prover: Prover | null, truth: Partial<Truth> = {}) {
  const channel = createChannel(CIRCUIT, CAPABILITIES, CODE_MID);
  const cell = cellOf({ areaCm2: 1 });
  channel.config = cell;
  channel.limits = limitsOf(cell);
  channel.run.steps = steps.length + 1;
  equip(channel.run.proof, prover !== null && prover.further !== null);
  channel.burst.samples = new Float32Array(200);
  const bench: Bench = {
    channel,
    proof: channel.run.proof,
    steps: [...steps, createStep()],
    truth: { fast: 52, slow: 500, capacity: 8e-6, path: 0, emf: 0, celsius: 25, ...truth },
    inner: 0,
    charge: 0,
    timeMs: 1000,
    sequence: 0,
    told: [],
    commands: [],
    disturb: () => undefined,
    prover,
  };
  return bench;
}

function currentOf(bench: Bench): number {
  const { command, loop } = bench.channel;
  const sense = (loop.code - CODE_MID) / CIRCUIT.codesPerSenseVolt;
  return sense / CIRCUIT.senseOhms[command.range];
}

/** Voltage at the terminals now, V. */
function voltageOf(bench: Bench): number {
  const { truth, inner } = bench;
  const amperes = bench.channel.command.relay === 1 ? currentOf(bench) : 0;
  const inside = truth.emf + inner;
  const ionic = (amperes - truth.path * inside) / (1 + truth.path * truth.fast);
  return inside + ionic * truth.fast;
}

/** Lets `ms` pass at the present command; exact. */
function pass(bench: Bench, ms: number): void {
  const { truth } = bench;
  const amperes = bench.channel.command.relay === 1 ? currentOf(bench) : 0;
  const shared = 1 + truth.path * truth.fast;
  const drive = (amperes - truth.path * truth.emf) / shared / truth.capacity;
  const rate = (1 / truth.slow + truth.path / shared) / truth.capacity;
  const goal = drive / rate;
  bench.inner = goal + (bench.inner - goal) * Math.exp((-rate * ms) / 1000);
  bench.charge += (amperes * ms) / 1000;
  bench.timeMs += ms;
}

function convert(volts: number, perCount: readonly number[], gain: number) {
  const counts = Math.round(volts / perCount[gain]);
  if (Math.abs(counts) < SCALE) return { counts, gain };
  return { counts: Math.round(volts / perCount[0]), gain: 0 };
}

/** Means of two conversions half a mains period apart; here both at the same time. */
function frameOf(bench: Bench): RawFrame {
  const { command, loop } = bench.channel;
  const voltage = convert(voltageOf(bench), CIRCUIT.voltsPerCount, command.voltageGain);
  const sense = currentOf(bench) * CIRCUIT.senseOhms[command.range];
  const current = convert(sense, CIRCUIT.senseVoltsPerCount, command.currentGain);
  const near = Math.abs(voltage.counts) < command.guardShort;
  const outside = voltage.counts < command.guardMin || voltage.counts > command.guardMax;
  return rawOf({
    sequence: bench.sequence++,
    timeVoltage: bench.timeMs,
    timeCurrent: bench.timeMs + 2,
    voltage: voltage.counts,
    voltageGain: voltage.gain,
    current: current.counts,
    currentGain: current.gain,
    temperature: temperatureCounts(bench.truth.celsius),
    code: loop.code,
    range: command.range,
    status: near || outside ? REREAD : 0,
  });
}

/** The readings of a burst; each is the mean over its conversion. */
function burst(bench: Bench, command: Command): void {
  const { burst: into } = bench.channel;
  const volts = CIRCUIT.voltsPerCount[command.voltageGain];
  const startMs = bench.timeMs + BEGIN_MS;
  for (let k = 0; k < command.burst; k++) {
    pass(bench, startMs + (k * command.burstUs) / 1000 - bench.timeMs);
    let sum = 0;
    for (let i = 0; i < SLICES; i++) {
      pass(bench, WINDOW_MS / SLICES / 2);
      sum += voltageOf(bench);
      pass(bench, WINDOW_MS / SLICES / 2);
    }
    into.samples[k] = Math.round(sum / SLICES / volts);
  }
  pass(bench, AFTER_MS);
  into.taken = command.burst;
  into.gain = command.voltageGain;
  into.endedAt = bench.timeMs / 1000;
  into.periodS = command.burstUs / 1e6;
}

function collect(bench: Bench): void {
  const { events } = bench.channel.run;
  for (const [code, ...values] of listOf(events)) {
    bench.told.push({ code, values, at: bench.channel.sample[VOLTS_AT] });
  }
  events.used = 0;
}

/** One frame: taken, judged, carried out; then a burst if one was asked for. */
export function frame(bench: Bench): void {
  const { channel } = bench;
  const fromMs = bench.timeMs;
  const raw = frameOf(bench);
  bench.disturb(raw);
  // What the core changes takes effect only after the frame is judged.
  const before = { ...channel.command };
  const { code } = channel.loop;
  const features = { rules: null, prover: bench.prover, witness: null };
  const command = tick(channel, raw, features);
  const after = { ...command };
  const { code: next, setpoint } = channel.loop;
  Object.assign(channel.command, before);
  channel.loop.code = code;
  pass(bench, APPLY_MS);
  Object.assign(channel.command, after);
  channel.loop.code = next;
  if (before.relay !== after.relay || code !== next || before.range !== after.range) {
    channel.appliedAt = bench.timeMs / 1000;
  }
  if (channel.loop.frames === 0) channel.loop.changedAt = bench.timeMs / 1000;
  collect(bench);
  bench.commands.push({ ...after, at: fromMs / 1000, setpoint });
  if (after.stepWanted >= 0) {
    putStep(channel.run.next, bench.steps[after.stepWanted]);
    channel.run.loadedIndex = after.stepWanted;
  }
  if (after.burst > 0) burst(bench, after);
  pass(bench, Math.max(FRAME_MS - APPLY_MS, fromMs + after.periodMs - bench.timeMs));
}

/** Frames until `done` or `seconds` are over; whether it was done. */
export function runUntil(bench: Bench, done: () => boolean, seconds = 3600): boolean {
  const end = bench.timeMs + seconds * 1000;
  while (!done() && bench.timeMs < end) frame(bench);
  return done();
}

/** Frames for so long. */
export function run(bench: Bench, seconds: number): void {
  runUntil(bench, () => false, seconds);
}

/** From power-on to the first live step. */
export function goLive(bench: Bench): void {
  for (let i = 0; i < 3; i++) frame(bench);
  begin(bench.channel.run, bench.channel.sample);
  forgetCounts(bench.channel.guard);
  const { loop } = bench.channel;
  if (!runUntil(bench, () => loop.setpoint !== 0)) throw new Error("never live");
}

/** The values of the events of one kind. */
export function toldOf(bench: Bench, code: number): number[][] {
  return bench.told.filter((each) => each.code === code).map(({ values }) => values);
}
