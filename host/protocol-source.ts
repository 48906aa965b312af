// Protocol files of any language we read: told apart by what they hold.
import { readFileSync, statSync } from "node:fs";
import type { Cell } from "./cell-file.ts";
import { importPybamm, refuseFullCell } from "./exchange/pybamm-import.ts";
import { importUnicycler } from "./exchange/unicycler-import.ts";
import type { Imported } from "./exchange/unicycler-import.ts";
import { InputError } from "./input-error.ts";
import { parseJson } from "./json-file.ts";
import { printable } from "./printable.ts";
import { parseProtocol } from "./protocol-file.ts";
import type { Protocol } from "./protocol/form.ts";
import { reason } from "./system-error.ts";

/** A protocol that was read. */
export interface ReadProtocol {
  protocol: Protocol;
  /** What JSON paths are in: the file, or what it becomes as ours. */
  place: string;
  /** It says its name; else it has its file's. */
  isNamed: boolean;
  /** What another language said and ours does not keep. */
  notes: string[];
}

const BYTES_MAX = 1 << 20;

function textOf(path: string): string {
  try {
    if (statSync(path).size <= BYTES_MAX) return readFileSync(path, "utf8");
  } catch (error) {
    throw new InputError(`${path}: cannot be read: ${reason(error)}`);
  }
  throw new InputError(`${path}: too long; accepted: up to ${BYTES_MAX} bytes`);
}

function stemOf(path: string): string {
  const base = path.split(/[\\/]/).at(-1) ?? path;
  return printable(base.replace(/\.(json|txt)$/i, "") || "protocol");
}

// What holds for our own files holds for what others become.
function asOurs({ protocol, notes }: Imported, path: string): ReadProtocol {
  const { name } = protocol;
  const place = `${path} as cyclet JSON`;
  const ours = parseProtocol({ cyclet: 1, ...protocol }, place);
  const isNamed = name !== undefined;
  return { protocol: isNamed ? ours : { ...ours, name: stemOf(path) }, place, isNamed, notes };
}

function isJson(path: string, text: string): boolean {
  return /\.json$/i.test(path) || /^\ufeff?\s*[{[]\s*(["{\]}]|$)/.test(text) || text.trim() === "";
}

function isUnicycler(value: unknown): boolean {
  if (typeof value !== "object" || value === null || "cyclet" in value) return false;
  if ("unicycler" in value) return true;
  const record: unknown = "record" in value ? value.record : null;
  return typeof record === "object" && record !== null && "time_s" in record;
}

/** Reads a protocol: cyclet JSON, aurora-unicycler JSON, or PyBaMM experiment texts, one a line.
 *  With the `cell` it is meant for, what does not fit that is refused. Throws InputError. */
export function readProtocol(path: string, cell?: Cell): ReadProtocol {
  const text = textOf(path);
  if (!isJson(path, text)) {
    const imported = importPybamm(text, path);
    if (cell !== undefined) refuseFullCell(text, path, cell.voltageWindowV);
    return asOurs(imported, path);
  }
  const value = parseJson(text, path);
  if (isUnicycler(value)) return asOurs(importUnicycler(value, path), path);
  const protocol = parseProtocol(value, path);
  const isNamed = (value as { name?: string }).name !== undefined;
  const named = isNamed ? protocol : { ...protocol, name: stemOf(path) };
  return { protocol: named, place: path, isNamed, notes: [] };
}
