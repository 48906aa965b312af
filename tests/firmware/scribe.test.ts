// What of a frame gets into the journal, and what the core is let begin.
import { describe, expect, test } from "vitest";
import { add, note } from "../../firmware/events.ts";
import { FAULT_BOOT_LOOP, FAULT_BUS, FAULT_JOURNAL } from "../../firmware/fault.ts";
import { PHASE } from "../../firmware/proof-places.ts";
import { CUT, isActive } from "../../firmware/proof-state.ts";
import { STEP_CURRENT, STEP_IMPEDANCE, STEP_SCAN } from "../../firmware/protocol.ts";
import { STEP_VOLTAGE } from "../../firmware/protocol.ts";
import * as record from "../../firmware/record.ts";
import { PERMIT_ASKED, PERMIT_GIVEN, PERMIT_NONE } from "../../firmware/run.ts";
import { VOLTAGE_FAILED } from "../../firmware/sample.ts";
import { ARMING, HELD, IDLE, LOADING, RUNNING } from "../../firmware/schedule.ts";
import { SCRIBE } from "../../firmware/scribe.ts";
import * as told from "../../firmware/telemetry.ts";
import type { KeptDesk } from "./desk.ts";
import { createDesk, kindsOf, read, segmentsOf } from "./desk.ts";
import { currentStep } from "./specimen.ts";
import { recordOf } from "./records.ts";

const { RECORD_CHECKPOINT, RECORD_STEP_START, RECORD_STEP_END, RECORD_RUN_START } = record;

/** Tells `events` of a frame at `time`; the answer of the scribe. */
function keep(desk: KeptDesk, time: number, ...events: number[][]): number {
  read(desk, { timeVoltage: time });
  for (const [code, ...values] of events) {
    note(desk.channel.run.events, code);
    for (const value of values) add(desk.channel.run.events, value);
  }
  return SCRIBE.keep(desk);
}

/** A run that is in a step of current, journalled from its start at 10 s. */
function underWay(): KeptDesk {
  const desk = createDesk([currentStep(1e-3)]);
  const { run } = desk.channel;
  run.totals.startedAt = 10;
  run.schedule.phase = ARMING;
  keep(desk, 10, [told.EVENT_START, 2, 0xcafe]);
  run.current = recordOf(currentStep(1e-3));
  run.schedule.phase = RUNNING;
  keep(desk, 10.1);
  return desk;
}

describe("a run's start", () => {
  test("opens the journal, and nothing before it does", () => {
    const desk = createDesk([]);
    const { run } = desk.channel;
    run.schedule.phase = RUNNING;
    expect(keep(desk, 5, [told.EVENT_FAULT, FAULT_BUS], [told.EVENT_SHORT, 0])).toBe(0);
    expect(segmentsOf(desk)).toEqual([]);
    expect(desk.diary.stale).toBe(false);
    Object.assign(desk.diary, { startBefore: 3, startLast: 4 });
    keep(desk, 6, [told.EVENT_START, 2, 0xcafe]);
    expect(kindsOf(desk)).toEqual([RECORD_RUN_START]);
    expect(desk.diary.startBefore).toBe(-Infinity);
    expect(desk.diary.startLast).toBe(-Infinity);
    expect(run.events.used).toBe(0);
  });
});

describe("events", () => {
  test.each([
    [told.EVENT_FAULT, record.RECORD_FAULT],
    [told.EVENT_HOLD, record.RECORD_HOLD],
    [told.EVENT_VERDICT, record.RECORD_RUN_END],
  ])("of code %i stand in the journal at once, with their value", (code, kind) => {
    const desk = underWay();
    keep(desk, 10.2, [code, 5, 6]);
    expect(segmentsOf(desk).at(-1)?.records.at(-1)).toMatchObject({ kind, flags: 5 });
    expect(desk.channel.run.events.used).toBe(0);
  });

  test.each([
    ...[told.EVENT_SHORT, told.EVENT_RECOVERED, told.EVENT_CONTACT, told.EVENT_PROOF],
    told.EVENT_TREND,
  ])("of code %i are findings: the next entry tells the state anew", (code) => {
    const desk = underWay();
    keep(desk, 10.2, [code, 1, 2, 3]);
    expect(segmentsOf(desk)).toHaveLength(2);
    expect(kindsOf(desk)).toEqual([RECORD_CHECKPOINT]);
  });

  test.each([told.EVENT_STEP, told.EVENT_UNDECIDABLE, told.EVENT_COVARIATE, told.EVENT_PULSE])(
    "of code %i change nothing",
    (code) => {
      const desk = underWay();
      keep(desk, 10.2, [code, 1, 2, 3]);
      expect(kindsOf(desk)).toEqual([RECORD_RUN_START]);
      expect(desk.diary.stale).toBe(false);
    },
  );

  test("of one frame are all taken up, each with its own values", () => {
    const desk = underWay();
    desk.channel.run.schedule.phase = IDLE;
    const verdict = Array.from({ length: 14 }, (_, i) => 40 + i);
    keep(desk, 10.2, [told.EVENT_FAULT, FAULT_BUS], [told.EVENT_VERDICT, ...verdict]);
    const records = segmentsOf(desk).at(-1)?.records ?? [];
    expect(records.map(({ kind, flags }) => [kind, flags])).toEqual([
      [RECORD_RUN_START, 0],
      [record.RECORD_FAULT, FAULT_BUS],
      [record.RECORD_RUN_END, 40],
    ]);
  });

  test("after the verdict are nobody's", () => {
    const desk = underWay();
    desk.channel.run.schedule.phase = IDLE;
    keep(desk, 10.2, [told.EVENT_VERDICT, 0], [told.EVENT_FAULT, FAULT_BUS]);
    keep(desk, 10.4, [told.EVENT_FAULT, FAULT_BUS]);
    expect(kindsOf(desk)).toEqual([RECORD_RUN_START, record.RECORD_RUN_END]);
  });
});

describe("what memory refuses", () => {
  test("of an event is tried again with every frame, with its value", () => {
    const desk = underWay();
    desk.channel.run.schedule.phase = IDLE;
    // The record, then the opening that has to follow it.
    desk.refusals = 2;
    keep(desk, 10.2, [told.EVENT_VERDICT, 5]);
    expect(kindsOf(desk)).toEqual([RECORD_RUN_START]);
    keep(desk, 10.4);
    expect(kindsOf(desk)).toEqual([RECORD_RUN_START]);
    keep(desk, 10.6);
    const last = segmentsOf(desk).at(-1)?.records ?? [];
    expect(last).toMatchObject([{ kind: record.RECORD_RUN_END, flags: 5 }]);
    keep(desk, 10.8);
    expect(kindsOf(desk)).toHaveLength(1);
  });

  test("three times in a row ends the run, twice does not", () => {
    const desk = underWay();
    desk.refusals = 3;
    expect(keep(desk, 11)).toBe(0);
    expect(keep(desk, 12)).toBe(0);
    expect(keep(desk, 13)).toBe(FAULT_JOURNAL);
    expect(keep(desk, 14)).toBe(0);
    expect(kindsOf(desk)).toEqual([RECORD_CHECKPOINT]);
  });

  test("does not end what is no run", () => {
    const desk = underWay();
    desk.channel.run.schedule.phase = IDLE;
    desk.refusals = 9;
    for (let i = 1; i < 6; i++) expect(keep(desk, 10 + i, [told.EVENT_HOLD, 1])).toBe(0);
  });
});

describe("a permit", () => {
  test.each([
    [LOADING, RECORD_STEP_START],
    [RUNNING, RECORD_STEP_START],
    [HELD, record.RECORD_RESUME],
  ])("asked for in phase %i is given once its record stands", (phase, kind) => {
    const desk = underWay();
    const { run } = desk.channel;
    run.schedule.phase = desk.diary.phase = phase;
    run.permit = PERMIT_ASKED;
    keep(desk, 10.2);
    expect(run.permit).toBe(PERMIT_GIVEN);
    expect(kindsOf(desk)).toEqual([kind]);
    expect(segmentsOf(desk).at(-1)?.records[0].flags).toBe(STEP_CURRENT);
  });

  test("is not given by a memory that refuses", () => {
    const desk = underWay();
    desk.channel.run.permit = PERMIT_ASKED;
    desk.refusals = 1;
    keep(desk, 10.2);
    expect(desk.channel.run.permit).toBe(PERMIT_ASKED);
  });

  test("that nobody asked for is not given", () => {
    const desk = underWay();
    keep(desk, 10.2);
    expect(desk.channel.run.permit).toBe(PERMIT_NONE);
    expect(kindsOf(desk)).toEqual([RECORD_RUN_START]);
  });

  test("is taken back when a finding follows it, which the record does not know of", () => {
    const desk = underWay();
    const { run } = desk.channel;
    run.permit = PERMIT_GIVEN;
    keep(desk, 10.2);
    expect(run.permit).toBe(PERMIT_GIVEN);
    keep(desk, 10.4, [told.EVENT_SHORT, 1]);
    expect(run.permit).toBe(PERMIT_NONE);
  });

  test("asked for while too many starts are latched: somebody has looked", () => {
    const desk = underWay();
    const { guard, run } = desk.channel;
    Object.assign(desk.diary, { startBefore: 3, startLast: 4 });
    guard.fault = FAULT_BOOT_LOOP;
    run.schedule.phase = HELD;
    keep(desk, 10.2);
    expect(guard.fault).toBe(FAULT_BOOT_LOOP);
    run.permit = PERMIT_ASKED;
    keep(desk, 10.4);
    expect(guard.fault).toBe(0);
    expect([desk.diary.startBefore, desk.diary.startLast]).toEqual([-Infinity, -Infinity]);
  });

  test("leaves another fault alone", () => {
    const desk = underWay();
    desk.channel.guard.fault = FAULT_BUS;
    desk.diary.startLast = 4;
    desk.channel.run.permit = PERMIT_ASKED;
    keep(desk, 10.2);
    expect(desk.channel.guard.fault).toBe(FAULT_BUS);
    expect(desk.diary.startLast).toBe(4);
  });
});

describe("a checkpoint", () => {
  test("is written about once a second", () => {
    const desk = underWay();
    const times: number[] = [];
    let count = kindsOf(desk).length;
    for (let i = 1; i <= 30; i++) {
      keep(desk, 10 + i / 10);
      if (kindsOf(desk).length > count) times.push(i);
      count = kindsOf(desk).length;
    }
    expect(times).toEqual([9, 18, 27]);
    expect(kindsOf(desk).slice(1)).toEqual([4, 4, 4].fill(RECORD_CHECKPOINT));
    expect(segmentsOf(desk).at(-1)?.records[1].flags).toBe(STEP_CURRENT);
  });

  test.each([ARMING, LOADING, HELD])("is not written in phase %i", (phase) => {
    const desk = underWay();
    desk.channel.run.schedule.phase = desk.diary.phase = phase;
    keep(desk, 20);
    expect(kindsOf(desk)).toEqual([RECORD_RUN_START]);
  });

  // A record has the step's net charge only.
  test.each([
    ["a current that a voltage asks for: a record of its own", STEP_VOLTAGE, 1],
    ["a wave, whose charge goes both ways: all is told anew", STEP_IMPEDANCE, 2],
    ["a scan: all is told anew", STEP_SCAN, 2],
  ])("of %s", (_, kind, segments) => {
    const desk = underWay();
    desk.channel.run.current = recordOf(currentStep(1e-3, { kind }));
    desk.channel.loop.tracking = 1;
    keep(desk, 12);
    expect(segmentsOf(desk)).toHaveLength(segments);
    expect(desk.diary.stale).toBe(false);
  });

  test("is not written between a permit and what it lets begin", () => {
    const desk = underWay();
    desk.channel.run.permit = PERMIT_GIVEN;
    keep(desk, 20);
    expect(kindsOf(desk)).toEqual([RECORD_RUN_START]);
  });

  test("waits for the end of an experiment", () => {
    const desk = underWay();
    const { proof } = desk.channel.run;
    proof.numbers[PHASE] = CUT;
    expect(isActive(proof)).toBe(true);
    keep(desk, 20);
    expect(kindsOf(desk)).toEqual([RECORD_RUN_START]);
  });
});

describe("a step's end", () => {
  test("stands in the journal when the run looks for the next one", () => {
    const desk = underWay();
    desk.channel.run.schedule.phase = LOADING;
    keep(desk, 10.2);
    expect(kindsOf(desk)).toEqual([RECORD_RUN_START, RECORD_STEP_END]);
    keep(desk, 10.4);
    expect(kindsOf(desk)).toHaveLength(2);
  });

  test("is owed when memory refuses it", () => {
    const desk = underWay();
    desk.channel.run.schedule.phase = LOADING;
    desk.refusals = 1;
    keep(desk, 10.2);
    keep(desk, 10.4);
    expect(kindsOf(desk)).toEqual([RECORD_STEP_END]);
  });
});

describe("the voltage at rest", () => {
  test("is that of the last sound frame with the relay at rest", () => {
    const desk = underWay();
    const seen = (changes: object): number => {
      read(desk, { timeVoltage: 10.2, ...changes });
      SCRIBE.keep(desk);
      return desk.diary.restVolts;
    };
    expect(seen({ relay: 0, voltage: 0.5 })).toBe(0.5);
    expect(seen({ relay: 1, voltage: 0.6 })).toBe(0.5);
    expect(seen({ relay: 0, voltage: 0.7, status: VOLTAGE_FAILED })).toBe(0.5);
    expect(seen({ relay: 0, voltage: 0.8 })).toBe(0.8);
  });
});
