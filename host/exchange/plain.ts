// What other languages can say: our steps in mA, V, s, with what lies behind a word spelt out
// (staircase, pulse, CC-CV), loops still loops. What is lost on the way is told.
import type { Cell } from "../cell-file.ts";
import { InputError } from "../input-error.ts";
import type { Strength } from "../protocol/form.ts";
import type { Until } from "../protocol/until.ts";

/** A current as one of two. */
export interface PlainCurrent {
  mA?: number;
  rateC?: number;
}

/** A step that takes time. `id`: its name; `aside`: keys of the step that stand for themselves. */
export type PlainStep = { id?: string; at: number; periodS?: number } & (
  | { kind: "rest"; timeS: number }
  | { kind: "current"; current: PlainCurrent; timeS?: number; chargeMah?: number; volts?: number }
  | { kind: "voltage"; volts: number; timeS?: number; end?: PlainCurrent; largest?: PlainCurrent }
  | { kind: "scan"; fromV: number; toV: number; rateMvPerS: number }
  | { kind: "impedance"; mA: number; fromHz: number; toHz: number; pointsPerDecade: number }
  | { kind: "loop"; to: number; named: boolean; count: number }
);

/** A protocol of plain steps; a loop's `to` is an index among them. */
export interface Plain {
  steps: PlainStep[];
  capacityMah: number | null;
  /** What could not be said: a line each. */
  lost: string[];
}

/** What is known while steps are spelt out. */
export interface Ground {
  cell: Cell | null;
  lost: string[];
}

/** `value` without the noise of binary fractions. */
export function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

/** Tells what of the step at `at` cannot be said. */
export function lose(ground: Ground, at: number, what: string): void {
  ground.lost.push(`step ${at + 1}: ${what}`);
}

/** Electrode area, cm²; throws InputError where no cell is given. */
export function area(ground: Ground, at: number): number {
  if (ground.cell !== null) return ground.cell.areaCm2;
  throw new InputError(
    `step ${at + 1}: amounts per cm² of no known electrode; accepted: --cell FILE`,
  );
}

/** Current of a step. */
export function strength(ground: Ground, source: Strength, at: number): PlainCurrent {
  if (source.rateC !== undefined) return { rateC: source.rateC };
  if (source.currentMa !== undefined) return { mA: source.currentMa };
  return { mA: tidy((source.currentDensityMaCm2 ?? 0) * area(ground, at)) };
}

/** Loses every key of `until` that is not `kept`, with its value. */
export function loseCutOffs(
  ground: Ground,
  until: Until,
  kept: readonly string[],
  at: number,
): void {
  for (const [key, value] of Object.entries(until)) {
    if (!kept.includes(key)) lose(ground, at, `until ${key} ${JSON.stringify(value)}`);
  }
}

/** Charge of `until`, mAh. */
export function chargeOf(ground: Ground, until: Until, at: number): number | undefined {
  if (until.chargeMah !== undefined) return until.chargeMah;
  if (until.arealChargeMahCm2 === undefined) return undefined;
  return tidy(until.arealChargeMahCm2 * area(ground, at));
}

function sizeOf(current: PlainCurrent | undefined): number {
  return Math.abs(current?.mA ?? current?.rateC ?? 0);
}

/** Loses a hold's largest current, unless it goes on from a current of that size, which is what
 *  the others take for granted. */
export function loseLargest(
  step: PlainStep & { kind: "voltage" },
  before: PlainStep | undefined,
  lost: string[],
): void {
  const { largest, at } = step;
  const implied = before?.kind === "current" ? sizeOf(before.current) : NaN;
  if (largest === undefined || sizeOf(largest) === implied) return;
  lost.push(`step ${at + 1}: its largest current`);
}
