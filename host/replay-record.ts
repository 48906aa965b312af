// What a replay prints: the records of a run, and the gaps of the recording.
import type { EventMessage } from "../firmware/telemetry.ts";
import type { EventRecord, VerdictRecord } from "./event-record.ts";
import { eventRecord } from "./event-record.ts";
import { micro, significant } from "./quantity.ts";
import type { Climbed } from "./replay-staircase.ts";

/** Nothing was recorded for `seconds` from `t` on. */
export interface GapRecord {
  t: number;
  event: "gap";
  seconds: number;
}

/** One line on standard output. */
export type ReplayRecord = EventRecord | GapRecord;

/** Measured levels are worth no more digits. */
const DIGITS = 4;
const IS_CCD = 3;

/** Time of test as it is printed: whole milliseconds. */
export function printed(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

/** Current density of a measured level, mA/cm²; current in A. */
export function levelMaCm2(currentA: number, areaCm2: number): number {
  return Number(significant((currentA * 1000) / areaCm2, DIGITS));
}

/** The record of an event, in whole numbers as a board would have sent them; `originMs` is the test
 *  time that the event's times count from. */
export function recordOf(
  message: EventMessage,
  originMs: number,
  areaCm2: number,
): EventRecord | null {
  const values = message.values.map((value) => Math.floor(value + 0.5));
  const timeMs = Math.floor(message.timeMs + originMs + 0.5);
  const record = eventRecord({ code: message.code, timeMs, values }, areaCm2);
  if (record?.event === "verdict" && record.t !== null)
    record.t = printed(record.t + originMs / 1000);
  return record;
}

function levelOf(currentA: number, areaCm2: number): number | null {
  return currentA < 0 ? null : levelMaCm2(currentA, areaCm2);
}

/** The verdict with the result of a staircase that the recording shows. `message` is the event that
 *  `record` was made from: charge and leakage are the channel's. */
export function withStaircase(
  record: VerdictRecord,
  message: EventMessage,
  result: Climbed,
  areaCm2: number,
): VerdictRecord {
  const values = message.values.map((value, i) => (i === IS_CCD ? 1 : Math.floor(value + 0.5)));
  const counted = eventRecord({ ...message, values }, areaCm2);
  if (counted?.event !== "verdict" || counted.ccd === undefined) return record;
  const completed = levelOf(result.completed, areaCm2);
  const failing = levelOf(result.failing, areaCm2);
  const ccd = {
    ...counted.ccd,
    softMaCm2: levelOf(result.soft, areaCm2),
    hardMaCm2: levelOf(result.hard, areaCm2),
    lastCompletedMaCm2: completed,
    bracketMaCm2: failing === null ? null : ([completed ?? 0, failing] as [number, number]),
    censored: failing === null,
  };
  return { ...record, ccd };
}

/** The record of a set-point: what the recorder calls the step if that is a number, else how many
 *  set-points there were before. */
export function stepRecord(
  timeS: number,
  step: string,
  count: number,
  setpointA: number,
  areaCm2: number,
): ReplayRecord {
  const number = Number(step);
  const index = step.trim() !== "" && Number.isInteger(number) ? number : count - 1;
  const setpointMaCm2 = micro(levelMaCm2(setpointA, areaCm2));
  return { t: printed(timeS), event: "step", index, stepCount: count, setpointMaCm2 };
}
