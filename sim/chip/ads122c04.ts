// ADS122C04, 24-bit delta-sigma converter with multiplexer and amplifier (Texas Instruments
// SBAS751B): commands, registers, bus. What a conversion yields is in ads122c04-conversion.ts.

import { tolerance } from "../random.ts";
import type { Stream } from "../random.ts";
import { crc16 } from "./crc16-ccitt.ts";

/** Slave address with A1 and A0 at DGND (8.5.1.1). */
export const ADS122C04_ADDRESS = 0x40;

// Command bytes (8.5.3), by their fixed bits.
const RESET = 0x03;
const START = 0x04;
const POWERDOWN = 0x01;
const RDATA = 0x1;
const RREG = 0x2;
const WREG = 0x4;

// Configuration registers (8.6), all zero after reset.
export const CONFIG0 = 0;
export const CONFIG1 = 1;
const CONFIG2 = 2;
export const TURBO = 0x10;
const CONTINUOUS = 0x08;
export const TEMPERATURE = 0x01;
const DRDY = 0x80;
const DCNT = 0x40;
const INVERTED = 1;
const CRC = 2;

/** Clock cycles of a conversion by data rate; the eighth is reserved. In continuous mode from
 *  one result to the next, in single-shot mode from the command (8.3.6, Table 12). */
const CONTINUOUS_CYCLES = [51192, 22780, 11532, 5916, 3116, 1724, 1036, 1036];
const SINGLE_NORMAL_CYCLES = [51213, 22805, 11557, 5941, 3141, 1749, 1061, 1061];
const SINGLE_TURBO_CYCLES = [51217, 22809, 11561, 5945, 3145, 1753, 1065, 1065];
/** Cycles before the first conversion in continuous mode (8.3.6). */
const LEAD_NORMAL_CYCLES = 28.5;
const LEAD_TURBO_CYCLES = 105;
/** Internal oscillator, cycles a ms, normal and turbo mode (6.5), and its tolerance. */
const CLOCK_PER_MS = 1024;
const CLOCK_TOLERANCE = 0.02;

/** Registers, the conversion under way and the drawn errors of one chip. */
export interface Ads122c04 {
  registers: Uint8Array;
  /** What the next read gives: the last command byte. */
  command: number;
  /** Data-ready flag, result (signed) and conversion counter. */
  ready: number;
  result: number;
  counter: number;
  /** 1 while converting, with the settings it was started with. */
  converting: number;
  active0: number;
  active1: number;
  /** The window over which the input is averaged, ms, and how far it has been. */
  startMs: number;
  endMs: number;
  integratedMs: number;
  /** Integral of the input, V ms. */
  integral: number;
  referenceV: number;
  referencePerK: number;
  offsetV: number;
  gainError: number;
  /** Amplitude of the non-linearity, part of full scale. */
  inl: number;
  clockFactor: number;
  noise: number;
  /** Up to 8 bytes that a read gives. */
  reply: Uint8Array;
}

/** A chip after power-on. Errors within 6.5: reference 2.045 to 2.051 V and 30 ppm/K, offset
 *  30 uV, gain 0.1 %, INL 15 ppm FSR, clock 2 %. */
export function createAds122c04(stream: Stream, errors: number, noise: number): Ads122c04 {
  const chip = {
    registers: new Uint8Array(4),
    command: 0,
    ready: 0,
    result: 0,
    counter: 0,
    converting: 0,
    active0: 0,
    active1: 0,
    startMs: 0,
    endMs: Infinity,
    integratedMs: 0,
    integral: 0,
    referenceV: 2.048 + tolerance(stream, 3e-3 * errors),
    referencePerK: tolerance(stream, 30e-6 * errors),
    offsetV: tolerance(stream, 30e-6 * errors),
    gainError: tolerance(stream, 1e-3 * errors),
    inl: tolerance(stream, 15e-6 * errors),
    clockFactor: 1 + tolerance(stream, CLOCK_TOLERANCE * Math.min(errors, 1)),
    noise,
    reply: new Uint8Array(8),
  };
  resetAds122c04(chip);
  return chip;
}

/** Power-on, brown-out or RESET (8.4.1): registers zero, single-shot mode, no conversion. */
export function resetAds122c04(chip: Ads122c04): void {
  chip.registers.fill(0);
  chip.command = 0;
  chip.ready = 0;
  chip.result = 0;
  chip.counter = 0;
  stop(chip);
}

function stop(chip: Ads122c04): void {
  chip.converting = 0;
  chip.endMs = Infinity;
}

/** A write: one command, WREG with its byte. Others are acknowledged and change nothing. */
export function writeAds122c04(chip: Ads122c04, bytes: ArrayLike<number>, nowMs: number): void {
  if (bytes.length === 0) return;
  const command = bytes[0] & 0xff;
  chip.command = command;
  if (command >> 1 === RESET) resetAds122c04(chip);
  else if (command >> 1 === START) start(chip, nowMs, true);
  else if (command >> 1 === POWERDOWN) stop(chip);
  else if (command >> 4 === WREG && bytes.length > 1) {
    writeRegister(chip, (command >> 2) & 3, bytes[1] & 0xff);
    // A new setting restarts a conversion under way (8.4.2).
    if (chip.converting === 1) start(chip, nowMs, true);
  }
}

function writeRegister(chip: Ads122c04, register: number, value: number): void {
  chip.registers[register] = register === CONFIG2 ? value & ~DRDY : value;
  // The counter rests at zero while it is disabled (8.3.12).
  if ((chip.registers[CONFIG2] & DCNT) === 0) chip.counter = 0;
}

/** A read answers RDATA or RREG; anything else leaves the bus high. */
export function readAds122c04(chip: Ads122c04, into: Uint8Array, count: number): void {
  const kind = chip.command >> 4;
  let length = 0;
  if (kind === RDATA) length = putResult(chip);
  else if (kind === RREG) length = putRegister(chip, (chip.command >> 2) & 3);
  if (length > 0) length = putIntegrity(chip, length);
  for (let i = 0; i < count; i++) into[i] = i < length ? chip.reply[i] : 0xff;
}

/** Counter if enabled, result; reading it clears DRDY (8.6.1.3). */
function putResult(chip: Ads122c04): number {
  const counted = (chip.registers[CONFIG2] & DCNT) !== 0 ? 1 : 0;
  if (counted === 1) chip.reply[0] = chip.counter;
  chip.reply[counted] = chip.result >> 16;
  chip.reply[counted + 1] = chip.result >> 8;
  chip.reply[counted + 2] = chip.result;
  chip.ready = 0;
  return counted + 3;
}

function putRegister(chip: Ads122c04, register: number): number {
  const flag = register === CONFIG2 && chip.ready === 1 ? DRDY : 0;
  chip.reply[0] = chip.registers[register] | flag;
  return 1;
}

/** What follows results and registers alike (8.3.13): nothing, their complement, or a CRC. */
function putIntegrity(chip: Ads122c04, length: number): number {
  const mode = (chip.registers[CONFIG2] >> 4) & 3;
  if (mode === INVERTED) {
    for (let i = 0; i < length; i++) chip.reply[length + i] = ~chip.reply[i];
    return 2 * length;
  }
  if (mode !== CRC) return length;
  const crc = crc16(chip.reply, length);
  chip.reply[length] = crc >> 8;
  chip.reply[length + 1] = crc;
  return length + 2;
}

/** Starts a conversion; `first` = by command, not in the train of a continuous series. */
export function start(chip: Ads122c04, nowMs: number, first: boolean): void {
  chip.active0 = chip.registers[CONFIG0];
  chip.active1 = chip.registers[CONFIG1];
  const rate = chip.active1 >> 5;
  const turbo = (chip.active1 & TURBO) !== 0;
  const perMs = CLOCK_PER_MS * (turbo ? 2 : 1) * chip.clockFactor;
  const single = (turbo ? SINGLE_TURBO_CYCLES : SINGLE_NORMAL_CYCLES)[rate];
  const train = turbo ? LEAD_TURBO_CYCLES : LEAD_NORMAL_CYCLES;
  const alone = single - CONTINUOUS_CYCLES[rate];
  const lead = first ? (isContinuous(chip) ? train : alone) : 0;
  chip.converting = 1;
  chip.startMs = nowMs + lead / perMs;
  chip.endMs = chip.startMs + CONTINUOUS_CYCLES[rate] / perMs;
  chip.integratedMs = chip.startMs;
  chip.integral = 0;
}

export function isContinuous(chip: Ads122c04): boolean {
  return (chip.active1 & CONTINUOUS) !== 0;
}

/** Stores a result; the data-ready flag and the counter say so. */
export function store(chip: Ads122c04, code: number): void {
  chip.result = code;
  chip.ready = 1;
  if ((chip.registers[CONFIG2] & DCNT) !== 0) chip.counter = (chip.counter + 1) & 0xff;
}
