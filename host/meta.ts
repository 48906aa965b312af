// NAME.meta.json: what has to be known to read the data, and to run the same again.
import { NOMINAL_CODE_MID } from "../boards/simulated.ts";
import type { Config } from "../firmware/config.ts";
import { CURRENT_GAIN, CURRENT_OFFSET, FORCE_GAIN, FORCE_OFFSET } from "../firmware/config.ts";
import { PER_RANGE, SET_GAIN, TEMPERATURE_OFFSET, VOLTAGE_GAIN } from "../firmware/config.ts";
import { VOLTAGE_OFFSET, ZERO_CODE } from "../firmware/config.ts";
import type { Step } from "../firmware/protocol.ts";
import { STEP_IMPEDANCE, STEP_JUMP, STEP_SCAN, STEP_VOLTAGE } from "../firmware/protocol.ts";
import { STEP_CCD, STEP_CURRENT, STEP_END, STEP_LOOP, STEP_REST } from "../firmware/protocol.ts";
import { BDF_VERSION } from "./formats/bdf-row.ts";
import type { Plan } from "./plan.ts";
import { isNominal } from "./program.ts";
import type { SimulatedCell } from "./target.ts";
import { bundleHash, version } from "./version.ts";

/** Unix time of test time 0 of every simulated run, ms: 2000-01-01T00:00:00Z. Host time would
 *  make equal runs differ. */
export const SIMULATED_EPOCH_MS = 946_684_800_000;

/** A run: the plan, and what is behind the channel. */
export interface Run {
  plan: Plan;
  target: string;
  /** The cell the simulator plays, and what chance is drawn from; null = a real board. */
  simulated: SimulatedCell | null;
  seed: number | null;
  /** Unix time of a real run's test time 0, ms. */
  begunMs?: number;
  config: Config;
  /** What to type for the same run. */
  command: string;
}

const KINDS: Readonly<Record<number, string>> = {
  [STEP_END]: "end",
  [STEP_REST]: "rest",
  [STEP_CURRENT]: "current",
  [STEP_LOOP]: "loop",
  [STEP_CCD]: "ccd",
  [STEP_VOLTAGE]: "voltage",
  [STEP_SCAN]: "scan",
  [STEP_IMPEDANCE]: "impedance",
  [STEP_JUMP]: "jump",
};

/** Standard uncertainties of a board nobody has calibrated, bounds taken as uniform distributions.
 *  Gains: ADS1115 data sheet (SBAS444D, Electrical Characteristics: gain error) 0.15 %, sense
 *  resistors 0.05 %. Voltage offset: ibid., 3 counts at ±2.048 V, 0.47 mV at the cell. Force: a
 *  load cell's rated output within 2 %. Temperature: a 1 % thermistor at 25 °C, 0.25 K. */
const NOMINAL_UNCERTAINTY = {
  voltageGain: 0.0009,
  voltageOffsetV: 0.0003,
  currentGain: 0.0009,
  forceGain: 0.012,
  temperatureK: 0.15,
};

/** Unix time of a run's test time 0, ms. */
export function epochMs(run: Run): number {
  return run.begunMs ?? SIMULATED_EPOCH_MS;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function stepEntry(step: Step): object {
  return {
    ...step,
    kind: KINDS[step.kind] ?? step.kind,
    voltageMin: finite(step.voltageMin),
    voltageMax: finite(step.voltageMax),
  };
}

function calibrationEntry(config: Config, ranges: number): object {
  const list = (place: number): number[] =>
    Array.from({ length: ranges }, (_, range) => config[place + PER_RANGE * range]);
  const nominal = isNominal(config, NOMINAL_CODE_MID);
  return {
    source: nominal ? "nominal" : "board",
    voltageGain: config[VOLTAGE_GAIN],
    voltageOffset: config[VOLTAGE_OFFSET],
    currentGain: list(CURRENT_GAIN),
    currentOffset: list(CURRENT_OFFSET),
    setGain: list(SET_GAIN),
    zeroCode: list(ZERO_CODE),
    forceGain: config[FORCE_GAIN],
    forceOffset: config[FORCE_OFFSET],
    temperatureOffset: config[TEMPERATURE_OFFSET],
    // What a calibration leaves uncertain, the board does not say.
    standardUncertainty: nominal ? NOMINAL_UNCERTAINTY : null,
  };
}

/** The text of a run's meta file: the same for the same seed, program and bundle. */
export function metaText(run: Run): string {
  const { plan, simulated, config } = run;
  const meta = {
    cyclet: version(),
    bundleSha256: bundleHash(),
    bdf: BDF_VERSION,
    command: run.command,
    target: run.target,
    seed: run.seed,
    epoch: new Date(epochMs(run)).toISOString(),
    cell: { ...plan.cell, sim: undefined },
    simulatedCell: simulated,
    protocol: { ...plan.protocol, sha256: plan.hash },
    steps: plan.steps.map(stepEntry),
    // What holds in all of them.
    whole: plan.whole,
    calibration: calibrationEntry(config, plan.board.rangesA.length),
    board: plan.board,
  };
  return JSON.stringify(meta, null, 2) + "\n";
}
