// Whatever a board, or what stands between it and the host, says: decoders never throw and take
// nothing for a message that is none; a run recorded from such lines leaves whole files that hold
// only what was measured, and a verdict at the end.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MEMORY_AREAS, NOMINAL_CODE_MID, SIMULATED } from "../../boards/simulated.ts";
import { decodeAnswer } from "../../firmware/console.ts";
import { EVENT_START, EVENT_VERDICT } from "../../firmware/telemetry.ts";
import { decodeEvent, decodeEvidence, decodeFrame } from "../../firmware/telemetry.ts";
import type { Run } from "../../host/meta.ts";
import { createPlan } from "../../host/plan.ts";
import { configOf, shortHash } from "../../host/program.ts";
import { carryOut } from "../../host/run.ts";
import { targetCell } from "../../host/target.ts";
import { createSplitter } from "../../host/link/wire.ts";
import { eventLine, frameLine, scriptedLink } from "../host/scripted-link.ts";
import { runs } from "./runs.ts";

const number = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -1e9, max: 1e9 }).map(String) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("1e999", "-1e999", "1e300", "-0", "0.5", "1e-7", "null"),
  },
  { weight: 1, arbitrary: fc.constantFrom('"x"', "[]", "{}", "true", '"<script>"', "NaN", "") },
);
const tagged = fc
  .tuple(fc.constantFrom("d", "e", "v", "k", "x"), fc.array(number, { maxLength: 20 }))
  .map(([tag, values]) => `["${tag}"${values.map((each) => `,${each}`).join("")}]`);
const event = fc
  .tuple(fc.nat(15), fc.array(number, { maxLength: 16 }))
  .map(([code, values]) => `["e",${[code, ...values].join(",")}]`);
const proper = fc.oneof(
  fc.integer({ min: 0, max: 1e7 }).map((timeMs) => frameLine({ timeMs, sequence: timeMs })),
  fc
    .tuple(fc.integer({ min: 1, max: 13 }), fc.array(fc.integer({ min: -1, max: 9 })))
    .map(([code, values]) => eventLine(code, 1000, ...values)),
);
const cut = fc
  .tuple(proper, fc.nat(), fc.nat(3), fc.string({ unit: "binary", maxLength: 2 }))
  .map(([text, where, lost, noise]) => {
    const at = where % text.length;
    return text.slice(0, at) + noise + text.slice(at + lost);
  });
const noise = fc.oneof(fc.string({ unit: "binary", maxLength: 200 }), fc.json());
const line = fc.oneof(proper, cut, cut, tagged, event, noise);

function isFiniteNumbers(values: readonly unknown[]): boolean {
  return values.every((value) => Number.isFinite(value));
}

describe("a decoder", () => {
  test("never throws, and takes only finite numbers for a message", () => {
    let taken = 0;
    const check = (text: string): void => {
      const frame = decodeFrame(text);
      const event = decodeEvent(text);
      const evidence = decodeEvidence(text);
      const answer = decodeAnswer(text);
      const found = [frame, event, evidence, answer].filter((each) => each !== null);
      expect(found.length).toBeLessThanOrEqual(1);
      taken += found.length;
      if (frame !== null) expect(isFiniteNumbers(Object.values(frame))).toBe(true);
      if (event !== null) expect(isFiniteNumbers([event.code, ...event.values])).toBe(true);
      if (evidence !== null)
        expect(isFiniteNumbers([evidence.event, ...evidence.points])).toBe(true);
      if (answer !== null) expect(isFiniteNumbers([answer.result, ...answer.values])).toBe(true);
    };
    const amount = runs(10_000);
    fc.assert(fc.property(line, check), amount);
    expect(taken).toBeGreaterThan((amount.numRuns ?? 0) / 10);
  });

  test("is given lines of bounded length, however the bytes come", () => {
    const check = (texts: string[], sizes: number[]): void => {
      const all = texts.join("");
      const seen: string[] = [];
      const split = createSplitter((text) => seen.push(text));
      let at = 0;
      for (let i = 0; at < all.length; i++) {
        const size = 1 + sizes[i % sizes.length];
        split(all.slice(at, at + size));
        at += size;
      }
      split("\n");
      const whole = all.split(/[\r\n]/).filter((each) => each !== "" && each.length <= 4096);
      expect(seen).toEqual(whole);
    };
    const text = fc.oneof(line, fc.constantFrom("\n", "\r", "\r\n", "x".repeat(4097)));
    const sizes = fc.array(fc.nat(600), { minLength: 1, maxLength: 5 });
    fc.assert(fc.property(fc.array(text, { maxLength: 12 }), sizes, check), runs(1000));
  });
});

const cell = targetCell("sim:hNa");
const plan = createPlan("rest", cell, SIMULATED, MEMORY_AREAS);
const run: Run = {
  ...{ plan, target: "sim:hNa", simulated: cell, seed: 1, command: "cyclet run rest" },
  config: configOf(cell, NOMINAL_CODE_MID),
};
const START = eventLine(EVENT_START, 0, 2, shortHash(plan.hash));
const VERDICT = eventLine(EVENT_VERDICT, 9000, 0, -1, 0, 0, -1, -1, -1, -1, 0);

const figure = /^-?\d+(\.\d+)?$/;

/** Complaints about the files of a run. */
function faultsOf(folder: string): string[] {
  const read = (suffix: string): string =>
    readFileSync(join(folder, `rest-hNa-seed1.${suffix}`), "utf8");
  const found: string[] = [];
  const [header, ...rows] = read("bdf.csv").trim().split("\n");
  const labels = header.split(",");
  for (const row of rows) {
    const cells = row.split(",");
    const wrong = cells.filter(
      (each, i) => !labels[i].startsWith("Step Type") && !figure.test(each),
    );
    if (cells.length !== labels.length || wrong.length > 0) found.push(row);
  }
  const events = read("events.ndjson").trim().split("\n");
  const names = events.map((each) => (JSON.parse(each) as { event: string }).event);
  if (names.at(-1) !== "verdict" || names.indexOf("verdict") !== names.length - 1) {
    found.push(names.join());
  }
  found.push(...events.slice(0, -1).filter((each) => /null/.test(each)));
  const page = read("report.html");
  const body = page.replace(/<script[\s\S]*?<\/script>/g, "");
  if (/NaN|Infinity|undefined|<script>/.test(body)) found.push("report");
  return found;
}

describe("a run recorded from such lines", () => {
  let out = "";
  beforeAll(() => {
    out = mkdtempSync(join(tmpdir(), "cyclet-fuzz-"));
  });
  afterAll(() => rmSync(out, { recursive: true }));

  test("leaves whole files, with a verdict at their end", async () => {
    let count = 0;
    const check = async (lines: string[]): Promise<void> => {
      const folder = join(out, String(count++));
      const script = [START, ...lines, VERDICT].map((text) => ({ atMs: 1, line: text }));
      const options = { out: folder, speed: Infinity, print: () => undefined };
      await carryOut(scriptedLink(script), run, options);
      expect(existsSync(folder)).toBe(true);
      expect(faultsOf(folder)).toEqual([]);
      rmSync(folder, { recursive: true });
    };
    const lines = fc.array(line, { maxLength: 30 });
    await fc.assert(fc.asyncProperty(lines, check), runs(60));
  });
});
