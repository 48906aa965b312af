// The readings of one acquisition, and how a frame is made of them: the mean of two conversions
// half a mains period apart; the median of five where a guard was broken, so that three of five
// decide.
import type { RawFrame, Settings, StatusBits } from "./port.ts";

// Slots of readings; voltage is even, current odd among the first four.
export const VOLTAGE_1 = 0;
export const CURRENT_1 = 1;
export const VOLTAGE_2 = 2;
export const CURRENT_2 = 3;
export const VOLTAGE_AGAIN = 4;
export const CURRENT_AGAIN = 8;
export const READINGS = 12;
const AGAIN = 4;

const VOLTAGE_FAILED: StatusBits["voltageFailed"] = 1;
const CURRENT_FAILED: StatusBits["currentFailed"] = 2;
const VOLTAGE_REREAD: StatusBits["voltageReread"] = 64;
const CURRENT_REREAD: StatusBits["currentReread"] = 128;

/** What a walk through the slots has gathered so far. */
export interface Readings {
  counts: Float64Array;
  gains: Int8Array;
  /** Middle of the conversion, ms. */
  times: Float64Array;
  status: number;
}

/** No readings. */
export function createReadings(): Readings {
  return {
    counts: new Float64Array(READINGS),
    gains: new Int8Array(READINGS),
    times: new Float64Array(READINGS),
    status: 0,
  };
}

/** An empty frame. */
export function createFrame(): RawFrame {
  return {
    sequence: 0,
    timeVoltage: 0,
    timeCurrent: 0,
    voltage: 0,
    current: 0,
    voltageGain: 0,
    currentGain: 0,
    force: 0,
    forceAge: -1,
    temperature: 0,
    temperatureAge: -1,
    code: 0,
    range: -1,
    status: 0,
  };
}

// Two readings at different gains (one was clipped): only the later, wider one counts.
function combined(r: Readings, first: number): number {
  const second = first + 2;
  if (r.gains[first] !== r.gains[second]) return r.counts[second];
  return (r.counts[first] + r.counts[second]) / 2;
}

/** Whether the voltage has to be read again: outside its guards at the gain they are stated for. */
export function voltageDoubtful(r: Readings, wanted: Settings): boolean {
  if (r.status & VOLTAGE_FAILED || r.gains[VOLTAGE_2] !== wanted.voltageGain) return false;
  const counts = combined(r, VOLTAGE_1);
  if (counts < wanted.guardMin || counts > wanted.guardMax) return true;
  return counts < wanted.guardShort && counts > -wanted.guardShort;
}

/** Whether the current has to be read again. */
export function currentDoubtful(r: Readings, wanted: Settings): boolean {
  if (r.status & CURRENT_FAILED || r.gains[CURRENT_2] !== wanted.currentGain) return false;
  const counts = combined(r, CURRENT_1);
  return counts > wanted.guardCurrent || counts < -wanted.guardCurrent;
}

/** The third smallest of `value` and the four readings from `again` on, which it reorders. */
function median(r: Readings, value: number, again: number): number {
  let below = 0;
  const c = r.counts;
  for (let i = again; i < again + AGAIN; i++) {
    const x = c[i];
    if (x < value) below++;
    let at = i;
    while (at > again && c[at - 1] > x) {
      c[at] = c[at - 1];
      at--;
    }
    c[at] = x;
  }
  if (below === 2) return value;
  return below < 2 ? c[again + 1] : c[again + 2];
}

/** Writes voltage and current with their times and gains into the frame. */
export function assemble(r: Readings, frame: RawFrame): void {
  let voltage = combined(r, VOLTAGE_1);
  let current = combined(r, CURRENT_1);
  if (r.status & VOLTAGE_REREAD) voltage = median(r, voltage, VOLTAGE_AGAIN);
  if (r.status & CURRENT_REREAD) current = median(r, current, CURRENT_AGAIN);
  frame.voltage = voltage;
  frame.current = current;
  frame.voltageGain = r.gains[VOLTAGE_2];
  frame.currentGain = r.gains[CURRENT_2];
  frame.timeVoltage = (r.times[VOLTAGE_1] + r.times[VOLTAGE_2]) / 2;
  frame.timeCurrent = (r.times[CURRENT_1] + r.times[CURRENT_2]) / 2;
}
