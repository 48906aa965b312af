// What the log's counts stand for, as the run began: told once, in doubles, so that the host makes
// of them the very volts and amperes that the board reckons with (firmware/measure.ts).
import type { Circuit } from "../hal/port.ts";
import type { Config } from "./config.ts";
import { CURRENT_GAIN, CURRENT_OFFSET, PER_RANGE, VOLTAGE_GAIN, VOLTAGE_OFFSET } from "./config.ts";

/** Offset of the voltage, V; then V a count, by gain. */
export function voltScales(circuit: Circuit, config: Config): Float64Array {
  const gains = circuit.voltsPerCount.length;
  const scales = new Float64Array(1 + gains);
  scales[0] = config[VOLTAGE_OFFSET];
  for (let i = 0; i < gains; i++) scales[1 + i] = circuit.voltsPerCount[i] * config[VOLTAGE_GAIN];
  return scales;
}

/** How many ranges; by range the sense resistor in Ω, the gain, and the offset in A; then V across
 *  the resistor a count, by gain. */
export function ampereScales(circuit: Circuit, config: Config): Float64Array {
  const ranges = circuit.senseOhms.length;
  const gains = circuit.senseVoltsPerCount.length;
  const scales = new Float64Array(1 + 3 * ranges + gains);
  scales[0] = ranges;
  for (let i = 0; i < ranges; i++) {
    scales[1 + i] = circuit.senseOhms[i];
    scales[1 + ranges + i] = config[CURRENT_GAIN + PER_RANGE * i];
    scales[1 + 2 * ranges + i] = config[CURRENT_OFFSET + PER_RANGE * i];
  }
  for (let i = 0; i < gains; i++) scales[1 + 3 * ranges + i] = circuit.senseVoltsPerCount[i];
  return scales;
}

/** Counts of the voltage `volts` at a gain. */
export function voltCounts(circuit: Circuit, config: Config, volts: number, gain: number): number {
  const scale = circuit.voltsPerCount[gain] * config[VOLTAGE_GAIN];
  return Math.floor((volts - config[VOLTAGE_OFFSET]) / scale + 0.5);
}

/** Counts of the current `amperes` in a range (also that of the dummy) at a gain. */
export function ampereCounts(
  circuit: Circuit,
  config: Config,
  amperes: number,
  range: number,
  gain: number,
): number {
  const at = range % circuit.senseOhms.length;
  const own =
    (amperes - config[CURRENT_OFFSET + PER_RANGE * at]) / config[CURRENT_GAIN + PER_RANGE * at];
  return Math.floor((own * circuit.senseOhms[at]) / circuit.senseVoltsPerCount[gain] + 0.5);
}
