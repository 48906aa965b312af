// The frame in physical units, and what its status bits mean.
import type { StatusBits } from "../hal/port.ts";

export const VOLTAGE_FAILED: StatusBits["voltageFailed"] = 1;
export const CURRENT_FAILED: StatusBits["currentFailed"] = 2;
export const CODE_FAILED: StatusBits["codeFailed"] = 4;
export const RANGE_FAILED: StatusBits["rangeFailed"] = 8;
export const FORCE_FAILED: StatusBits["forceFailed"] = 16;
export const TEMPERATURE_FAILED: StatusBits["temperatureFailed"] = 32;
export const VOLTAGE_REREAD: StatusBits["voltageReread"] = 64;
export const CURRENT_REREAD: StatusBits["currentReread"] = 128;
export const VOLTAGE_CLIPPED: StatusBits["voltageClipped"] = 256;
export const CURRENT_CLIPPED: StatusBits["currentClipped"] = 512;

/** One frame: V, A, N, °C; times in s since boot, ages in s (negative = never read). */
export interface Sample {
  sequence: number;
  timeVoltage: number;
  timeCurrent: number;
  voltage: number;
  /** Through the cell; 0 while the relay is at rest. */
  current: number;
  /** Through the sense resistor, into cell or dummy. */
  loopCurrent: number;
  /** One standard deviation of the voltage reading, V. */
  voltageNoise: number;
  force: number;
  forceAge: number;
  temperature: number;
  temperatureAge: number;
  code: number;
  range: number;
  /** Relay position while the frame was taken: 1 = cell. */
  relay: number;
  /** When the last set-point or relay change took effect, s since boot. */
  appliedAt: number;
  status: number;
}

/** An empty sample, all zero. */
export function createSample(): Sample {
  return {
    sequence: 0,
    timeVoltage: 0,
    timeCurrent: 0,
    voltage: 0,
    current: 0,
    loopCurrent: 0,
    voltageNoise: 0,
    force: 0,
    forceAge: -1,
    temperature: 25,
    temperatureAge: -1,
    code: 0,
    range: -1,
    relay: 0,
    appliedAt: 0,
    status: 0,
  };
}
