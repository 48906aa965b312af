// One record of the journal: 32 bytes, one commit. What the run was doing, and how far it was.
import type { Crc32 } from "./protocol.ts";
import { seal, sealed } from "./protocol.ts";

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

/** Steps of a voltage in a record, V; steps of a time, s. */
const VOLTAGE_STEP = 0.0002;
const TIME_STEP = 0.1;
const WORD_MAX = 32767;

/** A record in s, V, C, A. */
export interface JournalRecord {
  kind: number;
  /** The step's kind (`STEP_…`), or the fault's code. */
  flags: number;
  cycle: number;
  /** Counts records of all runs; wraps at 2^32. */
  sequence: number;
  /** Since the run's start. */
  time: number;
  /** Index of the program's step. */
  step: number;
  voltage: number;
  /** Since the step's start; charge of this step only. */
  elapsed: number;
  charge: number;
  /** What flows. */
  current: number;
}

/** An empty record. */
export function createRecord(): JournalRecord {
  return {
    kind: 0,
    flags: 0,
    cycle: 0,
    sequence: 0,
    time: 0,
    step: 0,
    voltage: 0,
    elapsed: 0,
    charge: 0,
    current: 0,
  };
}

function whole(x: number): number {
  return Math.floor(x + 0.5);
}

/** Fills `bytes` (RECORD_BYTES long); a voltage beyond ±6.5 V is written as that. */
export function encodeRecord(record: JournalRecord, bytes: Uint8Array, crc32: Crc32): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const voltage = whole(record.voltage / VOLTAGE_STEP);
  view.setUint8(0, record.kind);
  view.setUint8(1, record.flags);
  view.setUint16(2, record.cycle & 0xffff, true);
  view.setUint32(4, record.sequence, true);
  view.setUint32(8, whole(record.time / TIME_STEP), true);
  view.setUint16(12, record.step, true);
  view.setInt16(14, Math.max(-WORD_MAX, Math.min(WORD_MAX, voltage)), true);
  view.setUint32(16, whole(record.elapsed / TIME_STEP), true);
  view.setFloat32(20, record.charge, true);
  view.setFloat32(24, record.current, true);
  seal(bytes, crc32);
}

/** Reads a record; false = damaged or none, and `record` is untouched. */
export function decodeRecord(bytes: Uint8Array, record: JournalRecord, crc32: Crc32): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kind = view.getUint8(0);
  if (kind < RECORD_RUN_START || kind > RECORD_GAP || !sealed(bytes, crc32)) return false;
  record.kind = kind;
  record.flags = view.getUint8(1);
  record.cycle = view.getUint16(2, true);
  record.sequence = view.getUint32(4, true);
  record.time = view.getUint32(8, true) * TIME_STEP;
  record.step = view.getUint16(12, true);
  record.voltage = view.getInt16(14, true) * VOLTAGE_STEP;
  record.elapsed = view.getUint32(16, true) * TIME_STEP;
  record.charge = view.getFloat32(20, true);
  record.current = view.getFloat32(24, true);
  return true;
}
