// `cyclet convert`: a protocol in another language, and what that cannot say.
import { writeFileSync } from "node:fs";
import type { Cell } from "./cell-file.ts";
import { readCell } from "./cell-file.ts";
import { exportBattinfo } from "./exchange/battinfo-export.ts";
import { exportPybamm } from "./exchange/pybamm-export.ts";
import type { Exported } from "./exchange/unicycler-export.ts";
import { exportUnicycler } from "./exchange/unicycler-export.ts";
import { InputError } from "./input-error.ts";
import { suggestion } from "./nearest.ts";
import type { ReadProtocol } from "./protocol-source.ts";
import { readProtocol } from "./protocol-source.ts";
import { codeOf, reason } from "./system-error.ts";

/** The words after `cyclet convert PROTOCOL`. */
export interface ConvertFlags {
  to: string;
  cell?: string;
  /** File to write; standard output where not given, or "-". */
  out?: string;
}

type Conversion = (read: ReadProtocol, cell: Cell | null) => Exported;

function cyclet({ protocol, isNamed }: ReadProtocol): Exported {
  const { name, ...rest } = protocol;
  const file = { cyclet: 1, ...(isNamed && { name }), ...rest };
  return { text: JSON.stringify(file, null, 2) + "\n", lost: [] };
}

const LANGUAGES: Readonly<Record<string, Conversion>> = {
  cyclet,
  unicycler: ({ protocol, isNamed }, cell) =>
    exportUnicycler(protocol, isNamed ? protocol.name : null, cell),
  pybamm: ({ protocol }, cell) => exportPybamm(protocol, cell),
  battinfo: ({ protocol }, cell) => exportBattinfo(protocol, cell),
};

/** The words that `--to` accepts. */
export const LANGUAGE_NAMES = Object.keys(LANGUAGES).join(", ");

function conversionOf(name: string): Conversion {
  if (Object.hasOwn(LANGUAGES, name)) return LANGUAGES[name];
  const hint = suggestion(name, Object.keys(LANGUAGES));
  throw new InputError(`--to ${name}: no such language${hint}; accepted: ${LANGUAGE_NAMES}`);
}

/** What a conversion has to tell. */
export interface Converted {
  text: string;
  /** What is not kept of the source, and what the result cannot say, a line each. */
  notes: string[];
}

/** The protocol at `path` in the language of `flags`; throws InputError. */
export function convertProtocol(path: string, flags: ConvertFlags): Converted {
  const conversion = conversionOf(flags.to);
  const cell = flags.cell === undefined ? null : readCell(flags.cell);
  const read = readProtocol(path, cell ?? undefined);
  try {
    const { text, lost } = conversion(read, cell);
    const unsaid = [...new Set(lost)].map((what) => `${path}: ${flags.to} cannot say: ${what}`);
    return { text, notes: [...read.notes.map((note) => `${path}: ${note}`), ...unsaid] };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`${path}: ${error.message}`);
  }
}

/** Writes it, to a new file or by `print`. Throws InputError. */
export function convert(
  path: string,
  flags: ConvertFlags,
  print: (text: string) => void,
): readonly string[] {
  const { text, notes } = convertProtocol(path, flags);
  const { out = "-" } = flags;
  if (out === "-") print(text);
  else {
    try {
      writeFileSync(out, text, { flag: "wx" });
    } catch (error) {
      const why = codeOf(error) === "EEXIST" ? "exists; accepted: a new name" : reason(error);
      throw new InputError(`--out ${out}: ${why}`);
    }
  }
  return notes;
}
