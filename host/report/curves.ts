// The numbers behind a report's plots.
import type { Envelope } from "../decimate.ts";
import { points } from "../decimate.ts";
import type { VerdictRecord } from "../event-record.ts";
import { micro } from "../quantity.ts";
import type { CloseUp } from "./close-up.ts";
import { evidenceData } from "./evidence.ts";
import type { CycleSign, Findings, HalfCycle } from "./findings.ts";
import { tone } from "./tone.ts";

const HOUR = 3600;
/** A span of areal resistances wider than this is shown on a logarithmic axis. */
const LOG_RATIO = 12;

type Column = (number | null)[];

function hours(envelope: Envelope, scale: number): [number[], number[]] {
  const [times, values] = points(envelope);
  return [times.map((t) => micro(t / HOUR)), values.map((v) => micro(v * scale))];
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function resistance(
  halfCycles: readonly HalfCycle[],
  bulkOhmCm2: number,
  verdict: VerdictRecord,
): object | null {
  if (halfCycles.length < 2) return null;
  const byLevel = verdict.ccd !== undefined;
  const xs = halfCycles.map((half) => (byLevel ? half.levelMaCm2 : half.number));
  const of = (direction: number): Column =>
    halfCycles.map((half) => (half.direction === direction ? half.arealResistance || null : null));
  const sizes = halfCycles.map((half) => half.arealResistance).filter((value) => value > 0);
  const most = sizes.reduce((a, b) => Math.max(a, b), bulkOhmCm2);
  const least = sizes.reduce((a, b) => Math.min(a, b), bulkOhmCm2);
  const margin = Math.max((xs[xs.length - 1] - xs[0]) * 0.03, byLevel ? 0.05 : 0.5);
  return {
    label: byLevel ? "Level / mA cm\u207b\u00b2" : "Half cycle",
    xy: [xs, of(1), of(-1), xs.map(() => bulkOhmCm2)],
    log: most > LOG_RATIO * least,
    from: xs[0] - margin,
    to: xs[xs.length - 1] + margin,
    bracket: verdict.ccd?.bracketMaCm2 ?? [],
  };
}

function cyclePlot(cycles: readonly CycleSign[]): object | null {
  if (cycles.length < 2) return null;
  const percent = (share: number | null): number | null => share && micro(share * 100);
  const specific = cycles[0].dischargeMahPerG !== undefined;
  return {
    label: specific ? "Capacity / mAh g\u207b\u00b9" : "Capacity / mAh cm\u207b\u00b2",
    capacity: [
      cycles.map((one) => one.cycle),
      cycles.map((one) => one.chargeMahPerG ?? one.chargeMahCm2),
      cycles.map((one) => one.dischargeMahPerG ?? one.dischargeMahCm2),
    ],
    efficiency: [
      cycles.map((one) => one.cycle),
      cycles.map((one) => percent(one.coulombicEfficiency)),
    ],
  };
}

function closeUpPlot({ snapshot }: CloseUp): object | null {
  if (snapshot === null) return null;
  const [scale, unit] = largest(snapshot.voltages) < 1 ? [1000, "mV"] : [1, "V"];
  return {
    label: `Voltage / ${unit}`,
    tone: snapshot.class === "hard" ? "bad" : "warn",
    xy: [
      snapshot.times.map((t) => micro(t - snapshot.at)),
      snapshot.voltages.map((v) => micro(v * scale)),
    ],
  };
}

/** Everything the plot script reads; hours, mV or V, mA/cm², Ω cm². `bulkOhmCm2` is what the
 *  intact pellet alone has: thickness over conductivity. */
export function plotData(findings: Findings, verdict: VerdictRecord, bulkOhmCm2: number): object {
  const small = largest(points(findings.voltage)[1]) < 1;
  const seconds = (findings.last?.timeMs ?? 0) / 1000;
  return {
    hours: Math.max(seconds / HOUR, 1e-3),
    voltage: {
      label: small ? "Voltage / mV" : "Voltage / V",
      xy: hours(findings.voltage, small ? 1000 : 1),
    },
    density: { xy: hours(findings.currentDensity, 1) },
    marks: findings.signs
      .filter((sign) => tone(sign.record) !== "")
      .map((sign) => ({ x: micro(sign.record.t / HOUR), tone: tone(sign.record) })),
    closeUp: closeUpPlot(findings.closeUp),
    evidence: evidenceData(findings),
    cycles: cyclePlot(findings.cycles.kept),
    resistance: resistance(findings.halfCycles.kept, micro(bulkOhmCm2), verdict),
  };
}
