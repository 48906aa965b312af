// Active proofs through the whole simulated channel: what was decided, and what was right. A case
// of the corpus is a cell's state and what happened to it; the truth is whether a metal path
// exists when the proof is asked for.
import { RESULT_ELECTRONIC, RESULT_INCONCLUSIVE, RESULT_IONIC } from "../../firmware/telemetry.ts";
import { examine, isShortedHard } from "./proof-bench.ts";
import type { Case } from "./proof-cases.ts";
import { CASES, chanceOf } from "./proof-cases.ts";
import type { Plan, Report, Section, Target } from "./section.ts";
import { section, seedsOf } from "./section.ts";
import { shareText, table } from "./table.ts";

const RUNS = 40;
const QUICK_RUNS = 6;
const SEEDS_A_JOB = 5;
const RIGHT = 0.98;
const DECIDED = 0.9;

interface Job {
  name: string;
  seeds: number[];
}

/** `hard` = the hard rule ended the run before any proof. */
interface Proven {
  name: string;
  outcome: number;
  hard: boolean;
}

function prove(of: Case, seed: number): Proven {
  const bench = of.prepare(seed, chanceOf(of.name, seed));
  const hard = isShortedHard(bench);
  return { name: of.name, outcome: hard ? RESULT_INCONCLUSIVE : examine(bench), hard };
}

function jobs(plan: Plan): Job[] {
  const seeds = seedsOf(plan, plan.quick ? QUICK_RUNS : RUNS);
  const chosen = CASES.filter(({ name }) => name.includes(plan.match));
  return chosen.flatMap(({ name }) => {
    const count = Math.ceil(seeds.length / SEEDS_A_JOB);
    return Array.from({ length: count }, (_, n) => ({
      name,
      seeds: seeds.slice(n * SEEDS_A_JOB, (n + 1) * SEEDS_A_JOB),
    }));
  });
}

function work({ name, seeds }: Job): Proven[] {
  const of = CASES.find((each) => each.name === name);
  if (of === undefined) throw new RangeError(`proof: no case ${name}`);
  return seeds.map((seed) => prove(of, seed));
}

interface Tally {
  of: Case;
  count: number;
  electronic: number;
  ionic: number;
}

function tallyOf(of: Case, results: readonly Proven[]): Tally {
  const own = results.filter(({ name, hard }) => name === of.name && !hard);
  const count = (outcome: number): number => own.filter((each) => each.outcome === outcome).length;
  return {
    of,
    count: own.length,
    electronic: count(RESULT_ELECTRONIC),
    ionic: count(RESULT_IONIC),
  };
}

function row({ of, count, electronic, ionic }: Tally): string[] {
  const right = of.shorted ? electronic : ionic;
  const decided = electronic + ionic;
  const truth = of.shorted ? "electronic" : "ionic";
  const numbers = [electronic, ionic, count - decided].map(String);
  const contrast = of.contrast ? "yes" : "no";
  const shares = [shareText(decided, count), shareText(right, decided)];
  return [of.name, truth, contrast, ...numbers, ...shares];
}

function sum(tallies: readonly Tally[], value: (each: Tally) => number): number {
  return tallies.reduce((total, each) => total + value(each), 0);
}

function targets(tallies: readonly Tally[]): Target[] {
  const decided = sum(tallies, ({ electronic, ionic }) => electronic + ionic);
  const right = sum(tallies, ({ of, electronic, ionic }) => (of.shorted ? electronic : ionic));
  const healthy = tallies.filter(({ of }) => !of.shorted);
  const wrong = sum(healthy, ({ electronic }) => electronic);
  const tried = sum(healthy, ({ count }) => count);
  const weak = tallies.filter(
    ({ of, count, electronic, ionic }) => of.contrast && electronic + ionic < DECIDED * count,
  );
  const names = weak.map(({ of }) => of.name).join("; ");
  return [
    {
      demand: "of what proofs decide, 98 % is right",
      figure: shareText(right, decided),
      met: decided > 0 && right >= RIGHT * decided,
    },
    {
      demand: "no healthy cell is called electronic",
      figure: shareText(wrong, tried),
      met: wrong === 0,
    },
    {
      demand: "where there is contrast, 90 % of each kind are decided",
      figure: names === "" ? "all" : `below: ${names}`,
      met: names === "",
    },
  ];
}

function report(results: Proven[][], plan: Plan): Report {
  const all = results.flat();
  const chosen = CASES.filter(({ name }) => name.includes(plan.match));
  const tallies = chosen.map((of) => tallyOf(of, all));
  const head = ["case (current in mA/cm², path in mS/cm²)", "truth", "contrast"];
  const counts = ["electronic", "ionic", "undecided"];
  const hard = all.filter((each) => each.hard).length;
  return {
    lines: [
      ...table([...head, ...counts, "decided", "right"], tallies.map(row)),
      `  ${hard} runs ended by the hard rule before any proof are left out.`,
    ],
    targets: targets(tallies),
  };
}

/** Active proofs of a short. */
export const proofSection: Section = section<Job, Proven[]>({
  name: "proof",
  jobs,
  work,
  report,
});
