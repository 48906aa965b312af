// The cell model on its own, without converters: what is true of the simulated cell, and the
// experiments that the firmware cannot drive yet.
import { advanceCell, createCell } from "../sim/cell.ts";
import type { Cell as CellState, CellInput } from "../sim/cell-state.ts";
import type { Streams } from "../sim/random.ts";
import { createStreams } from "../sim/random.ts";

const COMPLIANCE_V = 5.2;
/** Looks at the voltage this often, s. */
const LOOK_S = 60;

/** A cell in a galvanostat that is perfect but for a factor on its current. */
export interface Direct {
  cell: CellState;
  random: Streams;
  /** True over nominal current density. */
  scale: number;
}

/** A fresh cell; `scale` 1 unless the effect of a wrong current is asked for. */
export function fresh(input: CellInput, seed = 1, scale = 1): Direct {
  return { cell: createCell(input), random: createStreams(seed), scale };
}

/** `seconds` at `maCm2`; the voltage at their end, V. */
export function hold(run: Direct, maCm2: number, seconds: number): number {
  const amperes = (run.scale * maCm2 * run.cell.areaCm2) / 1000;
  advanceCell(run.cell, run.random, run.cell.timeS + seconds, amperes, COMPLIANCE_V);
  return run.cell.voltageV;
}

/** Largest |voltage| of a half cycle, V, looked at once a minute; and at its end. */
export function halfCycle(run: Direct, maCm2: number, hours: number) {
  let peakV = 0;
  for (let left = hours * 3600; left > 0; left -= LOOK_S) {
    peakV = Math.max(peakV, Math.abs(hold(run, maCm2, Math.min(LOOK_S, left))));
  }
  return { peakV, endV: run.cell.voltageV };
}

/** `cycles` of half cycles in and out, on the coarse grid where nothing happens fast. */
export function cycleDirect(run: Direct, maCm2: number, hours: number, cycles: number): void {
  for (let n = 0; n < cycles; n++)
    for (const sign of [1, -1]) hold(run, sign * maCm2, hours * 3600);
}

/** Minutes at `maCm2` one way until `limitV`. */
export function minutesTo(run: Direct, maCm2: number, limitV: number): number {
  while (hold(run, maCm2, 1) < limitV && run.cell.timeS < 1e5);
  return run.cell.timeS / 60;
}

/** The level at which a staircase latches hard; 0 = not up to `maxMaCm2`. Levels of 0.1 mA/cm2,
 *  0.2 mAh/cm2 a half cycle, one cycle a level, after two hours at rest. */
export function staircaseDirect(run: Direct, maxMaCm2: number): number {
  hold(run, 0, 7200);
  for (let level = 1; level <= maxMaCm2 * 10 + 0.5; level++) {
    for (const sign of [1, -1]) hold(run, (sign * level) / 10, (0.2 / (level / 10)) * 3600);
    if (run.cell.short.latchedAtS >= 0) return level / 10;
  }
  return 0;
}
