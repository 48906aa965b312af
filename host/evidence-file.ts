// NAME.evidence.csv: the readings that events were decided on, at full rate. It exists only when
// the channel has sent any.
import type { EvidenceMessage } from "../firmware/telemetry.ts";
import type { SignRecord } from "./event-record.ts";
import { decimal } from "./formats/decimal.ts";
import type { LateFile } from "./line-file.ts";
import { appendLate, createLate } from "./line-file.ts";

const HEADER = "Event / 1,Kind,Test Time / s,Voltage / V,Current / A\n";
/** Values of a point: µs from the message's time, µV, pA. */
const POINT = 3;

/** The file, and what it counts. */
export interface EvidenceFile extends LateFile {
  /** Events so far that have a number. */
  numbered: number;
}

/** One reading: s of test time, V, A. */
export interface Reading {
  time: number;
  voltage: number;
  current: number;
}

/** Evidence to come, for a new file at `path`. */
export function createEvidence(path: string): EvidenceFile {
  return { ...createLate(path, HEADER), numbered: 0 };
}

/** The record with its number, if it is of a kind that the channel sends evidence of: it counts
 *  these in order of occurrence, from 1, and so does this. */
export function numbered(file: EvidenceFile, record: SignRecord): SignRecord {
  const kinds: readonly string[] = ["short", "proof", "contact", "trend", "fault"];
  return kinds.includes(record.event) ? { ...record, evidence: ++file.numbered } : record;
}

/** The readings in a message. */
export function readingsOf(message: EvidenceMessage): Reading[] {
  const readings: Reading[] = [];
  for (let at = 0; at + POINT <= message.points.length; at += POINT) {
    const [micros, microvolts, picoamperes] = message.points.slice(at, at + POINT);
    const time = (message.timeMs * 1000 + micros) / 1e6;
    readings.push({ time, voltage: microvolts / 1e6, current: picoamperes / 1e12 });
  }
  return readings;
}

/** Adds what a message holds, opening the file for the first; throws what the file system says. */
export function writeEvidence(file: EvidenceFile, message: EvidenceMessage): void {
  const kind = message.burst ? "burst" : "frame";
  const rows = readingsOf(message).map(({ time, voltage, current }) => {
    const figures = [
      decimal(time * 1e6, 6),
      decimal(voltage * 1e6, 6),
      decimal(current * 1e12, 12),
    ];
    return `${message.event},${kind},${figures.join(",")}\n`;
  });
  appendLate(file, rows.join(""));
}
