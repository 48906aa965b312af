// A file of whole lines: a write that fails half-way is taken back.
import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";

/** An open file and what stands in it. */
export interface LineFile {
  readonly handle: number;
  bytes: number;
}

/** Opens a new file; throws when `path` exists or cannot be written. */
export function openLines(path: string): LineFile {
  return { handle: openSync(path, "wx"), bytes: 0 };
}

/** Adds `text`, whole lines; throws what the file system says, and leaves the file as it was. */
export function appendLines(file: LineFile, text: string): void {
  const bytes = Buffer.from(text);
  try {
    let done = 0;
    while (done < bytes.length) done += writeSync(file.handle, bytes, done);
    file.bytes += bytes.length;
  } catch (error) {
    ftruncateSync(file.handle, file.bytes);
    throw error;
  }
}

/** Closes the file. */
export function closeLines(file: LineFile): void {
  closeSync(file.handle);
}

/** A file that exists only once something stands in it. */
export interface LateFile {
  readonly path: string;
  /** Its first lines. */
  readonly header: string;
  lines: LineFile | null;
  closed: boolean;
}

/** Nothing yet, for a new file at `path`. */
export function createLate(path: string, header: string): LateFile {
  return { path, header, lines: null, closed: false };
}

/** Adds `text`, whole lines, making the file for the first; throws what the file system says. */
export function appendLate(file: LateFile, text: string): void {
  if (file.closed) return;
  if (file.lines === null) {
    file.lines = openLines(file.path);
    appendLines(file.lines, file.header);
  }
  appendLines(file.lines, text);
}

/** Closes the file, if there is one; a second call does nothing. */
export function closeLate(file: LateFile): void {
  if (!file.closed && file.lines !== null) closeLines(file.lines);
  file.closed = true;
}
