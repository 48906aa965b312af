// What a data file can be turned into: its columns, and a row from a row.
import { machineName } from "./bdf-names.ts";
import { NEWARE_COLUMNS, createNewareRows } from "./neware-row.ts";

/** Text of the source's column with this preferred label. */
export type Cell = (label: string) => string;

/** A format to export to. */
export interface ExportFormat {
  /** What the file's name ends in. */
  readonly ending: string;
  /** No text: it goes into a file only. */
  readonly isBinary: boolean;
  /** Preferred labels of the columns that it cannot do without. */
  readonly needs: readonly string[];
  /** Header of the result for a source with these labels. */
  columns(labels: readonly string[]): readonly string[];
  /** A maker of rows, used from the first to the last. */
  rows(labels: readonly string[]): (cell: Cell) => string[];
}

const BASIC = ["Test Time / s", "Voltage / V", "Current / A"];
const CYCLE = "Cycle Count / 1";
const STEP_COUNT = "Step Count / 1";
const STEP_TYPE = "Step Type";
const CHARGED = "Charging Capacity / Ah";
const DISCHARGED = "Discharging Capacity / Ah";

const csv: ExportFormat = {
  ...{ ending: "csv.csv", isBinary: false },
  needs: BASIC,
  columns: (labels) => labels.map(machineName),
  rows: (labels) => (cell) => labels.map(cell),
};

/** The format of a data file itself, under its preferred labels: what recordings become. */
const bdf: ExportFormat = {
  ...{ ending: "bdf.csv", isBinary: false, needs: BASIC },
  columns: (labels) => labels,
  rows: (labels) => (cell) => labels.map(cell),
};

const parquet: ExportFormat = { ...bdf, ending: "bdf.parquet", isBinary: true };

// Current of a PyBaMM drive cycle: positive discharges, the other way round than everywhere here.
function reversed(current: string): string {
  const value = Number(current);
  return value === 0 ? "0" : current.startsWith("-") ? current.slice(1) : `-${current}`;
}

const pybamm: ExportFormat = {
  ...{ ending: "pybamm.csv", isBinary: false },
  needs: BASIC,
  columns: () => ["Time [s]", "Current [A]", "Voltage [V]"],
  rows: () => (cell) => [cell(BASIC[0]), reversed(cell(BASIC[2])), cell(BASIC[1])],
};

const neware: ExportFormat = {
  ...{ ending: "neware.csv", isBinary: false },
  needs: [...BASIC, CYCLE, STEP_COUNT, STEP_TYPE, CHARGED, DISCHARGED],
  columns: () => NEWARE_COLUMNS,
  rows: (labels) => {
    const row = createNewareRows();
    const dated = labels.includes("Unix Time / s");
    const step = labels.includes("Step ID") ? "Step ID" : STEP_COUNT;
    return (cell) =>
      row({
        time: Number(cell(BASIC[0])),
        voltage: Number(cell(BASIC[1])),
        current: Number(cell(BASIC[2])),
        unixTime: dated ? Number(cell("Unix Time / s")) : NaN,
        cycle: cell(CYCLE),
        stepCount: cell(STEP_COUNT),
        stepId: cell(step),
        stepType: cell(STEP_TYPE),
        charged: Number(cell(CHARGED)),
        discharged: Number(cell(DISCHARGED)),
      });
  },
};

/** Formats by the words of `--to`. */
export const EXPORT_FORMATS: Readonly<Record<string, ExportFormat>> = {
  neware,
  pybamm,
  csv,
  bdf,
  parquet,
};
