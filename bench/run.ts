// Entry of `npm run bench [-- NAME...]`: runs the benchmarks one after the other, each in a fresh
// process so that none warms up or litters the heap of the next. A benchmark prints its ratio and
// the floor it is held to, and ends with a non-zero status when it is below.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";

const self = "run";
const available = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".js"))
  .map((file) => file.slice(0, -".js".length))
  .filter((name) => name !== self)
  .sort();

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !available.includes(name));
if (unknown.length > 0) {
  console.error(`bench: no ${unknown.join(", ")}; expected one of ${available.join(", ")}`);
  process.exit(2);
}

let failed = 0;
for (const name of wanted.length > 0 ? wanted : available) {
  console.log(`\n# ${name}`);
  const file = `${import.meta.dirname}/${name}.js`;
  if (spawnSync(process.execPath, [file], { stdio: "inherit" }).status !== 0) failed++;
}
process.exit(failed > 0 ? 1 : 0);
