// DS3231: the calendar of registers 00h to 06h, BCD (Maxim 19-5170, Rev. 10, Figure 1).
// Years 00 to 99, each fourth a leap year; the century bit toggles when they overflow.

const DAY_S = 86400;
/** Days of a century of 25 leap years. */
const CENTURY_DAYS = 36525;
const FOUR_YEARS_DAYS = 1461;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** Hours register: 12-hour mode, and PM in it. */
const TWELVE_HOURS = 0x40;
const PM = 0x20;
const CENTURY_BIT = 0x80;
export const CALENDAR_REGISTERS = 7;

/** What the seven registers say: seconds of the century, weekday 1..7, and two bits. */
export interface CalendarReading {
  seconds: number;
  weekday: number;
  twelveHours: number;
  century: number;
}

export function createReading(): CalendarReading {
  return { seconds: 0, weekday: 1, twelveHours: 0, century: 0 };
}

function bcd(value: number): number {
  return (Math.floor(value / 10) << 4) | (value % 10);
}

function decimal(byte: number): number {
  return (byte >> 4) * 10 + (byte & 0x0f);
}

/** Days of `month` (0 = January) in a year 0..99. */
function daysOf(month: number, year: number): number {
  return month === 1 && year % 4 === 0 ? 29 : MONTH_DAYS[month];
}

/** Writes a reading into the first seven registers. */
export function encodeCalendar(reading: CalendarReading, registers: Uint8Array): void {
  const days = Math.floor(reading.seconds / DAY_S) % CENTURY_DAYS;
  const clock = reading.seconds % DAY_S;
  let year = 4 * Math.floor(days / FOUR_YEARS_DAYS);
  let left = days % FOUR_YEARS_DAYS;
  while (left >= (year % 4 === 0 ? 366 : 365)) {
    left -= year % 4 === 0 ? 366 : 365;
    year++;
  }
  let month = 0;
  while (left >= daysOf(month, year)) {
    left -= daysOf(month, year);
    month++;
  }
  registers[0] = bcd(Math.floor(clock) % 60);
  registers[1] = bcd(Math.floor(clock / 60) % 60);
  registers[2] = encodeHour(Math.floor(clock / 3600), reading.twelveHours);
  registers[3] = reading.weekday;
  registers[4] = bcd(left + 1);
  registers[5] = bcd(month + 1) | (reading.century === 1 ? CENTURY_BIT : 0);
  registers[6] = bcd(year);
}

function encodeHour(hour: number, twelveHours: number): number {
  if (twelveHours === 0) return bcd(hour);
  const shown = hour % 12 === 0 ? 12 : hour % 12;
  return TWELVE_HOURS | (hour >= 12 ? PM : 0) | bcd(shown);
}

/** Reads the first seven registers. Illogical entries are counted on arithmetically: the data
 *  sheet leaves them undefined. */
export function decodeCalendar(registers: Uint8Array, reading: CalendarReading): void {
  const year = decimal(registers[6]) % 100;
  const month = Math.min(Math.max(decimal(registers[5] & 0x1f), 1), 12) - 1;
  let days = Math.ceil(year * 365.25) + Math.max(decimal(registers[4] & 0x3f), 1) - 1;
  for (let i = 0; i < month; i++) days += daysOf(i, year);
  const minutes = decodeHour(registers[2]) * 60 + decimal(registers[1] & 0x7f);
  reading.seconds = days * DAY_S + minutes * 60 + decimal(registers[0] & 0x7f);
  reading.weekday = Math.max(registers[3] & 7, 1);
  reading.twelveHours = (registers[2] & TWELVE_HOURS) !== 0 ? 1 : 0;
  reading.century = (registers[5] & CENTURY_BIT) !== 0 ? 1 : 0;
}

function decodeHour(byte: number): number {
  if ((byte & TWELVE_HOURS) === 0) return decimal(byte & 0x3f);
  return (decimal(byte & 0x1f) % 12) + ((byte & PM) !== 0 ? 12 : 0);
}

/** Lets `seconds` pass: weekday at each midnight, century at the overflow of the years. */
export function passCalendar(reading: CalendarReading, seconds: number): void {
  const before = Math.floor(reading.seconds / DAY_S);
  reading.seconds += seconds;
  const midnights = Math.floor(reading.seconds / DAY_S) - before;
  reading.weekday = ((reading.weekday - 1 + midnights) % 7) + 1;
  while (reading.seconds >= CENTURY_DAYS * DAY_S) {
    reading.seconds -= CENTURY_DAYS * DAY_S;
    reading.century ^= 1;
  }
}
