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

interface Source {
  readonly name: string;
  readonly stream: Readable & { bytesRead?: number };
  readonly chunks: AsyncIterator<Buffer, unknown>;
  /** The last byte read, and whether it lies within quotes. */
  lastByte: number;
  isQuoted: boolean;
  closed: boolean;
}

interface Head {
  bytes: Buffer;
  header: TraceHeader;
}

async function readHead(name: string, chunks: Source["chunks"]): Promise<Head> {
  let bytes = Buffer.alloc(0);
  for (;;) {
    const next = await chunks.next();
    const ended = next.done === true;
    if (!ended) bytes = Buffer.concat([bytes, next.value]);
    refuseForeign(name, bytes);
    const header = findHeader(bytes, ended);
    if (header !== null) return { bytes, header };
    if (ended || bytes.length > HEAD_BYTES) throw headerError(name, bytes);
  }
}

async function* tableOf(source: Source, begun: Buffer): AsyncGenerator<Buffer> {
  let bytes = begun;
  for (;;) {
    if (bytes.length > 0) {
      source.lastByte = bytes[bytes.length - 1];
      yield bytes;
    }
    const next = await source.chunks.next();
    if (next.done === true) return;
    bytes = next.value;
  }
}

function tableError(name: string, error: unknown, line: number): unknown {
  if (!(error instanceof CsvError)) return error;
  const long = error.code === "CSV_MAX_RECORD_SIZE";
  const what = long ? `a row of more than ${LINE_BYTES} bytes` : reason(error);
  return new InputError(`${name}:${line}: ${what}; accepted: rows of text as CSV`);
}

async function* rowsOf(source: Source, { bytes, header }: Head): AsyncGenerator<string[]> {
  const parser = parse({
    delimiter: header.delimiter,
    record_delimiter: ["\r\n", "\n"],
    max_record_size: LINE_BYTES,
    relax_column_count: true,
    relax_quotes: true,
  });
  const table = tableOf(source, bytes.subarray(header.length));
  let line = header.line;
  pipeline(Readable.from(table, { objectMode: false }), parser, () => undefined);
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      line++;
      yield cells;
    }
  } catch (error) {
    source.isQuoted = error instanceof CsvError && error.code === "CSV_QUOTE_NOT_CLOSED";
    if (!source.isQuoted && !source.closed) throw tableError(source.name, error, line + 1);
  }
}

function openSource(path: string): Source {
  const options = { highWaterMark: CHUNK_BYTES };
  const name = path === "-" ? "standard input" : path;
  const stream = path === "-" ? process.stdin : createReadStream(path, options);
  const chunks = stream[Symbol.asyncIterator]() as Source["chunks"];
  return { name, stream, chunks, lastByte: LINE_FEED, isQuoted: false, closed: false };
}

/** Opens a recording, "-" = standard input, and reads up to its header. Throws InputError. */
export async function openTrace(path: string): Promise<Trace> {
  const source = openSource(path);
  const { name, stream, chunks } = source;
  const head = await readHead(name, chunks).catch((error: unknown) => {
    stream.destroy();
    if (error instanceof InputError) throw error;
    throw new InputError(`${name}: cannot be read: ${reason(error)}`);
  });
  return {
    header: head.header,
    rows: () => rowsOf(source, head),
    bytesRead: () => stream.bytesRead ?? 0,
    ending() {
      if (source.isQuoted) return "quoted";
      return source.lastByte === LINE_FEED ? "whole" : "open";
    },
    close() {
      source.closed = true;
      stream.destroy();
    },
  };
}
