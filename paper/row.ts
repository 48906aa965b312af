// One line of the table: a quantity of the paper, the model's truth, what the instrument made of
// it, and whether they agree.

/** What counts as agreement of truth and paper. */
export type Rule =
  | { kind: "share"; share: number }
  | { kind: "step"; step: number }
  | { kind: "between"; low: number; high: number }
  | { kind: "none" };

/** A measured value with its standard uncertainty (1 sigma). */
export interface Measured {
  value: number;
  uncertainty: number;
}

export interface Row {
  /** Number of the experiment in the paper's order. */
  experiment: number;
  quantity: string;
  unit: string;
  digits: number;
  /** Number, or words where the paper gives a bound or an order. */
  paper: number | string;
  truth: number;
  measured: Measured | null;
  rule: Rule;
  note?: string;
}

/** 5 %: resistances, voltages, times. */
export const FIVE_PERCENT: Rule = { kind: "share", share: 0.05 };
/** One level of the staircase. */
export const ONE_STEP: Rule = { kind: "step", step: 0.1 };

/** Coverage factor: truth has to lie within so many standard uncertainties. */
const COVERAGE = 2;
const ROUNDING = 1e-9;

/** Relative distance of truth and paper, null where the paper gives no number. */
export function errorOf(row: Row): number | null {
  return typeof row.paper === "number" ? row.truth / row.paper - 1 : null;
}

/** Whether the model agrees with the paper; null = the paper does not say. */
export function agrees(row: Row): boolean | null {
  const { rule, truth, paper } = row;
  if (rule.kind === "none") return null;
  if (rule.kind === "between") return truth >= rule.low && truth <= rule.high;
  if (typeof paper !== "number") return null;
  if (rule.kind === "step") return Math.abs(truth - paper) <= rule.step + ROUNDING;
  return Math.abs(truth / paper - 1) <= rule.share;
}

/** Whether the measured value and its stated uncertainty hold the truth; null = not measured. */
export function covers(row: Row): boolean | null {
  if (row.measured === null) return null;
  const { value, uncertainty } = row.measured;
  return Math.abs(value - row.truth) <= COVERAGE * uncertainty + ROUNDING;
}
