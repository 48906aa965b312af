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

// Gains, re-reads and status bits by quantity.
export const VOLTAGE = 0;
export const CURRENT = 1;

// Times by index, ms: when the frame and its latest conversion began; when the last frame in which
// the slow sensors were asked began, and when they answered last (-1 = never); the middle of each
// of the first four conversions.
export const FRAME_AT = 0;
export const BEGAN_AT = 1;
export const SLOW_AT = 2;
export const FORCE_AT = 3;
export const TEMPERATURE_AT = 4;
export const MIDDLE_AT = 5;
const TIMES = 9;

const VOLTAGE_FAILED: StatusBits["voltageFailed"] = 1;
const CURRENT_FAILED: StatusBits["currentFailed"] = 2;
const CURRENT_CLIPPED: StatusBits["currentClipped"] = 512;
const VOLTAGE_REREAD: StatusBits["voltageReread"] = 64;
const CURRENT_REREAD: StatusBits["currentReread"] = 128;

/** What a walk through the slots has gathered so far. */
export interface Readings {
  frame: RawFrame;
  /** By slot. */
  counts: Float64Array;
  /** Of the last reading, by quantity. */
  gains: number[];
  times: Float64Array;
}

/** An empty frame; the first one delivered has number 0. */
export function createFrame(): RawFrame {
  // Those asked for most stand first: an interpreter looks through the fields in this order.
  return {
    status: 0,
    timeVoltage: 0,
    code: 0,
    range: -1,
    voltage: 0,
    current: 0,
    voltageGain: 0,
    currentGain: 0,
    force: 0,
    forceAge: -1,
    temperature: 0,
    temperatureAge: -1,
    sequence: -1,
    timeCurrent: 0,
  };
}

/** No readings. */
export function createReadings(): Readings {
  const times = new Float64Array(TIMES);
  times[SLOW_AT] = -1e9;
  times[FORCE_AT] = -1;
  times[TEMPERATURE_AT] = -1;
  return { frame: createFrame(), counts: new Float64Array(READINGS), gains: [0, 0], times };
}

/** Whether the voltage has to be read again: outside its guards at the gain they are stated for. */
export function voltageDoubtful(r: Readings, wanted: Settings): boolean {
  if (r.frame.status & VOLTAGE_FAILED || r.gains[VOLTAGE] !== wanted.voltageGain) return false;
  const counts = (r.counts[VOLTAGE_1] + r.counts[VOLTAGE_2]) / 2;
  if (counts < wanted.guardMin || counts > wanted.guardMax) return true;
  return counts < wanted.guardShort && counts > -wanted.guardShort;
}

/** Whether the current has to be read again: beyond its guard, or off the widest scale, where no
 *  current of this circuit can be. */
export function currentDoubtful(r: Readings, wanted: Settings): boolean {
  const status = r.frame.status;
  if (status & CURRENT_FAILED) return false;
  if (status & CURRENT_CLIPPED) return true;
  if (r.gains[CURRENT] !== wanted.currentGain) return false;
  const counts = (r.counts[CURRENT_1] + r.counts[CURRENT_2]) / 2;
  return counts > wanted.guardCurrent || counts < -wanted.guardCurrent;
}

/** The third smallest of `value` and the four readings from `again` on, which it reorders. */
function median(c: Float64Array, value: number, again: number): number {
  let below = 0;
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

/** Puts the median in place of both readings of what was read again. */
function settle(c: Float64Array, status: number): void {
  for (let quantity = VOLTAGE; quantity <= CURRENT; quantity++) {
    if ((status & (VOLTAGE_REREAD << quantity)) === 0) continue;
    const mean = (c[quantity] + c[quantity + 2]) / 2;
    c[quantity] = c[quantity + 2] = median(c, mean, AGAIN * (1 + quantity));
  }
}

/** Writes voltage and current with their times and gains into the frame. */
export function assemble(r: Readings): void {
  const frame = r.frame;
  const c = r.counts;
  const t = r.times;
  if (frame.status & (VOLTAGE_REREAD | CURRENT_REREAD)) settle(c, frame.status);
  frame.voltage = (c[VOLTAGE_1] + c[VOLTAGE_2]) / 2;
  frame.current = (c[CURRENT_1] + c[CURRENT_2]) / 2;
  frame.voltageGain = r.gains[VOLTAGE];
  frame.currentGain = r.gains[CURRENT];
  frame.timeVoltage = (t[MIDDLE_AT + VOLTAGE_1] + t[MIDDLE_AT + VOLTAGE_2]) / 2;
  frame.timeCurrent = (t[MIDDLE_AT + CURRENT_1] + t[MIDDLE_AT + CURRENT_2]) / 2;
}
