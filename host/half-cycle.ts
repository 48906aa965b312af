// One half cycle, or rest, gathered from its frames: charge and energy by direction, voltages, and
// the cell's resistance from the change of current with which it began.
import type { FrameMessage } from "../firmware/telemetry.ts";

/** Sums of a step as executed: of the frames with one step count. */
export interface HalfCycle {
  readonly cycle: number;
  readonly stepCount: number;
  /** 1 charge, -1 discharge, 0 rest. */
  direction: number;
  /** The frame before its first. */
  readonly before: FrameMessage;
  last: FrameMessage;
  /** C and J, each direction on its own; energy is what the cell takes, or gives. */
  charged: number;
  discharged: number;
  energyIn: number;
  energyOut: number;
  /** Voltage of the last frame under current, V; null = none was. */
  endVolts: number | null;
  /** Voltage moved by the first change of current over that change, Ω; null = not seen yet. */
  ohms: number | null;
}

/** Voltages count this long after a change of current, ms. */
const SETTLED_MS = 200;
/** A measured current this near to its set-point has arrived, share of it. */
const ARRIVED = 0.02;
/** A change of current smaller than this share of the set-point tells nothing. */
const CHANGE_LEAST = 0.1;

/** Begins where `before` has ended; `frame` is the first of it, and still to be added. */
export function beginHalfCycle(before: FrameMessage, frame: FrameMessage): HalfCycle {
  return {
    ...{ cycle: frame.cycleCount, stepCount: frame.stepCount, direction: 0 },
    ...{ before, last: before },
    ...{ charged: 0, discharged: 0, energyIn: 0, energyOut: 0, endVolts: null, ohms: null },
  };
}

function resistance(before: FrameMessage, frame: FrameMessage): number | null {
  const { setpointPa, currentPa } = frame;
  const changePa = currentPa - before.currentPa;
  const arrived = Math.abs(currentPa - setpointPa) <= ARRIVED * Math.abs(setpointPa);
  const tells = Math.abs(changePa) >= CHANGE_LEAST * Math.abs(setpointPa);
  const settled = frame.timeMs - before.timeMs >= SETTLED_MS;
  if (setpointPa === 0 || !arrived || !tells || !settled) return null;
  return ((frame.voltageUv - before.voltageUv) * 1e6) / changePa;
}

/** Takes in the next frame. From one to the next the voltage counts with its mean; where the
 *  current begins or ends between them, with that of the one under current. */
export function addToHalfCycle(half: HalfCycle, frame: FrameMessage): void {
  const earlier = half.last === half.before ? frame : half.last;
  const later = frame.direction === 0 ? earlier : frame;
  const volts = (earlier.voltageUv + later.voltageUv) / 2e6;
  const taken = (frame.chargeInUc - half.last.chargeInUc) / 1e6;
  const given = (frame.chargeOutUc - half.last.chargeOutUc) / 1e6;
  half.charged += taken;
  half.discharged += given;
  half.energyIn += volts * taken;
  half.energyOut += volts * given;
  half.last = frame;
  if (frame.direction === 0) return;
  half.direction = frame.direction;
  half.endVolts = frame.voltageUv / 1e6;
  half.ohms ??= resistance(half.before, frame);
}
