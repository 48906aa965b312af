// Slow changes of the analogue parts: references with temperature and by steps, and creep of the
// load cell's bridge.

import { tolerance } from "./random.ts";
import type { Stream } from "./random.ts";

// Temperature coefficients, ppm/K: AD5693R reference (Rev. C, "Specifications", B grade: 5 max),
// ADS1115 gain (SBAS444D 7.5: 5 typical at 2.048 V), REF5025 (SBOS410: 3 max, high grade).
const DAC_PPM_PER_K = 5;
const ADC_PPM_PER_K = 5;
const COM_PPM_PER_K = 3;
const REFERENCE_C = 25;
/** Creep of a load cell of class C3: 0.03 % of the load within 30 min (OIML R 60). */
const CREEP_SHARE = 3e-4;
const CREEP_TIME_MS = 600e3;

/** Coefficients, ppm/K; steps, fraction; and the present change of each, fraction. */
export interface Drift {
  dacPpmPerK: number;
  adcPpmPerK: number;
  comPpmPerK: number;
  dacStep: number;
  adcStep: number;
  comStep: number;
  dac: number;
  adc: number;
  com: number;
  /** Creep at its end as a share of the load, its time constant, ms, and how far it is, N. */
  creepShare: number;
  creepTimeMs: number;
  creepN: number;
  creepSeenMs: number;
}

/** Coefficients drawn within their data sheets' limits times `errors`; no step. */
export function createDrift(stream: Stream, errors: number): Drift {
  return {
    dacPpmPerK: tolerance(stream, DAC_PPM_PER_K * errors),
    adcPpmPerK: tolerance(stream, ADC_PPM_PER_K * errors),
    comPpmPerK: tolerance(stream, COM_PPM_PER_K * errors),
    dacStep: 0,
    adcStep: 0,
    comStep: 0,
    dac: 0,
    adc: 0,
    com: 0,
    creepShare: tolerance(stream, CREEP_SHARE * errors),
    creepTimeMs: CREEP_TIME_MS,
    creepN: 0,
    creepSeenMs: 0,
  };
}

/** Works out the present changes at the electronics' temperature. */
export function refreshDrift(drift: Drift, temperatureC: number): void {
  const kelvin = temperatureC - REFERENCE_C;
  drift.dac = drift.dacStep + drift.dacPpmPerK * kelvin * 1e-6;
  drift.adc = drift.adcStep + drift.adcPpmPerK * kelvin * 1e-6;
  drift.com = drift.comStep + drift.comPpmPerK * kelvin * 1e-6;
}

/** Lets the bridge creep towards the present load; stable at any distance of calls. */
export function creep(drift: Drift, forceN: number, nowMs: number): void {
  const elapsed = nowMs - drift.creepSeenMs;
  drift.creepSeenMs = nowMs;
  const share = elapsed / (elapsed + drift.creepTimeMs);
  drift.creepN += (drift.creepShare * forceN - drift.creepN) * share;
}
