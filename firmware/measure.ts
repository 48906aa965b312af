// Counts to physical units, and the gain the next frame is taken at.
import type { Circuit, RawFrame } from "../hal/port.ts";
import type { Config } from "./config.ts";
import { CURRENT_GAIN, CURRENT_OFFSET, FORCE_GAIN, FORCE_OFFSET, PER_RANGE } from "./config.ts";
import { TEMPERATURE_OFFSET, VOLTAGE_GAIN, VOLTAGE_OFFSET } from "./config.ts";
import { ON_DUMMY } from "./loop.ts";
import type { Sample } from "./sample.ts";
import { AMPS, AMPS_AT, CELSIUS, CELSIUS_AGE, CODE, LOOP_AMPS, NEWTONS } from "./sample.ts";
import { NEWTONS_AGE, NOISE_VOLTS, RANGE, RELAY, SEQUENCE, SHOWN_VOLTS, STATUS } from "./sample.ts";
import { VOLTS, VOLTS_AT } from "./sample.ts";
import { FLOW, TEMPERATURE_ABSURD, TEMPERATURE_FAILED } from "./sample.ts";

const KELVIN = 273.15;
const ROOM_K = 298.15;
/** What a sensor can have at all, °C; beyond it is broken off or shorted. */
const COLDEST_C = -55;
const HOTTEST_C = 150;
/** Gains are changed above and below these shares of the scale; they are a factor of two apart. */
const GAIN_DOWN = 0.885;
const GAIN_UP = 0.4;

/** Counts to °C, of a thermistor by the beta equation; NaN when none could read so. */
function temperature(circuit: Circuit, counts: number): number {
  if (circuit.degreesPerCount > 0) return counts * circuit.degreesPerCount;
  const across = counts * circuit.ntcVoltsPerCount;
  const ohms = circuit.ntcSeriesOhms * (-circuit.ntcSupplyV / across - 1);
  if (!(across < 0) || !(ohms > 0)) return NaN;
  const inverse = 1 / ROOM_K + Math.log(ohms / circuit.ntcOhms25) / circuit.ntcBetaK;
  return 1 / inverse - KELVIN;
}

/** Fills `sample` from `raw`. The current is that of the loop; through the cell it flows only while
 *  `relay` is 1. */
export function measure(
  raw: RawFrame,
  config: Config,
  circuit: Circuit,
  relay: number,
  sample: Sample,
): void {
  const range = raw.range;
  const voltsPerCount = circuit.voltsPerCount[raw.voltageGain] * config[VOLTAGE_GAIN];
  sample[SEQUENCE] = raw.sequence;
  sample[VOLTS_AT] = raw.timeVoltage / 1000;
  sample[AMPS_AT] = raw.timeCurrent / 1000;
  sample[VOLTS] = raw.voltage * voltsPerCount + config[VOLTAGE_OFFSET];
  sample[SHOWN_VOLTS] = sample[VOLTS];
  sample[NOISE_VOLTS] = voltsPerCount * circuit.noiseCounts;
  sample[LOOP_AMPS] = 0;
  if (range >= 0) {
    const at = range % ON_DUMMY;
    const sense = raw.current * circuit.senseVoltsPerCount[raw.currentGain];
    sample[LOOP_AMPS] =
      (sense / circuit.senseOhms[at]) * config[CURRENT_GAIN + PER_RANGE * at] +
      config[CURRENT_OFFSET + PER_RANGE * at];
  }
  sample[AMPS] = relay === 1 ? sample[LOOP_AMPS] : 0;
  sample[NEWTONS] = raw.force * circuit.newtonsPerCount * config[FORCE_GAIN] + config[FORCE_OFFSET];
  sample[NEWTONS_AGE] = raw.forceAge / 1000;
  sample[CELSIUS] = temperature(circuit, raw.temperature) + config[TEMPERATURE_OFFSET];
  sample[CELSIUS_AGE] = raw.temperatureAge / 1000;
  sample[CODE] = raw.code;
  sample[RANGE] = range;
  sample[RELAY] = relay;
  sample[STATUS] = raw.status;
  sample[FLOW] = 0;
  // Written so that a NaN is not within.
  if (!(sample[CELSIUS] > COLDEST_C && sample[CELSIUS] < HOTTEST_C)) {
    sample[STATUS] |= TEMPERATURE_FAILED | TEMPERATURE_ABSURD;
  }
}

/** The gain for a reading of about the same size. */
export function nextGain(circuit: Circuit, counts: number, gain: number): number {
  const share = (counts < 0 ? -counts : counts) / circuit.countsMax;
  if (share > GAIN_DOWN && gain > 0) return gain - 1;
  if (share < GAIN_UP && gain < circuit.voltsPerCount.length - 1) return gain + 1;
  return gain;
}
