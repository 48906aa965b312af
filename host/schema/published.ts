// Schemas for editors: JSON Schema as such, without what only our own check understands.
import type { Schema } from "../schema-check.ts";
import { limits, on, record } from "./steps.ts";
import { delayed, until } from "./until.ts";

const DRAFT = "http://json-schema.org/draft-07/schema#";

/** What stands in many places is written once. */
const SHARED: readonly [name: string, schema: object][] = [
  ["until", until],
  ["cutOffs", delayed],
  ["limits", limits],
  ["record", record],
  ["on", on],
];

/** Without `discriminator`, which is not JSON Schema's; `accepts`, what may stand there in words,
 *  is a description where there is none of its own. */
function plain(value: unknown): unknown {
  const shared = SHARED.find(([, schema]) => schema === value);
  return shared === undefined ? unshared(value) : { $ref: `#/definitions/${shared[0]}` };
}

function unshared(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const { accepts, ...rest } = value as Record<string, unknown>;
  delete rest["discriminator"];
  const kept = Object.fromEntries(Object.entries(rest).map(([key, each]) => [key, plain(each)]));
  const described = accepts !== undefined && rest["description"] === undefined;
  return described ? { ...kept, description: accepts } : kept;
}

/** A schema as it is published: draft 07, with a title. */
export function publishedSchema(schema: Schema, title: string): object {
  const whole = plain(schema) as object;
  const head = { $schema: DRAFT, title, ...whole };
  if (!JSON.stringify(whole).includes('"$ref"')) return head;
  const definitions = SHARED.map(([name, each]) => [name, unshared(each)] as const);
  return { ...head, definitions: Object.fromEntries(definitions) };
}
