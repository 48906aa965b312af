// Whole CCD tests through chip registers: the bracket must be the level in which the cell itself
// latched.
import { describe, expect, test } from "vitest";
import { END_FINISHED, VERDICT_HARD, VERDICT_SOFT } from "../../firmware/telemetry.ts";
import { cellOf, runCcd } from "./rig.ts";

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/** The level (mA/cm², steps of 0.1) at which the simulated cell latched. */
function latchedLevel(run: ReturnType<typeof runCcd>): number {
  const density = run.channel.world.cell.short.latchedAtCurrentMaCm2;
  return Math.round(density * 10) / 10;
}

function tally(levels: number[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const level of levels) counts[level] = (counts[level] ?? 0) + 1;
  return counts;
}

describe.each(["hNa", "bareNa"] as const)("%s, seeds 1 to 10", (anode) => {
  const runs = SEEDS.map((seed) => runCcd(cellOf(anode), { seed }));

  test.each(SEEDS)("seed %i: the bracket holds the level of the latch", (seed) => {
    const run = runs[seed - 1];
    expect(run.channel.world.cell.short.state).toBe(3);
    expect(run.verdict).toBe(VERDICT_HARD);
    expect(run.end).toBe(END_FINISHED);
    expect(run.failing).toBe(latchedLevel(run));
    expect(run.completed).toBeCloseTo((run.failing ?? 0) - 0.1, 9);
    expect(run.hard).toBe(run.failing);
    expect(run.censored).toBe(false);
  });

  test("the levels scatter as the cell model says", () => {
    const counts = tally(runs.map((run) => run.failing ?? 0));
    if (anode === "hNa") {
      expect(counts["3.1"]).toBeGreaterThanOrEqual(8);
      expect(Object.keys(counts).every((key) => Math.abs(Number(key) - 3.1) < 0.11)).toBe(true);
    } else {
      expect(counts["0.5"]).toBeGreaterThanOrEqual(6);
      expect(Object.keys(counts).every((key) => Math.abs(Number(key) - 0.5) < 0.11)).toBe(true);
    }
  });

  test("a soft short comes no later than the hard one", () => {
    for (const run of runs) {
      if (run.soft !== null) expect(run.soft).toBeLessThanOrEqual(run.hard ?? 0);
    }
  });
});

describe("other cells", () => {
  const electrolyte = { thicknessCm: 0.1, conductivitySPerCm: 0.003, activationEnergyEv: 0.29 };
  test.each([1, 2, 3])("another area and thickness, seed %i", (seed) => {
    const cell = cellOf("bareNa", { areaCm2: 0.5, electrolyte });
    const run = runCcd(cell, { seed });
    expect(run.verdict).toBe(VERDICT_HARD);
    expect(run.channel.world.cell.short.state).toBe(3);
    expect(run.failing).toBe(latchedLevel(run));
  });

  test("without shorts the result is censored", () => {
    const cell = cellOf("hNa");
    cell.sim.shorts = false;
    const run = runCcd(cell, {}, 3.6);
    expect(run.verdict).toBeLessThan(VERDICT_SOFT);
    expect(run.censored).toBe(true);
    expect(run.failing).toBe(null);
    expect(run.completed).toBe(3.6);
  });
});
