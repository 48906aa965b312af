// Where the table of a recording begins, how its columns are separated, and which of them count.
import { parse } from "csv-parse/sync";
import { InputError } from "../input-error.ts";
import type { ColumnName, Quantity } from "./trace-names.ts";
import { recogniseColumn } from "./trace-names.ts";

/** A column in use: its place in the row and how its numbers become SI units. */
export interface TraceColumn extends ColumnName {
  at: number;
}

/** The columns of a recording; absent = not recorded. */
export type TraceColumns = Partial<Record<Quantity, TraceColumn>>;

/** A recording's header row. */
export interface TraceHeader {
  delimiter: string;
  columns: TraceColumns;
  /** Columns of the table, used or not. */
  width: number;
  /** Line of the header, from 1. */
  line: number;
  /** Bytes up to the first row. */
  length: number;
}

const DELIMITERS = [",", ";", "\t"];
/** Vendors write some tens of lines about the test before the table. */
const PREAMBLE_LINES = 500;
const SHOWN = 120;
const CLOCKS: readonly Quantity[] = ["clock", "lap", "date"];
const BOM = "\ufeff";

/** What a header may look like, for messages. */
export const ACCEPTED_HEADERS =
  'a header with time, voltage and current, such as "Test Time / s", "Voltage / V", ' +
  '"Current / A" (BDF), or the columns of Neware or Arbin';

function cellsOf(line: string, delimiter: string): string[] {
  if (!line.includes('"')) return line.split(delimiter);
  const options = { delimiter, relax_quotes: true, relax_column_count: true };
  try {
    const [row] = parse(line, options);
    return row ?? [];
  } catch {
    // A quote that goes on into the next line: not the header.
    return [];
  }
}

function columnsOf(cells: readonly string[]): TraceColumns {
  const columns: TraceColumns = {};
  cells.forEach((cell, at) => {
    const name = recogniseColumn(cell);
    if (name === null) return;
    const rival = columns[name.quantity];
    if (rival === undefined || name.rank < rival.rank) columns[name.quantity] = { ...name, at };
  });
  return columns;
}

function complete(columns: TraceColumns): boolean {
  const timed = CLOCKS.some((quantity) => columns[quantity] !== undefined);
  return timed && columns.voltage !== undefined && columns.current !== undefined;
}

function readLine(line: string): Pick<TraceHeader, "delimiter" | "columns" | "width"> | null {
  for (const delimiter of DELIMITERS) {
    const cells = cellsOf(line, delimiter);
    const columns = columnsOf(cells);
    if (complete(columns)) return { delimiter, columns, width: cells.length };
  }
  return null;
}

/** The header within `head`, the first bytes of a recording; null = not there. `ended` says that
 *  no more lines follow; else the last one is still open. */
export function findHeader(head: Buffer, ended: boolean): TraceHeader | null {
  let from = 0;
  for (let line = 1; line <= PREAMBLE_LINES; line++) {
    const feed = head.indexOf(10, from);
    if (feed < 0 && !ended) return null;
    const end = feed < 0 ? head.length : feed;
    const text = head.toString("utf8", from, end).replace(BOM, "").replace(/\r$/, "");
    const found = readLine(text);
    if (found !== null) return { ...found, line, length: Math.min(end + 1, head.length) };
    if (feed < 0) return null;
    from = feed + 1;
  }
  return null;
}

/** The error for a recording without a header that could be used. */
export function headerError(name: string, head: Buffer): InputError {
  const lines = head.toString("utf8").replace(BOM, "").split("\n");
  const first = lines.map((line) => line.trim()).find((line) => line !== "") ?? "";
  const shown = first.length > SHOWN ? first.slice(0, SHOWN - 1) + "…" : first;
  const plain = shown.replace(/[\u0000-\u001f\u007f-\u009f]/g, " ");
  const found = first === "" ? "the file is empty" : `no usable header, found "${plain}"`;
  return new InputError(`${name}: ${found}; accepted: ${ACCEPTED_HEADERS}`);
}
