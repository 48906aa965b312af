// What is left of a plan that breaks a rule when all is taken away that it does not need, and where
// it is kept for ever.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FaultEntry, FaultPlan } from "../../sim/fault.ts";

/** Plans that once broke a rule, one a file; read by known.test.ts. */
export const KNOWN = "tests/campaign/known";

/** A plan, and the run that it broke: `steps` as for `cycles`. */
export interface KnownPlan {
  name: string;
  seed: number;
  plan: FaultPlan;
  completion: "inline" | "deferred";
  framePeriodMs: number;
  steps: readonly [count: number, seconds: number];
}

/** Entries without what they can do without: their durations and counts by halves. */
function milder(entry: FaultEntry): FaultEntry[] {
  const found: FaultEntry[] = [];
  const { durationS, count } = entry;
  if (durationS !== undefined && durationS > 0.02) {
    found.push({ ...entry, durationS: Math.round(durationS * 500) / 1000 });
  }
  if (count !== undefined && count > 1) found.push({ ...entry, count: Math.floor(count / 2) });
  return found;
}

/** The smallest plan found that `fails`, as `plan` does: entries are taken out one by one, then
 *  made milder, until nothing more can go. */
export function shrink(plan: FaultPlan, fails: (plan: FaultPlan) => boolean): FaultPlan {
  for (let i = 0; i < plan.length; i++) {
    const without = plan.filter((_, at) => at !== i);
    if (fails(without)) return shrink(without, fails);
  }
  for (let i = 0; i < plan.length; i++) {
    for (const entry of milder(plan[i])) {
      const other = plan.map((each, at) => (at === i ? entry : each));
      if (fails(other)) return shrink(other, fails);
    }
  }
  return plan;
}

/** Keeps a plan; its file. */
export function keep(known: KnownPlan, folder = KNOWN): string {
  const words = known.name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const path = join(folder, `${words.replace(/^-|-$/g, "")}.json`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, JSON.stringify(known, null, 2) + "\n");
  return path;
}

/** Keeps what is least of a plan that fails; what to print of it. */
export function accuse(known: KnownPlan, fails: (plan: FaultPlan) => boolean): string {
  const plan = shrink(known.plan, fails);
  return `kept as ${keep({ ...known, plan })}: ${JSON.stringify(plan)}`;
}
