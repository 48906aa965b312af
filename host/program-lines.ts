// A compiled program as lines for people: what runs, for how long, in which range.
import type { Capabilities } from "../hal/port.ts";
import type { Step } from "../firmware/protocol.ts";
import { STEP_CCD, STEP_CURRENT, STEP_LOOP, STEP_REST } from "../firmware/protocol.ts";
import { rangeFor } from "./board-check.ts";
import type { Cell } from "./cell-file.ts";
import { longest } from "./duration.ts";
import { amperes, duration, level, micro, significant } from "./quantity.ts";
import { levelCount, levelCurrent } from "./staircase.ts";

const COULOMBS_PER_MAH = 3.6;
/** Levels of a staircase listed one by one; of longer ones the first and last few. */
const LEVELS_LISTED = 10;
const LEVELS_EACH_END = 3;

function densityOf(currentA: number, cell: Cell): string {
  return level(micro((currentA * 1000) / cell.areaCm2));
}

function arealCharge(coulombs: number, cell: Cell): string {
  return `${significant(coulombs / COULOMBS_PER_MAH / cell.areaCm2, 4)} mAh/cm²`;
}

function range(currentA: number, board: Capabilities): string {
  return `range ${amperes(rangeFor(board, currentA))}`;
}

function cutOffs(step: Step, cell: Cell): string {
  const parts: string[] = [];
  if (step.charge > 0) parts.push(arealCharge(step.charge, cell));
  if (step.duration > 0) parts.push(duration(step.duration));
  if (Number.isFinite(step.voltageMax)) parts.push(`above ${step.voltageMax} V`);
  if (Number.isFinite(step.voltageMin)) parts.push(`below ${step.voltageMin} V`);
  return parts.join(" or ");
}

function currentLine(step: Step, cell: Cell, board: Capabilities): string {
  const verb = step.current > 0 ? "charge" : "discharge";
  const size = `${densityOf(Math.abs(step.current), cell)} mA/cm²`;
  return (
    `${verb} at ${size} (${amperes(Math.abs(step.current))}, ${range(step.current, board)}) ` +
    `until ${cutOffs(step, cell)}; at most ${duration(longest(step))}`
  );
}

function levelLine(step: Step, index: number, cell: Cell, board: Capabilities): string {
  const current = levelCurrent(step, index);
  const time = duration(step.charge / current);
  const halves = 2 * step.count;
  return (
    `     ${densityOf(current, cell)} mA/cm² (${amperes(current)}, ${range(current, board)}): ` +
    `${halves} half cycles of ${time}`
  );
}

function ccdLines(step: Step, cell: Cell, board: Capabilities): string[] {
  const count = levelCount(step);
  const rest = step.rest > 0 ? `, ${duration(step.rest)} rest before each but the first` : "";
  const head =
    `CCD staircase, ${densityOf(step.current, cell)} to ` +
    `${densityOf(levelCurrent(step, count - 1), cell)} mA/cm² by ` +
    `${densityOf(step.increment, cell)}: ${count} level${count === 1 ? "" : "s"}, ` +
    `${arealCharge(step.charge, cell)} a half cycle${rest}`;
  const bounds =
    `     window ${step.voltageMin} to ${step.voltageMax} V; ` +
    `at most ${duration(longest(step))}`;
  const all = Array.from({ length: count }, (_, i) => i);
  const folded = count > LEVELS_LISTED;
  const line = (i: number): string => levelLine(step, i, cell, board);
  if (!folded) return [head, bounds, ...all.map(line)];
  return [
    head,
    bounds,
    ...all.slice(0, LEVELS_EACH_END).map(line),
    `     … ${count - 2 * LEVELS_EACH_END} more`,
    ...all.slice(-LEVELS_EACH_END).map(line),
  ];
}

function stepLines(step: Step, cell: Cell, board: Capabilities): string[] {
  if (step.kind === STEP_REST) return [`rest ${duration(step.duration)}`];
  if (step.kind === STEP_CURRENT) return [currentLine(step, cell, board)];
  if (step.kind === STEP_CCD) return ccdLines(step, cell, board);
  if (step.kind === STEP_LOOP) {
    return [`back to ${step.to + 1}, until run ${step.count} times in all`];
  }
  return [];
}

/** The lines of a program, steps counted from 1 as in the protocol file. */
export function programLines(steps: readonly Step[], cell: Cell, board: Capabilities): string[] {
  return steps.flatMap((step, index) => {
    const [head, ...more] = stepLines(step, cell, board);
    return head === undefined ? [] : [`${String(index + 1).padStart(3)}  ${head}`, ...more];
  });
}
