// From rows to records: pace, set-point and noise of a recording are found out on the way, and
// every frame goes through the core. Memory does not grow with the recording.
import type { Replay } from "../boards/replay.ts";
import { createReplay } from "../boards/replay.ts";
import { CLASS_HARD, CLASS_SOFT, EVENT_SHORT, EVENT_VERDICT } from "../firmware/telemetry.ts";
import type { EventMessage } from "../firmware/telemetry.ts";
import type { Cell } from "./cell-file.ts";
import type { TraceRow } from "./formats/trace-row.ts";
import { createTraceRow } from "./formats/trace-row.ts";
import { describe } from "./program.ts";
import type { VoltageNoise } from "./replay-noise.ts";
import * as noise from "./replay-noise.ts";
import type { Pace } from "./replay-pace.ts";
import * as pace from "./replay-pace.ts";
import type { ReplayRecord } from "./replay-record.ts";
import { printed, recordOf, stepRecord, withStaircase } from "./replay-record.ts";
import type { Inference } from "./replay-setpoint.ts";
import * as setpoint from "./replay-setpoint.ts";
import type { Staircase } from "./replay-staircase.ts";
import * as staircase from "./replay-staircase.ts";

/** What becomes of a row. */
export type RowFate = "taken" | "same-time" | "backwards";

/** A recording on its way through the detectors. */
export interface Examination {
  /** Takes the next row; the caller may reuse it. */
  take(row: TraceRow): RowFate;
  /** The rest and the verdict; `end` is one of `END_…`. */
  finish(end: number): void;
}

/** So many rows are looked at before the first is judged: pace and noise are known by then. */
const OPENING_ROWS = 32;
/** Half cycles without a hard short until the next one is news. */
const NEWS = 2;
/** The voltage window is left where so many rows in a row lie outside, with more than this share of
 *  the current. */
const OUTSIDE_ROWS = 2;
const OPEN_SHARE = 0.05;

interface State {
  readonly cell: Cell;
  readonly emit: (record: ReplayRecord) => void;
  readonly replay: Replay;
  readonly pace: Pace;
  readonly noise: VoltageNoise;
  readonly inference: Inference;
  readonly stairs: Staircase;
  /** Rows that wait for what comes after them, and rows to be used again. */
  waiting: TraceRow[];
  readonly spare: TraceRow[];
  opened: boolean;
  /** Test time of the first and of the last row, s. */
  firstS: number;
  lastS: number;
  /** Test time of the last frame judged, s. */
  judgedS: number;
  setpointA: number;
  setpoints: number;
  /** Half cycles begun, and the one in which a hard short was seen last. */
  halves: number;
  hardIn: number;
  /** Rows in a row outside the voltage window. */
  outside: number;
}

// A hard short goes on in every frame; it is told once, and again after half cycles without.
/** The core takes a frame for the mean of two readings; what was recorded has its own noise. */
function readingNoise(estimate: Parameters<typeof noise.deviation>[0]): number {
  return noise.deviation(estimate) * Math.SQRT2;
}

function isNews(state: State, message: EventMessage): boolean {
  if (message.code !== EVENT_SHORT || message.values[0] !== CLASS_HARD) return true;
  const quiet = state.halves - state.hardIn;
  state.hardIn = state.halves;
  return quiet >= NEWS;
}

function climbWith(state: State, message: EventMessage): void {
  if (message.code !== EVENT_SHORT) return;
  if (message.values[0] === CLASS_HARD) staircase.fail(state.stairs, true);
  else if (message.values[0] === CLASS_SOFT) staircase.soften(state.stairs);
}

function tell(state: State, message: EventMessage): void {
  const { cell } = state;
  climbWith(state, message);
  if (!isNews(state, message)) return;
  const record = recordOf(message, state.firstS * 1000, cell.areaCm2);
  if (record === null) return;
  const result = message.code === EVENT_VERDICT ? staircase.climbed(state.stairs, cell) : null;
  if (record.event !== "verdict" || result === null) state.emit(record);
  else state.emit(withStaircase(record, message, result, cell.areaCm2));
}

function changeSetpoint(state: State, row: TraceRow, setpointA: number): void {
  if (setpointA === state.setpointA) return;
  state.setpointA = setpointA;
  state.setpoints++;
  if (setpointA !== 0) state.halves++;
  const { emit, setpoints, cell } = state;
  emit(stepRecord(row.timeS, row.step, setpoints, setpointA, cell.areaCm2));
}

function passGap(state: State, row: TraceRow): void {
  const seconds = pace.follow(state.pace, row.timeS - state.judgedS);
  if (seconds === 0) return;
  state.emit({ t: printed(state.judgedS), event: "gap", seconds: printed(seconds) });
  noise.interrupt(state.noise);
  setpoint.interrupt(state.inference);
  state.replay.gap();
}

// Twice in a row, for one reading may be wrong; and under current, or it is a loose lead.
function watchWindow(state: State, row: TraceRow): void {
  const [low, high] = state.cell.voltageWindowV;
  const outside = row.voltageV < low || row.voltageV > high;
  const flows = Math.abs(row.currentA) > OPEN_SHARE * Math.abs(state.setpointA);
  state.outside = outside && flows ? state.outside + 1 : 0;
  if (state.outside === OUTSIDE_ROWS) staircase.fail(state.stairs, false);
}

function judge(state: State, row: TraceRow, nextA: number): void {
  if (state.judgedS === state.judgedS) passGap(state, row);
  state.judgedS = row.timeS;
  const given = row.setpointA;
  const isGiven = given === given;
  changeSetpoint(state, row, isGiven ? given : setpoint.inferSetpoint(state.inference, row, nextA));
  noise.listen(state.noise, row.voltageV);
  state.replay.setNoise(readingNoise(state.noise));
  staircase.climb(state.stairs, row.timeS, row.voltageV, state.setpointA);
  row.setpointA = state.setpointA;
  state.replay.take(row);
  watchWindow(state, row);
}

// The estimates run once over the rows that wait; that they run over them again does no harm.
function open(state: State): void {
  state.opened = true;
  state.waiting.forEach((row, i) => {
    noise.listen(state.noise, row.voltageV);
    if (i > 0) pace.follow(state.pace, row.timeS - state.waiting[i - 1].timeS);
  });
  setpoint.prime(state.inference, state.waiting);
  noise.interrupt(state.noise);
  state.pace.gapS = 0;
}

function drain(state: State, keep: number): void {
  while (state.waiting.length > keep) {
    const [row, next] = state.waiting;
    judge(state, row, next === undefined ? NaN : next.currentA);
    state.waiting.shift();
    state.spare.push(row);
  }
}

function take(state: State, row: TraceRow): RowFate {
  if (row.timeS < state.lastS) return "backwards";
  if (row.timeS === state.lastS) return "same-time";
  if (!(state.firstS === state.firstS)) state.firstS = row.timeS;
  state.lastS = row.timeS;
  state.waiting.push(Object.assign(state.spare.pop() ?? createTraceRow(), row));
  if (!state.opened && state.waiting.length < OPENING_ROWS) return "taken";
  if (!state.opened) open(state);
  drain(state, 1);
  return "taken";
}

/** Begins an examination of a recording of `cell`; records go to `emit` in the order of time, the
 *  verdict last. */
export function createExamination(cell: Cell, emit: (record: ReplayRecord) => void): Examination {
  const estimate = noise.createNoise();
  const options = { cell: describe(cell), noiseV: readingNoise(estimate) };
  const replay = createReplay(options, (code, timeMs, values, count) => {
    tell(state, { code, timeMs, values: [...values.subarray(0, count)] });
  });
  const state: State = {
    ...{ cell, emit, replay, noise: estimate, pace: pace.createPace() },
    ...{ inference: setpoint.createInference(), stairs: staircase.createStaircase() },
    ...{ waiting: [], spare: [], opened: false, firstS: NaN, lastS: -Infinity, judgedS: NaN },
    ...{ setpointA: NaN, setpoints: 0, halves: 0, hardIn: -NEWS, outside: 0 },
  };
  return {
    take: (row) => take(state, row),
    finish: (end) => {
      if (!state.opened) open(state);
      drain(state, 0);
      replay.finish(end);
    },
  };
}
