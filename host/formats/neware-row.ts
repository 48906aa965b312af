// Rows as Neware's BTSDA exports them: step time, capacities and energies start again with each
// step; positive current charges.
import { directionOf } from "./trace-row.ts";

const HOUR_S = 3600;

/** Columns of a record layer, in its order. */
export const NEWARE_COLUMNS = [
  "DataPoint",
  "Cycle Index",
  "Step Index",
  "Step Type",
  "Time",
  "Total Time",
  "Current(A)",
  "Voltage(V)",
  "Capacity(Ah)",
  "Chg. Cap.(Ah)",
  "DChg. Cap.(Ah)",
  "Energy(Wh)",
  "Chg. Energy(Wh)",
  "DChg. Energy(Wh)",
  "Date",
  "Power(W)",
];

/** What a row is made of, as in the data file; s, V, A, Ah. */
export interface NewareSource {
  time: number;
  voltage: number;
  current: number;
  /** s since 1970; NaN = not known. */
  unixTime: number;
  cycle: string;
  /** Executed steps, and the program's step. */
  stepCount: string;
  stepId: string;
  stepType: string;
  charged: number;
  discharged: number;
}

/** Two digits at least. */
function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** Hours, minutes, seconds and milliseconds: 30:05:07.250. */
function clockText(seconds: number): string {
  const ms = Math.round(seconds * 1000);
  const whole = Math.floor(ms / 1000);
  const parts = [Math.floor(whole / HOUR_S), Math.floor((whole % HOUR_S) / 60), whole % 60];
  return `${parts.map(two).join(":")}.${String(ms % 1000).padStart(3, "0")}`;
}

// Beyond the calendar there is no date.
function dateText(unixTime: number): string {
  const date = new Date(unixTime * 1000);
  return Number.isFinite(date.getTime()) ? date.toISOString().slice(0, 19).replace("T", " ") : "";
}

function typeText(type: string): string {
  const direction = directionOf(type);
  if (direction === 0 || Number.isNaN(direction)) return "Rest";
  const mode = /^(cccv|cv|cp|cr)_/i.exec(type)?.[1].toUpperCase() ?? "CC";
  return `${mode} ${direction > 0 ? "Chg" : "DChg"}`;
}

/** Charges of the data file have 1e-12 Ah; what is computed from them has nine digits. */
function figure(value: number): string {
  return String(Number(value.toFixed(12)));
}

function computed(value: number): string {
  return String(Number(value.toPrecision(9)));
}

/** What has passed since the step's begin. */
interface Sums {
  startTime: number;
  charged: number;
  discharged: number;
  energyIn: number;
  energyOut: number;
}

function begin(startTime: number): Sums {
  return { startTime, charged: 0, discharged: 0, energyIn: 0, energyOut: 0 };
}

/** Adds what has passed between two rows; it is the later one's. */
function add(sums: Sums, before: NewareSource, source: NewareSource): void {
  // At a change of current the voltage before it is another one's.
  const volts = before.stepCount === source.stepCount ? before.voltage : source.voltage;
  const mean = (volts + source.voltage) / 2;
  const taken = source.charged - before.charged;
  const given = source.discharged - before.discharged;
  sums.charged += taken;
  sums.discharged += given;
  sums.energyIn += mean * taken;
  sums.energyOut += mean * given;
}

/** Makes rows one after the other. */
export function createNewareRows(): (source: NewareSource) => string[] {
  let last: NewareSource | null = null;
  let sums = begin(0);
  let count = 0;
  return (source) => {
    const before: NewareSource = last ?? source;
    if (before.stepCount !== source.stepCount) sums = begin(before.time);
    add(sums, before, source);
    last = source;
    return [
      String(++count),
      source.cycle,
      source.stepId,
      typeText(source.stepType),
      clockText(source.time - sums.startTime),
      clockText(source.time),
      figure(source.current),
      figure(source.voltage),
      figure(sums.charged + sums.discharged),
      figure(sums.charged),
      figure(sums.discharged),
      computed(sums.energyIn + sums.energyOut),
      computed(sums.energyIn),
      computed(sums.energyOut),
      dateText(source.unixTime),
      computed(source.current * source.voltage),
    ];
  };
}
