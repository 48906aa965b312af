// Experiments 1, 5, 7, 8 and 12: impedance spectra and a potential sweep. The firmware has no
// potentiostat and no spectrum up to 1 MHz, so they run on the model.
import type { Anode } from "../host/cell-file.ts";
import { advanceCell } from "../sim/cell.ts";
import { impedanceOf } from "../sim/impedance.ts";
import { paperCell, QUIET } from "./cells.ts";
import type { Direct } from "./direct.ts";
import { fresh, hold } from "./direct.ts";
import type { Result } from "./result.ts";
import type { Row, Rule } from "./row.ts";
import { FIVE_PERCENT } from "./row.ts";

/** Ends of the paper's spectra, Hz. */
const HIGHEST_HZ = 1e6;
const LOWEST_HZ = 1;
/** Where its diffusion coefficients were read off. */
const WARBURG_HZ = [0.1, 0.2, 0.3, 0.5, 0.7, 1];
/** Sweep of the Tafel plot, and the stretch that is fitted, V. */
const SWEEP_V_PER_S = 1e-3;
const FIT_FROM_V = 0.12;
const FIT_TO_V = 0.155;
/** More than any cell takes: the voltage limit decides. */
const UNLIMITED_A = 10;

/** Half of what the spectrum spans: one of two interfaces, ohm cm2. */
function interfaceByEis(run: Direct): number {
  const high = impedanceOf(run.cell, HIGHEST_HZ).real;
  return (impedanceOf(run.cell, LOWEST_HZ).real - high) / 2;
}

function row(
  experiment: number,
  quantity: string,
  unit: string,
  paper: number,
  truth: number,
): Row {
  const digits = paper >= 100 ? 1 : 2;
  return { experiment, quantity, unit, digits, paper, truth, measured: null, rule: FIVE_PERCENT };
}

function atStart(name: string, anode: Anode, paper: number): Row {
  const truth = interfaceByEis(fresh(paperCell(anode, QUIET)));
  return row(1, `interface resistance at start by EIS, ${name}`, "Ω cm²", paper, truth);
}

function afterCycles(name: string, anode: Anode, cycles: number, paper: number): Row {
  const run = fresh(paperCell(anode, QUIET));
  for (let half = 0; half < 2 * cycles; half++) hold(run, half % 2 === 0 ? 0.1 : -0.1, 3600);
  const quantity = `interface resistance by EIS after ${cycles} cycles, ${name}`;
  return row(5, quantity, "Ω cm²", paper, interfaceByEis(run));
}

/** Slope and intercept of a straight line by least squares. */
function line(points: readonly [number, number][]): { slope: number; at0: number } {
  const n = points.length;
  const mean = (k: 0 | 1): number => points.reduce((sum, point) => sum + point[k], 0) / n;
  const [x, y] = [mean(0), mean(1)];
  const sxy = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  const sxx = points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
  return { slope: sxy / sxx, at0: y - (sxy / sxx) * x };
}

/** Exchange current density as a Tafel plot without correction for the pellet gives it: ln i over
 *  the whole voltage, straight line, at 0 V. mA/cm2. */
function apparentExchange(anode: Anode): number {
  const run = fresh(paperCell(anode, QUIET));
  const points: [number, number][] = [];
  for (let seconds = 1; seconds * SWEEP_V_PER_S <= FIT_TO_V; seconds++) {
    const volts = seconds * SWEEP_V_PER_S;
    advanceCell(run.cell, run.random, seconds, UNLIMITED_A, volts);
    const density = (run.cell.currentA * 1000) / run.cell.areaCm2;
    if (volts >= FIT_FROM_V) points.push([volts, Math.log(density)]);
  }
  return Math.exp(line(points).at0);
}

/** Slope of Re Z over 1 / sqrt(omega), full cell half charged. */
function warburgSlope(anode: Anode): number {
  const run = fresh(paperCell(anode, QUIET, true));
  run.cell.cathode.stateOfCharge = 0.5;
  const points = WARBURG_HZ.map((hz): [number, number] => [
    1 / Math.sqrt(2 * Math.PI * hz),
    impedanceOf(run.cell, hz).real,
  ]);
  return line(points).slope;
}

function conductivity(): number {
  const { cell } = fresh(paperCell("hNa", QUIET));
  return (cell.thicknessCm / cell.bulkOhmCm2) * 1000;
}

const CALIBRATED: Rule = { kind: "share", share: 0.05 };

/** All of them. */
export function spectra(): Result {
  const ratio = (warburgSlope("bareNa") / warburgSlope("hNa")) ** 2;
  return {
    rows: [
      atStart("bare", "bareNa", 12.0),
      atStart("h-Na 1:5", "hNa", 3.5),
      atStart("1:1", { nzspToNaMassRatio: 1 }, 2.4),
      afterCycles("bare", "bareNa", 10, 345.3),
      afterCycles("h-Na", "hNa", 100, 4.7),
      row(7, "apparent exchange current, bare", "mA/cm²", 0.47, apparentExchange("bareNa")),
      row(7, "apparent exchange current, h-Na", "mA/cm²", 1.08, apparentExchange("hNa")),
      {
        ...row(8, "apparent diffusion, h-Na over bare", "", 5.3e-14 / 6.6e-15, ratio),
        rule: CALIBRATED,
      },
      row(12, "conductivity of the pellet (an input)", "mS/cm", 4.1, conductivity()),
    ],
    curves: [],
    remarks: [],
  };
}
