// What a channel is told about its cell and its own calibration, as doubles in memory under one
// CRC-32. Numbers only; names and units are the contract between host and board.
import type { Crc32 } from "./protocol.ts";
import { seal, sealed } from "./protocol.ts";

/** The cell in the press; lengths cm, S/cm, eV, N, °C, uncertainties relative (1 sigma). */
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

/** Corrections to the circuit as designed; arrays are by range. */
export interface Calibration {
  voltageGain: number;
  /** V at the cell. */
  voltageOffset: number;
  currentGain: Float64Array;
  /** A. */
  currentOffset: Float64Array;
  setGain: Float64Array;
  /** The code of zero current. */
  zeroCode: Float64Array;
  forceGain: number;
  /** N. */
  forceOffset: number;
  /** K. */
  temperatureOffset: number;
}

/** Everything in the configuration area. */
export interface Config {
  cell: CellConfig;
  calibration: Calibration;
}

const MAGIC = 0x63637963;
const VERSION = 1;
const RANGES = 4;
/** Magic and version (two u32), 11 + 5 + 4 x 4 doubles, CRC-32. */
export const CONFIG_BYTES = 8 + 32 * 8 + 4;

/** A calibration that corrects nothing: `zeroCode` at `codeMid`. */
export function createCalibration(codeMid: number): Calibration {
  const calibration = {
    voltageGain: 1,
    voltageOffset: 0,
    currentGain: new Float64Array(RANGES),
    currentOffset: new Float64Array(RANGES),
    setGain: new Float64Array(RANGES),
    zeroCode: new Float64Array(RANGES),
    forceGain: 1,
    forceOffset: 0,
    temperatureOffset: 0,
  };
  for (let i = 0; i < RANGES; i++) {
    calibration.currentGain[i] = 1;
    calibration.setGain[i] = 1;
    calibration.zeroCode[i] = codeMid;
  }
  return calibration;
}

/** A configuration with no cell: area 0 marks it as unusable. */
export function createConfig(codeMid: number): Config {
  return {
    cell: {
      areaCm2: 0,
      thicknessCm: 0,
      conductivitySPerCm: 0,
      activationEnergyEv: 0,
      clampForceN: 0,
      temperatureC: 0,
      voltageMinV: 0,
      voltageMaxV: 0,
      thicknessUncertainty: 0,
      conductivityUncertainty: 0,
      areaUncertainty: 0,
    },
    calibration: createCalibration(codeMid),
  };
}

type Exchange = (value: number) => number;

// One walk over all fields serves both directions, so that order is written down once.
function exchangeCell(cell: CellConfig, exchange: Exchange): void {
  cell.areaCm2 = exchange(cell.areaCm2);
  cell.thicknessCm = exchange(cell.thicknessCm);
  cell.conductivitySPerCm = exchange(cell.conductivitySPerCm);
  cell.activationEnergyEv = exchange(cell.activationEnergyEv);
  cell.clampForceN = exchange(cell.clampForceN);
  cell.temperatureC = exchange(cell.temperatureC);
  cell.voltageMinV = exchange(cell.voltageMinV);
  cell.voltageMaxV = exchange(cell.voltageMaxV);
  cell.thicknessUncertainty = exchange(cell.thicknessUncertainty);
  cell.conductivityUncertainty = exchange(cell.conductivityUncertainty);
  cell.areaUncertainty = exchange(cell.areaUncertainty);
}

function exchangeCalibration(calibration: Calibration, exchange: Exchange): void {
  calibration.voltageGain = exchange(calibration.voltageGain);
  calibration.voltageOffset = exchange(calibration.voltageOffset);
  calibration.forceGain = exchange(calibration.forceGain);
  calibration.forceOffset = exchange(calibration.forceOffset);
  calibration.temperatureOffset = exchange(calibration.temperatureOffset);
  for (let i = 0; i < RANGES; i++) {
    calibration.currentGain[i] = exchange(calibration.currentGain[i]);
    calibration.currentOffset[i] = exchange(calibration.currentOffset[i]);
    calibration.setGain[i] = exchange(calibration.setGain[i]);
    calibration.zeroCode[i] = exchange(calibration.zeroCode[i]);
  }
}

/** Fills `bytes` (CONFIG_BYTES long). `config` is unchanged. */
export function encodeConfig(config: Config, bytes: Uint8Array, crc32: Crc32): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, VERSION, true);
  let at = 8;
  const put = (value: number): number => {
    view.setFloat64(at, value, true);
    at += 8;
    return value;
  };
  exchangeCell(config.cell, put);
  exchangeCalibration(config.calibration, put);
  seal(bytes, crc32);
}

/** Fills `config`; false = not ours or damaged, and `config` is untouched. */
export function decodeConfig(bytes: Uint8Array, config: Config, crc32: Crc32): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC || view.getUint32(4, true) !== VERSION) return false;
  if (!sealed(bytes, crc32)) return false;
  let at = 8;
  const get = (): number => {
    at += 8;
    return view.getFloat64(at - 8, true);
  };
  exchangeCell(config.cell, get);
  exchangeCalibration(config.calibration, get);
  return true;
}
