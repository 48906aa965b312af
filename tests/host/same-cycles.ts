// How far apart the figures of a cycle may be that were reckoned from a run's lines and from its
// log. Nothing here is fitted: all bounds follow from what a count is worth.
import { expect } from "vitest";

/** What a figure may be off at most where voltage and current of each frame are off by half a
 *  count, and by the last digit of the line: V and A. */
export interface Resolution {
  readonly volts: number;
  readonly amperes: number;
}

/** A cycle's row by its columns; an empty one is not known. */
export type CycleFigures = Record<string, string>;

/** The rows of NAME.cycles.csv. */
export function cycleFigures(text: string): CycleFigures[] {
  const [header, ...rows] = text.trimEnd().split("\n");
  const names = header.split(",");
  return rows.map((row) => Object.fromEntries(row.split(",").map((each, i) => [names[i], each])));
}

/** The resistance r = v / i, of two frames each: v is off by 2 dv, i by 2 di, so
 *  (v + 2 dv) / (i - 2 di) - r = (2 dv + 2 r di) / (i - 2 di). */
function resistanceBound(ohms: number, change: number, { volts, amperes }: Resolution): number {
  return (2 * volts + 2 * Math.abs(ohms) * amperes) / (change - 2 * amperes);
}

/** Figures that have a voltage in them, each with its bound and its last digit. An energy is a sum
 *  of voltages, each times its share of the charge: it is off by the charge times dv, its mean by
 *  dv. `changes` are the current's at the begin of charge and discharge, A. */
function bounds(told: CycleFigures, changes: readonly number[], areaCm2: number, off: Resolution) {
  const found = new Map<string, readonly [bound: number, digit: number]>();
  ["Charging", "Discharging"].forEach((side, i) => {
    const ampereHours = Number(told[`${side} Capacity / Ah`]);
    const areal = `${side} Areal Resistance / ohm cm2`;
    const ohms = Number(told[areal]) / areaCm2;
    found.set(`${side} Energy / Wh`, [ampereHours * off.volts, 1e-12]);
    found.set(`Mean ${side} Voltage / V`, [off.volts, 1e-6]);
    found.set(`End ${side} Voltage / V`, [off.volts, 1e-6]);
    found.set(areal, [areaCm2 * resistanceBound(ohms, changes[i], off), 1e-3]);
  });
  return found;
}

/** Expects `fetched` to be `told` to the bounds; what has no voltage in it, to the digit. */
export function expectSameCycle(
  fetched: CycleFigures,
  told: CycleFigures,
  changes: readonly number[],
  areaCm2: number,
  off: Resolution,
): void {
  const found = bounds(told, changes, areaCm2, off);
  expect(Object.keys(fetched)).toEqual(Object.keys(told));
  for (const [name, value] of Object.entries(told)) {
    const bound = found.get(name);
    if (bound === undefined) {
      expect(fetched[name], name).toBe(value);
      continue;
    }
    expect(value, name).not.toBe("");
    const [most, digit] = bound;
    expect(Math.abs(Number(fetched[name]) - Number(value)), name).toBeLessThanOrEqual(most + digit);
  }
}
