// Experiments 2 and 3: what ends in a short. Bridges come at random, so ten cells are run and the
// median counts; soft shorts of the model burn out and return, the hard one stays.
import type { Anode } from "../host/cell-file.ts";
import { believed, paperCell, QUIET } from "./cells.ts";
import { fresh, hold, staircaseDirect } from "./direct.ts";
import { cycling, staircase } from "./experiments.ts";
import { createTally, restV, tally } from "./half-cycles.ts";
import { measure } from "./instrument.ts";
import type { Result } from "./result.ts";
import { thinned } from "./result.ts";
import type { Rule } from "./row.ts";
import { FIVE_PERCENT } from "./row.ts";
import { carried, densityUncertainty, median, medianUncertainty } from "./uncertainty.ts";

const STEP_MA_CM2 = 0.1;
const LEVEL_MAX_MA_CM2 = 5;
const HOUR_S = 3600;
const LONGEST_H = 180;

export const TEN_SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/** One composition on the staircase. */
export interface Climb {
  name: string;
  anode: Anode;
  paper: number | string;
  rule: Rule;
}

const aboveBareBelowBest: Rule = { kind: "between", low: 0.6, high: 3.1 };

/** All of the paper's anodes. Where its text gives an order only, so does the table. */
export const CLIMBS: Climb[] = [
  { name: "bare", anode: "bareNa", paper: 0.5, rule: { kind: "step", step: STEP_MA_CM2 } },
  { name: "1:10", anode: { nzspToNaMassRatio: 0.1 }, paper: "0.5-3.1", rule: aboveBareBelowBest },
  { name: "h-Na 1:5", anode: "hNa", paper: 3.1, rule: { kind: "step", step: STEP_MA_CM2 } },
  { name: "1:3", anode: { nzspToNaMassRatio: 1 / 3 }, paper: "0.5-3.1", rule: aboveBareBelowBest },
  { name: "1:2", anode: { nzspToNaMassRatio: 0.5 }, paper: "0.5-3.1", rule: aboveBareBelowBest },
  { name: "1:1", anode: { nzspToNaMassRatio: 1 }, paper: "< 3.1", rule: aboveBareBelowBest },
  { name: "SnO2", anode: "SnO2Na", paper: 1.3, rule: { kind: "step", step: STEP_MA_CM2 } },
  { name: "ZrO2", anode: "ZrO2Na", paper: "≪ 3.1", rule: { kind: "between", low: 0.6, high: 2 } },
];

/** Level that failed, mA/cm2 as the instrument believes; 0 = none did. */
function climbOnce(anode: Anode, seed: number, points: [number, number][] | null): number {
  const cell = paperCell(anode);
  const belief = believed(cell, seed);
  const state = createTally();
  const { verdict } = measure(cell, belief, staircase(LEVEL_MAX_MA_CM2), seed, (frame) => {
    tally(state, frame);
    if (points === null || state.open === null) return;
    points.push([frame.timeS / HOUR_S, (frame.voltageV - restV(state)) * 1000]);
  });
  const failing = verdict.values[7];
  return failing < 0 ? 0 : (failing * 1e-9) / belief.areaCm2;
}

/** The staircase of one composition, over `seeds`. */
export function criticalCurrent(climb: Climb, seeds: readonly number[] = TEN_SEEDS): Result {
  const points: [number, number][] = [];
  const measured = seeds.map((seed, n) => climbOnce(climb.anode, seed, n === 0 ? points : null));
  const truths = seeds.map((seed) =>
    staircaseDirect(fresh(paperCell(climb.anode), seed), LEVEL_MAX_MA_CM2),
  );
  const value = median(measured);
  const area = densityUncertainty(paperCell(climb.anode).uncertainty.area);
  // A staircase cannot tell one level from the next: uniform within a step either way. The median
  // is that of cells with areas of their own.
  const resolution = STEP_MA_CM2 / Math.sqrt(3);
  const scatter = (1.2533 * area * value) / Math.sqrt(seeds.length);
  const uncertainty = Math.hypot(resolution, scatter, medianUncertainty(truths));
  return {
    rows: [
      {
        experiment: 2,
        quantity: `critical current density, ${climb.name}, median of ${seeds.length}`,
        unit: "mA/cm²",
        digits: 2,
        paper: climb.paper,
        truth: median(truths),
        measured: { value, uncertainty },
        rule: climb.rule,
      },
    ],
    curves: [
      { figure: "staircase", name: climb.name, points: thinned(points, 2500) },
      { figure: "critical-current", name: climb.name, points: measured.map((x, n) => [n, x]) },
    ],
    remarks: [],
  };
}

/** Hours of cycling at 0.1 mA/cm2 until the model latches. */
function trueHours(seed: number): number {
  const run = fresh(paperCell("bareNa"), seed);
  for (let half = 0; half < LONGEST_H && run.cell.short.latchedAtS < 0; half++) {
    hold(run, half % 2 === 0 ? 0.1 : -0.1, HOUR_S);
  }
  return run.cell.short.latchedAtS / HOUR_S;
}

/** The same without chance, when a filament first spans: for its dependence on the current. */
function spannedHours(scale: number): number {
  const run = fresh(paperCell("bareNa", QUIET), 1, scale);
  run.cell.shorts = false;
  for (let half = 0; half < LONGEST_H && run.cell.short.spannedAtS < 0; half++) {
    hold(run, half % 2 === 0 ? 0.1 : -0.1, HOUR_S);
  }
  return run.cell.short.spannedAtS / HOUR_S;
}

/** Hours from the first current until the board calls a hard short. */
function measuredHours(seed: number, points: [number, number][] | null): number {
  const cell = paperCell("bareNa");
  const state = createTally();
  let startedS = NaN;
  let endedS = NaN;
  const method = cycling(0.1, 0.1, LONGEST_H / 2);
  measure(cell, believed(cell, seed), method, seed, (frame) => {
    tally(state, frame);
    if (state.open === null) return;
    if (startedS !== startedS) startedS = frame.timeS;
    endedS = frame.timeS;
    points?.push([(frame.timeS - startedS) / HOUR_S, (frame.voltageV - restV(state)) * 1000]);
  });
  return (endedS - startedS) / HOUR_S;
}

/** Bare sodium at 0.1 mA/cm2 until its hard short, over `seeds`. */
export function bareLife(seeds: readonly number[] = TEN_SEEDS): Result {
  const points: [number, number][] = [];
  const measured = seeds.map((seed, n) => measuredHours(seed, n === 0 ? points : null));
  const truths = seeds.map(trueHours);
  const value = median(measured);
  const area = carried(spannedHours, densityUncertainty(paperCell("bareNa").uncertainty.area));
  const scatter = (1.2533 * area) / Math.sqrt(seeds.length);
  return {
    rows: [
      {
        experiment: 3,
        quantity: `bare, 0.1 mA/cm², hard short, median of ${seeds.length}`,
        unit: "h",
        digits: 1,
        paper: 82,
        truth: median(truths),
        measured: { value, uncertainty: Math.hypot(scatter, medianUncertainty(truths)) },
        rule: FIVE_PERCENT,
      },
    ],
    curves: [{ figure: "life-bare", name: "bare Na", points: thinned(points, 3000) }],
    remarks: [],
  };
}
