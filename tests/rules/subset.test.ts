import { describe, expect, test } from "vitest";
import { checkPlatformFree, checkSubset } from "./subset.ts";

/** Each snippet holds exactly one construct that the device does not run as Node does. */
const refused: Record<string, string> = {
  "default parameter": "function f(a = 1) { return a; } f();",
  "rest parameter": "function f(...a) { return a; } f();",
  "spread argument": "Math.max(...[1, 2]);",
  "spread element": "[1, ...[2]];",
  "object spread": "({ ...{ a: 1 } });",
  "object destructuring": "const { a } = { a: 1 }; print(a);",
  "array destructuring": "const [a] = [1]; print(a);",
  "computed key": "({ ['a' + 1]: 1 });",
  "optional chaining": "JSON?.parse;",
  "optional call": "print?.(1);",
  power: "print(2 ** 3);",
  "power assignment": "let a = 2; a **= 2;",
  "nullish assignment": "let a = null; a ??= 2;",
  "and assignment": "let a = 1; a &&= 2;",
  "or assignment": "let a = 0; a ||= 2;",
  "private member": "({ m(o) { return #x in o; } });",
  label: "out: for (;;) break out;",
  generator: "function* f() { return 1; } f();",
  "generator method": "({ *f() { return 1; } });",
  "async function": "async function f() { return 1; } f();",
  "async arrow": "print(async () => 1);",
  "tagged template": "print`a`;",
  "class declaration": "class A {} print(A);",
  "class expression": "print(class {});",
  "field without initialiser": "class A { a; } print(A);",
  "default not last": "switch (1) { default: print(1); break; case 1: print(2); }",
  "identifier of": "const of = 1; print(of);",
  "member of": "print({ of: 1 });",
  "regular expression": "print(/a{2}/);",
  "big integer": "print(1n);",
  "dynamic import": "import('a');",
  "new target": "function f() { return new.target; } f();",
  eval: "eval('1');",
  "indirect eval": "print(eval);",
  "new Function": "new Function('return 1');",
  "called Function": "Function('return 1');",
  "timer with text": "setTimeout('print(1)', 10);",
  "interval with a template": "setInterval(`print(1)`, 10);",
  "assigned length": "const a = [1]; a.length = 0;",
  "decremented length": "const a = [1]; a.length--;",
  "export statement": "export const a = 1;",
};

const missing = {
  globals: ["Map", "Set", "WeakMap", "Symbol", "Proxy", "BigInt", "RegExp", "window", "Buffer"],
  members: [
    ...["Object.freeze", "Object.is", "Array.from", "Array.of"],
    ...["Number.isFinite", "Number.isInteger", "Number.EPSILON"],
    ...["Math.trunc", "Math.hypot", "Math.log10", "Math.log2", "Math.log1p", "Math.cbrt"],
    ...["Math.fround", "Math.imul", "Math.clz32", "Math.tanh", "Math.sign", "Math.round"],
    ...["Promise.race", "Promise.allSettled"],
  ],
  methods: ["flat", "at", "copyWithin", "toPrecision", "toExponential", "localeCompare"],
};

/** Uses that run, or may run, before the declaration. */
const disorder: Record<string, string> = {
  "function called above": "f(); function f() { return 1; }",
  "function named above": "const table = [f]; function f() { return 1; } print(table);",
  "variable read above": "print(a); var a = 1;",
  "variable written above": "a = 1; var a; print(a);",
  "variable in its own value": "var a = a + 1;",
  "constant of a called function": "function f() { return a; } f(); const a = 1;",
  "constant through two calls":
    "function f() { return g(); } function g() { return a; } f(); const a = 1;",
  "constant of a function in a table":
    "function f() { return a; } const table = [f]; const a = 1; print(table);",
  "constant of a callback": "setTimeout(function () { print(a); }, 1); const a = 1;",
  "constant of an arrow called at once": "(() => print(a))(); const a = 1;",
  "local written above": "var x = 1; function f() { x = 5; var x; return x; } f();",
  "local function called above": "function f() { g(); function g() { return 1; } } f();",
  "local in a block": "function f() { { print(a); let a = 1; } } f();",
  "local of an arrow": "const f = () => { print(a); const a = 1; }; f();",
  "local of a local function": "function f() { const g = () => a; g(); const a = 1; } f();",
};

const accepted: Record<string, string> = {
  "plain arithmetic": "let a = 1; for (var i = 0; i < 3; i++) a += i; print(a);",
  "template and arrow": "const f = (a) => `v${a}`; print(f(1));",
  "nullish coalescing": "print(null ?? 1);",
  "optional catch binding": "try { print(1); } catch { print(2); } finally { print(3); }",
  "for of over an array": "for (const a of [1, 2]) print(a);",
  "shorthand members": "const a = 1; print({ a, m() { return 1; } });",
  "default last": "switch (1) { case 1: print(1); break; default: print(2); }",
  "platform of the board": "I2C1.writeTo(72, 1); digitalWrite(D13, 1); setTimeout(print, 5);",
  "own property named like a missing one": "const o = { trunc: 1 }; print(o.trunc);",
  "constant below a function called later":
    "function f() { return a; } const a = 1; print(f(), a);",
  "functions that call each other":
    "function f(n) { return n ? g(n - 1) : 0; } function g(n) { return f(n); } f(3);",
  "literal whose functions use it": "const o = { a: 1, f: () => o.a }; print(o.f());",
  recursion: "const f = (n) => (n ? f(n - 1) : 0); f(2);",
  "shadowed name": "function t(t) { return t + n; } const n = 2; print(t(1), n);",
};

describe("the Espruino subset refuses", () => {
  test.each(Object.entries(refused))("%s", (_, code) => {
    expect(checkSubset(code)).not.toEqual([]);
  });
  test.each(missing.globals)("the missing global %s", (name) => {
    expect(checkSubset(`print(${name});`)).not.toEqual([]);
  });
  test.each(missing.members)("the missing member %s", (name) => {
    expect(checkSubset(`print(${name});`)).not.toEqual([]);
  });
  test.each(missing.methods)("the missing method %s", (name) => {
    expect(checkSubset(`print([1].${name}(0));`)).not.toEqual([]);
  });
  test.each(Object.entries(disorder))("disorder: %s", (_, code) => {
    expect(checkSubset(code).join()).toMatch(/is used before it exists/);
  });
});

describe("the Espruino subset accepts", () => {
  test.each(Object.entries(accepted))("%s", (_, code) => {
    expect(checkSubset(code)).toEqual([]);
  });
});

describe("a module free of its platform", () => {
  test("may use the language", () => {
    expect(checkPlatformFree("export const f = (a) => Math.abs(new Uint8Array(a)[0]);")).toEqual(
      [],
    );
  });
  test.each(["process", "require", "setTimeout", "Date", "console", "performance", "I2C1"])(
    "may not use %s",
    (name) => {
      expect(checkPlatformFree(`export const f = () => ${name};`)).not.toEqual([]);
    },
  );
});
