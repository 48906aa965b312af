// DAC8571, 16-bit voltage DAC with external reference (Texas Instruments SLAS373A).
// Powers up at zero scale. It also answers the broadcast address, writes only.

import { tolerance } from "../random.ts";
import type { Stream } from "../random.ts";

/** Slave address with A0 low ("DAC8571 Address Byte": 10011 A0 0). */
export const DAC8571_ADDRESS = 0x4c;
/** "Broadcast Address Byte", 1001 0000 with the write bit: an ADS1115 at its first address
 *  sits on it, and what is written to the one is written to both. */
export const DAC8571_BROADCAST = 0x48;

/** Output settling time to 0.003 % FSR, ms ("Electrical Characteristics": 8 us typical in fast
 *  settling mode, 10 us maximum; longer in low-power mode). */
export const DAC8571_SETTLING_MS = 0.01;

// Control byte ("Table 2"): load mode C5:4, buffer select C2, power-down flag C0.
const STORE = 0;
const STORE_AND_LOAD = 1;
const LOAD_STORED = 2;
const SELECT = 0x04;
const POWER_DOWN = 0x01;
/** Power-down modes in the upper bits of the MS byte ("Table 6"): 00x sets the settling mode
 *  and keeps the output; 01, 10, 11 put 1 kohm, 100 kohm or nothing to the output. */
const OFF_SHIFT = 14;

const CODES = 65536;

// Limits ("Electrical Characteristics"): relative accuracy 0.0987 % FSR, zero-code error
// 20 mV, gain error 1 % FSR; drifts 7 uV/K and 3 ppm FSR/K, typical.
const INL_MAX_LSB = 64;
const ZERO_MAX_V = 20e-3;
const GAIN_MAX = 0.01;
const ZERO_V_PER_K = 7e-6;
const GAIN_PER_K = 3e-6;

/** Registers and drawn errors of one chip. Words are data, or power-down modes if flagged. */
export interface Dac8571 {
  control: number;
  temporary: number;
  temporaryFlag: number;
  code: number;
  /** 0 = output driven. */
  off: number;
  fastSettling: number;
  zeroV: number;
  gainError: number;
  bowLsb: number;
  waveLsb: number;
  zeroVPerK: number;
  gainPerK: number;
}

/** A chip after power-on. */
export function createDac8571(stream: Stream, errors: number): Dac8571 {
  return {
    control: 0,
    temporary: 0,
    temporaryFlag: 0,
    code: 0,
    off: 0,
    fastSettling: 0,
    zeroV: Math.abs(tolerance(stream, ZERO_MAX_V * errors)),
    gainError: tolerance(stream, GAIN_MAX * errors),
    bowLsb: tolerance(stream, (INL_MAX_LSB / 2) * errors),
    waveLsb: tolerance(stream, (INL_MAX_LSB / 2) * errors),
    zeroVPerK: tolerance(stream, ZERO_V_PER_K * errors),
    gainPerK: tolerance(stream, GAIN_PER_K * errors),
  };
}

/** Power-on reset, also after a brown-out: everything zero ("Power-On Reset"). */
export function resetDac8571(chip: Dac8571): void {
  chip.control = 0;
  chip.temporary = 0;
  chip.temporaryFlag = 0;
  chip.code = 0;
  chip.off = 0;
  chip.fastSettling = 0;
}

/** A write: control byte, then any number of MS and LS byte pairs, each of which takes effect
 *  with its LS byte ("DAC8571 Update Sequence"). */
export function writeDac8571(chip: Dac8571, bytes: ArrayLike<number>): void {
  if (bytes.length === 0) return;
  chip.control = bytes[0] & 0xff;
  for (let i = 1; i + 1 < bytes.length; i += 2) {
    take(chip, ((bytes[i] & 0xff) << 8) | (bytes[i + 1] & 0xff));
  }
}

function take(chip: Dac8571, word: number): void {
  const mode = (chip.control >> 4) & 3;
  const withData = mode === STORE || mode === STORE_AND_LOAD || (chip.control & SELECT) !== 0;
  if (withData && mode !== LOAD_STORED) {
    chip.temporary = word;
    chip.temporaryFlag = chip.control & POWER_DOWN;
  }
  if (mode !== STORE) load(chip);
}

/** The temporary register into the DAC register, or what it says about power-down. */
function load(chip: Dac8571): void {
  if (chip.temporaryFlag === 0) {
    chip.code = chip.temporary;
    chip.off = 0;
    return;
  }
  chip.off = chip.temporary >> OFF_SHIFT;
  if (chip.off === 0) chip.fastSettling = (chip.temporary >> 13) & 1;
}

/** A read: MS and LS byte of the temporary register, then the control byte. */
export function readDac8571(chip: Dac8571, into: Uint8Array, count: number): void {
  for (let i = 0; i < count; i++) {
    if (i === 0) into[i] = chip.temporary >> 8;
    else if (i === 1) into[i] = chip.temporary & 0xff;
    else into[i] = i === 2 ? chip.control : 0xff;
  }
}

/** The settled output, V: VREF x D / 65536 with its errors, within the rails; zero when off. */
export function outputDac8571(
  chip: Dac8571,
  referenceV: number,
  supplyV: number,
  temperatureC: number,
): number {
  if (chip.off !== 0) return 0;
  const x = chip.code / CODES;
  const warm = temperatureC - 25;
  const inl = chip.bowLsb * Math.sin(Math.PI * x) + chip.waveLsb * Math.sin(2 * Math.PI * x);
  const span = referenceV * (1 + chip.gainError + chip.gainPerK * warm);
  const volts = span * (x + inl / CODES) + chip.zeroV + chip.zeroVPerK * warm;
  return Math.min(Math.max(volts, 0), supplyV);
}
