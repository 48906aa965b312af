// A memory in the host's own RAM, for boards whose bus cannot complete inside a call.
import type { Memory, MemoryAreas, Part } from "../port.ts";

/** A memory that starts as a copy of `content`; `crc32` as in `Memory`. */
export function createArrayMemory(
  content: Uint8Array,
  areas: MemoryAreas,
  crc32: (bytes: Uint8Array) => number,
): Memory & Part {
  const bytes = content.slice();
  return {
    state: { bytes },
    areas,
    crc32,
    read: (offset, into) => {
      if (offset < 0 || offset + into.length > bytes.length) return false;
      into.set(bytes.subarray(offset, offset + into.length));
      return true;
    },
    program: (offset, from) => {
      if (offset < 0 || offset + from.length > bytes.length) return false;
      bytes.set(from, offset);
      return true;
    },
  };
}
