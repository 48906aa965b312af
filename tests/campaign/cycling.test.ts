// Months of cycling, with the power failing in the middle: what the host's statistics say of
// capacity, retention and efficiency against the model's truth. Hybrid sodium at 0.5 mA/cm², half
// an hour a cycle; a full cell at 5 C between 2.5 and 3.8 V. `--long`: 12 000 cycles, which are
// 6000 h, and the 7300 cycles of Cao et al., Adv. Energy Mater. 12 (2022) 2102579.
import { describe, expect, test } from "vitest";
import { END_FINISHED, VERDICT_HEALTHY } from "../../firmware/telemetry.ts";
import { parseCell } from "../../host/cell-file.ts";
import type { ProtocolStep } from "../../host/protocol/form.ts";
import { cellOf } from "../boards/rig.ts";
import { long } from "./bench.ts";
import "./breathe.ts";
import { figureLines, figuresOf } from "./cycling-figures.ts";
import { cycleOn } from "./cycling-run.ts";
import type { HalfCycle } from "./cycling-truth.ts";
import { trueCycles } from "./cycling-truth.ts";
import { spread } from "./tally.ts";

const REST_S = 7200;
const SEED = 1;
const HYBRID = { maCm2: 0.5, halfS: 900, cycles: long ? 12_000 : 24, cycleH: 0.5 };
const FULL = { maCm2: 0.585, upV: 3.8, downV: 2.5, cycles: long ? 7300 : 24, cycleH: 0.38 };
const CUTS = long ? 12 : 1;

/** Demanded of the statistics: points, per cent, points. */
const EFFICIENCY = 0.05;
const CAPACITY = 2;
const RETENTION = 2;
/** A cycle with a power cut may lack the charge of a checkpoint's distance, 2 s, and what the frame
 *  under way would have told. */
const CUT_EFFICIENCY = 0.6;

/** The paper's cell as a file about it, right in all it says. */
function cellFor(fullCell: boolean) {
  const input = cellOf("hNa", { name: fullCell ? "NVP, h-Na" : "h-Na" });
  const sim = { anode: "hNa", fullCell };
  const voltageWindowV = fullCell ? [1, 4.2] : [-4, 4];
  const cell = parseCell({ ...input, voltageWindowV, sim }, input.name);
  if (cell.sim === null) throw new Error("a cell that cannot be simulated");
  return { ...cell, sim: cell.sim };
}

/** Rest, charge and discharge at `maCm2`, again and again. */
function method(maCm2: number, ends: [object, object], cycles: number): ProtocolStep[] {
  return [
    { step: "rest", timeS: REST_S },
    { step: "current", currentDensityMaCm2: maCm2, until: ends[0] },
    { step: "current", currentDensityMaCm2: -maCm2, until: ends[1] },
    { step: "loop", to: 2, count: cycles },
  ];
}

/** Moments from the first cycles to the last ones, at any place of a cycle, h. */
function cutsOf(cycles: number, cycleH: number): number[] {
  const some = spread(
    Array.from({ length: cycles }, (_, i) => i),
    CUTS,
  );
  return some.map((cycle, i) => REST_S / 3600 + (cycle + ((i * 0.381966 + 0.2) % 1)) * cycleH);
}

function runOn(fullCell: boolean) {
  const { maCm2, cycles, cycleH } = fullCell ? FULL : HYBRID;
  const cell = cellFor(fullCell);
  const amperes = (maCm2 * cell.areaCm2) / 1000;
  const { upV, downV } = FULL;
  const { halfS } = HYBRID;
  const mahCm2 = { arealChargeMahCm2: (maCm2 * halfS) / 3600 };
  const ends: [object, object] = fullCell
    ? [{ voltageAboveV: upV }, { voltageBelowV: downV }]
    : [mahCm2, mahCm2];
  const halves: [HalfCycle, HalfCycle] = fullCell
    ? [
        { currentA: amperes, untilV: upV },
        { currentA: -amperes, untilV: downV },
      ]
    : [
        { currentA: amperes, untilS: halfS },
        { currentA: -amperes, untilS: halfS },
      ];
  const steps = method(maCm2, ends, cycles);
  const run = cycleOn({ cell, method: steps, seed: SEED, cutsH: cutsOf(cycles, cycleH) });
  return { run, cycles, ideal: trueCycles(cell, SEED, REST_S, halves, cycles) };
}

describe.each([
  ["hybrid sodium, 0.5 mA/cm²", false],
  ["full cell, 5 C", true],
])("%s", (name, fullCell) => {
  test("capacity, retention and efficiency are the model's", () => {
    const { run, cycles, ideal } = runOn(fullCell);
    const figures = figuresOf(run, ideal);
    console.log(figureLines(name, run, figures));
    expect(run.violations).toEqual([]);
    expect(run.verdict?.values[2], JSON.stringify(run.verdict)).toBe(END_FINISHED);
    expect(run.verdict?.values[0]).toBe(VERDICT_HEALTHY);
    expect(run.shorts).toEqual([]);
    expect(run.cut.size).toBe(CUTS);
    expect([run.cycles.length, run.terminals.length]).toEqual([cycles, cycles]);
    expect(Math.abs(figures.efficiencyError)).toBeLessThan(EFFICIENCY);
    expect(figures.worstEfficiency).toBeLessThan(EFFICIENCY);
    expect(figures.worstCutEfficiency).toBeLessThan(CUT_EFFICIENCY);
    expect(figures.capacityError).toBeLessThan(CAPACITY);
    expect(Math.abs(figures.retentionError)).toBeLessThan(RETENTION);
  });
});
