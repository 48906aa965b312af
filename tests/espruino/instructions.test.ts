// What a frame costs the interpreter beside its acquisition, in instructions counted by valgrind,
// as ratios against a minimal loop written by hand. Counts repeat to the last digit on the same
// machine; nothing is asserted but that all of it ran.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OutputOptions } from "rollup";
import { rollup } from "rollup";
import { expect, test } from "vitest";
import { MEMORY_AREAS } from "../../boards/default-channel.ts";
import { STEP_CURRENT, createStep } from "../../firmware/protocol.ts";
import { deviceOptions } from "../../rollup.config.ts";
import { cellOf, memoryOf } from "../boards/rig.ts";
import { executable } from "./interpreter.ts";

const valgrind = spawnSync("valgrind", ["--version"]).status === 0;
const lacking = [executable === "" ? "ESPRUINO" : "", valgrind ? "" : "valgrind"].join(" ").trim();
if (lacking !== "") console.warn(`SKIPPED, instructions of a frame are not counted: no ${lacking}`);

const MINUTES = 60_000;
/** Frames of the two runs whose difference is counted: the ladder is climbed by the first. */
const FRAMES = [150, 400];
const ENTRIES = ["none", "core", "full"];
const BOARD = "mdbt42q";

async function script(entry: string): Promise<string> {
  const options = deviceOptions(BOARD, `tests/espruino/ticker-${entry}.ts`);
  const build = await rollup(options);
  const { output } = await build.generate(options.output as OutputOptions);
  await build.close();
  return output[0].code;
}

function program(): string {
  const cell = cellOf("bareNa");
  const step = { ...createStep(), kind: STEP_CURRENT, current: 5e-4, duration: 1e5, budget: 2e5 };
  const bytes = memoryOf(cell, [{ ...step, voltageMin: -4, voltageMax: 4 }]);
  const config = Array.from(bytes.subarray(0, 300));
  const steps = Array.from(bytes.subarray(MEMORY_AREAS.protocol, MEMORY_AREAS.protocol + 300));
  const list = (from: number[]): string => `new Uint8Array([${from.join(",")}])`;
  return `var farConfig = ${list(config)}, farProgram = ${list(steps)};\n`;
}

/** Instructions of a run, and what the script printed between @. */
function count(code: string, frames: number): { instructions: number; said: string } {
  const folder = mkdtempSync(join(tmpdir(), "cyclet-count-"));
  const out = join(folder, "counts");
  const main = join(folder, "main.js");
  writeFileSync(main, `var farFrames = ${frames};\n${program()}${code}\nquit();\n`);
  const options = ["--tool=cachegrind", "--cache-sim=no", `--cachegrind-out-file=${out}`];
  const printed = execFileSync("valgrind", [...options, executable, main], {
    cwd: folder,
    encoding: "latin1",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const summary = /summary: (\d+)/.exec(readFileSync(out, "utf8"));
  rmSync(folder, { recursive: true });
  return { instructions: Number(summary?.[1]), said: printed.split("@")[1] };
}

test.skipIf(lacking !== "")(
  lacking === "" ? "a frame costs so many minimal loops" : `SKIPPED, no ${lacking}`,
  async () => {
    const scripts: [string, string][] = [
      ["minimal", readFileSync(join(import.meta.dirname, "minimal-loop.js"), "utf8")],
    ];
    for (const entry of ENTRIES) scripts.push([entry, await script(entry)]);
    const costs: Record<string, number> = {};
    for (const [name, code] of scripts) {
      const [few, many] = FRAMES.map((frames) => count(code, frames));
      costs[name] = (many.instructions - few.instructions) / (FRAMES[1] - FRAMES[0]);
      // Current flows, at the code of 0.5 mA, and lines were said.
      if (name === "core" || name === "full") {
        const [relay, code, said] = many.said.split(" ").map(Number);
        expect(relay, many.said).toBe(1);
        expect(Math.abs(code - 13107)).toBeLessThan(200);
        expect(said).toBeGreaterThan(20);
      }
    }
    const ratio = (name: string): string =>
      ((costs[name] - costs["none"]) / costs["minimal"]).toFixed(1);
    const thousands = Object.entries(costs).map(([name, n]) => `${name} ${(n / 1e3).toFixed(0)}k`);
    console.log(
      `instructions a frame: ${thousands.join(", ")}; frames by the core cost ${ratio("core")}, ` +
        `with all rules ${ratio("full")} minimal loops`,
    );
    expect(costs["core"]).toBeGreaterThan(costs["none"]);
  },
  20 * MINUTES,
);
