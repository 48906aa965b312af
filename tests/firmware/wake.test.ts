// What a boot makes of a journal: how the run stands that it takes up, and what it writes. The
// journal is what the scribe of another life has left.
import { describe, expect, test } from "vitest";
import { FAULT_CONFIG, FAULT_PROTOCOL } from "../../firmware/fault.ts";
import { commit } from "../../firmware/entry.ts";
import type { Step } from "../../firmware/protocol.ts";
import { KIND, STEP_CURRENT, STEP_REST } from "../../firmware/protocol.ts";
import * as record from "../../firmware/record.ts";
import * as rule from "../../firmware/resume.ts";
import { OUTAGE_NONE, OUTAGE_UNJUDGED, PERMIT_NONE } from "../../firmware/run.ts";
import { ARMING, HELD, IDLE, LOADING, RUNNING } from "../../firmware/schedule.ts";
import { AHEAD, START_BEFORE, START_LAST, TIME } from "../../firmware/snapshot.ts";
import { EVENT_STEP, EVENT_VERDICT, VERDICT_TREND } from "../../firmware/telemetry.ts";
import { wake } from "../../firmware/wake.ts";
import { MEMORY_AREAS } from "../../boards/default-channel.ts";
import type { KeptDesk } from "./desk.ts";
import { createDesk, kindsOf, read, segmentsOf } from "./desk.ts";
import { entryOf, recordOf } from "./records.ts";
import { ccdStep, currentStep, restStep } from "./specimen.ts";

const STEPS = [restStep(100), currentStep(1e-3, { duration: 100 }), ccdStep({ duration: 50 })];

/** A life that ended in step `index`: its run began at 10 s, the step at 40 s, and it is 100 s. */
function livedIn(index: number, steps = STEPS): KeptDesk {
  const desk = createDesk(steps);
  const { run } = desk.channel;
  const { schedule, totals } = run;
  Object.assign(schedule, { phase: RUNNING, index, nextIndex: index + 1, stepCount: 5 });
  Object.assign(totals, { startedAt: 10, stepStartedAt: 40, chargeIn: 2, chargeOut: 1 });
  Object.assign(run, { budgetStartedAt: 30, verdict: VERDICT_TREND, firstAt: 70 });
  totals.stepCharge = 0.5;
  run.current = recordOf(steps[index]);
  read(desk, { timeVoltage: 100, voltage: 0.25, current: 1e-3, temperature: 30 });
  desk.diary.restVolts = 0.125;
  return desk;
}

/** Lets the life write on: `seconds` later and so much more charge, a record of this kind. */
function write(desk: KeptDesk, kind: number, seconds = 0, charge = 0): void {
  const { run, sample } = desk.channel;
  run.totals.stepCharge += charge;
  read(desk, { timeVoltage: sample[1] + seconds, voltage: 0.25, current: 1e-3, temperature: 30 });
  expect(commit(desk, kind, 0)).toBe(true);
}

/** The next life, on the memory of that one: its desk, and what waking answers. */
function next(life: KeptDesk, steps = STEPS, fault = 0) {
  const desk = createDesk(steps, life.bytes.slice());
  return { desk, answer: wake(desk, fault), run: desk.channel.run, diary: desk.diary };
}

function eventsOf(desk: KeptDesk): number[] {
  const { stream, used } = desk.channel.run.events;
  return [...stream.subarray(0, used)];
}

describe("a journal without a run under way", () => {
  test("is none at all: the board is idle, and may start", () => {
    const { answer, run, diary } = next(createDesk(STEPS));
    expect(answer).toBe(0);
    expect([run.schedule.phase, run.outage, run.permit]).toEqual([IDLE, OUTAGE_NONE, PERMIT_NONE]);
    expect([diary.open, diary.last]).toEqual([false, rule.LAST_NONE]);
  });

  test.each([
    [record.RECORD_RUN_END, rule.LAST_ENDED],
    [record.RECORD_FAULT, rule.LAST_FAULT],
  ])("ends with kind %i: idle, and nothing is written", (kind, last) => {
    const life = livedIn(1);
    write(life, record.RECORD_STEP_START);
    write(life, kind);
    const { desk, answer, run, diary } = next(life);
    expect([answer, run.schedule.phase, run.outage]).toEqual([0, IDLE, OUTAGE_NONE]);
    expect([diary.open, diary.last]).toEqual([false, last]);
    expect(segmentsOf(desk)).toEqual(segmentsOf(life));
  });

  test("hands on what is wrong with the configuration", () => {
    expect(next(createDesk(STEPS), STEPS, FAULT_CONFIG).answer).toBe(FAULT_CONFIG);
  });
});

describe("a step under way", () => {
  function checked() {
    const life = livedIn(1);
    life.channel.run.schedule.phase = LOADING;
    Object.assign(life.channel.run.schedule, { index: 0, nextIndex: 1, stepCount: 4 });
    write(life, record.RECORD_STEP_START);
    life.channel.run.schedule.phase = RUNNING;
    Object.assign(life.channel.run.schedule, { index: 1, nextIndex: 2, stepCount: 5 });
    life.channel.run.totals.stepStartedAt = 100;
    life.channel.run.totals.stepCharge = 0;
    write(life, record.RECORD_CHECKPOINT, 20, 0.75);
    return next(life);
  }

  test("is where its last checkpoint found it, and waits for its sensors", () => {
    const { answer, run, diary } = checked();
    expect(answer).toBe(0);
    expect([run.schedule.phase, run.heldPhase, run.outage]).toEqual([
      ...[ARMING, RUNNING, OUTAGE_UNJUDGED],
    ]);
    expect(run.schedule).toMatchObject({ index: 1, nextIndex: 2, stepCount: 5 });
    expect([run.current.bytes[KIND], run.loadedIndex]).toEqual([STEP_CURRENT, -1]);
    expect([diary.open, diary.last]).toEqual([true, rule.LAST_UNDER_WAY]);
  });

  test("has the charge and the times of it", () => {
    const { run } = checked();
    const { totals } = run;
    expect([totals.chargeIn, totals.chargeOut, totals.stepCharge]).toEqual([2.75, 1, 0.75]);
    expect(totals.stepStartedAt).toBe(-20);
    // A second of the run that no checkpoint tells.
    expect(totals.startedAt).toBe(-110 - 1);
    expect(run.budgetStartedAt).toBe(-20);
    expect([run.verdict, run.firstAt]).toEqual([VERDICT_TREND, 70 - 120]);
  });

  test("is not told again", () => {
    expect(eventsOf(checked().desk)).toEqual([]);
  });

  test("is written as it was found: a gap, with the cell as it was left", () => {
    const { desk, diary } = checked();
    expect(kindsOf(desk)).toEqual([record.RECORD_GAP]);
    const gap = segmentsOf(desk).at(-1)?.records[0];
    expect(gap).toMatchObject({ index: 1, time: 111, elapsed: 20, charge: 0.75, voltage: 0.25 });
    expect(gap?.current).toBeCloseTo(1e-3, 9);
    expect(diary).toMatchObject({ leftVolts: 0.25, leftCelsius: 30, leftRest: 0.125 });
    expect(diary.restVolts).toBe(0.125);
    expect(diary.leftAmps).toBeCloseTo(1e-3, 9);
    // From here on the relay is at rest.
    expect(desk.channel.sample[4]).toBe(0);
  });

  test("of discharge has its charge on the other side", () => {
    const life = livedIn(1);
    write(life, record.RECORD_HOLD);
    life.channel.run.schedule.phase = RUNNING;
    write(life, record.RECORD_RESUME);
    write(life, record.RECORD_CHECKPOINT, 1, -0.25);
    const { totals } = next(life).run;
    expect([totals.chargeIn, totals.chargeOut, totals.stepCharge]).toEqual([2, 1.25, 0.25]);
  });

  test("found twice is found the same: the gap tells the state anew", () => {
    const life = livedIn(1);
    write(life, record.RECORD_RESUME);
    write(life, record.RECORD_CHECKPOINT, 20, 0.75);
    const once = next(life);
    const twice = next(once.desk);
    expect(twice.answer).toBe(0);
    expect(twice.run.schedule).toEqual(once.run.schedule);
    expect(twice.run.heldPhase).toBe(RUNNING);
    expect(twice.run.totals).toEqual({
      ...once.run.totals,
      // Each start reckons with another second of which nothing tells.
      startedAt: once.run.totals.startedAt - 1,
    });
    expect(twice.diary.leftVolts).toBe(once.diary.leftVolts);
    expect(twice.diary.leftAmps).toBeCloseTo(once.diary.leftAmps, 9);
    expect(kindsOf(twice.desk)).toEqual([record.RECORD_GAP]);
  });
});

describe("a step that two starts find begun, and that the first had no time to tell", () => {
  function twice(spoil: (desk: KeptDesk) => void = () => undefined) {
    const life = livedIn(0);
    life.channel.run.schedule.phase = LOADING;
    write(life, record.RECORD_STEP_START);
    const { desk } = next(life);
    spoil(desk);
    return next(desk);
  }

  test("is told by the second", () => {
    const { desk, run } = twice();
    expect(run.schedule).toMatchObject({ index: 1, nextIndex: 2, stepCount: 6 });
    expect(eventsOf(desk).slice(0, 4)).toEqual([EVENT_STEP, 3, 1, 6]);
    expect([run.totals.stepCharge, run.totals.stepStartedAt]).toEqual([0, 0]);
  });

  test("and by one that finds the opening alone", () => {
    const { desk, run } = twice(({ bytes, diary: { journal } }) => {
      bytes[MEMORY_AREAS.journal + journal.segment * journal.size + journal.at - 1] ^= 1;
    });
    expect(run.schedule).toMatchObject({ index: 1, stepCount: 6 });
    expect(eventsOf(desk).slice(0, 4)).toEqual([EVENT_STEP, 3, 1, 6]);
  });

  test("but not behind a checkpoint, which keeps its charge", () => {
    const { desk, run } = twice((first) => {
      first.channel.run.schedule.phase = RUNNING;
      write(first, record.RECORD_CHECKPOINT, 5, 0.25);
    });
    expect(run.schedule).toMatchObject({ index: 1, stepCount: 6 });
    expect(eventsOf(desk)).toEqual([]);
    expect(run.totals.stepCharge).toBe(0.25);
  });
});

describe("a step written ahead", () => {
  function begun(...more: number[]) {
    const life = livedIn(0);
    life.channel.run.schedule.phase = LOADING;
    write(life, record.RECORD_STEP_START);
    for (const kind of more) write(life, kind, 10, 0.5);
    return next(life);
  }

  test("has begun, and is told", () => {
    const { desk, answer, run } = begun();
    expect(answer).toBe(0);
    expect(run.schedule).toMatchObject({ index: 1, nextIndex: 2, stepCount: 6 });
    expect([run.heldPhase, run.current.bytes[KIND]]).toEqual([RUNNING, STEP_CURRENT]);
    expect(eventsOf(desk).slice(0, 4)).toEqual([EVENT_STEP, 3, 1, 6]);
    expect([run.totals.stepCharge, run.totals.stepStartedAt]).toEqual([0, 0]);
  });

  test("and ended is over: the run looks for the next", () => {
    const { desk, run } = begun(record.RECORD_STEP_END);
    expect(run.heldPhase).toBe(LOADING);
    expect(run.schedule).toMatchObject({ index: 1, nextIndex: 2, stepCount: 6 });
    expect(eventsOf(desk)).toEqual([]);
  });

  test("whose record never came has not", () => {
    const life = livedIn(0);
    life.channel.run.schedule.phase = LOADING;
    write(life, record.RECORD_STEP_START);
    const segment = segmentsOf(life).length - 1;
    expect(segmentsOf(life)[segment].values[AHEAD]).toBe(1);
    // Its record, the first behind the newest opening, is torn.
    const { journal } = life.diary;
    life.bytes[MEMORY_AREAS.journal + journal.segment * journal.size + journal.at - 1] ^= 1;
    const { run, answer } = next(life);
    expect(answer).toBe(0);
    expect(run.heldPhase).toBe(LOADING);
    expect(run.schedule).toMatchObject({ index: 0, nextIndex: 1, stepCount: 5 });
  });

  test("of a staircase goes on to its next half cycle", () => {
    const life = livedIn(2);
    Object.assign(life.channel.run.ccd, { used: true, level: 1, half: 0 });
    write(life, record.RECORD_STEP_START);
    const { desk, run } = next(life);
    expect(run.ccd).toMatchObject({ level: 1, half: 1 });
    expect(run.schedule).toMatchObject({ phase: ARMING, index: 2, nextIndex: 3, stepCount: 6 });
    expect(eventsOf(desk).slice(0, 4)).toEqual([EVENT_STEP, 3, 2, 6]);
  });

  test("of a staircase that was its last: the run is over, and says so", () => {
    const life = livedIn(2);
    Object.assign(life.channel.run.ccd, { used: true, level: 2, half: 1, standing: 0 });
    write(life, record.RECORD_STEP_START);
    const { desk, answer, run } = next(life);
    expect([answer, run.schedule.phase, run.outage]).toEqual([0, IDLE, OUTAGE_NONE]);
    expect(eventsOf(desk)[0]).toBe(EVENT_VERDICT);
    expect(desk.diary.open).toBe(true);
    expect(kindsOf(desk)).toEqual([record.RECORD_STEP_START]);
  });
});

describe("a run that was", () => {
  test("held is so still: nothing is written, its step is there", () => {
    const life = livedIn(1);
    const { run } = life.channel;
    Object.assign(run, { heldPhase: RUNNING, heldAt: 90 });
    run.schedule.phase = HELD;
    write(life, record.RECORD_HOLD);
    const { desk, diary, answer, run: after } = next(life);
    expect([answer, diary.last]).toEqual([0, rule.LAST_HELD]);
    expect([after.schedule.phase, after.heldPhase]).toEqual([ARMING, RUNNING]);
    expect(after.current.bytes[KIND]).toBe(STEP_CURRENT);
    expect(after.totals.stepStartedAt).toBe(-50);
    expect(kindsOf(desk)).toEqual([record.RECORD_HOLD]);
  });

  test("held, of which only the opening tells, is so too", () => {
    const life = livedIn(1);
    Object.assign(life.channel.run, { heldPhase: RUNNING, heldAt: 90 });
    life.channel.run.schedule.phase = HELD;
    write(life, record.RECORD_HOLD);
    const { journal } = life.diary;
    life.bytes[MEMORY_AREAS.journal + journal.segment * journal.size + journal.at - 1] ^= 1;
    const { diary } = next(life);
    expect(diary.last).toBe(rule.LAST_HELD);
    expect(diary).toMatchObject({ leftVolts: 0.25, leftAmps: 1e-3, leftCelsius: 30 });
  });

  test("to go on, of which only the opening tells, is under way", () => {
    const life = livedIn(1);
    Object.assign(life.channel.run, { heldPhase: RUNNING, heldAt: 90, resumeAt: 100 });
    life.channel.run.schedule.phase = HELD;
    write(life, record.RECORD_RESUME);
    const { journal } = life.diary;
    life.bytes[MEMORY_AREAS.journal + journal.segment * journal.size + journal.at - 1] ^= 1;
    const { diary, run } = next(life);
    expect(diary.last).toBe(rule.LAST_UNDER_WAY);
    expect(run.totals.stepStartedAt).toBe(-50);
  });

  test("without a finding still has none", () => {
    const life = livedIn(1);
    Object.assign(life.channel.run, { verdict: 0, firstAt: -1 });
    write(life, record.RECORD_RESUME);
    write(life, record.RECORD_CHECKPOINT, 20, 0.75);
    expect(next(life).run).toMatchObject({ verdict: 0, firstAt: -1 });
  });

  test("waiting for its sensors looks for its first step", () => {
    const life = livedIn(0);
    Object.assign(life.channel.run.schedule, { phase: ARMING, nextIndex: 0 });
    write(life, record.RECORD_RUN_START);
    const { run, diary } = next(life);
    expect(diary.last).toBe(rule.LAST_UNDER_WAY);
    expect([run.schedule.phase, run.heldPhase]).toEqual([ARMING, LOADING]);
  });

  test("between two steps reads none", () => {
    const life = livedIn(1);
    life.channel.run.schedule.phase = LOADING;
    write(life, record.RECORD_GAP);
    const { run, answer } = next(life, [STEPS[0]]);
    expect([answer, run.heldPhase]).toEqual([0, LOADING]);
  });
});

describe("a run whose program is not there", () => {
  function lost(steps: Step[], spoil: (desk: KeptDesk) => void = () => undefined, fault = 0) {
    const life = livedIn(1);
    write(life, record.RECORD_RESUME);
    spoil(life);
    return next(life, steps, fault);
  }

  test("ends by it: another hash", () => {
    const life = livedIn(1);
    life.channel.run.hash = 77;
    write(life, record.RECORD_RESUME);
    const { answer, diary, run, desk } = next(life);
    expect([answer, diary.foundEarly]).toEqual([FAULT_PROTOCOL, rule.FOUND_OTHER_PROGRAM]);
    expect([run.schedule.phase, run.outage]).toEqual([ARMING, OUTAGE_UNJUDGED]);
    expect(kindsOf(desk)).toEqual([record.RECORD_RESUME]);
  });

  test("ends by it: a damaged step", () => {
    const { answer, diary } = lost(STEPS, ({ bytes }) => {
      bytes[entryOf(bytes, MEMORY_AREAS.protocol, 1)[0] + 10] ^= 1;
    });
    expect([answer, diary.foundEarly]).toEqual([FAULT_PROTOCOL, rule.FOUND_OTHER_PROGRAM]);
  });

  test("ends by it: a step beyond the limits", () => {
    const steps = [STEPS[0], currentStep(1), STEPS[2]];
    const life = livedIn(1, steps);
    write(life, record.RECORD_RESUME);
    const { answer, diary } = next(life, steps);
    expect([answer, diary.foundEarly]).toEqual([FAULT_PROTOCOL, rule.FOUND_OTHER_PROGRAM]);
  });

  test("ends by what else is wrong with memory", () => {
    const { answer, diary } = lost(STEPS, undefined, FAULT_CONFIG);
    expect([answer, diary.foundEarly]).toEqual([FAULT_CONFIG, rule.FOUND_OTHER_PROGRAM]);
  });
});

describe("starts in the middle of a run", () => {
  /** A life whose run is 90 s old, and that knows of starts at these times of it. */
  function started(before: number, last: number) {
    const life = livedIn(0);
    Object.assign(life.diary, { startBefore: before, startLast: last });
    write(life, record.RECORD_RESUME);
    return next(life);
  }

  test("are counted by the run's time, and written at once", () => {
    const { desk, diary } = started(-Infinity, 60);
    expect(diary.foundEarly).toBe(rule.FOUND_SAME);
    expect([diary.startBefore, diary.startLast]).toEqual([60, 90]);
    const { values } = segmentsOf(desk).at(-1) ?? { values: [] };
    expect([values[START_BEFORE], values[START_LAST]]).toEqual([60, 90]);
    expect(values[TIME]).toBe(91);
  });

  test.each([
    [-509, rule.FOUND_BOOT_LOOP],
    [-510, rule.FOUND_SAME],
    [60, rule.FOUND_BOOT_LOOP],
  ])("the second before this one at %i s: a loop within ten minutes", (before, found) => {
    expect(started(before, 80).diary.foundEarly).toBe(found);
  });
});

test("a rest is a rest", () => {
  const life = livedIn(0);
  write(life, record.RECORD_RESUME);
  expect(next(life).run.current.bytes[KIND]).toBe(STEP_REST);
});
