// `npm run campaign -- [NAME] [--seeds N] [--long]`: the campaigns under tests/campaign, at full
// length. Vitest refuses options it does not know, so they travel as environment variables:
// CYCLET_SEEDS (number of seeds) and CYCLET_LONG ("1").
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

const options = { seeds: { type: "string" }, long: { type: "boolean", default: false } };
const { values, positionals } = parseArgs({ options, allowPositionals: true });

const environment = { ...process.env };
if (values.seeds !== undefined) {
  if (!/^[1-9][0-9]*$/.test(values.seeds)) {
    console.error(`campaign: --seeds ${values.seeds}: expected a whole number above 0`);
    process.exit(2);
  }
  environment.CYCLET_SEEDS = values.seeds;
}
if (values.long) environment.CYCLET_LONG = "1";

const vitest = "node_modules/vitest/vitest.mjs";
// A bar where somebody looks on; what is printed stays in the lines above it.
const bar = process.stderr.isTTY ? ["--reporter=./scripts/campaign-bar.js"] : [];
const reporters = bar.length > 0 ? ["--reporter=default", ...bar] : [];
const run = spawnSync(
  process.execPath,
  [
    vitest,
    "run",
    "--project",
    "campaign",
    "--passWithNoTests",
    "--disable-console-intercept=true",
    ...reporters,
    ...positionals,
  ],
  { stdio: "inherit", env: environment },
);
process.exit(run.status ?? 1);
