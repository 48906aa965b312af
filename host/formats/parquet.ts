// Rows of a table as Apache Parquet, in groups, so that months fit.
import { fileWriter, parquetWriteRows } from "hyparquet-writer";
import { InputError } from "../input-error.ts";

/** Texts of the format; everything else that is known is a number. */
const TEXTS = ["Step Type"];
const WHOLE = ["Step ID"];

type Kind = "DOUBLE" | "INT32" | "STRING";
type Value = number | string | null;

function kindOf(label: string, isKnown: boolean): Kind {
  if (!isKnown || TEXTS.includes(label)) return "STRING";
  return WHOLE.includes(label) || label.endsWith(" / 1") ? "INT32" : "DOUBLE";
}

// What is no number of the column's kind becomes NaN, and is refused.
function valueOf(text: string, kind: Kind): Value {
  if (text === "") return null;
  if (kind === "STRING") return text;
  const value = Number(text);
  return kind === "DOUBLE" || Number.isInteger(value) ? value : NaN;
}

async function* recordsOf(
  rows: AsyncIterator<string[]>,
  columns: readonly { name: string; type: Kind }[],
  name: string,
): AsyncGenerator<Record<string, Value>> {
  for (let line = 2; ; line++) {
    const next = await rows.next();
    if (next.done === true) return;
    const values = columns.map(({ type }, at) => valueOf(next.value[at] ?? "", type));
    const bad = values.findIndex((value) => Number.isNaN(value));
    if (bad >= 0) {
      const found = `${columns[bad].name} ${JSON.stringify(next.value[bad])}`;
      throw new InputError(`${name}:${line}: ${found} is no number; accepted: a data file (BDF)`);
    }
    yield Object.fromEntries(columns.map((column, at) => [column.name, values[at]]));
  }
}

/** Writes `table`, its header first, to the file at `path`; `isKnown` says which headers are
 *  quantities, the others stay texts. Throws InputError with the line of `name` for a row that is
 *  none of numbers, and what the file system says. */
export async function writeParquet(
  path: string,
  table: AsyncIterable<string[]>,
  isKnown: (label: string) => boolean,
  name: string,
): Promise<void> {
  const rows = table[Symbol.asyncIterator]();
  const header = await rows.next();
  const labels: readonly string[] = header.done === true ? [] : header.value;
  const columns = labels.map((label) => ({ name: label, type: kindOf(label, isKnown(label)) }));
  await parquetWriteRows({
    writer: fileWriter(path),
    rows: recordsOf(rows, columns, name),
    columns: columns.map((column) => ({ ...column, nullable: true })),
    rowGroupSize: 50_000,
  });
}
