// ADS1115, 16-bit delta-sigma converter with multiplexer (Texas Instruments SBAS444D).
// The caller integrates the input while a conversion runs and calls `finish` at its end.

import { gaussian, tolerance } from "../random.ts";
import type { Stream } from "../random.ts";

/** Slave address with ADDR at ground (SBAS444D, 9.5.1.1). */
export const ADS1115_ADDRESS = 0x48;

// Registers behind the address pointer and their reset values (SBAS444D, 9.6).
const CONVERSION = 0;
const CONFIG = 1;
const CONFIG_RESET = 0x8583;
const LOW_RESET = 0x8000;
const HIGH_RESET = 0x7fff;

// Config register (SBAS444D, 9.6).
const OS = 0x8000;
const MODE_SINGLE_SHOT = 0x0100;
const RATES_HZ = [8, 16, 32, 64, 128, 250, 475, 860];
const FULL_SCALES_V = [6.144, 4.096, 2.048, 1.024, 0.512, 0.256, 0.256, 0.256];
const POSITIVE_INPUT = [0, 0, 1, 2, 0, 1, 2, 3];
/** 4 = ground. */
const NEGATIVE_INPUT = [1, 3, 3, 3, 4, 4, 4, 4];

/** Power-up of the analogue part before a single-shot conversion, ms (9.4.2.1). */
const WAKE_UP_MS = 0.025;
/** Data rate variation (7.5, Electrical Characteristics). */
const RATE_TOLERANCE = 0.1;

/** Noise at 860 SPS before rounding, V rms: peak-to-peak values of 8.1 over 6.6;
 *  it falls with the square root of the data rate. */
const NOISE_V = [65e-6, 40e-6, 18e-6, 9.7e-6, 6.2e-6, 5.3e-6, 5.3e-6, 5.3e-6];

/** Registers, the conversion under way and the drawn errors of one chip. */
export interface Ads1115 {
  pointer: number;
  /** Conversion, config without OS, low and high threshold. */
  registers: Uint16Array;
  /** 1 while converting, with the settings it was started with. */
  converting: number;
  activeConfig: number;
  /** The window over which the input is averaged, ms, and how far it has been. */
  startMs: number;
  endMs: number;
  integratedMs: number;
  /** Input when it was looked at last, V; NaN = not since the conversion began. */
  seenV: number;
  /** Integral of the input, V ms. */
  integral: number;
  offsetLsb: number;
  gainError: number;
  /** Actual over nominal data rate. */
  rateFactor: number;
  noise: number;
}

/** A chip after power-on. Errors within 7.5: offset 3 LSB at 2.048 V, gain 0.15 %, rate 10 %. */
export function createAds1115(stream: Stream, errors: number, noise: number): Ads1115 {
  const chip = {
    pointer: 0,
    registers: new Uint16Array(4),
    converting: 0,
    activeConfig: 0,
    startMs: 0,
    endMs: Infinity,
    integratedMs: 0,
    seenV: NaN,
    integral: 0,
    offsetLsb: tolerance(stream, 3 * errors),
    gainError: tolerance(stream, 1.5e-3 * errors),
    rateFactor: 1 + tolerance(stream, RATE_TOLERANCE * Math.min(errors, 1)),
    noise,
  };
  resetAds1115(chip);
  return chip;
}

/** Power-on or general-call reset (9.4.1, 9.5.1.2): registers to their defaults, powered down. */
export function resetAds1115(chip: Ads1115): void {
  chip.pointer = 0;
  chip.registers[CONVERSION] = 0;
  chip.registers[CONFIG] = CONFIG_RESET & ~OS;
  chip.registers[2] = LOW_RESET;
  chip.registers[3] = HIGH_RESET;
  chip.converting = 0;
  chip.endMs = Infinity;
}

/** A write: the pointer, then at most one register. A set OS bit starts a conversion unless one
 *  runs; in continuous mode conversions start without it, a change waits for the present one. */
export function writeAds1115(chip: Ads1115, bytes: ArrayLike<number>, nowMs: number): void {
  if (bytes.length === 0) return;
  chip.pointer = bytes[0] & 3;
  if (bytes.length < 3 || chip.pointer === CONVERSION) return;
  const word = ((bytes[1] & 0xff) << 8) | (bytes[2] & 0xff);
  if (chip.pointer !== CONFIG) {
    chip.registers[chip.pointer] = word;
    return;
  }
  chip.registers[CONFIG] = word & ~OS;
  const wanted = (word & OS) !== 0 || (word & MODE_SINGLE_SHOT) === 0;
  if (wanted && chip.converting === 0) start(chip, nowMs + WAKE_UP_MS);
}

/** A read gives the register at the pointer, then ones (the bus floats high). */
export function readAds1115(chip: Ads1115, into: Uint8Array, count: number): void {
  let word = chip.registers[chip.pointer];
  if (chip.pointer === CONFIG && chip.converting === 0) word |= OS;
  for (let i = 0; i < count; i++) into[i] = i === 0 ? word >> 8 : i === 1 ? word : 0xff;
}

function start(chip: Ads1115, startMs: number): void {
  chip.converting = 1;
  chip.activeConfig = chip.registers[CONFIG];
  chip.startMs = startMs;
  chip.endMs = startMs + 1000 / (RATES_HZ[(chip.activeConfig >> 5) & 7] * chip.rateFactor);
  chip.integratedMs = startMs;
  chip.integral = 0;
  chip.seenV = NaN;
}

/** Inputs of the conversion under way: 0..3 = AIN0..AIN3, 4 = ground (9.6, MUX). */
export function positiveInput(chip: Ads1115): number {
  return POSITIVE_INPUT[(chip.activeConfig >> 12) & 7];
}

export function negativeInput(chip: Ads1115): number {
  return NEGATIVE_INPUT[(chip.activeConfig >> 12) & 7];
}

/** Adds the differential input to the running average, `volts` now and on a straight line since the
 *  last call; a jump is two calls at one time. */
export function integrateAds1115(chip: Ads1115, volts: number, nowMs: number): void {
  const untilMs = Math.min(nowMs, chip.endMs);
  const beforeV = chip.seenV === chip.seenV ? chip.seenV : volts;
  chip.seenV = volts;
  if (untilMs <= chip.integratedMs) return;
  chip.integral += ((beforeV + volts) / 2) * (untilMs - chip.integratedMs);
  chip.integratedMs = untilMs;
}

/** Ends the conversion: its code goes into the conversion register, two's complement, clipped
 *  at 8000h and 7FFFh (9.5.4 Data Format). In continuous mode the next one starts at once. */
export function finishAds1115(chip: Ads1115, stream: Stream): void {
  const range = (chip.activeConfig >> 9) & 7;
  const lsb = FULL_SCALES_V[range] / 32768;
  const mean = chip.integral / (chip.endMs - chip.startMs);
  // The offset is given at 2.048 V full scale and is a voltage at the input.
  let volts = mean * (1 + chip.gainError) + chip.offsetLsb * (2.048 / 32768);
  if (chip.noise > 0) {
    const rate = RATES_HZ[(chip.activeConfig >> 5) & 7];
    volts += chip.noise * NOISE_V[range] * Math.sqrt(rate / 860) * gaussian(stream);
  }
  const code = Math.min(Math.max(Math.round(volts / lsb), -32768), 32767);
  chip.registers[CONVERSION] = code;
  const endMs = chip.endMs;
  chip.converting = 0;
  chip.endMs = Infinity;
  if ((chip.registers[CONFIG] & MODE_SINGLE_SHOT) === 0) start(chip, endMs);
}
