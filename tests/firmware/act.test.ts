// What findings lead to: the step's actions, and suspicions that wait for their proof.
import { describe, expect, test } from "vitest";
import { act } from "../../firmware/act.ts";
import { climbFromFoot } from "../../firmware/ccd.ts";
import {
  FOUND_BOUND,
  FOUND_CHARGE,
  FOUND_DIPS,
  FOUND_ENDLESS,
  FOUND_HARD,
  FOUND_LOOSE,
  FOUND_MECHANICAL,
  FOUND_OPEN,
  FOUND_RECOVERED,
  FOUND_SLOPE,
  FOUND_STEP,
  FOUND_THERMAL,
  FOUND_VOID,
  UNDECIDABLE_SHIFT,
} from "../../firmware/findings.ts";
import { AVAILABLE, PENDING, SETTLED, SUSPECTED_AT } from "../../firmware/proof-places.ts";
import { settle } from "../../firmware/proof-state.ts";
import { ACTIONS as PLACE } from "../../firmware/protocol.ts";
import type { Step } from "../../firmware/protocol.ts";
import { ACTION_CONTINUE, ACTION_HOLD, ACTION_LOG, ACTION_STOP } from "../../firmware/protocol.ts";
import { ACTIONS_CONTACT, ACTIONS_HARD, ACTIONS_SOFT } from "../../firmware/protocol.ts";
import { ACTIONS_VOID, FLAGS_CHARGE, FLAG_PROOF } from "../../firmware/protocol.ts";
import { LEARNED } from "../../firmware/learned.ts";
import { report } from "../../firmware/report.ts";
import type { Run } from "../../firmware/run.ts";
import { createRun, finish } from "../../firmware/run.ts";
import { RUNNING } from "../../firmware/schedule.ts";
import * as place from "../../firmware/shorts-places.ts";
import { END_FINISHED, RESULT_ELECTRONIC, RESULT_INCONCLUSIVE } from "../../firmware/telemetry.ts";
import { RESULT_IONIC, VERDICT_HEALTHY, VERDICT_SOFT } from "../../firmware/telemetry.ts";
import { ccdRecord } from "./records.ts";
import { sampleOf } from "./specimen.ts";

const ACTIONS = [ACTION_CONTINUE, ACTION_LOG, ACTION_HOLD, ACTION_STOP];
const SOFT = [FOUND_BOUND, FOUND_STEP, FOUND_DIPS, FOUND_SLOPE, FOUND_CHARGE];

/** A staircase under way, with these actions. */
function running(changes: Partial<Step> = {}): Run {
  const run = createRun();
  run.current = ccdRecord(changes);
  run.schedule.phase = RUNNING;
  climbFromFoot(run.ccd, true);
  run.proof.numbers[AVAILABLE] = 1;
  return run;
}

/** How the proof of a suspicion stands. */
function proofOf(run: Run) {
  const p = run.proof.numbers;
  return { pending: p[PENDING], settled: p[SETTLED], suspectedAt: p[SUSPECTED_AT] };
}

/** A frame at `time` with these findings, reported and acted upon as the stage does. */
function find(run: Run, found: number, time: number): number {
  const sample = sampleOf({ timeVoltage: time });
  const first = run.ccd.soft < 0;
  run.events.used = 0;
  LEARNED.tell(run, found);
  report(run, found, sample);
  return act(run, found, sample, first);
}

describe("the step's action", () => {
  test.each([
    ["a soft short", SOFT, ACTIONS_SOFT],
    ["growing voids", [FOUND_VOID], ACTIONS_VOID],
    ["a loose or open contact", [FOUND_LOOSE, FOUND_OPEN], ACTIONS_CONTACT],
  ])("answers %s, and nothing else does", (_, findings, place) => {
    for (const found of findings) {
      for (const action of ACTIONS) {
        expect(find(running({ actions: action << place }), found, 10)).toBe(action);
        const others = 0xff & ~(3 << place);
        expect(find(running({ actions: others }), found, 10)).toBe(ACTION_CONTINUE);
      }
    }
  });

  test("answers a hard short by a hold at best: anything else stops", () => {
    for (const action of ACTIONS) {
      const expected = action === ACTION_HOLD ? ACTION_HOLD : ACTION_STOP;
      expect(find(running({ actions: action << ACTIONS_HARD }), FOUND_HARD, 10)).toBe(expected);
    }
  });

  test("answers a charge without end: a stop unless it says otherwise; no proof refutes it", () => {
    const endless = FOUND_CHARGE | FOUND_ENDLESS;
    expect(find(running(), endless, 10)).toBe(ACTION_STOP);
    for (const action of ACTIONS) {
      const flags = ((ACTION_STOP - action) << FLAGS_CHARGE) | FLAG_PROOF;
      const run = running({ flags });
      expect(find(run, endless, 10)).toBe(action);
      expect(run).toMatchObject({ verdict: VERDICT_SOFT, firstAt: 10, suspectedAt: -1 });
      expect(find(running({ flags }), FOUND_CHARGE, 10)).toBe(ACTION_CONTINUE);
      const actions = ACTION_HOLD << ACTIONS_SOFT;
      const graver = Math.max(action, ACTION_HOLD);
      expect(find(running({ flags, actions }), endless, 10)).toBe(graver);
    }
  });

  test("is the gravest of several; only a hard short's own one counts for it", () => {
    const actions = (ACTION_LOG << ACTIONS_SOFT) | (ACTION_HOLD << ACTIONS_VOID);
    expect(find(running({ actions }), FOUND_STEP | FOUND_VOID, 10)).toBe(ACTION_HOLD);
    const hold = (ACTION_HOLD << ACTIONS_HARD) | (ACTION_STOP << ACTIONS_SOFT);
    expect(find(running({ actions: hold }), FOUND_HARD | FOUND_BOUND, 10)).toBe(ACTION_HOLD);
  });

  test("is none after what is no failure", () => {
    const undecidable = 63 << UNDECIDABLE_SHIFT;
    for (const found of [0, FOUND_THERMAL, FOUND_MECHANICAL, FOUND_RECOVERED, undecidable]) {
      const run = running({ actions: 0xff });
      expect(find(run, found, 10)).toBe(ACTION_CONTINUE);
      expect(run.fastUntil).toBe(0);
      expect(run.proof.numbers[PENDING]).toBe(0);
    }
  });

  test("log makes frames faster for minutes, continue does not", () => {
    const logging = running({ actions: ACTION_LOG << ACTIONS_SOFT });
    find(logging, FOUND_DIPS, 10);
    expect(logging.fastUntil).toBeGreaterThan(10 + 120);
    expect(logging.fastUntil).toBeLessThan(10 + 3600);
    const going = running();
    find(going, FOUND_DIPS, 10);
    expect(going.fastUntil).toBe(0);
  });
});

describe("a soft finding without leave for proofs", () => {
  test.each(SOFT)("stands at once (%i), and an experiment may still be wanted", (found) => {
    const run = running();
    find(run, found, 12);
    expect(run).toMatchObject({ verdict: VERDICT_SOFT, firstAt: 12, suspectedAt: -1 });
    expect(proofOf(run)).toMatchObject({ pending: 1, suspectedAt: 12 });
  });

  test("on a board without proofs stands, with and without leave", () => {
    for (const flags of [0, FLAG_PROOF]) {
      const run = running({ flags, actions: ACTION_STOP << ACTIONS_SOFT });
      run.proof.numbers[AVAILABLE] = 0;
      expect(find(run, FOUND_STEP, 12)).toBe(ACTION_STOP);
      expect(run).toMatchObject({ verdict: VERDICT_SOFT, firstAt: 12, suspectedAt: -1 });
      expect(proofOf(run)).toMatchObject({ pending: 0, settled: 1 });
    }
  });

  test("is not withdrawn by a proof that comes all the same", () => {
    const run = running();
    find(run, FOUND_STEP, 12);
    settle(run.proof, RESULT_IONIC);
    expect(find(run, 0, 15)).toBe(ACTION_CONTINUE);
    expect(run.verdict).toBe(VERDICT_SOFT);
    expect(run.ccd.soft).toBeCloseTo(1e-4, 12);
  });
});

describe("a suspicion", () => {
  const refutable = [FOUND_STEP, FOUND_DIPS, FOUND_SLOPE, FOUND_CHARGE];
  const step = { flags: FLAG_PROOF, actions: ACTION_STOP << ACTIONS_SOFT };

  /** A staircase in which `found` was seen at 20 s. */
  function suspected(found = FOUND_STEP): Run {
    const run = running(step);
    run.shorts.numbers[place.SOFT] = FOUND_STEP;
    expect(find(run, found, 20)).toBe(ACTION_CONTINUE);
    return run;
  }

  test.each(refutable)("waits for its proof (%i), with faster frames", (found) => {
    const run = suspected(found);
    expect(run).toMatchObject({ verdict: VERDICT_HEALTHY, firstAt: -1, suspectedAt: 20 });
    expect(proofOf(run)).toMatchObject({ pending: 1, settled: 0 });
    expect(run.fastUntil).toBeGreaterThan(140);
    for (let time = 21; time < 30; time++) expect(find(run, 0, time)).toBe(ACTION_CONTINUE);
    expect(run.verdict).toBe(VERDICT_HEALTHY);
  });

  test("that an ionic cell refutes is withdrawn, with its mark in the staircase", () => {
    const run = suspected();
    expect(run.ccd.soft).toBeCloseTo(1e-4, 12);
    settle(run.proof, RESULT_IONIC);
    expect(find(run, 0, 30)).toBe(ACTION_CONTINUE);
    expect(run).toMatchObject({ verdict: VERDICT_HEALTHY, firstAt: -1, suspectedAt: -1 });
    expect(run.ccd).toMatchObject({ soft: -1, softCharge: -1, standing: -1 });
    expect(run.shorts.numbers[place.SOFT]).toBe(0);
  });

  test("that is refuted leaves an earlier soft short its mark", () => {
    const run = running(step);
    find(run, FOUND_BOUND, 5);
    run.ccd.level = 2;
    find(run, FOUND_STEP, 20);
    expect(run.suspectedAt).toBe(20);
    settle(run.proof, RESULT_IONIC);
    find(run, 0, 30);
    expect(run.ccd.soft).toBeCloseTo(1e-4, 12);
    expect(run).toMatchObject({ verdict: VERDICT_SOFT, firstAt: 5, suspectedAt: -1 });
  });

  test.each([
    ["an electronic", RESULT_ELECTRONIC],
    ["an inconclusive", RESULT_INCONCLUSIVE],
  ])(
    "stands after %s result, from when it was seen, and the step's action follows",
    (_, result) => {
      const run = suspected();
      settle(run.proof, result);
      expect(find(run, 0, 30)).toBe(ACTION_STOP);
      expect(run).toMatchObject({ verdict: VERDICT_SOFT, firstAt: 20, suspectedAt: -1 });
      expect(run.ccd.soft).toBeCloseTo(1e-4, 12);
      expect(run.shorts.numbers[place.SOFT]).toBe(FOUND_STEP);
      expect(find(run, 0, 31)).toBe(ACTION_CONTINUE);
    },
  );

  test("that recovers before its proof stands: a short that burnt out", () => {
    const run = suspected();
    run.shorts.numbers[place.SOFT] = 0;
    expect(find(run, FOUND_RECOVERED, 24)).toBe(ACTION_STOP);
    expect(run).toMatchObject({ verdict: VERDICT_SOFT, firstAt: 20, suspectedAt: -1 });
    expect(proofOf(run)).toMatchObject({ pending: 0, settled: 1 });
    expect(run.ccd.standing).toBe(-1);
    expect(run.ccd.soft).toBeCloseTo(1e-4, 12);
  });

  test("is none below the bound, which is physics", () => {
    for (const found of [FOUND_BOUND, FOUND_BOUND | FOUND_STEP]) {
      const run = running(step);
      expect(find(run, found, 20)).toBe(ACTION_STOP);
      expect(run).toMatchObject({ verdict: VERDICT_SOFT, firstAt: 20, suspectedAt: -1 });
    }
  });

  test("does not delay what a hard short leads to", () => {
    for (const [action, expected] of [
      [ACTION_CONTINUE, ACTION_STOP],
      [ACTION_HOLD, ACTION_HOLD],
    ]) {
      const run = suspected();
      run.current.bytes[PLACE] = action << ACTIONS_HARD;
      expect(find(run, FOUND_HARD, 21)).toBe(expected);
    }
  });

  test("is dated by its first sign", () => {
    const run = suspected(FOUND_DIPS);
    find(run, FOUND_STEP, 25);
    expect(run.suspectedAt).toBe(20);
    settle(run.proof, RESULT_ELECTRONIC);
    find(run, 0, 30);
    expect(run.firstAt).toBe(20);
  });

  test("that was never decided stands in the verdict", () => {
    const run = suspected();
    finish(run, END_FINISHED, 1);
    expect(run).toMatchObject({ verdict: VERDICT_SOFT, firstAt: 20, suspectedAt: -1 });
  });

  test("after one that was refuted is a new one", () => {
    const run = suspected();
    settle(run.proof, RESULT_IONIC);
    find(run, 0, 30);
    expect(find(run, FOUND_SLOPE, 40)).toBe(ACTION_CONTINUE);
    expect(run.suspectedAt).toBe(40);
    expect(proofOf(run)).toMatchObject({ pending: 1, suspectedAt: 40 });
    settle(run.proof, RESULT_ELECTRONIC);
    expect(find(run, 0, 50)).toBe(ACTION_STOP);
    expect(run.firstAt).toBe(40);
  });
});
