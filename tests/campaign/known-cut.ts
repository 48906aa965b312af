// Cuts that a run once did not survive: kept as they are planted, by their program's name, and run
// again from the beginning.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FaultPlan } from "../../sim/fault.ts";
import { checkPlan } from "../../sim/fault-check.ts";
import { plant } from "../../sim/plant.ts";
import type { Bench } from "./fork.ts";
import { runEvents } from "./fork.ts";
import { PAIRED, PROGRAMS } from "./programs.ts";
import { shrink } from "./shrink.ts";
import type { Judgement } from "./survive.ts";
import { judge, openProgram, runOut, runSound } from "./survive.ts";

export const KNOWN_CUTS = "tests/campaign/known-cuts";
/** So many of a campaign's are kept. */
const KEPT = 5;
/** The last cut comes within this time, ms. */
const LATEST_MS = 600e3;

/** `allowed`: what may be decided, for each cut (firmware/resume.ts). */
export interface KnownCut {
  program: string;
  plan: FaultPlan;
  allowed: number[][];
}

/** Runs the program, cuts it as planned, and lets it come to its end; `cuts`: how often it was. */
export function replayCut(cut: KnownCut): Judgement & { cuts: number } {
  const { program: name, plan, allowed } = cut;
  const program = [...PROGRAMS, PAIRED].find((each) => each.name === name);
  if (program === undefined) throw new Error(`${name}: no such program in programs.ts`);
  const bench = openProgram(program);
  plant(bench.channel.world, checkPlan(plan));
  const isCut = ({ channel }: Bench): boolean => channel.world.faults.resets >= allowed.length;
  runEvents(bench, LATEST_MS, isCut, program.operate);
  runOut(bench, program, allowed.length);
  const { resets: cuts } = bench.channel.world.faults;
  return { ...judge(bench, runSound(program), program, allowed), cuts };
}

/** The cuts kept in a folder. */
export function readCuts(folder = KNOWN_CUTS): KnownCut[] {
  const files = readdirSync(folder).sort();
  return files.map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as KnownCut);
}

/** Keeps the least of a plan that a run does not survive, unless enough are kept; what to print. */
export function accuseCut(cut: KnownCut, already: number, folder = KNOWN_CUTS): string {
  if (already >= KEPT) return "";
  const fails = (plan: FaultPlan): boolean => {
    const { survival, cuts } = replayCut({ ...cut, plan });
    return survival === null && cuts === cut.allowed.length;
  };
  if (!fails(cut.plan)) return "\n  survived when run from the beginning: nothing kept";
  const plan = shrink(cut.plan, fails);
  const { at } = plan[0];
  const place = "transaction" in at ? `transaction ${at.transaction}` : `${JSON.stringify(at)}`;
  const words = `${cut.program} ${place}`.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const path = join(folder, `${words.replace(/^-|-$/g, "")}.json`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, JSON.stringify({ ...cut, plan }, null, 2) + "\n");
  return `\n  kept as ${path}`;
}
