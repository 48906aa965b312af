// Soft shorts that come and go within seconds.
import { DIPS } from "./injected.ts";
import { groups, rateOf, rateTable } from "./rates.ts";
import type { Outcome } from "./score.ts";
import type { Report, Section } from "./section.ts";
import { secondsText, shareText } from "./table.ts";
import { traces, USUAL } from "./traces.ts";

const RATE = 0.95;

/** Cells with enough voltage for their converter. */
function decidable({ traits }: Outcome): boolean {
  return (traits.voltageMv ?? 0) >= (traits.adc === "24" ? 5 : 20);
}

function report(outcomes: readonly Outcome[]): Report {
  const byName = groups(outcomes, ({ scenario }) => scenario);
  const demanded = outcomes.filter(decidable);
  const rate = rateOf(demanded, 1);
  const weak = [...groups(demanded, ({ scenario }) => scenario)].filter(([, group]) => {
    const own = rateOf(group, 1);
    return own.found < RATE * own.of;
  });
  const worst = weak.map(([name]) => name).join("; ");
  const figure = `${shareText(rate.found, rate.of)}, median ${secondsText(rate.medianS)}`;
  return {
    lines: rateTable(byName),
    targets: [
      {
        demand: "dips >= 5 % of 0.4-5 s once a minute at 10 Hz: 95 % of each kind within 10 min",
        figure: worst === "" ? figure : `${figure}; below: ${worst}`,
        met: weak.length === 0 && rate.of > 0,
      },
    ],
    outcomes,
  };
}

/** Dips of the terminal voltage. */
export const dipsSection: Section = traces("dips", DIPS, USUAL, report);
