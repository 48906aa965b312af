// The run folder: names that are free, files that are new, and nothing left behind on failure.
import { closeSync, existsSync, mkdirSync, openSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { InputError } from "./input-error.ts";
import { codeOf, reason } from "./system-error.ts";

/** Paths of a run's files; of evidence and cycles there may be none. */
export interface RunFiles {
  folder: string;
  bdf: string;
  sidecar: string;
  meta: string;
  events: string;
  evidence: string;
  cycles: string;
  report: string;
  /** Folders made for this run, the innermost last. */
  made: string[];
}

const TRIES = 10_000;

/** A name safe on every file system: letters, digits, dot, dash, underscore. */
export function safeName(text: string): string {
  const plain = text
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/-{2,}/g, "-");
  return plain.replace(/^[.-]+|[.-]+$/g, "").slice(0, 100) || "run";
}

function filesIn(folder: string, name: string): Omit<RunFiles, "made"> {
  const file = (suffix: string): string => join(folder, `${name}.${suffix}`);
  return {
    folder,
    bdf: file("bdf.csv"),
    sidecar: file("bdf.metadata.json"),
    meta: file("meta.json"),
    events: file("events.ndjson"),
    evidence: file("evidence.csv"),
    cycles: file("cycles.csv"),
    report: file("report.html"),
  };
}

function taken(files: Omit<RunFiles, "made">): boolean {
  const { bdf, sidecar, meta, events, evidence, cycles, report } = files;
  return [bdf, sidecar, meta, events, evidence, cycles, report].some((path) => existsSync(path));
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

/** Removes what a run that never started has made: `paths` of its own, and empty folders. */
export function removeFiles(files: RunFiles, paths: readonly string[]): void {
  for (const path of paths) rmSync(path, { force: true });
  removeFolders(files.made);
}

// One by one: Node's own recursive mkdir never returns where a file system refuses with ENOENT.
function makeFolders(folder: string): string[] {
  const made: string[] = [];
  for (const one of missingFolders(folder)) {
    try {
      mkdirSync(one);
      made.push(one);
    } catch (error) {
      if (codeOf(error) === "EEXIST") continue;
      removeFolders(made);
      throw new InputError(`${folder}: cannot be made: ${reason(error)}`);
    }
  }
  return made;
}

// The data file is made at once: of two programs that want a name, one gets it.
function reserve(path: string, made: readonly string[]): boolean {
  try {
    closeSync(openSync(path, "wx"));
    return true;
  } catch (error) {
    removeFolders(made);
    if (codeOf(error) === "EEXIST") return false;
    throw new InputError(`${path}: cannot be written: ${reason(error)}`);
  }
}

/** Makes a folder for a run called `name`, `runs/NAME` or `out` if given, and an empty data file
 *  in it. What exists is never touched: a taken name gets "-2", "-3" … Throws InputError. */
export function makeRunFolder(name: string, out: string | undefined): RunFiles {
  for (let i = 1; i <= TRIES; i++) {
    const free = i === 1 ? name : `${name}-${i}`;
    const folder = out ?? join("runs", free);
    const files = filesIn(folder, free);
    const clash = out === undefined ? existsSync(folder) : taken(files);
    if (clash) continue;
    const made = makeFolders(folder);
    if (reserve(files.bdf, made)) return { ...files, made };
  }
  throw new InputError(`${out ?? "runs"}: no free name like ${name}; accepted: another --out DIR`);
}
