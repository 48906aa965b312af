// Terms: cut-offs beyond those that every board has, jumps on what a run has brought, limits that
// hold in every step, and rules of recording. A feature that a board names.
import type { Command } from "../hal/port.ts";
import { leave } from "./advance.ts";
import { AREA_CM2 } from "./config.ts";
import type { Calming } from "./calm.ts";
import type { Course } from "./course.ts";
import { FAULT_TIME_MAX } from "./fault.ts";
import type { Terms } from "./features.ts";
import {
  BUDGET,
  KIND,
  STEP_CCD,
  STEP_JUMP,
  TERMS_MAX,
  TO_END,
  TO_NEXT,
  TO_STOP,
  FLAG_CONTINUES,
  FLAGS,
} from "./protocol.ts";
import { pace } from "./recording.ts";
import type { Run, TermState } from "./run.ts";
import { PERMIT_ASKED, abort, finish } from "./run.ts";
import type { Schedule } from "./schedule.ts";
import { LOADING, LOOPS_MAX, RUNNING, STEP_OVER } from "./schedule.ts";
import { VOLTS_AT } from "./sample.ts";
import { END_FINISHED, END_LIMIT } from "./telemetry.ts";
import { NO_GROUP, firstGroup, jumpOf, see } from "./term-values.ts";
import { AHEAD, BODY, CHARGE_OF, CHARGE_SEEN, DEPTH_BEFORE, DEPTH_SEEN } from "./terms-state.ts";
import { EFFICIENCY, FILED, HALF_BEFORE, HALF_CYCLE, HALVES_BEFORE } from "./terms-state.ts";
import { HOLDS_SINCE, LEFT_BEFORE, LIVE_AT, LOOP_BEFORE, STEP_SEEN } from "./terms-state.ts";
import { TIMING, loadWhole } from "./terms-state.ts";

/** Numbers of half cycles in the journal. */
const HALVES = 3;

/** Files the charge of a step that has ended under its half cycle. */
function close(schedule: Schedule, n: Float64Array): void {
  const left = schedule.loopLeft;
  const charge = n[CHARGE_SEEN];
  const half = left[HALF_CYCLE];
  n[CHARGE_SEEN] = 0;
  if (charge === 0) return;
  n[FILED] = charge;
  if (charge * half >= 0) left[HALF_CYCLE] += charge;
  else {
    left[HALF_BEFORE] = Math.abs(half);
    left[HALF_CYCLE] = charge;
  }
  const done = left[HALF_CYCLE];
  if (done < 0 && left[HALF_BEFORE] > 0) left[EFFICIENCY] = -done / left[HALF_BEFORE];
}

/** At a step's first frame: what was timed was the last one's. The charge of a step that goes on
 *  with it will be told with its own. */
function turn(run: Run, n: Float64Array): void {
  const schedule = run.schedule;
  close(schedule, n);
  if (run.current.bytes[FLAGS] & FLAG_CONTINUES) schedule.loopLeft[HALF_CYCLE] -= n[FILED];
  n[FILED] = 0;
  n[STEP_SEEN] = schedule.stepCount;
  n[LIVE_AT] = -1;
  for (let i = 0; i < TERMS_MAX; i++) n[HOLDS_SINCE + i] = -1;
  n[DEPTH_BEFORE] = schedule.loopDepth;
  for (let i = 0; i < LOOPS_MAX; i++) {
    n[LEFT_BEFORE + i] = schedule.loopLeft[i];
    n[LOOP_BEFORE + i] = schedule.loopIndex[i];
  }
}

/** Notes where the body of a loop begins that has just been opened. */
function noteLoops(schedule: Schedule, n: Float64Array): void {
  const depth = schedule.loopDepth;
  if (depth > n[DEPTH_SEEN]) n[BODY + depth - 1] = schedule.nextIndex;
  n[DEPTH_SEEN] = depth;
}

/** Goes on at `to`: loops whose body that is not in are left, and begin anew when they are met. */
function jump(schedule: Schedule, n: Float64Array, from: number, to: number): void {
  let depth = schedule.loopDepth;
  while (depth > 0) {
    const inside = to >= n[BODY + depth - 1] && to <= schedule.loopIndex[depth - 1];
    if (inside) break;
    depth--;
  }
  schedule.loopDepth = n[DEPTH_SEEN] = depth;
  schedule.nextIndex = to;
  schedule.cyclesAhead = to <= from ? 1 : 0;
}

/** Takes loops back to where they were when the step began. */
function unpass(schedule: Schedule, n: Float64Array): void {
  schedule.loopDepth = n[DEPTH_BEFORE];
  for (let i = 0; i < LOOPS_MAX; i++) {
    schedule.loopLeft[i] = n[LEFT_BEFORE + i];
    schedule.loopIndex[i] = n[LOOP_BEFORE + i];
  }
}

/** What a group of the running step, or of the whole, leads to. */
function take(course: Course, state: TermState, to: number): void {
  const run = course.run;
  const schedule = run.schedule;
  if (to === TO_STOP) finish(run, END_LIMIT, course.config[AREA_CM2]);
  else if (to === TO_END) finish(run, END_FINISHED, course.config[AREA_CM2]);
  else if (to === TO_NEXT && run.current.bytes[KIND] !== STEP_CCD) leave(course, STEP_OVER);
  else {
    if (to !== TO_NEXT) {
      unpass(schedule, state.numbers);
      jump(schedule, state.numbers, schedule.index, to);
      run.loadedIndex = -1;
    }
    schedule.phase = LOADING;
    run.budgetStartedAt = course.sample[VOLTS_AT];
  }
}

/** The step has ended: its charge is its half cycle's from now on, also over a loss of power. */
function settle(run: Run, n: Float64Array): void {
  if (n[STEP_SEEN] < 0) n[CHARGE_SEEN] = n[CHARGE_OF] = run.totals.stepCharge;
  close(run.schedule, n);
  n[STEP_SEEN] = run.schedule.stepCount;
}

/** What the journal is to keep after this frame: half cycles with a step that has ended, or does
 *  with the record that is asked for. */
function forecast(run: Run, n: Float64Array): void {
  const left = run.schedule.loopLeft;
  if (run.schedule.phase === LOADING) settle(run, n);
  if (run.schedule.phase !== RUNNING || run.permit !== PERMIT_ASKED) return;
  const charge = n[CHARGE_SEEN];
  for (let i = 0; i < HALVES; i++) n[HALVES_BEFORE + i] = left[HALF_CYCLE + i];
  n[AHEAD] = 1;
  close(run.schedule, n);
  n[CHARGE_SEEN] = charge;
}

/** Takes that back. */
function recall(schedule: Schedule, n: Float64Array): void {
  if (n[AHEAD] === 0) return;
  n[AHEAD] = 0;
  for (let i = 0; i < HALVES; i++) schedule.loopLeft[HALF_CYCLE + i] = n[HALVES_BEFORE + i];
}

/** Passes a jump that is next in memory, if what it asks for is known. */
function pass(course: Course, state: TermState): void {
  const run = course.run;
  const schedule = run.schedule;
  const here = schedule.nextIndex;
  if (schedule.phase !== RUNNING) settle(run, state.numbers);
  const to = jumpOf(course, state, run.next);
  if (to !== to) return;
  if (to === TO_STOP || to === TO_END) {
    if (schedule.phase === LOADING) take(course, state, to);
    return;
  }
  run.loadedIndex = -1;
  if (to === NO_GROUP || to === TO_NEXT) schedule.nextIndex++;
  else jump(schedule, state.numbers, here, to);
}

/** As `Terms.judge`. */
function judge(course: Course): void {
  const run = course.run;
  const schedule = run.schedule;
  const state = run.terms;
  if (state === undefined || (schedule.phase !== RUNNING && schedule.phase !== LOADING)) return;
  const n = state.numbers;
  const spent = course.sample[VOLTS_AT] - run.totals.startedAt;
  const budget = state.whole.values[BUDGET];
  recall(schedule, n);
  noteLoops(schedule, n);
  n[TIMING] = Infinity;
  if (budget > 0 && spent > budget) {
    abort(run, FAULT_TIME_MAX, END_LIMIT, course.config[AREA_CM2]);
    return;
  }
  if (schedule.phase === RUNNING) {
    if (n[STEP_SEEN] !== schedule.stepCount) turn(run, n);
    see(course, state);
    let to = firstGroup(course, state, state.whole, TERMS_MAX);
    if (to === NO_GROUP) to = firstGroup(course, state, run.current, 0);
    if (to !== NO_GROUP) take(course, state, to);
  }
  const known = run.loadedIndex === schedule.nextIndex && run.next.bytes[KIND] === STEP_JUMP;
  if (known && (schedule.phase === RUNNING || schedule.phase === LOADING)) pass(course, state);
}

/** As `Terms.pace`. */
function conclude(channel: Calming, command: Command): void {
  const run = channel.run;
  if (run.terms === undefined) return;
  forecast(run, run.terms.numbers);
  pace(channel, command);
}

/** Terms, for a board that carries them. */
export const TERMS: Terms = { load: loadWhole, judge, pace: conclude };
