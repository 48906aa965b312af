// What a board cannot do of a program, said before anything moves.
import type { Capabilities } from "../hal/port.ts";
import type { Step } from "../firmware/protocol.ts";
import { STEP_CCD, STEP_CURRENT } from "../firmware/protocol.ts";
import type { Cell } from "./cell-file.ts";
import type { CcdStep, CurrentStep, Protocol } from "./protocol/form.ts";
import { stepPath } from "./protocol-file.ts";
import { InputError } from "./input-error.ts";
import { amperes } from "./quantity.ts";

/** Least current worth setting: 1 % of the smallest range. */
const LEAST_SHARE = 0.01;

/** A board's largest range, A. */
export function currentMax(board: Capabilities): number {
  return Math.max(...board.rangesA);
}

/** The smallest range that carries a current, A; the largest if none does. */
export function rangeFor(board: Capabilities, currentA: number): number {
  const fits = board.rangesA.filter((range) => range >= Math.abs(currentA) * (1 - 1e-9));
  return fits.length > 0 ? Math.min(...fits) : currentMax(board);
}

function checkCurrent(board: Capabilities, currentA: number, perUnit: number, path: string): void {
  const most = currentMax(board);
  const least = Math.min(...board.rangesA) * LEAST_SHARE;
  const size = Math.abs(currentA);
  if (size <= most * (1 + 1e-9) && size >= least) return;
  const end = size > most ? "more than" : "less than";
  const bound = size > most ? most : least;
  const round = size > most ? Math.floor : Math.ceil;
  const accepted = round((bound / perUnit) * 1e6) / 1e6;
  throw new InputError(
    `${path}: ${amperes(currentA)} is ${end} the board ${board.name} can set ` +
      `(${amperes(bound)}); accepted: at ${size > most ? "most" : "least"} ${accepted}`,
  );
}

function checkVoltage(volts: number, window: readonly number[], whose: string, path: string): void {
  if (!Number.isFinite(volts) || (volts >= window[0] && volts <= window[1])) return;
  throw new InputError(
    `${path}: ${volts} V is outside ${whose}; accepted: ${window[0]} to ${window[1]}`,
  );
}

function checkCurrentStep(
  board: Capabilities,
  cell: Cell,
  source: CurrentStep,
  step: Step,
  path: string,
): void {
  const dense = source.currentMa === undefined;
  const perUnit = (dense ? cell.areaCm2 : 1) / 1000;
  const key = dense ? "currentDensityMaCm2" : "currentMa";
  checkCurrent(board, step.current, perUnit, `${path}.${key}`);
  const window = cell.voltageWindowV;
  checkVoltage(step.voltageMax, window, "the cell's window", `${path}.until.voltageAboveV`);
  checkVoltage(step.voltageMin, window, "the cell's window", `${path}.until.voltageBelowV`);
}

function checkCcdStep(
  board: Capabilities,
  cell: Cell,
  source: CcdStep,
  step: Step,
  path: string,
): void {
  const perUnit = cell.areaCm2 / 1000;
  checkCurrent(board, step.current, perUnit, `${path}.startMaCm2`);
  checkCurrent(board, step.currentMax, perUnit, `${path}.maxMaCm2`);
  for (const volts of source.voltageWindowV ?? []) {
    checkVoltage(volts, cell.voltageWindowV, "the cell's window", `${path}.voltageWindowV`);
  }
}

/** Throws InputError when the cell's window is wider than the board can hold. */
export function checkCell(board: Capabilities, cell: Cell, file: string): void {
  const compliance = [-board.complianceV, board.complianceV];
  for (const volts of cell.voltageWindowV) {
    checkVoltage(volts, compliance, `what ${board.name} can hold`, `${file}: $.voltageWindowV`);
  }
}

/** Throws InputError for the first step of a program that a board, or the cell's window, forbids.
 *  `steps` is compiled from `protocol`. */
export function checkProgram(
  board: Capabilities,
  cell: Cell,
  protocol: Protocol,
  steps: readonly Step[],
  file: string,
): void {
  protocol.method.forEach((source, index) => {
    const step = steps[index];
    const path = `${file}: ${stepPath(index)}`;
    if (step.kind === STEP_CURRENT) {
      checkCurrentStep(board, cell, source as CurrentStep, step, path);
    } else if (step.kind === STEP_CCD) {
      checkCcdStep(board, cell, source as CcdStep, step, path);
    }
  });
}
