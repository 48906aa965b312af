// That each mutant still fits the code and names a test that is there; whether that test finds it,
// `npm run mutants` tries.
import { describe, expect, test } from "vitest";
import { readText } from "../rules/sources.ts";
import { mutated, readMutants } from "./mutants.ts";

const mutants = readMutants();

test("there are at least twenty, of most parts", () => {
  expect(mutants.length).toBeGreaterThanOrEqual(20);
  expect(new Set(mutants.map(({ file }) => file)).size).toBeGreaterThanOrEqual(12);
});

describe.each(mutants)("the mutant $name", (mutant) => {
  test("fits the code once, and changes it", () => {
    const text = readText(mutant.file);
    expect(mutated(mutant, text)).not.toBe(text);
  });

  test("is found by a test that is there", () => {
    expect(readText(mutant.test)).toContain(mutant.title);
    expect(mutant.what).toMatch(/^[A-Z].*\.$/);
  });
});

test("a mutant whose lines are gone, or stand twice, is told", () => {
  const mutant = { ...mutants[0], search: ["one line"], replace: [] };
  expect(mutated(mutant, "before\none line\nafter\n")).toBe("before\nafter\n");
  expect(() => mutated(mutant, "another line\n")).toThrow(/stand 0 times/);
  expect(() => mutated(mutant, "one line\none line\n")).toThrow(/stand 2 times/);
  expect(() => mutated(mutant, "one line more\n")).toThrow(/stand 0 times/);
});
