// `cyclet build`: the file that a board is given, and what it is.
import { writeFileSync } from "node:fs";
import type { Feature } from "../boards/capabilities.ts";
import { bundleBudget } from "../boards/capabilities.ts";
import type { Bundle } from "./bundle.ts";
import { readBundle } from "./bundle.ts";
import { InputError } from "./input-error.ts";
import { reason } from "./system-error.ts";

const WORDS: Readonly<Record<Feature, string>> = {
  learned: "rules that learn",
  evidence: "evidence",
  panel: "light and button",
  proof: "proof by interruption and bound",
  "proof-further": "further proofs",
  "proof-half": "proof at half current",
  "proof-rest": "proof at rest",
  "proof-sine": "proof by a sine",
  potential: "constant voltage and scans",
  impedance: "impedance",
  scribe: "a journal, by which a run goes on after a loss of power",
  datalog: "a log, out of which a run can be fetched",
  terms: "terms, jumps and rules of recording",
};

/** What `cyclet build` was told. */
export interface BuildFlags {
  out?: string;
}

function describe(bundle: Bundle): string[] {
  const { board, bytes } = bundle;
  const free = bundleBudget(board) - bytes.length;
  const carried = board.features.map((each) => WORDS[each]);
  const room = free >= 0 ? `${free} left` : `${-free} too many`;
  return [
    `${bundle.path}: for Espruino's ${board.espruino}, ${board.variables} variables`,
    `${bytes.length} bytes of ${bundleBudget(board)}, ${room}`,
    `SHA-256 ${bundle.hash}`,
    `carries: ${["physical rules", ...carried].join(", ")}`,
  ];
}

/** Says what the bundle of a board is, and copies it; the exit status. Throws InputError. */
export function build(name: string, flags: BuildFlags, print: (line: string) => void): number {
  const bundle = readBundle(name);
  for (const line of describe(bundle)) print(line);
  if (flags.out === undefined) return 0;
  try {
    writeFileSync(flags.out, bundle.bytes);
  } catch (error) {
    throw new InputError(`--out ${flags.out}: cannot be written: ${reason(error)}`);
  }
  print(`copied to ${flags.out}`);
  return 0;
}
