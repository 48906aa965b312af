// Cut-offs and limits that would end a step as soon as it begins, as far as its own set-points say.
import type { Step, Term } from "../../firmware/protocol.ts";
import { QUANTITY_CURRENT, QUANTITY_VOLTAGE, STEP_CCD } from "../../firmware/protocol.ts";
import { STEP_CURRENT, STEP_IMPEDANCE, STEP_SCAN, STEP_VOLTAGE } from "../../firmware/protocol.ts";
import { TO_STOP } from "../../firmware/protocol.ts";
import { InputError } from "../input-error.ts";
import { amperes, volts } from "../quantity.ts";

/** A set-point of a step, of `quantity`, in single precision as thresholds are. */
interface Reached {
  quantity: number;
  value: number;
  /** Whether the step begins there: then it also ends what looks for less. */
  fromStart: boolean;
  words: string;
}

function current(size: number, fromStart: boolean): Reached {
  return { quantity: QUANTITY_CURRENT, value: Math.fround(size), fromStart, words: amperes(size) };
}

function voltage(value: number, fromStart: boolean): Reached {
  return { quantity: QUANTITY_VOLTAGE, value: Math.fround(value), fromStart, words: volts(value) };
}

/** What a step reaches for certain. */
function reached(step: Step): Reached[] {
  switch (step.kind) {
    case STEP_CURRENT:
      return [current(Math.abs(step.current), true)];
    case STEP_CCD:
      return [current(step.currentMax, false)];
    case STEP_IMPEDANCE:
      return [current(step.current, false)];
    case STEP_VOLTAGE:
      return [voltage(step.voltage, true)];
    case STEP_SCAN:
      return [voltage(step.voltage, true), voltage(step.voltageEnd, false)];
    default:
      return [];
  }
}

/** Whether `term` holds at a set-point that the step begins with, or for a limit one it goes to. */
function holdsAt(point: Reached, term: Term): boolean {
  if (point.quantity !== term.quantity) return false;
  const limit = term.to === TO_STOP;
  if (!point.fromStart && !limit) return false;
  return term.below ? point.value <= term.threshold : point.value >= term.threshold;
}

/** The most that flows in a hold or a scan: a cut-off on less than more than that holds at once. */
function neverMore(step: Step, term: Term): boolean {
  const steered = step.kind === STEP_VOLTAGE || step.kind === STEP_SCAN;
  const onCurrent = term.quantity === QUANTITY_CURRENT && term.below;
  return steered && onCurrent && term.threshold >= Math.fround(step.currentMax);
}

/** Groups of one term: those of the program and of the step, and the bounds of the step itself. */
function aloneIn(step: Step, whole: readonly Term[]): Term[] {
  const single = (terms: readonly Term[]): Term[] =>
    terms.filter((term, i) => term.last && (i === 0 || terms[i - 1].last));
  const own = step.kind === STEP_VOLTAGE || step.kind === STEP_SCAN ? step : null;
  const bounds =
    own === null ? [] : [boundOf(own.voltageMax, false), boundOf(own.voltageMin, true)];
  return [...single(whole), ...single(step.terms), ...bounds];
}

function boundOf(threshold: number, below: boolean): Term {
  return { quantity: QUANTITY_VOLTAGE, below, threshold, delay: 0, last: true, to: 0 };
}

function refuse(path: string, point: string, threshold: string, below: boolean): never {
  const side = below ? "less" : "more";
  throw new InputError(
    `${path}: a cut-off or limit at ${threshold} would end it at once, at ${point}; accepted: ` +
      `${side} than ${point}`,
  );
}

/** Throws InputError for a step at `path` that a cut-off of its own, or a limit of its own or of
 *  the program (`whole`), ends at once. */
export function checkEnds(step: Step, whole: readonly Term[], path: string): void {
  const points = reached(step);
  for (const term of aloneIn(step, whole)) {
    const written = term.quantity === QUANTITY_CURRENT ? amperes : volts;
    const point = points.find((each) => holdsAt(each, term));
    if (point !== undefined) refuse(path, point.words, written(term.threshold), term.below);
    if (neverMore(step, term)) {
      refuse(path, amperes(step.currentMax), amperes(term.threshold), true);
    }
  }
}
