// What a run of cycles comes to, as figures of the report's head.
import type { VerdictRecord } from "../event-record.ts";
import { significant } from "../quantity.ts";
import type { CycleSign, Findings } from "./findings.ts";

type Row = [name: string, value: string];

function capacities(first: CycleSign, last: CycleSign): string {
  const from = first.dischargeMahPerG ?? first.dischargeMahCm2;
  const to = last.dischargeMahPerG ?? last.dischargeMahCm2;
  const unit = first.dischargeMahPerG === undefined ? "mAh/cm²" : "mAh/g";
  return `${significant(from, 4)} → ${significant(to, 4)} ${unit}`;
}

/** Cycles, capacity, retention and mean efficiency; none for a staircase or a single cycle. */
export function cycleRows(findings: Findings, verdict: VerdictRecord): Row[] {
  const { firstCycle, lastCycle, cycles, efficiencies, efficiencySum } = findings;
  if (firstCycle === null || lastCycle === null) return [];
  if (cycles.count < 2 || verdict.ccd !== undefined) return [];
  const rows: Row[] = [
    ["Cycles", String(cycles.count)],
    ["Discharge capacity, first → last cycle", capacities(firstCycle, lastCycle)],
  ];
  const retention = lastCycle.capacityRetention;
  if (retention !== null) rows.push(["Capacity retention", `${significant(retention * 100, 4)} %`]);
  if (efficiencies > 0) {
    const mean = (efficiencySum / efficiencies) * 100;
    rows.push(["Mean coulombic efficiency", `${significant(mean, 5)} %`]);
  }
  return rows;
}
