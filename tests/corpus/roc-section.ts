// How many shorts are found at what rate of false alarms, as all confirm thresholds are scaled.
import type { ExaminerName } from "./examiners.ts";
import { DIPS, SLOW, STEPS } from "./injected.ts";
import { daysOf, falseAlarms } from "./negative-section.ts";
import { NEGATIVES } from "./negatives.ts";
import { rateOf } from "./rates.ts";
import type { Point } from "./roc-picture.ts";
import { drawRoc } from "./roc-picture.ts";
import type { Scenario } from "./scenario.ts";
import type { Outcome } from "./score.ts";
import type { Report, Section } from "./section.ts";
import { shareText, table } from "./table.ts";
import { traces } from "./traces.ts";

const FACTORS = [0.25, 0.35, 0.5, 0.7, 1, 1.4, 2, 2.8];
const OTHERS: readonly ExaminerName[] = ["drop", "cusum"];
const TITLE = "Shorts found: steps of 3 %, dips of 5 % for 0.4 s, leaks growing to 10 % in 15 min";
/** Kinds of traces by their names in the picture. */
const SHOWN = new Map([
  ["step 3 % 20 mV 16 bit 10 Hz", "step, 20 mV"],
  ["step 3 % 5 mV 24 bit 10 Hz", "step, 5 mV"],
  ["dips 5 % 0.4 s 20 mV 16 bit 10 Hz", "dips"],
  ["slow 10 % 900 s 20 mV 16 bit 10 Hz", "leak"],
]);
const POSITIVE_RUNS = 40;
const NEGATIVE_RUNS = 2;

function limited(scenario: Scenario, runs: number, quickRuns: number): Scenario {
  return { ...scenario, runs, quickRuns };
}

const positives = [...STEPS, ...DIPS, ...SLOW]
  .filter(({ name }) => SHOWN.has(name))
  .map((each) => limited(each, POSITIVE_RUNS, 4));
const negatives = NEGATIVES.map((each) => limited(each, NEGATIVE_RUNS, 1));

/** Outcomes of each kind shown, in their order. */
function kindsOf(outcomes: readonly Outcome[]): Outcome[][] {
  return [...SHOWN.keys()].map((name) => outcomes.filter(({ scenario }) => scenario === name));
}

function pointOf(
  name: ExaminerName,
  sound: readonly Outcome[],
  kinds: readonly Outcome[][],
): Point {
  const alarms = Math.max(falseAlarms(sound, String(name)), 0.5);
  return {
    factor: Number(name),
    alarmsADay: alarms / daysOf(sound),
    shares: kinds.map((group) => {
      const { found, of } = rateOf(group, name);
      return found / of;
    }),
  };
}

function report(outcomes: readonly Outcome[]): Report {
  const sound = outcomes.filter(({ scenario }) => !SHOWN.has(scenario));
  const kinds = kindsOf(outcomes);
  const rows = [...FACTORS, ...OTHERS].map((name) => [
    typeof name === "number" ? `factor ${name}` : name,
    String(falseAlarms(sound, String(name))),
    ...kinds.map((group) => {
      const { found, of } = rateOf(group, name);
      return shareText(found, of);
    }),
  ]);
  const points = FACTORS.map((name) => pointOf(name, sound, kinds));
  const others = OTHERS.map((name) => pointOf(name, sound, kinds));
  const svg = drawRoc(TITLE, [...SHOWN.values()], points, others);
  return {
    lines: [
      ...table(["examiner", "false alarms", ...SHOWN.keys()], rows),
      `  false alarms in ${daysOf(sound).toFixed(1)} channel-days of adverse conditions`,
    ],
    targets: [],
    pictures: [{ name: "roc", svg }],
  };
}

/** The curve. */
export const rocSection: Section = traces(
  "roc",
  [...positives, ...negatives],
  [...FACTORS, ...OTHERS],
  report,
);
