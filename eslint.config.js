import { readFileSync } from "node:fs";
import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

// What Espruino does not parse, lacks or computes wrongly; the bundle test reads the same lists.
const espruino = JSON.parse(readFileSync("tests/rules/espruino.json", "utf8"));

const typescriptFiles = ["**/*.ts"];
const rootConfigs = ["*.config.ts"];
const chips = "hal/{adc,clock,dac,gpio,loadcell,memory,temperature}/**/*.ts";
const hostedBoards = ["boards/simulated*.ts", "boards/replay*.ts", "boards/page*.ts"];
const device = {
  files: ["firmware/**/*.ts", "hal/*.ts", chips, "hal/espruino/**/*.ts", "boards/*.ts"],
  ignores: [...hostedBoards, "boards/firmata-*.ts", "tests/espruino/minimal-loop.js"],
};

const noDefaultExport = {
  selector: "ExportDefaultDeclaration",
  message: "a name is exported under its own name",
};
const noEnum = { selector: "TSEnumDeclaration", message: "bare const literals shake away" };

const restrictedMembers = Object.entries(espruino.members).flatMap(([object, properties]) =>
  properties.map((property) => ({ object, property, message: "missing or wrong on Espruino" })),
);
const noChance = {
  object: "Math",
  property: "random",
  message: "the same seed gives the same run: take numbers from a seeded stream",
};

const platformFree = espruino.platform.map((name) => ({
  name,
  message: "this layer knows no platform: take it from a port",
}));

export default defineConfig(
  // The last is a script of the interpreter, with its globals.
  { ignores: ["dist/", "runs/", "coverage/", "node_modules/", "tests/espruino/minimal-loop.js"] },
  { linterOptions: { noInlineConfig: true } },
  js.configs.recommended,
  {
    files: ["**/*.js"],
    languageOptions: { globals: { process: "readonly", console: "readonly" } },
  },
  {
    files: typescriptFiles,
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      eqeqeq: "error",
      "no-control-regex": "off",
      "@typescript-eslint/unbound-method": "off", // Factories of closures: there is no `this`.
      "no-restricted-syntax": ["error", noDefaultExport, noEnum],
      "@typescript-eslint/ban-ts-comment": ["error", { "ts-ignore": true, "ts-nocheck": true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-import-type-side-effects": "error",
      "@typescript-eslint/no-unnecessary-type-assertion": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    ...device,
    rules: {
      "no-var": "off", // A `let` in a loop body costs twice a `var` on the interpreter.
      "no-loop-func": "error",
      "no-restricted-syntax": ["error", noDefaultExport, ...espruino.syntax],
      "no-restricted-globals": ["error", ...espruino.globals],
      "no-restricted-properties": ["error", ...restrictedMembers, noChance],
      "@typescript-eslint/no-use-before-define": ["error", { typedefs: false }],
      "@typescript-eslint/prefer-for-of": "off",
      "@typescript-eslint/prefer-nullish-coalescing": "off",
    },
  },
  {
    files: ["firmware/**/*.ts", "hal/*.ts", chips],
    rules: { "no-restricted-globals": ["error", ...espruino.globals, ...platformFree] },
  },
  {
    files: ["sim/**/*.ts", ...hostedBoards],
    rules: {
      "no-restricted-globals": ["error", ...platformFree],
      "no-restricted-properties": ["error", noChance],
    },
  },
  {
    files: ["tests/**/*.ts"],
    rules: {
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/require-await": "off",
    },
  },
  { files: rootConfigs, rules: { "no-restricted-syntax": "off" } },
);
