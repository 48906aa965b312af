// Reads a page of the sample log: the inverse of firmware/log-page.ts, column by column.
import { crc32 } from "node:zlib";
import * as log from "../firmware/log-format.ts";
import type { Forecast } from "../firmware/log-format.ts";

/** A page of samples. */
export interface LogPage {
  readonly run: number;
  readonly number: number;
  /** Records of the run before this page. */
  readonly before: number;
  /** By the columns of firmware/log-format.ts. */
  readonly records: Float64Array[];
}

/** Where in some bytes reading stands. Reading past their end throws a RangeError. */
export interface Reader {
  readonly bytes: Uint8Array;
  at: number;
}

const VARINT_MAX = 8;

function byte(reader: Reader): number {
  if (reader.at >= reader.bytes.length) throw new RangeError("log: past the end");
  return reader.bytes[reader.at++];
}

/** A whole number from 0 on. Throws a RangeError where there is none. */
export function take(reader: Reader): number {
  let value = 0;
  for (let i = 0; i < VARINT_MAX; i++) {
    const next = byte(reader);
    value += (next & 127) * 128 ** i;
    if (next < 128) return value;
  }
  throw new RangeError("log: no number");
}

/** A whole number of either sign. Throws as `take`. */
export function takeSigned(reader: Reader): number {
  const value = take(reader);
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

function first(reader: Reader, forecast: Forecast): void {
  const { last, line } = forecast;
  for (let i = 0; i < log.COLUMNS; i++) last[i] = takeSigned(reader);
  line[log.LINE_TIME] = takeSigned(reader);
  const since = line[log.LINE_TIME] + takeSigned(reader);
  const moved = takeSigned(reader);
  line[log.LINE_COLUMN] = log.CHARGE_IN + (take(reader) & 1);
  line[log.LINE_FROM] = last[log.TIME] - since;
  line[log.LINE_CHARGE] = last[line[log.LINE_COLUMN]] - moved;
}

interface Change {
  readonly now: Float64Array;
  jitter: number;
  charge: number;
  both: boolean;
}

function slow(now: Float64Array, bits: number): void {
  now[log.FORCE] += ((bits >> 2) & 3) - 2;
  now[log.TEMPERATURE] += (bits & 3) - 2;
}

function short(reader: Reader, head: number, change: Change): void {
  const { now } = change;
  if (head < 128) {
    now[log.VOLTAGE] += (head >> 4) - 4;
    return slow(now, head);
  }
  const second = byte(reader);
  const pair = ((head & 31) << 4) | (second >> 4);
  if (head < 192) {
    now[log.VOLTAGE] += head < 160 ? (pair & 31) - 16 : (pair >> 5) - 8;
    if (head < 160) change.jitter = (pair >> 5) - 8;
    else now[log.CURRENT] += (pair & 31) - 16;
    return slow(now, second);
  }
  const third = byte(reader);
  if (head < 224) {
    const high = ((head & 31) << 2) | (second >> 6);
    change.charge = (high >> 4) - 4;
    change.jitter = (high & 15) - 8;
    now[log.VOLTAGE] += ((second >> 2) & 15) - 8;
    now[log.CURRENT] += (((second & 3) << 4) | (third >> 4)) - 32;
    return slow(now, third);
  }
  const fourth = byte(reader);
  const high = ((head & 15) << 6) | (second >> 2);
  change.charge = (high >> 5) - 16;
  change.jitter = (high & 31) - 16;
  now[log.VOLTAGE] += (((second & 3) << 6) | (third >> 2)) - 128;
  now[log.CURRENT] += (((third & 3) << 4) | (fourth >> 4)) - 32;
  slow(now, fourth);
}

function general(reader: Reader, head: number, change: Change): void {
  const { now } = change;
  const second = byte(reader);
  if (head & log.WITH_LABELS) {
    for (let i = log.SETPOINT; i <= log.DIRECTION; i++) now[i] = takeSigned(reader);
  }
  if (head & log.WITH_SCALE) now[log.SCALE] = take(reader);
  if (head & log.WITH_FLAGS) now[log.FLAGS] = take(reader);
  if (second & log.WITH_TIME) change.jitter = takeSigned(reader);
  if (second & log.WITH_VOLTAGE) now[log.VOLTAGE] += takeSigned(reader);
  if (second & log.WITH_CURRENT) now[log.CURRENT] += takeSigned(reader);
  if (second & log.WITH_FORCE) now[log.FORCE] += takeSigned(reader);
  if (second & log.WITH_TEMPERATURE) now[log.TEMPERATURE] += takeSigned(reader);
  if (head & log.WITH_BOTH) {
    change.both = true;
    now[log.CHARGE_IN] += takeSigned(reader);
    now[log.CHARGE_OUT] += takeSigned(reader);
  } else if (second & log.WITH_CHARGE) change.charge = takeSigned(reader);
}

function next(reader: Reader, forecast: Forecast): void {
  const { last, line } = forecast;
  const now = last.slice();
  now[log.FLAGS] = 0;
  const change: Change = { now, jitter: 0, charge: 0, both: false };
  const head = byte(reader);
  if (head < log.GENERAL) short(reader, head, change);
  else general(reader, head, change);
  const { charge, jitter } = change;
  now[log.TIME] = last[log.TIME] + line[log.LINE_TIME] + jitter;
  if (jitter >= log.TIME_BAND || jitter < -log.TIME_BAND) line[log.LINE_TIME] += jitter;
  if (change.both) {
    const out = now[log.CHARGE_OUT] !== last[log.CHARGE_OUT];
    line[log.LINE_COLUMN] = out ? log.CHARGE_OUT : log.CHARGE_IN;
  } else now[line[log.LINE_COLUMN]] += log.chargeAhead(forecast, now[log.TIME]) + charge;
  const bent = charge >= log.CHARGE_BAND || charge < -log.CHARGE_BAND;
  if (change.both || bent) log.bendCharge(forecast);
  last.set(now);
}

/** Whether a page is blank, as far as its first bytes say. */
export function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((each) => each === log.BLANK);
}

/** The page in `bytes`, null where there is none, or a torn one. */
export function decodePage(bytes: Uint8Array): LogPage | null {
  if (bytes.length !== log.PAGE_BYTES || bytes[0] !== log.PAGE_MAGIC) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const sum = crc32(bytes.subarray(0, log.PAGE_END));
  if (view.getUint32(log.PAGE_END, true) !== sum) return null;
  const reader = { bytes: bytes.subarray(0, log.PAGE_END), at: log.PAGE_BODY };
  const forecast = log.createForecast();
  const records: Float64Array[] = [];
  try {
    first(reader, forecast);
    records.push(forecast.last.slice());
    while (records.length < bytes[log.PAGE_RECORDS]) {
      next(reader, forecast);
      records.push(forecast.last.slice());
    }
    const run = view.getUint16(log.PAGE_RUN, true);
    const number = view.getUint32(log.PAGE_NUMBER, true);
    return { run, number, before: view.getUint32(log.PAGE_BEFORE, true), records };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
