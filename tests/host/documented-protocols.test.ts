// The protocols that docs/files.md shows: they are read and compiled as they stand.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { MEMORY_AREAS, SIMULATED } from "../../boards/simulated.ts";
import { parseCell } from "../../host/cell-file.ts";
import { compile, compileWhole } from "../../host/compile.ts";
import { checkProgram } from "../../host/board-check.ts";
import { programBudget } from "../../host/duration.ts";
import { programRoom, programSize } from "../../host/program.ts";
import { parseProtocol } from "../../host/protocol-file.ts";
import { CELL_SCHEMA } from "../../host/schema/cell.ts";
import { PROTOCOL_SCHEMA } from "../../host/schema/protocol.ts";
import { STEP_SCHEMAS } from "../../host/schema/steps.ts";
import { limits, record } from "../../host/schema/steps.ts";
import { until } from "../../host/schema/until.ts";

const path = fileURLToPath(new URL("../../docs/files.md", import.meta.url));
const text = readFileSync(path, "utf8");
const blocks = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json]) => json);
const protocols = blocks.filter((json) => json.includes('"method"'));
const cells = blocks.filter((json) => json.includes('"areaCm2"'));

describe("docs/files.md", () => {
  test("shows a cell and a protocol that run together", () => {
    expect([protocols.length, cells.length]).toEqual([1, 1]);
    const cell = parseCell(JSON.parse(cells[0]), "cell");
    const protocol = parseProtocol(JSON.parse(protocols[0]), "protocol");
    const steps = compile(protocol, cell, 0.01);
    const whole = compileWhole(protocol, cell);
    checkProgram(SIMULATED, cell, protocol, steps, "protocol", whole);
    expect(programSize(steps, whole)).toBeLessThan(programRoom(MEMORY_AREAS));
    expect(programBudget(steps, whole)).toBeLessThan(Infinity);
  });

  test("names every key of the language", () => {
    const keysOf = (schema: object): string[] =>
      Object.keys((schema as { properties: object }).properties);
    const schemas = [PROTOCOL_SCHEMA, CELL_SCHEMA, until, limits, record, ...STEP_SCHEMAS];
    for (const key of schemas.flatMap(keysOf)) {
      expect(text).toMatch(new RegExp(`[\`"]${key.replace("$", "\\$")}[\`"]`));
    }
  });
});
