// The interpreter's files in flash, as Espruino keeps them (src/jsflash.c, 2v29): each behind a
// header of size and name, one after the other. Clearing the first four letters of its name deletes
// a file; room comes back by compaction, which erases and writes pages in place, with nothing but
// RAM to remember them by. Flags, banks and the table of names are left out.

import { readFlash } from "./flash.ts";
import type { Flash } from "./flash.ts";
import { erase, program } from "./supply.ts";
import type { Supply } from "./supply.ts";

const NAME_BYTES = 28;
const HEADER_BYTES = 4 + NAME_BYTES;
/** Of boards that write four bytes at a time. */
const ALIGNMENT = 4;
const BLANK = 0xff;

/** Where a file's bytes begin, and how many there are; `alive` = not deleted. */
interface File {
  name: string;
  at: number;
  size: number;
  alive: boolean;
}

/** The outcome of a write, as the interpreter says it; "power" = it went. */
export type Written = "done" | "no room" | "too much" | "other data" | "power";

function aligned(at: number): number {
  return Math.ceil(at / ALIGNMENT) * ALIGNMENT;
}

function total(flash: Flash): number {
  return flash.sectors.length * flash.sectorBytes;
}

function bytesAt(flash: Flash, at: number, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => readFlash(flash, at + i));
}

/** The file whose header is at `at`; null = blank or no header: the rest is not read. */
function fileAt(flash: Flash, at: number): File | null {
  if (at + HEADER_BYTES > total(flash)) return null;
  const header = bytesAt(flash, at, HEADER_BYTES);
  const size = header[0] | (header[1] << 8) | (header[2] << 16);
  const blank = header.every((byte) => byte === BLANK);
  if (blank || at + HEADER_BYTES + size > total(flash)) return null;
  const name = String.fromCharCode(...header.subarray(4)).replace(/\0.*$/s, "");
  const alive = header.subarray(4, 8).some((byte) => byte !== 0);
  return { name, at: at + HEADER_BYTES, size, alive };
}

/** All files, and where the next one would begin. */
function scan(flash: Flash): { files: File[]; end: number } {
  const files: File[] = [];
  let end = 0;
  for (;;) {
    const file = fileAt(flash, end);
    if (file === null) return { files, end };
    files.push(file);
    end = aligned(file.at + file.size);
  }
}

function find(flash: Flash, name: string): File | undefined {
  return scan(flash).files.find((file) => file.alive && file.name === name);
}

/** What a file holds, blank where it has not been written; null = there is none. */
export function readFile(flash: Flash, name: string): Uint8Array | null {
  const file = find(flash, name);
  return file === undefined ? null : bytesAt(flash, file.at, file.size);
}

/** Deletes a file, if there is one; false = the power went. */
export function eraseFile(flash: Flash, supply: Supply, name: string): boolean {
  const file = find(flash, name);
  if (file === undefined) return supply.left >= 0;
  return program(flash, supply, file.at - NAME_BYTES, [0, 0, 0, 0]);
}

/** Gives the room of deleted files back: page by page, erased and written anew. */
function compact(flash: Flash, supply: Supply): boolean {
  const alive = scan(flash).files.filter((file) => file.alive);
  const kept = alive.flatMap((file) => {
    const from = file.at - HEADER_BYTES;
    return [...bytesAt(flash, from, aligned(file.at + file.size) - from)];
  });
  const page = flash.sectorBytes;
  for (let at = 0; at < total(flash); at += page) {
    if (!erase(flash, supply, at)) return false;
    const part = kept.slice(at, at + page);
    if (part.length > 0 && !program(flash, supply, at, part)) return false;
  }
  return true;
}

function create(flash: Flash, supply: Supply, name: string, size: number): Written {
  const needed = HEADER_BYTES + aligned(size);
  if (scan(flash).end + needed > total(flash)) {
    const files = scan(flash).files.filter((file) => file.alive);
    const used = files.reduce((sum, file) => sum + HEADER_BYTES + aligned(file.size), 0);
    if (used + needed > total(flash)) return "no room";
    if (!compact(flash, supply)) return "power";
  }
  const header = new Uint8Array(HEADER_BYTES);
  new DataView(header.buffer).setUint32(0, size, true);
  for (let i = 0; i < Math.min(name.length, NAME_BYTES); i++) header[4 + i] = name.charCodeAt(i);
  return program(flash, supply, scan(flash).end, header) ? "done" : "power";
}

function isBlank(flash: Flash, at: number, count: number): boolean {
  return bytesAt(flash, at, count).every((byte) => byte === BLANK);
}

/** Writes `bytes` at `offset` of a file of `size` bytes. At offset 0 a file of that name that is
 *  another one, or written already, is replaced: deleted first, and then made. */
export function writeFile(
  flash: Flash,
  supply: Supply,
  name: string,
  bytes: Uint8Array,
  offset = 0,
  size = bytes.length,
): Written {
  const known = find(flash, name);
  const fits = known !== undefined && known.size === size && isBlank(flash, known.at, size);
  if (offset === 0 && !fits) {
    if (!eraseFile(flash, supply, name)) return "power";
    const made = create(flash, supply, name, size);
    if (made !== "done") return made;
  }
  const file = find(flash, name);
  if (file === undefined || offset + bytes.length > file.size) return "too much";
  if (!isBlank(flash, file.at + offset, bytes.length)) return "other data";
  return program(flash, supply, file.at + offset, bytes) ? "done" : "power";
}
