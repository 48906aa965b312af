// The journal: three segments in turn. A segment opens with the whole state of the run, records
// follow. The newest segment whose opening is intact is the one that counts, and in it the records
// up to the first that is none: so a cut at any byte loses no more than what was being written.
import type { Memory, MemoryAreas } from "../hal/port.ts";
import { SEALED } from "./protocol.ts";
import type { JournalRecord } from "./record.ts";
import { CRC, KIND, RECORD_BYTES, RECORD_GAP, RECORD_RUN_START, SEQUENCE } from "./record.ts";
import { createRecord } from "./record.ts";

const SEGMENTS = 3;
const MAGIC = 0x6a637963;
const VERSION = 1;
/** Magic, version, revision, sequence of the first record, hash: five u32. */
export const OPENING_HEAD_BYTES = 20;
const REVISION = 2;
const FIRST = 3;
const HASH = 4;
/** The run's state behind that, and CRC-32 at the end. */
export const OPENING_BYTES = 480;
const OPENING_CRC = OPENING_BYTES / 4 - 1;

/** Where the journal stands, and what it is written from. Nothing is known before `recover`. */
export interface Journal {
  /** Bytes of a segment, a whole number of records. */
  readonly size: number;
  /** Segment that is written, and offset of its next record from its begin; 0 = it is closed, the
   *  next thing written must be an opening. */
  segment: number;
  at: number;
  /** Of the newest opening; both wrap at 2^32. */
  revision: number;
  sequence: number;
  /** Scratch for an opening: its bytes, words and doubles (see snapshot.ts). */
  readonly opening: Uint8Array;
  readonly words: Uint32Array;
  readonly doubles: Float64Array;
  /** The record that was read or written last. */
  readonly record: JournalRecord;
}

/** A journal of a memory that has not been read. */
export function createJournal(areas: MemoryAreas): Journal {
  const share = Math.floor((areas.end - areas.journal) / SEGMENTS);
  const opening = new Uint8Array(OPENING_BYTES);
  const record = createRecord();
  return {
    size: share - (share % RECORD_BYTES),
    segment: SEGMENTS - 1,
    at: 0,
    revision: 0,
    sequence: 0,
    opening,
    words: new Uint32Array(opening.buffer),
    doubles: new Float64Array(opening.buffer),
    record,
  };
}

/** Whether there is room for another record in the segment. */
export function hasRoom(journal: Journal): boolean {
  return journal.at > 0 && journal.at + RECORD_BYTES <= journal.size;
}

/** Begins the next segment with the journal's opening, filled behind its head by the caller. True
 *  only if memory gives it back as it was written. */
export function openSegment(journal: Journal, memory: Memory, hash: number): boolean {
  const opening = journal.opening;
  const words = journal.words;
  const segment = (journal.segment + 1) % SEGMENTS;
  const offset = memory.areas.journal + segment * journal.size;
  const revision = (journal.revision + 1) >>> 0;
  journal.at = 0;
  words[0] = MAGIC;
  words[1] = VERSION;
  words[REVISION] = revision;
  words[FIRST] = journal.sequence;
  words[HASH] = hash;
  words[OPENING_CRC] = memory.crc32(opening.subarray(0, OPENING_BYTES - 4));
  if (!memory.program(offset, opening) || !memory.read(offset, opening)) return false;
  if (memory.crc32(opening) !== SEALED) return false;
  journal.segment = segment;
  journal.revision = revision;
  journal.at = OPENING_BYTES;
  return true;
}

/** Appends the journal's record, which gets the next sequence number. False = there is no room, or
 *  memory refused, and the segment is closed: it must not be written behind a torn one. */
export function append(journal: Journal, memory: Memory): boolean {
  const record = journal.record;
  const offset = memory.areas.journal + journal.segment * journal.size + journal.at;
  if (journal.at === 0 || journal.at + RECORD_BYTES > journal.size) return false;
  record.words[SEQUENCE] = journal.sequence;
  record.words[CRC] = memory.crc32(record.bytes.subarray(0, RECORD_BYTES - 4));
  const done = memory.program(offset, record.bytes);
  journal.at = done ? journal.at + RECORD_BYTES : 0;
  if (done) journal.sequence = (journal.sequence + 1) >>> 0;
  return done;
}

/** Reads on from the opening to the last record that follows it without a break. */
function readRecords(journal: Journal, memory: Memory): void {
  const record = journal.record;
  const bytes = record.bytes;
  const offset = memory.areas.journal + journal.segment * journal.size;
  let at = OPENING_BYTES;
  for (; at + RECORD_BYTES <= journal.size; at += RECORD_BYTES) {
    if (!memory.read(offset + at, bytes) || memory.crc32(bytes) !== SEALED) break;
    // What an earlier use of the segment left behind has an earlier number.
    const known = bytes[KIND] >= RECORD_RUN_START && bytes[KIND] <= RECORD_GAP;
    if (!known || record.words[SEQUENCE] !== journal.sequence) break;
    journal.sequence = (journal.sequence + 1) >>> 0;
  }
  const last = at - RECORD_BYTES;
  const found = last >= OPENING_BYTES && memory.read(offset + last, bytes);
  if (!found) bytes[KIND] = 0;
}

/** Finds where the journal ended: fills its opening with the newest segment's and its record with
 *  the last one (kind 0 = none since the opening). Answers the program's hash, -1 = no journal.
 *  What follows must begin with `openSegment`. Doing it again finds the same. */
export function recover(journal: Journal, memory: Memory): number {
  const opening = journal.opening;
  const words = journal.words;
  let newest = -1;
  journal.record.bytes[KIND] = 0;
  journal.at = 0;
  // All of them, and the newest again.
  for (let look = 0; look <= SEGMENTS; look++) {
    const again = look === SEGMENTS;
    const segment = again ? newest : look;
    const offset = memory.areas.journal + segment * journal.size;
    const there = segment >= 0 && memory.read(offset, opening);
    const whole = there && memory.crc32(opening) === SEALED;
    if (!whole || words[0] !== MAGIC || words[1] !== VERSION) {
      if (again) return -1;
      continue;
    }
    // Across the wrap.
    const ahead = (words[REVISION] - journal.revision) >>> 0;
    if (newest >= 0 && (ahead === 0 || ahead >= 0x80000000)) continue;
    newest = segment;
    journal.revision = words[REVISION];
  }
  journal.segment = newest;
  journal.sequence = words[FIRST];
  readRecords(journal, memory);
  return words[HASH];
}
