// What the host's statistics are worth: against the charge at the cell's terminals, and against the
// same cell under an instrument without errors.
import type { Cycle } from "../../host/cycle.ts";
import type { CellCycle } from "./cell-cycles.ts";
import type { Cycled } from "./cycling-run.ts";

/** Errors of a run. Efficiencies and retention in points (per cent), capacity in per cent. */
export interface Figures {
  /** Mean efficiency, measured and true, and the error of the mean. */
  efficiency: number;
  trueEfficiency: number;
  efficiencyError: number;
  /** Largest error of one cycle's efficiency against that at the terminals: of cycles without and
   *  of those with a power cut. */
  worstEfficiency: number;
  worstCutEfficiency: number;
  /** Largest error of a capacity in which the power did not fail. */
  capacityError: number;
  /** Last capacity over first, measured and true, and its error. */
  retention: number;
  trueRetention: number;
  retentionError: number;
}

const PERCENT = 100;
/** Capacities at either end are means of so many cycles, without the first, which forms. */
const ENDS = 5;

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function retentionOf(capacities: readonly number[]): number {
  return (PERCENT * mean(capacities.slice(-ENDS))) / mean(capacities.slice(1, 1 + ENDS));
}

function efficiencyOf({ inC, outC }: CellCycle): number {
  return (PERCENT * outC) / inC;
}

function measured({ coulombicEfficiency }: Cycle): number {
  return PERCENT * (coulombicEfficiency ?? NaN);
}

/** The figures of `run`, whose cell shows `ideal` cycles to an ideal instrument. */
export function figuresOf(run: Cycled, ideal: readonly CellCycle[]): Figures {
  const { cycles, terminals, cut } = run;
  const errors = cycles.map((cycle, i) => ({
    efficiency: measured(cycle) - efficiencyOf(terminals[i]),
    capacity: PERCENT * (cycle.discharge.charge / ideal[i].outC - 1),
    isCut: cut.has(cycle.number),
  }));
  const whole = errors.filter(({ isCut }) => !isCut);
  const broken = errors.filter(({ isCut }) => isCut);
  const efficiency = mean(cycles.map(measured));
  const trueEfficiency = mean(ideal.map(efficiencyOf));
  const retention = retentionOf(cycles.map(({ discharge }) => discharge.charge));
  const trueRetention = retentionOf(ideal.map(({ outC }) => outC));
  return {
    ...{ efficiency, trueEfficiency, efficiencyError: efficiency - trueEfficiency },
    worstEfficiency: largest(whole.map((each) => each.efficiency)),
    worstCutEfficiency: largest(broken.map((each) => each.efficiency)),
    capacityError: largest(whole.map((each) => each.capacity)),
    ...{ retention, trueRetention, retentionError: retention - trueRetention },
  };
}

/** The figures as lines. */
export function figureLines(name: string, run: Cycled, figures: Figures): string {
  const points = (value: number): string => value.toFixed(4);
  return [
    `${name}: ${run.cycles.length} cycles, ${Math.round(run.hours)} h, ${run.frames} frames, ` +
      `${run.cut.size} power cuts, ${run.shorts.length} shorts told`,
    `  mean coulombic efficiency ${points(figures.efficiency)} %, true ` +
      `${points(figures.trueEfficiency)} %: ${points(figures.efficiencyError)} points; one cycle ` +
      `at most ${points(figures.worstEfficiency)}, one with a cut ` +
      points(figures.worstCutEfficiency),
    `  capacity within ${points(figures.capacityError)} %; retention ` +
      `${figures.retention.toFixed(3)} %, true ${figures.trueRetention.toFixed(3)} %: ` +
      `${points(figures.retentionError)} points`,
  ].join("\n");
}
