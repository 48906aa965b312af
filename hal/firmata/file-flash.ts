// The log's flash as a file of the computer that the channel runs on. It keeps the rules of the
// memory that it stands for: bits fall by programming, rise by erasing a sector. What was written
// is on disk before the call returns.
import { closeSync, existsSync, fdatasyncSync, fstatSync, openSync, readSync } from "node:fs";
import { renameSync, rmSync, writeFileSync, writeSync } from "node:fs";
import type { Flash } from "../bus.ts";

/** A flash, and its end. */
export interface FileFlash extends Flash {
  close(): void;
}

const BYTES = 4 * 1024 * 1024;
const SECTOR_BYTES = 4096;
const PAGE_BYTES = 256;
const BLANK = 0xff;

/** A file that breaks off would be a flash that breaks off: it gets its name when it is whole. */
function makeBlank(path: string): void {
  const begun = `${path}.new`;
  rmSync(begun, { force: true });
  writeFileSync(begun, new Uint8Array(BYTES).fill(BLANK), { mode: 0o600 });
  renameSync(begun, path);
}

function readAll(file: number, into: Uint8Array, offset: number): boolean {
  let at = 0;
  for (let count = -1; count !== 0 && at < into.length; at += count) {
    count = readSync(file, into, at, into.length - at, offset + at);
  }
  return at === into.length;
}

function writeAll(file: number, bytes: Uint8Array, offset: number): void {
  for (let done = 0; done < bytes.length;) {
    done += writeSync(file, bytes, done, bytes.length - done, offset + done);
  }
  fdatasyncSync(file);
}

/** False where the system fails. */
function succeeds(act: () => boolean): boolean {
  try {
    return act();
  } catch {
    return false;
  }
}

/** The flash of 4 MiB in the file at `path`, made anew where it is missing. Throws the system's
 *  error where it cannot be opened, an Error where it is no log of ours; later failures answer
 *  false. */
export function createFileFlash(path: string): FileFlash {
  if (!existsSync(path)) makeBlank(path);
  const file = openSync(path, "r+");
  if (fstatSync(file).size !== BYTES) {
    closeSync(file);
    throw new Error(`${path} is not ${BYTES} bytes long`);
  }
  return {
    bytes: BYTES,
    sectorBytes: SECTOR_BYTES,
    pageBytes: PAGE_BYTES,
    read: (offset, into) => {
      if (!(offset >= 0 && offset + into.length <= BYTES)) return false;
      return succeeds(() => readAll(file, into, offset));
    },
    program: (offset, bytes) => {
      const inPage = offset % PAGE_BYTES;
      if (!(offset >= 0 && offset < BYTES) || inPage + bytes.length > PAGE_BYTES) return false;
      return succeeds(() => {
        const cells = new Uint8Array(bytes.length);
        if (!readAll(file, cells, offset)) return false;
        for (let i = 0; i < cells.length; i++) cells[i] &= bytes[i];
        writeAll(file, cells, offset);
        return true;
      });
    },
    erase: (sector) => {
      if (!(sector >= 0 && sector < BYTES / SECTOR_BYTES)) return false;
      return succeeds(() => {
        writeAll(file, new Uint8Array(SECTOR_BYTES).fill(BLANK), sector * SECTOR_BYTES);
        return true;
      });
    },
    busy: () => false,
    close: () => closeSync(file),
  };
}
