// Hard shorts: put into a cell, and latched by its own laws. Nothing but a call of "hard" counts.
import { HARD } from "./injected.ts";
import { LATCHES } from "./natural.ts";
import { groups, rateOf, rateTable } from "./rates.ts";
import type { Outcome } from "./score.ts";
import { latencyS } from "./score.ts";
import type { Report, Section } from "./section.ts";
import { median, quantile } from "./statistics.ts";
import { shareText } from "./table.ts";
import { traces, USUAL } from "./traces.ts";

/** Delays of hard calls in frames. */
function framesText(outcomes: readonly Outcome[]): string {
  const frames = outcomes
    .map((each) => latencyS(each, 1, ({ call }) => call === "hard") * each.rateHz)
    .filter((count) => count === count);
  const whole = (x: number): string => (x === x ? Math.round(x).toFixed(0) : "–");
  return `median ${whole(median(frames))}, longest ${whole(quantile(frames, 1))} frames`;
}

/** Traces in which a bridge was called hard that fused again. */
function tooGrave(outcomes: readonly Outcome[]): number {
  return outcomes.filter(({ findings, fromS }) =>
    findings[1].alarms.some(({ call, timeS }) => call === "hard" && !(timeS >= fromS)),
  ).length;
}

function report(outcomes: readonly Outcome[]): Report {
  // A cell that never latches within its trace is no hard short.
  const latched = outcomes.filter(({ hardS }) => hardS === hardS);
  const rate = rateOf(latched, 1, true);
  const figure = `${shareText(rate.found, rate.of)}; ${framesText(latched)}`;
  return {
    lines: [
      ...rateTable(
        groups(latched, ({ scenario }) => scenario),
        true,
      ),
      `  never latched: ${outcomes.length - latched.length} of ${outcomes.length}`,
      `  called hard, but fused: ${tooGrave(latched)}`,
    ],
    targets: [
      { demand: "hard shorts: all found", figure, met: rate.found === rate.of && rate.of > 0 },
    ],
    outcomes: latched,
  };
}

/** Hard shorts. */
export const hardSection: Section = traces("hard", [...HARD, ...LATCHES], USUAL, report);
