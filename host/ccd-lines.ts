// A staircase as lines for people: its rule, and its levels one by one.
import type { Capabilities } from "../hal/port.ts";
import type { Step } from "../firmware/protocol.ts";
import { FLAG_GEOMETRIC, FLAG_ONE_WAY } from "../firmware/protocol.ts";
import { rangeFor } from "./board-check.ts";
import type { Cell } from "./cell-file.ts";
import { longest } from "./duration.ts";
import { amperes, duration, level, micro, significant } from "./quantity.ts";
import { halfCycles, halfCycleTime, levelCount, levelCurrent } from "./staircase.ts";

const COULOMBS_PER_MAH = 3.6;
/** Levels listed one by one; of longer staircases the first and last few. */
const LEVELS_LISTED = 10;
const LEVELS_EACH_END = 3;

/** A current as a density on the cell's area, mA/cm². */
export function densityOf(currentA: number, cell: Cell): string {
  return level(micro((currentA * 1000) / cell.areaCm2));
}

/** A charge in C on the cell's area. */
export function arealCharge(coulombs: number, cell: Cell): string {
  return `${significant(coulombs / COULOMBS_PER_MAH / cell.areaCm2, 4)} mAh/cm²`;
}

/** The range that carries a current, A. */
export function range(currentA: number, board: Capabilities): string {
  return `range ${amperes(rangeFor(board, currentA))}`;
}

function levelLine(step: Step, index: number, cell: Cell, board: Capabilities): string {
  const current = levelCurrent(step, index);
  const halves = halfCycles(step);
  return (
    `     ${densityOf(current, cell)} mA/cm² (${amperes(current)}, ${range(current, board)}): ` +
    `${halves} half cycle${halves === 1 ? "" : "s"} of ${duration(halfCycleTime(step, index))}`
  );
}

/** How levels follow each other, and what each half cycle is. */
export function staircaseRule(step: Step, cell: Cell): { levels: string; halfCycle: string } {
  const geometric = (step.flags & FLAG_GEOMETRIC) !== 0;
  const by = geometric
    ? `a factor of ${significant(step.increment, 5)}`
    : densityOf(step.increment, cell);
  const each = step.duration > 0 ? duration(step.duration) : arealCharge(step.charge, cell);
  const oneWay = (step.flags & FLAG_ONE_WAY) !== 0;
  return {
    levels: `by ${by}`,
    halfCycle: `${each} a half cycle${oneWay ? ", one way" : ""}`,
  };
}

/** The lines of a compiled CCD step. */
export function ccdLines(step: Step, cell: Cell, board: Capabilities): string[] {
  const count = levelCount(step);
  const rule = staircaseRule(step, cell);
  const rest = step.rest > 0 ? `, ${duration(step.rest)} rest before each but the first` : "";
  const head =
    `CCD staircase, ${densityOf(step.current, cell)} to ` +
    `${densityOf(levelCurrent(step, count - 1), cell)} mA/cm² ${rule.levels}: ` +
    `${count} level${count === 1 ? "" : "s"}, ${rule.halfCycle}${rest}`;
  const bounds =
    `     window ${step.voltageMin} to ${step.voltageMax} V; ` +
    `at most ${duration(longest(step))}`;
  const all = Array.from({ length: count }, (_, i) => i);
  const line = (i: number): string => levelLine(step, i, cell, board);
  if (count <= LEVELS_LISTED) return [head, bounds, ...all.map(line)];
  return [
    head,
    bounds,
    ...all.slice(0, LEVELS_EACH_END).map(line),
    `     … ${count - 2 * LEVELS_EACH_END} more`,
    ...all.slice(-LEVELS_EACH_END).map(line),
  ];
}
