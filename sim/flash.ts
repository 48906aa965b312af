// A NOR flash array: bits fall by programming, rise by erasing a sector; sectors wear out or are
// bad from the start, and an operation can be torn by a power cut. Which chip it is in is not
// known here.

import type { Stream } from "./random.ts";
import { anyByte, doneBytes, TEAR_GARBAGE } from "./tear.ts";

/** What may be wrong with a sector. Loud: the chip refuses the operation. Silent: it seems to
 *  work, and the cells keep what they hold. */
export const SECTOR_GOOD = 0;
export const SECTOR_LOUD = 1;
export const SECTOR_SILENT = 2;

const BLANK = 0xff;

/** Sectors of one size; one that is null is blank, so that an empty chip costs nothing. */
export interface Flash {
  sectorBytes: number;
  sectors: (Uint8Array | null)[];
  /** Erases so far and fault, by sector. */
  wear: Uint32Array;
  faults: Uint8Array;
  /** Erases a sector survives; after them it fails silently. */
  endurance: number;
  programs: number;
}

/** A blank array. */
export function createFlash(count: number, sectorBytes: number, endurance: number): Flash {
  return {
    sectorBytes,
    sectors: new Array<Uint8Array | null>(count).fill(null),
    wear: new Uint32Array(count),
    faults: new Uint8Array(count),
    endurance,
    programs: 0,
  };
}

/** The byte at `offset`. */
export function readFlash(flash: Flash, offset: number): number {
  const sector = flash.sectors[Math.floor(offset / flash.sectorBytes)];
  return sector === null ? BLANK : sector[offset % flash.sectorBytes];
}

/** True when a sector of the range refuses to be programmed or erased. */
export function refuses(flash: Flash, offset: number, length: number): boolean {
  const last = Math.floor((offset + length - 1) / flash.sectorBytes);
  for (let i = Math.floor(offset / flash.sectorBytes); i <= last; i++) {
    if (flash.faults[i] === SECTOR_LOUD) return true;
  }
  return false;
}

function sound(flash: Flash, sector: number): boolean {
  return flash.faults[sector] === SECTOR_GOOD && flash.wear[sector] <= flash.endurance;
}

/** Programs one byte: bits only fall. */
export function programByte(flash: Flash, offset: number, value: number): void {
  const index = Math.floor(offset / flash.sectorBytes);
  if (!sound(flash, index)) return;
  let sector = flash.sectors[index];
  if (sector === null) {
    if (value === BLANK) return;
    sector = new Uint8Array(flash.sectorBytes).fill(BLANK);
    flash.sectors[index] = sector;
  }
  sector[offset % flash.sectorBytes] &= value;
}

/** A program cut short: of `count` bytes at successive `offsets`, some are done; of a garbage
 *  tail some bits have fallen. */
export function tearProgram(
  flash: Flash,
  offsets: ArrayLike<number>,
  values: ArrayLike<number>,
  mode: number,
  stream: Stream,
): void {
  const done = doneBytes(mode, values.length);
  for (let i = 0; i < values.length; i++) {
    if (i < done) programByte(flash, offsets[i], values[i]);
    else if (mode === TEAR_GARBAGE) programByte(flash, offsets[i], values[i] | anyByte(stream));
  }
}

/** Erases the sectors of a range, each with its wear. */
export function eraseFlash(flash: Flash, offset: number, length: number): void {
  const first = offset / flash.sectorBytes;
  for (let i = first; i < first + length / flash.sectorBytes; i++) {
    flash.wear[i]++;
    if (sound(flash, i)) flash.sectors[i] = null;
  }
}

/** An erase cut short: sectors before the tear are blank, the one it falls into is blank up to
 *  it. Of a garbage tail, one sector is neither old nor blank. */
export function tearErase(
  flash: Flash,
  offset: number,
  length: number,
  mode: number,
  stream: Stream,
): void {
  const done = doneBytes(mode, length);
  const whole = Math.floor(done / flash.sectorBytes) * flash.sectorBytes;
  eraseFlash(flash, offset, whole);
  const index = (offset + whole) / flash.sectorBytes;
  if (whole === length || (done === 0 && mode !== TEAR_GARBAGE)) return;
  flash.wear[index]++;
  const sector = flash.sectors[index];
  if (sector === null || !sound(flash, index)) return;
  for (let i = 0; i < flash.sectorBytes; i++) {
    if (whole + i < done) sector[i] = BLANK;
    else if (mode === TEAR_GARBAGE) sector[i] |= anyByte(stream);
  }
}
