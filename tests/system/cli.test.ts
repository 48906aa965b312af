// The built command line, started as a user starts it.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const program = fileURLToPath(new URL("../../dist/cyclet.js", import.meta.url));

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cyclet-cli-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Outcome {
  status: number | null;
  out: string;
  err: string;
}

interface Signals {
  /** Sent once the words of `after` have been printed. */
  after: string;
  signals: NodeJS.Signals[];
}

function cyclet(args: string[], interrupt?: Signals): Promise<Outcome> {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder });
  const outcome: Outcome = { status: null, out: "", err: "" };
  let sent = false;
  child.stdout.on("data", (text: Buffer) => {
    outcome.out += text.toString();
    if (interrupt === undefined || sent || !outcome.out.includes(interrupt.after)) return;
    sent = true;
    for (const signal of interrupt.signals) child.kill(signal);
  });
  child.stderr.on("data", (text: Buffer) => (outcome.err += text.toString()));
  return new Promise((done) => child.on("close", (status) => done({ ...outcome, status })));
}

function write(name: string, content: unknown): void {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  writeFileSync(join(folder, name), text);
}

interface Line {
  event: string;
  t?: number | null;
  [key: string]: unknown;
}

function eventsIn(path: string): Line[] {
  const text = readFileSync(join(folder, path), "utf8");
  expect(text).toMatch(/\n$/);
  const lines = text.trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as Line);
}

function rowsIn(path: string): Record<string, number>[] {
  const [header, ...rows] = readFileSync(join(folder, path), "utf8").trimEnd().split("\n");
  const names = header.split(",");
  return rows.map((row) => {
    const cells = row.split(",");
    expect(cells).toHaveLength(names.length);
    return Object.fromEntries(names.map((name, i) => [name, Number(cells[i])]));
  });
}

/** The event numbers in an evidence file. */
function evidenceIn(path: string): number[] {
  return rowsIn(path).map((row) => row["Event / 1"]);
}

const HOUR = 3600;

describe("cyclet demo", () => {
  test("finds the critical current density of h-Na and leaves whole files", async () => {
    const { status, out, err } = await cyclet(["demo"]);
    expect(err).toBe("");
    expect(status).toBe(0);
    // Not a terminal: no control characters.
    expect([...out].every((letter) => letter === "\n" || letter >= " ")).toBe(true);
    expect(out).toContain("Hard short; critical current density between 3.0 and 3.1 mA/cm²");
    const name = "runs/ccd-hNa-seed1/ccd-hNa-seed1";
    const events = eventsIn(`${name}.events.ndjson`);
    expect(events.filter((line) => line.event === "verdict")).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({
      event: "verdict",
      verdict: "hard-short",
      ccd: { bracketMaCm2: [3, 3.1], lastCompletedMaCm2: 3, hardMaCm2: 3.1, censored: false },
    });
    const times = events.slice(0, -1).map((line) => line.t ?? NaN);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(readFileSync(join(folder, `${name}.report.html`), "utf8")).toMatch(/<\/html>\n$/);
    const evidence = "ccd-hNa-seed1.evidence.csv";
    const files = readdirSync(join(folder, "runs/ccd-hNa-seed1")).sort();
    expect(files.filter((file) => file !== evidence)).toEqual(
      [
        "bdf.csv",
        "bdf.metadata.json",
        "cycles.csv",
        "events.ndjson",
        "meta.json",
        "report.html",
      ].map((s) => `ccd-hNa-seed1.${s}`),
    );
    // Nothing is evidence of an event that the event file does not number.
    const numbers = new Set(events.map((line) => line["evidence"]));
    const seen = files.includes(evidence) ? evidenceIn(`${name}.evidence.csv`) : [];
    for (const number of seen) expect(numbers).toContain(number);
  });

  test("says what another lab needs to repeat it", async () => {
    await cyclet(["demo"]);
    const name = "runs/ccd-hNa-seed1/ccd-hNa-seed1";
    const meta = JSON.parse(readFileSync(join(folder, `${name}.meta.json`), "utf8")) as {
      protocol: { sha256: string };
    };
    const { ccd } = eventsIn(`${name}.events.ndjson`).at(-1) as unknown as {
      ccd: Record<string, number> & { protocolHash: string };
    };
    expect(ccd.protocolHash).toBe(meta.protocol.sha256);
    expect(readFileSync(join(folder, `${name}.report.html`), "utf8")).toContain(ccd.protocolHash);
    const [soft, hard] = ["soft", "hard"].map((n) => ccd[`${n}CumulativeArealCapacityMahCm2`]);
    expect(soft).toBeGreaterThan(0);
    expect(soft).toBeLessThanOrEqual(hard);
    expect(hard).toBeLessThanOrEqual(ccd["cumulativeArealCapacityMahCm2"]);
    expect(ccd["leakageFractionUncertainty"]).toBeGreaterThan(0);
  });

  test("keeps the rules of the BDF validator, and counts the charge it passed", async () => {
    await cyclet(["demo"]);
    const rows = rowsIn("runs/ccd-hNa-seed1/ccd-hNa-seed1.bdf.csv");
    expect(rows.length).toBeGreaterThan(60_000);
    const accumulators = ["Charging", "Discharging", "Cumulative"].map((n) => `${n} Capacity / Ah`);
    const rising = ["Test Time / s", "Unix Time / s", "Cycle Count / 1", ...accumulators];
    let integral = 0;
    let broken = 0;
    rows.forEach((row, i) => {
      const before = rows[Math.max(0, i - 1)];
      if (rising.some((name) => !(row[name] >= before[name]))) broken++;
      if (![0, 1].includes(row["Step Count / 1"] - before["Step Count / 1"])) broken++;
      integral += (row["Current / A"] * (row["Test Time / s"] - before["Test Time / s"])) / HOUR;
    });
    expect(broken).toBe(0);
    const last = rows[rows.length - 1];
    // Half cycles nearly cancel; what is left must agree to a thousandth of what was moved.
    const moved = last["Cumulative Capacity / Ah"];
    expect(Math.abs(integral - last["Net Capacity / Ah"])).toBeLessThan(1e-3 * moved);
  });
});

describe("cyclet run", () => {
  test("gives the same bytes for the same seed, and overwrites nothing", async () => {
    const run = (...more: string[]) =>
      cyclet(["run", "p.json", "--on", "sim:bareNa", "--out", "out", ...more]);
    const until = { arealChargeMahCm2: 0.02 };
    write("p.json", {
      ...{ cyclet: 1, name: "short cycles" },
      method: [
        { step: "current", currentDensityMaCm2: 0.1, until },
        { step: "current", currentDensityMaCm2: -0.1, until },
        { step: "loop", to: 1, count: 2 },
      ],
    });
    for (const seed of ["5", "5", "6"]) {
      expect(await run("--seed", seed)).toMatchObject({ status: 0, err: "" });
    }
    const read = (name: string) => readFileSync(join(folder, "out", name), "utf8");
    const [first, again, other] = ["seed5", "seed5-2", "seed6"].map(
      (s) => `short-cycles-bareNa-${s}`,
    );
    for (const suffix of ["bdf.csv", "events.ndjson", "meta.json", "report.html"]) {
      expect(read(`${again}.${suffix}`)).toBe(read(`${first}.${suffix}`));
    }
    expect(read(`${other}.bdf.csv`)).not.toBe(read(`${first}.bdf.csv`));
    const steps = eventsIn(`out/${first}.events.ndjson`).filter((line) => line.event === "step");
    expect(steps.map((line) => [line["index"], line["setpointMaCm2"]])).toEqual([
      [0, 0.1],
      [1, -0.1],
      [0, 0.1],
      [1, -0.1],
    ]);
    const verdict = eventsIn(`out/${first}.events.ndjson`).at(-1);
    expect(verdict).toEqual({ event: "verdict", verdict: "healthy", t: null, end: "finished" });
  });

  test("climbs by a factor, one way, for constant times", async () => {
    write("p.json", {
      cyclet: 1,
      method: [
        {
          ...{ step: "ccd", startMaCm2: 0.25, factor: 2, maxMaCm2: 2, halfCycleS: 120 },
          ...{ direction: "one-way", cyclesPerLevel: 2, restS: 30 },
        },
      ],
    });
    const { status, err } = await cyclet(["run", "p.json", "--on", "sim:hNa", "--out", "."]);
    expect([status, err]).toEqual([0, ""]);
    const events = eventsIn("p-hNa-seed1.events.ndjson");
    const levels = [0.25, 0.5, 1, 2].flatMap((level) => [level, 0, level, 0]).slice(0, -1);
    const steps = events.filter((line) => line.event === "step");
    expect(steps.map((line) => line["setpointMaCm2"])).toEqual(levels);
    // Rests between the half cycles, 150 s from one to the next.
    const times = steps.filter((line) => line["setpointMaCm2"] !== 0).map((line) => line.t ?? NaN);
    times.slice(1).forEach((time, i) => expect((time - times[i]) / 150).toBeCloseTo(1, 1));
    const moved = (120 * 2 * 3.75) / HOUR;
    const { ccd } = events.at(-1) as unknown as { ccd: Record<string, number> };
    expect(ccd).toMatchObject({ lastCompletedMaCm2: 2, bracketMaCm2: null, censored: true });
    expect(ccd["cumulativeArealCapacityMahCm2"] / moved).toBeCloseTo(1, 1);
  });

  test("ends a run that is no staircase with status 1 when the cell shorts", async () => {
    const until = { arealChargeMahCm2: 0.2 };
    write("p.json", {
      cyclet: 1,
      method: [
        { step: "current", currentDensityMaCm2: 4, until },
        { step: "current", currentDensityMaCm2: -4, until },
        { step: "loop", to: 1, count: 1000 },
      ],
    });
    const { status, out } = await cyclet(["run", "p.json", "--on", "sim:hNa", "--out", "."]);
    expect(out).toContain("short");
    expect(status).toBe(1);
    const verdict = eventsIn("p-hNa-seed1.events.ndjson").at(-1);
    expect(verdict).toMatchObject({ event: "verdict", verdict: "hard-short", end: "short" });
    expect(verdict).not.toHaveProperty("ccd");
  });

  test("ends a run with status 1 at a limit of the cell, and names it", async () => {
    const until = { timeS: 100 * HOUR };
    write("p.json", { cyclet: 1, method: [{ step: "current", currentDensityMaCm2: 4, until }] });
    const { status } = await cyclet(["run", "p.json", "--on", "sim:hNa", "--out", "."]);
    expect(status).toBe(1);
    expect(eventsIn("p-hNa-seed1.events.ndjson").slice(-2)).toMatchObject([
      { event: "fault", code: "V_HIGH" },
      { event: "verdict", verdict: "void-growth", end: "limit" },
    ]);
  });

  test("takes the cell from a file", async () => {
    write("cell.json", { ...cell, sim: { anode: { nzspToNaMassRatio: 0.5 }, seed: 3 } });
    const { status, err } = await cyclet(["run", "rest", "--on", "sim:cell.json", "--out", "."]);
    expect([status, err]).toEqual([0, ""]);
    const meta = readFileSync(join(folder, "rest-NZSP-17-seed3.meta.json"), "utf8");
    expect(JSON.parse(meta)).toMatchObject({ cell: { areaCm2: 0.95 }, seed: 3 });
  });

  test("stops at the first signal with complete files", async () => {
    const args = ["run", "ccd", "--on", "sim:hNa", "--out", ".", "--speed", "3600"];
    const { status, out } = await cyclet(args, { after: "rest", signals: ["SIGINT"] });
    expect(status).toBe(1);
    expect(out).toContain("stopped by hand");
    const events = eventsIn("ccd-hNa-seed1.events.ndjson");
    expect(events.at(-1)).toMatchObject({ event: "verdict", end: "stopped" });
    expect(events.filter((line) => line.event === "verdict")).toHaveLength(1);
    expect(rowsIn("ccd-hNa-seed1.bdf.csv").length).toBeGreaterThan(0);
    expect(existsSync(join(folder, "ccd-hNa-seed1.report.html"))).toBe(true);
  });

  test("breaks off at the second, with whole lines and a verdict", async () => {
    const args = ["run", "ccd", "--on", "sim:hNa", "--out", ".", "--speed", "3600"];
    const signals: NodeJS.Signals[] = ["SIGINT", "SIGTERM"];
    const { status } = await cyclet(args, { after: "rest", signals });
    expect(status).toBe(130);
    expect(eventsIn("ccd-hNa-seed1.events.ndjson").at(-1)).toMatchObject({ event: "verdict" });
    expect(readFileSync(join(folder, "ccd-hNa-seed1.bdf.csv"), "utf8")).toMatch(/^$|\n$/);
  });
});

const cell = {
  name: "NZSP-17",
  areaCm2: 0.95,
  electrolyte: { thicknessCm: 0.162, conductivitySPerCm: 0.0041, activationEnergyEv: 0.29 },
  clampForceN: 5884,
  temperatureC: 25,
  voltageWindowV: [-4, 4],
};

describe("bad input", () => {
  const { areaCm2, ...noArea } = cell;
  const files: Record<string, unknown> = {
    "comma.json": '{"cyclet": 1,\n "method": [{"step": "rest", "timeS": 1},]}',
    "typo.json": { cyclet: 1, method: [{ step: "rest", tiemS: 1 }] },
    "endless.json": { cyclet: 1, method: [{ step: "current", currentMa: 1 }] },
    "strong.json": {
      ...{ cyclet: 1 },
      method: [{ step: "current", currentMa: 11, until: { timeS: 1 } }],
    },
    "cell.json": cell,
    "stairs.json": {
      ...{ cyclet: 1 },
      method: [
        {
          ...{ step: "ccd", startMaCm2: 0.1, stepMaCm2: 0.1, factor: 2, maxMaCm2: 1 },
          halfCycleS: 60,
        },
      ],
    },
    "deaf.json": { cyclet: 1, on: { hard: "continue" }, method: [{ step: "rest", timeS: 1 }] },
    "area.json": { ...noArea, areaCm: areaCm2, sim: { anode: "hNa" } },
    "file.txt": "",
  };
  const on = ["--on", "sim:hNa"];

  test.each<[string[], string]>([
    [[], "a command is needed; accepted: demo, run, check"],
    [["bogus"], "unknown command 'bogus'"],
    [["run", "ccd"], "required option '--on <target>' not specified"],
    [["run", ...on], "missing required argument 'protocol'"],
    [["run", "ccd", ...on, "--sed", "1"], "unknown option '--sed' (Did you mean --seed?)"],
    [["run", "ccd", ...on, "--seed", "-1"], "a whole number from 0 to 4294967295"],
    [["run", "ccd", ...on, "--speed", "fast"], "max, or test seconds a real second"],
    [["run", "cdd", ...on], 'did you mean "ccd"?'],
    [["run", "geis", ...on], "geis: not available yet; available: ccd, cycle, strip, rest"],
    [["run", "ccd", "--on", "firmata:/dev/nowhere"], "nobody is at a terminal"],
    [["run", "ccd", "--on", "firmata:/dev/nowhere", "--keep-alive"], "/dev/nowhere: no such port"],
    [["run", "ccd", ...on, "--keep-alive"], "accepted with --on firmata:PATH"],
    [["selftest", "--on", "firmata:"], "accepted: firmata:PATH; "],
    [["run", "ccd", "--on", "firmata:"], "accepted: firmata:PATH; "],
    [["run", "ccd", "--on", "firmata"], "accepted: firmata:PATH; "],
    [["run", "ccd", ...on, "--resume"], "accepted with --on firmata:PATH"],
    [["run", "ccd", "--on", "serial:/dev/nowhere", "--resume"], "goes on by itself; accepted"],
    [
      ["run", "ccd", "--on", "firmata:/dev/nowhere", "--keep-alive", "--resume"],
      "no run was broken off on firmata:/dev/nowhere",
    ],
    [["resume", "--on", "firmata:/dev/ttyUSB0"], "the channel lives only as long as cyclet run"],
    [["run", "ccd", "--on", "serial:/dev/nowhere"], "/dev/nowhere: no such port"],
    [["run", "ccd", "--on", "serial:/dev/null"], "/dev/null: is no serial port"],
    [["status", "--on", "tcp:localhost"], "accepted: tcp:HOST:PORT"],
    [["hold", ...on], "a simulated board lives only as long as cyclet run"],
    [["run", "ccd", "--on", "usb"], "unknown target; accepted: sim:bareNa"],
    [["run", "comma.json", ...on], "comma.json:2:42: not JSON"],
    [["run", "typo.json", ...on], '$.method[0].tiemS: unknown key (did you mean "timeS"?)'],
    [["run", "endless.json", ...on], "$.method[0].until: a current step needs at least one of"],
    [["run", "strong.json", ...on], "$.method[0].currentMa: 11 mA is more than"],
    [["check", "stairs.json"], "$.method[0]: a ccd step needs exactly one of stepMaCm2, factor"],
    [["check", "deaf.json"], '$.on.hard: "continue" is not accepted; accepted: "stop", "hold"'],
    [["run", "rest", "--on", "sim:cell.json"], "cell.json: $.sim: missing"],
    [["run", "rest", "--on", "sim:area.json"], '$.areaCm: unknown key (did you mean "areaCm2"?)'],
    [["run", "rest", ...on, "--cell", "nowhere.json"], "nowhere.json: cannot be read"],
    [["run", "rest", ...on, "--out", "file.txt"], "file.txt"],
    [["run", "rest", ...on, "--out", "file.txt/deeper"], "cannot be made"],
    [["check", "ccd", "--board", "abacus"], "unknown board; accepted: simulated"],
  ])("cyclet %j is one line, status 2, and nothing written", async (args, words) => {
    for (const [name, content] of Object.entries(files)) write(name, content);
    const { status, out, err } = await cyclet(args);
    expect(err).toContain(words);
    expect(err).toMatch(/^cyclet: [^\n]*\n$/);
    expect([status, out]).toEqual([2, ""]);
    expect(readdirSync(folder).sort()).toEqual(Object.keys(files).sort());
  });
});

describe("cyclet check", () => {
  test("prints what the protocol would do, and writes nothing", async () => {
    const { status, out, err } = await cyclet(["check", "ccd"]);
    expect([status, err]).toEqual([0, ""]);
    expect(out).toContain("50 levels");
    expect(out).toContain("duration    at most 20 h");
    expect(out).toMatch(/detectable .*\n +0\.1 mA\/cm², 3\.951 mV: 2\.8 %/);
    expect(readdirSync(folder)).toEqual([]);
  });
});

test.each([["--help"], ["--version"], ["run", "--help"]])(
  "cyclet %s ends well",
  async (...args) => {
    const { status, out, err } = await cyclet(args);
    expect([status, err]).toEqual([0, ""]);
    expect(out.length).toBeGreaterThan(4);
  },
);
