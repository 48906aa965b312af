// What of a program a board's bundle leaves out, said before anything moves.
import type { Step, Whole } from "../firmware/protocol.ts";
import { STEP_IMPEDANCE, STEP_JUMP, STEP_SCAN, STEP_VOLTAGE } from "../firmware/protocol.ts";
import { InputError } from "./input-error.ts";
import type { Part } from "./known-boards.ts";
import { boardsWith, carries } from "./known-boards.ts";

type Recorded = Pick<Whole, "recordTime" | "recordVoltage" | "recordCurrent">;

function hasRule({ recordTime, recordVoltage, recordCurrent }: Recorded): boolean {
  return recordTime > 0 || recordVoltage > 0 || recordCurrent > 0;
}

/** The parts of the language that a step needs beyond the core. */
function partsOf(step: Step): Part[] {
  const parts: Part[] = [];
  if (step.kind === STEP_VOLTAGE || step.kind === STEP_SCAN) parts.push("potential");
  if (step.kind === STEP_IMPEDANCE) parts.push("impedance");
  if (step.kind === STEP_JUMP || step.terms.length > 0 || hasRule(step)) parts.push("terms");
  return parts;
}

const WORDS: Readonly<Record<Part, string>> = {
  terms: "conditions, jumps, limits, budgets and rules of recording",
  potential: "constant voltage and scans",
  impedance: "impedances",
};

function demand(board: string, part: Part, path: string): void {
  if (carries(board, part)) return;
  throw new InputError(
    `${path}: the bundle of ${board} leaves out ${WORDS[part]}; accepted there: rests, currents ` +
      "until a time, a charge or a voltage, loops and staircases; boards with it: " +
      boardsWith(part).join(", "),
  );
}

/** Throws InputError for what the compiled `steps` of a step at `path` need and the bundle of
 *  `board` leaves out. */
export function checkParts(board: string, steps: readonly Step[], path: string): void {
  for (const part of steps.flatMap(partsOf)) demand(board, part, path);
}

/** The same for what holds in all steps; `file` as in messages. */
export function checkWholeParts(board: string, whole: Whole, file: string): void {
  if (whole.terms.length > 0) demand(board, "terms", `${file}: $.limits`);
  if (hasRule(whole)) demand(board, "terms", `${file}: $.record`);
  if (whole.budget > 0) demand(board, "terms", `${file}: $.budgetS`);
}
