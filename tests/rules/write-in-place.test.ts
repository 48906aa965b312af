// Functions written in the place of their only call do what they did: each script is run before
// and after.
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { writeInPlace } from "../../scripts/write-in-place.ts";

/** What a script says by `say`, in order. */
function said(code: string): unknown[] {
  const words: unknown[] = [];
  runInNewContext(code, { say: (word: unknown) => words.push(word) });
  return words;
}

const FOR_ALL = "for (const n of [-1, 0, 1, 2, 3]) main(n);";

/** Scripts in which `inner` has one call. */
const MOVED: Record<string, string> = {
  "a call alone": "function inner(a) { say(a); } function main(n) { inner(n); }",
  "a call that ends early":
    "function inner(a) { if (a > 1) return; say(a); } function main(n) { inner(n); say('end'); }",
  "a value":
    "function inner(a) { return a + 1; } " + "function main(n) { const b = inner(n); say(b); }",
  "a value of several":
    "function inner(a) { if (a < 0) return 'less'; else if (a > 2) { return 'more'; } " +
    "return a; }" +
    "function main(n) { let b = 7; b = inner(n); say(b); }",
  "a value that is added to":
    "function inner(a) { say(a); return 4; } " +
    "function main(n) { let b = 1; b |= inner(n); say(b); }",
  "a value for a place":
    "function inner(a) { return a * 2; }" +
    "function main(n) { const o = [0]; o[0] = inner(n); say(o[0]); }",
  "a value that is returned":
    "function inner(a) { for (let i = 0; i < 3; i++) if (i === a) return i; return -1; }" +
    "function outer(n) { return inner(n); } " +
    "function main(n) { say(outer(n)); say(outer(n + 1)); }",
  "nothing where a value is returned":
    "function inner(a) { if (a > 0) return 1; }" +
    "function outer(n) { return inner(n); } function main(n) { say(outer(n)); say(outer(1)); }",
  "a condition":
    "function inner(a) { return a > 1; }" +
    "function main(n) { if (!inner(n)) say('no'); else say('yes'); }",
  "the first part of a condition":
    "function inner(a) { say(a); return a > 1; } " +
    "function main(n) { if (inner(n) && n < 3) say(n); }",
  "the second part of a condition":
    "function inner(a) { say(a); return a > 1; } " +
    "function main(n) { if (n < 3 && inner(n)) say(n); }",
  "one way of two":
    "function inner(a) { say(a); return 5; }" +
    "function main(n) { const b = n > 0 ? inner(n) : 0; say(b); }",
  "one that is asked for last":
    "function inner(a) { say(a); return a > 1; }" +
    "function main(n) { const b = n > 0 && inner(n); say(b); }",
  "one that is asked for when nothing else is":
    "function inner(a) { say(a); return 3; } " +
    "function main(n) { const b = n || inner(n); say(b); }",
  "what is added to a variable":
    "function inner(a) { say(a); return 4; } function outer(n) { const b = n; return b | " +
    "inner(n); }" +
    "function main(n) { say(outer(n)); say(outer(n)); }",
  "a return from within a condition that goes on":
    "function inner(a) { if (a > 0) { if (a > 1) return 1; say('on'); } say('rest'); return 2; }" +
    "function main(n) { const b = inner(n); say(b); }",
  "a statement without a block":
    "function inner(a) { const b = a; say(b); } " +
    "function main(n) { if (n > 0) inner(n); else say(0); }",
  "names that are the caller's too":
    "function inner(a, b) { const n = a - b; say(n); }" +
    "function main(n) { const b = 3; inner(b, n); say(n); say(b); }",
  "a parameter that is changed":
    "function inner(a) { a++; say(a); } function main(n) { inner(n); say(n); }",
  "an argument that is changed meanwhile":
    "const o = { x: 1 }; function inner(a) { o.x = 9; say(a); }" +
    "function main(n) { o.x = n; inner(o.x); say(o.x); }",
  "a variable that is changed meanwhile":
    "function inner(a) { say(a); return a + 1; }" +
    "function main(n) { let b = n; b = inner(b); b++; say(b); }",
  "a local that has a function's name":
    "function inner(a) { return a; }" +
    "function other(n) { const inner = n; say(inner); }" +
    "function main(n) { const b = inner(n); say(b); other(n); other(b); }",
  "a function in a function":
    "function innermost(a) { if (a > 1) return a; return 0; }" +
    "function inner(a) { const b = innermost(a); say(b); return b; }" +
    "function main(n) { const c = inner(n); say(c); }",
};

/** Scripts in which it has to stay. */
const STAYS: Record<string, string> = {
  "called twice": "function inner(a) { say(a); } function main(n) { inner(n); inner(n); }",
  "handed on": "function inner(a) { say(a); } function main(n) { [n].forEach(inner); }",
  "called at the top": "function inner(a) { say(a); } inner(1); function main(n) { say(n); }",
  "called with less than it takes":
    "function inner(a, b) { say(b); } function main(n) { inner(n); say(n); }",
  "that hands out a function":
    "function inner(a) { return () => a; } function main(n) { const f = inner(n); say(f()); }",
  "called in a loop's head":
    "function inner(a) { say(a); return a < 3; }" +
    "function main(n) { let i = n; while (inner(i)) i++; say(i); }",
  "called after something else":
    "function inner(a) { say(a); return 1; } function first() { say('first'); return 2; }" +
    "function main(n) { const b = first() + inner(n); say(b); first(); }",
  "after which a variable of all is read":
    "let k = 1; function inner(a) { k++; return a; } " +
    "function main(n) { const b = k + inner(n); say(b); k = 1; }",
  "whose own name outside is the caller's within":
    "const k = 5; function inner(a) { say(a + k); } " +
    "function main(n) { const k = 1; inner(n + k); }",
};

describe("written in place:", () => {
  test.each(Object.entries(MOVED))("%s", (_name, script) => {
    const moved = writeInPlace(script, ["main", "other", "outer"]);
    expect(moved).not.toMatch(/function inner/);
    expect(said(moved + FOR_ALL)).toEqual(said(script + FOR_ALL));
    expect(said(script + FOR_ALL).length).toBeGreaterThan(3);
  });
});

describe("left as it is, a function", () => {
  test.each(Object.entries(STAYS))("%s", (_name, script) => {
    const moved = writeInPlace(script, ["main", "first"]);
    expect(moved).toContain("function inner");
    expect(said(moved + FOR_ALL)).toEqual(said(script + FOR_ALL));
  });

  test("that is to be kept", () => {
    const script = "function inner(a) { say(a); } function main(n) { inner(n); }";
    expect(writeInPlace(script, ["inner"])).toBe(script);
  });
});
