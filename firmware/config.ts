// What a channel is told about its cell and its own calibration, as doubles in memory under one
// CRC-32. Numbers only; their order and units are the contract between host and board.
import type { Crc32 } from "./protocol.ts";
import { seal } from "./encode.ts";
import { SEALED } from "./protocol.ts";

/** The cell in the press and the channel's calibration: numbers in the places below. */
export type Config = Float64Array;

// The cell in the press; uncertainties relative (1 sigma).
export const AREA_CM2 = 0;
export const THICKNESS_CM = 1;
export const CONDUCTIVITY_S_PER_CM = 2;
export const ACTIVATION_ENERGY_EV = 3;
export const CLAMP_FORCE_N = 4;
export const TEMPERATURE_C = 5;
export const VOLTAGE_MIN_V = 6;
export const VOLTAGE_MAX_V = 7;
export const THICKNESS_UNCERTAINTY = 8;
export const CONDUCTIVITY_UNCERTAINTY = 9;
export const AREA_UNCERTAINTY = 10;

// Corrections to the circuit as designed.
export const VOLTAGE_GAIN = 11;
/** V at the cell. */
export const VOLTAGE_OFFSET = 12;
export const FORCE_GAIN = 13;
/** N. */
export const FORCE_OFFSET = 14;
/** K. */
export const TEMPERATURE_OFFSET = 15;

// By range: `config[CURRENT_GAIN + PER_RANGE * range]`.
export const CURRENT_GAIN = 16;
/** A. */
export const CURRENT_OFFSET = 17;
export const SET_GAIN = 18;
/** The code of zero current. */
export const ZERO_CODE = 19;
export const PER_RANGE = 4;

const MAGIC = 0x63637963;
const VERSION = 1;
const RANGES = 4;
const VALUES = CURRENT_GAIN + PER_RANGE * RANGES;
/** Magic and version (two u32), the values as f64, CRC-32. */
export const CONFIG_BYTES = 8 + VALUES * 8 + 4;

/** The cell by names, as a host describes it. */
export interface CellConfig {
  areaCm2: number;
  thicknessCm: number;
  conductivitySPerCm: number;
  activationEnergyEv: number;
  clampForceN: number;
  temperatureC: number;
  voltageMinV: number;
  voltageMaxV: number;
  thicknessUncertainty: number;
  conductivityUncertainty: number;
  areaUncertainty: number;
}

/** A configuration with no cell (area 0 marks it as unusable) and a calibration that corrects
 *  nothing: the zero code is `codeMid`. */
export function createConfig(codeMid: number): Config {
  const config = new Float64Array(VALUES);
  config[VOLTAGE_GAIN] = 1;
  config[FORCE_GAIN] = 1;
  for (let at = CURRENT_GAIN; at < VALUES; at += PER_RANGE) {
    config[at] = 1;
    config[at + SET_GAIN - CURRENT_GAIN] = 1;
    config[at + ZERO_CODE - CURRENT_GAIN] = codeMid;
  }
  return config;
}

/** Puts `cell` into `config`. */
export function setCell(config: Config, cell: CellConfig): void {
  config[AREA_CM2] = cell.areaCm2;
  config[THICKNESS_CM] = cell.thicknessCm;
  config[CONDUCTIVITY_S_PER_CM] = cell.conductivitySPerCm;
  config[ACTIVATION_ENERGY_EV] = cell.activationEnergyEv;
  config[CLAMP_FORCE_N] = cell.clampForceN;
  config[TEMPERATURE_C] = cell.temperatureC;
  config[VOLTAGE_MIN_V] = cell.voltageMinV;
  config[VOLTAGE_MAX_V] = cell.voltageMaxV;
  config[THICKNESS_UNCERTAINTY] = cell.thicknessUncertainty;
  config[CONDUCTIVITY_UNCERTAINTY] = cell.conductivityUncertainty;
  config[AREA_UNCERTAINTY] = cell.areaUncertainty;
}

/** The cell in `config`. */
export function getCell(config: Config): CellConfig {
  return {
    areaCm2: config[AREA_CM2],
    thicknessCm: config[THICKNESS_CM],
    conductivitySPerCm: config[CONDUCTIVITY_S_PER_CM],
    activationEnergyEv: config[ACTIVATION_ENERGY_EV],
    clampForceN: config[CLAMP_FORCE_N],
    temperatureC: config[TEMPERATURE_C],
    voltageMinV: config[VOLTAGE_MIN_V],
    voltageMaxV: config[VOLTAGE_MAX_V],
    thicknessUncertainty: config[THICKNESS_UNCERTAINTY],
    conductivityUncertainty: config[CONDUCTIVITY_UNCERTAINTY],
    areaUncertainty: config[AREA_UNCERTAINTY],
  };
}

/** Fills `bytes` (CONFIG_BYTES long). `config` is unchanged. */
export function encodeConfig(config: Config, bytes: Uint8Array, crc32: Crc32): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, VERSION, true);
  for (let i = 0; i < VALUES; i++) view.setFloat64(8 + 8 * i, config[i], true);
  seal(bytes, crc32);
}

/** Fills `config` from `bytes`, which lie where a double may; false = not ours or damaged, and
 *  `config` is untouched. */
export function decodeConfig(bytes: Uint8Array, config: Config, crc32: Crc32): boolean {
  const head = new Uint32Array(bytes.buffer, bytes.byteOffset, 2);
  if (head[0] !== MAGIC || head[1] !== VERSION || crc32(bytes) !== SEALED) return false;
  config.set(new Float64Array(bytes.buffer, bytes.byteOffset + 8, VALUES));
  return true;
}
