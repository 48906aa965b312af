// A run out of the pages of a log: frames, events and evidence in the order in which they were
// told, and what is missing between them. Nothing is made up for what is missing.
import * as log from "../firmware/log-format.ts";
import type { EventMessage, EvidenceMessage, FrameMessage } from "../firmware/telemetry.ts";
import type { KeptRecord, Scales } from "./log-kept.ts";
import { keptEvent, keptEvidence, keptLost, keptSample, keptScales } from "./log-kept.ts";
import type { LogPage } from "./log-page.ts";

/** What a log tells, one after the other. */
export type Told =
  | { readonly frame: FrameMessage }
  | { readonly event: EventMessage }
  | { readonly evidence: EvidenceMessage }
  // From a time on so many records are not there, null = nobody knows how many.
  | { readonly gap: { timeMs: number; seconds: number; records: number | null } };

/** A log's pages and kept records, of any runs. */
export interface LogBook {
  readonly pages: LogPage[];
  readonly kept: KeptRecord[];
}

const MICRO = 1e6;
const PICO = 1e12;

function whole(value: number): number {
  return Math.floor(value + 0.5);
}

function amperes(record: Float64Array, scale: number, scales: Scales): number {
  const range = (Math.floor(scale / log.RANGE_DIGIT) % (log.RELAY_DIGIT / log.RANGE_DIGIT)) - 1;
  if (scale < log.RELAY_DIGIT || range < 0) return 0;
  const gain = Math.floor(scale / log.CURRENT_GAIN_DIGIT) % log.CURRENT_GAIN_DIGIT;
  const at = range % scales.ohms.length;
  const sense = record[log.CURRENT] * scales.senseVoltsPerCount[gain];
  return (sense / scales.ohms[at]) * scales.currentGain[at] + scales.currentOffset[at];
}

/** The frame that a record stands for, as the line would have told it but for the log's units. */
export function frameOf(record: Float64Array, index: number, scales: Scales): FrameMessage {
  const scale = record[log.SCALE];
  const volts =
    record[log.VOLTAGE] * scales.voltsPerCount[scale % log.CURRENT_GAIN_DIGIT] +
    scales.voltageOffset;
  const [setpointPa, step, stepCount, cycleCount, direction] = record.subarray(log.SETPOINT);
  return {
    sequence: index,
    timeMs: record[log.TIME],
    voltageUv: whole(volts * MICRO),
    currentPa: whole(amperes(record, scale, scales) * PICO),
    ...{ setpointPa, step, stepCount, cycleCount, direction },
    forceMn: record[log.FORCE] * log.FORCE_UNIT,
    temperatureMc: record[log.TEMPERATURE] * log.TEMPERATURE_UNIT,
    chargeInUc: record[log.CHARGE_IN],
    chargeOutUc: record[log.CHARGE_OUT],
  };
}

/** Numbers of the runs in a book, the newest last. */
export function runsOf(book: LogBook): number[] {
  const runs = new Map<number, number>();
  for (const { run, number } of book.kept) runs.set(run, Math.max(runs.get(run) ?? 0, number));
  return [...runs.entries()].sort((a, b) => a[1] - b[1]).map(([run]) => run);
}

function samplesOf(pages: readonly LogPage[], kept: readonly KeptRecord[]) {
  const samples = new Map<number, Float64Array>();
  for (const record of kept) {
    if (record.kind === log.KEPT_SAMPLE) samples.set(record.before - 1, keptSample(record));
  }
  for (const { before, records } of pages) {
    records.forEach((record, i) => samples.set(before + i, record));
  }
  return [...samples.entries()].sort(([a], [b]) => a - b);
}

function toldOf(record: KeptRecord): Told[] {
  if (record.kind === log.KEPT_EVENT) return [{ event: keptEvent(record) }];
  return record.kind === log.KEPT_EVIDENCE ? [{ evidence: keptEvidence(record) }] : [];
}

/** What is missing since the last frame; undefined = nothing. */
interface Hole {
  timeMs: number;
  records: number | null | undefined;
}

function widen(hole: Hole, records: number | null): void {
  const known = hole.records ?? null;
  hole.records = records === null ? known : (known ?? 0) + records;
}

function endHole(hole: Hole, timeMs: number): Told[] {
  const { records, timeMs: from } = hole;
  hole.records = undefined;
  hole.timeMs = timeMs;
  if (records === undefined) return [];
  return [{ gap: { timeMs: from, seconds: (timeMs - from) / 1000, records } }];
}

function find(kept: readonly KeptRecord[], kind: number): KeptRecord {
  const found = kept.find((each) => each.kind === kind);
  if (found !== undefined) return found;
  throw new RangeError("the log does not say what its counts stand for: it has lost its beginning");
}

/** All that the book says of a run. Throws a RangeError of one line where it is not enough. */
export function tellRun(book: LogBook, run: number): Told[] {
  const kept = book.kept.filter((each) => each.run === run).sort((a, b) => a.number - b.number);
  const pages = book.pages.filter((each) => each.run === run);
  const scales = keptScales(find(kept, log.KEPT_VOLTS), find(kept, log.KEPT_AMPS));
  const told: Told[] = [];
  const hole: Hole = { timeMs: 0, records: undefined };
  let at = 0;
  let next = 0;
  const tellUpTo = (index: number): void => {
    for (; at < kept.length && kept[at].before <= index; at++) {
      told.push(...toldOf(kept[at]));
      if (kept[at].kind === log.KEPT_LOST) widen(hole, keptLost(kept[at]));
      if (kept[at].kind === log.KEPT_BOOT) widen(hole, null);
    }
  };
  for (const [index, record] of samplesOf(pages, kept)) {
    tellUpTo(index);
    if (index > next) widen(hole, index - next);
    told.push(...endHole(hole, record[log.TIME]), { frame: frameOf(record, index, scales) });
    next = index + 1;
  }
  tellUpTo(Infinity);
  const last = kept.at(-1)?.before ?? 0;
  if (last > next) widen(hole, last - next);
  return [...told, ...endHole(hole, hole.timeMs)];
}
