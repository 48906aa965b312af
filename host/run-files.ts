// The run folder: names that are free, files that are new, and nothing left behind on failure.
import { existsSync, mkdirSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { InputError } from "./input-error.ts";
import { codeOf, reason } from "./system-error.ts";

/** Paths of a run's four files. */
export interface RunFiles {
  folder: string;
  bdf: string;
  meta: string;
  events: string;
  report: string;
  /** Folders made for this run, the innermost last. */
  made: string[];
}

const TRIES = 10_000;

/** A name safe on every file system: letters, digits, dot, dash, underscore. */
export function safeName(text: string): string {
  const plain = text.normalize("NFKD").replace(/[^A-Za-z0-9._-]+/g, "-");
  return plain.replace(/^[.-]+|[.-]+$/g, "").slice(0, 100) || "run";
}

function filesIn(folder: string, name: string, made: string[]): RunFiles {
  const file = (suffix: string): string => join(folder, `${name}.${suffix}`);
  return {
    folder,
    bdf: file("bdf.csv"),
    meta: file("meta.json"),
    events: file("events.ndjson"),
    report: file("report.html"),
    made,
  };
}

function taken(files: RunFiles): boolean {
  return [files.bdf, files.meta, files.events, files.report].some((path) => existsSync(path));
}

function missingFolders(folder: string): string[] {
  const missing: string[] = [];
  for (let at = resolve(folder); !existsSync(at); at = dirname(at)) missing.unshift(at);
  return missing;
}

/** Removes folders made for a run, as far as they are empty. */
export function removeFolders(made: readonly string[]): void {
  for (const folder of [...made].reverse()) {
    try {
      rmdirSync(folder);
    } catch {
      return;
    }
  }
}

/** Removes what a run that never started has made. */
export function removeFiles(files: RunFiles): void {
  for (const path of [files.bdf, files.meta, files.events, files.report])
    rmSync(path, { force: true });
  removeFolders(files.made);
}

function makeFolder(folder: string, exclusive: boolean): string[] | null {
  const made = missingFolders(folder);
  try {
    if (exclusive) {
      mkdirSync(dirname(folder), { recursive: true });
      mkdirSync(folder);
    } else {
      mkdirSync(folder, { recursive: true });
    }
    return made;
  } catch (error) {
    removeFolders(made.filter((one) => existsSync(one) && one !== folder));
    if (exclusive && codeOf(error) === "EEXIST") return null;
    throw new InputError(`${folder}: cannot be made: ${reason(error)}`);
  }
}

/** Makes a folder for a run called `name`: `runs/NAME`, or `out` if given. What exists is never
 *  touched: a taken name gets "-2", "-3" … Throws InputError. */
export function makeRunFolder(name: string, out: string | undefined): RunFiles {
  for (let i = 1; i <= TRIES; i++) {
    const free = i === 1 ? name : `${name}-${i}`;
    if (out === undefined) {
      const folder = join("runs", free);
      const made = makeFolder(folder, true);
      if (made !== null) return filesIn(folder, free, made);
    } else {
      const files = filesIn(out, free, []);
      if (!taken(files)) return { ...files, made: makeFolder(out, false) ?? [] };
    }
  }
  throw new InputError(`${out ?? "runs"}: no free name like ${name}; accepted: another --out DIR`);
}
