// The sample log's format, which the board writes and the host reads. Logged units: voltage and
// current one count of the converter at the gain that goes with them, force 1 N, temperature
// 0.05 K, time 1 ms, charge 1 µC, set-point 1 pA. In these a record comes back as it went in.

// Columns of a record: since the run's start, ms; ...
export const TIME = 0;
export const VOLTAGE = 1;
/** 0 while the relay is at rest. */
export const CURRENT = 2;
export const FORCE = 3;
export const TEMPERATURE = 4;
/** Since the run's start, each direction on its own. */
export const CHARGE_IN = 5;
export const CHARGE_OUT = 6;
/** What the counts stand for: gain of the voltage, gain of the current, range + 1 as read back, and
 *  the relay, one digit each to the bases below. */
export const SCALE = 7;
/** The labels, in the order of telemetry's: set-point, step, executed steps, cycle, direction. */
export const SETPOINT = 8;
export const STEP = 9;
export const STEP_COUNT = 10;
export const CYCLE_COUNT = 11;
export const DIRECTION = 12;
/** Status bits of the frame, see hal/port.ts. */
export const FLAGS = 13;
export const COLUMNS = 14;

/** Factors of the digits of `SCALE`. */
export const CURRENT_GAIN_DIGIT = 8;
export const RANGE_DIGIT = 64;
export const RELAY_DIGIT = 1024;

/** mN and m°C of a logged unit. */
export const FORCE_UNIT = 1000;
export const TEMPERATURE_UNIT = 50;

// A page of samples: magic, count of its records, run (2 bytes), number of the page (4), records of
// the run before it (4), body, and CRC-32 of all before it; little-endian.
export const PAGE_BYTES = 256;
export const PAGE_MAGIC = 0xa5;
export const PAGE_RECORDS = 1;
export const PAGE_RUN = 2;
export const PAGE_NUMBER = 4;
export const PAGE_BEFORE = 8;
export const PAGE_BODY = 12;
export const PAGE_END = 252;

// The body begins with a whole record, all columns as signed varints, then what prediction needs:
// the usual distance of records in time, how much longer that to the record before was, charge
// since then, and the direction of that charge (0 in, 1 out). What follows is one of these a
// record, told apart by the first bits, all differences and with half their span added:
//   0vvvfftt
//   100jjjjv vvvvfftt
//   101vvvvi iiiifftt
//   110qqqjj jjvvvvii iiiifftt
//   1110qqqq qjjjjjvv vvvvvvii iiiifftt
//   1111bgcl .qtfivj.           columns that follow, from the right of the first byte on
// where f, t, v, i are force, temperature, voltage and current against the record before, q charge
// and j time against prediction; l labels, c scale, g flags, b both charges. What is left out is as
// it was, or as predicted. What follows the last are varints: labels, scale and flags as they are,
// the others as the differences that they are. Records fill the body as far as the head says.
export const WITH_LABELS = 1;
export const WITH_SCALE = 2;
export const WITH_FLAGS = 4;
/** Both charges moved, or the other one: differences of both in place of `WITH_CHARGE`. */
export const WITH_BOTH = 8;
export const WITH_TIME = 2;
export const WITH_VOLTAGE = 4;
export const WITH_CURRENT = 8;
export const WITH_FORCE = 16;
export const WITH_TEMPERATURE = 32;
export const WITH_CHARGE = 64;
export const GENERAL = 0xf0;
export const BLANK = 0xff;
/** A time further than this from prediction makes its distance the usual one. */
export const TIME_BAND = 16;
/** A charge further than this from prediction makes a new line through the last two. */
export const CHARGE_BAND = 4;

/** Columns against which the next record is predicted, and what they are predicted by. */
export interface Forecast {
  /** The record before. */
  readonly last: Float64Array;
  /** By the places below. */
  readonly line: Float64Array;
}

/** The usual distance of records, ms; ... */
export const LINE_TIME = 0;
/** ... where the line of the charge begins; ... */
export const LINE_FROM = 1;
export const LINE_CHARGE = 2;
/** ... and which charge it is, by its column. */
export const LINE_COLUMN = 3;
export const LINE_PLACES = 4;

/** Nothing before. */
export function createForecast(): Forecast {
  const line = new Float64Array(LINE_PLACES);
  line[LINE_COLUMN] = CHARGE_IN;
  return { last: new Float64Array(COLUMNS), line };
}

/** By how much the charge of the line's column goes on until `time`: along the line from its begin
 *  to the last record. Whole numbers; both sides divide alike. */
export function chargeAhead(forecast: Forecast, time: number): number {
  const line = forecast.line;
  const last = forecast.last;
  const span = last[TIME] - line[LINE_FROM];
  const moved = last[line[LINE_COLUMN]] - line[LINE_CHARGE];
  if (!(span > 0) || moved === 0) return 0;
  return Math.floor((moved * (time - line[LINE_FROM])) / span + 0.5) - moved;
}

/** The line of the charge begins anew at the last record. */
export function bendCharge(forecast: Forecast): void {
  const line = forecast.line;
  line[LINE_FROM] = forecast.last[TIME];
  line[LINE_CHARGE] = forecast.last[line[LINE_COLUMN]];
}

// The kept stream: [length][payload][CRC-16], the lowest 16 bits of the payload's CRC-32, low byte
// first, none across the end of a page; the rest of a page that has a bad one is left. A payload is
// run (2 bytes), kind, number of the kept record (3), samples logged before it (3), and what the
// kind says.
export const KEPT_RUN = 0;
export const KEPT_KIND = 2;
export const KEPT_NUMBER = 3;
export const KEPT_BEFORE = 6;
export const KEPT_HEAD = 9;
/** Doubles by which counts become volts, and amperes: see firmware/log-scale.ts. */
export const KEPT_VOLTS = 1;
export const KEPT_AMPS = 2;
/** Values of an event's line, code first, signed. */
export const KEPT_EVENT = 3;
/** The last sample of a step or half cycle, all columns signed. */
export const KEPT_SAMPLE = 4;
/** Values of a line of evidence; points as differences to the point before. */
export const KEPT_EVIDENCE = 5;
/** The board has started in the middle of the run. */
export const KEPT_BOOT = 6;
/** So many kept records found no room. */
export const KEPT_LOST = 7;
/** Head and tail of a record beside its payload, bytes. */
export const KEPT_FRAME = 3;

/** Samples, the same thinned, and what is kept: a ring of sectors each. */
export const REGIONS = 3;
export const SAMPLES = 0;
export const THINNED = 1;
export const KEPT = 2;
/** Of what is about to be overwritten, every so manieth page is kept among the thinned. */
export const THINNING = 4;

/** First sector of a region of a memory of so many sectors; of `REGIONS`: the memory's end. */
export function regionStart(region: number, sectors: number): number {
  if (region === SAMPLES) return 0;
  if (region === THINNED) return Math.floor((sectors * 11) / 16);
  return region === KEPT ? Math.floor((sectors * 13) / 16) : sectors;
}
