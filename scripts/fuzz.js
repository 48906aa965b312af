// `npm run fuzz -- [NAME] [--factor N] [--seed N]`: the tests under tests/fuzz with a hundred times
// as much drawn as in `npm test`, or N times; a seed that a failure has named repeats it. Vitest
// refuses options it does not know, so they travel as CYCLET_FUZZ and CYCLET_FUZZ_SEED.
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

const options = { factor: { type: "string", default: "100" }, seed: { type: "string" } };
const { values, positionals } = parseArgs({ options, allowPositionals: true });

const environment = { ...process.env };
for (const [name, variable] of [
  ["factor", "CYCLET_FUZZ"],
  ["seed", "CYCLET_FUZZ_SEED"],
]) {
  const value = values[name];
  if (value === undefined) continue;
  if (!/^-?[0-9]+$/.test(value) || (name === "factor" && Number(value) < 1)) {
    console.error(`fuzz: --${name} ${value}: expected a whole number`);
    process.exit(2);
  }
  environment[variable] = value;
}

const vitest = "node_modules/vitest/vitest.mjs";
const folders = positionals.length > 0 ? positionals : ["tests/fuzz"];
const run = spawnSync(
  process.execPath,
  [vitest, "run", "--project", "unit", "--testTimeout", "36000000", ...folders],
  { stdio: "inherit", env: environment },
);
process.exit(run.status ?? 1);
