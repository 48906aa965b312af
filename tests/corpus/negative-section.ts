// The rate of false alarms.
import { NEGATIVES } from "./negatives.ts";
import { groups } from "./rates.ts";
import { isShort } from "./alarms.ts";
import type { Outcome } from "./score.ts";
import type { Report, Section } from "./section.ts";
import { poissonUpper } from "./statistics.ts";
import { table } from "./table.ts";
import { traces, USUAL } from "./traces.ts";

const DAYS = 30;
const HOURS_A_DAY = 24;

/** Shorts told in traces without any. */
export function falseAlarms(outcomes: readonly Outcome[], name: string): number {
  return outcomes.reduce((sum, { findings }) => sum + findings[name].shorts, 0);
}

/** Channel-days in all. */
export function daysOf(outcomes: readonly Outcome[]): number {
  return outcomes.reduce((sum, { hours }) => sum + hours / HOURS_A_DAY, 0);
}

function rulesOf(outcomes: readonly Outcome[]): string {
  const alarms = outcomes.flatMap(({ findings }) => findings[1].alarms.filter(isShort));
  const counts = new Map<string, number>();
  for (const { rule } of alarms) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return [...counts].map(([rule, count]) => `${rule} ${count}`).join(", ");
}

function report(outcomes: readonly Outcome[]): Report {
  const rows = [...groups(outcomes, ({ scenario }) => scenario)].map(([name, group]) => [
    name,
    daysOf(group).toFixed(2),
    String(falseAlarms(group, "1")),
    rulesOf(group),
    group
      .filter(({ findings }) => findings[1].alarms.some(isShort))
      .map(({ seed }) => seed)
      .join(" "),
    String(falseAlarms(group, "drop")),
    String(falseAlarms(group, "cusum")),
  ]);
  const days = daysOf(outcomes);
  const alarms = falseAlarms(outcomes, "1");
  const bound = (poissonUpper(alarms) / days).toFixed(3);
  const head = ["family", "days", "false", "rules", "seeds", "drop 20 %", "CUSUM"];
  return {
    lines: [
      ...table(head, rows),
      `  drop ${falseAlarms(outcomes, "drop")}, CUSUM ${falseAlarms(outcomes, "cusum")} in all`,
    ],
    targets: [
      {
        demand: `false alarms in ${DAYS} channel-days of adverse conditions at 10 Hz: none`,
        figure: `${alarms} in ${days.toFixed(1)} days, 95 % below ${bound} a day`,
        met: alarms === 0 && days >= DAYS,
      },
    ],
    outcomes,
  };
}

/** Adverse conditions for hours. */
export const negativeSection: Section = traces("negative", NEGATIVES, USUAL, report);
