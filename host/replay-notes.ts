// What is wrong with a recording without stopping its replay: counted, named once, at the end.
import type { Ending } from "./formats/trace.ts";
import type { RowFate } from "./replay-examination.ts";

/** Counts of rows that were left out; lines from 1, 0 = none. */
export interface Notes {
  rows: number;
  taken: number;
  bad: number;
  firstBad: number;
  firstComplaint: string;
  lastBad: number;
  backwards: number;
  firstBackwards: number;
  sameTime: number;
  firstSameTime: number;
  cut: boolean;
  quoted: boolean;
  hasTemperature: boolean;
}

/** Nothing to tell. */
export function createNotes(): Notes {
  return {
    ...{ rows: 0, taken: 0, bad: 0, firstBad: 0, firstComplaint: "", lastBad: 0 },
    ...{
      backwards: 0,
      firstBackwards: 0,
      sameTime: 0,
      firstSameTime: 0,
      cut: false,
      quoted: false,
    },
    hasTemperature: false,
  };
}

/** Notes a row that cannot be used. */
export function noteBad(notes: Notes, line: number, complaint: string): void {
  notes.bad++;
  notes.lastBad = line;
  if (notes.bad > 1) return;
  notes.firstBad = line;
  notes.firstComplaint = complaint;
}

/** Notes what became of a usable row. */
export function noteFate(notes: Notes, line: number, fate: RowFate): void {
  if (fate === "taken") notes.taken++;
  else if (fate === "backwards") {
    notes.backwards++;
    if (notes.backwards === 1) notes.firstBackwards = line;
  } else {
    notes.sameTime++;
    if (notes.sameTime === 1) notes.firstSameTime = line;
  }
}

/** Notes how the file ended. A row that broke off, in `lastLine`, does not count as a bad one. */
export function noteEnding(notes: Notes, ending: Ending, lastLine: number): void {
  notes.quoted = ending === "quoted";
  if (ending !== "open" || notes.bad === 0 || notes.lastBad !== lastLine) return;
  notes.bad--;
  notes.rows--;
  notes.cut = true;
}

function count(rows: number): string {
  return rows === 1 ? "1 row" : `${rows} rows`;
}

/** One line each. */
export function noteLines(notes: Notes, name: string): string[] {
  const lines: string[] = [];
  const tell = (rows: number, line: number, what: string): void => {
    if (rows > 0) lines.push(`${name}:${line}: ${what}; ${count(rows)} left out`);
  };
  tell(notes.bad, notes.firstBad, `not usable: ${notes.firstComplaint}`);
  tell(notes.backwards, notes.firstBackwards, "time runs backwards");
  tell(notes.sameTime, notes.firstSameTime, "the same time as the row before");
  if (notes.cut) lines.push(`${name}: the last line is cut off; left out`);
  if (notes.quoted) lines.push(`${name}: a quote is not closed; what follows it is left out`);
  return lines;
}
