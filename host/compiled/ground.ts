// What compilation needs to know besides a step: the cell, what a rate in C is, where jumps lead.
import { TO_END, TO_STOP } from "../../firmware/protocol.ts";
import type { Cell } from "../cell-file.ts";
import { nominalCapacityMah } from "../cell-file.ts";
import { InputError } from "../input-error.ts";
import type { LargestCurrent, Protocol, ProtocolStep, Strength } from "../protocol/form.ts";
import type { Places } from "../protocol/places.ts";
import { jumpTarget, PLACE_END, PLACE_STOP, placesOf } from "../protocol/places.ts";
import type { Goto } from "../protocol/until.ts";

export const COULOMBS_PER_MAH = 3.6;

/** What a protocol is compiled for. */
export interface Ground {
  protocol: Protocol;
  cell: Cell;
  /** Nominal capacity, mAh; null = nobody said one. */
  capacityMah: number | null;
  /** Largest current that the board can set, A. */
  currentMaxA: number;
  places: Places;
  /** Index among the compiled steps of each step of the method, and of the END after them. */
  starts: number[];
  file: string;
}

/** How many compiled steps a step becomes. */
function sizeOf(step: ProtocolStep): number {
  if (step.step === "cccv") return 2;
  return step.step === "pulse" ? 3 : 1;
}

/** Index among the compiled steps of each step of a method, and of the END after them. */
export function stepStarts(method: readonly ProtocolStep[]): number[] {
  const starts = [0];
  for (const step of method) starts.push(starts[starts.length - 1] + sizeOf(step));
  return starts;
}

export function groundOf(
  protocol: Protocol,
  cell: Cell,
  currentMaxA: number,
  file: string,
): Ground {
  return {
    protocol,
    cell,
    capacityMah: protocol.capacityMah ?? nominalCapacityMah(cell),
    currentMaxA,
    places: placesOf(protocol.method),
    starts: stepStarts(protocol.method),
    file,
  };
}

/** Current of a rate in nominal capacities an hour, A. Throws InputError with `path`, that of the
 *  key, where there is no capacity. */
export function rateAmperes(ground: Ground, rate: number, path: string): number {
  if (ground.capacityMah !== null) return (rate * ground.capacityMah) / 1000;
  throw new InputError(
    `${path}: a rate of no known capacity; accepted: capacityMah of the protocol, or ` +
      "arealCapacityMahCm2, or activeMassMg with specificCapacityMahPerG, of the cell file",
  );
}

/** Constant current of a step at `path`, A. */
export function strengthAmperes(ground: Ground, source: Strength, path: string): number {
  if (source.rateC !== undefined) return rateAmperes(ground, source.rateC, `${path}.rateC`);
  const { areaCm2 } = ground.cell;
  return (source.currentMa ?? (source.currentDensityMaCm2 ?? 0) * areaCm2) / 1000;
}

/** Largest current of a step at `path`, A: its own, else that of its limits, else the protocol's,
 *  else the board's. */
export function largestAmperes(
  ground: Ground,
  source: LargestCurrent & { limits?: { currentMaxMa?: number } },
  path: string,
): number {
  const { currentMaxMa, currentDensityMaxMaCm2: density, rateMaxC } = source;
  if (rateMaxC !== undefined) return rateAmperes(ground, rateMaxC, `${path}.rateMaxC`);
  if (density !== undefined) return (density * ground.cell.areaCm2) / 1000;
  if (currentMaxMa !== undefined) return currentMaxMa / 1000;
  const bounds = [source.limits?.currentMaxMa, ground.protocol.limits?.currentMaxMa];
  const least = Math.min(...bounds.map((each) => (each ?? Infinity) / 1000));
  return Math.min(least, ground.currentMaxA);
}

/** Index among the compiled steps that a jump leads to, or `TO_…`. */
export function jumpIndex(ground: Ground, to: Goto): number {
  const target = jumpTarget(ground.places, to) ?? PLACE_STOP;
  if (target === PLACE_END) return TO_END;
  return target === PLACE_STOP ? TO_STOP : ground.starts[target];
}
