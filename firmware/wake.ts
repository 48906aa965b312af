// After a boot: what the journal says was under way, and whether it goes on. That depends on the
// cell, so the run first waits, like any other, for sensors and clamp; then it is held, and judged.
import { acceptable, endStep, enterStep, reportStep } from "./advance.ts";
import { AREA_CM2, VOLTAGE_MIN_V } from "./config.ts";
import type { Desk, Diary } from "./diary.ts";
import { add, note } from "./events.ts";
import { FAULT_BOOT_LOOP, FAULT_NONE, FAULT_OTHER_CELL, FAULT_PROTOCOL } from "./fault.ts";
import { FAULT_V_HIGH, FAULT_V_LOW, latch } from "./fault.ts";
import { commit } from "./entry.ts";
import { recover } from "./journal.ts";
import { pellet, warmth } from "./pellet.ts";
import { FLAGS, FLAG_WAIT, KIND, STEP_CCD, STEP_CURRENT } from "./protocol.ts";
import { STEP_IMPEDANCE, STEP_VOLTAGE } from "./protocol.ts";
import { CHARGE, CURRENT, ELAPSED, KIND as RECORD_KIND, PER_SECOND, TIME } from "./record.ts";
import { RECORD_CHECKPOINT, RECORD_FAULT, RECORD_GAP, RECORD_HOLD } from "./record.ts";
import { RECORD_RUN_END, RECORD_STEP_END, RECORD_STEP_START, VOLTAGE } from "./record.ts";
import * as rule from "./resume.ts";
import { OUTAGE_JUDGED, OUTAGE_UNJUDGED, PERMIT_NONE } from "./run.ts";
import { AMPS, CELSIUS, VOLTS, VOLTS_AT } from "./sample.ts";
import { ARMING, HELD, IDLE, LOADING, RUNNING } from "./schedule.ts";
import { AHEAD, LAST_AMPS, LAST_CELSIUS, LAST_VOLTS, PHASE, REST_VOLTS } from "./snapshot.ts";
import { START_BEFORE, START_LAST, TIME as SAVED_TIME, UNTOLD, restoreRun } from "./snapshot.ts";
import { prefetch } from "./store.ts";
import { EVENT_GAP, EVENT_HOLD } from "./telemetry.ts";

/** Three starts in this time of the run are a loop, s. */
const LOOP_S = 600;
/** What of the run no checkpoint tells, at most, s. */
const UNTOLD_S = 1;
/** The same cell, after an unknown time: V, K. */
const SAME_VOLTS = 0.15;
const SAME_CELSIUS = 10;

/** What the journal ends with, `LAST_…`. */
function lastOf(diary: Diary): number {
  const kind = diary.journal.record.bytes[RECORD_KIND];
  // An opening alone: the record that it was written for never came.
  const phase = kind === 0 ? diary.journal.doubles[PHASE] : RUNNING;
  if (kind === RECORD_RUN_END || phase === IDLE) return rule.LAST_ENDED;
  if (kind === RECORD_FAULT) return rule.LAST_FAULT;
  return kind === RECORD_HOLD || phase === HELD ? rule.LAST_HELD : rule.LAST_UNDER_WAY;
}

/** Takes up what the last record tells of the step. */
function applyRecord(desk: Desk): void {
  const diary = desk.diary;
  const run = desk.channel.run;
  const totals = run.totals;
  const record = diary.journal.record;
  const moved = record.values[CHARGE] - totals.stepCharge;
  if (moved > 0) totals.chargeIn += moved;
  else totals.chargeOut -= moved;
  totals.stepCharge = record.values[CHARGE];
  totals.stepStartedAt = -record.words[ELAPSED] / PER_SECOND;
  const later = record.words[TIME] / PER_SECOND - diary.journal.doubles[SAVED_TIME];
  run.budgetStartedAt -= later;
  totals.startedAt -= later;
  run.firstAt = run.firstAt === -1 ? -1 : run.firstAt - later;
}

/** Reads the step under way from memory and takes the run to where the last record found it; false
 *  = memory does not hold such a step. */
function restoreStep(desk: Desk): boolean {
  const diary = desk.diary;
  const channel = desk.channel;
  const run = channel.run;
  const schedule = run.schedule;
  const kind = diary.journal.record.bytes[RECORD_KIND];
  const begun = diary.journal.doubles[AHEAD] === 1 && kind !== 0;
  const entering = begun && schedule.phase === LOADING;
  if (schedule.phase === ARMING) schedule.phase = LOADING;
  if (schedule.phase === LOADING && !entering) return true;
  const index = entering ? schedule.nextIndex : schedule.index;
  if (prefetch(run, desk.memory, index) !== FAULT_NONE) return false;
  if (!acceptable(run.next, channel.limits)) return false;
  if (entering) enterStep(run, channel.sample);
  else {
    const blank = run.current;
    run.current = run.next;
    run.next = blank;
    run.loadedIndex = -1;
    if (begun) endStep(run, channel.sample, channel.config[AREA_CM2]);
  }
  // A step of which a checkpoint tells has been told.
  if (kind !== RECORD_STEP_START && schedule.phase !== IDLE) run.events.used = 0;
  if (diary.journal.doubles[AHEAD] === UNTOLD && (kind === 0 || kind === RECORD_GAP)) {
    schedule.stepCount--;
    reportStep(run, channel.sample);
  }
  if (kind === RECORD_CHECKPOINT || kind === RECORD_STEP_END) applyRecord(desk);
  if (kind === RECORD_STEP_END && schedule.phase === RUNNING)
    endStep(run, channel.sample, channel.config[AREA_CM2]);
  return true;
}

/** Writes the run as it was found, so that this start counts, and another one finds the same. The
 *  sample stands for the last one before the outage, for so long. */
function writeGap(desk: Desk): void {
  const diary = desk.diary;
  const sample = desk.channel.sample;
  sample[VOLTS] = diary.leftVolts;
  sample[AMPS] = diary.leftAmps;
  sample[CELSIUS] = diary.leftCelsius;
  commit(desk, RECORD_GAP, 0);
  sample[AMPS] = 0;
}

/** Remembers how the run was left, and counts this start; what is known of it so far, `FOUND_…`. */
function takeNote(desk: Desk): number {
  const diary = desk.diary;
  const v = diary.journal.doubles;
  const known = diary.journal.record.bytes[RECORD_KIND] !== 0;
  const time = -desk.channel.run.totals.startedAt;
  diary.leftVolts = known ? diary.journal.record.values[VOLTAGE] : v[LAST_VOLTS];
  diary.leftAmps = known ? diary.journal.record.values[CURRENT] : v[LAST_AMPS];
  diary.leftCelsius = v[LAST_CELSIUS];
  diary.leftRest = diary.restVolts = v[REST_VOLTS];
  const loop = time - v[START_BEFORE] < LOOP_S;
  diary.startBefore = v[START_LAST];
  diary.startLast = time;
  return loop ? rule.FOUND_BOOT_LOOP : rule.FOUND_SAME;
}

/** As `Scribe.wake`. */
export function wake(desk: Desk, fault: number): number {
  const diary = desk.diary;
  const channel = desk.channel;
  const run = channel.run;
  const schedule = run.schedule;
  run.permit = PERMIT_NONE;
  const hash = recover(diary.journal, desk.memory);
  diary.last = hash < 0 ? rule.LAST_NONE : lastOf(diary);
  if (diary.last !== rule.LAST_HELD && diary.last !== rule.LAST_UNDER_WAY) return fault;
  diary.open = true;
  restoreRun(diary.journal.doubles, run);
  const same = fault === FAULT_NONE && hash === run.hash && restoreStep(desk);
  diary.foundEarly = takeNote(desk);
  if (!same) diary.foundEarly = rule.FOUND_OTHER_PROGRAM;
  // No row may go back in time behind those that were told after the last checkpoint.
  run.totals.startedAt -= UNTOLD_S;
  if (schedule.phase === IDLE) return FAULT_NONE;
  if (same && diary.last === rule.LAST_UNDER_WAY) writeGap(desk);
  run.heldPhase = schedule.phase;
  schedule.phase = ARMING;
  run.outage = OUTAGE_UNJUDGED;
  return same || fault !== FAULT_NONE ? fault : FAULT_PROTOCOL;
}

/** Whether the cell's voltage and temperature may be what became of those the run was left with:
 *  between the last voltage at rest and the last one under current, less the pellet's share. */
function isSameCell(desk: Desk): boolean {
  const diary = desk.diary;
  const channel = desk.channel;
  const sample = channel.sample;
  const config = channel.config;
  const ohms = pellet(config, warmth(config, diary.leftCelsius)) / config[AREA_CM2];
  const left = diary.leftVolts - diary.leftAmps * ohms;
  const low = Math.min(left, diary.leftRest) - SAME_VOLTS;
  const high = Math.max(left, diary.leftRest) + SAME_VOLTS;
  const within = sample[VOLTS] >= low && sample[VOLTS] <= high;
  return within && Math.abs(sample[CELSIUS] - diary.leftCelsius) <= SAME_CELSIUS;
}

/** The kind of step that was under way; between two steps a current may have flowed, as before. */
function stepOf(desk: Desk): number {
  const run = desk.channel.run;
  const kind = run.current.bytes[KIND];
  const flowed = desk.diary.leftAmps !== 0;
  if (run.heldPhase !== RUNNING) return flowed ? rule.WAS_CURRENT : rule.WAS_REST;
  if (kind === STEP_CCD) return rule.WAS_CCD;
  // A full cell is what its voltage is: it is held again. Others rest first, as under a current.
  if (desk.channel.limits.kinds !== 0 && kind >= STEP_VOLTAGE) {
    const isHeld = kind !== STEP_IMPEDANCE && desk.channel.config[VOLTAGE_MIN_V] >= 0;
    return isHeld ? rule.WAS_VOLTAGE : rule.WAS_CURRENT;
  }
  return kind === STEP_CURRENT ? rule.WAS_CURRENT : rule.WAS_REST;
}

/** With sensors and clamp there, decides how the run that was found goes on, and tells it. A fault
 *  when it does not. */
export function judgeOutage(desk: Desk): number {
  const diary = desk.diary;
  const channel = desk.channel;
  const run = channel.run;
  const volts = channel.sample[VOLTS];
  const limits = channel.limits;
  const high = volts > limits.voltageMax;
  const low = volts < limits.voltageMin;
  const fit = !high && !low && isSameCell(desk);
  const found = diary.foundEarly | (fit ? 0 : rule.FOUND_UNFIT);
  const policy = run.current.bytes[FLAGS] & FLAG_WAIT ? rule.POLICY_HOLD : rule.POLICY_CONTINUE;
  const decision = rule.decide(diary.last, stepOf(desk), found, policy);
  run.outage = OUTAGE_JUDGED;
  note(run.events, EVENT_GAP);
  add(run.events, decision);
  add(run.events, found);
  add(run.events, run.heldPhase === RUNNING ? run.schedule.index : -1);
  add(run.events, Math.abs(diary.leftAmps) * UNTOLD_S * 1e6);
  if (decision === rule.GIVE_UP) return high ? FAULT_V_HIGH : low ? FAULT_V_LOW : FAULT_OTHER_CELL;
  const now = channel.sample[VOLTS_AT];
  if (decision === rule.GO_ON || decision === rule.REENTER) run.resumeAt = now;
  else if (decision !== rule.BE_HELD) run.resumeAt = now + rule.SETTLE_S;
  else {
    if (found & rule.FOUND_BOOT_LOOP) latch(channel.guard, FAULT_BOOT_LOOP, now);
    note(run.events, EVENT_HOLD);
    add(run.events, run.verdict);
  }
  return FAULT_NONE;
}
