import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findSyntaxFault } from "../../host/json-syntax.ts";

describe("findSyntaxFault", () => {
  test("finds nothing in any JSON text", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), fc.constantFrom(0, 2), (text, indent) => {
        const parsed: unknown = JSON.parse(text);
        expect(findSyntaxFault(JSON.stringify(parsed, null, indent))).toBeNull();
      }),
    );
  });

  test("finds a fault exactly where JSON.parse finds one", () => {
    const letters = fc.constantFrom(..."{}[]:,\"\\ntrue0-1.e 'x\n".split(""));
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 12 }), (parts) => {
        const text = parts.join("");
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        const fault = findSyntaxFault(text);
        // Doubled keys are our own rule, and the only one beyond the standard.
        if (fault === null || !fault.message.includes("twice")) expect(fault === null).toBe(valid);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ["", 1, 1, "the file ends where a value"],
    ['{"a": 1,}', 1, 9, "where a key in double quotes"],
    ['{"a": 1\n "b": 2}', 2, 2, 'where "," or "}"'],
    ["[1,\n2,\n  x]", 3, 3, "where a value"],
    ["[1] 2", 1, 5, "where the end"],
    ['{"a": 01}', 1, 8, 'where "," or "}"'],
    ['{"a": "x', 1, 7, "where a closed text"],
    ["{'a': 1}", 1, 2, "where a key in double quotes"],
    ['{"a": NaN}', 1, 7, "where a value"],
    ['{"a": 1, "b": 2, "\\u0061": 3}', 1, 18, "stands twice"],
  ])("places the fault of %j", (text, line, column, words) => {
    const fault = findSyntaxFault(text);
    expect(fault).toMatchObject({ line, column });
    expect(fault?.message).toContain(words);
  });

  test("refuses nesting that would exhaust the stack", () => {
    expect(findSyntaxFault("[".repeat(100_000))?.message).toContain("less than 64 deep");
  });
});
