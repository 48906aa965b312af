// What a finding was decided on: the frames before and after it, and a burst of readings. They wait
// in a ring and go out a few at a time.
import type { Evidence, Witness } from "./evidence-state.ts";
import { BURST_READINGS, RING } from "./evidence-state.ts";
import type { Sample } from "./sample.ts";
import { encodeEvidence } from "./telemetry.ts";

/** Frames told before and after an event. */
const BEFORE = 32;
const AFTER = 16;
/** Points of a line. */
const POINTS = 8;

/** Another run counts its events from 1. */
export function forget(evidence: Evidence): void {
  evidence.event = 0;
  evidence.until = evidence.told;
  evidence.burstWanted = false;
  evidence.burstTold = evidence.burstTaken;
}

/** Keeps a frame. */
export function remember(evidence: Evidence, sample: Sample): void {
  const at = evidence.seen % RING;
  evidence.times[at] = sample.timeVoltage;
  evidence.volts[at] = sample.voltage;
  evidence.amps[at] = sample.current;
  evidence.seen++;
}

/** An event: frames around it, and a burst, are to be told. */
export function witness(evidence: Evidence): void {
  evidence.event++;
  evidence.told = Math.max(0, evidence.seen - BEFORE);
  evidence.until = evidence.seen + AFTER;
  evidence.burstWanted = true;
}

/** The run is over: what there is suffices. */
export function cutShort(evidence: Evidence): void {
  evidence.until = Math.min(evidence.until, evidence.seen);
}

/** Whether something is still to be told. */
export function isTelling(evidence: Evidence): boolean {
  const frames = evidence.told < evidence.until;
  return frames || evidence.burstWanted || evidence.burstTold < evidence.burstTaken;
}

/** Keeps a burst: `counts` of `volts` each plus `offset`, the last one in at `endedAt`. */
export function keepBurst(
  evidence: Evidence,
  counts: ArrayLike<number>,
  taken: number,
  volts: number,
  offset: number,
  endedAt: number,
  periodS: number,
): void {
  const count = Math.min(taken, BURST_READINGS);
  for (let i = 0; i < count; i++) evidence.burst[i] = counts[i] * volts + offset;
  evidence.burstWanted = false;
  evidence.burstTaken = count;
  evidence.burstTold = 0;
  evidence.burstPeriod = periodS;
  evidence.burstAt = endedAt - taken * periodS;
  evidence.burstCurrent = evidence.amps[(evidence.seen + RING - 1) % RING];
}

function point(values: Float64Array, at: number, dt: number, volts: number, amps: number): void {
  values[at] = dt * 1e6;
  values[at + 1] = volts * 1e6;
  values[at + 2] = amps * 1e12;
}

function frames(evidence: Evidence, startedAt: number, values: Float64Array): string {
  const base = evidence.times[evidence.told % RING];
  const last = Math.min(evidence.until, evidence.seen, evidence.told + POINTS);
  let count = 0;
  for (; evidence.told < last; evidence.told++) {
    const i = evidence.told % RING;
    point(values, count, evidence.times[i] - base, evidence.volts[i], evidence.amps[i]);
    count += 3;
  }
  return encodeEvidence(evidence.event, 0, (base - startedAt) * 1e3, values, count);
}

function readings(evidence: Evidence, startedAt: number, values: Float64Array): string {
  const from = evidence.burstTold;
  const base = evidence.burstAt + from * evidence.burstPeriod;
  const last = Math.min(evidence.burstTaken, from + POINTS);
  let count = 0;
  for (; evidence.burstTold < last; evidence.burstTold++) {
    const i = evidence.burstTold;
    point(
      values,
      count,
      (i - from) * evidence.burstPeriod,
      evidence.burst[i],
      evidence.burstCurrent,
    );
    count += 3;
  }
  return encodeEvidence(evidence.event, 1, (base - startedAt) * 1e3, values, count);
}

/** The next line, "" = none is ready; `startedAt` of the run in s, `values` is scratch. */
export function nextLine(evidence: Evidence, startedAt: number, values: Float64Array): string {
  const ready = Math.min(evidence.seen, evidence.until) - evidence.told;
  if (ready >= POINTS || (ready > 0 && evidence.seen >= evidence.until)) {
    return frames(evidence, startedAt, values);
  }
  return evidence.burstTold < evidence.burstTaken ? readings(evidence, startedAt, values) : "";
}

/** Evidence, for a board's `start`. */
export const WITNESS: Witness = {
  remember,
  forget,
  mark: witness,
  cutShort,
  isTelling,
  nextLine,
  keepBurst,
};
