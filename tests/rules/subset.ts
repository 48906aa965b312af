// The subset of JavaScript that an Espruino interpreter runs as Node does; the lists are in
// espruino.json, shared with the lint of the sources.
import { Linter } from "eslint";
import { declarationOrder } from "./order.ts";
import espruino from "./espruino.json" with { type: "json" };

/** These names and no other: what the newest language adds by itself is switched off. */
function onlyNames(names: string[]): Linter.Globals {
  const standard = Object.getOwnPropertyNames(globalThis).map((name) => [name, "off"]);
  const allowed = names.map((name) => [name, "readonly"]);
  return Object.fromEntries([...standard, ...allowed]) as Linter.Globals;
}

/** Pins of the supported boards by the interpreter's names. */
function pins(): string[] {
  const ports = ["A", "B", "C", "D"];
  return ports.flatMap((port) => Array.from({ length: 48 }, (_, i) => `${port}${i}`));
}

const members = Object.entries(espruino.members).flatMap(([object, properties]) =>
  properties.map((property) => ({ object, property })),
);

const parsing = { ecmaVersion: "latest", sourceType: "script" } as const;

const deviceConfig: Linter.Config = {
  languageOptions: {
    ...parsing,
    globals: onlyNames([...espruino.language, ...espruino.board, ...pins()]),
  },
  linterOptions: { noInlineConfig: true },
  plugins: { espruino: { rules: { order: declarationOrder } } },
  rules: {
    "espruino/order": "error",
    "no-undef": "error",
    "no-restricted-globals": ["error", ...espruino.globals],
    "no-restricted-properties": ["error", ...members],
    "no-restricted-syntax": ["error", ...espruino.syntax],
  },
};

const pureConfig: Linter.Config = {
  languageOptions: {
    ...parsing,
    sourceType: "module",
    globals: onlyNames(espruino.language),
  },
  linterOptions: { noInlineConfig: true },
  rules: { "no-undef": "error" },
};

function verify(code: string, config: Linter.Config): string[] {
  const messages = new Linter().verify(code, [config]);
  return messages.map((each) => `${each.line}:${each.column} ${each.message}`);
}

/** What in a device bundle Espruino would refuse or compute differently; empty = nothing. */
export function checkSubset(code: string): string[] {
  return verify(code, deviceConfig);
}

/** Names that a module takes from its platform instead of from an import; empty = none. */
export function checkPlatformFree(code: string): string[] {
  return verify(code, pureConfig);
}
