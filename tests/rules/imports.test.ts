import ts from "typescript";
import { describe, expect, test } from "vitest";
import { cycles, firmwareDisorder, forbiddenImports } from "./imports.ts";
import { importsOf, listSources, readImports, readText, type Import } from "./sources.ts";
import { checkPlatformFree } from "./subset.ts";

const product = listSources().filter((path) =>
  /^(firmware|hal|sim|boards|host|bench|paper)\//.test(path),
);
const imports = readImports(product);

describe("the tree", () => {
  test("has sources that import each other", () => {
    expect(imports.filter((each) => each.local).length).toBeGreaterThan(10);
  });

  test("imports only what the table allows", () => {
    expect(forbiddenImports(imports)).toEqual([]);
  });

  test("keeps the order within firmware", () => {
    expect(firmwareDisorder(imports)).toEqual([]);
  });

  test("has no cycle", () => {
    expect(cycles(imports)).toEqual([]);
  });

  test.each(product.filter((path) => path.startsWith("firmware/")))(
    "%s is free of its platform",
    (path) => {
      const { outputText } = ts.transpileModule(readText(path), {
        compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
      });
      expect(checkPlatformFree(outputText)).toEqual([]);
    },
  );
});

/** One import statement as if it stood in the file. */
function planted(from: string, target: string, kind: "value" | "type" = "value"): Import[] {
  const keyword = kind === "type" ? "import type" : "import";
  return importsOf(from, `${keyword} { x } from "${target}";`);
}

describe("the table refuses", () => {
  test.each([
    ["hal/port.ts", "../firmware/sample.ts", "type"],
    ["firmware/main.ts", "../hal/scan.ts", "value"],
    ["firmware/main.ts", "../hal/scan.ts", "type"],
    ["firmware/main.ts", "../hal/port.ts", "value"],
    ["firmware/main.ts", "../sim/clock.ts", "type"],
    ["firmware/main.ts", "node:fs", "value"],
    ["hal/scan.ts", "../firmware/sample.ts", "type"],
    ["hal/scan.ts", "./adc/ads1115.ts", "value"],
    ["hal/adc/ads1115.ts", "../dac/ad5693r.ts", "value"],
    ["hal/adc/ads1115.ts", "./nau7802.ts", "type"],
    ["hal/adc/ads1115.ts", "../scan.ts", "value"],
    ["hal/clock/ds3231.ts", "../memory/nor.ts", "type"],
    ["hal/temperature/tmp117.ts", "../../sim/chip/tmp117.ts", "value"],
    ["hal/adc/ads1115.ts", "../../sim/chip/ads1115.ts", "value"],
    ["hal/espruino/i2c.ts", "../firmata/i2c.ts", "value"],
    ["hal/firmata/i2c.ts", "../espruino/i2c.ts", "value"],
    ["hal/espruino/i2c.ts", "node:fs", "value"],
    ["sim/cell.ts", "../firmware/sample.ts", "type"],
    ["sim/chip/ads1115.ts", "../../hal/adc/ads1115.ts", "value"],
    ["sim/cell.ts", "node:fs", "value"],
    ["boards/mdbt42q.ts", "../sim/clock.ts", "value"],
    ["boards/mdbt42q.ts", "../host/cli.ts", "type"],
    ["boards/mdbt42q.ts", "../firmware/channel.ts", "value"],
    ["boards/simulated.ts", "../host/cli.ts", "value"],
    ["boards/simulated.ts", "node:fs", "value"],
    ["boards/replay.ts", "../sim/clock.ts", "value"],
    ["host/cli.ts", "../hal/adc/ads1115.ts", "value"],
    ["host/cli.ts", "../firmware/channel.ts", "value"],
    ["host/cli.ts", "../sim/clock.ts", "value"],
    ["host/cli.ts", "../boards/mdbt42q.ts", "value"],
    ["host/cli.ts", "undeclared-package", "value"],
    ["bench/tick.ts", "../tests/rules/subset.ts", "value"],
  ] as const)("%s importing %s (%s)", (from, target, kind) => {
    expect(forbiddenImports(planted(from, target, kind))).toHaveLength(1);
  });

  test("a dynamic import, a re-export and an import type as well", () => {
    const code = [
      'await import("../sim/clock.ts");',
      'export * from "../sim/clock.ts";',
      'type A = import("../sim/clock.ts").A;',
      'const fs = require("fs");',
    ];
    expect(forbiddenImports(importsOf("firmware/main.ts", code.join("\n")))).toHaveLength(4);
  });
});

describe("the table allows", () => {
  test.each([
    ["firmware/main.ts", "./channel.ts", "value"],
    ["firmware/main.ts", "../hal/port.ts", "type"],
    ["hal/adc/ads1115.ts", "../port.ts", "type"],
    ["hal/adc/ads1115.ts", "./ads1115-registers.ts", "value"],
    ["hal/scan.ts", "./burst.ts", "value"],
    ["hal/clock/ds3231.ts", "./ds3231-calendar.ts", "value"],
    ["hal/temperature/tmp117.ts", "../port.ts", "type"],
    ["hal/firmata/i2c.ts", "johnny-five", "value"],
    ["sim/cell.ts", "./clock.ts", "value"],
    ["boards/mdbt42q.ts", "../firmware/main.ts", "value"],
    ["boards/mdbt42q.ts", "../firmware/limits.ts", "type"],
    ["boards/mdbt42q.ts", "../hal/adc/ads1115.ts", "value"],
    ["boards/simulated.ts", "../sim/clock.ts", "value"],
    ["boards/replay.ts", "../firmware/channel.ts", "value"],
    ["host/cli.ts", "../firmware/telemetry.ts", "value"],
    ["host/cli.ts", "../boards/simulated.ts", "value"],
    ["host/cli.ts", "csv-stringify/sync", "value"],
  ] as const)("%s importing %s (%s)", (from, target, kind) => {
    expect(forbiddenImports(planted(from, target, kind))).toEqual([]);
  });
});

describe("the order within firmware refuses", () => {
  test.each([
    ["firmware/sample.ts", "./fault.ts", "value"],
    ["firmware/fault.ts", "./protocol.ts", "value"],
    ["firmware/protocol.ts", "./schedule.ts", "value"],
    ["firmware/supervise.ts", "./account.ts", "value"],
    ["firmware/supervise.ts", "./channel.ts", "value"],
    ["firmware/channel.ts", "./main.ts", "value"],
    ["firmware/resume.ts", "./main.ts", "type"],
  ] as const)("%s importing %s (%s)", (from, target, kind) => {
    expect(firmwareDisorder(planted(from, target, kind))).toHaveLength(1);
  });
});

test("a stage may know the types of another", () => {
  expect(firmwareDisorder(planted("firmware/proof.ts", "./shorts.ts", "type"))).toEqual([]);
});

test("a cycle is found through types, and named", () => {
  const loop = [...planted("a.ts", "./b.ts"), ...planted("b.ts", "./c.ts", "type")];
  expect(cycles(loop)).toEqual([]);
  expect(cycles([...loop, ...planted("c.ts", "./a.ts")])).toEqual(["a.ts -> b.ts -> c.ts -> a.ts"]);
});
