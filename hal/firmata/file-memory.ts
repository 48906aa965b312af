// The channel's memory as a file of the computer that the channel runs on. What was programmed is
// on disk before the call returns, so that the journal survives what kills the program.
import { closeSync, constants, fdatasyncSync, fstatSync, openSync, readSync } from "node:fs";
import { writeSync } from "node:fs";
import type { Memory, MemoryAreas } from "../port.ts";

/** A memory, and its end. */
export interface FileMemory extends Memory {
  close(): void;
}

/** Writes all of `bytes` at `offset`. Throws the system's error. */
function writeAll(file: number, bytes: Uint8Array, offset: number): void {
  for (let done = 0; done < bytes.length;) {
    done += writeSync(file, bytes, done, bytes.length - done, offset + done);
  }
}

/** The memory in the file at `path`, made anew of zeros where it is missing or shorter. Throws the
 *  system's error where it cannot be opened, read or written; later failures answer false. */
export function createFileMemory(
  path: string,
  areas: MemoryAreas,
  crc32: (bytes: Uint8Array) => number,
): FileMemory {
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  const content = new Uint8Array(areas.end);
  const size = Math.min(fstatSync(file).size, areas.end);
  let at = 0;
  for (let count = -1; count !== 0 && at < size; at += count) {
    count = readSync(file, content, at, size - at, at);
  }
  if (size < areas.end) writeAll(file, content.subarray(at), at);
  fdatasyncSync(file);
  const inside = (offset: number, bytes: Uint8Array): boolean =>
    offset >= 0 && offset + bytes.length <= areas.end;
  return {
    areas,
    crc32,
    read: (offset, into) => {
      if (!inside(offset, into)) return false;
      into.set(content.subarray(offset, offset + into.length));
      return true;
    },
    program: (offset, bytes) => {
      if (!inside(offset, bytes)) return false;
      try {
        writeAll(file, bytes, offset);
        fdatasyncSync(file);
      } catch {
        return false;
      }
      content.set(bytes, offset);
      return true;
    },
    close: () => closeSync(file),
  };
}
