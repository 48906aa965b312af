// Steps as data, and their bytes in memory. One record a step, so that a board reads them one by
// one; each carries its own CRC-32.

export const STEP_END = 0;
export const STEP_REST = 1;
export const STEP_CURRENT = 2;
export const STEP_LOOP = 3;
export const STEP_CCD = 4;

// What a finding leads to; a hard short can only stop or hold, and opens the relay at once.
export const ACTION_CONTINUE = 0;
export const ACTION_LOG = 1;
export const ACTION_HOLD = 2;
export const ACTION_STOP = 3;
/** Places in `Step.actions`, two bits each: `actions >> ACTIONS_SOFT & 3`. */
export const ACTIONS_SOFT = 0;
export const ACTIONS_VOID = 2;
export const ACTIONS_CONTACT = 4;
export const ACTIONS_HARD = 6;

/** Place in `Step.flags` of what a charge without end leads to, two bits: what is missing to
 *  `ACTION_STOP`. */
export const FLAGS_CHARGE = 12;

/** Bits of `Step.flags`; `FLAG_WAIT`: after a loss of power the step waits for the operator. */
export const FLAG_ONE_WAY = 1;
export const FLAG_GEOMETRIC = 2;
export const FLAG_PROOF = 4;
export const FLAG_WAIT = 8;

/** One step: A, s, C, V; positive current charges. Unused fields are 0, unused voltage bounds
 *  are infinite. */
export interface Step {
  kind: number;
  /** What findings lead to, see `ACTIONS_…`. */
  actions: number;
  /** `FLAG_…`: CCD in one direction only, in a geometric staircase; active proofs are allowed. */
  flags: number;
  /** Loop: index of the step to go back to. */
  to: number;
  /** Loop: how often the body runs in all. CCD: cycles a level. */
  count: number;
  /** Constant current; CCD: the first level. */
  current: number;
  /** CCD: distance of levels (geometric: their ratio), and the last level tried. */
  increment: number;
  currentMax: number;
  /** Time cut-off, 0 = none; CCD of constant time: duration of a half cycle. */
  duration: number;
  /** Charge cut-off, 0 = none; CCD of constant capacity: charge of a half cycle. */
  charge: number;
  /** Voltage cut-offs; CCD: the window whose leaving fails the level. */
  voltageMin: number;
  voltageMax: number;
  /** CCD: rest before each half cycle but the first. */
  rest: number;
  /** The step must end within this time or the channel faults; never 0 but in loop and end. */
  budget: number;
}

/** An END step. */
export function createStep(): Step {
  return {
    kind: STEP_END,
    actions: 0,
    flags: 0,
    to: 0,
    count: 0,
    current: 0,
    increment: 0,
    currentMax: 0,
    duration: 0,
    charge: 0,
    voltageMin: -Infinity,
    voltageMax: Infinity,
    rest: 0,
    budget: 0,
  };
}

/** Magic, version, step count, hash, CRC-32: five u32. */
export const PROTOCOL_HEADER_BYTES = 20;
/** Kind u8, actions u8, to u16, count u32, nine f64, flags u16, pad u16, CRC-32 u32. */
export const STEP_BYTES = 88;

/** A step as the board holds it: its record, read in place. */
export interface StepRecord {
  readonly bytes: Uint8Array;
  /** The doubles among them (little-endian, as all our processors are). */
  readonly values: Float64Array;
}

// Places in `StepRecord.bytes`; `TO` has two bytes, `COUNT` four.
export const KIND = 0;
export const ACTIONS = 1;
const TO = 2;
const COUNT = 4;
export const FLAGS = 80;

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

/** The record of an END step. */
export function createStepRecord(): StepRecord {
  const bytes = new Uint8Array(STEP_BYTES);
  const values = new Float64Array(bytes.buffer);
  values[VOLTAGE_MIN] = -Infinity;
  values[VOLTAGE_MAX] = Infinity;
  return { bytes, values };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** `Step.to` of a record. */
export function targetOf(step: StepRecord): number {
  return step.bytes[TO] | (step.bytes[TO + 1] << 8);
}

/** `Step.count` of a record. */
export function countOf(step: StepRecord): number {
  const bytes = step.bytes;
  const low = bytes[COUNT] | (bytes[COUNT + 1] << 8) | (bytes[COUNT + 2] << 16);
  return (low | (bytes[COUNT + 3] << 24)) >>> 0;
}

const MAGIC = 0x70637963;
const VERSION = 2;

/** CRC-32/IEEE, as `Memory.crc32`. */
export type Crc32 = (bytes: Uint8Array) => number;

/** The CRC-32 of a sealed record, its last four bytes included: these are the CRC of all before
 *  them, lowest byte first, and then the whole has always this one (the residue of CRC-32/IEEE). */
export const SEALED = 0x2144df1c;

/** Writes the CRC of all but the last four bytes into these. A board does the same in place. */
export function seal(bytes: Uint8Array, crc32: Crc32): void {
  const end = bytes.length - 4;
  viewOf(bytes).setUint32(end, crc32(bytes.subarray(0, end)), true);
}

/** Fills `bytes` (STEP_BYTES long) with `step`. */
export function encodeStep(step: Step, bytes: Uint8Array, crc32: Crc32): void {
  const view = viewOf(bytes);
  const put = (place: number, value: number): void => view.setFloat64(8 * place, value, true);
  view.setUint8(KIND, step.kind);
  view.setUint8(ACTIONS, step.actions);
  view.setUint16(TO, step.to, true);
  view.setUint32(COUNT, step.count, true);
  put(SET_CURRENT, step.current);
  put(INCREMENT, step.increment);
  put(CURRENT_MAX, step.currentMax);
  put(DURATION, step.duration);
  put(CHARGE, step.charge);
  put(VOLTAGE_MIN, step.voltageMin);
  put(VOLTAGE_MAX, step.voltageMax);
  put(REST, step.rest);
  put(BUDGET, step.budget);
  view.setUint16(FLAGS, step.flags, true);
  view.setUint16(FLAGS + 2, 0, true);
  seal(bytes, crc32);
}

/** Fills `bytes` (PROTOCOL_HEADER_BYTES long) with the header of `count` steps. */
export function encodeHeader(count: number, hash: number, bytes: Uint8Array, crc32: Crc32): void {
  const view = viewOf(bytes);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, VERSION, true);
  view.setUint32(8, count, true);
  view.setUint32(12, hash, true);
  seal(bytes, crc32);
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
