// Resistances from a change of the current: what a pulse says after a second. Differences of
// voltages, so no offset enters.
import type { Loop } from "./loop.ts";
import { LIVE } from "./loop.ts";
import type { Sample } from "./sample.ts";
import { AMPS, STATUS, VOLTS, VOLTS_AT } from "./sample.ts";
import { CURRENT_FAILED, VOLTAGE_FAILED } from "./sample.ts";

/** A pulse is read so long after the change, s, and no later than that. */
const PULSE_S = 1;
const LATE_S = 4;
const NEARLY_S = 0.05;
/** Smaller changes of the current are none, of the set-point. */
const CHANGE_LEAST = 0.5;

/** The change of set-point that is under way; V, A. */
export interface Pulse {
  setpoint: number;
  voltage: number;
  current: number;
  waiting: boolean;
}

/** No pulse so far. */
export function createPulse(): Pulse {
  return { setpoint: 0, voltage: 0, current: 0, waiting: false };
}

/** One frame. Once for each change of the set-point, a second later: the areal resistance dV/dI,
 *  Ω cm²; otherwise 0. */
export function follow(pulse: Pulse, sample: Sample, loop: Loop, areaCm2: number): number {
  if (sample[STATUS] & (VOLTAGE_FAILED | CURRENT_FAILED)) return 0;
  // A current that follows a voltage makes no pulse.
  if (loop.tracking !== 0) pulse.waiting = false;
  if ((loop.setpoint === pulse.setpoint && !pulse.waiting) || loop.tracking !== 0) {
    pulse.setpoint = loop.setpoint;
    pulse.voltage = sample[VOLTS];
    pulse.current = sample[AMPS];
    return 0;
  }
  if (loop.setpoint !== pulse.setpoint) {
    pulse.setpoint = loop.setpoint;
    pulse.waiting = true;
    return 0;
  }
  const since = sample[VOLTS_AT] - loop.changedAt;
  if (since < PULSE_S - NEARLY_S) return 0;
  pulse.waiting = false;
  const change = sample[AMPS] - pulse.current;
  const large = Math.abs(change) >= CHANGE_LEAST * Math.abs(loop.setpoint);
  if (loop.rung !== LIVE || loop.setpoint === 0 || since > LATE_S || !large) return 0;
  return ((sample[VOLTS] - pulse.voltage) / change) * areaCm2;
}
