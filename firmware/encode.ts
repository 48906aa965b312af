// A program's bytes, as the host makes them: header, table of offsets, and each step in as few
// bytes as it takes, unfolded on the board by step-record.ts.
import type { Step, Term, Whole } from "./protocol.ts";
import { STEP_END, TERMS_MAX, createStep } from "./protocol.ts";
import type { Crc32 } from "./step-record.ts";
import * as record from "./step-record.ts";

/** A whole without limits. */
export function createWhole(): Whole {
  return { terms: [], recordTime: 0, recordVoltage: 0, recordCurrent: 0, flags: 0, budget: 0 };
}

/** Whether a whole says anything. */
export function isPlain(whole: Whole): boolean {
  const recording = whole.recordTime + whole.recordVoltage + whole.recordCurrent;
  return whole.terms.length === 0 && whole.budget === 0 && recording === 0;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function termCode(term: Term): number {
  const below = term.below ? record.TERM_BELOW : 0;
  const last = term.last ? record.TERM_LAST : 0;
  return term.to + 65536 * (term.quantity + below + last + record.TERM_USED);
}

/** The values of a step's record, place by place. */
function valuesOf(step: Step): Float64Array {
  const values = new Float64Array(record.ALL_PLACES);
  if (step.terms.length > TERMS_MAX) throw new Error(`${step.terms.length} terms in a step`);
  values[record.SET_CURRENT] = step.current;
  values[record.INCREMENT] = step.increment;
  values[record.CURRENT_MAX] = step.currentMax;
  values[record.DURATION] = step.duration;
  values[record.CHARGE] = step.charge;
  values[record.VOLTAGE_MIN] = step.voltageMin;
  values[record.VOLTAGE_MAX] = step.voltageMax;
  values[record.REST] = step.rest;
  values[record.BUDGET] = step.budget;
  values[record.TARGET] = step.to;
  values[record.COUNT] = step.count;
  values[record.VOLTAGE] = step.voltage;
  values[record.VOLTAGE_END] = step.voltageEnd;
  values[record.RATE] = step.rate;
  values[record.FREQUENCY] = step.frequency;
  values[record.FREQUENCY_END] = step.frequencyEnd;
  values[record.RECORD_TIME] = step.recordTime;
  values[record.RECORD_VOLTAGE] = step.recordVoltage;
  values[record.RECORD_CURRENT] = step.recordCurrent;
  for (let i = 0; i < step.terms.length; i++) {
    const at = record.TERMS + record.TERM_PLACES * i;
    values[at] = termCode(step.terms[i]);
    values[at + 1] = step.terms[i].threshold;
    values[at + 2] = step.terms[i].delay;
  }
  return values;
}

/** `value` to 21 binary digits, which take one word and not two: within 4.8e-7 of it. For what
 *  need not be exact to the last digit, like charges and budgets; whole numbers up to 2^21 are. */
export function shortened(value: number): number {
  const words = new Uint32Array(2);
  const double = new Float64Array(words.buffer);
  double[0] = value;
  if (value !== value || Math.abs(value) === Infinity) return value;
  const up = words[0] >= 0x80000000;
  words[0] = 0;
  if (up) words[1]++;
  return double[0];
}

/** The words of `record` that are not zero, 32 by 32 behind the word of bits that tells which. */
function fold(all: Uint32Array): number[] {
  const words: number[] = [];
  let used = all.length;
  while (all[used - 1] === 0) used--;
  // An END has nothing but the word that says so.
  for (let from = 0; from < Math.max(used, 1); from += 32) {
    const some = all.subarray(from, from + 32);
    let present = 0;
    for (let i = 0; i < some.length; i++) if (some[i] !== 0) present += Math.pow(2, i);
    words.push(present);
    for (let i = 0; i < some.length; i++) if (some[i] !== 0) words.push(some[i]);
  }
  return words;
}

/** Writes the CRC of all but the last four bytes into these. A board does the same in place. */
export function seal(bytes: Uint8Array, crc32: Crc32): void {
  const end = bytes.length - 4;
  viewOf(bytes).setUint32(end, crc32(bytes.subarray(0, end)), true);
}

/** The entry of `step`, as the one of this index: with another's it is refused. */
export function encodeStep(step: Step, index: number, crc32: Crc32): Uint8Array {
  const values = valuesOf(step);
  const head = viewOf(new Uint8Array(values.buffer));
  head.setUint8(record.KIND, step.kind);
  head.setUint8(record.ACTIONS, step.actions);
  head.setUint16(record.FLAGS, step.flags, true);
  const folded = fold(new Uint32Array(values.buffer));
  const words = new Uint32Array(folded.length + 1);
  const entry = new Uint8Array(words.buffer);
  words.set(folded);
  seal(entry, crc32);
  words[folded.length] ^= index;
  return entry;
}

/** A whole as the step that its entry is. */
function stepOfWhole(whole: Whole): Step {
  const step = createStep();
  step.kind = STEP_END;
  step.flags = whole.flags;
  step.budget = whole.budget;
  step.recordTime = whole.recordTime;
  step.recordVoltage = whole.recordVoltage;
  step.recordCurrent = whole.recordCurrent;
  step.terms = whole.terms;
  return step;
}

function encodeHeader(bytes: Uint8Array, count: number, whole: boolean, hash: number): void {
  const view = viewOf(bytes);
  view.setUint32(0, record.MAGIC, true);
  view.setUint32(4, whole ? record.VERSION_WHOLE : record.VERSION, true);
  view.setUint32(8, count, true);
  view.setUint32(12, hash, true);
}

interface Parts {
  entries: Uint8Array[];
  /** Where the first entry begins, and the last ends. */
  from: number;
  length: number;
}

function partsOf(steps: readonly Step[], whole: Whole, crc32: Crc32): Parts {
  const all = isPlain(whole) ? steps : steps.concat([stepOfWhole(whole)]);
  const entries = all.map((step, index) => encodeStep(step, index, crc32));
  // An entry begins where a word may.
  const from = (record.PROTOCOL_HEADER_BYTES + 2 * (entries.length + 1) + 3) & ~3;
  return { entries, from, length: entries.reduce((sum, entry) => sum + entry.length, from) };
}

/** How many bytes a program takes. */
export function programLength(steps: readonly Step[], whole: Whole, crc32: Crc32): number {
  return partsOf(steps, whole, crc32).length;
}

/** The bytes of a program, its last step END, in memory from the protocol's area on. Throws when
 *  they are more than offsets of 16 bits reach, or a step has too many terms. */
export function encodeProgram(
  steps: readonly Step[],
  whole: Whole,
  hash: number,
  crc32: Crc32,
): Uint8Array {
  const parts = partsOf(steps, whole, crc32);
  const entries = parts.entries;
  const table = record.PROTOCOL_HEADER_BYTES;
  let at = parts.from;
  if (parts.length > 65535) throw new Error(`a program of ${parts.length} bytes`);
  const bytes = new Uint8Array(parts.length);
  const view = viewOf(bytes);
  encodeHeader(bytes, steps.length, !isPlain(whole), hash);
  seal(bytes.subarray(0, table), crc32);
  for (let i = 0; i < entries.length; i++) {
    view.setUint16(table + 2 * i, at, true);
    bytes.set(entries[i], at);
    at += entries[i].length;
  }
  view.setUint16(table + 2 * entries.length, at, true);
  return bytes;
}
