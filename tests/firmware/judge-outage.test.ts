// With sensors and clamp there, what becomes of a run that lost its power: by what the cell is like
// now, and by the step that was under way.
import { describe, expect, test } from "vitest";
import { VOLTAGE_MAX_V, VOLTAGE_MIN_V } from "../../firmware/config.ts";
import { FAULT_BOOT_LOOP, FAULT_OTHER_CELL, FAULT_V_HIGH } from "../../firmware/fault.ts";
import { FAULT_V_LOW } from "../../firmware/fault.ts";
import type { Step } from "../../firmware/protocol.ts";
import { FLAG_WAIT, STEP_IMPEDANCE, STEP_SCAN, STEP_VOLTAGE } from "../../firmware/protocol.ts";
import * as rule from "../../firmware/resume.ts";
import { OUTAGE_JUDGED, OUTAGE_UNJUDGED } from "../../firmware/run.ts";
import { HELD, LOADING, RUNNING } from "../../firmware/schedule.ts";
import { SCRIBE } from "../../firmware/scribe.ts";
import { EVENT_GAP, EVENT_HOLD, VERDICT_TREND } from "../../firmware/telemetry.ts";
import { judgeOutage } from "../../firmware/wake.ts";
import { createDesk, read } from "./desk.ts";
import { recordOf } from "./records.ts";
import { ccdStep, currentStep, restStep } from "./specimen.ts";

const NOW = 12;
/** 39.5 Ω cm² on 0.95 cm²: what the pellet takes of 1 mA, V. */
const PELLET_V = (1e-3 * 0.162) / 0.0041 / 0.95;

/** A desk before its judgement: a `step` was under way at 1 mA and 0.3 V, 0.02 V at rest, 25 °C. */
function found(step: Step, cell: { voltage?: number; temperature?: number } = {}, changes = {}) {
  const desk = createDesk([step]);
  const { run } = desk.channel;
  run.current = recordOf(step);
  Object.assign(run.schedule, { phase: HELD, index: 3 });
  Object.assign(run, { heldPhase: RUNNING, outage: OUTAGE_UNJUDGED, verdict: VERDICT_TREND });
  Object.assign(desk.diary, {
    ...{ last: rule.LAST_UNDER_WAY, foundEarly: rule.FOUND_SAME, leftVolts: 0.3, leftRest: 0.02 },
    ...{ leftAmps: 1e-3, leftCelsius: 25, open: true, ...changes },
  });
  read(desk, { timeVoltage: NOW, voltage: 0.2, temperature: 25, ...cell });
  return desk;
}

function judge(desk: ReturnType<typeof found>) {
  const fault = judgeOutage(desk);
  const { stream, used } = desk.channel.run.events;
  const [code, , decision, seen, index, missingUc] = stream.subarray(0, used);
  return { fault, code, decision, seen, index, missingUc, rest: [...stream.subarray(6, used)] };
}

const current = currentStep(1e-3);

describe("a run goes on", () => {
  test("in a current: after a minute's rest", () => {
    const desk = found(current);
    const { fault, code, decision, seen, index, missingUc, rest } = judge(desk);
    expect([fault, code, decision, seen]).toEqual([0, EVENT_GAP, rule.SETTLE, rule.FOUND_SAME]);
    expect(index).toBe(3);
    // A second's charge at most.
    expect(missingUc).toBeCloseTo(1000, 9);
    expect(rest).toEqual([]);
    expect(desk.channel.run.resumeAt).toBe(NOW + 60);
    expect(desk.channel.run.outage).toBe(OUTAGE_JUDGED);
  });

  test("at rest: at once", () => {
    const desk = found(restStep(60), {}, { leftAmps: -1e-4 });
    const { fault, decision, missingUc } = judge(desk);
    expect([fault, decision]).toEqual([0, rule.GO_ON]);
    expect(missingUc).toBeCloseTo(100, 9);
    expect(desk.channel.run.resumeAt).toBe(NOW);
  });

  test("between two steps with the relay at rest: at once, whatever the last one was", () => {
    const desk = found(current, {}, { leftAmps: 0 });
    desk.channel.run.heldPhase = LOADING;
    expect(judge(desk)).toMatchObject({ fault: 0, decision: rule.GO_ON, index: -1 });
    expect(desk.channel.run.resumeAt).toBe(NOW);
  });

  test("between two steps under a current: after a minute's rest", () => {
    const desk = found(current);
    desk.channel.run.heldPhase = LOADING;
    expect(judge(desk)).toMatchObject({ fault: 0, decision: rule.SETTLE, index: -1 });
    expect(desk.channel.run.resumeAt).toBe(NOW + rule.SETTLE_S);
  });
});

describe("what was under way goes on", () => {
  const full = { [VOLTAGE_MIN_V]: 2.5, [VOLTAGE_MAX_V]: 3.8 };
  const symmetric = { [VOLTAGE_MIN_V]: -4, [VOLTAGE_MAX_V]: 4 };

  test.each([
    ["a voltage of a full cell: as it was", STEP_VOLTAGE, full, rule.REENTER],
    ["a scan of a full cell: as it was", STEP_SCAN, full, rule.REENTER],
    ["an impedance of a full cell: after a minute's rest", STEP_IMPEDANCE, full, rule.SETTLE],
    ["a voltage of a symmetric cell: after a minute's rest", STEP_VOLTAGE, symmetric, rule.SETTLE],
  ])("%s", (_, kind, window, expected) => {
    const step = currentStep(1e-3, { kind, voltage: 0.2, voltageEnd: 0.3, rate: 1e-3 });
    const desk = found(step);
    desk.channel.limits.kinds = (1 << STEP_VOLTAGE) | (1 << STEP_SCAN) | (1 << STEP_IMPEDANCE);
    Object.assign(desk.channel.config, window);
    expect(judge(desk)).toMatchObject({ fault: 0, decision: expected });
  });

  test("a current, where voltages could be held", () => {
    const desk = found(current);
    desk.channel.limits.kinds = 1 << STEP_VOLTAGE;
    expect(judge(desk)).toMatchObject({ fault: 0, decision: rule.SETTLE });
  });
});

describe("a run is held", () => {
  test.each([
    ["in a staircase", ccdStep(), {}],
    ["in a step that waits", currentStep(1e-3, { flags: FLAG_WAIT }), {}],
    ["that was held", current, { last: rule.LAST_HELD }],
  ])("%s, and says so", (_, step, changes) => {
    const desk = found(step, {}, changes);
    const { fault, decision, rest } = judge(desk);
    expect([fault, decision]).toEqual([0, rule.BE_HELD]);
    expect(rest).toEqual([EVENT_HOLD, 1, VERDICT_TREND]);
    expect(desk.channel.run.resumeAt).toBe(Infinity);
    expect(desk.channel.guard.fault).toBe(0);
  });

  test("after too many starts, and that is latched with its time", () => {
    const desk = found(current, {}, { foundEarly: rule.FOUND_BOOT_LOOP });
    const { fault, decision, seen } = judge(desk);
    expect([fault, decision, seen]).toEqual([0, rule.BE_HELD, rule.FOUND_BOOT_LOOP]);
    expect(desk.channel.guard.fault).toBe(FAULT_BOOT_LOOP);
    expect(desk.channel.guard.faultAt).toBe(NOW);
  });
});

describe("a run ends", () => {
  test.each([
    ["above its window", 4.1, FAULT_V_HIGH],
    ["below its window", -4.1, FAULT_V_LOW],
    ["in it, but not where it may be", 1, FAULT_OTHER_CELL],
  ])("with a cell that is %s", (_, voltage, fault) => {
    const said = judge(found(current, { voltage }));
    expect(said).toMatchObject({ fault, decision: rule.GIVE_UP });
    expect(said.seen).toBe(rule.FOUND_SAME | rule.FOUND_UNFIT);
  });

  test("with another program, whatever the cell", () => {
    const said = judge(found(current, {}, { foundEarly: rule.FOUND_OTHER_PROGRAM }));
    expect(said).toMatchObject({ decision: rule.GIVE_UP, fault: FAULT_OTHER_CELL });
  });
});

describe("the same cell", () => {
  const isSame = (cell: object, changes = {}): boolean =>
    judge(found(current, cell, changes)).fault === 0;

  test("lies within 150 mV of what is between its last rest and its last voltage", () => {
    expect(0.3 - PELLET_V).toBeGreaterThan(0.02);
    const high = 0.3 - PELLET_V + 0.15;
    expect(isSame({ voltage: high - 1e-6 })).toBe(true);
    expect(isSame({ voltage: high + 1e-6 })).toBe(false);
    expect(isSame({ voltage: 0.02 - 0.15 + 1e-6 })).toBe(true);
    expect(isSame({ voltage: 0.02 - 0.15 - 1e-6 })).toBe(false);
  });

  test("may have its rest above", () => {
    const changes = { leftRest: 0.9 };
    expect(isSame({ voltage: 1.04 }, changes)).toBe(true);
    expect(isSame({ voltage: 1.06 }, changes)).toBe(false);
    expect(isSame({ voltage: 0.3 - PELLET_V - 0.14 }, changes)).toBe(true);
    expect(isSame({ voltage: 0.3 - PELLET_V - 0.16 }, changes)).toBe(false);
  });

  test("has a pellet that resists more in the cold", () => {
    // By 0.29 eV that is 1.87 times as much at 10 °C.
    const cold = { leftCelsius: 8 };
    expect(isSame({ voltage: 0.3 - PELLET_V + 0.14, temperature: 8 }, cold)).toBe(false);
  });

  test.each([
    [35, true],
    [35.01, false],
    [15, true],
    [14.99, false],
  ])("at %d °C after 25 °C: %s", (temperature, same) => {
    expect(isSame({ temperature })).toBe(same);
  });
});

test("is judged by the scribe, once, when the run has got to its hold", () => {
  const desk = found(current, { voltage: 1 });
  expect(SCRIBE.keep(desk)).toBe(FAULT_OTHER_CELL);
  expect(desk.channel.run.outage).toBe(OUTAGE_JUDGED);
  expect(SCRIBE.keep(desk)).toBe(0);
  const waiting = found(current, { voltage: 1 });
  waiting.channel.run.schedule.phase = LOADING;
  expect(SCRIBE.keep(waiting)).toBe(0);
  expect(waiting.channel.run.outage).toBe(OUTAGE_UNJUDGED);
});
