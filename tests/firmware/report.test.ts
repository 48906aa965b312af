// Findings as events, as the verdict, and in the staircase.
import { describe, expect, test } from "vitest";
import { climbFromFoot } from "../../firmware/ccd.ts";
import * as charge from "../../firmware/charge-rule.ts";
import * as decay from "../../firmware/decay-state.ts";
import {
  FOUND_BOUND,
  FOUND_CHARGE,
  FOUND_DIPS,
  FOUND_HARD,
  FOUND_LOOSE,
  FOUND_MECHANICAL,
  FOUND_OPEN,
  FOUND_RECOVERED,
  FOUND_SLOPE,
  FOUND_STEP,
  FOUND_THERMAL,
  FOUND_VOID,
} from "../../firmware/findings.ts";
import { LEARNED } from "../../firmware/learned.ts";
import { FALL, LOW } from "../../firmware/relative-state.ts";
import { report } from "../../firmware/report.ts";
import type { Run } from "../../firmware/run.ts";
import { createRun } from "../../firmware/run.ts";
import { APPARENT, BRIDGE, CONFIDENCE, CORRECTION } from "../../firmware/shorts-places.ts";
import { LEAST, SOFT } from "../../firmware/shorts-places.ts";
import * as step from "../../firmware/step-state.ts";
import {
  CLASS_DECAY,
  CLASS_HARD,
  CLASS_INTERMITTENT,
  CLASS_SOFT,
  CONTACT_INTERMITTENT,
  CONTACT_OPEN,
  COVARIATE_MECHANICAL,
  COVARIATE_THERMAL,
  EVENT_CONTACT,
  EVENT_COVARIATE,
  EVENT_RECOVERED,
  EVENT_SHORT,
  EVENT_TREND,
  EVENT_UNDECIDABLE,
  RULE_BOUND,
  RULE_CHARGE,
  RULE_DIPS,
  RULE_HARD,
  RULE_SLOPE,
  RULE_STEP,
  TREND_VOID,
  VERDICT_HARD,
  VERDICT_HEALTHY,
  VERDICT_LOOSE,
  VERDICT_OPEN,
  VERDICT_TREND,
} from "../../firmware/telemetry.ts";
import { unable } from "./look.ts";
import { ccdStep, currentStep, sampleOf } from "./specimen.ts";
import { recordOf } from "./records.ts";
import { listOf } from "./told.ts";

const LN = Math.log;

/** A run whose detectors stand so: R fell from 45 to 36 Ω cm² by `step`, to 40 by `slope`. */
function judged(program = ccdStep()): Run {
  const run = createRun();
  run.current = recordOf(program);
  climbFromFoot(run.ccd, true);
  const s = run.shorts.numbers;
  [s[APPARENT], s[LEAST], s[BRIDGE], s[CONFIDENCE]] = [25, 30, 10, 0.999];
  [s[step.BASE], s[step.SIZE], s[step.LEVEL]] = [LN(45), LN(45 / 36), LN(36)];
  [s[step.THRESHOLD], s[LOW], s[FALL]] = [0.05, LN(45), LN(45 / 36)];
  [s[decay.VALUE], s[decay.BOUND], s[decay.ALLOWED]] = [LN(40), LN(42), LN(45 / 42)];
  [s[charge.VALUE], s[charge.BOUND]] = [1.25, 1.2];
  return run;
}

/** The events of a frame with these findings. */
function told(run: Run, found: number, time = 50): number[][] {
  run.events.used = 0;
  report(run, found, sampleOf({ timeVoltage: time }));
  LEARNED.tell(run, found);
  return listOf(run.events);
}

describe("a short", () => {
  test.each([
    ["hard", FOUND_HARD, CLASS_HARD, RULE_HARD, 25, 10],
    ["bound", FOUND_BOUND, CLASS_SOFT, RULE_BOUND, 25, 30],
    ["step", FOUND_STEP, CLASS_SOFT, RULE_STEP, 36, 45 * Math.exp(-0.05)],
    ["dips", FOUND_DIPS, CLASS_INTERMITTENT, RULE_DIPS, 36, 45 * Math.exp(-0.05)],
    ["slope", FOUND_SLOPE, CLASS_DECAY, RULE_SLOPE, 40, 42],
    ["charge", FOUND_CHARGE, CLASS_SOFT, RULE_CHARGE, 1.25, 1.2],
  ])("by %s says class, rule, value, threshold and confidence", (...each) => {
    const [, found, kind, rule, value, threshold] = each;
    const events = told(judged(), found);
    expect(events).toHaveLength(1);
    const [event] = events;
    expect(event.slice(0, 3)).toEqual([EVENT_SHORT, kind, rule]);
    expect(event[3] / 1e6).toBeCloseTo(value, 6);
    expect(event[4] / 1e6).toBeCloseTo(threshold, 6);
    expect(event[5]).toBeGreaterThan(900);
    expect(event[5]).toBeLessThanOrEqual(1000);
    expect(event).toHaveLength(6);
  });

  test("in the warm says what the cell has, not what it would have at 25 °C", () => {
    const run = judged();
    run.shorts.numbers[CORRECTION] = LN(0.8);
    expect(told(run, FOUND_STEP)[0][3] / 1e6).toBeCloseTo(36 * 0.8, 6);
    expect(told(run, FOUND_SLOPE)[0][3] / 1e6).toBeCloseTo(40 * 0.8, 6);
    expect(told(run, FOUND_SLOPE)[0][4] / 1e6).toBeCloseTo(42 * 0.8, 6);
  });

  test("by a change that just suffices is less sure than by a great one", () => {
    const sureness = [1, 1.5, 3].map((share) => {
      const run = judged();
      run.shorts.numbers[FALL] = share * run.shorts.numbers[step.THRESHOLD];
      return told(run, FOUND_STEP)[0][5];
    });
    expect(sureness).toEqual([...sureness].sort((a, b) => a - b));
    expect(sureness[0]).toBeGreaterThan(950);
    expect(sureness[0]).toBeLessThan(990);
  });

  test("by two rules is two events", () => {
    const events = told(judged(), FOUND_BOUND | FOUND_STEP);
    expect(events.map((event) => event.slice(0, 3))).toEqual([
      [EVENT_SHORT, CLASS_SOFT, RULE_BOUND],
      [EVENT_SHORT, CLASS_SOFT, RULE_STEP],
    ]);
  });
});

describe("what is no short", () => {
  test.each([
    ["a recovery", FOUND_RECOVERED, [EVENT_RECOVERED, CLASS_SOFT], VERDICT_HEALTHY],
    ["a loose contact", FOUND_LOOSE, [EVENT_CONTACT, CONTACT_INTERMITTENT], VERDICT_LOOSE],
    ["an open lead", FOUND_OPEN, [EVENT_CONTACT, CONTACT_OPEN], VERDICT_OPEN],
    ["warming", FOUND_THERMAL, [EVENT_COVARIATE, COVARIATE_THERMAL], VERDICT_HEALTHY],
    ["a tap", FOUND_MECHANICAL, [EVENT_COVARIATE, COVARIATE_MECHANICAL], VERDICT_HEALTHY],
  ])("is told as %s", (_, found, event, verdict) => {
    const run = judged();
    expect(told(run, found)).toEqual([event]);
    expect(run.verdict).toBe(verdict);
    expect(run.firstAt).toBe(verdict === VERDICT_HEALTHY ? -1 : 50);
    expect(run.ccd).toMatchObject({ soft: -1, hard: -1 });
  });

  test("growth says by how much, in thousandths of the beginning", () => {
    const run = judged();
    const s = run.shorts.numbers;
    [s[decay.VALUE], s[decay.FIRST]] = [LN(90), LN(45)];
    const [[code, trend, share]] = told(run, FOUND_VOID);
    expect([code, trend]).toEqual([EVENT_TREND, TREND_VOID]);
    expect(share).toBeCloseTo(2000, 6);
    expect(run.verdict).toBe(VERDICT_TREND);
  });

  test("each rule that cannot speak is named", () => {
    const rules = [RULE_HARD, RULE_BOUND, RULE_STEP, RULE_DIPS, RULE_SLOPE, RULE_CHARGE];
    expect(told(judged(), unable(...rules))).toEqual(
      rules.map((rule) => [EVENT_UNDECIDABLE, rule]),
    );
  });

  test("nothing is nothing", () => {
    const run = judged();
    const before = structuredClone(run);
    expect(told(run, 0)).toEqual([]);
    expect(run).toEqual(before);
  });
});

describe("in the staircase", () => {
  test("a hard short is the verdict at its time, with level and charge", () => {
    const run = judged();
    run.ccd.level = 1;
    Object.assign(run.totals, { chargeIn: 2, chargeOut: 1 });
    told(run, FOUND_HARD, 70);
    expect(run).toMatchObject({ verdict: VERDICT_HARD, firstAt: 70 });
    expect(run.ccd.hard).toBeCloseTo(2e-4, 12);
    expect(run.ccd.hardCharge).toBe(3);
    expect(run.ccd.soft).toBe(-1);
  });

  test.each([
    [FOUND_BOUND, 0],
    [FOUND_STEP, 0],
    [FOUND_DIPS, -1],
    [FOUND_SLOPE, -1],
  ])("of soft shorts (%i) those stand that can be seen to recover", (found, standing) => {
    const run = judged();
    told(run, found);
    expect(run.ccd.soft).toBeCloseTo(1e-4, 12);
    expect(run.ccd.standing).toBe(standing);
  });

  test("a recovery counts when neither rule sees a short any more", () => {
    for (const [soft, standing] of [
      [FOUND_BOUND, 0],
      [FOUND_STEP, 0],
      [0, -1],
    ]) {
      const run = judged();
      told(run, FOUND_BOUND | FOUND_STEP);
      run.shorts.numbers[SOFT] = soft;
      told(run, FOUND_RECOVERED);
      expect(run.ccd.standing).toBe(standing);
    }
  });

  test("a plain step leaves no mark", () => {
    const run = judged(currentStep(1e-3));
    told(run, FOUND_HARD);
    told(run, FOUND_STEP);
    expect(run.ccd).toMatchObject({ soft: -1, hard: -1, standing: -1 });
    expect(run.verdict).toBe(VERDICT_HARD);
  });
});
