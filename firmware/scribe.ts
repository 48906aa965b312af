// Keeps the journal of a run, between a frame's command and the next frame: what has happened, a
// checkpoint a second, and ahead of a step that it begins. A permit is the answer to the core.
import type { Desk } from "./diary.ts";
import { EVENT_HEAD } from "./events.ts";
import { FAULT_BOOT_LOOP, FAULT_JOURNAL } from "./fault.ts";
import type { Scribe } from "./features.ts";
import { commit } from "./entry.ts";
import { isActive } from "./proof-state.ts";
import { KIND, STEP_VOLTAGE } from "./protocol.ts";
import { RECORD_CHECKPOINT, RECORD_FAULT, RECORD_HOLD, RECORD_RESUME } from "./record.ts";
import { RECORD_RUN_END, RECORD_RUN_START, RECORD_STEP_END, RECORD_STEP_START } from "./record.ts";
import { OUTAGE_UNJUDGED, PERMIT_ASKED, PERMIT_GIVEN, revoke } from "./run.ts";
import { RELAY, STATUS, VOLTS, VOLTS_AT } from "./sample.ts";
import { VOLTAGE_FAILED } from "./sample.ts";
import { HELD, IDLE, LOADING, RUNNING } from "./schedule.ts";
import { EVENT_CONTACT, EVENT_FAULT, EVENT_HOLD, EVENT_PROOF } from "./telemetry.ts";
import { EVENT_RECOVERED, EVENT_SHORT, EVENT_START, EVENT_TREND } from "./telemetry.ts";
import { EVENT_VERDICT } from "./telemetry.ts";
import { judgeOutage, wake } from "./wake.ts";

/** Checkpoints are about so far apart, s; off the grid of frames. */
const CHECKPOINT_S = 0.88;
/** Refusals in a row that a run survives: a transaction may fail once. */
const REFUSALS = 2;
/** Events that change what the run's end will say, bits `1 << EVENT_…`. */
const FINDINGS =
  (1 << EVENT_SHORT) |
  (1 << EVENT_RECOVERED) |
  (1 << EVENT_CONTACT) |
  (1 << EVENT_PROOF) |
  (1 << EVENT_TREND);

/** Commits a record that must not be lost: refused, it is tried again with every frame. */
function insist(desk: Desk, kind: number, flags: number): void {
  const done = commit(desk, kind, flags);
  desk.diary.owed = done ? 0 : kind;
  desk.diary.owedFlags = flags;
}

/** Writes of this frame's events what changes the run's course. */
function noteEvents(desk: Desk): void {
  const diary = desk.diary;
  const events = desk.channel.run.events;
  const stream = events.stream;
  for (let at = 0; at < events.used; at += EVENT_HEAD + stream[at + 1]) {
    const code = stream[at];
    const value = stream[at + EVENT_HEAD];
    if (code === EVENT_START) {
      diary.open = true;
      diary.startBefore = diary.startLast = -Infinity;
    }
    if (!diary.open) continue;
    if (FINDINGS & (1 << code)) diary.stale = true;
    if (code === EVENT_START) insist(desk, RECORD_RUN_START, 0);
    else if (code === EVENT_FAULT) insist(desk, RECORD_FAULT, value);
    else if (code === EVENT_HOLD) insist(desk, RECORD_HOLD, value);
    else if (code === EVENT_VERDICT) {
      insist(desk, RECORD_RUN_END, value);
      diary.open = false;
    }
  }
}

/** Writes ahead what the core wants to begin, and lets it. */
function permit(desk: Desk): void {
  const diary = desk.diary;
  const run = desk.channel.run;
  const guard = desk.channel.guard;
  if (run.permit === PERMIT_GIVEN && diary.stale) revoke(run);
  if (run.permit !== PERMIT_ASKED) return;
  if (guard.fault === FAULT_BOOT_LOOP) {
    // Someone has looked at it.
    guard.fault = 0;
    diary.startBefore = diary.startLast = -Infinity;
  }
  const kind = run.schedule.phase === HELD ? RECORD_RESUME : RECORD_STEP_START;
  if (commit(desk, kind, run.current.bytes[KIND])) run.permit = PERMIT_GIVEN;
}

/** Writes a checkpoint when it is time for one. */
function check(desk: Desk): void {
  const diary = desk.diary;
  const run = desk.channel.run;
  if (run.schedule.phase !== RUNNING || run.permit === PERMIT_GIVEN) return;
  // The readings of an experiment follow its change of current at once.
  if (isActive(run.proof)) return;
  const since = desk.channel.sample[VOLTS_AT] - diary.checkedAt;
  if (diary.stale || since >= CHECKPOINT_S) {
    // A record has the step's net charge only: one whose current goes both ways needs all.
    const turns = desk.channel.loop.tracking !== 0 && run.current.bytes[KIND] !== STEP_VOLTAGE;
    if (turns) diary.stale = true;
    commit(desk, RECORD_CHECKPOINT, run.current.bytes[KIND]);
  }
}

/** As `Scribe.keep`. */
function keep(desk: Desk): number {
  const diary = desk.diary;
  const sample = desk.channel.sample;
  const run = desk.channel.run;
  const schedule = run.schedule;
  const atRest = sample[RELAY] === 0 && (sample[STATUS] & VOLTAGE_FAILED) === 0;
  if (atRest) diary.restVolts = sample[VOLTS];
  if (diary.owed !== 0) insist(desk, diary.owed, diary.owedFlags);
  noteEvents(desk);
  // What comes now is for the next frame.
  run.events.used = 0;
  const held = run.outage === OUTAGE_UNJUDGED && schedule.phase === HELD;
  const fault = held ? judgeOutage(desk) : 0;
  if (fault !== 0) return fault;
  const over = schedule.phase === LOADING && diary.phase === RUNNING;
  diary.phase = schedule.phase;
  if (!diary.open || schedule.phase === IDLE) return 0;
  if (over) insist(desk, RECORD_STEP_END, 0);
  permit(desk);
  check(desk);
  return diary.failures > REFUSALS ? FAULT_JOURNAL : 0;
}

/** The journal, for a board that carries it. */
export const SCRIBE: Scribe = { wake, keep };
