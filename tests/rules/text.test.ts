import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { listFiles } from "./sources.ts";
import { textComplaints } from "./text.ts";

const generated = ["package-lock.json"];

test("no file names one machine's paths or unfinished work", () => {
  const paths = listFiles().filter((path) => !generated.includes(path));
  expect(paths).toContain("package.json");
  const complaints = paths.flatMap((path) => {
    const bytes = readFileSync(path);
    return bytes.includes(0) ? [] : textComplaints(path, bytes.toString("utf8"));
  });
  expect(complaints).toEqual([]);
});

test("planted text is found", () => {
  for (const folder of ["work", "root", "home"]) {
    for (const before of ["", "see ", '"', "(", "PATH="]) {
      expect(textComplaints("a.md", `${before}/${folder}/a`)).toHaveLength(1);
    }
  }
  expect(textComplaints("a.ts", ["// TO", "DO later"].join(""))).toHaveLength(1);
  expect(textComplaints("a.ts", ["// FIX", "ME"].join(""))).toHaveLength(1);
});

test("other text is not", () => {
  const fine = ["https://example.org/home/a", "a/work/b", "work/", "TODOS", "a framework/root"];
  for (const text of fine) expect(textComplaints("a.md", text)).toEqual([]);
});
