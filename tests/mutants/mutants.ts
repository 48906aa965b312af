// Mistakes that somebody could make: each a few lines of the code in place of others, and the test
// that finds it. A mutant that no longer fits the code fails loudly, and has to be written anew.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

export interface Mutant {
  name: string;
  /** What is wrong then. */
  what: string;
  file: string;
  /** Whole lines, as they stand in the file; and what stands there instead. */
  search: readonly string[];
  replace: readonly string[];
  /** The file of the test that finds it, and a part of that test's title. */
  test: string;
  title: string;
}

const FOLDER = "tests/mutants";

/** All mutants. */
export function readMutants(): Mutant[] {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith(".json"));
  return files.sort().map((file) => {
    const mutant = JSON.parse(readFileSync(join(FOLDER, file), "utf8")) as Omit<Mutant, "name">;
    return { name: file.replace(/\.json$/, ""), ...mutant };
  });
}

/** Where the mutant's lines stand in `lines`. */
function places(mutant: Mutant, lines: readonly string[]): number[] {
  const { search } = mutant;
  return lines.flatMap((_, at) => (search.every((line, i) => lines[at + i] === line) ? [at] : []));
}

/** The text of the mutant's file with the mistake in it. Throws an Error when it does not fit there
 *  exactly once. */
export function mutated(mutant: Mutant, text: string): string {
  const lines = text.split("\n");
  const found = places(mutant, lines);
  if (found.length === 1) {
    lines.splice(found[0], mutant.search.length, ...mutant.replace);
    return lines.join("\n");
  }
  throw new Error(`${mutant.name}: its lines stand ${found.length} times in ${mutant.file}`);
}
