// `npm run mutants -- [NAME…]`: plants each mistake of tests/mutants in a copy of the tree and runs
// the test that it names: that has to fail there, and to pass without it. The copy lies beside the
// tree, so that it finds the same packages.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import cliProgress from "cli-progress";

const FOLDER = "tests/mutants";

/** The tree as it stands, tracked or new, without what is made of it. */
function copyTree() {
  const folder = mkdtempSync(join(tmpdir(), "cyclet-mutants-"));
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const paths = execFileSync("git", args, { encoding: "utf8" }).split("\0");
  for (const path of paths) {
    if (path !== "") cpSync(path, join(folder, path), { recursive: true, force: true });
  }
  symlinkSync(join(process.cwd(), "node_modules"), join(folder, "node_modules"), "dir");
  execFileSync("git", ["init", "-q"], { cwd: folder });
  return folder;
}

/** The text with the mistake in it; tests/mutants/mutants.ts says the same to the tests. */
function mutated({ name, file, search, replace }, text) {
  const lines = text.split("\n");
  const found = lines.flatMap((_, at) => (search.every((l, i) => lines[at + i] === l) ? [at] : []));
  if (found.length !== 1) throw new Error(`${name} stands ${found.length} times in ${file}`);
  lines.splice(found[0], search.length, ...replace);
  return lines.join("\n");
}

/** How the test of a mutant ends in the copy: "passed", "failed", or why there is no answer. */
function verdict(folder, { test, title }) {
  const pattern = title.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const options = ["run", "--project", "unit", test, "-t", pattern, "--reporter", "json"];
  const run = spawnSync(process.execPath, ["node_modules/vitest/vitest.mjs", ...options], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  try {
    const said = JSON.parse(run.stdout.slice(run.stdout.indexOf('{"numTotal')));
    if (said.numFailedTests > 0) return "failed";
    return said.numPassedTests > 0 && said.success ? "passed" : "not run";
  } catch {
    return "not run";
  }
}

const wanted = process.argv.slice(2);
const files = readdirSync(FOLDER).filter((file) => file.endsWith(".json"));
const mutants = files
  .map((file) => ({
    name: basename(file, ".json"),
    ...JSON.parse(readFileSync(join(FOLDER, file), "utf8")),
  }))
  .filter(({ name }) => wanted.length === 0 || wanted.includes(name));
if (mutants.length === 0) {
  console.error(`mutants: ${wanted.join(", ")}: no such mutant; there are those of ${FOLDER}`);
  process.exit(2);
}

const folder = copyTree();
const bar = new cliProgress.SingleBar(
  { clearOnComplete: true },
  cliProgress.Presets.shades_classic,
);
bar.start(mutants.length, 0);
const rows = [];
try {
  for (const mutant of mutants) {
    const path = join(folder, mutant.file);
    const sound = readFileSync(path, "utf8");
    const before = verdict(folder, mutant);
    writeFileSync(path, mutated(mutant, sound));
    const after = verdict(folder, mutant);
    writeFileSync(path, sound);
    const killed = before === "passed" && after === "failed";
    rows.push({ ...mutant, killed, outcome: killed ? "found" : `${before} before, ${after} with` });
    bar.increment();
  }
} finally {
  bar.stop();
  rmSync(folder, { recursive: true, force: true });
}
for (const { name, outcome, test, title } of rows) {
  console.log(`${name}: ${outcome} (${test}, "${title}")`);
}
const found = rows.filter(({ killed }) => killed).length;
console.log(`${found} of ${rows.length} mutants found`);
process.exit(found === rows.length ? 0 : 1);
