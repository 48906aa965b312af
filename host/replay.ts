// `cyclet replay`: a recording through the detectors of the board. Events go to standard output as
// they are found, the verdict last; what is wrong with the recording goes to standard error.
import { existsSync, statSync } from "node:fs";
import { END_FAULT, END_FINISHED, END_STOPPED } from "../firmware/telemetry.ts";
import { BUILTIN_CELLS, builtinCell } from "./builtin-cells.ts";
import type { Cell } from "./cell-file.ts";
import { readCell } from "./cell-file.ts";
import { openTrace } from "./formats/trace.ts";
import { InputError } from "./input-error.ts";
import { suggestion } from "./nearest.ts";
import type { Bar } from "./replay-bar.ts";
import { createBar } from "./replay-bar.ts";
import { createExamination } from "./replay-examination.ts";
import type { Notes } from "./replay-notes.ts";
import { createNotes, noteLines } from "./replay-notes.ts";
import type { Output } from "./replay-output.ts";
import { createOutput } from "./replay-output.ts";
import type { Reading, Span } from "./replay-reading.ts";
import { readRows } from "./replay-reading.ts";
import { reason } from "./system-error.ts";

/** The words after `cyclet replay TRACE`; s of test time. */
export interface ReplayFlags {
  cell: string;
  from?: number;
  to?: number;
}

const STATUS_STOPPED = 1;
/** With more unusable rows than this share it is another kind of file. */
const BAD_SHARE = 0.01;
/** Rows between two looks at the progress bar. */
const BAR_ROWS = 4096;

/** The cell that `--cell` names: a built-in one, or a file. Throws InputError. */
export function replayCell(argument: string): Cell {
  const builtin = builtinCell(argument.replace(/^sim:/, ""));
  if (builtin !== null) return builtin;
  if (existsSync(argument) || argument.endsWith(".json")) return readCell(argument);
  const hint = suggestion(argument, BUILTIN_CELLS);
  const known = BUILTIN_CELLS.join(", ");
  throw new InputError(
    `--cell ${argument}: neither a file nor a cell${hint}; accepted: a JSON file, ${known}`,
  );
}

function spanOf(flags: ReplayFlags): Span {
  const span = { fromS: flags.from ?? -Infinity, toS: flags.to ?? Infinity };
  if (span.fromS < span.toS) return span;
  throw new InputError(
    `--from ${span.fromS} --to ${span.toS}: nothing lies between; accepted: --from below --to`,
  );
}

function sizeOf(path: string): number {
  if (path === "-") return 0;
  try {
    const found = statSync(path);
    if (!found.isDirectory()) return found.size;
  } catch (error) {
    throw new InputError(`${path}: cannot be read: ${reason(error)}`);
  }
  throw new InputError(`${path}: it is a folder; accepted: a CSV file, or - for standard input`);
}

function warn(notes: Notes, name: string, cell: Cell): void {
  const lines = noteLines(notes, name);
  if (!notes.hasTemperature) {
    const instead = `the ${cell.temperatureC} °C of the cell file are used`;
    lines.unshift(`${name}: no temperature is recorded; ${instead}`);
  }
  for (const line of lines) process.stderr.write(`cyclet: ${line}\n`);
}

function refuse(notes: Notes, name: string): void {
  const { rows, bad, taken, firstBad, firstComplaint } = notes;
  if (taken === 0) {
    const why = bad > 0 ? `, first at line ${firstBad}: ${firstComplaint}` : "";
    const accepted = "accepted: rows of time, voltage and current in the span asked for";
    throw new InputError(`${name}: none of ${rows} rows can be used${why}; ${accepted}`);
  }
  if (bad <= BAD_SHARE * rows) return;
  const accepted = `accepted: at most ${BAD_SHARE * 100} % of the rows`;
  throw new InputError(
    `${name}:${firstBad}: ${bad} of ${rows} rows cannot be used (${firstComplaint}); ${accepted}`,
  );
}

function listen(stop: () => void): () => void {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.once(signal, stop);
  return () => {
    for (const signal of signals) process.off(signal, stop);
  };
}

interface Session {
  readonly name: string;
  readonly reading: Reading;
  readonly output: Output;
  readonly bar: Bar;
}

async function examine({ reading, output, bar }: Session): Promise<number> {
  const { trace, notes } = reading;
  await readRows(reading, (rows) => {
    if (rows % BAR_ROWS === 0) bar.update(trace.bytesRead());
    return output.isFull() ? output.drained() : null;
  });
  if (reading.stopped) return END_STOPPED;
  return notes.bad <= BAD_SHARE * notes.rows ? END_FINISHED : END_FAULT;
}

// Errors are one line: what else is worth a note is told only of recordings that can be replayed.
// Whatever ends a replay, the verdict on what has been taken is its last word.
async function conclude(session: Session): Promise<number> {
  const { name, reading, output, bar } = session;
  const { notes, examination, trace, cell } = reading;
  let end = END_FAULT;
  try {
    end = await examine(session);
  } finally {
    bar.stop();
    trace.close();
    if (notes.taken > 0) examination.finish(end);
    if (end !== END_FAULT && notes.taken > 0 && !output.isClosed()) warn(notes, name, cell);
  }
  if (output.isClosed()) return 0;
  if (end === END_STOPPED) return STATUS_STOPPED;
  refuse(notes, name);
  return 0;
}

/** Replays the recording at `path` ("-" = standard input); resolves with the exit status. Throws
 *  InputError for what cannot be replayed; a verdict stands on standard output even then, once a
 *  row has been taken. */
export async function replay(path: string, flags: ReplayFlags): Promise<number> {
  const cell = replayCell(flags.cell);
  const span = spanOf(flags);
  const bytes = sizeOf(path);
  const trace = await openTrace(path);
  const stop = (): void => {
    reading.stopped = true;
    trace.close();
  };
  const output = createOutput(process.stdout, stop);
  const examination = createExamination(cell, (record) => output.write(record));
  const notes = createNotes();
  const reading: Reading = { trace, cell, span, examination, notes, stopped: false };
  const release = listen(stop);
  try {
    const name = path === "-" ? "standard input" : path;
    return await conclude({ name, reading, output, bar: createBar(bytes) });
  } finally {
    release();
    output.release();
  }
}
