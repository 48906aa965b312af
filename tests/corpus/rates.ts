// What sections say of found and missed traces: rates with intervals, delays, and the same for the
// detectors that the product is compared with.
import type { Alarm } from "./alarms.ts";
import { isShort } from "./alarms.ts";
import type { ExaminerName } from "./examiners.ts";
import type { Outcome } from "./score.ts";
import { early, found, latencyS } from "./score.ts";
import { median, quantile } from "./statistics.ts";
import { secondsText, shareText, table } from "./table.ts";

/** How a group of traces fared with an examiner. */
export interface Rate {
  found: number;
  of: number;
  medianS: number;
  maxS: number;
  /** Traces with a short told before there was any. */
  early: number;
}

/** Outcomes by a key, in order of first appearance. */
export function groups(
  outcomes: readonly Outcome[],
  key: (outcome: Outcome) => string,
): Map<string, Outcome[]> {
  const found = new Map<string, Outcome[]>();
  for (const outcome of outcomes) {
    const name = key(outcome);
    const group = found.get(name);
    if (group === undefined) found.set(name, [outcome]);
    else group.push(outcome);
  }
  return found;
}

function isHard(alarm: Alarm): boolean {
  return alarm.call === "hard";
}

/** Rate over `outcomes`; `hard` asks for a short called hard. */
export function rateOf(outcomes: readonly Outcome[], name: ExaminerName, hard = false): Rate {
  const matches = hard ? isHard : isShort;
  const hits = outcomes.filter((each) => found(each, name, matches) !== undefined);
  const delays = hits.map((each) => latencyS(each, name, matches));
  return {
    found: hits.length,
    of: outcomes.length,
    medianS: median(delays),
    maxS: quantile(delays, 1),
    early: outcomes.filter((each) => early(each, name).length > 0).length,
  };
}

/** Rules that spoke first in time, as "step 37, bound 3". */
export function rulesText(outcomes: readonly Outcome[], name: ExaminerName): string {
  const counts = new Map<string, number>();
  for (const outcome of outcomes) {
    const rule = found(outcome, name)?.rule;
    if (rule !== undefined) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  return sorted.map(([rule, count]) => `${rule} ${count}`).join(", ");
}

/** A table of groups: rate, delays, early calls, rules, and the other two detectors. */
export function rateTable(byName: ReadonlyMap<string, readonly Outcome[]>, hard = false): string[] {
  const rows = [...byName].map(([name, outcomes]) => {
    const own = rateOf(outcomes, 1, hard);
    const drop = rateOf(outcomes, "drop");
    const cusum = rateOf(outcomes, "cusum");
    return [
      name,
      shareText(own.found, own.of),
      secondsText(own.medianS),
      secondsText(own.maxS),
      String(own.early),
      rulesText(outcomes, 1),
      `${drop.found}/${drop.of}`,
      `${cusum.found}/${cusum.of} (${cusum.early})`,
    ];
  });
  const head = ["traces", "found (95 %)", "median", "longest", "early", "rules"];
  return table([...head, "drop 20 %", "CUSUM (early)"], rows);
}
