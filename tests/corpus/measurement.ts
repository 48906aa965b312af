// The acquisition in front of the detectors: converter with ranges, mains, errors of gain and
// offset, drift; current, temperature and force sensors. Figures are those of the two channels.
import { CIRCUIT } from "../../boards/default-channel.ts";
import { PRECISION_CIRCUIT } from "../../boards/precision-channel.ts";
import type { RecordedFrame } from "../../boards/replay.ts";
import { nextGain } from "../../firmware/measure.ts";
import type { Circuit } from "../../hal/port.ts";
import { createStream, gaussian, tolerance, uniform } from "../../sim/random.ts";
import type { Stream } from "../../sim/random.ts";
import type { Adc, Moment, TraceSpec } from "./scenario.ts";

const MAINS_HZ = 50;
/** Relative deviation of the mains' frequency, and the second harmonic, which survives the mean of
 *  two conversions half a period apart. */
const MAINS_SPREAD = 2e-3;
const SECOND_HARMONIC = 0.03;
const HALF_PERIOD_S = 1 / (2 * MAINS_HZ);
/** After calibration: error of gain, of offset in counts of the most sensitive range, K, N. */
const GAIN_ERROR = 1e-3;
const OFFSET_COUNTS = 1.5;
const TEMPERATURE_ERROR_K = 0.3;
/** Drift of the offset: random walk, V per square root of an hour, in counts. */
const WALK_COUNTS = 0.3;
const TEMPERATURE_NOISE_K = 0.02;
const CURRENT_ERROR = 5e-4;
const CURRENT_NOISE = 1e-4;
const FORCE_NOISE_MIN_N = 0.5;
const FORCE_NOISE_SPAN_N = 1.5;
const FORCE_DRIFT_N_PER_K = 1.5;
const ROOM_C = 25;
const HOUR_S = 3600;

const CIRCUITS: Readonly<Record<Adc, Circuit>> = { "16": CIRCUIT, "24": PRECISION_CIRCUIT };

/** State of the acquisition. */
export interface Meter {
  circuit: Circuit;
  stream: Stream;
  gain: number;
  gainError: number;
  offsetV: number;
  currentError: number;
  humV: number;
  mainsHz: number;
  lagS: number;
  sensedC: number;
  temperatureError: number;
  forceNoiseN: number;
  forceDrift: number;
}

/** Finest count of a converter, V at the cell. */
export function finestV(adc: Adc): number {
  const { voltsPerCount } = CIRCUITS[adc];
  return voltsPerCount[voltsPerCount.length - 1];
}

/** The most sensitive gain for a reading of about `voltageV`. */
function gainFor(circuit: Circuit, voltageV: number): number {
  let gain = circuit.voltsPerCount.length - 1;
  while (gain > 0 && Math.abs(voltageV) > 0.885 * circuit.countsMax * circuit.voltsPerCount[gain]) {
    gain--;
  }
  return gain;
}

/** What the firmware takes for the noise of a reading of about `voltageV`, V. */
export function statedNoiseV(adc: Adc, voltageV: number): number {
  const circuit = CIRCUITS[adc];
  return circuit.voltsPerCount[gainFor(circuit, voltageV)] * circuit.noiseCounts;
}

/** A meter with errors of its own, in front of a cell of `voltageV`. */
export function createMeter(spec: TraceSpec, voltageV: number): Meter {
  const stream = createStream(spec.seed, `meter, ${spec.name}`);
  const circuit = CIRCUITS[spec.adc];
  return {
    circuit,
    stream,
    gain: gainFor(circuit, voltageV),
    gainError: tolerance(stream, GAIN_ERROR),
    offsetV: tolerance(stream, OFFSET_COUNTS * finestV(spec.adc) * circuit.noiseCounts),
    currentError: tolerance(stream, CURRENT_ERROR),
    humV: spec.humV,
    mainsHz: MAINS_HZ * (1 + tolerance(stream, MAINS_SPREAD)),
    lagS: spec.sensorLagS,
    sensedC: spec.input.temperatureC,
    temperatureError: tolerance(stream, TEMPERATURE_ERROR_K),
    forceNoiseN: FORCE_NOISE_MIN_N + FORCE_NOISE_SPAN_N * uniform(stream),
    forceDrift: tolerance(stream, FORCE_DRIFT_N_PER_K),
  };
}

function hum(meter: Meter, timeS: number): number {
  if (meter.humV === 0) return 0;
  const angle = 2 * Math.PI * meter.mainsHz * timeS;
  return meter.humV * (Math.sin(angle) + SECOND_HARMONIC * Math.sin(2 * angle));
}

function convert(meter: Meter, volts: number): number {
  const { circuit, stream } = meter;
  const perCount = circuit.voltsPerCount[meter.gain];
  const counts = volts / perCount + circuit.noiseCounts * gaussian(stream);
  const limit = circuit.countsMax;
  return Math.round(Math.min(Math.max(counts, -limit), limit));
}

/** Mean of two conversions half a mains period apart, V; the next frame's gain follows it. */
function readVoltage(meter: Meter, moment: Moment, terminalV: number): number {
  const { circuit } = meter;
  const perCount = circuit.voltsPerCount[meter.gain];
  if (moment.stuckV === moment.stuckV) {
    const full = perCount * circuit.countsMax;
    return Math.min(Math.max(moment.stuckV, -full), full);
  }
  const offset = meter.offsetV + moment.signalV;
  const volts = terminalV * (1 + moment.signalShare + meter.gainError) + offset;
  const first = convert(meter, volts + hum(meter, moment.timeS));
  const second = convert(meter, volts + hum(meter, moment.timeS + HALF_PERIOD_S));
  const counts = (first + second) / 2;
  meter.gain = nextGain(circuit, counts, meter.gain);
  return counts * perCount;
}

function drift(meter: Meter, dtS: number): void {
  const { circuit } = meter;
  const finest = circuit.voltsPerCount[circuit.voltsPerCount.length - 1] * circuit.noiseCounts;
  meter.offsetV += WALK_COUNTS * finest * Math.sqrt(dtS / HOUR_S) * gaussian(meter.stream);
}

/** Reads everything: `terminalV` and `currentA` are the truth at the terminals. */
export function read(
  meter: Meter,
  moment: Moment,
  terminalV: number,
  currentA: number,
  frame: RecordedFrame,
): void {
  const { stream } = meter;
  drift(meter, moment.dtS);
  meter.sensedC += (moment.temperatureC - meter.sensedC) * -Math.expm1(-moment.dtS / meter.lagS);
  frame.timeS = moment.timeS;
  frame.voltageV = readVoltage(meter, moment, terminalV);
  const noiseA = CURRENT_NOISE * Math.abs(moment.setpointA) * gaussian(stream);
  frame.currentA = currentA * (1 + meter.currentError) + noiseA;
  frame.setpointA = moment.setpointA;
  const noiseK = TEMPERATURE_NOISE_K * gaussian(stream);
  frame.temperatureC = meter.sensedC + meter.temperatureError + noiseK;
  const thermalN = meter.forceDrift * (moment.temperatureC - ROOM_C);
  const forceN = moment.cell.forceN + moment.forceN + thermalN;
  frame.forceN = forceN + meter.forceNoiseN * gaussian(stream);
}
