// What happened against what was called: the gravest call of each trace.
import type { Call } from "./examiners.ts";
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

/** The table: a row for each truth, a column for each call. */
export function confusion(outcomes: readonly Outcome[]): string[] {
  const columns = [...CALLS, "nothing"];
  const rows = [...groups(outcomes, ({ truth }) => truth)].map(([truth, group]) => {
    const calls = group.map(calledOf);
    return [truth, ...columns.map((call) => String(calls.filter((each) => each === call).length))];
  });
  return table(["truth \\ called", ...columns], rows);
}
