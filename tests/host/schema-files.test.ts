// The schemas in docs/schema, for editors: as our own check has them (npm run schema writes them).
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { format } from "prettier";
import { describe, expect, test } from "vitest";
import { CELL_SCHEMA } from "../../host/schema/cell.ts";
import { PROTOCOL_SCHEMA } from "../../host/schema/protocol.ts";
import { publishedSchema } from "../../host/schema/published.ts";
import { EXAMPLES } from "./protocols.ts";

const at = (name: string): string =>
  fileURLToPath(new URL(`../../docs/schema/${name}.schema.json`, import.meta.url));

describe.each([
  ["protocol", PROTOCOL_SCHEMA, "cyclet protocol"],
  ["cell", CELL_SCHEMA, "cyclet cell"],
] as const)("docs/schema/%s.schema.json", (name, schema, title) => {
  test("is as our own check has it", async () => {
    const text = JSON.stringify(publishedSchema(schema, title));
    const written = await format(text, { parser: "json", printWidth: 100 });
    await expect(written).toMatchFileSnapshot(at(name));
  });

  test("is a schema that any validator takes", () => {
    const published = publishedSchema(schema, title);
    const ajv = new Ajv({ allowUnionTypes: true });
    expect(() => ajv.compile(published)).not.toThrow();
    expect(JSON.stringify(published)).not.toMatch(/"accepts":"|"discriminator":/);
  });
});

describe("the published schema of protocols", () => {
  const published = publishedSchema(PROTOCOL_SCHEMA, "cyclet protocol");
  const validate = new Ajv({ allowUnionTypes: true }).compile(published);

  test.each(Object.entries(EXAMPLES))("accepts %s", (_, method) => {
    const file = { $schema: "../schema/protocol.schema.json", cyclet: 1, method };
    expect([validate(file), validate.errors]).toEqual([true, null]);
  });

  test("refuses what our check refuses", () => {
    expect(validate({ cyclet: 1, method: [{ step: "rest", time: 1 }] })).toBe(false);
    expect(validate({ cyclet: 2, method: [{ step: "rest", timeS: 1 }] })).toBe(false);
  });
});
