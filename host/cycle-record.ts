// A cycle as an event record and as a row of NAME.cycles.csv.
import { stringify } from "csv-stringify/sync";
import type { Cell } from "./cell-file.ts";
import type { Cycle, CycleSide } from "./cycle.ts";
import { micro, significant } from "./quantity.ts";

/** What of a cell its capacities are divided by. */
export type Electrode = Pick<Cell, "areaCm2" | "activeMassMg">;

/** A cycle among the events: per area, since that is what cells are compared by; and per gram where
 *  the active mass is known. */
export interface CycleRecord {
  event: "cycle";
  cycle: number;
  chargeMahCm2: number;
  dischargeMahCm2: number;
  chargeMahPerG?: number;
  dischargeMahPerG?: number;
  coulombicEfficiency: number | null;
  energyEfficiency: number | null;
  capacityRetention: number | null;
  chargeArealOhmCm2: number | null;
  dischargeArealOhmCm2: number | null;
}

const SECONDS = 3600;

/** Columns of the file; efficiencies are discharge over charge, retention is discharge over that of
 *  the first whole cycle. */
const COLUMNS = [
  "Cycle Count / 1",
  "Begin Test Time / s",
  "End Test Time / s",
  "Charging Capacity / Ah",
  "Discharging Capacity / Ah",
  "Coulombic Efficiency / 1",
  "Charging Energy / Wh",
  "Discharging Energy / Wh",
  "Energy Efficiency / 1",
  "Mean Charging Voltage / V",
  "Mean Discharging Voltage / V",
  "End Charging Voltage / V",
  "End Discharging Voltage / V",
  "Charging Areal Resistance / ohm cm2",
  "Discharging Areal Resistance / ohm cm2",
  "Capacity Retention / 1",
];
/** Those of a cell whose active mass is known. */
const SPECIFIC_COLUMNS = [
  "Specific Charging Capacity / mAh g-1",
  "Specific Discharging Capacity / mAh g-1",
];

/** The header, a line. */
export function cycleHeader({ activeMassMg }: Electrode): string {
  return stringify([activeMassMg === undefined ? COLUMNS : [...COLUMNS, ...SPECIFIC_COLUMNS]]);
}

/** Charge of one direction in mAh a gram of `massMg`. */
function perGram(side: CycleSide, massMg: number): number {
  return (side.charge * 1e6) / SECONDS / massMg;
}

function rounded(value: number | null, digits: number): string {
  return value === null ? "" : String(Number(value.toFixed(digits)));
}

/** A cycle's row, a line; what is not known is left empty. */
export function cycleRow(cycle: Cycle, { activeMassMg }: Electrode): string {
  const { charge, discharge } = cycle;
  const sides = [charge, discharge];
  const each = (value: (side: CycleSide) => number | null, digits: number): string[] =>
    sides.map((side) => rounded(value(side), digits));
  return stringify([
    [
      String(cycle.number),
      rounded(cycle.beganMs / 1000, 3),
      rounded(cycle.endedMs / 1000, 3),
      ...each((side) => side.charge / SECONDS, 12),
      rounded(cycle.coulombicEfficiency, 6),
      ...each((side) => side.energy / SECONDS, 12),
      rounded(cycle.energyEfficiency, 6),
      ...each((side) => side.meanVolts, 6),
      ...each((side) => side.endVolts, 6),
      ...each((side) => side.arealOhm, 3),
      rounded(cycle.capacityRetention, 6),
      ...(activeMassMg === undefined ? [] : each((side) => perGram(side, activeMassMg), 4)),
    ],
  ]);
}

function perArea(side: CycleSide, areaCm2: number): number {
  return micro((side.charge * 1000) / SECONDS / areaCm2);
}

function orNull(value: number | null): number | null {
  return value === null ? null : micro(value);
}

/** A cycle's event on such an electrode. */
export function cycleRecord(cycle: Cycle, electrode: Electrode): { t: number } & CycleRecord {
  const { areaCm2, activeMassMg } = electrode;
  const specific = (side: CycleSide): number => micro(perGram(side, activeMassMg ?? NaN));
  return {
    t: cycle.endedMs / 1000,
    event: "cycle",
    cycle: cycle.number,
    chargeMahCm2: perArea(cycle.charge, areaCm2),
    dischargeMahCm2: perArea(cycle.discharge, areaCm2),
    ...(activeMassMg !== undefined && {
      chargeMahPerG: specific(cycle.charge),
      dischargeMahPerG: specific(cycle.discharge),
    }),
    coulombicEfficiency: orNull(cycle.coulombicEfficiency),
    energyEfficiency: orNull(cycle.energyEfficiency),
    capacityRetention: orNull(cycle.capacityRetention),
    chargeArealOhmCm2: orNull(cycle.charge.arealOhm),
    dischargeArealOhmCm2: orNull(cycle.discharge.arealOhm),
  };
}

/** What a cycle moved, in words. */
export function cycleWords(record: CycleRecord): string {
  const { dischargeMahPerG } = record;
  const specific =
    dischargeMahPerG === undefined ? "" : ` (${significant(dischargeMahPerG, 4)} mAh/g)`;
  const moved =
    `charge ${significant(record.chargeMahCm2, 4)}, ` +
    `discharge ${significant(record.dischargeMahCm2, 4)} mAh/cm²${specific}`;
  const efficiency = record.coulombicEfficiency;
  if (efficiency === null) return moved;
  return `${moved}, coulombic efficiency ${significant(efficiency * 100, 5)} %`;
}
