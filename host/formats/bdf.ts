// The data file: rows streamed to disk, no faster than the disk takes them.
import { createWriteStream } from "node:fs";
import type { WriteStream } from "node:fs";
import { once } from "node:events";
import { pipeline } from "node:stream/promises";
import { stringify } from "csv-stringify";
import type { Stringifier } from "csv-stringify";
import type { FrameMessage } from "../../firmware/telemetry.ts";
import { truncateToLastLine } from "../last-line.ts";
import { BDF_COLUMNS } from "./bdf-row.ts";

/** An open data file. */
export interface BdfFile {
  readonly path: string;
  readonly csv: Stringifier;
  readonly output: WriteStream;
  /** Settles when everything is on disk; rejects with the first write error. */
  readonly written: Promise<void>;
  readonly row: (frame: FrameMessage) => string[];
  full: boolean;
  failure: Error | null;
}

/** Starts a data file of what `row` makes, in the empty file at `path`; rejects when it cannot be
 *  written. */
export async function openBdf(
  path: string,
  row: (frame: FrameMessage) => string[],
): Promise<BdfFile> {
  const output = createWriteStream(path, { flags: "r+" });
  await once(output, "open");
  const csv = stringify({ columns: [...BDF_COLUMNS], header: true });
  const file: BdfFile = {
    path,
    csv,
    output,
    written: pipeline(csv, output),
    row,
    full: false,
    failure: null,
  };
  file.written.catch((error: unknown) => {
    file.failure = error instanceof Error ? error : new Error(String(error));
  });
  return file;
}

/** Queues a frame's row; `drained` says when the queue has room again. */
export function writeFrame(file: BdfFile, frame: FrameMessage): void {
  if (file.failure !== null) return;
  file.full = !file.csv.write(file.row(frame));
}

/** Resolves when the file takes more; throws the error that ended it. */
export async function drained(file: BdfFile): Promise<void> {
  if (file.full && file.failure === null) {
    const ended = file.written.catch(() => undefined);
    await Promise.race([once(file.csv, "drain"), ended]);
    file.full = false;
  }
  if (file.failure !== null) throw file.failure;
}

/** Completes the file. After a write error it is cut back to its last whole row, and the error
 *  is thrown. */
export async function closeBdf(file: BdfFile): Promise<void> {
  file.csv.end();
  try {
    await file.written;
  } catch (error) {
    truncateToLastLine(file.path);
    throw error;
  }
}

/** For a hard abort: what has reached the disk stays, cut back to its last whole row. */
export async function abandonBdf(file: BdfFile): Promise<void> {
  const closed = new Promise<void>((done) => {
    file.output.once("close", () => done());
  });
  file.output.destroy();
  await closed;
  truncateToLastLine(file.path);
}
