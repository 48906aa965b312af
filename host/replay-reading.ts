// The rows of a recording, one by one into an examination, with what is wrong with them noted.
import type { Cell } from "./cell-file.ts";
import type { Trace } from "./formats/trace.ts";
import type { TraceRow } from "./formats/trace-row.ts";
import { createRowReader, createTraceRow } from "./formats/trace-row.ts";
import type { Examination } from "./replay-examination.ts";
import type { Notes } from "./replay-notes.ts";
import { noteBad, noteEnding, noteFate } from "./replay-notes.ts";

/** Part of a recording, s of test time. */
export interface Span {
  fromS: number;
  toS: number;
}

/** A recording being read. */
export interface Reading {
  readonly trace: Trace;
  readonly cell: Cell;
  readonly span: Span;
  readonly examination: Examination;
  readonly notes: Notes;
  /** Set from outside: read no further. */
  stopped: boolean;
}

// Without a sensor some recorders write 0 °C throughout.
function mindTemperature(notes: Notes, row: TraceRow): void {
  if (notes.hasTemperature) return;
  if (row.temperatureC === 0) row.temperatureC = NaN;
  notes.hasTemperature = row.temperatureC === row.temperatureC;
}

function isEmpty(cells: readonly string[]): boolean {
  return cells.length === 1 && cells[0].trim() === "";
}

/** Reads to the end of the recording or of the span. `pulse` is called after every row; where it
 *  answers with a promise, that is waited for. Throws what the file system says, InputError for
 *  what is no table. */
export async function readRows(
  reading: Reading,
  pulse: (rows: number) => Promise<void> | null,
): Promise<void> {
  const { trace, notes, examination, span } = reading;
  const read = createRowReader(trace.header.columns, reading.cell.areaCm2);
  const row = createTraceRow();
  let line = trace.header.line;
  for await (const cells of trace.rows()) {
    if (reading.stopped) return;
    line++;
    if (isEmpty(cells)) continue;
    notes.rows++;
    const complaint = read(cells, row);
    if (complaint !== "") noteBad(notes, line, complaint);
    else if (row.timeS > span.toS) return;
    else if (row.timeS >= span.fromS) {
      mindTemperature(notes, row);
      noteFate(notes, line, examination.take(row));
    }
    const pause = pulse(notes.rows);
    if (pause !== null) await pause;
  }
  if (!reading.stopped) noteEnding(notes, trace.ending(), line);
}
