// Bounds: the envelope compiled into the board's bundle, narrowed by what the memory says of the
// cell. Nothing widens them.
import type { Capabilities } from "../hal/port.ts";
import type { CellConfig } from "./config.ts";

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

// Written so that a NaN is not within.
function within(x: number, low: number, high: number): boolean {
  return x >= low && x <= high;
}

/** Whether this can be a cell at all; a mistake of orders of magnitude is caught, no more. */
function sensible(cell: CellConfig): boolean {
  const body = within(cell.areaCm2, 1e-4, 1e4) && within(cell.thicknessCm, 1e-4, 100);
  const ions = within(cell.conductivitySPerCm, 1e-9, 100) && within(cell.activationEnergyEv, 0, 5);
  const state = within(cell.temperatureC, -200, 1000) && within(cell.clampForceN, 0, 1e6);
  const known = within(cell.thicknessUncertainty, 0, 1) && within(cell.areaUncertainty, 0, 1);
  return body && ions && state && known && within(cell.conductivityUncertainty, 0, 1);
}

/** Fills `limits`; false = the cell's description makes no sense, and nothing may run. */
export function narrow(
  limits: Limits,
  envelope: Envelope,
  cell: CellConfig,
  capabilities: Capabilities,
): boolean {
  limits.voltageHard = Math.min(envelope.voltageMaxV, capabilities.complianceV) * MARGIN;
  limits.currentHard = envelope.currentMaxA * MARGIN;
  limits.currentMax = envelope.currentMaxA;
  limits.voltageMin = Math.max(cell.voltageMinV, -envelope.voltageMaxV);
  limits.voltageMax = Math.min(cell.voltageMaxV, envelope.voltageMaxV);
  limits.temperatureMin = envelope.temperatureMinC;
  limits.temperatureMax = envelope.temperatureMaxC;
  // Without a clamp force asked for, none is watched but the envelope's.
  const clamp = cell.clampForceN;
  limits.forceStart = clamp > 0 ? clamp * FORCE_START : -Infinity;
  limits.forceMin = clamp > 0 ? clamp * FORCE_HOLD : -Infinity;
  limits.forceMax =
    clamp > 0 ? Math.min(envelope.forceMaxN, clamp * FORCE_OVER) : envelope.forceMaxN;
  return limits.voltageMin < limits.voltageMax && sensible(cell);
}
