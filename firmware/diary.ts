// What the shell remembers of the journal it keeps, beside the journal's own place in memory.
import type { Memory, MemoryAreas } from "../hal/port.ts";
import type { Course } from "./course.ts";
import type { Guard } from "./fault.ts";
import type { Journal } from "./journal.ts";
import { createJournal } from "./journal.ts";

/** What of a channel is written down. */
export interface Kept extends Course {
  readonly guard: Guard;
}

/** The journal under the hands of the shell. */
export interface Diary {
  journal: Journal;
  /** A run is under way that the journal knows of. */
  open: boolean;
  /** Kind of a record that memory has refused and that must not be lost, 0 = none; its flags. */
  owed: number;
  owedFlags: number;
  /** Findings since the last opening, which has to tell of them. */
  stale: boolean;
  /** Refusals in a row. */
  failures: number;
  /** Phase after the last frame. */
  phase: number;
  /** When the last checkpoint was written, s since boot. */
  checkedAt: number;
  /** The cell's voltage when the relay was last at rest, V. */
  restVolts: number;
  /** Run times of the last two starts in the middle of a run, s; -Infinity = none. */
  startBefore: number;
  startLast: number;
  /** What the journal ended with and what is known of this start (resume.ts), and how the run was
   *  left: voltage, the last one at rest, current and temperature; V, A, °C. */
  last: number;
  foundEarly: number;
  leftVolts: number;
  leftRest: number;
  leftAmps: number;
  leftCelsius: number;
}

/** What it takes to keep a journal. */
export interface Desk {
  readonly diary: Diary;
  readonly channel: Kept;
  readonly memory: Memory;
}

/** A diary of a memory that has not been read. */
export function createDiary(areas: MemoryAreas): Diary {
  const journal = createJournal(areas);
  return {
    journal,
    open: false,
    owed: 0,
    owedFlags: 0,
    stale: false,
    failures: 0,
    phase: 0,
    checkedAt: 0,
    restVolts: 0,
    startBefore: -Infinity,
    startLast: -Infinity,
    last: 0,
    foundEarly: 0,
    leftVolts: 0,
    leftRest: 0,
    leftAmps: 0,
    leftCelsius: 0,
  };
}
