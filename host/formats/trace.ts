// A recording, read as it comes: header, then row after row, in bounded memory.
import { createReadStream } from "node:fs";
import { pipeline, Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { InputError } from "../input-error.ts";
import { reason } from "../system-error.ts";
import type { TraceHeader } from "./trace-header.ts";
import { findHeader, headerError } from "./trace-header.ts";

export type Ending = "whole" | "open" | "quoted";

/** A recording whose header has been read. */
export interface Trace {
  readonly header: TraceHeader;
  /** The cells of each row. Throws InputError with the line for what is no table. */
  rows(): AsyncGenerator<string[]>;
  /** Bytes read so far. */
  bytesRead(): number;
  /** How the last line ended: with a line feed, without, or within quotes; known at the end. */
  ending(): Ending;
  /** Ends `rows` early. */
  close(): void;
}

/** A header must come within so many bytes. */
const HEAD_BYTES = 1 << 18;
const LINE_BYTES = 1 << 20;
const LINE_FEED = 10;
const CHUNK_BYTES = 1 << 17;

const FORMATS: readonly [bytes: string, words: string][] = [
  ["1f8b", "gzip-compressed; accepted: the unpacked CSV"],
  ["504b0304", "a zip archive or a workbook; accepted: CSV, saved or exported from it"],
  ["d0cf11e0", "an old Excel workbook; accepted: CSV, exported from it"],
  ["50415231", "Parquet; accepted: CSV"],
  ["fffe", "UTF-16 text; accepted: CSV saved as UTF-8"],
  ["feff", "UTF-16 text; accepted: CSV saved as UTF-8"],
];

function refuseForeign(name: string, head: Buffer): void {
  const start = head.toString("hex", 0, 4);
  const format = FORMATS.find(([bytes]) => start.startsWith(bytes));
  if (format !== undefined) throw new InputError(`${name}: ${format[1]}`);
  if (!head.includes(0)) return;
  throw new InputError(`${name}: not text, or UTF-16; accepted: CSV in UTF-8`);
}

type Source = Readable & { bytesRead?: number };

function unreadable(name: string, error: unknown): InputError {
  return new InputError(`${name}: cannot be read: ${reason(error)}`);
}

interface Head {
  bytes: Buffer;
  header: TraceHeader;
}

async function readHead(name: string, chunks: AsyncIterator<Buffer>): Promise<Head> {
  let bytes: Buffer = Buffer.alloc(0);
  for (;;) {
    const { value, done } = await chunks.next();
    if (done !== true) bytes = Buffer.concat([bytes, value]);
    refuseForeign(name, bytes);
    const ended = done === true;
    const header = findHeader(bytes, ended);
    if (header !== null) return { bytes, header };
    if (ended || bytes.length > HEAD_BYTES) throw headerError(name, bytes);
  }
}

function tableError(name: string, error: unknown, line: number): unknown {
  if (!(error instanceof CsvError)) return error;
  const long = error.code === "CSV_MAX_RECORD_SIZE";
  const what = long ? `a row of more than ${LINE_BYTES} bytes` : reason(error);
  return new InputError(`${name}:${line}: ${what}; accepted: rows of text as CSV`);
}

/** Opens a recording, "-" = standard input, and reads up to its header. Throws InputError. */
export async function openTrace(path: string): Promise<Trace> {
  const name = path === "-" ? "standard input" : path;
  const options = { highWaterMark: CHUNK_BYTES };
  const source: Source = path === "-" ? process.stdin : createReadStream(path, options);
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const { bytes, header } = await readHead(name, chunks).catch((error: unknown) => {
    source.destroy();
    throw error instanceof InputError ? error : unreadable(name, error);
  });
  let lastByte = LINE_FEED;
  let isQuoted = false;
  let closed = false;

  async function* table(): AsyncGenerator<Buffer> {
    const begun = bytes.subarray(header.length);
    if (begun.length > 0) {
      lastByte = begun[begun.length - 1];
      yield begun;
    }
    for (;;) {
      const { value, done } = await chunks.next();
      if (done === true) return;
      if (value.length > 0) lastByte = value[value.length - 1];
      yield value;
    }
  }

  async function* rows(): AsyncGenerator<string[]> {
    const parser = parse({
      delimiter: header.delimiter,
      record_delimiter: ["\r\n", "\n"],
      max_record_size: LINE_BYTES,
      relax_column_count: true,
      relax_quotes: true,
    });
    let line = header.line;
    pipeline(Readable.from(table(), { objectMode: false }), parser, () => undefined);
    try {
      for await (const cells of parser as AsyncIterable<string[]>) {
        line++;
        yield cells;
      }
    } catch (error) {
      isQuoted = error instanceof CsvError && error.code === "CSV_QUOTE_NOT_CLOSED";
      if (!isQuoted && !closed) throw tableError(name, error, line + 1);
    }
  }

  return {
    header,
    rows,
    bytesRead: () => source.bytesRead ?? 0,
    ending: () => (isQuoted ? "quoted" : lastByte === LINE_FEED ? "whole" : "open"),
    close: () => {
      closed = true;
      source.destroy();
    },
  };
}
