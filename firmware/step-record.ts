// A step as a board holds it, and how it is unfolded from memory. There steps lie one behind the
// other, each as long as what it says (encode.ts), and are read one by one: a program takes no
// more of a board's memory than two of its steps.

/** CRC-32/IEEE, as `Memory.crc32`. */
export type Crc32 = (bytes: Uint8Array) => number;

/** The CRC-32 of a sealed record, its last four bytes included: these are the CRC of all before
 *  them, lowest byte first, and then the whole has always this one (the residue of CRC-32/IEEE). */
export const SEALED = 0x2144df1c;

/** Magic, version, step count, hash, CRC-32: five u32. Behind them a table of u16: where each step
 *  begins, from the header's begin, and where the last one ends. */
export const PROTOCOL_HEADER_BYTES = 20;
export const MAGIC = 0x70637963;
export const VERSION = 3;
/** Of a program with a `Whole`, whose entry follows the last step's: a board that knows nothing of
 *  that must refuse it. */
export const VERSION_WHOLE = 4;

/** Kind u8, actions u8, flags u16, two bits for each value, the values, CRC-32. */
export const ENTRY_BYTES_MIN = 12;
export const ENTRY_BYTES_MAX = 364;

// How a value is stored: two bits for each place, from place 1 on, a word for 16 of them; the first
// two bits of the first word tell how many more words there are, each where its places begin.
export const FORM_ZERO = 0;
export const FORM_SINGLE = 1;
/** -∞ as the lower voltage bound, +∞ elsewhere. */
export const FORM_INFINITE = 2;
export const FORM_DOUBLE = 3;

/** A step, unfolded. */
export interface StepRecord {
  readonly bytes: Uint8Array;
  /** The doubles among them (little-endian, as all our processors are). */
  readonly values: Float64Array;
}

// Places in `StepRecord.bytes`; flags have two bytes.
export const KIND = 0;
export const ACTIONS = 1;
export const FLAGS = 2;

// Places in `StepRecord.values`, of the fields of the same names in `Step`.
export const SET_CURRENT = 1;
export const INCREMENT = 2;
export const CURRENT_MAX = 3;
export const DURATION = 4;
export const CHARGE = 5;
export const VOLTAGE_MIN = 6;
export const VOLTAGE_MAX = 7;
export const REST = 8;
export const BUDGET = 9;
export const TARGET = 10;
export const COUNT = 11;
/** A board without features has no more. */
export const CORE_PLACES = 12;
export const VOLTAGE = 12;
export const VOLTAGE_END = 13;
export const RATE = 14;
export const FREQUENCY = 15;
export const FREQUENCY_END = 16;
export const RECORD_TIME = 17;
export const RECORD_VOLTAGE = 18;
export const RECORD_CURRENT = 19;
/** Terms, three places each: what is compared (0 = there is no such term), see `TERM_…`; threshold;
 *  delay. */
export const TERMS = 20;
export const TERM_PLACES = 3;
export const ALL_PLACES = 44;

/** What a term compares: `to + 65536 * (quantity + TERM_…)`. */
export const TERM_BELOW = 16;
export const TERM_LAST = 32;
export const TERM_USED = 64;

/** The record of an END step, of so many places. */
export function createStepRecord(places: number): StepRecord {
  const values = new Float64Array(places);
  values[VOLTAGE_MIN] = -Infinity;
  values[VOLTAGE_MAX] = Infinity;
  return { bytes: new Uint8Array(values.buffer), values };
}

/** Fills `step` from an entry whose CRC has been found right and which has a buffer of its own;
 *  false = it says more than this board understands. */
export function unfold(step: StepRecord, entry: Uint8Array): boolean {
  const words = new Uint32Array(entry.buffer);
  const singles = new Float32Array(entry.buffer);
  const into = new Uint32Array(step.bytes.buffer);
  const values = step.values;
  let more = words[1] & 3;
  let forms = words[1];
  let at = 2;
  into[0] = words[0];
  for (let place = 1; place < values.length; place++) {
    forms >>>= 2;
    if (place % 16 === 0) forms = more-- > 0 ? words[at++] : 0;
    const form = forms & 3;
    if (form === FORM_DOUBLE) {
      into[2 * place] = words[at++];
      into[2 * place + 1] = words[at++];
    } else if (form === FORM_SINGLE) values[place] = singles[at++];
    else if (form === FORM_ZERO) values[place] = 0;
    else values[place] = place === VOLTAGE_MIN ? -Infinity : Infinity;
  }
  return at === words.length - 1;
}

/** How many steps follow, or -1 when this is no protocol of our version. `bytes` lie where a word
 *  may (as with all that is read in place, the host is little-endian like the boards). */
export function decodeHeader(bytes: Uint8Array, crc32: Crc32): number {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, 4);
  const known = words[0] === MAGIC && words[1] === VERSION && crc32(bytes) === SEALED;
  return known ? words[2] : -1;
}

/** The hash a valid header carries, u32. */
export function decodeHash(bytes: Uint8Array): number {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, 4)[3];
}
