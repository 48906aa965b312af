// The fault table of docs/safety.md is what users read: the firmware's codes and debounces, the
// host's words, nothing missing and nothing more.
import { expect, test } from "vitest";
import * as fault from "../../firmware/fault.ts";
import { faultAdvice } from "../../host/fault-advice.ts";
import { faultMeaning, faultName } from "../../host/fault-name.ts";
import { readText } from "./sources.ts";

const codes = Object.entries(fault)
  .filter(([name]) => /^FAULT_(?!NONE|COUNT)/.test(name))
  .map(([, code]) => code as number)
  .sort((a, b) => a - b);

const TIMED = [fault.FAULT_FOLLOW, fault.FAULT_OPEN_CELL];

/** FAULT_BUS has a count of its own: also five of twenty. Some count tenths of a second, of which
 *  one frame brings three at most. */
function framesOf(code: number): string {
  const frames = fault.DEBOUNCE[code];
  if (TIMED.includes(code)) return `${frames / 10} s, 2 at least`;
  return code === fault.FAULT_BUS ? `${frames}, or 5 of 20` : String(frames);
}

const expected = codes.map((code) => {
  const name = faultName(code);
  return [name, faultMeaning(name), framesOf(code), faultAdvice(name)];
});

test("the fault table of docs/safety.md is the firmware's, in the host's words", () => {
  const rows = readText("docs/safety.md").match(/^\| [A-Z_]+ .*\|$/gm) ?? [];
  const found = rows
    .map((row) => row.split("|").slice(1, -1))
    .map((row) => row.map((c) => c.trim()));
  const shown = expected.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  expect(found, `the table should be:\n${shown}\n`).toEqual(expected);
});

test("every fault has a name, a meaning and an advice of its own", () => {
  expect(codes.length).toBeGreaterThanOrEqual(18);
  for (const [name, meaning, , advice] of expected) {
    expect(name).not.toMatch(/^CODE_/);
    expect(meaning).not.toBe("unknown fault");
    expect(advice.length).toBeGreaterThan(10);
  }
  expect(new Set(expected.map(([name]) => name)).size).toBe(codes.length);
});
