// A program's bytes, as the host makes them: header, table of offsets, and each step in as few bytes
// as it takes, unfolded on the board by step-record.ts.
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

/** The shortest form that keeps the value at a place exactly. */
function formOf(place: number, value: number): number {
  const infinite = place === record.VOLTAGE_MIN ? -Infinity : Infinity;
  const single = new Float32Array([value]);
  if (value === 0 && 1 / value > 0) return record.FORM_ZERO;
  if (value === infinite) return record.FORM_INFINITE;
  return single[0] === value ? record.FORM_SINGLE : record.FORM_DOUBLE;
}

/** The forms of 16 places, two bits each. */
function formsOf(values: Float64Array, from: number): number {
  let forms = 0;
  for (let place = from; place < from + 16 && place < values.length; place++) {
    const form = place === 0 ? 0 : formOf(place, values[place]);
    forms += form * Math.pow(4, place - from);
  }
  return forms;
}

/** Words of forms that follow the first. */
function moreForms(values: Float64Array): number {
  let last = values.length - 1;
  while (last > 0 && formOf(last, values[last]) === record.FORM_ZERO) last--;
  return Math.floor(last / 16);
}

/** Writes the CRC of all but the last four bytes into these. A board does the same in place. */
export function seal(bytes: Uint8Array, crc32: Crc32): void {
  const end = bytes.length - 4;
  viewOf(bytes).setUint32(end, crc32(bytes.subarray(0, end)), true);
}

/** The entry of `step`, as the one of this index: with another's it is refused. */
export function encodeStep(step: Step, index: number, crc32: Crc32): Uint8Array {
  const values = valuesOf(step);
  const more = moreForms(values);
  const room = new Uint8Array(record.ENTRY_BYTES_MAX);
  const view = viewOf(room);
  let at = 8;
  view.setUint8(0, step.kind);
  view.setUint8(record.ACTIONS, step.actions);
  view.setUint16(record.FLAGS, step.flags, true);
  view.setUint32(4, formsOf(values, 0) + more, true);
  for (let place = 1; place < values.length; place++) {
    if (place % 16 === 0 && place <= 16 * more) {
      view.setUint32(at, formsOf(values, place), true);
      at += 4;
    }
    const form = formOf(place, values[place]);
    if (form === record.FORM_SINGLE) view.setFloat32(at, values[place], true);
    if (form === record.FORM_DOUBLE) view.setFloat64(at, values[place], true);
    if (form === record.FORM_SINGLE) at += 4;
    if (form === record.FORM_DOUBLE) at += 8;
  }
  const entry = room.slice(0, at + 4);
  seal(entry, crc32);
  entry[at] ^= index & 255;
  entry[at + 1] ^= index >> 8;
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

/** The bytes of a program, its last step END, in memory from the protocol's area on. Throws when
 *  they are more than offsets of 16 bits reach, or a step has too many terms. */
export function encodeProgram(
  steps: readonly Step[],
  whole: Whole,
  hash: number,
  crc32: Crc32,
): Uint8Array {
  const own = !isPlain(whole);
  const all = own ? steps.concat([stepOfWhole(whole)]) : steps;
  const entries = all.map((step, index) => encodeStep(step, index, crc32));
  const table = record.PROTOCOL_HEADER_BYTES;
  // An entry begins where a word may.
  let at = (table + 2 * (entries.length + 1) + 3) & ~3;
  const length = entries.reduce((sum, entry) => sum + entry.length, at);
  if (length > 65535) throw new Error(`a program of ${length} bytes`);
  const bytes = new Uint8Array(length);
  const view = viewOf(bytes);
  encodeHeader(bytes, steps.length, own, hash);
  seal(bytes.subarray(0, table), crc32);
  for (let i = 0; i < entries.length; i++) {
    view.setUint16(table + 2 * i, at, true);
    bytes.set(entries[i], at);
    at += entries[i].length;
  }
  view.setUint16(table + 2 * entries.length, at, true);
  return bytes;
}
