// After a failed write a line file may end in half a line; whoever reads it must not meet that.
import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from "node:fs";

const BLOCK = 4096;
const LINE_FEED = 10;

/** Cuts a file back to the end of its last whole line; leaves it alone when that fails. */
export function truncateToLastLine(path: string): void {
  let handle: number;
  try {
    handle = openSync(path, "r+");
  } catch {
    return;
  }
  try {
    ftruncateSync(handle, endOfLastLine(handle));
  } catch {
    // The device is failing: the file stays as it is, and the first error is the one reported.
  } finally {
    closeSync(handle);
  }
}

function endOfLastLine(handle: number): number {
  const block = Buffer.alloc(BLOCK);
  let end = fstatSync(handle).size;
  while (end > 0) {
    const start = Math.max(0, end - BLOCK);
    const count = readSync(handle, block, 0, end - start, start);
    const at = block.subarray(0, count).lastIndexOf(LINE_FEED);
    if (at >= 0) return start + at + 1;
    end = start;
  }
  return 0;
}
