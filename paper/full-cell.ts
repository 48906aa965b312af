// Experiment 9: NVP against bare sodium and h-Na at 5 C.
import type { Anode } from "../host/cell-file.ts";
import { believed, paperCell } from "./cells.ts";
import type { Direct } from "./direct.ts";
import { fresh, hold } from "./direct.ts";
import { CHARGED_V, CHARGE_LIMIT_S, DISCHARGED_V, FIVE_C_MA_CM2 } from "./experiments.ts";
import { fullCycling, REST_S } from "./experiments.ts";
import { createTally, tally } from "./half-cycles.ts";
import type { Outcome } from "./instrument.ts";
import { measure } from "./instrument.ts";
import type { Result } from "./result.ts";
import { thinned } from "./result.ts";
import type { Measured, Row } from "./row.ts";
import { FIVE_PERCENT } from "./row.ts";
import { carried, CURRENT_GAIN, densityUncertainty } from "./uncertainty.ts";
import { median, medianUncertainty } from "./uncertainty.ts";

/** The paper's cathode, g/cm2. */
const LOADING_G_CM2 = 1e-3;
const COULOMBS_PER_MAH = 3.6;
/** A cycle is a swing below this coulombic efficiency. */
const SWING = 0.98;
/** Offset of the current converter over the current: 3 counts of 0.57 V, either sign. */
const EFFICIENCY_U = (2 * 3 * 31.25e-6) / 0.57 / Math.sqrt(3);
const CYCLES_MAX = 1200;
/** Of the seeds, so many go through the firmware as well. */
const MEASURED_SEEDS = 5;

/** Capacities in mAh/g and the efficiency of each cycle. */
interface Life {
  capacities: number[];
  efficiencies: number[];
  /** First cycle below `SWING`, and the one whose charge took its time-out; 0 = none. */
  swings: number;
  fails: number;
}

function createLife(): Life {
  return { capacities: [], efficiencies: [], swings: 0, fails: 0 };
}

/** Adds a cycle, C in and out on `areaCm2`; true = its charge never ended. */
function addCycle(
  life: Life,
  inC: number,
  outC: number,
  areaCm2: number,
  chargeS: number,
): boolean {
  life.capacities.push(outC / COULOMBS_PER_MAH / areaCm2 / LOADING_G_CM2);
  life.efficiencies.push(outC / inC);
  const n = life.efficiencies.length;
  if (outC / inC < SWING && life.swings === 0) life.swings = n;
  if (chargeS >= CHARGE_LIMIT_S - 2 && life.fails === 0) life.fails = n;
  return life.fails > 0;
}

function measuredLife(
  anode: Anode,
  seed: number,
  cycles: number,
): { life: Life; outcome: Outcome } {
  const cell = paperCell(anode, undefined, true);
  const belief = believed(cell, seed);
  const life = createLife();
  const state = createTally();
  let charged = { chargeC: NaN, seconds: 0 };
  const outcome = measure(cell, belief, fullCycling(cycles), seed, (frame) => {
    const over = tally(state, frame);
    if (over === null) return false;
    if (over.direction > 0) {
      charged = { chargeC: over.chargeC, seconds: over.endedS - over.startedS };
      return false;
    }
    return addCycle(life, charged.chargeC, over.chargeC, belief.areaCm2, charged.seconds);
  });
  // The last discharge ends with the run; a run that ends early has found a short or a fault.
  const last = state.open;
  if (last !== null && last.direction < 0 && life.capacities.length < cycles && life.fails === 0) {
    addCycle(life, charged.chargeC, last.chargeC, belief.areaCm2, charged.seconds);
  }
  if (life.fails === 0 && life.capacities.length < cycles) life.fails = life.capacities.length + 1;
  return { life, outcome };
}

function halfDirect(run: Direct, sign: number): number {
  const from = run.cell.timeS;
  while (run.cell.timeS - from < CHARGE_LIMIT_S) {
    const state = run.cell.cathode.stateOfCharge;
    const near = sign > 0 ? state > 0.94 : state < 0.08;
    const volts = hold(run, sign * FIVE_C_MA_CM2, near ? 0.2 : 1);
    if (sign > 0 ? volts >= CHARGED_V : volts <= DISCHARGED_V) break;
  }
  return run.cell.timeS - from;
}

function trueLife(anode: Anode, seed: number, cycles: number, scale = 1): Life {
  const run = fresh(paperCell(anode, undefined, true), seed, scale);
  const life = createLife();
  hold(run, 0, REST_S);
  const coulombs = (seconds: number): number => (seconds * scale * FIVE_C_MA_CM2) / 1000;
  for (let n = 0; n < cycles; n++) {
    const chargeS = halfDirect(run, 1);
    const dischargeS = halfDirect(run, -1);
    if (addCycle(life, coulombs(chargeS), coulombs(dischargeS), 1, chargeS)) break;
  }
  return life;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Swings and rounding of single cycles apart: the median of a few about cycle `n`, from 1. */
function capacityAt(life: Life, n: number): number {
  return median(life.capacities.slice(Math.max(0, n - 3), n + 2));
}

/** A capacity is charge over believed area: the area's error stands in it undiminished. */
function perGram(value: number, area: number): Measured {
  return { value, uncertainty: value * Math.hypot(area, CURRENT_GAIN, 1 / 681 / Math.sqrt(3)) };
}

/** h-Na to `cycles` cycles. */
export function hybridFullCell(cycles: number): Result {
  const { life, outcome } = measuredLife("hNa", 1, cycles);
  const truth = trueLife("hNa", 1, cycles);
  const { area } = paperCell("hNa").uncertainty;
  const share = (cycles - 1) / 7299;
  const faded = 110.7 * Math.pow(93.9 / 110.7, share);
  const capacity = (n: number, paper: number): Row => ({
    experiment: 9,
    quantity: `full cell h-Na at 5 C, capacity of cycle ${n}`,
    unit: "mAh/g",
    digits: 1,
    paper: Number(paper.toFixed(1)),
    truth: capacityAt(truth, n),
    measured: perGram(capacityAt(life, n), area),
    rule: FIVE_PERCENT,
  });
  return {
    rows: [
      capacity(1, 110.7),
      capacity(cycles, faded),
      {
        experiment: 9,
        quantity: `full cell h-Na at 5 C, mean efficiency of ${cycles} cycles`,
        unit: "%",
        digits: 2,
        paper: 99.8,
        truth: mean(truth.efficiencies) * 100,
        measured: { value: mean(life.efficiencies) * 100, uncertainty: EFFICIENCY_U * 100 },
        rule: { kind: "share", share: 0.001 },
      },
    ],
    curves: [
      { figure: "fade", name: "h-Na capacity", points: numbered(life.capacities, 1) },
      { figure: "fade", name: "h-Na efficiency", points: numbered(life.efficiencies, 100) },
    ],
    remarks: [`experiment 9 with h-Na took ${outcome.frames} frames through the firmware`],
  };
}

function numbered(values: readonly number[], scale: number): [number, number][] {
  return thinned(
    values.map((value, n): [number, number] => [n + 1, value * scale]),
    1500,
  );
}

function countRow(
  what: string,
  paper: number,
  truths: number[],
  values: number[],
  areaU: number,
): Row {
  const uncertainty = Math.hypot(medianUncertainty(values), areaU);
  const seeds = `median of ${truths.length} (measured: ${values.length})`;
  return {
    experiment: 9,
    quantity: `full cell bare at 5 C, ${what}, ${seeds}`,
    unit: "cycles",
    digits: 0,
    paper,
    truth: median(truths),
    measured: { value: median(values), uncertainty },
    rule: FIVE_PERCENT,
  };
}

/** Bare sodium until its charge never ends, over `seeds`. */
export function bareFullCell(seeds: readonly number[]): Result {
  const some = seeds.slice(0, MEASURED_SEEDS);
  const lives = some.map((seed) => measuredLife("bareNa", seed, CYCLES_MAX).life);
  const truths = seeds.map((seed) => trueLife("bareNa", seed, CYCLES_MAX));
  const share = densityUncertainty(paperCell("bareNa").uncertainty.area) / Math.sqrt(some.length);
  const swingsU = carried((scale) => trueLife("bareNa", 1, CYCLES_MAX, scale).swings, share);
  const of = (key: "swings" | "fails", all: Life[]): number[] => all.map((life) => life[key]);
  const trueSpread = medianUncertainty(of("fails", truths));
  return {
    rows: [
      countRow("first below 98 %", 500, of("swings", truths), of("swings", lives), swingsU),
      countRow(
        "charging never ends",
        662,
        of("fails", truths),
        of("fails", lives),
        Math.hypot(swingsU, trueSpread),
      ),
    ],
    curves: [
      { figure: "fade", name: "bare capacity", points: numbered(lives[0].capacities, 1) },
      { figure: "fade", name: "bare efficiency", points: numbered(lives[0].efficiencies, 100) },
    ],
    remarks: [],
  };
}
