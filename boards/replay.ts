// Recorded frames through the very core that runs on a board: its measuring, accounting and
// detecting stages. Nothing is commanded, so the active proofs have no part in it.
import type { Channel } from "../firmware/channel.ts";
import { createChannel, observe } from "../firmware/channel.ts";
import type { CellConfig } from "../firmware/config.ts";
import { setCell } from "../firmware/config.ts";
import { AMPS_AT, VOLTS_AT } from "../firmware/sample.ts";
import { SENSITIVITY } from "../firmware/shorts-places.ts";
import { guardVoltage } from "../firmware/shorts-state.ts";
import { begin, finish } from "../firmware/run.ts";
import { RUNNING } from "../firmware/schedule.ts";
import { END_FINISHED } from "../firmware/telemetry.ts";
import { EVENT_HEAD, EVENT_VALUES } from "../firmware/events.ts";
import type { Features } from "../firmware/features.ts";
import { LEARNED } from "../firmware/learned.ts";
import type { Capabilities, Circuit, RawFrame, StatusBits } from "../hal/port.ts";

const VOLTAGE_REREAD: StatusBits["voltageReread"] = 64;

/** Recordings are judged by all rules, and nothing is tried on them. */
const FEATURES: Features = { rules: LEARNED, prover: null, witness: null };

/** One recorded frame. */
export interface RecordedFrame {
  /** s, ascending. */
  timeS: number;
  voltageV: number;
  currentA: number;
  /** What the current was meant to be, A; 0 = rest. */
  setpointA: number;
  /** NaN = not recorded. */
  temperatureC: number;
  forceN: number;
}

/** `noiseV` is one standard deviation of a reading, as far as known at the beginning; a recorded
 *  voltage counts as the mean of two. */
export interface ReplayOptions {
  cell: CellConfig;
  noiseV: number;
  /** Multiplies the thresholds of the rules that learn from the cell; 1. */
  sensitivity?: number;
}

/** Numbers of an event, see firmware/telemetry.ts; `values` is reused, `count` of them valid. */
export type OnEvent = (code: number, timeMs: number, values: Float64Array, count: number) => void;

/** A recording under examination. */
export interface Replay {
  take(frame: RecordedFrame): void;
  /** One standard deviation of the readings to come, V. */
  setNoise(noiseV: number): void;
  /** Frames are missing before the next one: it begins a half cycle of its own. */
  gap(): void;
  /** The verdict; `end` is one of `END_…`. */
  finish(end?: number): void;
}

// Counts are volts, amperes, newtons and degrees here.
const CAPABILITIES: Capabilities = {
  name: "replay",
  framePeriodMinMs: 0,
  framePeriodMs: 1000,
  burstPeriodUs: 0,
  rangesA: [Infinity],
  complianceV: Infinity,
};

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

function circuitOf(noiseV: number): Writable<Circuit> {
  return {
    countsMax: Infinity,
    codeMax: 0,
    voltsPerCount: [1],
    senseVoltsPerCount: [1],
    senseOhms: [1],
    codesPerSenseVolt: 1,
    dummyOhms: 0,
    newtonsPerCount: 1,
    noiseCounts: noiseV,
    degreesPerCount: 1,
    ntcVoltsPerCount: 0,
    ntcSupplyV: 0,
    ntcSeriesOhms: 0,
    ntcOhms25: 0,
    ntcBetaK: 0,
  };
}

function createRawFrame(temperatureC: number, forceN: number): RawFrame {
  return {
    sequence: 0,
    timeVoltage: 0,
    timeCurrent: 0,
    voltage: 0,
    current: 0,
    voltageGain: 0,
    currentGain: 0,
    force: forceN,
    forceAge: 0,
    temperature: temperatureC,
    temperatureAge: 0,
    code: 0,
    range: 0,
    status: 0,
  };
}

/** Where a board repeats a suspicious reading at once, a recording has only its neighbours: three
 *  of the last five. */
const LAST_FIVE = 31;
const MAJORITY = 3;

function ones(bits: number): number {
  let count = 0;
  for (let rest = bits; rest > 0; rest >>= 1) count += rest & 1;
  return count;
}

interface State {
  readonly options: ReplayOptions;
  readonly onEvent: OnEvent;
  readonly channel: Channel;
  readonly raw: RawFrame;
  readonly values: Float64Array;
  /** The last frames, a bit each: 1 = below the guard. */
  suspicious: number;
  begun: boolean;
  interrupted: boolean;
}

function drain({ channel, values, onEvent }: State): void {
  const { events, totals } = channel.run;
  const timeMs = (channel.sample[VOLTS_AT] - totals.startedAt) * 1000;
  const { stream, used } = events;
  for (let at = 0; at < used; at += EVENT_HEAD + stream[at + 1]) {
    const from = at + EVENT_HEAD;
    values.set(stream.subarray(from, from + stream[at + 1]));
    onEvent(stream[at], timeMs, values, stream[at + 1]);
  }
  events.used = 0;
}

function start(state: State, frame: RecordedFrame): void {
  const { run, sample } = state.channel;
  state.begun = true;
  sample[VOLTS_AT] = sample[AMPS_AT] = frame.timeS;
  begin(run, sample);
  run.events.used = 0;
  run.schedule.phase = RUNNING;
}

// A set-point that was no number differs from every one: the core sees a change. What flowed while
// nothing was recorded is counted only where the current is the same on either side.
function bridge(state: State, frame: RecordedFrame): void {
  const { loop, sample } = state.channel;
  state.interrupted = false;
  state.suspicious = 0;
  if (frame.setpointA !== loop.setpoint) sample[AMPS_AT] = frame.timeS;
  loop.setpoint = NaN;
}

function fill(state: State, frame: RecordedFrame): void {
  const { raw, options } = state;
  raw.sequence++;
  raw.timeVoltage = raw.timeCurrent = frame.timeS * 1000;
  raw.voltage = frame.voltageV;
  raw.current = frame.currentA;
  if (frame.temperatureC === frame.temperatureC) raw.temperature = frame.temperatureC;
  if (frame.forceN === frame.forceN) raw.force = frame.forceN;
  const { shorts } = state.channel.run;
  const guard = guardVoltage(shorts, frame.setpointA, options.cell.areaCm2);
  const isLow = Math.abs(frame.voltageV) < guard;
  state.suspicious = ((state.suspicious << 1) | (isLow ? 1 : 0)) & LAST_FIVE;
  raw.status = ones(state.suspicious) >= MAJORITY ? VOLTAGE_REREAD : 0;
}

function take(state: State, frame: RecordedFrame): void {
  if (!state.begun) start(state, frame);
  if (state.interrupted) bridge(state, frame);
  fill(state, frame);
  observe(state.channel, state.raw, frame.setpointA, FEATURES);
  drain(state);
}

/** The detectors over recorded frames; events go to `onEvent` as they happen. */
export function createReplay(options: ReplayOptions, onEvent: OnEvent): Replay {
  const { cell } = options;
  const circuit = circuitOf(options.noiseV);
  const channel = createChannel(circuit, CAPABILITIES, 0);
  const raw = createRawFrame(cell.temperatureC, cell.clampForceN);
  const values = new Float64Array(EVENT_VALUES);
  const state: State = {
    ...{ options, onEvent, channel, raw, values },
    ...{ suspicious: 0, begun: false, interrupted: false },
  };
  setCell(channel.config, cell);
  channel.command.relay = 1;
  channel.run.shorts.numbers[SENSITIVITY] = options.sensitivity ?? 1;
  return {
    take: (frame) => take(state, frame),
    setNoise: (noiseV) => {
      circuit.noiseCounts = noiseV;
    },
    gap: () => {
      state.interrupted = state.begun;
    },
    finish: (end = END_FINISHED) => {
      finish(channel.run, end, cell.areaCm2);
      drain(state);
    },
  };
}
