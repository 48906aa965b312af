// The machine code that the tests on the emulated Uno need, or a loud word that they are left out.
import { describe } from "vitest";
import type { Sketch, Variant } from "./sketch.ts";
import { buildSketch } from "./sketch.ts";

/** In a checked change nothing is left out: what is missing there is a failure. */
const REQUIRED = process.env["CI"] !== undefined;

/** Describes what is done with StandardFirmata, or with another `variant` of it. */
export function describeOnUno(
  name: string,
  tests: (sketch: Sketch) => void,
  variant?: Variant,
): void {
  const sketch = buildSketch(variant);
  if (typeof sketch !== "string") {
    describe(`${name} (machine code ${sketch.sha256.slice(0, 16)})`, () => tests(sketch));
    return;
  }
  if (REQUIRED) throw new Error(sketch);
  console.warn(`LEFT OUT: ${name}: ${sketch}`);
  // The compiler or the registry is missing, see the warning.
  describe.skip(`${name}: ${sketch}`, () => tests({ code: new Uint8Array(0), sha256: "" }));
}
