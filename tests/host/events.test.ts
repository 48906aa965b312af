import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import * as fault from "../../firmware/fault.ts";
import * as telemetry from "../../firmware/telemetry.ts";
import { evidence, exitStatus, sentence, title } from "../../host/describe.ts";
import { eventRecord } from "../../host/event-record.ts";
import type { EventRecord, VerdictRecord } from "../../host/event-record.ts";
import { closeEvents, openEvents, substituteVerdict, writeEvent } from "../../host/events.ts";
import { faultMeaning, faultName } from "../../host/fault-name.ts";

const folder = mkdtempSync(join(tmpdir(), "cyclet-events-"));
afterAll(() => rmSync(folder, { recursive: true }));

const AREA = 0.9747;
const pico = (maCm2: number): number => Math.round(maCm2 * AREA * 1e9);

function record(code: number, timeMs: number, ...values: number[]): EventRecord | null {
  return eventRecord({ code, timeMs, values }, AREA);
}

describe("eventRecord", () => {
  test.each<[number, number[], object]>([
    [telemetry.EVENT_STEP, [1, 5, pico(-3.1)], { index: 1, stepCount: 5, setpointMaCm2: -3.1 }],
    [
      telemetry.EVENT_SHORT,
      [telemetry.CLASS_HARD, telemetry.RULE_HARD, 3370724, 9980961, 984],
      { class: "hard", rule: "hard", value: 3.370724, threshold: 9.980961, confidence: 0.984 },
    ],
    [
      telemetry.EVENT_SHORT,
      [telemetry.CLASS_SOFT, telemetry.RULE_BOUND, 1, 2, 1000],
      { class: "soft", rule: "bound", value: 0.000001, threshold: 0.000002, confidence: 1 },
    ],
    [telemetry.EVENT_RECOVERED, [telemetry.CLASS_SOFT], { event: "recovered", class: "soft" }],
    [
      telemetry.EVENT_PROOF,
      [telemetry.METHOD_INTERRUPT, telemetry.RESULT_ELECTRONIC, 20000, 300000],
      { method: "interrupt", result: "electronic", value: 0.02, threshold: 0.3 },
    ],
    [telemetry.EVENT_TREND, [telemetry.TREND_VOID, 2125], { class: "void", value: 2.125 }],
    [
      telemetry.EVENT_COVARIATE,
      [telemetry.COVARIATE_MECHANICAL],
      { event: "covariate", class: "mechanical" },
    ],
    [
      telemetry.EVENT_PULSE,
      [pico(0.1), 39512195, 25040],
      { setpointMaCm2: 0.1, resistanceOhmCm2: 39.512195, temperatureC: 25.04 },
    ],
    [telemetry.EVENT_HOLD, [telemetry.VERDICT_SOFT], { event: "hold", verdict: "soft-short" }],
    [telemetry.EVENT_CONTACT, [telemetry.CONTACT_OPEN], { event: "contact", class: "open" }],
    [telemetry.EVENT_FAULT, [fault.FAULT_BUS], { event: "fault", code: "BUS" }],
    [telemetry.EVENT_UNDECIDABLE, [telemetry.RULE_HARD], { event: "undecidable", rule: "hard" }],
  ])("of code %d", (code, values, part) => {
    expect(record(code, 1234500, ...values)).toMatchObject({ t: 1234.5, ...part });
  });

  test("of a staircase's verdict", () => {
    const currents = [pico(3), pico(3.1), pico(3), pico(3.1)];
    const values = [telemetry.VERDICT_HARD, 65041614, telemetry.END_FINISHED, 1, ...currents];
    const charges = [44224372, 43200000, 44100000];
    const message = { code: telemetry.EVENT_VERDICT, timeMs: 65060614 };
    const whole = { ...message, values: [...values, 0, ...charges, 943, 21] };
    expect(eventRecord(whole, AREA, "c0ffee")).toEqual({
      event: "verdict",
      verdict: "hard-short",
      t: 65041.614,
      end: "finished",
      ccd: {
        softMaCm2: 3,
        hardMaCm2: 3.1,
        lastCompletedMaCm2: 3,
        bracketMaCm2: [3, 3.1],
        censored: false,
        cumulativeArealCapacityMahCm2: 12.284548,
        softCumulativeArealCapacityMahCm2: 12,
        hardCumulativeArealCapacityMahCm2: 12.25,
        leakageFraction: 0.943,
        leakageFractionUncertainty: 0.021,
        protocolHash: "c0ffee",
      },
    });
  });

  test("of a staircase that never failed, and of one that failed at once", () => {
    const none = [telemetry.VERDICT_HEALTHY, -1, telemetry.END_FINISHED, 1, -1, -1];
    const rest = [0, -1, -1, 0, -1];
    expect(record(telemetry.EVENT_VERDICT, 9, ...none, pico(5), -1, 1, ...rest)).toMatchObject({
      ...{ verdict: "healthy", t: null },
      ccd: {
        ...{ softMaCm2: null, lastCompletedMaCm2: 5, bracketMaCm2: null, censored: true },
        ...{ softCumulativeArealCapacityMahCm2: null, hardCumulativeArealCapacityMahCm2: null },
        ...{ leakageFractionUncertainty: null, protocolHash: null },
      },
    });
    expect(record(telemetry.EVENT_VERDICT, 9, ...none, -1, pico(0.1), 0, ...rest)).toMatchObject({
      ccd: { lastCompletedMaCm2: null, bracketMaCm2: [0, 0.1] },
    });
  });

  test("of a verdict without a staircase has no ccd", () => {
    const values = [telemetry.VERDICT_VOID, 5, telemetry.END_LIMIT, 0, -1, -1, -1, -1, 0, 0, 0];
    const found = record(telemetry.EVENT_VERDICT, 9, ...values);
    expect(found).toEqual({ event: "verdict", verdict: "void-growth", t: 0.005, end: "limit" });
  });

  test("of START and of unknown codes is none", () => {
    expect(record(telemetry.EVENT_START, 0, 3, 1)).toBeNull();
    expect(record(99, 0)).toBeNull();
  });
});

test("every code of the channel has a name here", () => {
  const names = (prefix: string, make: (code: number) => string): string[] =>
    Object.entries(telemetry)
      .filter(([name]) => name.startsWith(prefix))
      .map(([, code]) => make(Number(code)));
  const event = (code: number, ...values: number[]): string =>
    JSON.stringify(record(code, 0, ...values));
  const all = [
    ...names("CLASS_", (code) => event(telemetry.EVENT_SHORT, code, 0)),
    ...names("RULE_", (code) => event(telemetry.EVENT_UNDECIDABLE, code)),
    ...names("CONTACT_", (code) => event(telemetry.EVENT_CONTACT, code)),
    ...names("TREND_", (code) => event(telemetry.EVENT_TREND, code, 1)),
    ...names("COVARIATE_", (code) => event(telemetry.EVENT_COVARIATE, code)),
    ...names("METHOD_", (code) => event(telemetry.EVENT_PROOF, code, 0, 0, 0)),
    ...names("RESULT_", (code) => event(telemetry.EVENT_PROOF, 0, code, 0, 9)),
    ...names("VERDICT_", (code) => event(telemetry.EVENT_VERDICT, code, -1, 0, 0)),
    ...names("END_", (code) => event(telemetry.EVENT_VERDICT, 0, 1000, code, 0)),
  ];
  expect(all.length).toBeGreaterThan(32);
  // Growing voids go by one name, as a sign and as what ended a staircase.
  expect(new Set(all).size).toBe(all.length - 1);
  const [sign, grown] = [telemetry.VERDICT_TREND, telemetry.VERDICT_VOID].map((code) =>
    event(telemetry.EVENT_VERDICT, code, -1, 0, 0),
  );
  expect(sign).toBe(grown);
  for (const text of all) expect(text).not.toContain("unknown");
});

test("every fault has a name and a meaning", () => {
  const codes = Object.entries(fault).filter(
    ([name]) => name.startsWith("FAULT_") && name !== "FAULT_NONE" && name !== "FAULT_COUNT",
  );
  expect(codes).toHaveLength(fault.FAULT_COUNT - 1);
  for (const [name, code] of codes) {
    expect(`FAULT_${faultName(Number(code))}`).toBe(name);
    expect(faultMeaning(faultName(Number(code)))).not.toContain("unknown");
  }
  expect(faultName(99)).toBe("CODE_99");
});

describe("an event file", () => {
  let count = 0;
  const path = (): string => join(folder, `${++count}.ndjson`);
  const lines = (file: string): unknown[] =>
    readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as unknown);
  const short = (t: number, kind: string) =>
    ({
      t,
      event: "short",
      class: kind,
      rule: "hard",
      value: 1,
      threshold: 2,
      confidence: 1,
    }) as const;
  const verdict: VerdictRecord = { event: "verdict", verdict: "healthy", t: null, end: "finished" };

  test("has the verdict last and once, whatever comes after", () => {
    const name = path();
    const file = openEvents(name);
    writeEvent(file, short(1, "soft"));
    closeEvents(file, verdict);
    closeEvents(file, { ...verdict, end: "fault" });
    writeEvent(file, short(2, "hard"));
    expect(lines(name)).toEqual([short(1, "soft"), verdict]);
  });

  test("is never opened over another", () => {
    const name = path();
    closeEvents(openEvents(name), verdict);
    expect(() => openEvents(name)).toThrow("EEXIST");
  });

  test("answers for a silent channel with the gravest sign that still stands", () => {
    const recovered = { t: 3, event: "recovered", class: "soft" } as const;
    const open = { t: 4, event: "contact", class: "open" } as const;
    const answer = (...records: Parameters<typeof writeEvent>[1][]): [string, number | null] => {
      const file = openEvents(path());
      for (const one of records) writeEvent(file, one);
      const found = substituteVerdict(file, "fault");
      closeEvents(file, found);
      return [found.verdict, found.t];
    };
    expect(answer()).toEqual(["healthy", null]);
    expect(answer(short(1, "soft"), short(2, "soft"))).toEqual(["soft-short", 1]);
    expect(answer(short(1, "soft"), recovered)).toEqual(["healthy", null]);
    expect(answer(short(1, "soft"), short(2, "hard"), recovered)).toEqual(["hard-short", 2]);
    expect(answer(short(1, "soft"), open)).toEqual(["contact-open", 4]);
  });
});

describe("words", () => {
  const ccd = {
    ...{ softMaCm2: 3, hardMaCm2: 3.1, lastCompletedMaCm2: 3 },
    ...{ cumulativeArealCapacityMahCm2: 12, leakageFraction: 0.9, censored: false },
    ...{ softCumulativeArealCapacityMahCm2: 11, hardCumulativeArealCapacityMahCm2: 12 },
    ...{ leakageFractionUncertainty: 0.02, protocolHash: "c0ffee" },
  };

  test.each<[VerdictRecord["end"], boolean, number]>([
    ["finished", false, 0],
    ["finished", true, 0],
    ["short", true, 0],
    ["short", false, 1],
    ["limit", true, 1],
    ["limit", false, 1],
    ["stopped", true, 1],
    ["fault", true, 3],
  ])("end %s, staircase %s: exit status %d", (end, staircase, status) => {
    const verdict: VerdictRecord = { event: "verdict", verdict: "healthy", t: null, end };
    const part = staircase ? { ccd: { ...ccd, bracketMaCm2: null } } : {};
    expect(exitStatus({ ...verdict, ...part })).toBe(status);
  });

  test("of a verdict", () => {
    const hard: VerdictRecord = { event: "verdict", verdict: "hard-short", t: 1, end: "finished" };
    expect(sentence({ ...hard, ccd: { ...ccd, bracketMaCm2: [3, 3.1] } })).toBe(
      "Hard short; critical current density between 3.0 and 3.1 mA/cm²; " +
        "first soft short at 3.0 mA/cm².",
    );
    const censored = { ...ccd, softMaCm2: null, bracketMaCm2: null, lastCompletedMaCm2: 5 };
    expect(sentence({ ...hard, verdict: "healthy", ccd: censored })).toBe(
      "No sign of a short; critical current density above 5.0 mA/cm².",
    );
    expect(sentence({ ...hard, end: "short" })).toBe("Hard short; stopped by the short.");
  });

  test("of events", () => {
    const short = { t: 1, event: "short", class: "hard", rule: "hard" } as const;
    const figures = { value: 3.370724, threshold: 9.98, confidence: 0.984 };
    expect(title({ ...short, ...figures })).toBe("hard short");
    expect(evidence({ ...short, ...figures })).toBe(
      "3.371 Ω cm², below 9.98 Ω cm² (the most a metallic bridge leaves), " +
        "confidence 98.4\u00a0%",
    );
    expect(evidence({ t: 1, event: "fault", code: "BUS" })).toBe("a chip did not answer");
    expect(evidence({ t: 1, event: "hold", verdict: "soft-short" })).toBe("soft short");
    const proof = { t: 1, event: "proof", method: "interrupt", result: "electronic" } as const;
    expect(title({ ...proof, value: 0.02, threshold: 0.3 })).toBe("proof: electronic");
    expect(evidence({ ...proof, value: 0.02, threshold: 0.3 })).toBe(
      "relaxation after an interrupt: 0.02, threshold 0.3",
    );
    expect(evidence({ ...proof, method: "bound", value: 28, threshold: 30.19 })).toBe(
      "resistance against that of the intact pellet: 28 Ω cm², threshold 30.19 Ω cm²",
    );
    expect(evidence({ ...short, ...figures, rule: "charge", value: 1.23 })).toMatch(
      /^charge ratio 1.23, bound 9.98/,
    );
    expect(evidence({ t: 1, event: "gap", lines: 1 })).toBe("1 damaged line from the channel");
  });
});
