// `cyclet check`: what a protocol would do to a cell, without doing it.
import type { Circuit } from "../hal/port.ts";
import { STEP_CCD, STEP_LOOP } from "../firmware/protocol.ts";
import type { Step } from "../firmware/protocol.ts";
import { rangeFor } from "./board-check.ts";
import { stepStarts } from "./compiled/ground.ts";
import { largestCurrent, programBudget, programCharge, programTime } from "./duration.ts";
import { detectableLines } from "./detectable-lines.ts";
import { noteLines } from "./notes.ts";
import type { Plan } from "./plan.ts";
import { chargeAtATime } from "./plated.ts";
import { programLines } from "./program-lines.ts";
import { amperes, duration, significant, volts } from "./quantity.ts";
import { levelCount, levelCurrent } from "./staircase.ts";
import { jumpLines, recordWords } from "./term-lines.ts";
import { executed } from "./unroll.ts";

const UNROLLED_MAX = 24;
const COULOMBS_PER_MAH = 3.6;
/** Height of 1 mAh/cm² of sodium, µm: M / (F rho) with 22.99 g/mol and 0.968 g/cm³. */
const UM_PER_MAH_CM2 = 8.86;

function unrolled(plan: Plan): string[] {
  const { steps, cell, board, protocol } = plan;
  const order = executed(steps, UNROLLED_MAX);
  const loops = steps.some((step) => step.kind === STEP_LOOP);
  if (!loops || order === null) {
    return programLines(steps, cell, board, stepStarts(protocol.method));
  }
  const turns = order.map((index) => steps[index]);
  return programLines(turns, cell, board);
}

function currentsOf(step: Step): number[] {
  if (step.kind === STEP_CCD) return [step.current, levelCurrent(step, levelCount(step) - 1)];
  const largest = largestCurrent(step);
  return largest > 0 ? [largest] : [];
}

function rangesUsed(plan: Plan): number[] {
  const all = plan.steps.flatMap(currentsOf).map((current) => rangeFor(plan.board, current));
  const low = all.reduce((least, range) => Math.min(least, range), Infinity);
  const high = all.reduce((most, range) => Math.max(most, range), 0);
  return plan.board.rangesA.filter((range) => range >= low && range <= high);
}

function rangeLines(plan: Plan, circuit: Circuit): string[] {
  const ranges = rangesUsed(plan);
  if (ranges.length === 0) return ["ranges      none: no current flows"];
  return ranges.map((range, i) => {
    const ohms = circuit.senseOhms[plan.board.rangesA.indexOf(range)];
    const set = amperes(1 / circuit.codesPerSenseVolt / ohms);
    const read = amperes(Math.min(...circuit.senseVoltsPerCount) / ohms);
    const name = i === 0 ? "ranges    " : "          ";
    return `${name}  ${amperes(range)}: set in steps of ${set}, read in steps from ${read}`;
  });
}

function chargeLine(plan: Plan): string {
  const { areaCm2 } = plan.cell;
  const mah = programCharge(plan.steps, plan.whole) / COULOMBS_PER_MAH;
  return (
    `charge      at most ${significant(mah, 4)} mAh in all, both directions ` +
    `(${significant(mah / areaCm2, 4)} mAh/cm²)`
  );
}

function sodiumLine(plan: Plan): string {
  const areal = chargeAtATime(plan.steps) / COULOMBS_PER_MAH / plan.cell.areaCm2;
  return (
    `sodium      at most ${significant(areal * UM_PER_MAH_CM2, 3)} µm moved at a time ` +
    `(${significant(areal, 4)} mAh/cm², ${UM_PER_MAH_CM2} µm each)`
  );
}

/** What holds in all steps, below them. */
function wholeLines({ whole, cell }: Plan): string[] {
  const lines = jumpLines(whole.terms, cell, () => "");
  const recorded = recordWords(whole);
  if (recorded !== "") lines.push(recorded);
  return lines.map((line) => `     in every step ${line}`);
}

/** The lines `check` prints. Converters read finest at small signals: "from". */
export function checkLines(plan: Plan, circuit: Circuit): string[] {
  const { protocol, cell, board, steps, whole } = plan;
  return [
    `${protocol.name} on ${cell.name} (${cell.areaCm2} cm²), board ${board.name}`,
    "",
    ...unrolled(plan),
    ...wholeLines(plan),
    "",
    `duration    at most ${duration(programTime(steps, whole))}; faults after ` +
      duration(programBudget(steps, whole)),
    chargeLine(plan),
    sodiumLine(plan),
    ...rangeLines(plan, circuit),
    `voltage     up to ±${board.complianceV} V, read in steps from ` +
      volts(Math.min(...circuit.voltsPerCount)),
    `frames      every ${significant(board.framePeriodMs / 1000, 3)} s`,
    ...detectableLines(plan, circuit),
    ...noteLines(plan, circuit),
    `protocol    SHA-256 ${plan.hash}`,
  ];
}
