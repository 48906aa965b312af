// The slots of a frame in their order, and the state of the walk through them.
import type { Burst } from "./burst.ts";
import type { Readings } from "./frame.ts";
import { CURRENT_1, CURRENT_AGAIN, READINGS, VOLTAGE_1, VOLTAGE_AGAIN } from "./frame.ts";
import { currentDoubtful, voltageDoubtful } from "./frame.ts";
import type { Clock, Converter, ConverterState } from "./port.ts";
import type { Dac, Range, RawFrame, Relay, Settings, StatusBits } from "./port.ts";

// After the readings of voltage and current (0 to 11, see frame.ts).
export const CODE = 12;
export const RANGE = 13;
export const TEMPERATURE = 14;
export const FORCE = 15;
export const DELIVER = 16;

// What is awaited, and what is due: the answer of a converter, its reading, a register; a slot.
export const NOTHING = 0;
export const A_POLL = 1;
export const A_READING = 2;
export const A_VALUE = 3;
export const THE_NEXT = 4;

const VOLTAGE_FAILED: StatusBits["voltageFailed"] = 1;
const CURRENT_FAILED: StatusBits["currentFailed"] = 2;
// Code, range, force, temperature follow as 4, 8, 16, 32.
const CODE_FAILED: StatusBits["codeFailed"] = 4;
const RANGE_FAILED: StatusBits["rangeFailed"] = 8;
const FORCE_FAILED: StatusBits["forceFailed"] = 16;
const TEMPERATURE_FAILED: StatusBits["temperatureFailed"] = 32;

const VOLTAGE_REREAD: StatusBits["voltageReread"] = 64;
const CURRENT_REREAD: StatusBits["currentReread"] = 128;

/** The slow sensors are asked this often, ms. */
const SLOW_MS = 500;

/** What a scan is made of. */
export interface ScanParts {
  readonly clock: Clock;
  readonly voltage: Converter;
  readonly current: Converter;
  readonly temperature: Converter;
  readonly force: Converter;
  readonly dac: Dac;
  readonly range: Range;
  readonly relay: Relay;
  readonly mainsHz: number;
}

/** All that changes during the walk; times in ms. */
export interface Walk {
  slot: number;
  /** Which port read is under way, see below; any other reply is one to a read given up. */
  awaiting: number;
  /** What to do next, and whether the loop that does it is running. */
  due: number;
  walking: boolean;
  slotAt: number;
  frameAt: number;
  beganAt: number;
  waitMs: number;
  gain: number;
  deadline: number;
  /** When the slow sensors were last asked, and last answered (-1 = never). */
  slowAt: number;
  forceAt: number;
  temperatureAt: number;
  /** Which of the two frames is being filled. */
  filling: number;
  sequence: number;
  frames: RawFrame[];
  readings: Readings;
  wanted: Settings;
}

/** The walk with its parts and callbacks, the latter created once. */
export interface Sequencer {
  readonly parts: ScanParts;
  readonly state: Walk;
  burst: Burst;
  onFrame: (frame: RawFrame) => void;
  onStart: () => void;
  onBegin: () => void;
  onWait: () => void;
  onDeadline: () => void;
  onDeliver: () => void;
  onPolled: (state: ConverterState) => void;
  onRead: (counts: number, gain: number, ok: boolean) => void;
  onValue: (value: number, ok: boolean) => void;
}

/** Whether a slot of readings is one of the voltage. */
export function isVoltage(slot: number): boolean {
  return slot < VOLTAGE_AGAIN ? (slot & 1) === 0 : slot < CURRENT_AGAIN;
}

/** The converter that serves a slot. */
export function converterOf(parts: ScanParts, slot: number): Converter {
  if (slot === TEMPERATURE) return parts.temperature;
  if (slot === FORCE) return parts.force;
  return isVoltage(slot) ? parts.voltage : parts.current;
}

/** Marks the present slot as failed in the frame's status. */
export function fail(state: Walk): void {
  const slot = state.slot;
  let bit: number = isVoltage(slot) ? VOLTAGE_FAILED : CURRENT_FAILED;
  if (slot === CODE) bit = CODE_FAILED;
  else if (slot === RANGE) bit = RANGE_FAILED;
  else if (slot === FORCE) bit = FORCE_FAILED;
  else if (slot === TEMPERATURE) bit = TEMPERATURE_FAILED;
  state.readings.status |= bit;
}

/** The gain a slot is taken at: what was asked for, then that of the first reading. */
export function gainOf(state: Walk): number {
  if (state.slot === VOLTAGE_1) return state.wanted.voltageGain;
  if (state.slot === CURRENT_1) return state.wanted.currentGain;
  if (state.slot >= READINGS) return 0;
  return state.readings.gains[isVoltage(state.slot) ? VOLTAGE_1 : CURRENT_1];
}

/** The slot after the present one; those with nothing to do are left out. */
export function following(state: Walk, now: number): number {
  let slot = state.slot + 1;
  if (slot === VOLTAGE_AGAIN) {
    if (voltageDoubtful(state.readings, state.wanted)) {
      state.readings.status |= VOLTAGE_REREAD;
      return slot;
    }
    slot = CURRENT_AGAIN;
  }
  if (slot === CURRENT_AGAIN) {
    if (currentDoubtful(state.readings, state.wanted)) {
      state.readings.status |= CURRENT_REREAD;
      return slot;
    }
    slot = CODE;
  }
  if (slot === TEMPERATURE) {
    if (now - state.slowAt < SLOW_MS) return DELIVER;
    state.slowAt = now;
  }
  return slot;
}
