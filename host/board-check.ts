// What a board cannot do of a program, said before anything moves.
import type { Capabilities } from "../hal/port.ts";
import type { Step, Whole } from "../firmware/protocol.ts";
import type { Cell } from "./cell-file.ts";
import { stepStarts } from "./compiled/ground.ts";
import { InputError } from "./input-error.ts";
import { checkParts, checkWholeParts } from "./part-check.ts";
import { stepGroups } from "./protocol/jumps.ts";
import type { Protocol, ProtocolStep } from "./protocol/form.ts";
import { stepPath } from "./protocol/places.ts";
import { amperes, significant } from "./quantity.ts";

/** Least current worth setting: 1 % of the smallest range. */
const LEAST_SHARE = 0.01;
/** A sine has so many frames at least. */
const FRAMES_PER_PERIOD = 8;

/** A board's largest range, A. */
export function currentMax(board: Capabilities): number {
  return Math.max(...board.rangesA);
}

/** The smallest range that carries a current, A; the largest if none does. */
export function rangeFor(board: Capabilities, currentA: number): number {
  const fits = board.rangesA.filter((range) => range >= Math.abs(currentA) * (1 - 1e-9));
  return fits.length > 0 ? Math.min(...fits) : currentMax(board);
}

/** What a key's number is in A: `value` of it is `currentA`. */
function checkCurrent(board: Capabilities, currentA: number, value: number, path: string): void {
  const most = currentMax(board);
  const least = Math.min(...board.rangesA) * LEAST_SHARE;
  const size = Math.abs(currentA);
  if (size <= most * (1 + 1e-9) && size >= least) return;
  const end = size > most ? "more than" : "less than";
  const bound = size > most ? most : least;
  const round = size > most ? Math.floor : Math.ceil;
  const perUnit = size / Math.abs(value);
  const accepted = round((bound / perUnit) * 1e6) / 1e6;
  throw new InputError(
    `${path}: ${amperes(currentA)} is ${end} the board ${board.name} can set ` +
      `(${amperes(bound)}); accepted: at ${size > most ? "most" : "least"} ${accepted}`,
  );
}

function checkVoltage(volts: number, window: readonly number[], whose: string, path: string): void {
  if (volts >= window[0] && volts <= window[1]) return;
  throw new InputError(
    `${path}: ${volts} V is outside ${whose}; accepted: ${window[0]} to ${window[1]}`,
  );
}

/** Keys of a step that are currents, by the field of its first compiled step that they become. */
const CURRENTS: readonly [key: string, field: "current" | "currentMax"][] = [
  ["currentMa", "current"],
  ["currentDensityMaCm2", "current"],
  ["rateC", "current"],
  ["amplitudeMa", "current"],
  ["amplitudeDensityMaCm2", "current"],
  ["startMaCm2", "current"],
  ["maxMaCm2", "currentMax"],
  ["currentMaxMa", "currentMax"],
  ["currentDensityMaxMaCm2", "currentMax"],
  ["rateMaxC", "currentMax"],
];
const VOLTAGES = ["voltageV", "fromV", "toV"];

/** A key's numbers in a step: none, one, or a window of two. */
function numbers(source: ProtocolStep, key: string): number[] {
  const value = (source as unknown as Record<string, unknown>)[key];
  if (Array.isArray(value)) return value as number[];
  return typeof value === "number" ? [value] : [];
}

function checkVoltages(source: ProtocolStep, cell: Cell, path: string): void {
  const window = cell.voltageWindowV;
  for (const key of [...VOLTAGES, "voltageWindowV"]) {
    for (const volts of numbers(source, key)) {
      checkVoltage(volts, window, "the cell's window", `${path}.${key}`);
    }
  }
  const conditions = stepGroups(source, path).flatMap((group) => group.conditions);
  for (const { key, value, path: at } of conditions) {
    const isVoltage = key === "voltageAboveV" || key === "voltageBelowV";
    if (isVoltage) checkVoltage(Number(value), window, "the cell's window", at);
  }
}

function checkFrequencies(source: ProtocolStep, board: Capabilities, path: string): void {
  if (source.step !== "impedance") return;
  const most = 1000 / (FRAMES_PER_PERIOD * board.framePeriodMinMs);
  for (const key of ["fromHz", "toHz"] as const) {
    if (source[key] <= most * (1 + 1e-9)) continue;
    throw new InputError(
      `${path}.${key}: ${source[key]} Hz is faster than ${board.name} follows with ` +
        `${FRAMES_PER_PERIOD} frames a period; accepted: at most ${significant(most, 4)}`,
    );
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
 *  `steps`, and `whole` if it says anything, are compiled from `protocol`. */
export function checkProgram(
  board: Capabilities,
  cell: Cell,
  protocol: Protocol,
  steps: readonly Step[],
  file: string,
  whole?: Whole,
): void {
  const starts = stepStarts(protocol.method);
  protocol.method.forEach((source, index) => {
    const path = `${file}: ${stepPath(index)}`;
    const compiled = steps.slice(starts[index], starts[index + 1]);
    for (const [key, field] of CURRENTS) {
      for (const value of numbers(source, key)) {
        checkCurrent(board, compiled[0][field], value, `${path}.${key}`);
      }
    }
    checkVoltages(source, cell, path);
    checkFrequencies(source, board, path);
    checkParts(board.name, compiled, path);
  });
  if (whole !== undefined) checkWholeParts(board.name, whole, file);
}
