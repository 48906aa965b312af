// The journal: three segments in turn. A segment opens with the whole state of the run, records
// follow. The newest segment whose opening is intact is the one that counts, and in it the records
// up to the first that is none: so a cut at any byte loses no more than what was being written.
import type { Memory } from "../hal/port.ts";
import { seal, sealed } from "./protocol.ts";
import type { JournalRecord } from "./record.ts";
import { KIND, RECORD_BYTES, SEQUENCE, isRecord } from "./record.ts";

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

/** Where the journal stands. Nothing is known before `recover`. */
export interface Journal {
  /** Segment that is written, and offset of its next record from its begin; 0 = it is closed, the
   *  next thing written must be an opening. */
  segment: number;
  at: number;
  /** Of the newest opening; both wrap at 2^32. */
  revision: number;
  sequence: number;
}

/** A journal of a memory that has not been read. */
export function createJournal(): Journal {
  return { segment: SEGMENTS - 1, at: 0, revision: 0, sequence: 0 };
}

/** The head of an opening: its first five words. */
function headOf(opening: Uint8Array): Uint32Array {
  return new Uint32Array(opening.buffer, 0, OPENING_HEAD_BYTES / 4);
}

/** Bytes of a segment, a whole number of records. */
export function segmentBytes(memory: Memory): number {
  const share = Math.floor((memory.areas.end - memory.areas.journal) / SEGMENTS);
  return share - (share % RECORD_BYTES);
}

function offsetOf(memory: Memory, segment: number): number {
  return memory.areas.journal + segment * segmentBytes(memory);
}

/** Whether there is room for another record in the segment. */
export function hasRoom(journal: Journal, memory: Memory): boolean {
  return journal.at > 0 && journal.at + RECORD_BYTES <= segmentBytes(memory);
}

/** Begins the next segment with `opening` (OPENING_BYTES long, filled behind its head by the
 *  caller). True only if memory gives it back as it was written. */
export function openSegment(
  journal: Journal,
  memory: Memory,
  opening: Uint8Array,
  hash: number,
): boolean {
  const head = headOf(opening);
  const segment = (journal.segment + 1) % SEGMENTS;
  const offset = offsetOf(memory, segment);
  const revision = (journal.revision + 1) >>> 0;
  journal.at = 0;
  head[0] = MAGIC;
  head[1] = VERSION;
  head[REVISION] = revision;
  head[FIRST] = journal.sequence;
  head[HASH] = hash;
  seal(opening, memory.crc32);
  if (!memory.program(offset, opening) || !memory.read(offset, opening)) return false;
  if (!sealed(opening, memory.crc32)) return false;
  journal.segment = segment;
  journal.revision = revision;
  journal.at = OPENING_BYTES;
  return true;
}

/** Appends `record`, which gets the next sequence number. False = memory refused, and the segment
 *  is closed: it must not be written behind a torn one. */
export function append(journal: Journal, memory: Memory, record: JournalRecord): boolean {
  if (!hasRoom(journal, memory)) return false;
  const offset = offsetOf(memory, journal.segment) + journal.at;
  record.words[SEQUENCE] = journal.sequence;
  seal(record.bytes, memory.crc32);
  journal.at = memory.program(offset, record.bytes) ? journal.at + RECORD_BYTES : 0;
  if (journal.at > 0) journal.sequence = (journal.sequence + 1) >>> 0;
  return journal.at > 0;
}

/** Whether revision `a` is later than `b`, across the wrap. */
function isLater(a: number, b: number): boolean {
  const ahead = (a - b) >>> 0;
  return ahead > 0 && ahead < 0x80000000;
}

/** Reads a segment's opening; false = none that is intact and of our version. */
function readOpening(memory: Memory, segment: number, opening: Uint8Array): boolean {
  if (!memory.read(offsetOf(memory, segment), opening)) return false;
  const head = headOf(opening);
  return head[0] === MAGIC && head[1] === VERSION && sealed(opening, memory.crc32);
}

/** Reads on from the opening to the last record that follows it without a break. */
function readRecords(journal: Journal, memory: Memory, record: JournalRecord): void {
  const offset = offsetOf(memory, journal.segment);
  const end = segmentBytes(memory);
  let at = OPENING_BYTES;
  for (; at + RECORD_BYTES <= end; at += RECORD_BYTES) {
    if (!memory.read(offset + at, record.bytes)) break;
    // What an earlier use of the segment left behind has an earlier number.
    if (record.words[SEQUENCE] !== journal.sequence || !isRecord(record, memory.crc32)) break;
    journal.sequence = (journal.sequence + 1) >>> 0;
  }
  const last = at - RECORD_BYTES;
  const found = last >= OPENING_BYTES && memory.read(offset + last, record.bytes);
  if (!found) record.bytes[KIND] = 0;
}

/** Finds where the journal ended: fills `opening` with the newest segment's and `record` with its
 *  last record (kind 0 = none since the opening). Answers the program's hash, -1 = no journal. What
 *  follows must begin with `openSegment`. Doing it again finds the same. */
export function recover(
  journal: Journal,
  memory: Memory,
  opening: Uint8Array,
  record: JournalRecord,
): number {
  let found = -1;
  for (let segment = 0; segment < SEGMENTS; segment++) {
    if (!readOpening(memory, segment, opening)) continue;
    const revision = headOf(opening)[REVISION];
    if (found >= 0 && !isLater(revision, journal.revision)) continue;
    found = segment;
    journal.revision = revision;
  }
  record.bytes[KIND] = 0;
  journal.at = 0;
  if (found < 0 || !readOpening(memory, found, opening)) return -1;
  journal.segment = found;
  journal.sequence = headOf(opening)[FIRST];
  readRecords(journal, memory, record);
  return headOf(opening)[HASH];
}
