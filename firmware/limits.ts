// Bounds: the envelope compiled into the board's bundle, narrowed by what the memory says of the
// cell. Nothing widens them.
import type { Capabilities } from "../hal/port.ts";
import type { Config } from "./config.ts";
import { AREA_CM2, CLAMP_FORCE_N, VOLTAGE_MAX_V, VOLTAGE_MIN_V } from "./config.ts";

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
}

/** A settled press loses 4-5 %; less than this share of the clamp force is another experiment. */
const FORCE_START = 0.9;
const FORCE_HOLD = 0.75;
const FORCE_OVER = 1.2;
/** The hardware's own bounds are left by more than measurement error. */
const MARGIN = 1.05;
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
  };
}

/** Whether this can be a cell at all, where a mistake of orders of magnitude is caught, no more;
 *  and a calibration, which takes out the tolerances of parts: more would move the limits
 *  themselves, since they are held against calibrated readings. */
function sensible(cell: Config, rangesA: readonly number[]): boolean {
  // In the order of the configuration: cm², cm, S/cm, eV, N, °C, V, V, uncertainties; then gain and
  // offset of voltage (V) and force (N), K.
  const least = [1e-4, 1e-4, 1e-9, 0, 0, -200, -Infinity, -Infinity, 0, 0, 0];
  const most = [1e4, 100, 100, 5, 1e6, 1000, Infinity, Infinity, 1, 1, 1];
  least.push(0.9, -0.1, 0.9, -1000, -5);
  most.push(1.1, 0.1, 1.1, 1000, 5);
  for (let range = 0; range < rangesA.length; range++) {
    const offset = OFFSET_SHARE * rangesA[range];
    least.push(0.9, -offset, 0.9, 0);
    most.push(1.1, offset, 1.1, 65535);
  }
  for (let place = AREA_CM2; place < least.length; place++) {
    const value = cell[place];
    // Written so that a NaN is not within.
    if (!(value >= least[place] && value <= most[place])) return false;
  }
  return true;
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
  return limits.voltageMin < limits.voltageMax && sensible(cell, capabilities.rangesA);
}
