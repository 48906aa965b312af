// Standard uncertainties (1 sigma) of the uncalibrated default channel, and how they carry over to
// a result. Bounds of data sheets count as uniform distributions (GUM, JCGM 100:2008, 4.3.7).

import type { Measured } from "./row.ts";

const UNIFORM = Math.sqrt(3);
/** ADS1115 data sheet (SBAS444D, Electrical Characteristics): gain error 0.15 %; dividers and
 *  sense resistors 0.05 % each. */
const ADC_GAIN = 0.0015 / UNIFORM;
const RESISTOR = 0.0005 / UNIFORM;
/** Voltage readings, and currents: two resistors, one sense resistor. */
export const VOLTAGE_GAIN = Math.hypot(ADC_GAIN, RESISTOR, RESISTOR);
/** Current: sense resistor and converter; the trim follows the measured current, so that these
 *  are the errors of the true one, too; offset of 3 counts at 1 V across the sense resistor. */
export const CURRENT_GAIN = Math.hypot(ADC_GAIN, RESISTOR, (3 * 62.5e-6) / UNIFORM);
/** Counts at the cell, V: below 0.64 V, and up to 5.12 V. One count of noise each. */
const COUNT_FINE_V = 19.5e-6;
const COUNT_WIDE_V = 156e-6;
const FINE_MAX_V = 0.6;
/** Offset in the widest range, where no rest at 0 V tells it, V. */
const OFFSET_WIDE_V = (3 * COUNT_WIDE_V) / UNIFORM;
/** A frame is somewhere within its second; a 20 ppm crystal. */
export const FRAME_S = 1 / UNIFORM;
export const CRYSTAL = 20e-6 / UNIFORM;

/** Uncertainty of one voltage reading, V, offset removed at rest below 0.6 V. */
export function voltageUncertainty(volts: number): number {
  if (Math.abs(volts) > FINE_MAX_V) return Math.hypot(VOLTAGE_GAIN * volts, OFFSET_WIDE_V);
  return Math.hypot(VOLTAGE_GAIN * volts, COUNT_FINE_V, COUNT_FINE_V / 2);
}

/** Uncertainty of a time, s. */
export function timeUncertainty(seconds: number): number {
  return Math.hypot(FRAME_S, CRYSTAL * seconds);
}

/** Relative uncertainty of the current density: area (as the cell file states it) and current. */
export function densityUncertainty(areaShare: number): number {
  return Math.hypot(areaShare, CURRENT_GAIN);
}

/** What a wrong current density does to `quantity(scale)`, found on the model: half the distance
 *  of its values one standard uncertainty up and down (GUM, 5.1.3 note 2). */
export function carried(quantity: (scale: number) => number, share: number): number {
  return Math.abs(quantity(1 + share) - quantity(1 - share)) / 2;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/** Standard uncertainty of a median of normal deviates: 1.2533 s / sqrt(n). */
export function medianUncertainty(values: readonly number[]): number {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, n - 1);
  return 1.2533 * Math.sqrt(variance / n);
}

/** A voltage reading in mV; `sensitivityV` is what the error of the current does to it, V. */
export function millivolts(volts: number, sensitivityV: number): Measured {
  const uncertainty = Math.hypot(voltageUncertainty(volts), sensitivityV) * 1000;
  return { value: volts * 1000, uncertainty };
}
