// The stage that moves a run on: a cut-off or an event leads to the next half cycle, the next step
// or the end. Answers with the set-point.
import { beginStep, restart } from "./account.ts";
import { act } from "./act.ts";
import { CLIMB_FAILED, CLIMB_ON, climb, climbFromFoot } from "./ccd.ts";
import { levelCurrent, noteSoft } from "./ccd.ts";
import type { CellConfig } from "./config.ts";
import { add, note } from "./events.ts";
import { FAULT_BUS, FAULT_F_LOW, FAULT_PROTOCOL, FAULT_TIME_MAX } from "./fault.ts";
import type { Loop } from "./loop.ts";
import { LIVE } from "./loop.ts";
import type { Limits } from "./limits.ts";
import type { Step } from "./protocol.ts";
import { ACTION_HOLD, ACTION_STOP } from "./protocol.ts";
import { STEP_CCD, STEP_CURRENT, STEP_END, STEP_LOOP, STEP_REST } from "./protocol.ts";
import { report } from "./report.ts";
import type { Run } from "./run.ts";
import { abort, find, finish, hold, isResting, setpointOf } from "./run.ts";
import type { Sample } from "./sample.ts";
import { ARMING, BOUND_REACHED, BUDGET_SPENT, LOADING, RUNNING, STAY } from "./schedule.ts";
import { judge, passLoop } from "./schedule.ts";
import { SOFT } from "./shorts-places.ts";
import { slowSensorsFresh } from "./supervise.ts";
import { CONTACT_OPEN, END_FAULT, END_FINISHED, END_LIMIT, END_SHORT } from "./telemetry.ts";
import { EVENT_CONTACT, EVENT_STEP, VERDICT_OPEN, VERDICT_VOID } from "./telemetry.ts";

/** Sensors and clamp force must be there within this time, s. */
const ARMING_S = 30;
/** The next step must be found within this time, s: a program of nothing but loops is none. */
const LOADING_S = 30;
/** Voltages count against cut-offs this long after a change of current, s. */
const SETTLED_S = 0.2;
/** With less of its current than this, a cell at its voltage limit is no cell but an open lead. */
const OPEN_SHARE = 0.05;

function reportStep(run: Run, sample: Sample): void {
  const setpoint = setpointOf(run);
  run.schedule.stepCount++;
  beginStep(run.totals, sample.timeVoltage);
  note(run.events, EVENT_STEP);
  add(run.events, run.schedule.index);
  add(run.events, run.schedule.stepCount);
  add(run.events, setpoint === setpoint ? setpoint * 1e12 : 0);
}

function enterStep(run: Run, sample: Sample): void {
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
  run.budgetStartedAt = sample.timeVoltage;
  if (run.current.kind === STEP_CCD) {
    climbFromFoot(run.ccd, true);
    // A cell that comes shorted has no level that it withstood.
    const stands = run.shorts.numbers[SOFT] !== 0;
    if (stands) noteSoft(run.ccd, run.current, totals.chargeIn + totals.chargeOut, true);
  }
  reportStep(run, sample);
}

/** Whether a step may be tried at all: of a kind we know, bounded in time, within the envelope. */
function acceptable(step: Step, limits: Limits): boolean {
  const known = step.kind === STEP_REST || step.kind === STEP_CURRENT || step.kind === STEP_CCD;
  const largest = Math.max(Math.abs(step.current), Math.abs(step.currentMax));
  return known && step.budget > 0 && largest <= limits.currentMax;
}

/** The next step in memory is here: pass a loop, or end, or enter it if the present one is over. */
function useLoaded(run: Run, sample: Sample, limits: Limits, areaCm2: number): void {
  const schedule = run.schedule;
  if (schedule.phase === LOADING && sample.timeVoltage - run.budgetStartedAt > LOADING_S) {
    abort(run, FAULT_PROTOCOL, END_FAULT, areaCm2);
    return;
  }
  if (run.loadedIndex !== schedule.nextIndex) return;
  if (run.next.kind === STEP_LOOP) {
    run.loadedIndex = -1;
    if (!passLoop(schedule, run.next)) abort(run, FAULT_PROTOCOL, END_FAULT, areaCm2);
  } else if (schedule.phase === LOADING) {
    if (run.next.kind === STEP_END) finish(run, END_FINISHED, areaCm2);
    else if (acceptable(run.next, limits)) enterStep(run, sample);
    else abort(run, FAULT_PROTOCOL, END_FAULT, areaCm2);
  }
}

function arm(run: Run, sample: Sample, limits: Limits, areaCm2: number): void {
  const fresh = slowSensorsFresh(sample);
  if (fresh && sample.force >= limits.forceStart) {
    run.schedule.phase = LOADING;
    restart(run.totals, sample.timeVoltage);
    run.budgetStartedAt = sample.timeVoltage;
  } else if (sample.timeVoltage - run.budgetStartedAt > ARMING_S) {
    if (fresh) abort(run, FAULT_F_LOW, END_LIMIT, areaCm2);
    else abort(run, FAULT_BUS, END_FAULT, areaCm2);
  }
}

/** Ends the run at what made the cell fail; in a staircase that is its result. */
function fail(run: Run, end: number, areaCm2: number): void {
  const climbing = run.current.kind === STEP_CCD;
  if (climbing) run.ccd.failing = levelCurrent(run.ccd, run.current);
  finish(run, climbing ? END_FINISHED : end, areaCm2);
}

function endStep(run: Run, sample: Sample, areaCm2: number): void {
  if (run.current.kind === STEP_CCD) {
    const found = climb(run.ccd, run.current);
    if (found === CLIMB_FAILED) {
      finish(run, END_FINISHED, areaCm2);
      return;
    }
    if (found === CLIMB_ON) {
      if (run.ccd.half === 0 && !run.ccd.resting) run.schedule.cycleCount++;
      reportStep(run, sample);
      return;
    }
  }
  run.schedule.phase = LOADING;
  run.budgetStartedAt = sample.timeVoltage;
}

/** A voltage bound is reached: a cut-off, the end of the staircase, or just a loose lead, which
 *  says nothing about the cell. */
function reachBound(run: Run, sample: Sample, loop: Loop, areaCm2: number): void {
  if (Math.abs(sample.current) < Math.abs(loop.setpoint) * OPEN_SHARE) {
    if (run.verdict !== VERDICT_OPEN) {
      note(run.events, EVENT_CONTACT);
      add(run.events, CONTACT_OPEN);
    }
    find(run, VERDICT_OPEN, sample.timeVoltage);
    finish(run, END_LIMIT, areaCm2);
  } else if (run.current.kind === STEP_CCD) {
    find(run, VERDICT_VOID, sample.timeVoltage);
    fail(run, END_LIMIT, areaCm2);
  } else endStep(run, sample, areaCm2);
}

function settled(sample: Sample, loop: Loop): boolean {
  if (loop.rung !== LIVE || loop.setpoint === 0 || sample.relay !== 1) return false;
  return sample.timeVoltage - loop.changedAt >= SETTLED_S;
}

/** What the frame says about the step that is under way. */
function follow(run: Run, sample: Sample, loop: Loop, event: number, areaCm2: number): void {
  const first = run.ccd.soft < 0;
  report(run, event, sample);
  const action = act(run, event, sample, first);
  if (action === ACTION_HOLD) {
    hold(run, sample);
    return;
  }
  if (action === ACTION_STOP) {
    fail(run, END_SHORT, areaCm2);
    return;
  }
  const still = isResting(run);
  const since = run.budgetStartedAt;
  const found = judge(run.current, still, run.totals, sample, settled(sample, loop), since);
  if (found === BOUND_REACHED) reachBound(run, sample, loop, areaCm2);
  else if (found === BUDGET_SPENT) abort(run, FAULT_TIME_MAX, END_LIMIT, areaCm2);
  else if (found !== STAY) endStep(run, sample, areaCm2);
}

/** Moves the run on by one frame. Set-point in A; NaN = relay at rest. */
export function advance(
  run: Run,
  sample: Sample,
  loop: Loop,
  cell: CellConfig,
  limits: Limits,
  event: number,
): number {
  const schedule = run.schedule;
  const area = cell.areaCm2;
  if (schedule.phase === ARMING) arm(run, sample, limits, area);
  else if (schedule.phase === RUNNING) follow(run, sample, loop, event, area);
  if (schedule.phase >= LOADING) useLoaded(run, sample, limits, area);
  return setpointOf(run);
}
