// Validation against a JSON Schema with an answer a person can act on: one line with the file, the
// JSON path, and what would be accepted there.
import { Ajv } from "ajv";
import type { ErrorObject, ValidateFunction } from "ajv";
import { InputError } from "./input-error.ts";
import { suggestion } from "./nearest.ts";

/** A JSON Schema as plain data; `accepts` is our own keyword: the answer in words. */
export type Schema = Readonly<Record<string, unknown>>;

const ajv = new Ajv({ allErrors: true, verbose: true, discriminator: true, allowUnionTypes: true });
ajv.addKeyword({ keyword: "accepts", schemaType: "string" });

/** A check that throws InputError with the first fault worth telling. */
export type Check = (value: unknown, file: string) => void;

/** JSON path of an array element or a key, after that of its parent. */
export function childPath(path: string, key: string | number): string {
  if (typeof key === "number") return `${path}[${key}]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}

function jsonPath(pointer: string): string {
  let path = "$";
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replace(/~1/g, "/").replace(/~0/g, "~");
    path = childPath(path, /^\d+$/.test(key) ? Number(key) : key);
  }
  return path;
}

const BOUNDS: readonly [key: string, words: string][] = [
  ["minimum", "at least"],
  ["exclusiveMinimum", "more than"],
  ["maximum", "at most"],
  ["exclusiveMaximum", "less than"],
];

function bounds(schema: Schema): string {
  const given = BOUNDS.filter(([key]) => schema[key] !== undefined);
  return given.map(([key, words]) => `${words} ${JSON.stringify(schema[key])}`).join(" and ");
}

// `$schema` is for editors; nobody who misspelt a key looks for it.
function keysOf(schema: Schema): string[] {
  return Object.keys(schema["properties"] ?? {}).filter((key) => key !== "$schema");
}

/** What a schema accepts, in words. */
function accepted(schema: Schema): string {
  if (typeof schema["accepts"] === "string") return schema["accepts"];
  if (schema["const"] !== undefined) return JSON.stringify(schema["const"]);
  const choices = schema["enum"];
  if (Array.isArray(choices)) return choices.map((one) => JSON.stringify(one)).join(", ");
  if (schema["type"] === "boolean") return "true or false";
  if (schema["type"] === "object") return `an object with the keys ${keysOf(schema).join(", ")}`;
  const noun = schema["type"] === "integer" ? "a whole number" : "a number";
  return schema["type"] === "string" ? "a text" : `${noun} ${bounds(schema)}`.trim();
}

function shown(value: unknown): string {
  const text = typeof value === "number" ? String(value) : JSON.stringify(value);
  return text.length > 40 ? text.slice(0, 39) + "…" : text;
}

function stepNames(schema: Schema): string[] {
  const branches = (schema["oneOf"] ?? []) as { properties: { step: { const: string } } }[];
  return branches.map((branch) => branch.properties.step.const);
}

function line(error: ErrorObject): string {
  const path = jsonPath(error.instancePath);
  const schema = (error.parentSchema ?? {}) as Schema;
  if (error.keyword === "additionalProperties") {
    const key = String(error.params["additionalProperty"]);
    const hint = suggestion(key, keysOf(schema));
    return `${childPath(path, key)}: unknown key${hint}; accepted: ${keysOf(schema).join(", ")}`;
  }
  if (error.keyword === "required") {
    const key = String(error.params["missingProperty"]);
    const wanted = ((schema["properties"] ?? {}) as Record<string, Schema>)[key];
    const what = wanted === undefined ? "" : `; accepted: ${accepted(wanted)}`;
    return `${childPath(path, key)}: missing${what}`;
  }
  if (error.keyword === "discriminator") {
    const word = String(error.params["tagValue"]);
    const names = stepNames(schema);
    const what = `${shown(error.params["tagValue"])} is no step${suggestion(word, names)}`;
    return `${childPath(path, "step")}: ${what}; accepted: ${names.join(", ")}`;
  }
  return `${path}: ${shown(error.data)} is not accepted; accepted: ${accepted(schema)}`;
}

// A misspelt key shows twice: as unknown and as missing. Only the first tells what to do.
function first(errors: readonly ErrorObject[]): ErrorObject {
  return errors.find((error) => error.keyword === "additionalProperties") ?? errors[0];
}

/** Compiles a schema into a check. */
export function createCheck(schema: Schema): Check {
  let validate: ValidateFunction | null = null;
  return (value, file) => {
    validate ??= ajv.compile(schema);
    if (validate(value)) return;
    throw new InputError(`${file}: ${line(first(validate.errors ?? []))}`);
  };
}
