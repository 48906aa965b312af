// The table as text: columns of fixed width, misses once more at the end.
import type { Row } from "./row.ts";
import { agrees, covers, errorOf } from "./row.ts";

const HEAD = [
  "exp",
  "quantity",
  "via",
  "paper",
  "truth",
  "error",
  "measured ± 1σ",
  "truth in 2σ",
  "5 %/step",
];

function signed(share: number): string {
  return `${share < 0 ? "−" : "+"}${Math.abs(share * 100).toFixed(1)} %`;
}

function mark(verdict: boolean | null): string {
  if (verdict === null) return "–";
  return verdict ? "yes" : "NO";
}

function paperText(row: Row): string {
  const text = typeof row.paper === "number" ? row.paper.toFixed(row.digits) : row.paper;
  return row.unit === "" ? text : `${text} ${row.unit}`;
}

function cells(row: Row): string[] {
  const { measured, digits } = row;
  const error = errorOf(row);
  const reading =
    measured === null
      ? "–"
      : `${measured.value.toFixed(digits)} ± ${measured.uncertainty.toFixed(digits)}`;
  return [
    String(row.experiment),
    row.quantity,
    measured === null ? "model" : "firmware",
    paperText(row),
    row.truth.toFixed(digits),
    error === null ? "–" : signed(error),
    reading,
    mark(covers(row)),
    mark(agrees(row)),
  ];
}

/** Rows in the paper's order, as lines. */
export function table(rows: readonly Row[]): string[] {
  const sorted = [...rows].sort((a, b) => a.experiment - b.experiment);
  const lines = [HEAD, ...sorted.map(cells)];
  const widths = HEAD.map((_, k) => Math.max(...lines.map((line) => line[k].length)));
  return lines.map((line) =>
    line
      .map((text, k) => text.padEnd(widths[k]))
      .join("  ")
      .trimEnd(),
  );
}

/** What does not agree, in words; empty = nothing. */
export function misses(rows: readonly Row[]): string[] {
  return rows.flatMap((row) => {
    const found: string[] = [];
    if (agrees(row) === false) {
      found.push(`${row.quantity}: ${row.truth.toFixed(row.digits)}, paper ${paperText(row)}`);
    }
    if (covers(row) === false) {
      const { value = NaN, uncertainty = NaN } = row.measured ?? {};
      const stated = `${value.toFixed(row.digits)} ± ${uncertainty.toFixed(row.digits)}`;
      found.push(`${row.quantity}: measured ${stated}, truth ${row.truth.toFixed(row.digits)}`);
    }
    return found;
  });
}
