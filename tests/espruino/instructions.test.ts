// What a frame costs the interpreter beside its acquisition, in instructions counted by valgrind,
// as ratios against a minimal loop written by hand. Counts repeat to the last digit on the same
// machine; nothing is asserted but that all of it ran.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { OutputOptions } from "rollup";
import { rollup } from "rollup";
import { expect, test } from "vitest";
import { MEMORY_AREAS } from "../../boards/default-channel.ts";
import { STEP_CURRENT, createStep } from "../../firmware/protocol.ts";
import { deviceOptions } from "../../rollup.config.ts";
import { cellOf, memoryOf } from "../boards/rig.ts";
import { count, lacking } from "./counted.ts";

if (lacking !== "") console.warn(`SKIPPED, instructions of a frame are not counted: no ${lacking}`);

const MINUTES = 60_000;
/** Runs of so many frames are counted, and their differences are single frames: by the first the
 *  cell is live and calm, and with frames of 200 ms one of five is judged whole. */
const FRAMES = [250, 251, 252, 253, 254, 255];
const ENTRIES = ["none", "core", "own", "full"];
/** What a Pico carries is written as for a Pico, all else as for the smallest board. */
const boardOf = (entry: string): string => (entry === "full" ? "espruino-pico" : "mdbt42q");
/** Calm frames beside a whole one at 10 Hz. */
const CALM_AT_10_HZ = 9;

async function script(entry: string): Promise<string> {
  const options = deviceOptions(boardOf(entry), `tests/espruino/ticker-${entry}.ts`);
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

// Skipped without an interpreter or a counter, see above.
test.skipIf(lacking !== "")(
  lacking === "" ? "a frame costs so many minimal loops" : `SKIPPED, no ${lacking}`,
  async () => {
    const scripts: [string, string][] = [
      ["minimal", readFileSync(join(import.meta.dirname, "minimal-loop.js"), "utf8")],
    ];
    for (const entry of ENTRIES) scripts.push([entry, await script(entry)]);
    const costs: Record<string, { calm: number; whole: number }> = {};
    for (const [name, code] of scripts) {
      const runs = FRAMES.map((frames) => {
        return count(`var farFrames = ${frames};\n${program()}${code}`);
      });
      const each = runs.slice(1).map((run, i) => run.instructions - runs[i].instructions);
      const sorted = each.sort((a, b) => a - b);
      costs[name] = { calm: sorted[1], whole: sorted[sorted.length - 1] };
      // Current flows, at the code of 0.5 mA, and lines were said.
      if (name !== "minimal" && name !== "none") {
        const [relay, code, said] = runs[0].said.split(" ").map(Number);
        expect(relay, runs[0].said).toBe(1);
        expect(Math.abs(code - 13107)).toBeLessThan(200);
        expect(said).toBeGreaterThan(20);
      }
    }
    const making = costs["none"].calm;
    const loop = costs["minimal"].calm;
    console.log(`a minimal loop takes ${(loop / 1e3).toFixed(0)} thousand instructions`);
    for (const name of ENTRIES.slice(1)) {
      const [calm, whole] = [costs[name].calm, costs[name].whole].map((n) => (n - making) / loop);
      const mean = (CALM_AT_10_HZ * calm + whole) / (CALM_AT_10_HZ + 1);
      console.log(
        `${name}: a calm frame costs ${calm.toFixed(1)} of them, one judged whole ` +
          `${whole.toFixed(1)}, the mean at 10 Hz ${mean.toFixed(1)}`,
      );
      expect(whole).toBeGreaterThan(calm);
    }
  },
  20 * MINUTES,
);
