// A compiled program as lines for people: what runs, for how long, in which range.
import type { Capabilities } from "../hal/port.ts";
import type { Step } from "../firmware/protocol.ts";
import * as firmware from "../firmware/protocol.ts";
import { FLAG_PROOF, FLAG_WAIT, STEP_CCD, STEP_CURRENT } from "../firmware/protocol.ts";
import { arealCharge, ccdLines, densityOf, range } from "./ccd-lines.ts";
import type { Cell } from "./cell-file.ts";
import { sweepTime } from "./compiled/sweep.ts";
import { longest } from "./duration.ts";
import { amperes, duration, significant } from "./quantity.ts";
import { unusual } from "./reactions.ts";
import { cutOffWords, jumpLines, recordWords } from "./term-lines.ts";

/** What lines are written for; `numberOf`: a compiled step's number as written. */
interface Page {
  cell: Cell;
  board: Capabilities;
  numberOf: (index: number) => string;
}

function cutOffs(step: Step, cell: Cell): string {
  const parts: string[] = [];
  if (step.charge > 0) parts.push(arealCharge(step.charge, cell));
  if (step.duration > 0) parts.push(duration(step.duration));
  if (Number.isFinite(step.voltageMax)) parts.push(`above ${step.voltageMax} V`);
  if (Number.isFinite(step.voltageMin)) parts.push(`below ${step.voltageMin} V`);
  return [...parts, ...cutOffWords(step, cell)].join(" or ");
}

function currentLine(step: Step, { cell, board }: Page): string {
  const verb = step.current > 0 ? "charge" : "discharge";
  const size = `${densityOf(Math.abs(step.current), cell)} mA/cm²`;
  const until = cutOffs(step, cell);
  return (
    `${verb} at ${size} (${amperes(Math.abs(step.current))}, ${range(step.current, board)})` +
    `${until === "" ? "" : ` until ${until}`}; at most ${duration(longest(step))}`
  );
}

function most(step: Step, { cell }: Page): string {
  return `up to ${densityOf(step.currentMax, cell)} mA/cm² (${amperes(step.currentMax)})`;
}

function holdLine(step: Step, page: Page): string {
  const goesOn = (step.flags & firmware.FLAG_CONTINUES) !== 0 ? ", time and charge going on," : "";
  return (
    `hold ${step.voltage} V, ${most(step, page)}${goesOn} until ${cutOffs(step, page.cell)}; ` +
    `at most ${duration(longest(step))}`
  );
}

function scanLine(step: Step, page: Page): string {
  const cuts = cutOffs(step, page.cell);
  const until = cuts === "" ? "" : `, or until ${cuts}`;
  return (
    `scan from ${step.voltage} to ${step.voltageEnd} V at ` +
    `${significant(step.rate * 1000, 4)} mV/s, ${most(step, page)}${until}; ` +
    `at most ${duration(longest(step))}`
  );
}

function impedanceLine(step: Step, { cell, board }: Page): string {
  const hertz = [step.frequency, step.frequencyEnd].map((each) => `${significant(each, 4)} Hz`);
  return (
    `impedance from ${hertz.join(" to ")}, ${step.count} ` +
    `frequenc${step.count === 1 ? "y" : "ies"}, ` +
    `amplitude ${densityOf(step.current, cell)} mA/cm² (${amperes(step.current)}, ` +
    `${range(step.current, board)}); ${duration(sweepTime(step))}`
  );
}

function restLine(step: Step, { cell }: Page): string {
  return `rest ${[duration(step.duration), ...cutOffWords(step, cell)].join(" or until ")}`;
}

/** What of a step's `on`, `proof`, `afterOutage` and `record` is not as usual. */
function watchWords(step: Step): string {
  const parts = step.kind === firmware.STEP_REST ? [] : [unusual(step)];
  const proves = step.kind === STEP_CURRENT || step.kind === STEP_CCD;
  if (proves && (step.flags & FLAG_PROOF) === 0) parts.push("no active proofs");
  if (step.flags & FLAG_WAIT) parts.push("waits for you after a loss of power");
  parts.push(recordWords(step));
  return parts.filter((part) => part !== "").join("; ");
}

function headLines(step: Step, page: Page): string[] {
  switch (step.kind) {
    case firmware.STEP_REST:
      return [restLine(step, page)];
    case STEP_CURRENT:
      return [currentLine(step, page)];
    case STEP_CCD:
      return ccdLines(step, page.cell, page.board);
    case firmware.STEP_VOLTAGE:
      return [holdLine(step, page)];
    case firmware.STEP_SCAN:
      return [scanLine(step, page)];
    case firmware.STEP_IMPEDANCE:
      return [impedanceLine(step, page)];
    case firmware.STEP_LOOP:
      return [`back to ${page.numberOf(step.to)}, until run ${step.count} times in all`];
    default:
      return [];
  }
}

/** The first line of a step stands beside its number, the others are indented. */
function stepLines(step: Step, page: Page): string[] {
  const jumps = jumpLines(step.terms, page.cell, page.numberOf);
  if (step.kind === firmware.STEP_JUMP) {
    return jumps.map((line, i) => (i === 0 ? line : `     ${line}`));
  }
  const quiet = step.kind === firmware.STEP_LOOP || step.kind === firmware.STEP_END;
  const watched = quiet ? "" : watchWords(step);
  const more = watched === "" ? jumps : [...jumps, watched];
  return [...headLines(step, page), ...more.map((line) => `     ${line}`)];
}

/** The lines of a program, steps counted from 1. `starts`: index of each step of the protocol file
 *  among the compiled ones, whose number it then has; else compiled steps are counted. */
export function programLines(
  steps: readonly Step[],
  cell: Cell,
  board: Capabilities,
  starts?: readonly number[],
): string[] {
  const numbers = new Map((starts ?? steps.map((_, i) => i)).map((index, i) => [index, i + 1]));
  const numberOf = (index: number): string => String(numbers.get(index) ?? "");
  return steps.flatMap((step, index) => {
    const [head, ...more] = stepLines(step, { cell, board, numberOf });
    return head === undefined ? [] : [`${numberOf(index).padStart(3)}  ${head}`, ...more];
  });
}
