// What a finding was decided on: the frames before and after it, and a burst of readings. They wait
// in a ring and go out a few at a time.
import type { RawFrame } from "../hal/port.ts";
import type { Calming } from "./calm.ts";
import { show } from "./calm.ts";
import type { Evidence, Witness } from "./evidence-state.ts";
import { RING_AMPS, BURST, BURST_AT, BURST_CURRENT, BURST_PERIOD } from "./evidence-state.ts";
import { createEvidence } from "./evidence-state.ts";
import { BURST_READINGS, BURST_TAKEN, BURST_TOLD, EVENT, RING, SEEN } from "./evidence-state.ts";
import { TIMES, TOLD, UNTIL, RING_VOLTS } from "./evidence-state.ts";
import type { Sample } from "./sample.ts";
import { AMPS, VOLTS, VOLTS_AT } from "./sample.ts";
import { encodeEvidence } from "./telemetry.ts";

/** Frames told before and after an event. */
const BEFORE = 32;
const AFTER = 16;
/** Points of a line. */
const POINTS = 8;

/** Another run counts its events from 1. */
export function forget(evidence: Evidence): void {
  const e = evidence.numbers;
  e[EVENT] = 0;
  e[UNTIL] = e[TOLD];
  evidence.burstWanted = false;
  e[BURST_TOLD] = e[BURST_TAKEN];
}

/** Keeps a frame. */
export function remember(evidence: Evidence, sample: Sample): void {
  const e = evidence.numbers;
  const at = e[SEEN] % RING;
  e[TIMES + at] = sample[VOLTS_AT];
  evidence.readings[RING_VOLTS + at] = sample[VOLTS];
  evidence.readings[RING_AMPS + at] = sample[AMPS];
  e[SEEN]++;
}

/** Keeps a calm frame. */
export function rememberCalm(evidence: Evidence, channel: Calming, raw: RawFrame): void {
  show(channel, raw);
  remember(evidence, channel.sample);
}

/** An event: frames around it, and a burst, are to be told. */
export function witness(evidence: Evidence): void {
  const e = evidence.numbers;
  e[EVENT]++;
  e[TOLD] = Math.max(0, e[SEEN] - BEFORE);
  e[UNTIL] = e[SEEN] + AFTER;
  evidence.burstWanted = true;
}

/** The run is over: what there is suffices. */
export function cutShort(evidence: Evidence): void {
  const e = evidence.numbers;
  e[UNTIL] = Math.min(e[UNTIL], e[SEEN]);
}

/** Whether something is still to be told. */
export function isTelling(evidence: Evidence): boolean {
  const e = evidence.numbers;
  const frames = e[TOLD] < e[UNTIL];
  return frames || evidence.burstWanted || e[BURST_TOLD] < e[BURST_TAKEN];
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
  const e = evidence.numbers;
  const count = Math.min(taken, BURST_READINGS);
  for (let i = 0; i < count; i++) evidence.readings[BURST + i] = counts[i] * volts + offset;
  evidence.burstWanted = false;
  e[BURST_TAKEN] = count;
  e[BURST_TOLD] = 0;
  e[BURST_PERIOD] = periodS;
  e[BURST_AT] = endedAt - taken * periodS;
  e[BURST_CURRENT] = evidence.readings[RING_AMPS + ((e[SEEN] + RING - 1) % RING)];
}

function point(values: Float64Array, at: number, dt: number, volts: number, amps: number): void {
  values[at] = dt * 1e6;
  values[at + 1] = volts * 1e6;
  values[at + 2] = amps * 1e12;
}

function frames(evidence: Evidence, startedAt: number, values: Float64Array): string {
  const e = evidence.numbers;
  const base = e[TIMES + (e[TOLD] % RING)];
  const last = Math.min(e[UNTIL], e[SEEN], e[TOLD] + POINTS);
  let count = 0;
  for (; e[TOLD] < last; e[TOLD]++) {
    const i = e[TOLD] % RING;
    point(
      values,
      count,
      e[TIMES + i] - base,
      evidence.readings[RING_VOLTS + i],
      evidence.readings[RING_AMPS + i],
    );
    count += 3;
  }
  return encodeEvidence(e[EVENT], 0, (base - startedAt) * 1e3, values, count);
}

function readings(evidence: Evidence, startedAt: number, values: Float64Array): string {
  const e = evidence.numbers;
  const from = e[BURST_TOLD];
  const base = e[BURST_AT] + from * e[BURST_PERIOD];
  const last = Math.min(e[BURST_TAKEN], from + POINTS);
  let count = 0;
  for (; e[BURST_TOLD] < last; e[BURST_TOLD]++) {
    const i = e[BURST_TOLD];
    point(
      values,
      count,
      (i - from) * e[BURST_PERIOD],
      evidence.readings[BURST + i],
      e[BURST_CURRENT],
    );
    count += 3;
  }
  return encodeEvidence(e[EVENT], 1, (base - startedAt) * 1e3, values, count);
}

/** The next line, "" = none is ready; `startedAt` of the run in s, `values` is scratch. */
export function nextLine(evidence: Evidence, startedAt: number, values: Float64Array): string {
  const e = evidence.numbers;
  const ready = Math.min(e[SEEN], e[UNTIL]) - e[TOLD];
  if (ready >= POINTS || (ready > 0 && e[SEEN] >= e[UNTIL])) {
    return frames(evidence, startedAt, values);
  }
  return e[BURST_TOLD] < e[BURST_TAKEN] ? readings(evidence, startedAt, values) : "";
}

/** Evidence, for a board's `start`. */
export const WITNESS: Witness = {
  create: createEvidence,
  remember,
  rememberCalm,
  forget,
  mark: witness,
  cutShort,
  isTelling,
  nextLine,
  keepBurst,
};
