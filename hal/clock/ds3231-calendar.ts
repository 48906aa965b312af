// Seconds since 1970 and the calendar of 2000 to 2099, where every fourth year is a leap year.

/** 2000-01-01T00:00:00Z and 2100-01-01T00:00:00Z, seconds since 1970. */
export const YEAR_2000_S = 946684800;
export const YEAR_2100_S = 4102444800;

const DAY_S = 86400;
const FOUR_YEARS = 1461;
/** Days of a leap year before each month; the last is the year's length. */
const BEFORE = [0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366];

/** Days that a year (0 = 2000) lacks before `month` (1 to 13), against a leap year. */
function lacking(year: number, month: number): number {
  return month > 2 && year % 4 !== 0 ? 1 : 0;
}

/** A date and time of day; `year` counts from 2000, `month`, `date` and `day` (of the week, Sunday
 *  first) from 1. */
export interface Moment {
  year: number;
  month: number;
  date: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

/** Seconds since 1970, or -1 for what is no date. Fields are not negative. */
export function toSeconds(m: Moment): number {
  if (m.year > 99 || m.month < 1 || m.month > 12 || m.date < 1) return -1;
  if (m.hour > 23 || m.minute > 59 || m.second > 59) return -1;
  const start = BEFORE[m.month - 1] - lacking(m.year, m.month);
  const end = BEFORE[m.month] - lacking(m.year, m.month + 1);
  if (m.date > end - start) return -1;
  const days = m.year * 365 + Math.floor((m.year + 3) / 4) + start + m.date - 1;
  return YEAR_2000_S + days * DAY_S + m.hour * 3600 + m.minute * 60 + m.second;
}

/** Fills `m` with the moment of `seconds` since 1970, from 2000 to 2099. */
export function toMoment(seconds: number, m: Moment): void {
  const days = Math.floor((seconds - YEAR_2000_S) / DAY_S);
  const inDay = seconds - YEAR_2000_S - days * DAY_S;
  const inCycle = days % FOUR_YEARS;
  const yearInCycle = inCycle < 366 ? 0 : Math.floor((inCycle - 1) / 365);
  const inYear = inCycle - yearInCycle * 365 - (yearInCycle > 0 ? 1 : 0);
  m.year = Math.floor(days / FOUR_YEARS) * 4 + yearInCycle;
  m.month = 1;
  while (inYear >= BEFORE[m.month] - lacking(m.year, m.month + 1)) m.month++;
  m.date = inYear - BEFORE[m.month - 1] + lacking(m.year, m.month) + 1;
  // 2000-01-01 was a Saturday.
  m.day = ((days + 6) % 7) + 1;
  m.hour = Math.floor(inDay / 3600);
  m.minute = Math.floor(inDay / 60) % 60;
  m.second = Math.floor(inDay) % 60;
}
