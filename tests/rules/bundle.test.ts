import { createHash } from "node:crypto";
import { posix } from "node:path";
import type { OutputChunk } from "rollup";
import { beforeAll, describe, expect, test } from "vitest";
import { BOARD_CAPABILITIES, bundleBudget } from "../../boards/capabilities.ts";
import { deviceOptions } from "../../rollup.config.ts";
import { outputOf, uploadedBytes } from "../boards/build.ts";
import { foreignModules } from "./bundle.ts";
import { codeFromText } from "./security.ts";
import { readImports, readText } from "./sources.ts";
import { checkSubset } from "./subset.ts";
import { globalVariables } from "./variables.ts";

/** Features that are in a bundle only where its board names them. */
const FEATURES = [
  ...["learned", "evidence", "panel", "proof", "proof-further"],
  ...["proof-half", "proof-rest", "proof-sine", "scribe", "second-clock", "terms"],
  ...["potential", "impedance", "datalog"],
];

/** What a board imports, itself or by way of what boards share. */
function namedBy(path: string): string[] {
  const named = readImports([path]).filter((each) => !each.typeOnly);
  return named.flatMap(({ target }) =>
    target.startsWith("boards/") ? [target, ...namedBy(target)] : [target],
  );
}

describe.each(BOARD_CAPABILITIES)("the bundle of $name", (capabilities) => {
  const board = capabilities.name;
  let chunk: OutputChunk;
  let bytes: Buffer;
  beforeAll(async () => {
    const output = await outputOf(deviceOptions(board));
    expect(output).toHaveLength(2);
    chunk = output[0];
    bytes = uploadedBytes(output);
  });

  test("fits its budget as it is uploaded", () => {
    expect(bytes.length).toBeGreaterThan(chunk.code.length / 2);
    expect(bytes.length).toBeLessThanOrEqual(bundleBudget(capabilities));
  });

  test("leaves the variables that it needs when it runs", () => {
    const globals = globalVariables(chunk.code);
    expect(globals).toBeGreaterThan(500);
    expect(globals).toBeLessThanOrEqual(capabilities.globals);
  });

  test("was run on the interpreter since it changed", () => {
    const hash = createHash("sha256").update(bytes).digest("hex");
    const log = readText("bench/espruino.md");
    expect(log.includes(hash), `${board}.bin ${hash}: not in bench/espruino.md`).toBe(true);
  });

  test("is one script that imports and exports nothing", () => {
    expect([...chunk.imports, ...chunk.dynamicImports, ...chunk.exports]).toEqual([]);
  });

  test("takes no text for code, loads nothing but Storage, and has no console", () => {
    expect(codeFromText(`${board}.js`, chunk.code)).toEqual([]);
    expect(chunk.code.match(/\.setConsole\(null,\s*\{\s*force:\s*!0/g)).toHaveLength(1);
  });

  test("is within the Espruino subset", () => {
    expect(checkSubset(chunk.code)).toEqual([]);
  });

  test("holds no chip or feature that the board does not name", () => {
    const modules = chunk.moduleIds.map((id) => posix.relative(process.cwd(), id));
    expect(modules).toContain("firmware/channel.ts");
    const named = namedBy(`boards/${board}.ts`);
    expect(foreignModules(modules, `boards/${board}.ts`, named)).toEqual([]);
    const features = FEATURES.map((name) => `firmware/${name}.ts`);
    const carried = features.filter((feature) => modules.includes(feature));
    expect(carried).toEqual(features.filter((feature) => named.includes(feature)));
    const told = capabilities.features.map((name) => `firmware/${name}.ts`);
    expect([...told].sort()).toEqual([...carried].sort());
    // The other one's scale, which is the same, may be there: a constant.
    const made = Object.values(chunk.modules).flatMap(({ renderedExports }) => renderedExports);
    const drivers = made.filter((name) => /^create(Nau7802|Hx711)$/.test(name));
    expect(drivers.map((name) => name.slice(6).toLowerCase())).toEqual([capabilities.loadCell]);
  });
});

test("what a board does not name is foreign", () => {
  const named = ["firmware/main.ts", "hal/scan.ts", "hal/adc/ads1115.ts", "hal/espruino/i2c.ts"];
  const own = [
    ...["boards/b.ts", "firmware/channel.ts", "hal/burst.ts", "hal/adc/ads1115-registers.ts"],
    ...named,
  ];
  const foreign = [
    ...["hal/adc/nau7802.ts", "hal/firmata/i2c.ts", "hal/espruino/other.ts", "boards/c.ts"],
    ...["sim/cell.ts", "host/cli.ts", "node_modules/tslib/tslib.es6.js", "\0tslib.js"],
  ];
  expect(foreignModules([...own, ...foreign], "boards/b.ts", named)).toEqual(foreign);
});

test("variables of a bundle are counted by what each thing costs", () => {
  expect(globalVariables("function f(a, b) {}")).toBe(6);
  expect(globalVariables("function longer() { const x = {}; }")).toBe(5);
  expect(globalVariables("const a = 7, b = -7, c = 2001, d = 0.5, lengthy = 1;")).toBe(8);
  expect(globalVariables("const a = [1, 2, 0.5], b = { x: 1, f: (n) => n };")).toBe(5 + 8);
  expect(globalVariables("const a = new Float64Array(13), b = Math.abs, c = f(1);")).toBe(12 + 4);
  expect(globalVariables("f(1); if (a) { const b = 2; }")).toBe(0);
});
