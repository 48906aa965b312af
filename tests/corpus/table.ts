// Text of the report: columns of fixed width, shares with their intervals.
import { wilson } from "./statistics.ts";

/** Rows under a head, as lines. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, k) => Math.max(...all.map((row) => (row[k] ?? "").length)));
  return all.map((row) => {
    const padded = row.map((text, k) => text.padEnd(widths[k]));
    return `  ${padded.join("  ")}`.trimEnd();
  });
}

/** A share as "found/of 97.5 % (91.3-99.3)", the interval being Wilson's. */
export function shareText(found: number, of: number): string {
  if (of === 0) return "–";
  const { low, high } = wilson(found, of);
  const percent = (x: number): string => (100 * x).toFixed(1);
  return `${found}/${of} ${percent(found / of)} % (${percent(low)}-${percent(high)})`;
}

/** Seconds, with as many digits as make sense; "–" for none. */
export function secondsText(seconds: number): string {
  if (seconds !== seconds) return "–";
  if (seconds < 100) return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
  return `${(seconds / 60).toFixed(1)} min`;
}
