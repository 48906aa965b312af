// One row of a recording in SI units.
import type { TraceColumn, TraceColumns } from "./trace-header.ts";
import { parseDate, parseNumber, parseSeconds } from "./trace-time.ts";

/** A recorded row, reused; V, A, °C, N; NaN = not recorded. Positive current charges. */
export interface TraceRow {
  /** s of test time. */
  timeS: number;
  voltageV: number;
  currentA: number;
  setpointA: number;
  temperatureC: number;
  forceN: number;
  /** Name or number of the step; "" = not recorded. */
  step: string;
  /** What the recorder calls the step: 0 rest, 1 charge, -1 discharge, NaN anything else. */
  direction: number;
}

/** An empty row. */
export function createTraceRow(): TraceRow {
  return {
    timeS: NaN,
    voltageV: NaN,
    currentA: NaN,
    setpointA: NaN,
    temperatureC: NaN,
    forceN: NaN,
    step: "",
    direction: NaN,
  };
}

/** Fills a row from the texts of its cells; "" or what makes it unusable. */
export type RowReader = (cells: readonly string[], row: TraceRow) => string;

/** No channel for single cells goes beyond; what does is another column or another unit. */
const VOLTS_MAX = 100;
const AMPERES_MAX = 1000;
/** A column of free text must not fill the memory. */
const TYPES_MAX = 64;
/** 1 Pa on 1 cm², N. */
const NEWTONS_PER_PASCAL_CM2 = 1e-4;

// Status numbers of NewareNDA frames (github.com/d-cogswell/NewareNDA).
const NEWARE_CHARGE = ["1", "3", "7", "9"];
const NEWARE_DISCHARGE = ["2", "8", "10", "19", "20"];
const NEWARE_REST = ["4", "13"];

/** The direction a step type names: 0 rest, 1 charge, -1 discharge, NaN = none of them. */
export function directionOf(type: string): number {
  const word = type.trim().toLowerCase();
  if (NEWARE_REST.includes(word) || /rest|ocv|open.circuit|pause|搁置|静置/.test(word)) return 0;
  if (NEWARE_DISCHARGE.includes(word) || /dis?ch|dch|放电/.test(word)) return -1;
  return NEWARE_CHARGE.includes(word) || /chg|charge|充电/.test(word) ? 1 : NaN;
}

function scaled(cells: readonly string[], column: TraceColumn | undefined): number {
  if (column === undefined || column.at >= cells.length) return NaN;
  return parseNumber(cells[column.at]) * column.scale + column.offset;
}

/** Reads the time of a row, s since the test's start. A time that starts again with every step is
 *  added up, a date counts from the first row's. */
type TimeReader = (cells: readonly string[]) => number;

function createTimeReader(columns: TraceColumns): TimeReader {
  const { clock, lap, date } = columns;
  if (clock !== undefined) return (cells) => parseSeconds(cells[clock.at] ?? "", clock.scale);
  if (lap !== undefined) return createLapReader(lap, columns.step);
  if (date === undefined) return () => NaN;
  let first = NaN;
  return (cells) => {
    const time = parseDate(cells[date.at] ?? "", date.scale);
    if (!(first === first)) first = time;
    return time - first;
  };
}

function createLapReader(lap: TraceColumn, step: TraceColumn | undefined): TimeReader {
  let before = 0;
  let last = 0;
  let lastStep = "";
  return (cells) => {
    const time = parseSeconds(cells[lap.at] ?? "", lap.scale);
    if (!(time === time)) return NaN;
    const now = step === undefined ? "" : (cells[step.at] ?? "");
    const fresh = now !== lastStep || time < last / 2;
    if (fresh && time < last) before += last;
    lastStep = now;
    last = time;
    return before + time;
  };
}

function complaint(what: string, text: string | undefined): string {
  if (text === undefined) return `no ${what}`;
  const shown = text.length > 20 ? text.slice(0, 19) + "…" : text;
  return `${what} ${JSON.stringify(shown)}`;
}

/** A reader for a table with these columns; `areaCm2` turns a pressure into the clamp's force. */
export function createRowReader(columns: TraceColumns, areaCm2: number): RowReader {
  const { voltage, current, type, step, clock, lap, date } = columns;
  const timed = clock ?? lap ?? date;
  const readTime = createTimeReader(columns);
  const directions = new Map<string, number>();
  const force = columns.force ?? columns.pressure;
  const newtons = columns.force === undefined ? areaCm2 * NEWTONS_PER_PASCAL_CM2 : 1;
  // A Neware export may give sizes only; its step type has the sign. BDF fixes it by itself.
  const signed = current?.standard ?? false;

  function direct(row: TraceRow, text: string): void {
    let direction = directions.get(text);
    if (direction === undefined) {
      if (directions.size >= TYPES_MAX) directions.clear();
      direction = directionOf(text);
      directions.set(text, direction);
    }
    row.direction = direction;
    if (!signed && direction * row.currentA < 0) row.currentA = -row.currentA;
  }

  return (cells, row) => {
    row.timeS = readTime(cells);
    row.voltageV = scaled(cells, voltage);
    row.currentA = scaled(cells, current);
    if (!Number.isFinite(row.timeS)) return complaint("time", cells[timed?.at ?? -1]);
    if (!(Math.abs(row.voltageV) <= VOLTS_MAX))
      return complaint("voltage", cells[voltage?.at ?? -1]);
    if (!(Math.abs(row.currentA) <= AMPERES_MAX))
      return complaint("current", cells[current?.at ?? -1]);
    row.setpointA = scaled(cells, columns.setpoint);
    row.temperatureC = scaled(cells, columns.temperature);
    row.forceN = scaled(cells, force) * newtons;
    row.step = step === undefined ? "" : (cells[step.at] ?? "");
    if (type !== undefined) direct(row, cells[type.at] ?? "");
    return "";
  };
}
