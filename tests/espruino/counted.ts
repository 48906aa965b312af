// Instructions of a script on the real interpreter, counted by valgrind.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { executable } from "./interpreter.ts";

const valgrind = spawnSync("valgrind", ["--version"]).status === 0;
/** What is missing for counting, "" = nothing. */
export const lacking = [executable === "" ? "ESPRUINO" : "", valgrind ? "" : "valgrind"]
  .join(" ")
  .trim();

/** What is not counted: the thread that waits for the keyboard, as long as the run lasts; and the
 *  copying of functions' text, which in a board's flash is where it is. */
const UNCOUNTED = ["jshInputThread", "jslNewStringFromLexer"];

/** Instructions that a script takes, and what it printed between @. */
export function count(code: string): { instructions: number; said: string } {
  const folder = mkdtempSync(join(tmpdir(), "cyclet-count-"));
  const out = join(folder, "counts");
  const main = join(folder, "main.js");
  writeFileSync(main, `${code}\nquit();\n`);
  const options = ["--tool=callgrind", `--callgrind-out-file=${out}`];
  for (const each of UNCOUNTED) options.push(`--toggle-collect=${each}`);
  options.push("--collect-atstart=yes");
  const printed = execFileSync("valgrind", [...options, executable, main], {
    cwd: folder,
    encoding: "latin1",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const totals = /^totals: (\d+)/m.exec(readFileSync(out, "utf8"));
  rmSync(folder, { recursive: true });
  return { instructions: Number(totals?.[1]), said: printed.split("@")[1] };
}
