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

/** Bits of `Step.flags`. */
export const FLAG_ONE_WAY = 1;
export const FLAG_GEOMETRIC = 2;
export const FLAG_PROOF = 4;

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
const MAGIC = 0x70637963;
const VERSION = 2;

/** CRC-32/IEEE, as `Memory.crc32`. */
export type Crc32 = (bytes: Uint8Array) => number;

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A sealed record: true if the CRC in the last four bytes fits the rest. */
export function sealed(bytes: Uint8Array, crc32: Crc32): boolean {
  const end = bytes.length - 4;
  return crc32(bytes.subarray(0, end)) === viewOf(bytes).getUint32(end, true);
}

/** Writes the CRC of all but the last four bytes into these. */
export function seal(bytes: Uint8Array, crc32: Crc32): void {
  const end = bytes.length - 4;
  viewOf(bytes).setUint32(end, crc32(bytes.subarray(0, end)), true);
}

/** Fills `bytes` (STEP_BYTES long) with `step`. */
export function encodeStep(step: Step, bytes: Uint8Array, crc32: Crc32): void {
  const view = viewOf(bytes);
  view.setUint8(0, step.kind);
  view.setUint8(1, step.actions);
  view.setUint16(2, step.to, true);
  view.setUint32(4, step.count, true);
  view.setFloat64(8, step.current, true);
  view.setFloat64(16, step.increment, true);
  view.setFloat64(24, step.currentMax, true);
  view.setFloat64(32, step.duration, true);
  view.setFloat64(40, step.charge, true);
  view.setFloat64(48, step.voltageMin, true);
  view.setFloat64(56, step.voltageMax, true);
  view.setFloat64(64, step.rest, true);
  view.setFloat64(72, step.budget, true);
  view.setUint16(80, step.flags, true);
  view.setUint16(82, 0, true);
  seal(bytes, crc32);
}

/** Reads a step; false = damaged bytes, and `step` is an END then. */
export function decodeStep(bytes: Uint8Array, step: Step, crc32: Crc32): boolean {
  const view = viewOf(bytes);
  step.kind = STEP_END;
  if (!sealed(bytes, crc32)) return false;
  step.kind = view.getUint8(0);
  step.actions = view.getUint8(1);
  step.to = view.getUint16(2, true);
  step.count = view.getUint32(4, true);
  step.current = view.getFloat64(8, true);
  step.increment = view.getFloat64(16, true);
  step.currentMax = view.getFloat64(24, true);
  step.duration = view.getFloat64(32, true);
  step.charge = view.getFloat64(40, true);
  step.voltageMin = view.getFloat64(48, true);
  step.voltageMax = view.getFloat64(56, true);
  step.rest = view.getFloat64(64, true);
  step.budget = view.getFloat64(72, true);
  step.flags = view.getUint16(80, true);
  return true;
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

/** How many steps follow, or -1 when this is no protocol of our version. */
export function decodeHeader(bytes: Uint8Array, crc32: Crc32): number {
  const view = viewOf(bytes);
  const known = view.getUint32(0, true) === MAGIC && view.getUint32(4, true) === VERSION;
  return known && sealed(bytes, crc32) ? view.getUint32(8, true) : -1;
}

/** The hash a valid header carries, u32. */
export function decodeHash(bytes: Uint8Array): number {
  return viewOf(bytes).getUint32(12, true);
}
