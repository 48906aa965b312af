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
    voltageMin: 0,
    voltageMax: 0,
    temperatureMin: 0,
    temperatureMax: 0,
    forceStart: 0,
    forceMin: 0,
    forceMax: 0,
  };
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
  const solid = cell.areaCm2 > 0 && cell.thicknessCm > 0 && cell.conductivitySPerCm > 0;
  const certain = cell.thicknessUncertainty >= 0 && cell.conductivityUncertainty >= 0;
  // Written so that a NaN fails.
  const window = limits.voltageMin < limits.voltageMax && cell.clampForceN >= 0;
  return solid && certain && window && cell.areaUncertainty >= 0;
}
