// Entries of the journal: which records begin a segment of their own, what they say, and what is
// left of one that memory refuses.
import { describe, expect, test } from "vitest";
import { commit } from "../../firmware/entry.ts";
import { OPENING_BYTES } from "../../firmware/journal.ts";
import { RECORD_BYTES, RECORD_CHECKPOINT, RECORD_FAULT } from "../../firmware/record.ts";
import { RECORD_GAP, RECORD_HOLD, RECORD_RESUME, RECORD_RUN_END } from "../../firmware/record.ts";
import { RECORD_RUN_START, RECORD_STEP_END, RECORD_STEP_START } from "../../firmware/record.ts";
import { HELD, RUNNING } from "../../firmware/schedule.ts";
import { AHEAD, LAST_AMPS, LAST_CELSIUS, LAST_VOLTS, PHASE } from "../../firmware/snapshot.ts";
import { REST_VOLTS, START_BEFORE, START_LAST, TIME } from "../../firmware/snapshot.ts";
import type { KeptDesk } from "./desk.ts";
import { createDesk, kindsOf, read, segmentsOf } from "./desk.ts";
import { restStep } from "./specimen.ts";

const HEADS = [RECORD_RUN_START, RECORD_STEP_START, RECORD_HOLD, RECORD_RESUME, RECORD_GAP];
const OTHERS = [RECORD_CHECKPOINT, RECORD_STEP_END, RECORD_FAULT, RECORD_RUN_END];

/** A run that has begun at 10 s, its step at 40 s; now it is 100 s. */
function underWay(): KeptDesk {
  const desk = createDesk([restStep(100)]);
  const { run } = desk.channel;
  run.schedule.phase = RUNNING;
  run.schedule.index = 0x1203;
  run.totals.startedAt = 10;
  run.totals.stepStartedAt = 40;
  run.totals.stepCharge = 0.25;
  read(desk, { timeVoltage: 100, current: 1e-3, voltage: -0.5, temperature: 31 });
  expect(commit(desk, RECORD_RUN_START, 0)).toBe(true);
  return desk;
}

describe("an entry", () => {
  test("says what the run is doing, and when", () => {
    const desk = underWay();
    expect(commit(desk, RECORD_CHECKPOINT, 7)).toBe(true);
    const record = segmentsOf(desk)[0].records[1];
    expect(record).toEqual({
      ...{ kind: RECORD_CHECKPOINT, flags: 7, index: 0x1203, sequence: 1, time: 90, elapsed: 60 },
      ...{ charge: 0.25, current: Math.fround(1e-3), voltage: -0.5 },
    });
    expect(desk.diary.checkedAt).toBe(100);
  });

  test.each(HEADS)("of kind %i begins a segment of its own", (kind) => {
    const desk = underWay();
    commit(desk, RECORD_CHECKPOINT, 0);
    expect(commit(desk, kind, 3)).toBe(true);
    expect(segmentsOf(desk)).toHaveLength(2);
    expect(kindsOf(desk)).toEqual([kind]);
  });

  test.each(OTHERS)("of kind %i goes where the others are", (kind) => {
    const desk = underWay();
    commit(desk, kind, 3);
    expect(segmentsOf(desk)).toHaveLength(1);
    expect(kindsOf(desk)).toEqual([RECORD_RUN_START, kind]);
  });

  test.each(OTHERS)("of kind %i after a finding begins one too, which tells of it", (kind) => {
    const desk = underWay();
    desk.diary.stale = true;
    commit(desk, kind, 0);
    expect(segmentsOf(desk)).toHaveLength(2);
    expect(kindsOf(desk)).toEqual([kind]);
    expect(desk.diary.stale).toBe(false);
    commit(desk, kind, 0);
    expect(kindsOf(desk)).toEqual([kind, kind]);
  });

  test("begins a segment where the one before is full", () => {
    const desk = underWay();
    const room = Math.floor((desk.diary.journal.size - OPENING_BYTES) / RECORD_BYTES);
    for (let i = 1; i < room; i++) commit(desk, RECORD_CHECKPOINT, 0);
    expect(segmentsOf(desk)).toHaveLength(1);
    expect(kindsOf(desk)).toHaveLength(room);
    expect(commit(desk, RECORD_CHECKPOINT, 0)).toBe(true);
    expect(segmentsOf(desk)).toHaveLength(2);
    expect(kindsOf(desk)).toEqual([RECORD_CHECKPOINT]);
  });
});

describe("an opening", () => {
  test("tells the run's state, how cell and board were, and the last starts", () => {
    const desk = underWay();
    Object.assign(desk.diary, { restVolts: 0.125, startBefore: 11, startLast: 22 });
    commit(desk, RECORD_HOLD, 0);
    const { values } = segmentsOf(desk)[1];
    expect([values[PHASE], values[TIME]]).toEqual([RUNNING, 90]);
    expect(values[REST_VOLTS]).toBe(0.125);
    expect([values[LAST_VOLTS], values[LAST_AMPS], values[LAST_CELSIUS]]).toEqual([-0.5, 1e-3, 31]);
    expect([values[START_BEFORE], values[START_LAST]]).toEqual([11, 22]);
  });

  test.each([...HEADS, RECORD_CHECKPOINT])("is written ahead of a step alone: kind %i", (kind) => {
    const desk = underWay();
    desk.diary.stale = true;
    commit(desk, kind, 0);
    expect(segmentsOf(desk).at(-1)?.values[AHEAD]).toBe(kind === RECORD_STEP_START ? 1 : 0);
  });
});

test("an opening tells of a hold that it is one, until the run is to go on", () => {
  const desk = underWay();
  Object.assign(desk.channel.run, { heldPhase: RUNNING, heldAt: 100 });
  desk.channel.run.schedule.phase = HELD;
  commit(desk, RECORD_HOLD, 0);
  expect(segmentsOf(desk).at(-1)?.values[PHASE]).toBe(HELD);
  commit(desk, RECORD_RESUME, 0);
  expect(segmentsOf(desk).at(-1)?.values[PHASE]).toBe(RUNNING);
  expect(desk.channel.run.schedule.phase).toBe(HELD);
});

describe("an entry that memory refuses", () => {
  test("is counted, in a row", () => {
    const desk = underWay();
    desk.refusals = 2;
    read(desk, { timeVoltage: 101 });
    expect(commit(desk, RECORD_CHECKPOINT, 0)).toBe(false);
    expect(commit(desk, RECORD_CHECKPOINT, 0)).toBe(false);
    expect(desk.diary.failures).toBe(2);
    expect(desk.diary.checkedAt).toBe(101);
    expect(commit(desk, RECORD_CHECKPOINT, 0)).toBe(true);
    expect(desk.diary.failures).toBe(0);
  });

  test("closes its segment: what follows begins a new one", () => {
    const desk = underWay();
    desk.refusals = 1;
    commit(desk, RECORD_CHECKPOINT, 0);
    expect(kindsOf(desk)).toEqual([RECORD_RUN_START]);
    commit(desk, RECORD_CHECKPOINT, 0);
    expect(segmentsOf(desk)).toHaveLength(2);
    expect(kindsOf(desk)).toEqual([RECORD_CHECKPOINT]);
  });

  test("in its opening leaves no record behind it", () => {
    const desk = underWay();
    desk.refusals = 1;
    expect(commit(desk, RECORD_STEP_START, 0)).toBe(false);
    expect(segmentsOf(desk)).toHaveLength(1);
    expect(kindsOf(desk)).toEqual([RECORD_RUN_START]);
    expect(desk.diary.journal.sequence).toBe(1);
  });
});
