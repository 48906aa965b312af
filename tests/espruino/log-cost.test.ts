// What the sample log costs the interpreter beside a frame, in minimal loops as in
// instructions.test.ts, written as for an STM32F405; nothing is asserted but that all of it ran.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OutputOptions } from "rollup";
import { rollup } from "rollup";
import { expect, test } from "vitest";
import { deviceOptions } from "../../rollup.config.ts";
import { count, lacking } from "./counted.ts";
import { runScript } from "./interpreter.ts";

if (lacking !== "") console.warn(`SKIPPED, instructions of the log are not counted: no ${lacking}`);

const MINUTES = 60_000;
/** By then the flash has been made ready. */
const FROM = 40;
const MOST = 400;

async function script(): Promise<string> {
  const options = deviceOptions("stm32f405", "tests/espruino/ticker-log.ts");
  const build = await rollup(options);
  const { output } = await build.generate(options.output as OutputOptions);
  await build.close();
  return output[0].code;
}

function told(frames: number, tells = true): string {
  return `var farFrames = ${frames}, farTells = ${tells};\n`;
}

/** The first frame after `FROM` in which a page is closed, and how many records are in it. */
function closing(code: string): { frame: number; records: number } {
  const folder = mkdtempSync(join(tmpdir(), "cyclet-log-cost-"));
  const look = (frames: number): number[] => {
    const printed = runScript(folder, `${told(frames)}${code}\nquit();\n`);
    return printed.split("@")[1].split(" ").map(Number);
  };
  try {
    let [before, after] = [FROM, MOST];
    const [pages] = look(before);
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (look(middle)[0] > pages) after = middle;
      else before = middle;
    }
    return { frame: after, records: look(before)[1] };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Instructions of frame number `frame`, counted from 1. */
function cost(code: string, frame: number, tells = true): number {
  const [to, from] = [frame, frame - 1].map((frames) => count(told(frames, tells) + code));
  return to.instructions - from.instructions;
}

// Skipped without an interpreter or a counter, see above.
test.skipIf(lacking !== "")(
  lacking === "" ? "a record costs so many minimal loops" : `SKIPPED, no ${lacking}`,
  async () => {
    const code = await script();
    const minimal = readFileSync(join(import.meta.dirname, "minimal-loop.js"), "utf8");
    const loops = [251, 250].map((n) => count(`var farFrames = ${n};\n${minimal}`).instructions);
    const loop = loops[0] - loops[1];
    const { frame, records } = closing(code);
    const none = cost(code, frame - 2, false);
    const noted = [3, 2].map((i) => cost(code, frame - i) - none).sort((a, b) => a - b);
    const closed = cost(code, frame) - none;
    const after = cost(code, frame + 1) - none;
    const inLoops = (n: number): string => (n / loop).toFixed(1);
    console.log(
      `a page of ${records} records; a record noted costs ${inLoops(noted[0])} to ` +
        `${inLoops(noted[1])} minimal loops, one with which a page is closed and written ` +
        `${inLoops(closed)}, the next, in whose frame that is looked at, ${inLoops(after)}`,
    );
    expect(records).toBeGreaterThan(20);
    expect(noted[0]).toBeGreaterThan(0);
    expect(closed).toBeGreaterThan(noted[1]);
    expect(after).toBeGreaterThan(noted[0]);
  },
  20 * MINUTES,
);
