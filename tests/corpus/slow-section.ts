// Leaks that grow slowly.
import { SLOW } from "./injected.ts";
import { groups, rateOf, rateTable } from "./rates.ts";
import type { Outcome } from "./score.ts";
import type { Report, Section } from "./section.ts";
import { secondsText, shareText } from "./table.ts";
import { traces, USUAL } from "./traces.ts";

const RATE = 0.95;

function report(outcomes: readonly Outcome[]): Report {
  const byName = groups(outcomes, ({ scenario }) => scenario);
  const rate = rateOf(outcomes, 1);
  const weak = [...byName].filter(([, group]) => {
    const own = rateOf(group, 1);
    return own.found < RATE * own.of;
  });
  const worst = weak.map(([name]) => name).join("; ");
  const figure = `${shareText(rate.found, rate.of)}, median ${secondsText(rate.medianS)}`;
  return {
    lines: [...rateTable(byName), "  delays count from the first of the leak"],
    targets: [
      {
        demand: "leaks growing to >= 10 %: 95 % of each kind within a half cycle of full size",
        figure: worst === "" ? figure : `${figure}; below: ${worst}`,
        met: weak.length === 0 && rate.of > 0,
      },
    ],
    outcomes,
  };
}

/** Slow leaks. */
export const slowSection: Section = traces("slow", SLOW, USUAL, report);
