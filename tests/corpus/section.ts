// A section of the report: the jobs that threads do for it, and what it says of their results. Jobs
// and results travel between threads, so they are plain.
import type { SeedSet } from "./scenario.ts";
import type { Outcome } from "./score.ts";

/** What is asked for on the command line. */
export interface Plan {
  seeds: SeedSet;
  quick: boolean;
  /** Only scenarios whose name contains this. */
  match: string;
}

/** A demand and whether it was met. */
export interface Target {
  demand: string;
  figure: string;
  met: boolean;
}

/** A picture for dist/roc. */
export interface Picture {
  name: string;
  svg: string;
}

/** What a section says. `outcomes` take part in the table of confusions. */
export interface Report {
  lines: string[];
  targets: Target[];
  outcomes?: readonly Outcome[];
  pictures?: readonly Picture[];
}

/** A section; `work` runs in a thread. */
export interface Section {
  readonly name: string;
  jobs(plan: Plan): unknown[];
  work(job: unknown): unknown;
  report(results: unknown[], plan: Plan): Report;
}

/** A section with types of its own for jobs and results. */
export interface TypedSection<Job, Result> {
  readonly name: string;
  jobs(plan: Plan): Job[];
  work(job: Job): Result;
  report(results: Result[], plan: Plan): Report;
}

/** Forgets the types: threads hand back what they were given and what it made. */
export function section<Job, Result>(typed: TypedSection<Job, Result>): Section {
  return {
    name: typed.name,
    jobs: (plan) => typed.jobs(plan),
    work: (job) => typed.work(job as Job),
    report: (results, plan) => typed.report(results as Result[], plan),
  };
}

/** First seeds of the two sets. */
// Seeds from 1001 and 2001 were scored, and what that showed led to changes: they are not fresh.
const FIRST: Readonly<Record<SeedSet, number>> = { tuning: 1, scoring: 3001 };

/** `count` seeds of the plan's set. */
export function seedsOf(plan: Plan, count: number): number[] {
  return Array.from({ length: count }, (_, n) => FIRST[plan.seeds] + n);
}
