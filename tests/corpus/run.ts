// Entry of `npm run roc -- [--seeds tuning|scoring] [--quick] [--only NAME] [--match TEXT]`:
// labelled traces through the detectors. The report goes to stdout, progress to stderr, pictures to
// dist/roc; the exit status is 1 when a target is missed. NAMEs are in sections.ts; --only may
// be repeated. TEXT is part of a scenario's name.
//
// A quick loop while tuning:  npm run roc -- --seeds tuning --quick --only step
// One kind of trace at full:  npm run roc -- --seeds tuning --only negative --match jolts
// One trace in a test:        examine(scenario, seed, "tuning", [1]) of score.ts
// Options of `createReplay` that the examiners set: see `createProduct` in examiners.ts.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { rasterise } from "../../paper/chart.ts";
import { confusion } from "./confusion.ts";
import { isThread, runJobs, serve } from "./pool.ts";
import type { Plan, Report, Section, Target } from "./section.ts";
import { SECTIONS } from "./sections.ts";

const FILE = fileURLToPath(import.meta.url);
const USAGE = 2;
const TELL_EVERY = 20;

interface Wanted {
  plan: Plan;
  sections: readonly Section[];
}

/** What the command line asks for; throws an Error with what would be accepted. */
export function readArguments(args: string[]): Wanted {
  const { values } = parseArgs({
    args,
    options: {
      seeds: { type: "string", default: "scoring" },
      quick: { type: "boolean", default: false },
      match: { type: "string", default: "" },
      only: { type: "string", multiple: true, default: [] },
    },
  });
  const { seeds, quick, match, only } = values;
  if (seeds !== "tuning" && seeds !== "scoring") {
    throw new Error(`--seeds ${seeds}: expected tuning or scoring`);
  }
  const names = SECTIONS.map((each) => each.name);
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`--only ${unknown}: one of ${names.join(", ")}`);
  const sections = SECTIONS.filter(({ name }) => only.length === 0 || only.includes(name));
  return { plan: { seeds, quick, match }, sections };
}

async function reportsOf({ plan, sections }: Wanted): Promise<Report[]> {
  const orders = sections.flatMap((section) =>
    section.jobs(plan).map((job) => ({ section: section.name, job })),
  );
  const results = await runJobs(FILE, orders, (done) => {
    if (done % TELL_EVERY === 0 || done === orders.length) {
      console.error(`${done} of ${orders.length}`);
    }
  });
  return sections.map((section) => {
    const own = results.filter((_, n) => orders[n].section === section.name);
    return section.report(own, plan);
  });
}

function targetLine({ demand, figure, met }: Target): string {
  return `${met ? "PASS" : "MISS"}  ${demand}: ${figure}`;
}

function writePictures(reports: readonly Report[]): void {
  for (const { name, svg } of reports.flatMap(({ pictures = [] }) => pictures)) {
    const path = join(dirname(FILE), name);
    mkdirSync(dirname(FILE), { recursive: true });
    writeFileSync(`${path}.svg`, svg);
    writeFileSync(`${path}.png`, rasterise(svg));
    console.log(`${path}.svg, .png`);
  }
}

function linesOf({ plan, sections }: Wanted, reports: readonly Report[]): string[] {
  const { seeds, quick } = plan;
  const outcomes = reports.flatMap((report) => report.outcomes ?? []);
  const targets = reports.flatMap((report) => report.targets);
  return [
    `Labelled traces, ${seeds} seeds${quick ? ", a quick part of them" : ""}.`,
    ...reports.flatMap(({ lines }, n) => ["", `== ${sections[n].name}`, ...lines]),
    ...(outcomes.length === 0 ? [] : ["", "== confusion", ...confusion(outcomes)]),
    ...(targets.length === 0 ? [] : ["", "== targets", ...targets.map(targetLine)]),
  ];
}

async function main(args: string[]): Promise<number> {
  let wanted: Wanted;
  try {
    wanted = readArguments(args);
  } catch (error) {
    console.error(`roc: ${error instanceof Error ? error.message : String(error)}`);
    return USAGE;
  }
  const reports = await reportsOf(wanted);
  for (const line of linesOf(wanted, reports)) console.log(line);
  writePictures(reports);
  return reports.every(({ targets }) => targets.every(({ met }) => met)) ? 0 : 1;
}

if (isThread()) serve(SECTIONS);
else if (process.argv[1] === FILE) process.exitCode = await main(process.argv.slice(2));
