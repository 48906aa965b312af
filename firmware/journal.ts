// The journal: three segments in turn. A segment opens with the whole state of the run, records
// follow. The newest segment whose opening is intact is the one that counts, and in it the records
// up to the first that is none: so a cut at any byte loses no more than what was being written.
import type { Memory } from "../hal/port.ts";
import { seal, sealed } from "./protocol.ts";
import type { JournalRecord } from "./record.ts";
import { RECORD_BYTES, decodeRecord, encodeRecord } from "./record.ts";

const SEGMENTS = 3;
const MAGIC = 0x6a637963;
const VERSION = 1;
/** Magic, version, revision, sequence of the first record, hash: five u32. */
export const OPENING_HEAD_BYTES = 20;
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

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
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
  const view = viewOf(opening);
  const segment = (journal.segment + 1) % SEGMENTS;
  const offset = offsetOf(memory, segment);
  journal.at = 0;
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, VERSION, true);
  view.setUint32(8, (journal.revision + 1) >>> 0, true);
  view.setUint32(12, journal.sequence, true);
  view.setUint32(16, hash, true);
  seal(opening, memory.crc32);
  if (!memory.program(offset, opening) || !memory.read(offset, opening)) return false;
  if (!sealed(opening, memory.crc32)) return false;
  journal.segment = segment;
  journal.revision = (journal.revision + 1) >>> 0;
  journal.at = OPENING_BYTES;
  return true;
}

/** Appends `record`, which gets the next sequence number; `bytes` is scratch of RECORD_BYTES.
 *  False = memory refused, and the segment is closed: it must not be written behind a torn one. */
export function append(
  journal: Journal,
  memory: Memory,
  record: JournalRecord,
  bytes: Uint8Array,
): boolean {
  if (!hasRoom(journal, memory)) return false;
  record.sequence = journal.sequence;
  encodeRecord(record, bytes, memory.crc32);
  if (!memory.program(offsetOf(memory, journal.segment) + journal.at, bytes)) {
    journal.at = 0;
    return false;
  }
  journal.sequence = (journal.sequence + 1) >>> 0;
  journal.at += RECORD_BYTES;
  return true;
}

/** Whether revision `a` is later than `b`, across the wrap. */
function isLater(a: number, b: number): boolean {
  const ahead = (a - b) >>> 0;
  return ahead > 0 && ahead < 0x80000000;
}

/** Reads a segment's opening; false = none that is intact and of our version. */
function readOpening(memory: Memory, segment: number, opening: Uint8Array): boolean {
  if (!memory.read(offsetOf(memory, segment), opening)) return false;
  const view = viewOf(opening);
  const ours = view.getUint32(0, true) === MAGIC && view.getUint32(4, true) === VERSION;
  return ours && sealed(opening, memory.crc32);
}

/** Reads on from the opening to the last record that follows it without a break. */
function readRecords(
  journal: Journal,
  memory: Memory,
  record: JournalRecord,
  bytes: Uint8Array,
): void {
  const offset = offsetOf(memory, journal.segment);
  for (let at = OPENING_BYTES; at + RECORD_BYTES <= segmentBytes(memory); at += RECORD_BYTES) {
    if (!memory.read(offset + at, bytes)) return;
    // What an earlier use of the segment left behind has an earlier number.
    if (viewOf(bytes).getUint32(4, true) !== journal.sequence) return;
    if (!decodeRecord(bytes, record, memory.crc32)) return;
    journal.sequence = (journal.sequence + 1) >>> 0;
  }
}

/** Finds where the journal ended: fills `opening` with the newest segment's and `record` with its
 *  last record (kind 0 = none since the opening). Answers the program's hash, -1 = no journal. What
 *  follows must begin with `openSegment`. Doing it again finds the same. */
export function recover(
  journal: Journal,
  memory: Memory,
  opening: Uint8Array,
  record: JournalRecord,
  bytes: Uint8Array,
): number {
  let found = -1;
  for (let segment = 0; segment < SEGMENTS; segment++) {
    if (!readOpening(memory, segment, opening)) continue;
    const revision = viewOf(opening).getUint32(8, true);
    if (found >= 0 && !isLater(revision, journal.revision)) continue;
    found = segment;
    journal.revision = revision;
  }
  record.kind = 0;
  journal.at = 0;
  if (found < 0 || !readOpening(memory, found, opening)) return -1;
  journal.segment = found;
  journal.sequence = viewOf(opening).getUint32(12, true);
  readRecords(journal, memory, record, bytes);
  return viewOf(opening).getUint32(16, true);
}
