// Where the log has ended: looked up once, at boot, before anything is written.
import type { Flash } from "../hal/bus.ts";
import {
  BLANK,
  KEPT,
  KEPT_BEFORE,
  KEPT_FRAME,
  KEPT_HEAD,
  KEPT_NUMBER,
  PAGE_BEFORE,
} from "./log-format.ts";
import { PAGE_BYTES, PAGE_NUMBER, PAGE_RECORDS, PAGE_RUN, REGIONS, SAMPLES } from "./log-format.ts";
import { THINNED, regionStart } from "./log-format.ts";
import type { Rings } from "./log-ring.ts";
import { KEPT_FIRST, PAGE, SECTOR, isPage, pagesOf } from "./log-ring.ts";

/** Sectors that are looked into one in so many, and then those around the newest. */
const STRIDE = 16;

/** What the log has ended with. */
export interface LogEnd {
  /** The newest run, 0 = none. */
  run: number;
  /** Number of the next page, and records of the run before it. */
  page: number;
  before: number;
}

/** The number of the page of samples at `place`, counted in pages; -1 = none is there. */
function numberAt(rings: Rings, flash: Flash, place: number): number {
  const there = flash.read(place * PAGE_BYTES, rings.scratch) && isPage(rings);
  return there ? rings.words[PAGE_NUMBER / 4] : -1;
}

/** The sector of a ring of samples that was begun last, -1 = it is empty. */
function newestSector(rings: Rings, flash: Flash, from: number, to: number): number {
  const pages = pagesOf(flash);
  let best = -1;
  let newest = -1;
  for (let sector = from; sector < to; sector += STRIDE) {
    const number = numberAt(rings, flash, sector * pages);
    if (number > best) {
      best = number;
      newest = sector;
    }
  }
  // None of these: a ring that has just been begun, or has lost just them.
  const first = newest < 0 ? from : newest;
  const end = newest < 0 ? to : Math.min(to, newest + STRIDE);
  for (let sector = first; sector < end; sector++) {
    const number = numberAt(rings, flash, sector * pages);
    if (number > best) {
      best = number;
      newest = sector;
    }
  }
  return newest;
}

/** Finds the newest page in a sector of samples. */
function readSamples(rings: Rings, flash: Flash, sector: number, end: LogEnd): void {
  const pages = pagesOf(flash);
  for (let page = 0; page < pages; page++) {
    const number = numberAt(rings, flash, sector * pages + page);
    if (number < end.page) continue;
    const bytes = rings.scratch;
    end.page = number + 1;
    end.run = bytes[PAGE_RUN] + 256 * bytes[PAGE_RUN + 1];
    end.before = rings.words[PAGE_BEFORE / 4] + bytes[PAGE_RECORDS];
  }
}

/** Length of the kept record at `at` of the page in the scratch, -1 = there is none. */
function keptAt(rings: Rings, at: number): number {
  const bytes = rings.scratch;
  const length = bytes[at];
  const tail = at + 1 + length;
  if (length === BLANK || length < KEPT_HEAD || tail + 2 > PAGE_BYTES) return -1;
  const sum = rings.crc32(bytes.subarray(at + 1, tail)) % 65536;
  return bytes[tail] + 256 * bytes[tail + 1] === sum ? length : -1;
}

function keptNumber(bytes: Uint8Array, at: number): number {
  const head = at + 1 + KEPT_NUMBER;
  return bytes[head] + 256 * bytes[head + 1] + 65536 * bytes[head + 2];
}

/** Finds the newest record in a sector of what is kept. */
function readKept(rings: Rings, flash: Flash, sector: number, end: LogEnd): void {
  const bytes = rings.scratch;
  const kept = rings.kept;
  for (let page = 0; page < pagesOf(flash); page++) {
    if (!flash.read(sector * flash.sectorBytes + page * PAGE_BYTES, bytes)) continue;
    let length = keptAt(rings, 0);
    for (let at = 0; length >= 0; length = at < PAGE_BYTES ? keptAt(rings, at) : -1) {
      if (keptNumber(bytes, at) >= kept.count) {
        kept.count = keptNumber(bytes, at) + 1;
        const run = bytes[at + 1] + 256 * bytes[at + 2];
        if (run !== end.run) end.before = 0;
        end.run = run;
        // Samples that no page has any more: they were told, and their numbers are used up.
        end.before = Math.max(end.before, keptNumber(bytes, at + KEPT_BEFORE - KEPT_NUMBER));
      }
      at += length + KEPT_FRAME;
    }
  }
}

/** The number of the first kept record in each sector leads to the newest sector; then the first
 *  one that has something of the newest run, and the one before it, where that run may begin. */
function readKeptRing(rings: Rings, flash: Flash, from: number, to: number, end: LogEnd) {
  const n = rings.numbers;
  const bytes = rings.scratch;
  const runs = new Uint16Array(to - from);
  const numbers = new Float64Array(to - from);
  let newest = -1;
  for (let sector = from; sector < to; sector++) {
    const there = flash.read(sector * flash.sectorBytes, bytes) && keptAt(rings, 0) >= 0;
    numbers[sector - from] = there ? keptNumber(bytes, 0) : -1;
    runs[sector - from] = there ? bytes[1] + 256 * bytes[2] : 0;
    if (there && (newest < 0 || numbers[sector - from] > numbers[newest - from])) newest = sector;
  }
  if (newest < 0) return;
  readKept(rings, flash, newest, end);
  n[SECTOR + KEPT] = newest;
  let first = newest;
  for (let sector = from; sector < to; sector++) {
    const ours = numbers[sector - from] >= 0 && runs[sector - from] === end.run;
    if (ours && numbers[sector - from] < numbers[first - from]) first = sector;
  }
  n[KEPT_FIRST] = first > from ? first - 1 : to - 1;
}

/** Finds where the log goes on: behind the newest sector of each ring, whatever state that after it
 *  is in. */
export function wake(rings: Rings, flash: Flash): LogEnd {
  const n = rings.numbers;
  const sectors = flash.bytes / flash.sectorBytes;
  const end = { run: 0, page: 0, before: 0 };
  for (let region = 0; region < REGIONS; region++) {
    n[SECTOR + region] = regionStart(region + 1, sectors) - 1;
    n[PAGE + region] = pagesOf(flash);
  }
  for (let region = SAMPLES; region <= THINNED; region++) {
    const from = regionStart(region, sectors);
    const newest = newestSector(rings, flash, from, regionStart(region + 1, sectors));
    if (newest < 0) continue;
    n[SECTOR + region] = newest;
    readSamples(rings, flash, newest, end);
  }
  readKeptRing(rings, flash, regionStart(KEPT, sectors), sectors, end);
  return end;
}
