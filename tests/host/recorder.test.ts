import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MEMORY_AREAS, NOMINAL_CODE_MID, SIMULATED } from "../../boards/simulated.ts";
import {
  EVENT_HOLD,
  EVENT_PROOF,
  EVENT_RECOVERED,
  EVENT_SHORT,
  EVENT_START,
  EVENT_VERDICT,
  END_STOPPED,
  VERDICT_SOFT,
} from "../../firmware/telemetry.ts";
import { InputError } from "../../host/input-error.ts";
import type { Run } from "../../host/meta.ts";
import { createPlan } from "../../host/plan.ts";
import { configOf, shortHash } from "../../host/program.ts";
import { makeRunFolder, safeName } from "../../host/run-files.ts";
import { carryOut } from "../../host/run.ts";
import { targetCell } from "../../host/target.ts";
import { eventLine, frameLine, scriptedLink } from "./scripted-link.ts";
import type { Said } from "./scripted-link.ts";

let out = "";
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "cyclet-run-"));
});
afterEach(() => rmSync(out, { recursive: true }));

const cell = targetCell("sim:hNa");
const plan = createPlan("rest", cell, SIMULATED, MEMORY_AREAS);
const run: Run = {
  ...{ plan, target: "sim:hNa", simulated: cell, seed: 1, command: "cyclet run rest" },
  config: configOf(cell, NOMINAL_CODE_MID),
};
const start = { atMs: 0, line: eventLine(EVENT_START, 0, 2, shortHash(plan.hash)) };
const verdict = { atMs: 9, line: eventLine(EVENT_VERDICT, 9000, 0, -1, 0, 0, -1, -1, -1, -1, 0) };

function frames(count: number): Said[] {
  return Array.from({ length: count }, (_, i) => ({
    atMs: 1,
    line: frameLine({ timeMs: i * 1000, sequence: i }),
  }));
}

function read(suffix: string, name = "rest-hNa-seed1"): string {
  return readFileSync(join(out, `${name}.${suffix}`), "utf8");
}

async function carry(script: Said[], lines: string[] = [], onStop: string[] = []): Promise<number> {
  const print = (line: string): void => void lines.push(line);
  return carryOut(scriptedLink(script, onStop), run, { out, speed: Infinity, print });
}

describe("a run", () => {
  test("leaves four whole files and says where", async () => {
    const lines: string[] = [];
    expect(await carry([start, ...frames(2000), verdict], lines)).toBe(0);
    expect(read("bdf.csv").split("\n")).toHaveLength(2002);
    const last = JSON.parse(read("events.ndjson").trim().split("\n").at(-1) ?? "") as object;
    expect(last).toEqual({ event: "verdict", verdict: "healthy", t: null, end: "finished" });
    expect(JSON.parse(read("meta.json"))).toMatchObject({
      seed: 1,
      protocol: { sha256: plan.hash },
      steps: [{ kind: "rest", duration: 3600, voltageMax: null }, { kind: "end" }],
      calibration: { source: "nominal", zeroCode: [32768, 32768, 32768, 32768] },
    });
    expect(read("report.html")).toMatch(/<\/html>\n$/);
    expect(lines.at(0)).toBe("rest on hNa, seed 1");
    expect(lines.slice(-5)).toEqual([
      "No sign of a short.",
      ...["report.html", "bdf.csv", "events.ndjson", "meta.json"].map(
        (suffix) => `  ${join(out, `rest-hNa-seed1.${suffix}`)}`,
      ),
    ]);
  });

  test("says beside the data which cell and which test they are of", async () => {
    expect(await carry([start, ...frames(20), verdict])).toBe(0);
    expect(JSON.parse(read("bdf.metadata.json"))).toMatchObject({
      battinfo_test: {
        test: {
          ...{ identifier: "rest-hNa-seed1", name: "rest on hNa", kind: "cycling" },
          ...{ started_at: 946684800, ended_at: 946684819, status: "completed" },
        },
        provenance: { source_type: "simulation", source_file: "rest-hNa-seed1.bdf.csv" },
      },
      battinfo_cell: { cell_instance: { name: "hNa" } },
      battinfo_test_protocol: { test_spec: { name: "rest", identifier: plan.hash } },
      extras: { cyclet: { test: "rest-hNa-seed1", meta: "rest-hNa-seed1.meta.json" } },
    });
  });

  test("gives the same bytes again, beside the first", async () => {
    await carry([start, ...frames(50), verdict]);
    await carry([start, ...frames(50), verdict]);
    for (const suffix of ["bdf.csv", "events.ndjson", "meta.json", "report.html"]) {
      expect(read(suffix, "rest-hNa-seed1-2")).toBe(read(suffix));
    }
  });

  test("that falls silent ends with a fault and a verdict of what was seen", async () => {
    const short = { atMs: 5, line: eventLine(EVENT_SHORT, 5000, 0, 0, 1, 2, 1000) };
    expect(await carry([start, ...frames(5), short])).toBe(3);
    const events = read("events.ndjson").trim().split("\n").slice(-2);
    expect(events.map((line) => JSON.parse(line) as unknown)).toEqual([
      { t: 5, event: "fault", code: "NO_VERDICT" },
      { event: "verdict", verdict: "hard-short", t: 5, end: "fault" },
    ]);
    expect(existsSync(join(out, "rest-hNa-seed1.report.html"))).toBe(true);
  });

  test("has evidence of the events that the channel numbers", async () => {
    const lines: string[] = [];
    const said = (atMs: number, ...events: string[]) => events.map((line) => ({ atMs, line }));
    const status = await carry(
      [
        start,
        ...frames(5),
        ...said(2, eventLine(EVENT_SHORT, 2000, 1, 2, 40e6, 41e6, 990)),
        ...said(2, '["v",1,0,1900,0,-4681,-97470000,100000,-4600,-97470000]'),
        ...said(3, eventLine(EVENT_RECOVERED, 3000, 1)),
        ...said(4, eventLine(EVENT_PROOF, 4000, 0, 2, 20000, 300000)),
        ...said(4, '["v",2,1,4000,1250,250,0]'),
        verdict,
      ],
      lines,
    );
    expect(status).toBe(0);
    expect(read("evidence.csv")).toBe(
      "Event / 1,Kind,Test Time / s,Voltage / V,Current / A\n" +
        "1,frame,1.9,-0.004681,-0.00009747\n1,frame,2,-0.0046,-0.00009747\n" +
        "2,burst,4.00125,0.00025,0\n",
    );
    const events = read("events.ndjson").trim().split("\n");
    const numbers = events.map((line) => {
      const { event, evidence } = JSON.parse(line) as { event: string; evidence?: number };
      return [event, evidence];
    });
    expect(numbers).toEqual([
      ["short", 1],
      ["recovered", undefined],
      ["proof", 2],
      ["verdict", undefined],
    ]);
    expect(lines).toContain(`  ${join(out, "rest-hNa-seed1.evidence.csv")}`);
    expect(read("report.html")).toContain('id="evidence-1"');
  });

  test("without evidence has no file for it", async () => {
    await carry([start, ...frames(5), verdict]);
    expect(existsSync(join(out, "rest-hNa-seed1.evidence.csv"))).toBe(false);
    expect(read("report.html")).not.toContain("<h2>Evidence</h2>");
  });

  test("that is held is stopped, for nobody is there: status 1, whole files", async () => {
    const lines: string[] = [];
    const held = { atMs: 3, line: eventLine(EVENT_HOLD, 3000, VERDICT_SOFT) };
    const values = [VERDICT_SOFT, 2000, END_STOPPED, 0, -1, -1, -1, -1, 1, 0, -1, -1, 0, -1];
    const stopped = eventLine(EVENT_VERDICT, 4000, ...values);
    expect(await carry([start, ...frames(5), held], lines, [stopped])).toBe(1);
    expect(lines).toContain("00:00:03  hold: soft short");
    expect(lines).toContain("the channel is held; nobody is here to resume it: it is stopped");
    const events = read("events.ndjson").trim().split("\n");
    expect(events.map((line) => JSON.parse(line) as unknown)).toEqual([
      { t: 3, event: "hold", verdict: "soft-short" },
      { event: "verdict", verdict: "soft-short", t: 2, end: "stopped" },
    ]);
    expect(read("report.html")).toMatch(/<\/html>\n$/);
  });

  test("says when lines were lost", async () => {
    const damaged = { atMs: 2, line: '["d",NaN]' };
    expect(await carry([start, ...frames(3), damaged, verdict])).toBe(0);
    expect(read("events.ndjson")).toContain('{"t":2,"event":"gap","lines":1}');
  });
});

describe("makeRunFolder", () => {
  test("gives two that ask at once two names", () => {
    const names = [1, 2, 3].map(() => makeRunFolder("a", out).bdf);
    expect(names).toEqual(["a", "a-2", "a-3"].map((name) => join(out, `${name}.bdf.csv`)));
  });

  test.each([
    "bdf.csv",
    "bdf.metadata.json",
    "meta.json",
    "events.ndjson",
    "evidence.csv",
    "report.html",
  ])("steps aside for a foreign %s", (suffix) => {
    writeFileSync(join(out, `a.${suffix}`), "mine");
    expect(makeRunFolder("a", out).meta).toBe(join(out, "a-2.meta.json"));
    expect(readFileSync(join(out, `a.${suffix}`), "utf8")).toBe("mine");
  });

  test("leaves nothing behind where it cannot write", () => {
    writeFileSync(join(out, "file"), "");
    expect(() => makeRunFolder("a", join(out, "file"))).toThrow(InputError);
    expect(() => makeRunFolder("a", join(out, "file", "deeper"))).toThrow(/ENOTDIR/);
    const long = join(out, "new", "x".repeat(300));
    expect(() => makeRunFolder("a", long)).toThrow(/ENAMETOOLONG/);
    expect(existsSync(join(out, "new"))).toBe(false);
  });
});

test.each([
  ["ccd-NZSP 17/α-seed1", "ccd-NZSP-17-seed1"],
  ["../../etc/passwd", "etc-passwd"],
  ["é", "e"],
  ["", "run"],
  ["..", "run"],
  ["x".repeat(300), "x".repeat(100)],
])("safeName of %j is %j", (text, name) => {
  expect(safeName(text)).toBe(name);
});
