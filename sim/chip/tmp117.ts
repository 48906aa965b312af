// TMP117, digital temperature sensor (Texas Instruments SNOSD82D). Conversions run on their own
// and are worked out when somebody looks.

import { gaussian, tolerance, uniform } from "../random.ts";
import type { Stream } from "../random.ts";

/** Slave address with ADD0 at V+ (7.5.3.1.2): 48h, at ground, is the voltage converter's. */
export const TMP117_ADDRESS = 0x49;

// Registers (7.6).
const RESULT = 0x00;
const CONFIG = 0x01;
const HIGH_LIMIT = 0x02;
const LOW_LIMIT = 0x03;
const UNLOCK = 0x04;
const EEPROM1 = 0x05;
const OFFSET = 0x07;
const EEPROM3 = 0x08;
const DEVICE_ID = 0x0f;
const RESULT_RESET = 0x8000;
const DEVICE_CODE = 0x0117;

// Configuration register (7.6.3).
const HIGH_ALERT = 0x8000;
const LOW_ALERT = 0x4000;
const DATA_READY = 0x2000;
const EEPROM_BUSY = 0x1000;
const MODE = 0x0c00;
const SHUTDOWN = 0x0400;
const ONE_SHOT = 0x0c00;
const TIMING = 0x0fe0;
const SOFT_RESET = 0x0002;
const CONFIG_WRITABLE = 0x0ffc;
/** Unlock register (7.6.6): EUN, EEPROM_Busy. */
const UNLOCKED = 0x8000;
const UNLOCK_BUSY = 0x4000;

/** Content of a factory EEPROM, registers 0..8: the defaults of 7.6. */
const FACTORY = [0, 0x0220, 0x6000, 0x8000, 0, 0, 0, 0, 0];

const DEGREES_PER_CODE = 0.0078125;
/** Averaged conversions by AVG, and the shortest cycle by CONV, ms (Table 7-7). */
const AVERAGES = [1, 8, 32, 64];
const CYCLE_MS = [0, 125, 250, 500, 1000, 4000, 8000, 16000];
/** One conversion, ms: 15.5 typical, 13 to 17.5 (6.5); start-up before it (6.5). */
const CONVERSION_MS = 15.5;
const CONVERSION_TOLERANCE = 0.12;
const START_UP_MS = 1.5;
/** EEPROM programming, ms (6.5). */
const PROGRAM_MS = 7;
/** Accuracy, -20 to 50 degC, K (6.5). Noise of one conversion: 1 LSB after 8 (6.5). */
const ACCURACY_C = 0.1;
const NOISE_C = 0.0078;

/** Registers, EEPROM, timing and drawn errors of one chip. */
export interface Tmp117 {
  pointer: number;
  registers: Uint16Array;
  eeprom: Uint16Array;
  eepromReadyMs: number;
  /** Start of the running conversions, ms (Infinity = none), and how many were worked out. */
  seriesMs: number;
  conversions: number;
  errorC: number;
  timeFactor: number;
  noise: number;
}

/** A chip after power-on at 0 ms. */
export function createTmp117(stream: Stream, errors: number, noise: number): Tmp117 {
  const chip = {
    pointer: 0,
    registers: new Uint16Array(16),
    eeprom: new Uint16Array(FACTORY),
    eepromReadyMs: 0,
    seriesMs: 0,
    conversions: 0,
    errorC: tolerance(stream, ACCURACY_C * errors),
    timeFactor: 1 + tolerance(stream, CONVERSION_TOLERANCE * Math.min(errors, 1)),
    noise,
  };
  // The serial number (7.5.1.1).
  for (let i = 0; i < 3; i++) chip.eeprom[EEPROM1 + i + (i >> 1)] = uniform(stream) * 65536;
  resetTmp117(chip, 0);
  return chip;
}

/** Power-on, brown-out, soft or general-call reset (7.3.1, 7.5.3.1.6): registers from EEPROM. */
export function resetTmp117(chip: Tmp117, nowMs: number): void {
  chip.pointer = 0;
  chip.registers.fill(0);
  chip.registers.set(chip.eeprom);
  chip.registers[RESULT] = RESULT_RESET;
  chip.registers[DEVICE_ID] = DEVICE_CODE;
  chip.conversions = 0;
  chip.seriesMs = (chip.registers[CONFIG] & MODE) === SHUTDOWN ? Infinity : nowMs + START_UP_MS;
}

/** Brings result and flags up to `nowMs` at `temperatureC`. */
export function updateTmp117(
  chip: Tmp117,
  temperatureC: number,
  nowMs: number,
  noise: Stream,
): void {
  const averages = AVERAGES[(chip.registers[CONFIG] >> 5) & 3];
  const activeMs = CONVERSION_MS * averages * chip.timeFactor;
  const cycleMs = Math.max(activeMs, CYCLE_MS[(chip.registers[CONFIG] >> 7) & 7]);
  const once = (chip.registers[CONFIG] & MODE) === ONE_SHOT;
  const sinceMs = nowMs - chip.seriesMs - activeMs;
  if (sinceMs < 0) return;
  const finished = once ? 1 : 1 + Math.floor(sinceMs / cycleMs);
  if (finished <= chip.conversions) return;
  chip.conversions = finished;
  const spreadC = chip.noise * (NOISE_C / Math.sqrt(averages));
  const readC = temperatureC + chip.errorC + (spreadC > 0 ? spreadC * gaussian(noise) : 0);
  keep(chip, Math.round(readC / DEGREES_PER_CODE) + signed(chip.registers[OFFSET]));
  if (once) {
    chip.registers[CONFIG] = (chip.registers[CONFIG] & ~MODE) | SHUTDOWN;
    chip.seriesMs = Infinity;
  }
}

/** Result and flags of alert mode (7.4.4.1). Therm mode differs in its pin only, not modelled. */
function keep(chip: Tmp117, code: number): void {
  const clipped = Math.min(Math.max(code, -32768), 32767);
  chip.registers[RESULT] = clipped;
  let flags = DATA_READY;
  if (clipped > signed(chip.registers[HIGH_LIMIT])) flags |= HIGH_ALERT;
  if (clipped < signed(chip.registers[LOW_LIMIT])) flags |= LOW_ALERT;
  chip.registers[CONFIG] |= flags;
}

function signed(word: number): number {
  return (word << 16) >> 16;
}

/** A write: pointer, then at most one register (7.5.3.1.3). */
export function writeTmp117(chip: Tmp117, bytes: ArrayLike<number>, nowMs: number): void {
  if (bytes.length === 0) return;
  chip.pointer = bytes[0] & 0x0f;
  if (bytes.length < 3) return;
  const word = ((bytes[1] & 0xff) << 8) | (bytes[2] & 0xff);
  const register = chip.pointer;
  if (register === UNLOCK) chip.registers[UNLOCK] = word & UNLOCKED;
  else if (register === CONFIG) writeConfig(chip, word, nowMs);
  else if (register > CONFIG && register <= EEPROM3) {
    chip.registers[register] = word;
    program(chip, register, nowMs);
  }
}

function writeConfig(chip: Tmp117, word: number, nowMs: number): void {
  if ((word & SOFT_RESET) !== 0) {
    resetTmp117(chip, nowMs);
    return;
  }
  const before = chip.registers[CONFIG];
  chip.registers[CONFIG] = (before & ~CONFIG_WRITABLE) | (word & CONFIG_WRITABLE);
  program(chip, CONFIG, nowMs);
  const mode = word & MODE;
  if (mode === SHUTDOWN) chip.seriesMs = Infinity;
  else if (mode === ONE_SHOT || (word & TIMING) !== (before & TIMING)) {
    chip.seriesMs = nowMs;
    chip.conversions = 0;
  }
}

/** While unlocked a write also goes into the EEPROM, one at a time (7.5.1.2). */
function program(chip: Tmp117, register: number, nowMs: number): void {
  if ((chip.registers[UNLOCK] & UNLOCKED) === 0 || nowMs < chip.eepromReadyMs) return;
  chip.eeprom[register] =
    register === CONFIG ? chip.registers[CONFIG] & CONFIG_WRITABLE : chip.registers[register];
  chip.eepromReadyMs = nowMs + PROGRAM_MS;
}

/** A read gives the register at the pointer, then ones. Reading the result or the configuration
 *  clears the data-ready flag, reading the configuration the alerts (7.6.3). */
export function readTmp117(chip: Tmp117, into: Uint8Array, count: number, nowMs: number): void {
  let word = chip.registers[chip.pointer];
  const busy = nowMs < chip.eepromReadyMs;
  if (chip.pointer === CONFIG && busy) word |= EEPROM_BUSY;
  if (chip.pointer === UNLOCK && busy) word |= UNLOCK_BUSY;
  for (let i = 0; i < count; i++) into[i] = i === 0 ? word >> 8 : i === 1 ? word : 0xff;
  if (chip.pointer === RESULT) chip.registers[CONFIG] &= ~DATA_READY;
  if (chip.pointer === CONFIG) chip.registers[CONFIG] &= CONFIG_WRITABLE;
}
