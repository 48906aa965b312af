// Galvanostatic protocols run directly on the cell model, without converters.
import { advanceCell, createCell } from "../../sim/cell.ts";
import type { Cell } from "../../sim/cell-state.ts";
import type { Anode } from "../../sim/composition.ts";
import { createStreams } from "../../sim/random.ts";
import type { Streams } from "../../sim/random.ts";
import { pellet } from "./bench-world.ts";

const COMPLIANCE_V = 5.2;

export interface Run {
  cell: Cell;
  random: Streams;
}

/** A fresh cell. Without `shorts` filaments grow, but no bridge forms. */
export function fresh(anode: Anode, noise = 0, shorts = false, seed = 1): Run {
  return { cell: createCell(pellet(anode, noise, shorts)), random: createStreams(seed) };
}

/** `seconds` at `maCm2`, positive stripping electrode A. Returns the voltage at the end, mV. */
export function hold(run: Run, maCm2: number, seconds: number): number {
  const amperes = (maCm2 * run.cell.areaCm2) / 1000;
  advanceCell(run.cell, run.random, run.cell.timeS + seconds, amperes, COMPLIANCE_V);
  return run.cell.voltageV * 1000;
}

/** One cycle of half cycles of `hours` each; the largest |voltage|, looked at once a minute. */
export function cycle(run: Run, maCm2: number, hours: number): number {
  let peak = 0;
  for (const sign of [1, -1]) {
    for (let minute = 0; minute < hours * 60; minute++) {
      peak = Math.max(peak, Math.abs(hold(run, sign * maCm2, 60)));
    }
  }
  return peak;
}

/** Minutes of stripping one way at `maCm2` until the voltage passes `limitMv`. */
export function minutesUntil(run: Run, maCm2: number, limitMv: number): number {
  while (hold(run, maCm2, 5) < limitMv && run.cell.timeS < 1e5);
  return run.cell.timeS / 60;
}

/** Levels of a critical-current staircase, steps of 0.1 mA/cm2, 0.2 mAh/cm2 a half cycle, one
 *  cycle a level: of the filament's arrival, the first bridge and the hard short; 0 = never. */
export interface Staircase {
  spanned: number;
  soft: number;
  hard: number;
}

/** Climbs until a hard short, or until a filament spans the pellet where none can form. */
export function climb(run: Run): Staircase {
  const found: Staircase = { spanned: 0, soft: 0, hard: 0 };
  const short = run.cell.short;
  for (let step = 1; step <= 60; step++) {
    const level = step / 10;
    for (const sign of [1, -1]) hold(run, sign * level, (0.2 / level) * 3600);
    if (found.spanned === 0 && short.spannedAtS >= 0) found.spanned = level;
    if (found.soft === 0 && short.firstBridgeAtS >= 0) found.soft = level;
    if (found.hard === 0 && short.latchedAtS >= 0) found.hard = level;
    if (run.cell.shorts ? found.hard > 0 : found.spanned > 0) break;
  }
  return found;
}

/** Mean interface resistance of the two electrodes, ohm cm2. */
export function meanInterface(run: Run): number {
  return (run.cell.a.interfaceOhmCm2 + run.cell.b.interfaceOhmCm2) / 2;
}
