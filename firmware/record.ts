// One record of the journal: 32 bytes, one commit. What the run was doing, and how far it was. It
// is filled and read in place, by the places below.

export const RECORD_BYTES = 32;

// Kinds. No record is 0, which blank memory holds.
export const RECORD_RUN_START = 1;
/** Written ahead: the step begins only once this is committed. */
export const RECORD_STEP_START = 2;
export const RECORD_CHECKPOINT = 3;
export const RECORD_STEP_END = 4;
export const RECORD_FAULT = 5;
export const RECORD_HOLD = 6;
export const RECORD_RESUME = 7;
export const RECORD_RUN_END = 8;
/** Time without a running channel. */
export const RECORD_GAP = 9;

/** A record's memory, seen in three ways (little-endian, as all our processors are). */
export interface JournalRecord {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
  readonly values: Float32Array;
}

/** Place in `bytes` of the kind. */
export const KIND = 0;
// Places in `words`: from the lowest byte on the kind, the step's kind (`STEP_…`), the fault's code
// or the verdict, and two of the index of the program's step; ...
export const WHAT = 0;
/** ... a count of the records of all runs, wraps at 2^32; ... */
export const SEQUENCE = 1;
/** ... since the run's and since the step's start, 0.1 s rounded; ... */
export const TIME = 2;
export const ELAPSED = 3;
/** ... and the CRC-32 of all before it. */
export const CRC = 7;
// Places in `values`: charge of this step, C; current, A; voltage, V.
export const CHARGE = 4;
export const CURRENT = 5;
export const VOLTAGE = 6;

/** Of the times in a record. */
export const PER_SECOND = 10;

/** An empty record. */
export function createRecord(): JournalRecord {
  const bytes = new Uint8Array(RECORD_BYTES);
  return { bytes, words: new Uint32Array(bytes.buffer), values: new Float32Array(bytes.buffer) };
}
