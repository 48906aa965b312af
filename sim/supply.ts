// A supply that fails after so many operations of a memory, and tears the one that is under way.

import { eraseFlash, programByte, tearErase, tearProgram } from "./flash.ts";
import type { Flash } from "./flash.ts";
import type { Stream } from "./random.ts";

/** How many operations it still lasts, Infinity = for ever; then `mode` of tear.ts says how the
 *  next one is torn. */
export interface Supply {
  left: number;
  mode: number;
  stream: Stream;
  /** Operations carried out whole. */
  done: number;
}

/** A supply that fails in the operation after `operations` whole ones. */
export function createSupply(operations: number, mode: number, stream: Stream): Supply {
  return { left: operations, mode, stream, done: 0 };
}

/** Whether the supply lasts this operation; the one in which it fails is the last. */
function lasts(supply: Supply): boolean {
  supply.left--;
  if (supply.left < 0) return false;
  supply.done++;
  return true;
}

/** Programs `bytes` from `offset` on; false = there was no power, or it went meanwhile. */
export function program(
  flash: Flash,
  supply: Supply,
  offset: number,
  bytes: ArrayLike<number>,
): boolean {
  if (supply.left < 0) return false;
  if (lasts(supply)) {
    for (let i = 0; i < bytes.length; i++) programByte(flash, offset + i, bytes[i]);
    return true;
  }
  const offsets = Array.from(bytes, (_, i) => offset + i);
  tearProgram(flash, offsets, bytes, supply.mode, supply.stream);
  return false;
}

/** Erases the sector at `offset`; false = there was no power, or it went meanwhile. */
export function erase(flash: Flash, supply: Supply, offset: number): boolean {
  if (supply.left < 0) return false;
  if (lasts(supply)) {
    eraseFlash(flash, offset, flash.sectorBytes);
    return true;
  }
  tearErase(flash, offset, flash.sectorBytes, supply.mode, supply.stream);
  return false;
}
