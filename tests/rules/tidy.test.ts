import { describe, expect, test } from "vitest";
import { importsOf, listFiles, listSources, readImports, readText } from "./sources.ts";
import { deadFiles, nameComplaints, sizeComplaints, switchedOff } from "./tidy.ts";

const sources = listSources().filter((path) => !path.endsWith(".d.ts"));
const code = listFiles().filter((path) => /\.[jt]s$/.test(path));
const entries = [
  ...["boards/[^/]+", "host/cli", "bench/[^/]+", "paper/run", "[^/]+\\.config"],
  ...["tests/.*\\.test", "tests/espruino/ticker-[a-z]+"],
];
const entry = new RegExp(`^(${entries.join("|")})\\.ts$`);

describe("the tree", () => {
  test("keeps files, functions and lines short", () => {
    expect(code.flatMap((path) => sizeComplaints(path, readText(path)))).toEqual([]);
  });

  test("has no vague file name and no barrel", () => {
    expect(nameComplaints(code)).toEqual([]);
  });

  test("singles out no test, and switches none off without a reason", () => {
    expect(code.flatMap((path) => switchedOff(path, readText(path)))).toEqual([]);
  });

  test("has no dead file", () => {
    const reached = sources.filter((path) => entry.test(path));
    expect(deadFiles(sources, reached, readImports(sources))).toEqual([]);
  });
});

function lines(count: number): string {
  return "const a = 1;\n".repeat(count);
}

function functionOf(lineCount: number): string {
  return `function f() {\n${lines(lineCount - 2)}}\n`;
}

describe("the checks find", () => {
  test("a long file, but not in the tests", () => {
    expect(sizeComplaints("sim/a.ts", lines(250))).toEqual([]);
    expect(sizeComplaints("sim/a.ts", lines(251))).toHaveLength(1);
    expect(sizeComplaints("tests/a.test.ts", lines(251))).toEqual([]);
  });

  test.each([
    ["a function", (n: number) => functionOf(n)],
    ["an arrow", (n: number) => `const f = () => {\n${lines(n - 2)}};\n`],
    ["a method", (n: number) => `const o = {\nm() {\n${lines(n - 2)}},\n};\n`],
  ])("%s that is too long", (_, write) => {
    expect(sizeComplaints("sim/a.ts", write(40))).toEqual([]);
    expect(sizeComplaints("sim/a.ts", write(41))).toHaveLength(1);
  });

  test("a wide line, in the tests too", () => {
    expect(sizeComplaints("tests/a.test.ts", `// ${"µ".repeat(97)}\n`)).toEqual([]);
    expect(sizeComplaints("tests/a.test.ts", `// ${"µ".repeat(98)}\n`)).toHaveLength(1);
  });

  test("vague names, whole words only", () => {
    const vague = [
      "a/util.ts",
      "a/cell-helpers.ts",
      "a/DataStore.ts",
      "a/index.ts",
      "a/process.js",
    ];
    expect(nameComplaints([...vague, "a/datalog.ts", "data/a.ts", "a/processor.ts"])).toEqual(
      vague,
    );
  });

  test("tests that are singled out or silently off", () => {
    const off = ['test.only("a", f);', 'describe.skip("a", f);', 'test.skipIf(true)("a", f);'];
    const each = ['test.concurrent.only("a", f);', 'it.todo("a");', 'test.fails("a", f);'];
    for (const text of [...off, ...each]) expect(switchedOff("t.ts", text)).toHaveLength(1);
  });

  test("but not one with its reason, nor other words", () => {
    const reason = '// needs the interpreter named in ESPRUINO\ntest.skipIf(true)("a", f);';
    expect(switchedOff("t.ts", reason)).toEqual([]);
    expect(switchedOff("t.ts", 'args.only = 1; "test.only"; test.each([1])("a", f);')).toEqual([]);
    expect(switchedOff("t.ts", '// the one that matters\ntest.only("a", f);')).toHaveLength(1);
  });

  test("a file that no entry reaches", () => {
    const imports = [
      ...importsOf("host/cli.ts", 'import { a } from "./a.ts"; import "./gone.ts";'),
      ...importsOf("host/a.ts", 'import type { B } from "../sim/b.ts";'),
      ...importsOf("sim/c.ts", 'import { d } from "./d.ts";'),
    ];
    const all = ["host/cli.ts", "host/a.ts", "sim/b.ts", "sim/c.ts", "sim/d.ts"];
    expect(deadFiles(all, ["host/cli.ts"], imports)).toEqual(["sim/c.ts", "sim/d.ts"]);
  });
});
