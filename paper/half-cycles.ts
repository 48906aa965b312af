// Half cycles out of the stream of frames: what a user of a cycler tabulates.
import type { Frame } from "./instrument.ts";

/** One half cycle: V, s since the run's start, C. */
export interface HalfCycle {
  direction: number;
  endV: number;
  /** Largest |voltage|, V. */
  peakV: number;
  startedS: number;
  endedS: number;
  chargeC: number;
}

/** Collects half cycles; the mean of the rest before them is the zero of the voltage. */
export interface Tally {
  /** Open half cycle, null while at rest. */
  open: HalfCycle | null;
  stepCount: number;
  chargeAtStartC: number;
  restSumV: number;
  restFrames: number;
}

/** A symmetric cell at rest has no voltage: what is read there is the converter's offset. Its
 *  first minutes are left out, until relay and filters have settled, s. */
const REST_FROM_S = 60;

export function createTally(): Tally {
  return { open: null, stepCount: -1, chargeAtStartC: 0, restSumV: 0, restFrames: 0 };
}

/** Offset of the voltage, V; 0 where there was no rest. */
export function restV(tally: Tally): number {
  return tally.restFrames === 0 ? 0 : tally.restSumV / tally.restFrames;
}

function begin(tally: Tally, frame: Frame): void {
  tally.stepCount = frame.stepCount;
  tally.chargeAtStartC = frame.chargeInC + frame.chargeOutC;
  tally.open = null;
  if (frame.direction === 0) return;
  const { direction, timeS } = frame;
  tally.open = { direction, endV: 0, peakV: 0, startedS: timeS, endedS: timeS, chargeC: 0 };
}

/** Adds a frame; answers with the half cycle that it shows to be over. */
export function tally(state: Tally, frame: Frame): HalfCycle | null {
  let over: HalfCycle | null = null;
  if (frame.stepCount !== state.stepCount) {
    over = state.open;
    begin(state, frame);
  }
  if (frame.direction === 0 && frame.timeS > REST_FROM_S) {
    state.restSumV += frame.voltageV;
    state.restFrames++;
  }
  const open = state.open;
  // On the way to the cell, and while a range is switched, no current flows yet.
  if (open !== null && Math.abs(frame.currentA) > 0) {
    const volts = frame.voltageV - restV(state);
    open.endV = volts;
    open.peakV = Math.max(open.peakV, Math.abs(volts));
    open.endedS = frame.timeS;
    open.chargeC = frame.chargeInC + frame.chargeOutC - state.chargeAtStartC;
  }
  return over;
}
