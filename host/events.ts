// NAME.events.ndjson: what happened, one JSON object a line, the verdict last and exactly once.
import type { EventRecord, SignRecord, VerdictRecord } from "./event-record.ts";
import type { LineFile } from "./line-file.ts";
import { appendLines, closeLines, openLines } from "./line-file.ts";

/** An open event file and what the verdict has to answer for. */
export interface EventFile extends LineFile {
  /** Worst standing sign so far, for a run that ends without a verdict of the channel. */
  standing: string;
  standingSince: number | null;
  closed: boolean;
}

/** Opens a new file; throws when `path` exists or cannot be written. */
export function openEvents(path: string): EventFile {
  return { ...openLines(path), standing: "healthy", standingSince: null, closed: false };
}

// From mild to grave.
const RANKS = [
  "healthy",
  "void-growth",
  "contact-intermittent",
  "soft-short",
  "contact-open",
  "hard-short",
];

function signOf(record: SignRecord): string {
  if (record.event === "short") return record.class === "hard" ? "hard-short" : "soft-short";
  if (record.event === "trend") return "void-growth";
  return record.event === "contact" ? `contact-${record.class}` : "healthy";
}

function follow(file: EventFile, record: SignRecord): void {
  if (record.event === "recovered" && file.standing === "soft-short") {
    file.standing = "healthy";
    file.standingSince = null;
    return;
  }
  const sign = signOf(record);
  if (RANKS.indexOf(sign) <= RANKS.indexOf(file.standing)) return;
  file.standing = sign;
  file.standingSince = record.t;
}

function writeLine(file: EventFile, record: EventRecord): void {
  appendLines(file, JSON.stringify(record) + "\n");
}

/** Adds a record; throws what the file system says. Nothing follows a verdict. */
export function writeEvent(file: EventFile, record: SignRecord): void {
  if (file.closed) return;
  follow(file, record);
  writeLine(file, record);
}

/** The verdict that stands for a channel which gave none: the worst sign that still stood. */
export function substituteVerdict(file: EventFile, end: VerdictRecord["end"]): VerdictRecord {
  return { event: "verdict", verdict: file.standing, t: file.standingSince, end };
}

/** Writes the verdict and closes the file; a second call does nothing. */
export function closeEvents(file: EventFile, verdict: VerdictRecord): void {
  if (file.closed) return;
  file.closed = true;
  try {
    writeLine(file, verdict);
  } finally {
    closeLines(file);
  }
}
