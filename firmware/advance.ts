// The stage that moves a run on: a cut-off or an event leads to the next half cycle, the next step
// or the end. Answers with the set-point.
import { beginStep } from "./account.ts";
import { act } from "./act.ts";
import { arm } from "./arming.ts";
import { CLIMB_FAILED, CLIMB_ON, CLIMB_TOP, climb, climbFromFoot } from "./ccd.ts";
import { levelAt, noteSoft } from "./ccd.ts";
import { AREA_CM2 } from "./config.ts";
import type { Course } from "./course.ts";
import { add, note } from "./events.ts";
import { FAULT_PROTOCOL, FAULT_TIME_MAX } from "./fault.ts";
import { LIVE } from "./loop.ts";
import type { Limits } from "./limits.ts";
import type { StepRecord } from "./protocol.ts";
import { ACTION_HOLD, ACTION_STOP, BUDGET, CURRENT_MAX, KIND, SET_CURRENT } from "./protocol.ts";
import { FLAG_CONTINUES, FLAGS, STEP_CCD, STEP_CURRENT, STEP_END, STEP_JUMP } from "./protocol.ts";
import { STEP_LOOP, STEP_REST, STEP_SCAN, STEP_VOLTAGE } from "./protocol.ts";
import { report } from "./report.ts";
import type { Run } from "./run.ts";
import { PERMIT_GIVEN, PERMIT_NONE, abort, find, finish, hold, isResting } from "./run.ts";
import { mayBegin, resume, setpointOf } from "./run.ts";
import type { Sample } from "./sample.ts";
import { ADVANCE_DONE, AMPS, FLOW, RELAY, VOLTS_AT } from "./sample.ts";
import { ARMING, BOUND_REACHED, BUDGET_SPENT, HELD, LOADING, RUNNING, STAY } from "./schedule.ts";
import { STEP_OVER, judge, passLoop } from "./schedule.ts";
import { SOFT } from "./shorts-places.ts";
import { CONTACT_OPEN, END_FAULT, END_FINISHED, END_LIMIT, END_SHORT } from "./telemetry.ts";
import { EVENT_CONTACT, EVENT_STEP, VERDICT_OPEN, VERDICT_VOID } from "./telemetry.ts";

/** Beside what `judge` finds: held or stopped by a finding. */
const HALTED = -1;
const STOPPED = 4;

/** The next step must be found within this time, s: a program of nothing but loops is none. */
const LOADING_S = 30;
/** Kinds of steps that every board carries, and those that drive the cell, as bits. */
const CORE_KINDS = (1 << STEP_REST) | (1 << STEP_CURRENT) | (1 << STEP_CCD);
const DRIVING_KINDS =
  (1 << STEP_CURRENT) | (1 << STEP_CCD) | (1 << STEP_VOLTAGE) | (1 << STEP_SCAN);
/** Voltages count against cut-offs this long after a change of current, s. */
const SETTLED_S = 0.2;
/** With less of its current than this, a cell at its voltage limit is no cell but an open lead. */
const OPEN_SHARE = 0.05;

/** Begins the step's sums, and tells of it. */
export function reportStep(run: Run, sample: Sample): void {
  const setpoint = setpointOf(run);
  run.schedule.stepCount++;
  const goesOn = (run.current.bytes[FLAGS] & FLAG_CONTINUES) !== 0;
  if (!goesOn) beginStep(run.totals, sample[VOLTS_AT]);
  note(run.events, EVENT_STEP);
  add(run.events, run.schedule.index);
  add(run.events, run.schedule.stepCount);
  add(run.events, setpoint === setpoint ? setpoint * 1e12 : 0);
}

/** Enters the step that has been fetched. */
export function enterStep(run: Run, sample: Sample): void {
  const schedule = run.schedule;
  const totals = run.totals;
  const held = run.current;
  run.current = run.next;
  run.next = held;
  run.loadedIndex = -1;
  schedule.index = schedule.nextIndex;
  schedule.nextIndex++;
  schedule.cycleCount += schedule.cyclesAhead;
  schedule.cyclesAhead = 0;
  schedule.phase = RUNNING;
  run.budgetStartedAt = sample[VOLTS_AT];
  if (run.current.bytes[KIND] === STEP_CCD) {
    climbFromFoot(run.ccd, true);
    // A cell that comes shorted has no level that it withstood.
    const stands = run.shorts.numbers[SOFT] !== 0;
    if (stands) noteSoft(run.ccd, run.current, totals.chargeIn + totals.chargeOut, true);
  }
  reportStep(run, sample);
}

/** Whether a step may be tried at all: of a kind we know, bounded in time, within the envelope. */
export function acceptable(step: StepRecord, limits: Limits): boolean {
  const known = ((1 << step.bytes[KIND]) & (CORE_KINDS | limits.kinds)) !== 0;
  const largest = Math.max(Math.abs(step.values[SET_CURRENT]), Math.abs(step.values[CURRENT_MAX]));
  const bounded = step.values[BUDGET] > 0 && step.values[BUDGET] < Infinity;
  return known && bounded && largest <= limits.currentMax;
}

/** The next step in memory is here: pass a loop, or end, or enter it if the present one is over. */
function useLoaded(course: Course): void {
  const run = course.run;
  const sample = course.sample;
  const schedule = run.schedule;
  const areaCm2 = course.config[AREA_CM2];
  if (schedule.phase === LOADING && sample[VOLTS_AT] - run.budgetStartedAt > LOADING_S) {
    abort(run, FAULT_PROTOCOL, END_FAULT, areaCm2);
    return;
  }
  // A jump is passed by terms; without them it is none that comes to an end.
  if (run.loadedIndex !== schedule.nextIndex || run.next.bytes[KIND] === STEP_JUMP) return;
  if (run.next.bytes[KIND] === STEP_LOOP) {
    run.loadedIndex = -1;
    if (!passLoop(schedule, run.next)) abort(run, FAULT_PROTOCOL, END_FAULT, areaCm2);
  } else if (schedule.phase === LOADING) {
    if (run.next.bytes[KIND] === STEP_END) finish(run, END_FINISHED, areaCm2);
    else if (!acceptable(run.next, course.limits)) abort(run, FAULT_PROTOCOL, END_FAULT, areaCm2);
    else if (mayBegin(run)) enterStep(run, sample);
  }
}

/** Another step, or another half cycle or rest of the staircase. */
export function endStep(run: Run, sample: Sample, areaCm2: number): void {
  const climbed = run.current.bytes[KIND] === STEP_CCD ? climb(run.ccd, run.current) : CLIMB_TOP;
  if (climbed === CLIMB_FAILED) finish(run, END_FINISHED, areaCm2);
  else if (climbed === CLIMB_ON) {
    if (run.ccd.half === 0 && !run.ccd.resting) run.schedule.cycleCount++;
    reportStep(run, sample);
  } else {
    run.schedule.phase = LOADING;
    run.budgetStartedAt = sample[VOLTS_AT];
  }
}

/** A lead that came off: it says nothing about the cell. */
function noteOpen(run: Run, time: number): void {
  if (run.verdict !== VERDICT_OPEN) {
    note(run.events, EVENT_CONTACT);
    add(run.events, CONTACT_OPEN);
  }
  find(run, VERDICT_OPEN, time);
}

/** Whether something that needs no rest before it can begin as soon as its record is written: the
 *  staircase's own next part, or the next step, if it is there and drives the cell. */
function succeeds(course: Course): boolean {
  const run = course.run;
  if (run.current.bytes[KIND] === STEP_CCD) return true;
  const known = run.loadedIndex === run.schedule.nextIndex;
  return known && ((1 << run.next.bytes[KIND]) & DRIVING_KINDS) !== 0;
}

/** The step does not go on as it is, for the reason `found`. Where the cell has failed, by a
 *  finding or by leaving a staircase's window, the run ends with it; a staircase fails at its
 *  level. */
export function leave(course: Course, found: number): void {
  const run = course.run;
  const sample = course.sample;
  const areaCm2 = course.config[AREA_CM2];
  const climbing = run.current.bytes[KIND] === STEP_CCD;
  const bounded = found === BOUND_REACHED;
  if (found === BUDGET_SPENT) abort(run, FAULT_TIME_MAX, END_LIMIT, areaCm2);
  else if (bounded && Math.abs(sample[AMPS]) < Math.abs(course.loop.setpoint) * OPEN_SHARE) {
    noteOpen(run, sample[VOLTS_AT]);
    finish(run, END_LIMIT, areaCm2);
  } else if (found === STOPPED || (bounded && climbing)) {
    if (bounded) find(run, VERDICT_VOID, sample[VOLTS_AT]);
    if (climbing) run.ccd.failing = levelAt(run.current, run.ccd.level);
    finish(run, climbing ? END_FINISHED : END_SHORT, areaCm2);
  } else if (!climbing && run.permit === PERMIT_NONE && succeeds(course)) {
    // The set-point stays for the frame in which the next one's record is written.
    mayBegin(run);
    run.totals.left = 0;
  } else if (!climbing || mayBegin(run)) endStep(run, sample, areaCm2);
}

/** What findings, or suspicions that wait, lead to: STAY, HALTED or STOPPED. */
function heed(run: Run, sample: Sample, event: number): number {
  const first = run.ccd.soft < 0;
  report(run, event, sample);
  const action = act(run, event, sample, first);
  if (action === ACTION_HOLD) hold(run, sample);
  return action === ACTION_HOLD ? HALTED : action === ACTION_STOP ? STOPPED : STAY;
}

/** What the frame says about the step that is under way. */
function follow(course: Course, event: number): void {
  const run = course.run;
  const sample = course.sample;
  const loop = course.loop;
  let found = event !== 0 || run.suspectedAt >= 0 ? heed(run, sample, event) : STAY;
  if (found === STAY) {
    const live = loop.rung === LIVE && loop.setpoint !== 0 && sample[RELAY] === 1;
    const settled = live && sample[VOLTS_AT] - loop.changedAt >= SETTLED_S;
    const since = run.budgetStartedAt;
    found = judge(run.current, isResting(run), run.totals, sample, settled, since);
  }
  const ends = run.totals.left <= course.capabilities.framePeriodMs / 1000;
  // What has been let begin begins, though a reading has come back from the cut-off it had passed.
  if (found === STAY && run.permit === PERMIT_GIVEN && !ends) found = STEP_OVER;
  if (found > STAY) leave(course, found);
  // What is over with the coming frame asks ahead for what follows, so that it begins in time.
  else if (found === STAY && run.permit === PERMIT_NONE && ends && succeeds(course)) mayBegin(run);
}

/** Moves the run on by one frame. Set-point in A; NaN = relay at rest. */
export function advance(course: Course, event: number): number {
  course.sample[FLOW] += ADVANCE_DONE;
  const run = course.run;
  const schedule = run.schedule;
  if (schedule.phase === RUNNING) follow(course, event);
  else if (schedule.phase === ARMING) arm(course);
  else if (schedule.phase === HELD && course.sample[VOLTS_AT] >= run.resumeAt && mayBegin(run)) {
    resume(run, course.sample);
  }
  // While a step runs only loops ahead of it are passed.
  const ahead = schedule.phase > LOADING && run.next.bytes[KIND] === STEP_LOOP;
  if (ahead || schedule.phase === LOADING) useLoaded(course);
  return setpointOf(run);
}
