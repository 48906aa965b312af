import { posix } from "node:path";
import { rollup, type OutputChunk, type OutputOptions } from "rollup";
import { beforeAll, describe, expect, test } from "vitest";
import { deviceBoards, deviceOptions } from "../../rollup.config.ts";
import { foreignModules } from "./bundle.ts";
import { readImports } from "./sources.ts";
import { checkSubset } from "./subset.ts";

/** Of an MDBT42Q's ten pages of 4 kB a quarter stays free, for what is still to come. A Pico's
 *  three of 16 kB hold the whole instrument: 1 kB stays free, after a file's header of 32. */
const budgetBytes: Record<string, number> = { mdbt42q: 30_700, "espruino-pico": 48_100 };
/** Features that are in a bundle only where its board names them. */
const FEATURES = [
  "learned",
  "evidence",
  "proof",
  "proof-further",
  "proof-half",
  "proof-rest",
  "proof-sine",
];

async function bundle(board: string): Promise<OutputChunk> {
  const options = deviceOptions(board);
  const build = await rollup(options);
  const { output } = await build.generate(options.output as OutputOptions);
  await build.close();
  expect(output).toHaveLength(1);
  return output[0];
}

describe.each(deviceBoards)("the bundle of %s", (board) => {
  let chunk: OutputChunk;
  beforeAll(async () => {
    chunk = await bundle(board);
  });

  test("fits its budget", () => {
    expect(Buffer.byteLength(chunk.code)).toBeGreaterThan(0);
    expect(Buffer.byteLength(chunk.code)).toBeLessThanOrEqual(budgetBytes[board] ?? 0);
  });

  test("is one script that imports and exports nothing", () => {
    expect([...chunk.imports, ...chunk.dynamicImports, ...chunk.exports]).toEqual([]);
  });

  test("is within the Espruino subset", () => {
    expect(checkSubset(chunk.code)).toEqual([]);
  });

  test("holds no chip or feature that the board does not name", () => {
    const modules = chunk.moduleIds.map((id) => posix.relative(process.cwd(), id));
    expect(modules).toContain("firmware/channel.ts");
    const named = readImports([`boards/${board}.ts`]).map(({ target }) => target);
    expect(foreignModules(modules, `boards/${board}.ts`, named)).toEqual([]);
    const features = FEATURES.map((name) => `firmware/${name}.ts`);
    const carried = features.filter((feature) => modules.includes(feature));
    expect(carried).toEqual(features.filter((feature) => named.includes(feature)));
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
