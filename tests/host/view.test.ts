import { describe, expect, test } from "vitest";
import { MEMORY_AREAS, SIMULATED, CIRCUIT } from "../../boards/simulated.ts";
import { checkLines } from "../../host/check.ts";
import { compile, compileWhole } from "../../host/compile.ts";
import { createLineView } from "../../host/lines.ts";
import { liveLines } from "../../host/live.ts";
import { nearest } from "../../host/nearest.ts";
import { createPlan } from "../../host/plan.ts";
import type { ProtocolStep } from "../../host/protocol/form.ts";
import { amperes, duration, level, significant, testTime, volts } from "../../host/quantity.ts";
import { shellWords } from "../../host/shell-words.ts";
import { sparkline } from "../../host/sparkline.ts";
import { targetCell } from "../../host/target.ts";
import { frame } from "./scripted-link.ts";

test.each<[string, string]>([
  [amperes(9.747e-5), "97.47 µA"],
  [amperes(-0.01), "-10 mA"],
  [amperes(0), "0 A"],
  [amperes(3.815e-9), "3.815 nA"],
  [volts(-0.0046812), "-4.681 mV"],
  [volts(1.95e-5), "19.5 µV"],
  [volts(3.9999), "4 V"],
  [duration(59), "59 s"],
  [duration(3599.9), "1 h"],
  [duration(7500), "2 h 5 min"],
  [duration(86400 + 7260), "1 d 2 h"],
  [testTime(65041.6), "18:04:01"],
  [testTime(360000), "100:00:00"],
  [level(3), "3.0"],
  [level(0.1), "0.1"],
  [level(-3.1), "-3.1"],
  [significant(1234.5, 3), "1235"],
  [significant(0.00012344, 4), "0.0001234"],
  [significant(NaN, 4), "–"],
  [sparkline([0, 1, 2, 3, 4, 5, 6, 7]), "▁▂▃▄▅▆▇█"],
  [sparkline([5, 5]), "▁▁"],
  [sparkline([]), ""],
  [shellWords(["cyclet", "run", "my cell.json", "it's"]), "cyclet run 'my cell.json' 'it'\\''s'"],
])("%s", (text, expected) => {
  expect(text).toBe(expected);
});

test.each([
  ["areaCm", "areaCm2"],
  ["RSET", "rest"],
  ["curent", "current"],
  ["xyz", null],
  ["", null],
])("nearest of %j is %j", (word, expected) => {
  expect(nearest(word, ["areaCm2", "rest", "current"])).toBe(expected);
});

test("lines name each level once, and every event", () => {
  const lines: string[] = [];
  const view = createLineView("ccd on hNa", (line) => lines.push(line));
  for (const [t, j] of [
    [0, 0],
    [10, 0.1],
    [20, -0.1],
    [30, 0.2],
  ]) {
    view.frame(frame({ timeMs: t * 1000 }));
    view.event({ t, event: "step", index: 1, stepCount: t, setpointMaCm2: j });
  }
  view.event({ t: 31, event: "fault", code: "BUS" });
  view.close(["the end"]);
  expect(lines).toEqual([
    "ccd on hNa",
    "00:00:00  rest",
    "00:00:10  0.1 mA/cm²",
    "00:00:30  0.2 mA/cm²",
    "00:00:31  fault BUS: a chip did not answer",
    "the end",
  ]);
});

describe("the live block", () => {
  const heading = { protocol: "ccd", cell: "hNa", areaCm2: 0.9747, longestS: 72000 };
  const state = {
    frame: frame({ timeMs: 36_000_000, currentPa: 97470000, voltageUv: 4681, cycleCount: 3 }),
    levelMaCm2: -0.1,
    events: ["18:04:01  soft short: " + "x".repeat(80)],
    voltages: [0, 1000, 2000],
    nextVoltageMs: 0,
  };
  const plain = (_: number, text: string): string => text;

  test("says where the run is", () => {
    expect(liveLines(state, heading, 80, plain)).toEqual([
      "ccd on hNa",
      "level 0.1 mA/cm², cycle 3",
      "0.100 mA/cm²   4.681 mV   5884 N   25.0 °C",
      "████████████░░░░░░░░░░░░  10:00:00, at most 10 h left",
      "▁▅█",
      "18:04:01  soft short: " + "x".repeat(55) + "…",
    ]);
  });

  test.each([1, 20, 40, 200])("fits %d columns", (columns) => {
    const most = Math.max(10, Math.min(78, columns - 1));
    for (const line of liveLines(state, heading, columns, plain)) {
      expect([...line].length).toBeLessThanOrEqual(most);
    }
  });
});

describe("check", () => {
  const linesOf = (name: string): string[] =>
    checkLines(createPlan(name, targetCell("sim:hNa"), SIMULATED, MEMORY_AREAS), CIRCUIT);

  test("unfolds a staircase and says what it takes", () => {
    const text = linesOf("ccd").join("\n");
    for (const words of [
      "  1  rest 2 h",
      "0.1 to 5.0 mA/cm² by 0.1: 50 levels, 0.2 mAh/cm² a half cycle",
      "0.1 mA/cm² (97.47 µA, range 100 µA): 2 half cycles of 2 h",
      "… 44 more",
      "duration    at most 20 h",
      "charge      at most 19.49 mAh in all",
      "at most 1.77 µm moved at a time (0.2 mAh/cm²",
      "100 µA: set in steps of 3.815 nA, read in steps from 781.3 pA",
    ]) {
      expect(text).toContain(words);
    }
  });

  const checked = (
    method: ProtocolStep[],
    cell = targetCell("sim:hNa"),
    board = SIMULATED,
  ): string => {
    const protocol = { name: "p", method };
    const steps = compile(protocol, cell, 0.01);
    const whole = compileWhole(protocol, cell);
    const plan = { protocol, cell, board, steps, whole, hash: "", notes: [] };
    return checkLines(plan, CIRCUIT).join("\n");
  };

  test("says which steps wait for the operator after a loss of power", () => {
    const push = { step: "current", currentMa: 1, until: { timeS: 1 } } as const;
    const wait = { afterOutage: "wait" } as const;
    const lines = checked([{ step: "rest", timeS: 1, ...wait }, push, { ...push, ...wait }]);
    const waiting = lines.split("\n").filter((line) => line.includes("after a loss of power"));
    expect(waiting).toEqual([
      "     waits for you after a loss of power",
      "     waits for you after a loss of power",
    ]);
    expect(lines).toMatch(/ 1 {2}rest 1 s\n {5}waits for you/);
  });

  test("says what a staircase of constant time, one way, by a factor is", () => {
    const text = checked([
      {
        ...{ step: "ccd", startMaCm2: 0.1, factor: 2, maxMaCm2: 0.8, halfCycleS: 3600 },
        ...{ direction: "one-way", on: { soft: "hold", hard: "hold" }, proof: false },
      },
    ]);
    for (const words of [
      "0.1 to 0.8 mA/cm² by a factor of 2: 4 levels, 1 h a half cycle, one way",
      "0.4 mA/cm² (389.9 µA, range 1 mA): 1 half cycle of 1 h",
      "     soft: hold, hard: hold; no active proofs",
      // 1.5 mAh/cm² in one direction.
      "at most 13.3 µm moved at a time (1.5 mAh/cm²",
    ]) {
      expect(text).toContain(words);
    }
  });

  test("says nothing of reactions that are as usual", () => {
    expect(linesOf("ccd").join("\n")).not.toMatch(/soft:|proofs/);
  });

  test("tells the smallest detectable fall of a few levels, as the channel judges it", () => {
    const lines = linesOf("ccd");
    const at = lines.findIndex((line) => line.startsWith("detectable"));
    const own = lines.slice(at + 1).filter((line) => line.startsWith("            "));
    expect(own).toHaveLength(3);
    expect(own.map((line) => line.trim().split(",")[0])).toEqual([
      ...["0.1 mA/cm²", "2.5 mA/cm²", "5.0 mA/cm²"],
    ]);
    // 39.51 Ω cm² at 0.1 mA/cm²; the finest gain reads in steps of 19.5 µV.
    expect(own[0]).toContain("3.951 mV: 2.8 %");
  });

  test("tells where a fall is lost in noise, and where nothing can be told at all", () => {
    const push = (currentDensityMaCm2: number): ProtocolStep => ({
      ...{ step: "current", currentDensityMaCm2, until: { timeS: 60 } },
    });
    const cold = { ...targetCell("sim:hNa"), temperatureC: 0 };
    const text = checked([push(0.002), push(-0.01), push(0.02)]);
    expect(text).toContain("0.002 mA/cm², 79.02 µV: undecidable");
    const share = (8 * 0.7 * 19.53e-6) / 790.2e-6;
    expect(text).toContain(`790.2 µV: ${(share * 100).toPrecision(2)} %`);
    // exp(0.29 eV / k x (1/273.15 - 1/298.15) K) = 2.809.
    expect(checked([push(0.02)], cold)).toContain("0.02 mA/cm², 2.22 mV:");
  });

  test("tells of times that go by while the relay closes, and of frames by the fraction", () => {
    const board = { ...SIMULATED, framePeriodMs: 200 };
    const pulse = { step: "pulse", currentMa: 1, restS: 60, count: 2 } as const;
    const text = checked(
      [
        { ...pulse, timeS: 0.01 },
        { ...pulse, timeS: 10 },
      ],
      undefined,
      board,
    );
    expect(text).toContain("frames      every 0.2 s");
    const notes = text.split("\n").filter((line) => line.includes("relay"));
    expect(notes).toEqual([
      "note        step 1: of its 0.01 s the relay takes some 0.3 s to close after a rest",
    ]);
  });

  test("leaves a long loop folded", () => {
    expect(linesOf("cycle").join("\n")).toContain("3  back to 1, until run 100 times in all");
  });

  test("knows when no current flows", () => {
    expect(linesOf("rest")).toContain("ranges      none: no current flows");
  });
});
