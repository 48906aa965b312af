// Mains pick-up: the hum that leads and pellet collect. A converter sees its mean over the window
// of a conversion, which is worked out exactly when the conversion ends.

import { tolerance, uniform } from "./random.ts";
import type { Stream } from "./random.ts";

/** Peak values at the cell's input and across the sense resistor, V (assumed: a screened lead of
 *  half a metre into a buffer). */
const CELL_V = 50e-6;
const SHUNT_V = 20e-6;
const NOMINAL_HZ = 50;
/** Normal operation of the European grid: 50 Hz +- 50 mHz (ENTSO-E). */
const GRID_TOLERANCE_HZ = 0.05;

/** Amplitudes are zero-to-peak, V; a zero switches the input's hum off. */
export interface Mains {
  hz: number;
  /** Phase at time zero, periods. */
  phase: number;
  cellV: number;
  shuntV: number;
}

/** Frequency within the grid's tolerance and any phase; amplitudes scaled by `noise`. */
export function createMains(stream: Stream, noise: number): Mains {
  return {
    hz: NOMINAL_HZ + tolerance(stream, GRID_TOLERANCE_HZ),
    phase: uniform(stream),
    cellV: CELL_V * noise,
    shuntV: SHUNT_V * noise,
  };
}

/** Mean of sin(2 pi (f t + phase)) between two times, ms: sinc(f T) at the middle. */
export function meanHum(mains: Mains, fromMs: number, toMs: number): number {
  const half = (Math.PI * mains.hz * (toMs - fromMs)) / 1000;
  const turns = (mains.hz * (fromMs + toMs)) / 2000 + mains.phase;
  const share = half > 0 ? Math.sin(half) / half : 1;
  return share * Math.sin(2 * Math.PI * (turns - Math.floor(turns)));
}
