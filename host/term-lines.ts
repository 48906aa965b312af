// Terms of compiled steps in words.
import type { Step, Term, Whole } from "../firmware/protocol.ts";
import * as firmware from "../firmware/protocol.ts";
import { arealCharge } from "./ccd-lines.ts";
import type { Cell } from "./cell-file.ts";
import { amperes, duration, significant, volts } from "./quantity.ts";

const SHORTS: Readonly<Record<number, string>> = { 1: "a short", 2: "a hard short" };

function comparison({ below, threshold, quantity }: Term, cell: Cell): string {
  const side = below ? "below" : "above";
  const number = significant(threshold, 4);
  switch (quantity) {
    case firmware.QUANTITY_TIME:
      return duration(threshold);
    case firmware.QUANTITY_VOLTAGE:
      return `${side} ${number} V`;
    case firmware.QUANTITY_CURRENT:
      return `current ${side} ${amperes(threshold)}`;
    case firmware.QUANTITY_CHARGE:
      return arealCharge(threshold, cell);
    case firmware.QUANTITY_TEMPERATURE:
      return `${side} ${number} °C`;
    case firmware.QUANTITY_FORCE:
      return `force ${side} ${number} N`;
    case firmware.QUANTITY_SHORT:
      return SHORTS[threshold] ?? "a short";
    case firmware.QUANTITY_EFFICIENCY:
      return `efficiency ${side} ${significant(threshold * 100, 4)} %`;
    case firmware.QUANTITY_CAPACITY:
      return `last half cycle ${side} ${arealCharge(threshold, cell)}`;
    default:
      return `${duration(threshold)} of the run`;
  }
}

function termWords(term: Term, cell: Cell): string {
  const delay = term.delay > 0 ? ` for ${duration(term.delay)}` : "";
  return comparison(term, cell) + delay;
}

/** A group in words, and where it leads. */
interface GroupWords {
  words: string;
  to: number;
}

/** Groups of terms in words; one that always holds has none. */
export function groupWords(terms: readonly Term[], cell: Cell): GroupWords[] {
  const groups: GroupWords[] = [];
  let words: string[] = [];
  for (const term of terms) {
    const always = term.quantity === firmware.QUANTITY_RUN_TIME && term.threshold <= 0;
    if (!always) words.push(termWords(term, cell));
    if (!term.last) continue;
    groups.push({ words: words.join(" and "), to: term.to });
    words = [];
  }
  return groups;
}

/** What the terms of a step add to its cut-offs: those that lead to the next step. */
export function cutOffWords(step: Step, cell: Cell): string[] {
  const next = groupWords(step.terms, cell).filter(({ to }) => to === firmware.TO_NEXT);
  return next.map(({ words }) => words);
}

/** Where a jump leads, in words; `numberOf` is the number of a step as written. */
export function placeWords(to: number, numberOf: (index: number) => string): string {
  if (to === firmware.TO_STOP) return "the run stops as at a limit";
  return to === firmware.TO_END ? "the run ends, finished" : `on to step ${numberOf(to)}`;
}

/** Lines of the groups that lead elsewhere than to the next step. */
export function jumpLines(
  terms: readonly Term[],
  cell: Cell,
  numberOf: (index: number) => string,
): string[] {
  return groupWords(terms, cell)
    .filter(({ to }) => to !== firmware.TO_NEXT)
    .map(({ words, to }) => {
      const when = words === "" ? "else" : `when ${words}`;
      return `${when}: ${placeWords(to, numberOf)}`;
    });
}

type Recorded = Pick<Whole, "recordTime" | "recordVoltage" | "recordCurrent" | "flags">;

/** When data are recorded, in words; "" = as usual. */
export function recordWords(step: Recorded): string {
  const { recordTime, recordVoltage, recordCurrent, flags } = step;
  if (recordTime === 0 && recordVoltage === 0 && recordCurrent === 0) return "";
  const changes: string[] = [];
  if (recordVoltage > 0) changes.push(volts(recordVoltage));
  if (recordCurrent > 0) changes.push(amperes(recordCurrent));
  const time = recordTime < 1 ? `${significant(recordTime, 3)} s` : duration(recordTime);
  if (changes.length === 0) return `recorded every ${time}`;
  const all = (flags & firmware.FLAG_RECORD_ALL) !== 0;
  const change = `a change of ${changes.join(" or ")}`;
  return all
    ? `recorded after ${change}, not before ${time}`
    : `recorded every ${time} and after ${change}`;
}
