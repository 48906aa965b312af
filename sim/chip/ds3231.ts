// DS3231, temperature-compensated real-time clock (Maxim 19-5170, Rev. 10). It counts on its
// battery through resets and power cuts of the board. Alarms and square wave are not modelled:
// their registers are storage, their flags stay zero.

import { tolerance } from "../random.ts";
import type { Stream } from "../random.ts";
import { CALENDAR_REGISTERS, createReading, decodeCalendar } from "./ds3231-calendar.ts";
import { encodeCalendar, passCalendar } from "./ds3231-calendar.ts";
import type { CalendarReading } from "./ds3231-calendar.ts";

/** Slave address, fixed ("I2C Serial Port Operation"). */
export const DS3231_ADDRESS = 0x68;

// Registers (Figure 1).
const SECONDS = 0x00;
const CONTROL = 0x0e;
const STATUS = 0x0f;
const AGING = 0x10;
const TEMPERATURE = 0x11;
const LAST = 0x12;

// Control (0Eh) and status (0Fh), with their states when power is first applied.
const STOP_ON_BATTERY = 0x80;
const CONVERT = 0x20;
const CONTROL_RESET = 0x1c;
const STOPPED_FLAG = 0x80;
const OUTPUT_32K = 0x08;
const BUSY = 0x04;
const ALARM_FLAGS = 0x03;

/** Frequency against temperature, ppm: 0 to 40 degC, and what is added beyond ("Electrical
 *  Characteristics"); a step of the aging register at 25 degC ("Aging Offset"). */
const DRIFT_PPM = 2;
const DRIFT_BEYOND_PPM = 1.5;
const AGING_PPM = 0.1;
/** Temperature: accuracy, K, resolution, K, and distance of conversions, ms; duration of one
 *  asked for by CONV, ms (typical; 200 maximum). */
const ACCURACY_C = 3;
const RESOLUTION_C = 0.25;
const CONVERSIONS_MS = 64000;
const CONVERSION_MS = 125;

/** Registers, time base and drawn errors of one chip. */
export interface Ds3231 {
  pointer: number;
  /** The user's buffers: registers 00h to 06h are as of the last start condition. */
  registers: Uint8Array;
  /** The calendar at `baseMs`, which is a whole second of this clock. */
  base: CalendarReading;
  baseMs: number;
  /** Time at which the temperature was last converted, and the end of CONV, ms. */
  convertedMs: number;
  convertingMs: number;
  driftPpm: number;
  driftBeyondPpm: number;
  errorC: number;
}

/** A chip to which power is applied for the first time: oscillator-stop flag set, 2000-01-01. */
export function createDs3231(stream: Stream, errors: number): Ds3231 {
  const chip = {
    pointer: 0,
    registers: new Uint8Array(LAST + 1),
    base: createReading(),
    baseMs: 0,
    convertedMs: -Infinity,
    convertingMs: 0,
    driftPpm: tolerance(stream, DRIFT_PPM * errors),
    driftBeyondPpm: tolerance(stream, DRIFT_BEYOND_PPM * errors),
    errorC: tolerance(stream, ACCURACY_C * errors),
  };
  resetDs3231(chip, 0);
  return chip;
}

/** First power, or both supplies lost until `nowMs`: time and settings are gone. */
export function resetDs3231(chip: Ds3231, nowMs: number): void {
  chip.pointer = 0;
  chip.registers.fill(0);
  chip.registers[CONTROL] = CONTROL_RESET;
  chip.registers[STATUS] = STOPPED_FLAG | OUTPUT_32K;
  chip.base = createReading();
  chip.baseMs = nowMs;
  chip.convertedMs = -Infinity;
  chip.convertingMs = 0;
  encodeCalendar(chip.base, chip.registers);
}

/** The board's supply was away from `fromMs` to `nowMs`: with a good battery the clock goes on,
 *  unless the EOSC bit stops it there (0Eh, bit 7); without, everything is lost. */
export function brownOutDs3231(
  chip: Ds3231,
  fromMs: number,
  nowMs: number,
  battery: boolean,
): void {
  if (!battery) {
    resetDs3231(chip, nowMs);
    return;
  }
  chip.pointer = 0;
  if ((chip.registers[CONTROL] & STOP_ON_BATTERY) === 0) return;
  count(chip, fromMs, 25);
  chip.baseMs += nowMs - fromMs;
  chip.registers[STATUS] |= STOPPED_FLAG;
}

/** Whole seconds up to `nowMs` go into the calendar. The temperature is that of the interval. */
function count(chip: Ds3231, nowMs: number, temperatureC: number): void {
  const beyond = temperatureC < 0 || temperatureC > 40 ? chip.driftBeyondPpm : 0;
  const agingPpm = -AGING_PPM * ((chip.registers[AGING] << 24) >> 24);
  const secondMs = 1000 / (1 + (chip.driftPpm + beyond + agingPpm) * 1e-6);
  const seconds = Math.floor((nowMs - chip.baseMs) / secondMs + 1e-9);
  if (seconds <= 0) return;
  passCalendar(chip.base, seconds);
  chip.baseMs += seconds * secondMs;
}

/** Brings time, temperature and flags up to `nowMs`: call before each write and read. */
export function updateDs3231(chip: Ds3231, temperatureC: number, nowMs: number): void {
  count(chip, nowMs, temperatureC);
  const asked = (chip.registers[CONTROL] & CONVERT) !== 0 && nowMs >= chip.convertingMs;
  if (!asked && nowMs - chip.convertedMs < CONVERSIONS_MS) return;
  chip.convertedMs = nowMs;
  chip.registers[CONTROL] &= asked ? ~CONVERT : 0xff;
  const code = Math.round((temperatureC + chip.errorC) / RESOLUTION_C);
  chip.registers[TEMPERATURE] = code >> 2;
  chip.registers[TEMPERATURE + 1] = (code & 3) << 6;
}

/** A write: register address, then data at successive registers, 12h to 00h. Writing the seconds
 *  restarts the countdown chain ("Clock and Calendar"). */
export function writeDs3231(chip: Ds3231, bytes: ArrayLike<number>, nowMs: number): void {
  if (bytes.length === 0) return;
  chip.pointer = bytes[0] % (LAST + 1);
  encodeCalendar(chip.base, chip.registers);
  let timed = false;
  for (let i = 1; i < bytes.length; i++) {
    timed = timed || chip.pointer < CALENDAR_REGISTERS;
    if (chip.pointer === SECONDS) chip.baseMs = nowMs;
    writeRegister(chip, chip.pointer, bytes[i] & 0xff, nowMs);
    chip.pointer = chip.pointer === LAST ? 0 : chip.pointer + 1;
  }
  if (timed) decodeCalendar(chip.registers, chip.base);
}

function writeRegister(chip: Ds3231, register: number, value: number, nowMs: number): void {
  const before = chip.registers[register];
  if (register >= TEMPERATURE) return;
  if (register === STATUS) {
    // Flags can be cleared, not set; the busy bit is the chip's.
    const flags = value & before & (STOPPED_FLAG | ALARM_FLAGS);
    chip.registers[STATUS] = flags | (value & OUTPUT_32K);
    return;
  }
  chip.registers[register] = value;
  const starts = register === CONTROL && (value & CONVERT) !== 0 && (before & CONVERT) === 0;
  if (starts) chip.convertingMs = nowMs + CONVERSION_MS;
}

/** A read goes on at the pointer. The time is that of the start condition, or of the pointer's
 *  roll-over to 00h. */
export function readDs3231(chip: Ds3231, into: Uint8Array, count: number, nowMs: number): void {
  encodeCalendar(chip.base, chip.registers);
  for (let i = 0; i < count; i++) {
    into[i] = chip.registers[chip.pointer];
    if (chip.pointer === STATUS && nowMs < chip.convertingMs) into[i] |= BUSY;
    chip.pointer = chip.pointer === LAST ? 0 : chip.pointer + 1;
  }
}
