// What happened against what was called: the gravest call of each trace.
import type { Call } from "./alarms.ts";
import type { Outcome } from "./score.ts";
import { groups } from "./rates.ts";
import { table } from "./table.ts";

/** From grave to mild. */
const CALLS: readonly Call[] = [
  "hard",
  "soft",
  "intermittent",
  "decay",
  "open",
  "contact",
  "void",
  "mechanical",
  "thermal",
];

/** The gravest call of the product in a trace. */
export function calledOf(outcome: Outcome): Call | "nothing" {
  const { alarms } = outcome.findings["1"];
  return CALLS.find((call) => alarms.some((alarm) => alarm.call === call)) ?? "nothing";
}

const VERDICTS = ["healthy", "trend", "loose", "soft", "void", "open", "hard"];

function counts(
  columns: readonly string[],
  outcomes: readonly Outcome[],
  column: (outcome: Outcome) => string,
): string[] {
  const named = outcomes.map(column);
  return columns.map((name) => String(named.filter((each) => each === name).length));
}

/** Two tables with a row for each truth: by the gravest call, and by the verdict at the end. */
export function confusion(outcomes: readonly Outcome[]): string[] {
  const calls = [...CALLS, "nothing"];
  const truths = [...groups(outcomes, ({ truth }) => truth)];
  const called = truths.map(([truth, group]) => [truth, ...counts(calls, group, calledOf)]);
  const verdictOf = ({ findings }: Outcome): string => findings[1].verdict;
  const judged = truths.map(([truth, group]) => [truth, ...counts(VERDICTS, group, verdictOf)]);
  return [
    ...table(["truth \\ called", ...calls], called),
    "",
    ...table(["truth \\ verdict", ...VERDICTS], judged),
  ];
}
