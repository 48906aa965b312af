// MCP4725, 12-bit voltage DAC with EEPROM (Microchip DS22039D). The supply is its reference.
// At power-on it drives what its EEPROM holds; the output settles microseconds after a write.

import { tolerance, uniform } from "../random.ts";
import type { Stream } from "../random.ts";

/** Slave address, A2..A1 = 00 ordered from the factory, A0 low (DS22039D, 7.2). */
export const MCP4725_ADDRESS = 0x60;

/** Output settling time, ms (1.0, Electrical Characteristics: 6 us typical). */
export const MCP4725_SETTLING_MS = 0.006;

/** Factory content of the EEPROM: mid-scale, powered (4.7 and Table 5-3). */
export const MCP4725_FACTORY_CODE = 0x800;

const CODES = 4096;

// Write commands, C2..C0 of the second byte (6.1.1 .. 6.1.3); fast mode has C2, C1 only.
const WRITE_DAC = 2;
const WRITE_DAC_AND_EEPROM = 3;

// Status byte of a read (6.2).
const READY = 0x80;
const POWERED = 0x40;
const READ_BYTES = 5;

/** EEPROM write time, ms (1.0: 25 typical, 50 maximum). */
const EEPROM_TYPICAL_MS = 25;
const EEPROM_MAX_MS = 50;

// Limits of the errors (1.0): offset at code 0 and gain in parts of full scale, INL in LSB.
const OFFSET_MAX = 7.5e-3;
const GAIN_MAX = 0.02;
const INL_MAX_LSB = 14.5;
/** Typical drift of the gain, 1/K (1.0: -3 ppm/K). */
const GAIN_PER_K = -3e-6;

/** Registers, EEPROM and drawn errors of one chip. */
export interface Mcp4725 {
  code: number;
  /** 0 = normal; 1, 2, 3 = output off, 1, 100 or 500 kohm to ground (5.3). */
  powerDown: number;
  eepromCode: number;
  eepromPowerDown: number;
  /** EEPROM writes so far (rated 1 million) and the end of the one under way, ms. */
  eepromWrites: number;
  eepromReadyMs: number;
  eepromMs: number;
  offset: number;
  gainError: number;
  bowLsb: number;
  waveLsb: number;
  gainPerK: number;
}

/** A chip after power-on whose EEPROM holds `eepromCode`. */
export function createMcp4725(stream: Stream, errors: number, eepromCode: number): Mcp4725 {
  return {
    code: eepromCode,
    powerDown: 0,
    eepromCode,
    eepromPowerDown: 0,
    eepromWrites: 0,
    eepromReadyMs: 0,
    eepromMs:
      EEPROM_TYPICAL_MS +
      (EEPROM_MAX_MS - EEPROM_TYPICAL_MS) * Math.min(errors, 1) * uniform(stream),
    offset: Math.abs(tolerance(stream, OFFSET_MAX * errors)),
    gainError: tolerance(stream, GAIN_MAX * errors),
    bowLsb: tolerance(stream, (INL_MAX_LSB / 2) * errors),
    waveLsb: tolerance(stream, (INL_MAX_LSB / 2) * errors),
    gainPerK: GAIN_PER_K * errors,
  };
}

/** Power-on, or general-call reset (7.3.1): the EEPROM's content into the DAC register. */
export function resetMcp4725(chip: Mcp4725): void {
  chip.code = chip.eepromCode;
  chip.powerDown = chip.eepromPowerDown;
}

/** General-call wake-up (7.3.2): normal mode, the code stays. */
export function wakeMcp4725(chip: Mcp4725): void {
  chip.powerDown = 0;
}

/** Power lost at `nowMs` and back. An EEPROM write under way leaves any content. */
export function brownOutMcp4725(chip: Mcp4725, nowMs: number, stream: Stream): void {
  if (nowMs < chip.eepromReadyMs) {
    chip.eepromCode = Math.floor(uniform(stream) * CODES);
    chip.eepromPowerDown = Math.floor(uniform(stream) * 4);
    chip.eepromReadyMs = nowMs;
  }
  resetMcp4725(chip);
}

/** A write (6.1): fast commands of two bytes or others of three, repeated; an incomplete one
 *  changes nothing. All are ignored while the EEPROM is written. */
export function writeMcp4725(chip: Mcp4725, bytes: ArrayLike<number>, nowMs: number): void {
  let at = 0;
  while (at + 1 < bytes.length && nowMs >= chip.eepromReadyMs) {
    const first = bytes[at] & 0xff;
    const command = first >> 5;
    if (command < 2) {
      chip.powerDown = (first >> 4) & 3;
      chip.code = ((first & 0x0f) << 8) | (bytes[at + 1] & 0xff);
      at += 2;
      continue;
    }
    if (at + 2 >= bytes.length) return;
    if (command === WRITE_DAC || command === WRITE_DAC_AND_EEPROM) {
      chip.powerDown = (first >> 1) & 3;
      chip.code = ((bytes[at + 1] & 0xff) << 4) | ((bytes[at + 2] & 0xff) >> 4);
    }
    if (command === WRITE_DAC_AND_EEPROM) store(chip, nowMs);
    at += 3;
  }
}

function store(chip: Mcp4725, nowMs: number): void {
  chip.eepromCode = chip.code;
  chip.eepromPowerDown = chip.powerDown;
  chip.eepromWrites++;
  chip.eepromReadyMs = nowMs + chip.eepromMs;
}

/** A read (6.2): status, DAC register, EEPROM, repeated. */
export function readMcp4725(chip: Mcp4725, into: Uint8Array, count: number, nowMs: number): void {
  const ready = nowMs >= chip.eepromReadyMs ? READY : 0;
  for (let i = 0; i < count; i++) {
    const byte = i % READ_BYTES;
    if (byte === 0) into[i] = ready | POWERED | (chip.powerDown << 1);
    else if (byte === 1) into[i] = chip.code >> 4;
    else if (byte === 2) into[i] = (chip.code & 0x0f) << 4;
    else if (byte === 3) into[i] = (chip.eepromPowerDown << 5) | (chip.eepromCode >> 8);
    else into[i] = chip.eepromCode & 0xff;
  }
}

/** The settled output, V: VDD x D / 4096 (5.0, Equation 4-1) with offset, gain and integral
 *  non-linearity, within the rails; zero when powered down. */
export function outputMcp4725(chip: Mcp4725, vddV: number, temperatureC: number): number {
  if (chip.powerDown !== 0) return 0;
  const x = chip.code / CODES;
  const inl = chip.bowLsb * Math.sin(Math.PI * x) + chip.waveLsb * Math.sin(2 * Math.PI * x);
  const drift = chip.gainPerK * (temperatureC - 25);
  const share = x * (1 + chip.gainError + drift) + chip.offset + inl / CODES;
  return vddV * Math.min(Math.max(share, 0), 1);
}
