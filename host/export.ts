// `cyclet export`: a run's data for other programs, and other instruments' recordings as data of
// this format. A row at a time, so that months fit.
import { rmSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CsvError } from "csv-parse";
import { stringify } from "csv-stringify";
import { isLabel, labelOf } from "./formats/bdf-names.ts";
import type { ExportFormat } from "./formats/export-format.ts";
import { EXPORT_FORMATS } from "./formats/export-format.ts";
import { writeParquet } from "./formats/parquet.ts";
import type { LeftOut, Source } from "./formats/table-source.ts";
import { openTable } from "./formats/table-source.ts";
import { InputError } from "./input-error.ts";
import { suggestion } from "./nearest.ts";
import { codeOf, reason } from "./system-error.ts";

/** The words after `cyclet export DATA`. */
export interface ExportFlags {
  to: string;
  /** File to write, "-" = standard output; beside the data where not given. */
  out?: string;
}

/** The words that `--to` accepts. */
export const EXPORT_NAMES = Object.keys(EXPORT_FORMATS).join(", ");

function formatOf(name: string): ExportFormat {
  if (Object.hasOwn(EXPORT_FORMATS, name)) return EXPORT_FORMATS[name];
  const hint = suggestion(name, Object.keys(EXPORT_FORMATS));
  throw new InputError(`--to ${name}: no such format${hint}; accepted: ${EXPORT_NAMES}`);
}

/** NAME.bdf.csv becomes NAME.ENDING, any other name gets that at its end. */
function outputPath(path: string, { ending }: ExportFormat): string {
  return `${path.replace(/(\.bdf)?(\.csv)?$/i, "")}.${ending}`;
}

/** The header's labels, and rows of the other format from rows of the data. */
function createTurner(path: string, format: ExportFormat): Transform {
  let row: ((cells: readonly string[]) => string[]) | null = null;
  let line = 0;
  function begin(cells: readonly string[]): readonly string[] {
    const labels = cells.map(labelOf);
    const missing = format.needs.filter((label) => !labels.includes(label));
    if (missing.length > 0) {
      const names = missing.map((label) => JSON.stringify(label)).join(", ");
      throw new InputError(`${path}:1: no column ${names}; accepted: a data file (BDF) with them`);
    }
    const place = new Map(labels.map((label, at) => [label, at]));
    const make = format.rows(labels);
    row = (texts) => make((label) => texts[place.get(label) ?? -1] ?? "");
    return format.columns(labels);
  }
  function checked(cells: readonly string[]): readonly string[] {
    const made = row?.(cells) ?? [];
    if (!made.some((text) => text === "NaN" || text.startsWith("NaN:"))) return made;
    throw new InputError(`${path}:${line}: not a row of numbers; accepted: a data file (BDF)`);
  }
  return new Transform({
    objectMode: true,
    transform(cells: string[], _, done) {
      line++;
      try {
        done(null, row === null ? begin(cells) : checked(cells));
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    },
    flush(done) {
      done(row === null ? new InputError(`${path}: is empty; accepted: a data file (BDF)`) : null);
    },
  });
}

function failure(path: string, error: unknown): Error {
  if (error instanceof InputError) return error;
  if (error instanceof CsvError) {
    return new InputError(`${path}: not a table: ${error.message}; accepted: a data file (BDF)`);
  }
  const why = codeOf(error) === "EEXIST" ? "exists; accepted: a new name by --out" : reason(error);
  return new InputError(`${path}: ${why}`);
}

async function openOutput(path: string): Promise<FileHandle> {
  return open(path, "wx").catch((error: unknown) => {
    throw failure(path, error);
  });
}

async function asParquet(source: Source, turner: Transform, path: string): Promise<void> {
  try {
    const written = writeParquet(path, turner as AsyncIterable<string[]>, isLabel, source.path);
    await Promise.all([pipeline([...source.stages(), turner]), written]);
  } finally {
    turner.destroy();
  }
}

async function asText(source: Source, turner: Transform, output: string | null): Promise<void> {
  const target = output === null ? process.stdout : (await open(output, "r+")).createWriteStream();
  await pipeline([...source.stages(), turner, stringify(), target], { end: output !== null });
}

/** What an export has made. */
export interface Exported {
  /** The file's name, "" = standard output. */
  path: string;
  /** Rows of a foreign recording that could not be used. */
  leftOut: LeftOut;
}

/** Writes the data file at `path`, or another instrument's recording, as another format. Throws
 *  InputError, and leaves no half file behind. */
export async function exportData(path: string, flags: ExportFlags): Promise<Exported> {
  const format = formatOf(flags.to);
  const aside = flags.out === "-";
  if (aside && format.isBinary) {
    throw new InputError(`--out -: ${flags.to} is no text; accepted: --out FILE`);
  }
  const output = flags.out ?? outputPath(path, format);
  const source = await openTable(path).catch((error: unknown) => {
    throw failure(path, error);
  });
  if (!aside) await (await openOutput(output)).close();
  const turner = createTurner(path, format);
  try {
    if (format.isBinary) await asParquet(source, turner, output);
    else await asText(source, turner, aside ? null : output);
  } catch (error) {
    // Whoever read along has seen enough.
    if (aside && codeOf(error) === "EPIPE") return { path: "", leftOut: source.leftOut };
    if (!aside) rmSync(output, { force: true });
    const { syscall } = error as NodeJS.ErrnoException;
    throw failure(syscall === "write" ? output : path, error);
  } finally {
    source.close();
  }
  return { path: aside ? "" : output, leftOut: source.leftOut };
}
