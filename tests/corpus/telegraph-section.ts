// Soft shorts by the cell's own laws: those of aged bare sodium, and full cells that leak.
import { FULL_CELLS, LATCHES } from "./natural.ts";
import { groups, rateTable } from "./rates.ts";
import type { Episode } from "./scenario.ts";
import { isShort } from "./alarms.ts";
import type { Outcome } from "./score.ts";
import type { Report, Section } from "./section.ts";
import { shareText, table } from "./table.ts";
import { traces, USUAL } from "./traces.ts";

/** Bridges that a detector can be asked for: they take 3 % for five seconds. */
const SHARE = 0.03;
const LASTING_S = 5;
const CONFIRM_S = 3;
const WARN_S = 600;

/** Whether the product holds the cell for shorted at `timeS`. */
function holds(outcome: Outcome, timeS: number): boolean {
  let shorted = false;
  for (const alarm of outcome.findings[1].alarms) {
    if (alarm.timeS > timeS) break;
    if (isShort(alarm)) shorted = true;
    else if (alarm.call === "recovered") shorted = false;
  }
  return shorted;
}

function lasting(outcome: Outcome): Episode[] {
  const endS = outcome.hardS === outcome.hardS ? outcome.hardS : Infinity;
  return outcome.episodes.filter(
    ({ fromS, toS, share }) =>
      fromS < endS && share >= SHARE && Math.min(toS, endS) - fromS >= LASTING_S,
  );
}

function told(outcome: Outcome, { fromS, toS }: Episode): boolean {
  const within = outcome.findings[1].alarms.some(
    (alarm) => isShort(alarm) && alarm.timeS >= fromS && alarm.timeS <= toS + CONFIRM_S,
  );
  return within || holds(outcome, fromS);
}

/** A short told within ten minutes of the first bridge that could be told. */
function warned(outcome: Outcome): boolean {
  const [first] = lasting(outcome);
  return outcome.findings[1].alarms.some(
    (alarm) => isShort(alarm) && alarm.timeS >= first.fromS && alarm.timeS <= first.fromS + WARN_S,
  );
}

function report(outcomes: readonly Outcome[]): Report {
  const rows = [...groups(outcomes, ({ scenario }) => scenario)].map(([name, group]) => {
    const bridged = group.filter((each) => lasting(each).length > 0);
    const episodes = bridged.flatMap((each) => lasting(each).map((one) => told(each, one)));
    return [
      name,
      shareText(bridged.filter(warned).length, bridged.length),
      shareText(episodes.filter(Boolean).length, episodes.length),
    ];
  });
  const full = outcomes.filter(({ truth }) => truth === "soft");
  return {
    lines: [
      ...table(["traces", "warned within 10 min", "bridges of 3 %, 5 s and more told"], rows),
      "",
      ...rateTable(groups(full, ({ scenario }) => scenario)),
    ],
    targets: [],
    outcomes: full,
  };
}

/** Natural soft shorts. */
export const telegraphSection: Section = traces(
  "telegraph",
  [...LATCHES, ...FULL_CELLS],
  USUAL,
  report,
);
