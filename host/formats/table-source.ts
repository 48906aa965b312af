// A table to be turned into another: a data file as it is, or a recording of another instrument as
// one of the Battery Data Format.
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { Readable } from "node:stream";
import { parse } from "csv-parse";
import { createBdfImport } from "./bdf-import.ts";
import { labelOf } from "./bdf-names.ts";
import type { Trace } from "./trace.ts";
import { openTrace } from "./trace.ts";

/** Rows that were left out. */
export interface LeftOut {
  count: number;
  /** Line of the first, and why. */
  line: number;
  why: string;
}

/** A table. */
export interface Source {
  readonly path: string;
  /** Streams, to be asked for once; the last one gives rows of texts, the header first. */
  stages(): (Readable | NodeJS.ReadWriteStream)[];
  readonly leftOut: LeftOut;
  close(): void;
}

const HEAD_BYTES = 4096;
const BASIC = ["Test Time / s", "Voltage / V", "Current / A"];

// The format's own files have its columns in their first line; others may tell about the test
// before.
async function isOwn(path: string): Promise<boolean> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const [first] = buffer.toString("utf8", 0, bytesRead).split(/\r?\n/, 1);
    const labels = first.split(",").map((cell) => labelOf(cell.replaceAll('"', "")));
    return bytesRead === 0 || labels.some((label) => BASIC.includes(label));
  } finally {
    await file.close();
  }
}

/** The rows of `trace`, the labels first; what could not be used is counted in `leftOut`. */
async function* foreignRows(trace: Trace, leftOut: LeftOut): AsyncGenerator<string[]> {
  const { labels, row } = createBdfImport(trace.header.columns);
  yield labels;
  let { line } = trace.header;
  for await (const cells of trace.rows()) {
    line++;
    const made = row(cells);
    if (typeof made !== "string") yield made;
    else if (leftOut.count++ === 0) Object.assign(leftOut, { line, why: made });
  }
}

/** Opens the table at `path`. Throws InputError for what is none, and what the file system says. */
export async function openTable(path: string): Promise<Source> {
  const leftOut: LeftOut = { count: 0, line: 0, why: "" };
  if (await isOwn(path)) {
    const stages = () => [createReadStream(path), parse({ bom: true })];
    return { path, stages, leftOut, close: () => undefined };
  }
  const trace = await openTrace(path);
  const stages = () => [Readable.from(foreignRows(trace, leftOut))];
  return { path, stages, leftOut, close: () => trace.close() };
}

/** What was left out, in words. */
export function leftOutWords(path: string, { count, line, why }: LeftOut): string {
  const rows = count === 1 ? "row is" : "rows are";
  return `${path}:${line}: ${why}; ${count} ${rows} left out`;
}
