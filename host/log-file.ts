// A log in a file: that of a channel which runs on this computer, or a copy of it.
import { readFileSync, statSync } from "node:fs";
import * as log from "../firmware/log-format.ts";
import { EVENT_VERDICT } from "../firmware/telemetry.ts";
import { InputError } from "./input-error.ts";
import { decodeKept, keptEvent } from "./log-kept.ts";
import { decodePage } from "./log-page.ts";
import type { LogBook } from "./log-run.ts";
import { reason } from "./system-error.ts";

/** Of the files that a channel on this computer makes. */
const SECTOR_BYTES = 4096;
const BYTES_MOST = 1 << 27;

/** A log, and when it was written last, Unix ms. */
export interface LogFile {
  readonly book: LogBook;
  readonly writtenMs: number;
}

/** All that is in a log of `bytes`. */
function bookIn(bytes: Uint8Array): LogBook {
  const keptFrom = log.regionStart(log.KEPT, bytes.length / SECTOR_BYTES) * SECTOR_BYTES;
  const book: LogBook = { pages: [], kept: [] };
  for (let at = 0; at < bytes.length; at += log.PAGE_BYTES) {
    const page = bytes.subarray(at, at + log.PAGE_BYTES);
    if (at >= keptFrom) book.kept.push(...decodeKept(page));
    const samples = at < keptFrom ? decodePage(page) : null;
    if (samples !== null) book.pages.push(samples);
  }
  return book;
}

function contents(path: string): { bytes: Uint8Array; writtenMs: number } {
  try {
    const { size, mtimeMs } = statSync(path);
    if (size > BYTES_MOST) return { bytes: new Uint8Array(0), writtenMs: 0 };
    return { bytes: new Uint8Array(readFileSync(path)), writtenMs: mtimeMs };
  } catch (error) {
    throw new InputError(`${path}: cannot be read: ${reason(error)}`);
  }
}

/** The log in the file at `path`. Throws InputError where there is none. */
export function readLogFile(path: string): LogFile {
  const { bytes, writtenMs } = contents(path);
  const isWhole = bytes.length > 0 && bytes.length % SECTOR_BYTES === 0;
  if (!isWhole) throw new InputError(`${path}: is no log: it is not made of sectors of 4 KiB`);
  const book = bookIn(bytes);
  if (book.kept.length === 0) throw new InputError(`${path}: no run is in this log`);
  return { book, writtenMs };
}

/** Whether a run in a book has not come to its verdict. */
export function isOpen(book: LogBook, run: number): boolean {
  return !book.kept.some((each) => {
    const isEvent = each.run === run && each.kind === log.KEPT_EVENT;
    return isEvent && keptEvent(each).code === EVENT_VERDICT;
  });
}
