// What is no short but can look like one.
import { calledOf } from "./confusion.ts";
import { LOOK_ALIKES } from "./look-alikes.ts";
import { groups, rulesText } from "./rates.ts";
import { isShort } from "./alarms.ts";
import type { Outcome } from "./score.ts";
import type { Report, Section } from "./section.ts";
import { shareText, table } from "./table.ts";
import { traces, USUAL } from "./traces.ts";

const CALLED_MAX = 0.01;

function calledShort(outcome: Outcome, name: 1 | "drop" | "cusum"): boolean {
  return outcome.findings[name].alarms.some(isShort);
}

/** What the product called these traces, as "thermal 80, nothing 40". */
function callsText(outcomes: readonly Outcome[]): string {
  const counts = groups(outcomes, calledOf);
  const sorted = [...counts].sort((a, b) => b[1].length - a[1].length);
  return sorted.map(([call, group]) => `${call} ${group.length}`).join(", ");
}

function report(outcomes: readonly Outcome[]): Report {
  const rows = [...groups(outcomes, ({ scenario }) => scenario)].map(([name, group]) => [
    name,
    group[0].truth,
    shareText(group.filter((each) => calledShort(each, 1)).length, group.length),
    callsText(group),
    rulesText(group, 1),
    `${group.filter((each) => calledShort(each, "drop")).length}/${group.length}`,
    `${group.filter((each) => calledShort(each, "cusum")).length}/${group.length}`,
  ]);
  const judged = outcomes.filter(({ truth }) => truth === "thermal" || truth === "mechanical");
  const wrong = judged.filter((each) => calledShort(each, 1)).length;
  const head = ["traces", "truth", "called short", "gravest call", "rules", "drop 20 %", "CUSUM"];
  return {
    lines: table(head, rows),
    targets: [
      {
        demand: "thermal or mechanical called short: at most 1 %",
        figure: shareText(wrong, judged.length),
        met: judged.length > 0 && wrong <= CALLED_MAX * judged.length,
      },
    ],
    outcomes,
  };
}

/** Look-alikes, one event each. */
export const lookAlikeSection: Section = traces("look-alike", LOOK_ALIKES, USUAL, report);
