// Presets for full cells with a Na3V2(PO4)3 (NVP) cathode: rates from the cell's own capacity.
import type { Cell } from "./cell-file.ts";
import { nominalCapacityMah } from "./cell-file.ts";
import { InputError } from "./input-error.ts";
import { micro } from "./quantity.ts";
import type { Protocol, ProtocolStep } from "./protocol/form.ts";

/** Rates of the series, C, and how many cycles a preset of that rate alone makes. */
const RATES = [
  { rate: 0.1, cycles: 20 },
  { rate: 0.2, cycles: 50 },
  { rate: 0.5, cycles: 100 },
  { rate: 1, cycles: 500 },
  { rate: 2, cycles: 1000 },
  { rate: 5, cycles: 7300 },
] as const;

/** The series, and one preset for each rate. */
export const FULL_CELL_PRESETS: readonly string[] = [
  "full-cell",
  ...RATES.map(({ rate }) => `full-cell-${rate}C`),
];

const HOUR = 3600;
const FORMING_CYCLES = 3;
const SERIES_CYCLES = 5;
/** Cut-offs of NVP against sodium, V: either end of its plateau at 3.4 V. */
const CHARGED_V = 3.8;
const DISCHARGED_V = 2.5;
/** A half cycle may take this many times what its rate says. */
const LONGEST = 2;

/** `cycles` at `rate` C on a cell of `capacityMah`; `at` is the step's number, from 1. */
function cycling(rate: number, cycles: number, capacityMah: number, at: number): ProtocolStep[] {
  const currentMa = micro(rate * capacityMah);
  const timeS = (LONGEST * HOUR) / rate;
  return [
    { step: "current", currentMa, until: { voltageAboveV: CHARGED_V, timeS } },
    { step: "current", currentMa: -currentMa, until: { voltageBelowV: DISCHARGED_V, timeS } },
    { step: "loop", to: at, count: cycles },
  ];
}

function checkWindow(name: string, cell: Cell): void {
  const [low, high] = cell.voltageWindowV;
  if (low < DISCHARGED_V && high > CHARGED_V) return;
  throw new InputError(
    `${name}: cycles between ${DISCHARGED_V} and ${CHARGED_V} V; accepted: a cell whose ` +
      `voltageWindowV goes beyond both, not [${low}, ${high}]`,
  );
}

/** The full-cell preset of a name, null if it is none: a rest of 2 h, three cycles at C/10 to form
 *  the cell, then five at each rate from C/5 to 5 C and three at C/10 again, or many at one rate.
 *  Throws InputError for a cell of unknown capacity, or of another voltage. */
export function fullCellPreset(name: string, cell: Cell): Protocol | null {
  if (!FULL_CELL_PRESETS.includes(name)) return null;
  const capacityMah = nominalCapacityMah(cell);
  if (capacityMah === null) {
    throw new InputError(
      `${name}: rates need the cell's capacity; accepted: a cell with activeMassMg and ` +
        "specificCapacityMahPerG, or with arealCapacityMahCm2 (--on sim:nvp has them)",
    );
  }
  checkWindow(name, cell);
  const forming = { rate: RATES[0].rate, cycles: FORMING_CYCLES };
  const own = RATES.filter(({ rate }) => name === `full-cell-${rate}C`);
  const series = RATES.slice(1).map(({ rate }) => ({ rate, cycles: SERIES_CYCLES }));
  const parts = [forming, ...(own.length > 0 ? own : [...series, forming])];
  const method: ProtocolStep[] = [{ step: "rest", timeS: 2 * HOUR }];
  for (const { rate, cycles } of parts) {
    method.push(...cycling(rate, cycles, capacityMah, method.length + 1));
  }
  return { name, method };
}
