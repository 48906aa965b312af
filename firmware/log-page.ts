// Puts records into a page of the sample log, each as its difference to what was to be expected:
// whole numbers, a byte or two where the cell rests, two or three in motion.
import { BLANK, CHARGE_BAND, CHARGE_IN, CHARGE_OUT, COLUMNS, CURRENT } from "./log-format.ts";
import { DIRECTION, FLAGS, FORCE, GENERAL, LINE_COLUMN, LINE_TIME } from "./log-format.ts";
import {
  PAGE_BEFORE,
  PAGE_BODY,
  PAGE_BYTES,
  PAGE_END,
  PAGE_MAGIC,
  PAGE_NUMBER,
  PAGE_RECORDS,
} from "./log-format.ts";
import { PAGE_RUN, SCALE, SETPOINT, TEMPERATURE, TIME, TIME_BAND, VOLTAGE } from "./log-format.ts";
import { WITH_BOTH, WITH_CHARGE, WITH_CURRENT, WITH_FLAGS, WITH_FORCE } from "./log-format.ts";
import { WITH_LABELS, WITH_SCALE, WITH_TEMPERATURE, WITH_TIME } from "./log-format.ts";
import { WITH_VOLTAGE, bendCharge, chargeAhead, createForecast } from "./log-format.ts";
import type { Forecast } from "./log-format.ts";

/** The longest record; the buffer has room for one beyond the page. */
const RECORD_MAX = 96;

/** Bytes that are being written. */
export interface Writer {
  readonly bytes: Uint8Array;
  at: number;
}

/** The page that is being filled. `at` 0 = none is. */
export interface Page extends Writer {
  /** The same bytes, four at a time (little-endian, as all our processors are). */
  readonly words: Uint32Array;
  /** The record that is to be added, by the columns of log-format.ts. */
  readonly now: Float64Array;
  readonly forecast: Forecast;
  records: number;
  /** Records of the run before this page. */
  before: number;
}

/** No page is begun. */
export function createPage(): Page {
  const bytes = new Uint8Array(PAGE_BYTES + RECORD_MAX);
  return {
    bytes,
    words: new Uint32Array(bytes.buffer),
    at: 0,
    now: new Float64Array(COLUMNS),
    forecast: createForecast(),
    records: 0,
    before: 0,
  };
}

/** A whole number from 0 on, seven bits a byte, the lowest first. */
export function put(to: Writer, value: number): void {
  const bytes = to.bytes;
  while (value > 127) {
    bytes[to.at++] = 128 | (value % 128);
    value = Math.floor(value / 128);
  }
  bytes[to.at++] = value;
}

/** A whole number of either sign: the sign is the lowest bit. */
export function putSigned(to: Writer, value: number): void {
  put(to, value < 0 ? -2 * value - 1 : 2 * value);
}

/** Begins a page with the record that is to be added, whole. */
export function beginPage(page: Page): void {
  const now = page.now;
  const last = page.forecast.last;
  const line = page.forecast.line;
  page.bytes.fill(BLANK);
  page.bytes[0] = PAGE_MAGIC;
  page.before += page.records;
  page.at = PAGE_BODY;
  page.records = 1;
  for (let i = 0; i < COLUMNS; i++) putSigned(page, now[i]);
  if (!(line[LINE_TIME] > 0)) line[LINE_TIME] = now[TIME] - last[TIME];
  const column = now[CHARGE_OUT] > last[CHARGE_OUT] ? CHARGE_OUT : CHARGE_IN;
  putSigned(page, line[LINE_TIME]);
  putSigned(page, now[TIME] - last[TIME] - line[LINE_TIME]);
  putSigned(page, now[column] - last[column]);
  put(page, column - CHARGE_IN);
  line[LINE_COLUMN] = column;
  bendCharge(page.forecast);
  last.set(now);
}

function sameLabels(now: Float64Array, last: Float64Array): boolean {
  for (let i = SCALE; i <= DIRECTION; i++) if (now[i] !== last[i]) return false;
  return now[FLAGS] === 0;
}

/** One or two bytes, for a record whose time and charge, or current and charge, are as expected;
 *  false = they are not. `slow` are the bits of force and temperature. */
function putShort(page: Page, v: number, i: number, jitter: number, slow: number): boolean {
  const bytes = page.bytes;
  let pair = -1;
  if (i === 0 && v >= -16 && v < 16) {
    if (jitter === 0 && v >= -4 && v < 4) {
      bytes[page.at++] = (v + 4) * 16 + slow;
      return true;
    }
    if (jitter >= -8 && jitter < 8) pair = (jitter + 8) * 32 + v + 16;
  }
  const moves = pair < 0 && jitter === 0 && i >= -16 && i < 16 && v >= -8 && v < 8;
  if (moves) pair = 512 + (v + 8) * 32 + i + 16;
  if (pair < 0) return false;
  bytes[page.at++] = 128 + (pair >> 4);
  bytes[page.at++] = (pair & 15) * 16 + slow;
  return true;
}

/** Three bytes or four. */
function putLonger(page: Page, v: number, jitter: number, charge: number, low: number): boolean {
  const bytes = page.bytes;
  if (charge >= -4 && charge < 4 && jitter >= -8 && jitter < 8 && v >= -8 && v < 8) {
    const high = (charge + 4) * 16 + jitter + 8;
    bytes[page.at++] = 192 + (high >> 2);
    bytes[page.at++] = (high & 3) * 64 + (v + 8) * 4 + (low >> 8);
    bytes[page.at++] = low & 255;
    return true;
  }
  if (!(v >= -128 && v < 128 && jitter >= -16 && jitter < 16)) return false;
  if (!(charge >= -16 && charge < 16)) return false;
  const high = (charge + 16) * 32 + jitter + 16;
  bytes[page.at++] = 224 + (high >> 6);
  bytes[page.at++] = (high & 63) * 4 + ((v + 128) >> 6);
  bytes[page.at++] = ((v + 128) & 63) * 4 + (low >> 8);
  bytes[page.at++] = low & 255;
  return true;
}

/** Four bytes at most, for a record that goes on much as expected; false = it does not. `jitter`
 *  and `charge` are against prediction. */
function putExpected(page: Page, jitter: number, charge: number): boolean {
  const now = page.now;
  const last = page.forecast.last;
  const v = now[VOLTAGE] - last[VOLTAGE];
  const i = now[CURRENT] - last[CURRENT];
  const f = now[FORCE] - last[FORCE] + 2;
  const t = now[TEMPERATURE] - last[TEMPERATURE] + 2;
  const slow = f * 4 + t;
  if (!(f >= 0 && f < 4 && t >= 0 && t < 4 && i >= -32 && i < 32)) return false;
  if (charge === 0 && putShort(page, v, i, jitter, slow)) return true;
  return putLonger(page, v, jitter, charge, (i + 32) * 16 + slow);
}

/** A column's difference, and its bit; none where it has not changed. */
function putChange(page: Page, column: number, bit: number): number {
  const change = page.now[column] - page.forecast.last[column];
  if (change === 0) return 0;
  putSigned(page, change);
  return bit;
}

/** Labels, scale and flags that are other than they were; bits say which. */
function putOthers(page: Page): number {
  const now = page.now;
  const last = page.forecast.last;
  let bits = 0;
  for (let i = SETPOINT; i <= DIRECTION; i++) if (now[i] !== last[i]) bits = WITH_LABELS;
  if (bits !== 0) for (let i = SETPOINT; i <= DIRECTION; i++) putSigned(page, now[i]);
  if (now[SCALE] !== last[SCALE]) {
    bits |= WITH_SCALE;
    put(page, now[SCALE]);
  }
  if (now[FLAGS] !== 0) {
    bits |= WITH_FLAGS;
    put(page, now[FLAGS]);
  }
  return bits;
}

/** Any record: what has changed, behind two bytes that say what that is. */
function putAny(page: Page, jitter: number, charge: number, both: boolean): void {
  const now = page.now;
  const last = page.forecast.last;
  const head = page.at;
  page.at += 2;
  let first = GENERAL + putOthers(page);
  let second = 0;
  if (jitter !== 0) {
    second |= WITH_TIME;
    putSigned(page, jitter);
  }
  second |= putChange(page, VOLTAGE, WITH_VOLTAGE);
  second |= putChange(page, CURRENT, WITH_CURRENT);
  second |= putChange(page, FORCE, WITH_FORCE);
  second |= putChange(page, TEMPERATURE, WITH_TEMPERATURE);
  if (both) {
    first |= WITH_BOTH;
    putSigned(page, now[CHARGE_IN] - last[CHARGE_IN]);
    putSigned(page, now[CHARGE_OUT] - last[CHARGE_OUT]);
  } else if (charge !== 0) {
    second |= WITH_CHARGE;
    putSigned(page, charge);
  }
  page.bytes[head] = first;
  page.bytes[head + 1] = second;
}

/** Adds the record `now`; false = the page is full and has stayed as it was. */
export function addRecord(page: Page): boolean {
  const now = page.now;
  const forecast = page.forecast;
  const last = forecast.last;
  const line = forecast.line;
  const from = page.at;
  const jitter = now[TIME] - last[TIME] - line[LINE_TIME];
  const column = line[LINE_COLUMN];
  const other = CHARGE_IN + CHARGE_OUT - column;
  const both = now[other] !== last[other];
  const charge = now[column] - last[column] - chargeAhead(forecast, now[TIME]);
  const usual = !both && sameLabels(now, last);
  if (!usual || !putExpected(page, jitter, charge)) putAny(page, jitter, charge, both);
  if (page.at > PAGE_END) {
    page.bytes.fill(BLANK, from);
    page.at = from;
    return false;
  }
  if (both) line[LINE_COLUMN] = now[CHARGE_OUT] !== last[CHARGE_OUT] ? CHARGE_OUT : CHARGE_IN;
  if (both || charge >= CHARGE_BAND || charge < -CHARGE_BAND) bendCharge(forecast);
  if (jitter >= TIME_BAND || jitter < -TIME_BAND) line[LINE_TIME] += jitter;
  last.set(now);
  page.records++;
  return true;
}

/** Closes the page: its bytes are as they go to memory. */
export function seal(
  page: Page,
  run: number,
  number: number,
  crc32: (bytes: Uint8Array) => number,
): void {
  const bytes = page.bytes;
  bytes[PAGE_RECORDS] = page.records;
  bytes[PAGE_RUN] = run & 255;
  bytes[PAGE_RUN + 1] = run >> 8;
  page.words[PAGE_NUMBER / 4] = number;
  page.words[PAGE_BEFORE / 4] = page.before;
  page.words[PAGE_END / 4] = crc32(bytes.subarray(0, PAGE_END));
  page.at = 0;
}
