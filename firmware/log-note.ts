// Takes what a run tells its host into the log's buffers: frames, events, evidence.
import type { Flash } from "../hal/bus.ts";
import type { Circuit, RawFrame } from "../hal/port.ts";
import type { Config } from "./config.ts";
import { CHARGE_IN, CHARGE_OUT, COLUMNS, CURRENT, CURRENT_GAIN_DIGIT } from "./log-format.ts";
import { FLAGS, FORCE, FORCE_UNIT, KEPT, KEPT_AMPS, KEPT_BOOT, KEPT_EVENT } from "./log-format.ts";
import { KEPT_EVIDENCE, KEPT_SAMPLE, KEPT_VOLTS, LINE_COLUMN, PAGE_BYTES } from "./log-format.ts";
import { RANGE_DIGIT, RELAY_DIGIT, SAMPLES, SCALE, SETPOINT, STEP_COUNT } from "./log-format.ts";
import { TEMPERATURE, TEMPERATURE_UNIT, TIME, VOLTAGE } from "./log-format.ts";
import type { Kept } from "./log-kept.ts";
import { beginKept, endKept, tellLost } from "./log-kept.ts";
import type { Page } from "./log-page.ts";
import { addRecord, beginPage, put, putSigned, seal } from "./log-page.ts";
import type { Rings } from "./log-ring.ts";
import { KEPT_FIRST, PAGE, SEALED, SECTOR, keptShare } from "./log-ring.ts";
import { ampereCounts, ampereScales, voltCounts, voltScales } from "./log-scale.ts";
import type { Sample } from "./sample.ts";
import { AMPS, CURRENT_FAILED, RELAY, STATUS, VOLTAGE_FAILED, VOLTS } from "./sample.ts";
import { IDLE } from "./schedule.ts";
import { EVENT_FAULT, EVENT_HOLD, EVENT_START, EVENT_VERDICT } from "./telemetry.ts";
import { FRAME_CHARGE_IN_UC, FRAME_CHARGE_OUT_UC, FRAME_FORCE_MN } from "./telemetry.ts";
import { FRAME_CYCLE_COUNT, FRAME_DIRECTION, FRAME_SETPOINT_PA, FRAME_STEP } from "./telemetry.ts";
import { FRAME_STEP_COUNT, FRAME_TEMPERATURE_MC, FRAME_TIME_MS } from "./telemetry.ts";

/** Third character of a frame's, an event's and an evidence's line. */
const FRAME_TAG = 100;
const EVENT_TAG = 101;
const EVIDENCE_TAG = 118;
/** Values of a line in front of the points, and of a point. */
const EVIDENCE_HEAD = 4;
const POINT = 3;
/** With more of its region used up nothing goes there but events; before, no evidence. */
const EVENTS_ONLY = 0.75;
const NO_EVIDENCE = 0.5;

/** What of a source the log is taken from. */
export interface Source {
  readonly channel: {
    readonly circuit: Circuit;
    readonly config: Config;
    readonly sample: Sample;
    readonly run: {
      readonly schedule: { readonly phase: number };
      readonly totals: { readonly startedAt: number };
    };
  };
  readonly state: { readonly speech: { readonly message: Float64Array } };
}

/** All that changes. */
export interface LogState {
  readonly page: Page;
  readonly rings: Rings;
  /** The run, counted from 1; whether it is being logged; number of the next page. */
  run: number;
  open: boolean;
  /** The run was on since the board has started: its begin is known in the board's time. */
  isTimed: boolean;
  number: number;
  /** Memory has something to do. */
  isBusy: boolean;
}

export interface Log {
  readonly flash: Flash;
  readonly crc32: (bytes: Uint8Array) => number;
  readonly state: LogState;
  /** Null while the board boots. */
  source: Source | null;
  raw: RawFrame | null;
}

/** Samples of the run so far. */
function samplesOf(log: Log): number {
  return log.state.page.before + log.state.page.records;
}

function begin(log: Log, kind: number): Kept {
  const kept = log.state.rings.kept;
  if (kept.lost > 0) tellLost(kept, log.state.run, samplesOf(log), log.crc32);
  beginKept(kept, log.state.run, kind, samplesOf(log));
  return kept;
}

function end(log: Log): void {
  endKept(log.state.rings.kept, log.crc32);
  log.state.isBusy = true;
}

/** Hands the page that is being filled over to memory; one that memory has not taken yet is lost,
 *  which the numbers of records in the next ones tell. */
function closePage(log: Log): void {
  const state = log.state;
  const n = state.rings.numbers;
  if (state.page.at === 0) return;
  seal(state.page, state.run, state.number++, log.crc32);
  state.rings.sealed.set(state.page.bytes.subarray(0, PAGE_BYTES));
  // The one before has been written, and not been looked at.
  if (n[SEALED] === 2) n[PAGE + SAMPLES]++;
  n[SEALED] = 1;
  state.isBusy = true;
}

function keepScales(log: Log, kind: number, scales: Float64Array): void {
  const kept = begin(log, kind);
  const bytes = new Uint8Array(scales.buffer);
  kept.bytes.set(bytes, kept.at);
  kept.at += bytes.length;
  end(log);
}

function tellScales(log: Log, source: Source): void {
  const circuit = source.channel.circuit;
  const config = source.channel.config;
  keepScales(log, KEPT_VOLTS, voltScales(circuit, config));
  keepScales(log, KEPT_AMPS, ampereScales(circuit, config));
}

/** Another run: it may use the whole ring of what is kept, up to where it began. */
function openRun(log: Log, source: Source): void {
  const state = log.state;
  const page = state.page;
  const n = state.rings.numbers;
  state.run = (state.run % 65535) + 1;
  state.open = state.isTimed = true;
  page.records = page.before = page.at = 0;
  page.now.fill(0);
  page.forecast.last.fill(0);
  page.forecast.line.fill(0);
  page.forecast.line[LINE_COLUMN] = CHARGE_IN;
  n[KEPT_FIRST] = n[SECTOR + KEPT];
  tellScales(log, source);
}

/** A run that the board's journal has brought back. */
function reopen(log: Log, source: Source): void {
  if (log.state.open || source.channel.run.schedule.phase === IDLE || log.state.run === 0) return;
  log.state.open = log.state.isTimed = true;
  // Its first ones may not have reached memory.
  tellScales(log, source);
  begin(log, KEPT_BOOT);
  end(log);
}

/** The last sample of a step: with those the charges are whole, whatever is thinned. */
function keepLast(log: Log): void {
  if (keptShare(log.state.rings, log.flash) > EVENTS_ONLY) return;
  const last = log.state.page.forecast.last;
  const kept = begin(log, KEPT_SAMPLE);
  for (let i = 0; i < COLUMNS; i++) putSigned(kept, last[i]);
  end(log);
}

/** The page's counts, of the volts and amperes that have been told: a frame's own may stand for
 *  something else by then (firmware/frozen.ts). What was not read is as it was. */
function fillCounts(log: Log, source: Source, raw: RawFrame): void {
  const channel = source.channel;
  const sample = channel.sample;
  const now = log.state.page.now;
  const last = log.state.page.forecast.last;
  const status = sample[STATUS];
  const isRead = (status & CURRENT_FAILED) === 0 && raw.range >= 0;
  let scale = Math.floor((last[SCALE] % RELAY_DIGIT) / CURRENT_GAIN_DIGIT) * CURRENT_GAIN_DIGIT;
  now[CURRENT] = last[CURRENT];
  if (isRead) {
    const gain = raw.currentGain;
    scale = (raw.range + 1) * RANGE_DIGIT + gain * CURRENT_GAIN_DIGIT;
    now[CURRENT] = ampereCounts(channel.circuit, channel.config, sample[AMPS], raw.range, gain);
  }
  if (status & VOLTAGE_FAILED) {
    scale += last[SCALE] % CURRENT_GAIN_DIGIT;
    now[VOLTAGE] = last[VOLTAGE];
  } else {
    scale += raw.voltageGain;
    now[VOLTAGE] = voltCounts(channel.circuit, channel.config, sample[VOLTS], raw.voltageGain);
  }
  if (sample[RELAY] === 1) scale += RELAY_DIGIT;
  else now[CURRENT] = 0;
  now[SCALE] = scale;
}

/** Fills the page's record from what has just been told. */
function fill(log: Log, source: Source, raw: RawFrame): void {
  const m = source.state.speech.message;
  const now = log.state.page.now;
  fillCounts(log, source, raw);
  now[TIME] = Math.floor(m[FRAME_TIME_MS]);
  now[FORCE] = Math.floor(Math.floor(m[FRAME_FORCE_MN]) / FORCE_UNIT + 0.5);
  now[TEMPERATURE] = Math.floor(Math.floor(m[FRAME_TEMPERATURE_MC]) / TEMPERATURE_UNIT + 0.5);
  now[CHARGE_IN] = Math.floor(m[FRAME_CHARGE_IN_UC]);
  now[CHARGE_OUT] = Math.floor(m[FRAME_CHARGE_OUT_UC]);
  now[SETPOINT] = Math.floor(m[FRAME_SETPOINT_PA]);
  now[SETPOINT + 1] = m[FRAME_STEP];
  now[STEP_COUNT] = m[FRAME_STEP_COUNT];
  now[STEP_COUNT + 1] = m[FRAME_CYCLE_COUNT];
  now[STEP_COUNT + 2] = m[FRAME_DIRECTION];
  now[FLAGS] = source.channel.sample[STATUS];
}

function noteSample(log: Log, source: Source): void {
  const page = log.state.page;
  if (log.raw === null || !log.state.open) return;
  fill(log, source, log.raw);
  const isOther = page.now[STEP_COUNT] !== page.forecast.last[STEP_COUNT];
  // After a boot there is none yet: what was told before it is not known any more.
  if (isOther && page.records > 0) keepLast(log);
  if (page.at > 0 && addRecord(page)) return;
  closePage(log);
  beginPage(page);
}

function noteEvent(log: Log, source: Source, values: number[]): void {
  const code = values[1];
  if (code === EVENT_START) openRun(log, source);
  if (!log.state.open) return;
  const kept = begin(log, KEPT_EVENT);
  for (let i = 1; i < values.length; i++) putSigned(kept, values[i]);
  end(log);
  if (code === EVENT_VERDICT || code === EVENT_HOLD || code === EVENT_FAULT) closePage(log);
  if (code === EVENT_VERDICT) log.state.open = false;
}

function noteEvidence(log: Log, values: number[]): void {
  if (!log.state.open || keptShare(log.state.rings, log.flash) > NO_EVIDENCE) return;
  const kept = begin(log, KEPT_EVIDENCE);
  put(kept, values.length - 1);
  for (let i = 1; i < values.length; i++) {
    putSigned(kept, i < EVIDENCE_HEAD + POINT ? values[i] : values[i] - values[i - POINT]);
  }
  end(log);
}

/** Takes in what is told to the host. */
export function hear(log: Log, text: string): void {
  const source = log.source;
  const tag = text.charCodeAt(2);
  if (source === null || (tag !== FRAME_TAG && tag !== EVENT_TAG && tag !== EVIDENCE_TAG)) return;
  const values = tag === FRAME_TAG ? null : (JSON.parse(text) as number[]);
  if (tag !== EVENT_TAG || (values as number[])[1] !== EVENT_START) reopen(log, source);
  if (values === null) noteSample(log, source);
  else if (tag === EVENT_TAG) noteEvent(log, source, values);
  else noteEvidence(log, values);
}
