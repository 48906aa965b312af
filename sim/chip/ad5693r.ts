// AD5693R, 16-bit voltage DAC (Analog Devices, AD5693R/AD5692R/AD5691R/AD5693 data sheet, Rev. C).
// Bus behaviour and static transfer; the output settles a few microseconds after a write.

import { tolerance } from "../random.ts";
import type { Stream } from "../random.ts";

/** Slave address with pin A0 low ("Serial Interface", I2C slave address). */
export const AD5693R_ADDRESS = 0x4c;

/** Output settling time, 1/4 to 3/4 scale to 2 LSB, ms ("AC Characteristics": 5 us
 *  typical, 7 us maximum). */
export const AD5693R_SETTLING_MS = 0.007;

// Commands, upper nibble of the first byte ("Command Byte").
const WRITE_INPUT = 0x1;
const UPDATE_DAC = 0x2;
const WRITE_BOTH = 0x3;
const WRITE_CONTROL = 0x4;

// Bits of the control register ("Write Control Register").
const CONTROL_RESET = 0x8000;
const CONTROL_POWER_DOWN = 0x6000;
const CONTROL_REFERENCE_OFF = 0x1000;
const CONTROL_GAIN = 0x0800;

const REFERENCE_V = 2.5;
const CODES = 65536;

/** Registers and drawn errors of one chip. */
export interface Ad5693r {
  inputRegister: number;
  dacRegister: number;
  control: number;
  offsetV: number;
  gainError: number;
  /** Amplitudes of the smooth non-linearity, LSB. */
  bowLsb: number;
  waveLsb: number;
}

/**
 * A chip after power-on: zero scale, gain 1, reference on ("Power-On Reset"). Errors are drawn
 * within 1.25 mV of offset (maximum 1.5 mV), 0.05 % FSR of gain and 2 LSB of INL ("Features"),
 * times `errors`.
 */
export function createAd5693r(stream: Stream, errors: number): Ad5693r {
  return {
    inputRegister: 0,
    dacRegister: 0,
    control: 0,
    offsetV: tolerance(stream, 1.25e-3 * errors),
    gainError: tolerance(stream, 5e-4 * errors),
    bowLsb: tolerance(stream, errors),
    waveLsb: tolerance(stream, errors),
  };
}

/** Power-on or software reset: everything to zero; the errors are the chip's own and stay. */
export function resetAd5693r(chip: Ad5693r): void {
  chip.inputRegister = 0;
  chip.dacRegister = 0;
  chip.control = 0;
}

/** A write of command byte, high byte, low byte; an incomplete one changes nothing. LDAC is
 *  tied high, so the input register reaches the DAC by command only. */
export function writeAd5693r(chip: Ad5693r, bytes: ArrayLike<number>): void {
  if (bytes.length < 3) return;
  const command = bytes[0] >> 4;
  const word = ((bytes[1] & 0xff) << 8) | (bytes[2] & 0xff);
  if (command === WRITE_INPUT) chip.inputRegister = word;
  else if (command === UPDATE_DAC) chip.dacRegister = chip.inputRegister;
  else if (command === WRITE_BOTH) chip.inputRegister = chip.dacRegister = word;
  else if (command === WRITE_CONTROL) {
    if ((word & CONTROL_RESET) !== 0) resetAd5693r(chip);
    else chip.control = word;
  }
}

/** A read returns the input register, high byte first ("Read Operation"), then repeats it. */
export function readAd5693r(chip: Ad5693r, into: Uint8Array, count: number): void {
  for (let i = 0; i < count; i++) into[i] = chip.inputRegister >> ((i & 1) === 0 ? 8 : 0);
}

/** The settled output, V: VREF x gain x D / 65536 ("Transfer Function") with offset, gain and
 *  integral non-linearity, clipped to ground and the supply. Zero when powered down. */
export function outputAd5693r(chip: Ad5693r, supplyV: number): number {
  if ((chip.control & (CONTROL_POWER_DOWN | CONTROL_REFERENCE_OFF)) !== 0) return 0;
  const gain = (chip.control & CONTROL_GAIN) !== 0 ? 2 : 1;
  const x = chip.dacRegister / CODES;
  const inl = chip.bowLsb * Math.sin(Math.PI * x) + chip.waveLsb * Math.sin(2 * Math.PI * x);
  const lsb = (REFERENCE_V * gain) / CODES;
  const span = REFERENCE_V * gain * (1 + chip.gainError);
  const volts = span * x + inl * lsb + chip.offsetV;
  return Math.min(Math.max(volts, 0), supplyV);
}
