// DS3231, real-time clock with a battery (Maxim 19-5170, rev. 10), kept in UTC.
import type { WallClock } from "../bus.ts";
import type { I2c, Part } from "../port.ts";
import { toMoment, toSeconds, YEAR_2000_S, YEAR_2100_S } from "./ds3231-calendar.ts";
import type { Moment } from "./ds3231-calendar.ts";

const ADDRESS = 0x68;
// Registers, figure 1: time from 00h (seconds, minutes, hours, day, date, month, year; all BCD),
// control 0Eh, status 0Fh. The time is latched when a transaction starts: one read of all of them
// is of one moment.
const TIME = 0x00;
const CONTROL = 0x0e;
const STATUS = 0x0f;
/** Hours: 12-hour mode; there bit 5 is PM, else it belongs to the tens. */
const TWELVE = 0x40;
const PM = 0x20;
/** Control as at power-on: the oscillator runs on battery too, no alarm and no square wave. */
const PLAIN = 0x1c;
/** Status: the oscillator stopped at some time since the flag was cleared. */
const STOPPED = 0x80;

type Taken = Parameters<WallClock["read"]>[0];

/** Two decimal digits; 100 if one of them is none. */
function fromBcd(value: number): number {
  const ones = value & 15;
  return ones > 9 || value > 0x99 ? 100 : (value >> 4) * 10 + ones;
}

function toBcd(value: number): number {
  const tens = Math.floor(value / 10);
  return tens * 16 + value - tens * 10;
}

function hours(register: number): number {
  if ((register & TWELVE) === 0) return fromBcd(register);
  const hour = fromBcd(register & 0x1f);
  if (hour < 1 || hour > 12) return 100;
  return (hour % 12) + (register & PM ? 12 : 0);
}

/** Seconds since 1970 in the registers; -1 if they hold no date, or one after 2099. */
function secondsOf(r: ArrayLike<number>, m: Moment): number {
  m.second = fromBcd(r[0]);
  m.minute = fromBcd(r[1]);
  m.hour = hours(r[2]);
  m.date = fromBcd(r[4]);
  // The century bit is the month's highest: from 2100 on this is no month.
  m.month = fromBcd(r[5]);
  m.year = fromBcd(r[6]);
  return toSeconds(m);
}

function fill(bytes: Uint8Array, seconds: number, m: Moment): void {
  toMoment(seconds, m);
  bytes[0] = TIME;
  bytes[1] = toBcd(m.second);
  bytes[2] = toBcd(m.minute);
  bytes[3] = toBcd(m.hour);
  bytes[4] = m.day;
  bytes[5] = toBcd(m.date);
  bytes[6] = toBcd(m.month);
  bytes[7] = toBcd(m.year);
}

/** The clock (its address is fixed). It holds dates from 2000 to 2099. */
export function createDs3231(i2c: I2c): WallClock & Part {
  const state: { taken: Taken | null } = { taken: null };
  const moment: Moment = { year: 0, month: 1, date: 1, day: 1, hour: 0, minute: 0, second: 0 };
  const time = new Uint8Array(8);
  const running = new Uint8Array(3);
  running[0] = CONTROL;
  running[1] = PLAIN;
  const onRegisters = (reply: ArrayLike<number> | null): void => {
    const done = state.taken as Taken;
    const seconds = reply === null ? -1 : secondsOf(reply, moment);
    if (reply !== null && reply[STATUS] & STOPPED) done(0, true);
    else if (seconds < 0) done(0, false);
    else done(seconds, true);
  };
  return {
    state,
    onRegisters,
    // The flag goes last: a clock that has not taken its time stays "unknown".
    set: (seconds) => {
      if (!(seconds >= YEAR_2000_S && seconds < YEAR_2100_S)) return false;
      fill(time, Math.floor(seconds), moment);
      return i2c.write(ADDRESS, time) && i2c.write(ADDRESS, running);
    },
    read: (done) => {
      state.taken = done;
      i2c.read(ADDRESS, TIME, STATUS + 1, onRegisters);
    },
  };
}
