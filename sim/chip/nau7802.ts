// NAU7802, 24-bit bridge converter (Nuvoton data sheet, Rev. 1.7): registers and bus.
// Conversions run freely and are computed only when somebody looks (nau7802-conversion.ts).

import { tolerance } from "../random.ts";
import type { Stream } from "../random.ts";

/** Slave address, fixed (Rev. 1.7, "2-Wire-Serial Control and Data Bus"). */
export const NAU7802_ADDRESS = 0x2a;

// Registers (Rev. 1.7, chapter 10 "Summary Device Register Map").
export const PU_CTRL = 0x00;
export const CTRL1 = 0x01;
export const CTRL2 = 0x02;
export const OCAL1 = 0x03;
const GCAL1_B2 = 0x07;
const GCAL2_B2 = 0x0e;
export const ADCO = 0x12;
const ADCO_LAST = 0x14;
const REVISION = 0x1f;
const REVISION_CODE = 0x0f;
const REGISTER_COUNT = 0x20;

// PU_CTRL (11.1): reset, digital and analogue power, ready, cycle start, data ready, LDO.
export const RR = 0x01;
export const PUD = 0x02;
export const PUA = 0x04;
export const PUR = 0x08;
export const CS = 0x10;
export const CR = 0x20;
export const AVDDS = 0x80;
/** CTRL2 (11.3). */
export const CALMOD = 0x03;
export const CALS = 0x04;
export const CAL_ERR = 0x08;

/** Power-up ready after PUD, ms ("Power-On Sequencing": about 200 us). */
const POWER_UP_MS = 0.2;
/** A calibration's duration, ms: no figure in the data sheet; about this long on real boards. */
const CALIBRATION_MS = 344;

/** Register file, conversion timing and drawn errors of one chip. */
export interface Nau7802 {
  registers: Uint8Array;
  pointer: number;
  /** When the digital part is ready, ms; Infinity = off. */
  readyMs: number;
  /** Start of the running series of conversions, ms; Infinity = none. */
  seriesMs: number;
  /** Conversions of this series already worked out. */
  conversions: number;
  /** End of the calibration under way, ms; Infinity = none. */
  calibratedMs: number;
  /** Offset of the amplifier referred to its input, and of the converter behind it, V. */
  amplifierOffsetV: number;
  converterOffsetV: number;
  noise: number;
}

/** A chip after power-on. Offsets before calibration: tens of microvolts at the input. */
export function createNau7802(stream: Stream, errors: number, noise: number): Nau7802 {
  const chip = {
    registers: new Uint8Array(REGISTER_COUNT),
    pointer: 0,
    readyMs: Infinity,
    seriesMs: Infinity,
    conversions: 0,
    calibratedMs: Infinity,
    amplifierOffsetV: tolerance(stream, 40e-6 * errors),
    converterOffsetV: tolerance(stream, 1e-3 * errors),
    noise,
  };
  resetNau7802(chip);
  return chip;
}

/** Reset values (chapter 10): zero but for the gain registers (1.0) and the revision code. */
export function resetNau7802(chip: Nau7802): void {
  chip.registers.fill(0);
  chip.registers[GCAL1_B2] = 0x80;
  chip.registers[GCAL2_B2] = 0x80;
  chip.registers[REVISION] = REVISION_CODE;
  chip.pointer = 0;
  chip.readyMs = Infinity;
  chip.seriesMs = Infinity;
  chip.conversions = 0;
  chip.calibratedMs = Infinity;
}

/** A write: register address, then data at successive registers. */
export function writeNau7802(chip: Nau7802, bytes: ArrayLike<number>, nowMs: number): void {
  if (bytes.length === 0) return;
  chip.pointer = bytes[0] & 0x1f;
  for (let i = 1; i < bytes.length; i++) {
    writeRegister(chip, chip.pointer, bytes[i] & 0xff, nowMs);
    chip.pointer = (chip.pointer + 1) & 0x1f;
  }
}

/** A read goes on at the pointer; reading the result clears CR (11.1). */
export function readNau7802(chip: Nau7802, into: Uint8Array, count: number, nowMs: number): void {
  for (let i = 0; i < count; i++) {
    into[i] = chip.registers[chip.pointer];
    if (chip.pointer === PU_CTRL && nowMs >= chip.readyMs) into[i] |= PUR;
    if (chip.pointer === ADCO_LAST) chip.registers[PU_CTRL] &= ~CR;
    chip.pointer = (chip.pointer + 1) & 0x1f;
  }
}

function writeRegister(chip: Nau7802, register: number, value: number, nowMs: number): void {
  if (register === PU_CTRL) writePower(chip, value, nowMs);
  else if ((chip.registers[PU_CTRL] & RR) !== 0) return;
  else if (register === CTRL2) writeControl2(chip, value, nowMs);
  else if (register < ADCO || (register > ADCO_LAST && register < REVISION)) {
    const changed = chip.registers[register] !== value;
    chip.registers[register] = value;
    // A new gain or reference restarts the digital filter.
    if (register === CTRL1 && changed) startSeries(chip, nowMs);
  }
}

/** While RR is set all registers but itself stay in reset (11.1). */
function writePower(chip: Nau7802, value: number, nowMs: number): void {
  const before = chip.registers[PU_CTRL];
  if ((value & RR) !== 0) {
    resetNau7802(chip);
    chip.registers[PU_CTRL] = RR;
    return;
  }
  chip.registers[PU_CTRL] = (value & ~(PUR | CR)) | (before & CR);
  if ((value & PUD) === 0) chip.readyMs = Infinity;
  else if ((before & PUD) === 0) chip.readyMs = nowMs + POWER_UP_MS;
  const started = value & (PUD | PUA | CS);
  if (started !== (before & (PUD | PUA | CS))) startSeries(chip, nowMs);
}

function writeControl2(chip: Nau7802, value: number, nowMs: number): void {
  const before = chip.registers[CTRL2];
  chip.registers[CTRL2] = (value & ~CAL_ERR) | (before & CAL_ERR);
  const restarts = 0xf0;
  if ((value & restarts) !== (before & restarts)) startSeries(chip, nowMs);
  if ((value & CALS) !== 0 && chip.calibratedMs === Infinity) {
    chip.calibratedMs = nowMs + CALIBRATION_MS;
    chip.seriesMs = Infinity;
  }
}

/** Conversions begin anew: at the cycle start, or when the digital part gets ready. */
export function startSeries(chip: Nau7802, nowMs: number): void {
  const on = PUD | PUA | CS;
  const runs = (chip.registers[PU_CTRL] & on) === on && chip.calibratedMs === Infinity;
  chip.seriesMs = runs ? Math.max(nowMs, chip.readyMs) : Infinity;
  chip.conversions = 0;
  chip.registers[PU_CTRL] &= ~CR;
}
