// What the log never gives up, on its way to memory: events, evidence, each step's last sample.
import { KEPT_BEFORE, KEPT_FRAME, KEPT_HEAD, KEPT_KIND, KEPT_LOST } from "./log-format.ts";
import { KEPT_NUMBER, KEPT_RUN, PAGE_BYTES } from "./log-format.ts";
import type { Writer } from "./log-page.ts";
import { put } from "./log-page.ts";

/** Bytes that wait at most: a run's last evidence comes eight lines a frame. */
const WAITING_MAX = 1024;

/** Records that wait for memory, one behind the other. */
export interface Kept extends Writer {
  /** Where the record begins that is being made. */
  from: number;
  /** Records so far, of all runs. */
  count: number;
  /** Found no room since the last one that did. */
  lost: number;
}

/** Nothing waits. */
export function createKept(): Kept {
  // A record may be begun where there is no room: it then runs over by less than a page.
  return { bytes: new Uint8Array(WAITING_MAX + PAGE_BYTES), at: 0, from: 0, count: 0, lost: 0 };
}

/** Begins a record of a run, `before` samples of which came before it. */
export function beginKept(kept: Kept, run: number, kind: number, before: number): void {
  const bytes = kept.bytes;
  const from = kept.at;
  const head = from + 1;
  kept.from = from;
  bytes[head + KEPT_RUN] = run & 255;
  bytes[head + KEPT_RUN + 1] = run >> 8;
  bytes[head + KEPT_KIND] = kind;
  for (let i = 0; i < 3; i++) {
    bytes[head + KEPT_NUMBER + i] = (kept.count >> (8 * i)) & 255;
    bytes[head + KEPT_BEFORE + i] = (before >> (8 * i)) & 255;
  }
  kept.at = head + KEPT_HEAD;
}

/** Ends the record; where there was no room for it, it is lost, and counted. */
export function endKept(kept: Kept, crc32: (bytes: Uint8Array) => number): void {
  const bytes = kept.bytes;
  const from = kept.from;
  const length = kept.at - from - 1;
  if (length + KEPT_FRAME > PAGE_BYTES || kept.at + 2 > WAITING_MAX) {
    kept.at = from;
    kept.lost++;
    return;
  }
  const sum = crc32(bytes.subarray(from + 1, kept.at)) % 65536;
  bytes[from] = length;
  bytes[kept.at] = sum & 255;
  bytes[kept.at + 1] = sum >> 8;
  kept.at += 2;
  kept.count++;
}

/** Says how many have been lost, once there is room again. */
export function tellLost(
  kept: Kept,
  run: number,
  before: number,
  crc32: (bytes: Uint8Array) => number,
): void {
  const lost = kept.lost;
  if (lost === 0) return;
  beginKept(kept, run, KEPT_LOST, before);
  put(kept, lost);
  endKept(kept, crc32);
  if (kept.lost === lost) kept.lost = 0;
  else kept.lost = lost;
}

/** So many bytes from the first on are whole records that fit into `room`. */
export function wholeKept(kept: Kept, room: number): number {
  const bytes = kept.bytes;
  let end = 0;
  while (end < kept.at && end + bytes[end] + KEPT_FRAME <= room) end += bytes[end] + KEPT_FRAME;
  return end;
}

/** Forgets so many bytes: memory has them. */
export function forgetKept(kept: Kept, count: number): void {
  kept.bytes.set(kept.bytes.subarray(count, kept.at), 0);
  kept.at -= count;
}
