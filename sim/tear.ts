// Where a write stands when the power goes: the six ways a memory operation can be torn.

import { uniform } from "./random.ts";
import type { Stream } from "./random.ts";

/** Nothing, the first byte, half, all but the last byte, or all of it was done. */
export const TEAR_BEFORE = 0;
export const TEAR_FIRST_BYTE = 1;
export const TEAR_HALF = 2;
export const TEAR_ALL_BUT_ONE = 3;
export const TEAR_DONE = 4;
/** Half was done, the rest is neither old nor new. */
export const TEAR_GARBAGE = 5;
export const TEAR_MODES = 6;

/** How many of `count` bytes were done under `mode`. */
export function doneBytes(mode: number, count: number): number {
  if (mode === TEAR_BEFORE) return 0;
  if (mode === TEAR_FIRST_BYTE) return Math.min(1, count);
  if (mode === TEAR_ALL_BUT_ONE) return Math.max(count - 1, 0);
  return mode === TEAR_DONE ? count : count >> 1;
}

/** Any byte. */
export function anyByte(stream: Stream): number {
  return Math.floor(uniform(stream) * 256);
}
