// An entry of the journal: a record, and where one is due the run's whole state before it.
import type { Desk } from "./diary.ts";
import { append, hasRoom, openSegment } from "./journal.ts";
import { KIND, STEP_CCD } from "./protocol.ts";
import { CHARGE, CURRENT, ELAPSED, PER_SECOND, TIME, VOLTAGE, WHAT } from "./record.ts";
import { RECORD_GAP, RECORD_HOLD, RECORD_RESUME, RECORD_RUN_START } from "./record.ts";
import { RECORD_STEP_START } from "./record.ts";
import { AMPS, CELSIUS, VOLTS, VOLTS_AT } from "./sample.ts";
import { LOADING } from "./schedule.ts";
import { AHEAD, LAST_AMPS, LAST_CELSIUS, LAST_VOLTS, PHASE, REST_VOLTS } from "./snapshot.ts";
import { START_BEFORE, START_LAST, UNTOLD, saveRun } from "./snapshot.ts";

/** Records at the head of a segment of their own, which tells the run's whole state. */
const HEADING =
  (1 << RECORD_RUN_START) |
  (1 << RECORD_STEP_START) |
  (1 << RECORD_HOLD) |
  (1 << RECORD_RESUME) |
  (1 << RECORD_GAP);

/** Begins a segment with the run's state, for a record of this kind: ahead of a step it is that
 *  before the step which now begins; ahead of a resume, the run is no longer held. */
function open(desk: Desk, kind: number): boolean {
  const diary = desk.diary;
  const run = desk.channel.run;
  const sample = desk.channel.sample;
  const v = diary.journal.doubles;
  saveRun(v, run, sample[VOLTS_AT]);
  v[AHEAD] = kind === RECORD_STEP_START ? 1 : 0;
  if (kind === RECORD_GAP && run.events.used > 0) v[AHEAD] = UNTOLD;
  if (kind === RECORD_RESUME) v[PHASE] = run.heldPhase;
  // A step of its own begins, whether the one before is still under way or not.
  if (kind === RECORD_STEP_START && run.current.bytes[KIND] !== STEP_CCD) v[PHASE] = LOADING;
  v[REST_VOLTS] = diary.restVolts;
  v[LAST_VOLTS] = sample[VOLTS];
  v[LAST_AMPS] = sample[AMPS];
  v[LAST_CELSIUS] = sample[CELSIUS];
  v[START_BEFORE] = diary.startBefore;
  v[START_LAST] = diary.startLast;
  diary.stale = false;
  return openSegment(diary.journal, desk.memory, run.hash);
}

/** Appends a record of this frame. */
function write(desk: Desk, kind: number, flags: number): boolean {
  const journal = desk.diary.journal;
  const words = journal.record.words;
  const values = journal.record.values;
  const run = desk.channel.run;
  const totals = run.totals;
  const sample = desk.channel.sample;
  const now = sample[VOLTS_AT];
  words[WHAT] = kind | (flags << 8) | (run.schedule.index << 16);
  words[TIME] = Math.floor((now - totals.startedAt) * PER_SECOND + 0.5);
  words[ELAPSED] = Math.floor((now - totals.stepStartedAt) * PER_SECOND + 0.5);
  values[CHARGE] = totals.stepCharge;
  values[CURRENT] = sample[AMPS];
  values[VOLTAGE] = sample[VOLTS];
  return append(journal, desk.memory);
}

/** Commits a record, where it has to be or the segment is full in a new one. False = refused. */
export function commit(desk: Desk, kind: number, flags: number): boolean {
  const diary = desk.diary;
  const heading = diary.stale || (HEADING & (1 << kind)) !== 0;
  let done = true;
  if (heading || !hasRoom(diary.journal)) {
    done = open(desk, kind);
  }
  if (done) done = write(desk, kind, flags);
  diary.failures = done ? 0 : diary.failures + 1;
  diary.checkedAt = desk.channel.sample[VOLTS_AT];
  return done;
}
