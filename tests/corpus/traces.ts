// A section made of scenarios: its jobs are a few seeds of one scenario each.
import type { ExaminerName } from "./examiners.ts";
import type { Scenario, SeedSet } from "./scenario.ts";
import type { Outcome } from "./score.ts";
import { examine } from "./score.ts";
import type { Plan, Report, Section } from "./section.ts";
import { section, seedsOf } from "./section.ts";

/** The product as it is, and the two it is compared with. */
export const USUAL: readonly ExaminerName[] = [1, "drop", "cusum"];

const SEEDS_A_JOB = 5;

interface Job {
  scenario: number;
  set: SeedSet;
  seeds: number[];
}

function chunks(seeds: number[]): number[][] {
  const count = Math.ceil(seeds.length / SEEDS_A_JOB);
  return Array.from({ length: count }, (_, n) =>
    seeds.slice(n * SEEDS_A_JOB, (n + 1) * SEEDS_A_JOB),
  );
}

function jobsOf({ name, runs, quickRuns }: Scenario, scenario: number, plan: Plan): Job[] {
  if (!name.includes(plan.match)) return [];
  const seeds = seedsOf(plan, plan.quick ? quickRuns : runs);
  return chunks(seeds).map((some) => ({ scenario, set: plan.seeds, seeds: some }));
}

/** The section `name` over `scenarios`, judged by `names`. */
export function traces(
  name: string,
  scenarios: readonly Scenario[],
  names: readonly ExaminerName[],
  report: (outcomes: readonly Outcome[], plan: Plan) => Report,
): Section {
  return section<Job, Outcome[]>({
    name,
    jobs: (plan) => scenarios.flatMap((each, n) => jobsOf(each, n, plan)),
    work: (job) => job.seeds.map((seed) => examine(scenarios[job.scenario], seed, job.set, names)),
    report: (results, plan) => report(results.flat(), plan),
  });
}
