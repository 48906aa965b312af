// The same seed gives the same bytes: whole staircases twice, by the hash of all they tell.
// `--seeds N` sets how many.
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { cellOf, runCcd } from "../boards/rig.ts";

const COUNT = Number(process.env["CYCLET_SEEDS"] ?? 6);
/** mA/cm²: far enough to pass three changes of range and level. */
const TOP = 0.3;

function traceOf(seed: number): string {
  const { record } = runCcd(cellOf("bareNa"), { seed }, TOP, true);
  return createHash("sha256").update(record.lines.join("\n")).digest("hex");
}

describe("a trace", () => {
  const seeds = Array.from({ length: COUNT }, (_, i) => i + 1);

  test("is the same twice, and another for each seed", () => {
    const first = seeds.map(traceOf);
    expect(seeds.map(traceOf)).toEqual(first);
    expect(new Set(first).size).toBe(COUNT);
  });
});
