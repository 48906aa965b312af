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
export const SLOW_READ: StatusBits["slowRead"] = 1024;
export const STALLED: StatusBits["stalled"] = 4096;
/** Of the firmware's own: the temperature was read, and is none that a sensor can have. */
export const TEMPERATURE_ABSURD = 8192;

/** One frame in physical units: numbers in the places below. Times in s since boot, ages in s
 *  (negative = never read). */
export type Sample = Float64Array;

export const SEQUENCE = 0;
/** When voltage and current were taken. */
export const VOLTS_AT = 1;
export const AMPS_AT = 2;
export const VOLTS = 3;
/** Through the cell; 0 while the relay is at rest. */
export const AMPS = 4;
/** Through the sense resistor, into cell or dummy. */
export const LOOP_AMPS = 5;
/** One standard deviation of the voltage reading, V. */
export const NOISE_VOLTS = 6;
/** Clamp force. */
export const NEWTONS = 7;
export const NEWTONS_AGE = 8;
export const CELSIUS = 9;
export const CELSIUS_AGE = 10;
/** Read back from the chips. */
export const CODE = 11;
export const RANGE = 12;
/** Relay position while the frame was taken: 1 = cell. */
export const RELAY = 13;
/** When the last set-point or relay change took effect. */
export const APPLIED_AT = 14;
/** Bits, see above. */
export const STATUS = 15;
/** Which stages have judged it, the sum of their `…_DONE`. */
export const FLOW = 16;
export const SUPERVISE_DONE = 1;
export const FOLLOW_DONE = 2;
export const ACCOUNT_DONE = 4;
export const DETECT_DONE = 8;
export const ADVANCE_DONE = 16;
export const REGULATE_DONE = 32;

/** What the voltage input shows, V: cell or dummy. `VOLTS` is the cell's, or as it was. */
export const SHOWN_VOLTS = 17;

/** An empty sample. */
export function createSample(): Sample {
  const sample = new Float64Array(18);
  sample[NEWTONS_AGE] = -1;
  sample[CELSIUS] = 25;
  sample[CELSIUS_AGE] = -1;
  sample[RANGE] = -1;
  return sample;
}
