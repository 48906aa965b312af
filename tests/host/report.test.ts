import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { MEMORY_AREAS, NOMINAL_CODE_MID, SIMULATED } from "../../boards/simulated.ts";
import { addPoint, createEnvelope, points } from "../../host/decimate.ts";
import type { SignRecord, VerdictRecord } from "../../host/event-record.ts";
import type { Run } from "../../host/meta.ts";
import { compile } from "../../host/compile.ts";
import { createPlan } from "../../host/plan.ts";
import { configOf, programHash } from "../../host/program.ts";
import { parseProtocol } from "../../host/protocol-file.ts";
import { createCloseUp, followFrame, followSign } from "../../host/report/close-up.ts";
import { inlineJson } from "../../host/report/escape.ts";
import { addFrame, addSign, createFindings, endHalfCycle } from "../../host/report/findings.ts";
import { addEvidence } from "../../host/report/observations.ts";
import { reportPage } from "../../host/report/page.ts";
import { targetCell } from "../../host/target.ts";
import { frame } from "./scripted-link.ts";

describe("a decimated curve", () => {
  test("is itself while it is short", () => {
    const curve = createEnvelope(1);
    for (let t = 0; t < 100; t++) addPoint(curve, t, Math.sin(t));
    const [times, values] = points(curve);
    expect(times).toEqual(Array.from({ length: 100 }, (_, t) => t));
    expect(values).toEqual(times.map(Math.sin));
  });

  test("keeps every extreme of a long run in at most 4000 points, in order of time", () => {
    const curve = createEnvelope(1);
    for (let t = 0; t < 300_000; t++) {
      addPoint(curve, t, t === 123_456 ? -9 : t === 250_001 ? 7 : Math.sin(t / 1000));
    }
    const [times, values] = points(curve);
    expect(times.length).toBeLessThanOrEqual(4000);
    expect(times.length).toBeGreaterThan(1000);
    for (let i = 1; i < times.length; i++) expect(times[i]).toBeGreaterThan(times[i - 1]);
    expect(values[times.indexOf(123_456)]).toBe(-9);
    expect(values[times.indexOf(250_001)]).toBe(7);
    expect(times[0]).toBe(0);
  });

  test("takes a jump in time and equal times", () => {
    const curve = createEnvelope(1);
    for (const [t, v] of [
      [0, 1],
      [0, 3],
      [0, 2],
      [1e7, 5],
    ])
      addPoint(curve, t, v);
    expect(points(curve)).toEqual([
      [0, 0, 1e7],
      [1, 3, 5],
    ]);
  });
});

describe("findings", () => {
  const area = 0.5;
  const half = (number: number, direction: number, milliamps: number, millivolts: number) =>
    [0, 1].map((i) =>
      frame({
        ...{ timeMs: (number * 2 + i) * 1000, direction, stepCount: number },
        ...{ currentPa: direction * milliamps * 1e9, setpointPa: direction * milliamps * 1e9 },
        voltageUv: direction * millivolts * 1000 * (i === 1 ? 1 : 7),
      }),
    );

  test("have the areal resistance at the end of each half cycle", () => {
    const findings = createFindings(area);
    const rest = frame({ timeMs: 0, stepCount: 1 });
    for (const one of [rest, ...half(2, 1, 0.05, 5), ...half(3, -1, 0.05, 6)]) {
      addFrame(findings, one);
    }
    endHalfCycle(findings);
    expect(findings.halfCycles.kept).toEqual([
      { number: 1, direction: 1, levelMaCm2: 0.1, arealResistance: 50 },
      { number: 2, direction: -1, levelMaCm2: 0.1, arealResistance: 60 },
    ]);
  });

  test("take a half cycle that ends at rest by its last frame under current", () => {
    const findings = createFindings(area);
    const pause = frame({ timeMs: 7000, stepCount: 2, direction: 0, voltageUv: 90 });
    for (const one of [...half(2, 1, 0.05, 5), pause, ...half(3, -1, 0.05, 6)]) {
      addFrame(findings, one);
    }
    endHalfCycle(findings);
    expect(findings.halfCycles.kept.map((one) => one.arealResistance)).toEqual([50, 60]);
  });

  test("stay bounded over many half cycles, and keep to an even spacing", () => {
    const findings = createFindings(area);
    for (let i = 1; i <= 10_000; i++) for (const one of half(i, 1, 1, 1)) addFrame(findings, one);
    const numbers = findings.halfCycles.kept.map((one) => one.number);
    expect(numbers.length).toBeLessThanOrEqual(4001);
    expect(new Set(numbers.slice(1).map((n, i) => n - numbers[i])).size).toBe(1);
    expect(numbers[0]).toBe(1);
  });

  test("stay bounded over many events", () => {
    const findings = createFindings(area);
    for (let t = 0; t < 700; t++) addSign(findings, { t, event: "recovered", class: "soft" });
    expect([findings.signs.length, findings.signsLeftOut]).toEqual([500, 200]);
  });
});

test("the close-up is of the first soft short, until a hard one comes", () => {
  const closeUp = createCloseUp();
  const short = (t: number, kind: string) =>
    followSign(closeUp, {
      ...{ t, event: "short", class: kind, rule: "hard" },
      ...{ value: 1, threshold: 2, confidence: 1 },
    });
  const seen: (number | undefined)[] = [];
  for (let t = 0; t < 2000; t++) {
    followFrame(closeUp, frame({ timeMs: t * 1000, voltageUv: t }));
    if (t === 500 || t === 530) short(t, "soft");
    if (t === 1000 || t === 1500) short(t, "hard");
    seen.push(closeUp.snapshot?.at);
  }
  expect([seen[559], seen[560], seen[1059], seen[1060]]).toEqual([undefined, 500, 500, 1000]);
  expect(seen.at(-1)).toBe(1000);
  expect(closeUp.snapshot?.times).toHaveLength(210);
  expect(closeUp.snapshot?.times.slice(-1)).toEqual([1060]);
});

describe("the page", () => {
  const hostile = `</script><script>alert("1")</script>&'`;
  const cell = { ...targetCell("sim:hNa"), name: hostile };
  const plan = createPlan("ccd", cell, SIMULATED, MEMORY_AREAS);
  const run: Run = {
    ...{ plan, target: hostile, simulated: cell, seed: 1, command: hostile },
    config: configOf(cell, NOMINAL_CODE_MID),
  };
  const findings = createFindings(cell.areaCm2);
  for (const stepCount of [1, 2]) {
    const measured = { voltageUv: 5000, currentPa: 97470000, direction: 1 };
    addFrame(findings, frame({ timeMs: 1000 * stepCount, stepCount, ...measured }));
  }
  addSign(findings, { t: 1, event: "fault", code: hostile });
  endHalfCycle(findings);
  const verdict: VerdictRecord = { event: "verdict", verdict: hostile, t: null, end: "fault" };
  const page = reportPage(run, findings, verdict);
  const inside = (tag: string): string[] =>
    [...page.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, "gs"))].map((match) => match[1]);

  test("lets nothing run or load but its own scripts and styles", () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? "";
    const hash = (text: string): string => {
      return `&#39;sha256-${createHash("sha256").update(text).digest("base64")}&#39;`;
    };
    expect(policy).toContain("default-src &#39;none&#39;");
    expect(policy).not.toContain("unsafe");
    expect(inside("script")).toHaveLength(2);
    expect(inside("style")).toHaveLength(2);
    for (const text of [...inside("script"), ...inside("style")]) {
      expect(policy).toContain(hash(text));
    }
  });

  test("fetches nothing", () => {
    expect(page).not.toMatch(/<(link|img|iframe|object|embed)\b/i);
    expect(page).not.toMatch(/\s(src|href)\s*=/i);
    expect(page).not.toMatch(/@import|url\(/i);
  });

  test("shows hostile text as text", () => {
    expect(page).not.toContain(hostile);
    expect(page).toContain("&lt;/script&gt;&lt;script&gt;alert(&quot;1&quot;)");
    expect(page.split("</script>")).toHaveLength(4);
  });

  test("carries its numbers as JSON", () => {
    const text =
      /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page)?.[1] ?? "";
    const pellet = expect.closeTo(39.512, 2) as number;
    expect(JSON.parse(text)).toMatchObject({
      marks: [{ tone: "bad" }],
      resistance: {
        xy: [
          [1, 2],
          [50, 50],
          [null, null],
          [pellet, pellet],
        ],
      },
    });
  });

  test("says nothing of evidence that there is not", () => {
    expect(page).not.toContain("<h2>Evidence</h2>");
    expect(page).not.toContain("<h2>Critical current density</h2>");
  });

  test("has no moment of its own: the same run gives the same page", () => {
    expect(reportPage(run, findings, verdict)).toBe(page);
  });
});

function dataOf(page: string): { evidence: Record<string, unknown>[] } {
  const found = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page);
  return JSON.parse(found?.[1] ?? "") as { evidence: Record<string, unknown>[] };
}

describe("the page of a staircase with evidence", () => {
  const cell = targetCell("sim:hNa");
  const plan = createPlan("ccd", cell, SIMULATED, MEMORY_AREAS);
  const run: Run = {
    ...{ plan, target: "sim:hNa", simulated: cell, seed: 1, command: "cyclet demo" },
    config: configOf(cell, NOMINAL_CODE_MID),
  };
  const ccd = {
    ...{ softMaCm2: 2.7, hardMaCm2: 3.1, lastCompletedMaCm2: 3, censored: false },
    bracketMaCm2: [3, 3.1] as [number, number],
    ...{ cumulativeArealCapacityMahCm2: 12.284547, softCumulativeArealCapacityMahCm2: 10.9 },
    ...{ hardCumulativeArealCapacityMahCm2: 12.26, protocolHash: plan.hash },
    ...{ leakageFraction: 0.943, leakageFractionUncertainty: 0.021 },
  };
  const verdict: VerdictRecord = {
    ...{ event: "verdict", verdict: "hard-short", t: 5, end: "finished" },
    ccd,
  };
  const short = (t: number, n: number, rule: string): SignRecord => ({
    ...{ t, event: "short", class: "soft", rule, value: 40, threshold: 41, confidence: 0.99 },
    evidence: n,
  });
  const proof = (t: number, n: number): SignRecord => ({
    ...{ t, event: "proof", method: "interrupt", result: "electronic", value: 0.02 },
    ...{ threshold: 0.3, evidence: n },
  });
  const seen = (event: number, burst: boolean, timeMs: number, ...points: number[]) => ({
    ...{ event, burst, timeMs, points },
  });
  const findings = createFindings(cell.areaCm2);
  const amperes = 97.47e-6;
  addSign(findings, { t: 1, event: "step", index: 1, stepCount: 2, setpointMaCm2: 0.1 });
  for (const one of [short(5, 1, "step"), proof(6, 2), short(7, 3, "charge"), proof(8, 4)]) {
    addSign(findings, one);
  }
  const { observations } = findings;
  addEvidence(observations, seen(1, false, 5000, 0, 4000, amperes * 1e12));
  addEvidence(observations, seen(1, false, 4000, 0, 4500, amperes * 1e12, 500_000, 4400, 0));
  addEvidence(observations, seen(2, true, 6000, 0, 200, 0, 1250, 100, 0));
  addEvidence(observations, seen(3, false, 7000, 0, 2e6, 1e9));
  const page = reportPage(run, findings, verdict);

  test("has all numbers of the result, and its protocol", () => {
    const rows = [
      ...page.matchAll(/<tr><td>([^<]*)<\/td><td class="number">([^<]*)<\/td>(.*?)<\/tr>/g),
    ];
    const found = rows.map(([, name, current, last]) => {
      return [name, current, /">([^<]*)</.exec(last)?.[1]];
    });
    expect(found).toEqual([
      ["Last level completed", "3.0", "–"],
      ["Level that failed", "3.1", "–"],
      ["First soft short", "2.7", "10.9"],
      ["Irreversible short", "3.1", "12.26"],
      ["End of the test", "–", "12.28"],
    ]);
    for (const words of [
      "<td>Levels</td><td>0.1 to 5.0 mA/cm² by 0.1</td>",
      "<td>Half cycle</td><td>constant capacity, 0.2 mAh/cm² a half cycle</td>",
      "<td>A level</td><td>1 cycle</td>",
      "<td>Stack pressure</td><td>60.4 MPa</td>",
      `<td>Protocol, SHA-256</td><td>${plan.hash}</td>`,
      "<dd>94.3 ± 2.1 %</dd>",
    ]) {
      expect(page).toContain(words);
    }
  });

  test("holds the protocol as a file that is read back as the same program", () => {
    const text = /<pre>(\{&quot;cyclet.*?)<\/pre>/s.exec(page)?.[1].replaceAll("&quot;", '"') ?? "";
    const again = parseProtocol(JSON.parse(text), "page");
    expect(programHash(compile(again, cell))).toBe(plan.hash);
  });

  test("plots what each event was decided on, in order of time", () => {
    const { evidence } = dataOf(page);
    const volts = expect.closeTo((41 / cell.areaCm2) * amperes * 1000, 6) as number;
    expect(evidence).toEqual([
      {
        ...{ id: "evidence-1", tone: "warn", label: "Voltage / mV", burst: null },
        frames: [
          [-1, -0.5, 0],
          [4.5, 4.4, 4],
          [0.1, 0, 0.1],
          [volts, 0, volts],
        ],
      },
      {
        ...{ id: "evidence-2", tone: "", label: "Voltage / mV", frames: null },
        burst: [
          [0, 1.25],
          [0.2, 0.1],
        ],
      },
      {
        ...{ id: "evidence-3", tone: "warn", label: "Voltage / V", burst: null },
        // The rule about charge has no threshold in volts.
        frames: [[0], [2], [expect.closeTo(1.025956, 5)], [null]],
      },
    ]);
    for (const { id, frames, burst } of evidence) {
      expect(page.includes(`id="${String(id)}"`)).toBe(frames !== null);
      expect(page.includes(`id="${String(id)}-burst"`)).toBe(burst !== null);
    }
  });

  test("names figures and proofs beside them", () => {
    const articles = [...page.matchAll(/<article>(.*?)<\/article>/gs)].map(([, text]) => text);
    expect(articles).toHaveLength(3);
    expect(articles[0]).toContain("<h3>1. soft short, 00:00:05</h3>");
    expect(articles[0]).toContain("<dt>Threshold</dt><dd>41 Ω cm²</dd>");
    const told = "<dt>Proof</dt><dd>electronic (interrupt: 0.02, threshold 0.3)</dd>";
    expect(articles[0].split(told)).toHaveLength(2);
    expect(articles[1]).toContain("<h3>2. proof: electronic, 00:00:06</h3>");
  });

  test("shows the first and the last of very many, and stays bounded", () => {
    const many = createFindings(cell.areaCm2);
    for (let n = 1; n <= 400; n++) {
      addSign(many, short(n, n, "step"));
      for (let i = 0; i < 5; i++) {
        addEvidence(many.observations, seen(n, false, n * 1000, ...Array<number>(900).fill(i)));
      }
    }
    const ids = dataOf(reportPage(run, many, verdict)).evidence.map(({ id }) => id);
    expect(ids).toHaveLength(30);
    expect([ids[0], ids[19], ids[20], ids[29]]).toEqual(
      [1, 20, 391, 400].map((n) => `evidence-${n}`),
    );
    const sizes = [...many.observations.values()].map((one) => one.frames.length);
    expect(Math.max(...sizes)).toBe(1000);
  });
});

test("inlineJson cannot end a script and reads back as it was", () => {
  const value = { a: "</script><!--\u2028&" };
  expect(inlineJson(value)).not.toMatch(/[<>&\u2028]/);
  expect(JSON.parse(inlineJson(value))).toEqual(value);
});
