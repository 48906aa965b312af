// Bounds: the envelope compiled into the board's bundle, narrowed by what the memory says of the
// cell. Nothing widens them.
import type { Capabilities } from "../hal/port.ts";
import type { Config } from "./config.ts";
import { ACTIVATION_ENERGY_EV, AREA_CM2, AREA_UNCERTAINTY, CLAMP_FORCE_N } from "./config.ts";
import { CONDUCTIVITY_S_PER_CM, CONDUCTIVITY_UNCERTAINTY, CURRENT_GAIN } from "./config.ts";
import { CURRENT_OFFSET, FORCE_GAIN, FORCE_OFFSET, PER_RANGE, SET_GAIN } from "./config.ts";
import {
  TEMPERATURE_C,
  TEMPERATURE_OFFSET,
  THICKNESS_CM,
  THICKNESS_UNCERTAINTY,
} from "./config.ts";
import { VOLTAGE_GAIN, VOLTAGE_MAX_V, VOLTAGE_MIN_V, VOLTAGE_OFFSET, ZERO_CODE } from "./config.ts";

/** What this board may ever do, whatever a configuration asks for. */
export interface Envelope {
  readonly currentMaxA: number;
  readonly voltageMaxV: number;
  readonly temperatureMinC: number;
  readonly temperatureMaxC: number;
  readonly forceMaxN: number;
}

/** Limits in force; V, A, °C, N. */
export interface Limits {
  voltageHard: number;
  currentHard: number;
  /** Largest set-point. */
  currentMax: number;
  voltageMin: number;
  voltageMax: number;
  temperatureMin: number;
  temperatureMax: number;
  forceStart: number;
  forceMin: number;
  forceMax: number;
  /** Kinds of steps that the board's features add, bits `1 << STEP_…`. */
  kinds: number;
}

/** A settled press loses 4-5 %; less than this share of the clamp force is another experiment. */
const FORCE_START = 0.9;
const FORCE_HOLD = 0.75;
const FORCE_OVER = 1.2;
/** The hardware's own bounds are left by more than measurement error. */
const MARGIN = 1.05;
/** What a gain may be, nominally 1. */
const GAIN_LEAST = 0.9;
const GAIN_MOST = 1.1;
/** Largest correction of a range's zero, of its full scale. */
const OFFSET_SHARE = 0.05;

/** No current at all. */
export function createLimits(): Limits {
  return {
    voltageHard: 0,
    currentHard: 0,
    currentMax: 0,
    voltageMin: 0,
    voltageMax: 0,
    temperatureMin: 0,
    temperatureMax: 0,
    forceStart: 0,
    forceMin: 0,
    forceMax: 0,
    kinds: 0,
  };
}

/** Written so that a NaN is not within. */
function within(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}

/** Whether this can be a cell at all, where a mistake of orders of magnitude is caught, no more.
 *  Place by place: lists of bounds would be the deepest that a board's memory is reached for. */
function isCell(cell: Config): boolean {
  return (
    within(cell[AREA_CM2], 1e-4, 1e4) &&
    within(cell[THICKNESS_CM], 1e-4, 100) &&
    within(cell[CONDUCTIVITY_S_PER_CM], 1e-9, 100) &&
    within(cell[ACTIVATION_ENERGY_EV], 0, 5) &&
    within(cell[CLAMP_FORCE_N], 0, 1e6) &&
    within(cell[TEMPERATURE_C], -200, 1000) &&
    within(cell[VOLTAGE_MIN_V], -Infinity, Infinity) &&
    within(cell[VOLTAGE_MAX_V], -Infinity, Infinity) &&
    within(cell[THICKNESS_UNCERTAINTY], 0, 1) &&
    within(cell[CONDUCTIVITY_UNCERTAINTY], 0, 1) &&
    within(cell[AREA_UNCERTAINTY], 0, 1)
  );
}

/** Whether this can be a calibration, which takes out the tolerances of parts: more would move the
 *  limits themselves, since they are held against calibrated readings. */
function isCalibration(cell: Config, rangesA: readonly number[]): boolean {
  let sound =
    within(cell[VOLTAGE_GAIN], GAIN_LEAST, GAIN_MOST) &&
    within(cell[VOLTAGE_OFFSET], -0.1, 0.1) &&
    within(cell[FORCE_GAIN], GAIN_LEAST, GAIN_MOST) &&
    within(cell[FORCE_OFFSET], -1000, 1000) &&
    within(cell[TEMPERATURE_OFFSET], -5, 5);
  for (let range = 0; range < rangesA.length; range++) {
    const at = PER_RANGE * range;
    const offset = OFFSET_SHARE * rangesA[range];
    sound =
      sound &&
      within(cell[CURRENT_GAIN + at], GAIN_LEAST, GAIN_MOST) &&
      within(cell[CURRENT_OFFSET + at], -offset, offset) &&
      within(cell[SET_GAIN + at], GAIN_LEAST, GAIN_MOST) &&
      within(cell[ZERO_CODE + at], 0, 65535);
  }
  return sound;
}

/** Fills `limits`; false = the cell's description makes no sense, and nothing may run. */
export function narrow(
  limits: Limits,
  envelope: Envelope,
  cell: Config,
  capabilities: Capabilities,
): boolean {
  limits.voltageHard = Math.min(envelope.voltageMaxV, capabilities.complianceV) * MARGIN;
  limits.currentHard = envelope.currentMaxA * MARGIN;
  limits.currentMax = envelope.currentMaxA;
  limits.voltageMin = Math.max(cell[VOLTAGE_MIN_V], -envelope.voltageMaxV);
  limits.voltageMax = Math.min(cell[VOLTAGE_MAX_V], envelope.voltageMaxV);
  limits.temperatureMin = envelope.temperatureMinC;
  limits.temperatureMax = envelope.temperatureMaxC;
  // Without a clamp force asked for, none is watched but the envelope's.
  const clamp = cell[CLAMP_FORCE_N];
  limits.forceStart = clamp > 0 ? clamp * FORCE_START : -Infinity;
  limits.forceMin = clamp > 0 ? clamp * FORCE_HOLD : -Infinity;
  limits.forceMax =
    clamp > 0 ? Math.min(envelope.forceMaxN, clamp * FORCE_OVER) : envelope.forceMaxN;
  const sound = limits.voltageMin < limits.voltageMax && isCell(cell);
  return sound && isCalibration(cell, capabilities.rangesA);
}
