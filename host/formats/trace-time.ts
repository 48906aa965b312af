// Times as recorders write them: seconds, 12:34:56.7, 1 d 02:03:04, calendar dates.

const CLOCK = /^(?:(\d+)\s*(?:d|days?|-|\s)\s*)?(\d+):(\d{1,2})(?::(\d{1,2}(?:[.,]\d+)?))?$/i;
const YEAR_FIRST = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T\s]+(.+?))?(?:Z|[+-]\d\d:?\d\d)?$/i;
const YEAR_LAST = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:\s+(.+?))?(?:\s*(am|pm))?$/i;
const DAY_S = 86_400;
/** Longer texts are no time. It also bounds what the patterns above cost, which grows with the
 *  square of the length where spaces are many. */
const LENGTH_MAX = 64;

/** A number with a decimal point or comma; NaN for everything else, nothing included. */
export function parseNumber(text: string): number {
  const value = Number(text);
  if (value === 0) return text.trim() === "" ? NaN : 0;
  if (value === value) return value;
  return text.includes(",") ? Number(text.replace(",", ".")) : NaN;
}

function clock(text: string): number {
  const parts = text.length > LENGTH_MAX ? null : CLOCK.exec(text.trim());
  if (parts === null) return NaN;
  const [, days = "0", hours, minutes, seconds = "0"] = parts;
  const small = Number(minutes) * 60 + Number(seconds.replace(",", "."));
  return Number(days) * DAY_S + Number(hours) * 3600 + small;
}

/** Seconds from a number of a unit of `scale` seconds, or from a text such as 26:03:04.5 or
 *  1 02:03:04.5; NaN when it is neither. */
export function parseSeconds(text: string, scale: number): number {
  const value = parseNumber(text);
  return value === value ? value * scale : clock(text);
}

function timeOfDay(text: string | undefined, half: string | undefined): number {
  if (text === undefined) return 0;
  const seconds = clock(text);
  if (half === undefined) return seconds;
  return (seconds % (DAY_S / 2)) + (half.toLowerCase() === "pm" ? DAY_S / 2 : 0);
}

/** Seconds since 1970 from a number of a unit of `scale` seconds or a calendar date: year first, or
 *  last and then the month first, unless that is above 12. Time zones are left aside: only
 *  distances are used. NaN when it is none of these. */
export function parseDate(text: string, scale: number): number {
  const value = parseNumber(text);
  if (value === value) return value * scale;
  if (text.length > LENGTH_MAX) return NaN;
  const first = YEAR_FIRST.exec(text.trim());
  if (first !== null) {
    const [, year, month, day, time] = first;
    return Date.UTC(+year, +month - 1, +day) / 1000 + timeOfDay(time, undefined);
  }
  const last = YEAR_LAST.exec(text.trim());
  if (last === null) return NaN;
  const [, a, b, year, time, half] = last;
  const [month, day] = Number(a) > 12 ? [b, a] : [a, b];
  return Date.UTC(+year, +month - 1, +day) / 1000 + timeOfDay(time, half);
}
