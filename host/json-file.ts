// JSON files that people write: read with an answer for everything that can be wrong with them.
import { readFileSync, statSync } from "node:fs";
import { InputError } from "./input-error.ts";
import { findSyntaxFault } from "./json-syntax.ts";
import { reason } from "./system-error.ts";

const BYTES_MAX = 1 << 20;

/** Parses a text; throws InputError with `name`, line and column. */
export function parseJson(text: string, name: string): unknown {
  const plain = text.startsWith("\ufeff") ? text.slice(1) : text;
  const fault = findSyntaxFault(plain);
  if (fault !== null) {
    throw new InputError(`${name}:${fault.line}:${fault.column}: not JSON: ${fault.message}`);
  }
  return JSON.parse(plain);
}

/** Reads and parses a file; throws InputError when it cannot be read or is no JSON. */
export function readJson(path: string): unknown {
  let text: string;
  try {
    if (statSync(path).size > BYTES_MAX) {
      throw new InputError(`${path}: too long; accepted: up to ${BYTES_MAX} bytes of JSON`);
    }
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${path}: cannot be read: ${reason(error)}`);
  }
  return parseJson(text, path);
}
