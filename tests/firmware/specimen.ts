// What the tests of the core share: a cell, a board's figures, samples and frames of them.
import { CIRCUIT as DESIGNED, COMPLIANCE_V, RANGES_A } from "../../boards/default-channel.ts";
import type { CellConfig, Config } from "../../firmware/config.ts";
import { PER_RANGE, ZERO_CODE, createConfig, setCell } from "../../firmware/config.ts";
import type { Features } from "../../firmware/features.ts";
import type { Envelope, Limits } from "../../firmware/limits.ts";
import { createLimits, narrow } from "../../firmware/limits.ts";
import type { Loop } from "../../firmware/loop.ts";
import { LIVE, createLoop } from "../../firmware/loop.ts";
import type { Step } from "../../firmware/protocol.ts";
import { STEP_CCD, STEP_CURRENT, STEP_REST, createStep } from "../../firmware/protocol.ts";
import type { Sample } from "../../firmware/sample.ts";
import type { Capabilities, Circuit, RawFrame } from "../../hal/port.ts";

export const CODE_MID = 32768;

/** The default channel's circuit without a look at its dummy; a reading's noise is one count. */
export const CIRCUIT: Circuit = { ...DESIGNED, noiseCounts: 1, degreesPerCount: 0, dummyOhms: 0 };

export const CAPABILITIES: Capabilities = {
  name: "test",
  framePeriodMinMs: 50,
  burstPeriodUs: 1250,
  framePeriodMs: 200,
  rangesA: RANGES_A,
  complianceV: COMPLIANCE_V,
};

/** A board that carries the core only. */
export const NO_FEATURES: Features = { rules: null, prover: null, witness: null };

export const ENVELOPE: Envelope = {
  currentMaxA: 0.0125,
  voltageMaxV: 5.2,
  temperatureMinC: 0,
  temperatureMaxC: 60,
  forceMaxN: 9000,
};

/** The pellet of the reference study: 39.5 Ω cm² at 25 °C. */
export function describedCell(changes: Partial<CellConfig> = {}): CellConfig {
  return {
    areaCm2: 0.95,
    thicknessCm: 0.162,
    conductivitySPerCm: 0.0041,
    activationEnergyEv: 0.29,
    clampForceN: 5884,
    temperatureC: 25,
    voltageMinV: -4,
    voltageMaxV: 4,
    thicknessUncertainty: 0.05,
    conductivityUncertainty: 0.1,
    areaUncertainty: 0.03,
    ...changes,
  };
}

/** A configuration without a cell, changed in these places; zero codes by range. */
export function calibrationOf(changes: Record<number, number> = {}, zeroCodes?: number[]): Config {
  const config = createConfig(CODE_MID);
  zeroCodes?.forEach((code, range) => (config[ZERO_CODE + PER_RANGE * range] = code));
  return Object.assign(config, changes);
}

/** A configuration with that cell, and a calibration that corrects nothing. */
export function cellOf(changes: Partial<CellConfig> = {}): Config {
  const config = createConfig(CODE_MID);
  setCell(config, describedCell(changes));
  return config;
}

export function limitsOf(cell = cellOf()): Limits {
  const limits = createLimits();
  if (!narrow(limits, ENVELOPE, cell, CAPABILITIES)) throw new Error("no such cell");
  return limits;
}

/** A sample by names; V, A, N, °C, s. */
export interface Readings {
  sequence: number;
  timeVoltage: number;
  timeCurrent: number;
  voltage: number;
  current: number;
  loopCurrent: number;
  voltageNoise: number;
  force: number;
  forceAge: number;
  temperature: number;
  temperatureAge: number;
  code: number;
  range: number;
  relay: number;
  appliedAt: number;
  status: number;
  flow: number;
  /** Of cell or dummy; that of the cell unless said. */
  shown: number;
}

/** A sound sample, live on the 1 mA range, unless changed. */
export function sampleOf(changes: Partial<Readings> = {}): Sample {
  return Float64Array.from(
    Object.values({
      ...{ sequence: 1, timeVoltage: 10, timeCurrent: 10, voltage: 0.05, current: 0 },
      ...{ loopCurrent: 0, voltageNoise: 2e-5, force: 5884, forceAge: 0.1, temperature: 25 },
      ...{
        temperatureAge: 0.1,
        code: CODE_MID,
        range: 2,
        relay: 0,
        appliedAt: 0,
        status: 0,
        flow: 0,
        shown: changes.voltage ?? 0.05,
      },
      ...changes,
    }),
  );
}

/** What a sample says. */
export function readingsOf(sample: Sample): Readings {
  const [sequence, timeVoltage, timeCurrent, voltage, current, loopCurrent] = sample;
  const [voltageNoise, force, forceAge, temperature, temperatureAge] = sample.subarray(6);
  const [code, range, relay, appliedAt, status, flow, shown] = sample.subarray(11);
  return {
    ...{ sequence, timeVoltage, timeCurrent, voltage, current, loopCurrent, voltageNoise },
    ...{
      force,
      forceAge,
      temperature,
      temperatureAge,
      code,
      range,
      relay,
      appliedAt,
      status,
      flow,
      shown,
    },
  };
}

/** A loop that has been live at `setpoint` for long. */
export function liveLoop(setpoint: number, changes: Partial<Loop> = {}): Loop {
  return { ...createLoop(CODE_MID), rung: LIVE, setpoint, range: 2, frames: 100, ...changes };
}

/** A frame of zeros, all slots sound. */
export function rawOf(changes: Partial<RawFrame> = {}): RawFrame {
  return {
    sequence: 1,
    timeVoltage: 1000,
    timeCurrent: 1000,
    voltage: 0,
    current: 0,
    voltageGain: 0,
    currentGain: 0,
    force: 5884 / CIRCUIT.newtonsPerCount,
    forceAge: 100,
    temperature: temperatureCounts(25),
    temperatureAge: 100,
    code: CODE_MID,
    range: 0,
    status: 0,
    ...changes,
  };
}

/** Counts of the thermistor's divider at a temperature, by the beta equation R = R25
 *  exp(B (1/T - 1/T25)): the thermistor lies between the input and 0 V, read against the supply. */
export function temperatureCounts(celsius: number): number {
  const { ntcBetaK, ntcOhms25, ntcSeriesOhms, ntcSupplyV, ntcVoltsPerCount } = CIRCUIT;
  const ohms = ntcOhms25 * Math.exp(ntcBetaK * (1 / (celsius + 273.15) - 1 / 298.15));
  const input = (ntcSupplyV * ohms) / (ohms + ntcSeriesOhms);
  return (input - ntcSupplyV) / ntcVoltsPerCount;
}

export function restStep(duration: number, changes: Partial<Step> = {}): Step {
  return { ...createStep(), kind: STEP_REST, duration, budget: duration + 60, ...changes };
}

export function currentStep(current: number, changes: Partial<Step> = {}): Step {
  return { ...createStep(), kind: STEP_CURRENT, current, budget: 1e5, ...changes };
}

export function ccdStep(changes: Partial<Step> = {}): Step {
  return {
    ...createStep(),
    kind: STEP_CCD,
    count: 1,
    current: 1e-4,
    increment: 1e-4,
    currentMax: 3e-4,
    charge: 1e-3,
    voltageMin: -2,
    voltageMax: 2,
    budget: 1e5,
    ...changes,
  };
}
