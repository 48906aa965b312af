// Entry of `npm run paper [-- --out DIR] [PART...]`: the experiments of Cao et al., Adv. Energy
// Mater. 12 (2022) 2102579, on the simulated bench. The table goes to stdout and is the same every
// time; progress goes to stderr.
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { writeFigures } from "./figures.ts";
import { PARTS } from "./parts.ts";
import { runAll, work } from "./pool.ts";
import type { Result } from "./result.ts";
import { misses, table } from "./table.ts";

const HEADING = [
  "Cao et al., Adv. Energy Mater. 12 (2022) 2102579, on the simulated bench; one law set.",
  "truth: the cell model at the paper's conditions. error: truth against the paper.",
  "measured: by the firmware, on an uncalibrated channel, with a cell file that is wrong within",
  "its stated uncertainty (area 3 %, thickness 5 %, conductivity 10 %); – = model only.",
];

/** What the model does not do at all, and where it is known to be wrong. */
const NOT_MODELLED = [
  "10 (cyclic voltammetry on gold) and 11 (hardness): not modelled",
  "8: absolute diffusion coefficients: the paper's formula needs a concentration it does not give",
  "8: the ratio is one constant of the cathode, calibrated on this very figure",
  "7: bare: the plot gives RT/F over the ohmic cell; 0.47 needs an aged cell of 109 ohm cm2",
  "no overpotential of nucleation; bare sodium above 0.2 mA/cm2 polarises more than is plausible",
];

function report(results: readonly Result[], print: (line: string) => void): void {
  const rows = results.flatMap((result) => result.rows);
  for (const line of [...HEADING, "", ...table(rows), ""]) print(line);
  const missed = misses(rows);
  print(missed.length === 0 ? "Missed: nothing of the above." : "Missed:");
  for (const line of missed) print(`  ${line}`);
  print("Known limits:");
  for (const line of NOT_MODELLED) print(`  ${line}`);
  for (const remark of results.flatMap((result) => result.remarks)) print(`(${remark})`);
}

async function main(): Promise<void> {
  const options = { out: { type: "string", default: "runs/paper" } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const known = Object.keys(PARTS);
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    console.error(`paper: no part ${unknown.join(", ")}; accepted: ${known.join(", ")}`);
    process.exitCode = 2;
    return;
  }
  const names = positionals.length > 0 ? positionals : known;
  let ended = 0;
  const results = await runAll(fileURLToPath(import.meta.url), names, (name) => {
    ended++;
    console.error(`${ended} of ${names.length}: ${name}`);
  });
  report(results, (line) => console.log(line));
  const curves = results.flatMap((result) => result.curves);
  for (const path of writeFigures(curves, values.out)) console.log(path);
}

if (!work(PARTS)) await main();
