// A compiled protocol as a channel stores it: its hash, and the image of its memory.
import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { crc32 } from "node:zlib";
import type { MemoryAreas } from "../hal/port.ts";
import {
  CONFIG_BYTES,
  VOLTAGE_GAIN,
  createConfig,
  encodeConfig,
  setCell,
} from "../firmware/config.ts";
import type { CellConfig, Config } from "../firmware/config.ts";
import { createWhole, encodeProgram, isPlain, programLength } from "../firmware/encode.ts";
import type { Step, Whole } from "../firmware/protocol.ts";
import type { Cell } from "./cell-file.ts";

/** SHA-256 over the canonical text of compiled steps, and of the whole where it says anything,
 *  hexadecimal. */
export function programHash(steps: readonly Step[], whole: Whole = createWhole()): string {
  const text = JSON.stringify(isPlain(whole) ? steps : [...steps, whole]);
  return createHash("sha256").update(text).digest("hex");
}

/** The first 32 bits of a hash: what the protocol's header and the START event carry. */
export function shortHash(hash: string): number {
  return parseInt(hash.slice(0, 8), 16);
}

/** Bytes of a program that an area layout has room for. */
export function programRoom(areas: MemoryAreas): number {
  return areas.journal - areas.protocol;
}

/** Bytes that a program takes. */
export function programSize(steps: readonly Step[], whole: Whole = createWhole()): number {
  return programLength(steps, whole, crc32);
}

/** A program as it lies in memory: how much room it takes depends on what its steps say. */
export function programBytes(steps: readonly Step[], whole: Whole = createWhole()): Uint8Array {
  return encodeProgram(steps, whole, shortHash(programHash(steps, whole)), crc32);
}

/** Whether a configuration's calibration corrects nothing. */
export function isNominal(config: Config, codeMid: number): boolean {
  return isDeepStrictEqual(
    config.subarray(VOLTAGE_GAIN),
    createConfig(codeMid).subarray(VOLTAGE_GAIN),
  );
}

/** `cell` as a board is told of it. */
export function describe(cell: Cell): CellConfig {
  const [voltageMinV, voltageMaxV] = cell.voltageWindowV;
  return {
    areaCm2: cell.areaCm2,
    thicknessCm: cell.electrolyte.thicknessCm,
    conductivitySPerCm: cell.electrolyte.conductivitySPerCm,
    activationEnergyEv: cell.electrolyte.activationEnergyEv,
    clampForceN: cell.clampForceN,
    temperatureC: cell.temperatureC,
    voltageMinV,
    voltageMaxV,
    thicknessUncertainty: cell.uncertainty.thickness,
    conductivityUncertainty: cell.uncertainty.conductivity,
    areaUncertainty: cell.uncertainty.area,
  };
}

/** A configuration with `cell` and a calibration that corrects nothing. */
export function configOf(cell: Cell, codeMid: number): Config {
  const config = createConfig(codeMid);
  setCell(config, describe(cell));
  return config;
}

/** The memory of a channel that holds `config` and a program and has run nothing yet. */
export function memoryImage(
  areas: MemoryAreas,
  config: Config,
  steps: readonly Step[],
  whole: Whole = createWhole(),
): Uint8Array {
  const image = new Uint8Array(areas.end);
  encodeConfig(config, image.subarray(areas.config, areas.config + CONFIG_BYTES), crc32);
  image.set(programBytes(steps, whole), areas.protocol);
  return image;
}
