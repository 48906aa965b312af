// Soft shorts that come at once.
import { STEPS } from "./injected.ts";
import { groups, rateOf, rateTable } from "./rates.ts";
import type { Outcome } from "./score.ts";
import type { Report, Section } from "./section.ts";
import { shareText, secondsText, table } from "./table.ts";
import { traces, USUAL } from "./traces.ts";

const RATE = 0.95;
const MEDIAN_S = 3;

/** Cells with enough voltage for their converter. */
function decidable({ traits }: Outcome): boolean {
  return (traits.voltageMv ?? 0) >= (traits.adc === "24" ? 5 : 20);
}

/** Smallest share found at 95 % and so every larger one; by voltage, converter and rate. */
function smallest(outcomes: readonly Outcome[]): string[] {
  const steps = outcomes.filter(({ traits }) => traits.kind === "step");
  const byPlace = groups(steps, ({ traits }) => {
    return `${traits.voltageMv} mV, ${traits.adc} bit, ${traits.rateHz} Hz`;
  });
  const rows = [...byPlace].map(([place, all]) => {
    const shares = [...new Set(all.map(({ traits }) => traits.share ?? 0))].sort((a, b) => b - a);
    let least = "none";
    for (const share of shares) {
      const rate = rateOf(
        all.filter(({ traits }) => traits.share === share),
        1,
      );
      if (rate.found < RATE * rate.of) break;
      least = `${Number((share * 100).toFixed(1))} %`;
    }
    return [place, least];
  });
  return table(["cell and channel", "smallest step found at 95 %"], rows);
}

function report(outcomes: readonly Outcome[]): Report {
  const demanded = outcomes.filter((outcome) => {
    const { kind, share = 0, rateHz } = outcome.traits;
    return kind === "step" && share >= 0.03 && rateHz === 10 && decidable(outcome);
  });
  const byName = groups(demanded, ({ scenario }) => scenario);
  const weak = [...byName].filter(([, group]) => {
    const rate = rateOf(group, 1);
    return rate.found < RATE * rate.of;
  });
  const all = rateOf(demanded, 1);
  const worst = weak.map(([name]) => name).join("; ");
  return {
    lines: [...rateTable(groups(outcomes, ({ scenario }) => scenario)), "", ...smallest(outcomes)],
    targets: [
      {
        demand: "steps >= 3 % (|V| >= 20 mV at 16 bit, 5 mV at 24 bit, 10 Hz): 95 % of each kind",
        figure: `${shareText(all.found, all.of)}${worst === "" ? "" : `; below: ${worst}`}`,
        met: weak.length === 0 && all.of > 0,
      },
      {
        demand: "the same: median delay at most 3 s",
        figure: secondsText(all.medianS),
        met: all.medianS <= MEDIAN_S,
      },
    ],
    outcomes,
  };
}

/** Steps of the terminal voltage that stay. */
export const stepSection: Section = traces("step", STEPS, USUAL, report);
