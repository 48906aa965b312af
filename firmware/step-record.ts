// A step as a board holds it, and how it is unfolded from memory. There steps lie one behind the
// other, each as long as what it says (encode.ts), and are read one by one: of a program no more
// than two steps are in a board's memory.

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

/** Longest entry of a step: what it says, unfolded, is a row of 32-bit words. Of each 32 of them an
 *  entry has a word of bits, lowest first, that tells which are not zero, and these; its last word
 *  is a CRC-32, and when that has been reached all further words are zero. */
export const ENTRY_WORDS_MAX = 92;

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

/** A record of so many places, blank: it says nothing. */
export function createStepRecord(places: number): StepRecord {
  const values = new Float64Array(places);
  return { bytes: new Uint8Array(values.buffer), values };
}

/** Fills `step` from the words of an entry whose CRC has been found right; false = it says more
 *  than this board understands. */
export function unfold(step: StepRecord, words: Uint32Array): boolean {
  const into = new Uint32Array(step.bytes.buffer);
  const end = words.length - 1;
  let present = 0;
  let at = 0;
  for (let i = 0; i < into.length; i++) {
    if (i % 32 === 0) present = at < end ? words[at++] : 0;
    into[i] = present & 1 ? words[at++] : 0;
    present >>>= 1;
  }
  return at === end;
}

/** Places in the header's words. */
export const HASH = 3;

/** How many steps follow a header whose CRC has been found right, or -1 when this is no protocol of
 *  our version. */
export function decodeHeader(words: Uint32Array): number {
  return words[0] === MAGIC && words[1] === VERSION ? words[2] : -1;
}
