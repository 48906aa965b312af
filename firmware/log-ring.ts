// The log's memory: three rings of sectors, of which the next one is erased ahead of time. One
// operation a call, and none while the flash is busy: nothing ever waits for it.
import type { Flash } from "../hal/bus.ts";
import { KEPT, PAGE_BYTES, PAGE_END, PAGE_MAGIC, REGIONS } from "./log-format.ts";
import { SAMPLES, THINNED, THINNING, regionStart } from "./log-format.ts";
import type { Kept } from "./log-kept.ts";
import { forgetKept, wholeKept } from "./log-kept.ts";

// Places in a ring's numbers, the first three one a region: its sector, the next page in it to be
// written (all = it is full), and whether the sector after it is erased.
export const SECTOR = 0;
export const PAGE = SECTOR + REGIONS;
export const CLEAN = PAGE + REGIONS;
/** The region whose sector is being erased, -1 = none. */
export const ERASING = CLEAN + REGIONS;
/** Page of the oldest sector of samples that is looked at next, on its way to the thinned ones. */
const COPYING = ERASING + 1;
/** Where in its page the kept stream goes on. */
export const KEPT_AT = COPYING + 1;
/** The first sector that this run has kept something in, which it must not come round to. */
export const KEPT_FIRST = KEPT_AT + 1;
/** Bytes of the kept stream that have been written and not been looked at again. */
const KEPT_WRITTEN = KEPT_FIRST + 1;
/** A closed page: 0 none, 1 waits, 2 was written and has not been looked at again. */
export const SEALED = KEPT_WRITTEN + 1;
const PLACES = SEALED + 1;

/** The rings, and what is on its way to them. */
export interface Rings {
  readonly numbers: Float64Array;
  /** A closed page. */
  readonly sealed: Uint8Array;
  readonly kept: Kept;
  /** For looking at memory. */
  readonly scratch: Uint8Array;
  readonly words: Uint32Array;
  readonly crc32: (bytes: Uint8Array) => number;
}

/** Rings of which nothing is known; `wake` finds out. */
export function createRings(kept: Kept, crc32: (bytes: Uint8Array) => number): Rings {
  const numbers = new Float64Array(PLACES);
  const scratch = new Uint8Array(PAGE_BYTES);
  numbers[ERASING] = -1;
  numbers[KEPT_FIRST] = -1;
  const sealed = new Uint8Array(PAGE_BYTES);
  return { numbers, sealed, kept, scratch, words: new Uint32Array(scratch.buffer), crc32 };
}

/** Pages of a sector. */
export function pagesOf(flash: Flash): number {
  return flash.sectorBytes / PAGE_BYTES;
}

/** The sector after `sector` in a region's ring. */
export function sectorAfter(flash: Flash, region: number, sector: number): number {
  const sectors = flash.bytes / flash.sectorBytes;
  const next = sector + 1;
  return next < regionStart(region + 1, sectors) ? next : regionStart(region, sectors);
}

/** Where the next page of a region goes, -1 = nowhere yet. */
function headOf(rings: Rings, flash: Flash, region: number): number {
  const n = rings.numbers;
  const pages = pagesOf(flash);
  if (n[PAGE + region] >= pages) {
    if (n[CLEAN + region] === 0) return -1;
    n[SECTOR + region] = sectorAfter(flash, region, n[SECTOR + region]);
    n[PAGE + region] = 0;
    n[CLEAN + region] = 0;
    if (region === SAMPLES) n[COPYING] = 0;
    if (region === KEPT) n[KEPT_AT] = 0;
  }
  return (n[SECTOR + region] * pages + n[PAGE + region]) * PAGE_BYTES;
}

/** Whether memory holds `bytes` from `offset` on. */
function holds(rings: Rings, flash: Flash, offset: number, bytes: Uint8Array): boolean {
  const there = rings.scratch.subarray(0, bytes.length);
  return flash.read(offset, there) && rings.crc32(there) === rings.crc32(bytes);
}

/** Writes the closed page, or looks whether memory has it; one that it has not goes to the next
 *  place. False = there is nothing to be done, or nowhere yet. */
function keepSealed(rings: Rings, flash: Flash): boolean {
  const n = rings.numbers;
  if (n[SEALED] === 0) return false;
  const offset = headOf(rings, flash, SAMPLES);
  if (offset < 0) return false;
  if (n[SEALED] === 1) {
    if (flash.program(offset, rings.sealed)) n[SEALED] = 2;
  } else {
    n[SEALED] = holds(rings, flash, offset, rings.sealed) ? 0 : 1;
    n[PAGE + SAMPLES]++;
  }
  return true;
}

/** The same for the kept stream; what is left of a page too small or bad stays blank. */
function keepKept(rings: Rings, flash: Flash): boolean {
  const n = rings.numbers;
  const kept = rings.kept;
  if (kept.at === 0) return false;
  const offset = headOf(rings, flash, KEPT);
  if (offset < 0) return false;
  const at = n[KEPT_AT];
  const count = wholeKept(kept, PAGE_BYTES - at);
  if (n[KEPT_WRITTEN] > 0) {
    const written = kept.bytes.subarray(0, n[KEPT_WRITTEN]);
    if (holds(rings, flash, offset + at, written)) {
      n[KEPT_AT] += n[KEPT_WRITTEN];
      forgetKept(kept, n[KEPT_WRITTEN]);
    } else n[KEPT_AT] = PAGE_BYTES;
    n[KEPT_WRITTEN] = 0;
  } else if (count > 0 && flash.program(offset + at, kept.bytes.subarray(0, count))) {
    n[KEPT_WRITTEN] = count;
  } else if (count === 0) n[KEPT_AT] = PAGE_BYTES;
  if (n[KEPT_AT] >= PAGE_BYTES - 1) {
    n[PAGE + KEPT]++;
    n[KEPT_AT] = 0;
  }
  return true;
}

/** Whether the page in the scratch is one of samples, whole. */
export function isPage(rings: Rings): boolean {
  const bytes = rings.scratch;
  if (bytes[0] !== PAGE_MAGIC) return false;
  return rings.words[PAGE_END / 4] === rings.crc32(bytes.subarray(0, PAGE_END));
}

/** Before samples are overwritten every fourth page of them goes to the thinned ones. False = there
 *  is nothing left to be copied. */
function thin(rings: Rings, flash: Flash): boolean {
  const n = rings.numbers;
  const pages = pagesOf(flash);
  if (n[COPYING] >= pages) return false;
  const to = headOf(rings, flash, THINNED);
  if (to < 0) return true;
  const from = sectorAfter(flash, SAMPLES, n[SECTOR + SAMPLES]) * pages + n[COPYING];
  if (!flash.read(from * PAGE_BYTES, rings.scratch)) return true;
  n[COPYING] += THINNING;
  if (isPage(rings) && flash.program(to, rings.scratch)) n[PAGE + THINNED]++;
  return true;
}

/** Erases the sector after a region's own; false = there is no need, or it must not be. */
function eraseAhead(rings: Rings, flash: Flash, region: number): boolean {
  const n = rings.numbers;
  if (n[CLEAN + region] !== 0) return false;
  const sector = sectorAfter(flash, region, n[SECTOR + region]);
  if (region === KEPT && sector === n[KEPT_FIRST]) return false;
  if (flash.erase(sector)) n[ERASING] = region;
  return true;
}

/** So much of the region for what is kept, 0 to 1, has this run used up. */
export function keptShare(rings: Rings, flash: Flash): number {
  const n = rings.numbers;
  const sectors = flash.bytes / flash.sectorBytes;
  const size = regionStart(KEPT + 1, sectors) - regionStart(KEPT, sectors);
  if (n[KEPT_FIRST] < 0) return 0;
  return ((n[SECTOR + KEPT] - n[KEPT_FIRST] + size) % size) / size;
}

/** One operation, or a look at one that goes on. False = nothing is left to be done. */
export function serve(rings: Rings, flash: Flash): boolean {
  const n = rings.numbers;
  if (flash.busy()) return true;
  if (n[ERASING] >= 0) {
    n[CLEAN + n[ERASING]] = 1;
    n[ERASING] = -1;
  }
  if (keepKept(rings, flash) || keepSealed(rings, flash)) return true;
  if (eraseAhead(rings, flash, KEPT) || eraseAhead(rings, flash, THINNED)) return true;
  if (n[CLEAN + SAMPLES] === 0 && thin(rings, flash)) return true;
  return eraseAhead(rings, flash, SAMPLES);
}
