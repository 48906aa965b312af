// Rows of a foreign recording as those of a data file: one clock from the test's start, counters
// that only rise, charges by direction that never start again.
import type { TraceColumn, TraceColumns } from "./trace-header.ts";
import { createRowReader, createTraceRow, directionOf } from "./trace-row.ts";
import type { TraceRow } from "./trace-row.ts";
import { parseDate, parseNumber } from "./trace-time.ts";
import type { Charges, VendorCharge } from "./vendor-charge.ts";
import { addCharges, createVendorCharge } from "./vendor-charge.ts";

/** On so much area, cm², a pressure in Pa is a force in N. */
const PASCAL_AREA_CM2 = 1e4;
const HOUR_S = 3600;

/** Status numbers of NewareNDA frames (github.com/d-cogswell/NewareNDA). */
const NEWARE: Readonly<Record<string, string>> = {
  ...{ 1: "CC_CHG", 2: "CC_DCH", 3: "CV_CHG", 4: "REST", 7: "CCCV_CHG", 8: "CP_DCH" },
  ...{ 9: "CP_CHG", 10: "CR_DCH", 13: "REST", 17: "SIM", 19: "CV_DCH", 20: "CCCV_DCH" },
};

/** What is carried from row to row. */
interface Carried {
  timeS: number;
  currentA: number;
  step: string;
  type: string;
  stepCount: number;
  cycle: number;
  charge: VendorCharge;
}

/** A recording's step type by the format's words, where it has one of them. */
export function typeOf(text: string): string {
  const known = NEWARE[text.trim()];
  if (known !== undefined) return known;
  const direction = directionOf(text);
  if (direction === 0) return "REST";
  if (Number.isNaN(direction)) return text;
  const mode = /cc[-_ ]?cv/i.exec(text) ?? /cc|cv|cp|cr/i.exec(text);
  if (mode === null) return text;
  const word = mode[0].toUpperCase().replace(/[-_ ]/, "");
  return `${word}_${direction > 0 ? "CHG" : "DCH"}`;
}

function numberAt(cells: readonly string[], column: TraceColumn | undefined): number {
  if (column === undefined) return NaN;
  return parseNumber(cells[column.at] ?? "") * column.scale;
}

function addCharge(carried: Carried, row: TraceRow, there: Charges | null, cycle: number): void {
  const hours = (row.timeS - carried.timeS) / HOUR_S;
  const { charge } = carried;
  if (there !== null) {
    const isStep = row.step !== carried.step;
    addCharges(charge, there, row.currentA * hours, isStep, cycle > carried.cycle);
    return;
  }
  if (!(hours > 0)) return;
  for (const amps of [carried.currentA, row.currentA]) {
    charge.sums[amps > 0 ? 0 : 1] += (Math.abs(amps) * hours) / 2;
  }
}

function count(carried: Carried, row: TraceRow, type: string, cycle: number): void {
  const isNew = row.step !== carried.step || type !== carried.type || carried.stepCount === 0;
  if (isNew) carried.stepCount++;
  [carried.step, carried.type] = [row.step, type];
  if (cycle > carried.cycle) carried.cycle = Math.round(cycle);
}

function figure(value: number, digits = 12): string {
  return String(Number(value.toFixed(digits)));
}

function begin(): Carried {
  return {
    ...{ timeS: NaN, currentA: 0, step: "", type: "", stepCount: 0, cycle: 0 },
    charge: createVendorCharge(),
  };
}

/** Labels, each with what a row has under it, of what a recording with these columns can say. */
type Output = readonly [label: string, text: (row: TraceRow, carried: Carried) => string][];

function outputOf(columns: TraceColumns, unixTime: () => number): Output {
  const { date, cycle, step, type, temperature, force, pressure } = columns;
  const counted = step !== undefined || type !== undefined;
  return [
    ["Test Time / s", (row) => figure(row.timeS, 6)],
    ["Voltage / V", (row) => figure(row.voltageV)],
    ["Current / A", (row) => figure(row.currentA)],
    ...when(date !== undefined, ["Unix Time / s", () => figure(unixTime(), 3)]),
    ...when(cycle !== undefined, ["Cycle Count / 1", (_, carried) => String(carried.cycle)]),
    ...when(counted, ["Step Count / 1", (_, carried) => String(carried.stepCount)]),
    ...when(step !== undefined, ["Step ID", (row) => row.step]),
    ...when(type !== undefined, ["Step Type", (_, carried) => carried.type]),
    ["Charging Capacity / Ah", (_, { charge }) => figure(charge.sums[0])],
    ["Discharging Capacity / Ah", (_, { charge }) => figure(charge.sums[1])],
    ["Cumulative Capacity / Ah", (_, { charge }) => figure(charge.sums[0] + charge.sums[1])],
    ["Net Capacity / Ah", (_, { charge }) => figure(charge.sums[0] - charge.sums[1])],
    ...when(temperature !== undefined, [
      "Surface Temperature / degC",
      (row) => optional(row.temperatureC),
    ]),
    ...when(force !== undefined, ["Clamp Force / N", (row) => optional(row.forceN)]),
    ...when(force === undefined && pressure !== undefined, [
      "Surface Pressure / Pa",
      (row) => optional(row.forceN),
    ]),
  ];
}

function when(there: boolean, column: Output[number]): Output {
  return there ? [column] : [];
}

function optional(value: number): string {
  return Number.isFinite(value) ? figure(value, 6) : "";
}

/** A reader of rows: the texts under `labels`, or why a row is left out. */
export interface BdfImport {
  labels: string[];
  row: (cells: readonly string[]) => string[] | string;
}

/** Turns rows of a recording with these columns into rows of the Battery Data Format. Where the
 *  recording counts no charge, it is the integral of the current by the trapezoid rule. */
export function createBdfImport(columns: TraceColumns): BdfImport {
  const { type, cycle, charged, discharged, date } = columns;
  const read = createRowReader(columns, PASCAL_AREA_CM2);
  const row = createTraceRow();
  const carried = begin();
  const both = charged !== undefined && discharged !== undefined;
  let unixTime = NaN;
  const output = outputOf(columns, () => unixTime);
  return {
    labels: output.map(([label]) => label),
    row(cells) {
      const trouble = read(cells, row);
      if (trouble !== "") return trouble;
      if (row.timeS < carried.timeS) return "time behind the row before";
      if (date !== undefined) unixTime = parseDate(cells[date.at] ?? "", date.scale);
      const there: Charges | null = both
        ? [numberAt(cells, charged), numberAt(cells, discharged)]
        : null;
      const cycleThere = numberAt(cells, cycle);
      addCharge(carried, row, there, cycleThere);
      const word = type === undefined ? "" : typeOf(cells[type.at] ?? "");
      count(carried, row, word, cycleThere);
      [carried.timeS, carried.currentA] = [row.timeS, row.currentA];
      return output.map(([, text]) => text(row, carried));
    },
  };
}
