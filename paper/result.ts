// What one part of the reproduction hands back: lines of the table, and curves for the figures.
import type { Row } from "./row.ts";

/** Points of one line of a figure, in the figure's own units. */
export interface Curve {
  figure: string;
  name: string;
  points: [number, number][];
}

/** Plain data: parts run in threads of their own. */
export interface Result {
  rows: Row[];
  curves: Curve[];
  /** Anything the reader should know, one sentence each. */
  remarks: string[];
}

/** At most about `count` points, ends included; a figure shows no more. */
export function thinned(points: readonly [number, number][], count: number): [number, number][] {
  const step = Math.max(1, Math.ceil(points.length / count));
  return points.filter((_, n) => n % step === 0 || n === points.length - 1);
}
