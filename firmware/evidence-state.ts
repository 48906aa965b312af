// What evidence remembers: the last frames, and a burst of readings.
import type { RawFrame } from "../hal/port.ts";
import type { Calming } from "./calm.ts";
import type { Sample } from "./sample.ts";

/** Frames kept. */
export const RING = 64;
/** Values of a line: eight points of three. */
export const EVIDENCE_VALUES = 24;
/** Readings of a burst, and their distance, µs. */
export const BURST_READINGS = 80;
export const BURST_US = 2500;

// Places in the numbers: when each frame of the ring was taken, s since boot.
export const TIMES = 0;
/** Frames seen so far, and the next one to be told, up to `UNTIL`. */
export const SEEN = 64;
export const TOLD = 65;
export const UNTIL = 66;
/** Which event they belong to: counted from 1 in a run. */
export const EVENT = 67;
/** Readings of the burst that are told, of those taken; when the first one was taken, s since boot,
 *  their distance, s, and the current before, A. */
export const BURST_TAKEN = 68;
export const BURST_TOLD = 69;
export const BURST_AT = 70;
export const BURST_PERIOD = 71;
export const BURST_CURRENT = 72;
const PLACES = 73;
// Places in the readings: V and A of the ring's frames, V of the burst.
export const RING_VOLTS = 0;
export const RING_AMPS = 64;
export const BURST = 128;

/** State. */
export interface Evidence {
  /** A burst is wanted. */
  burstWanted: boolean;
  /** By the places above. */
  readonly numbers: Float64Array;
  readonly readings: Float32Array;
  /** Scratch for a line. */
  readonly values: Float64Array;
}

/** Nothing seen. */
export function createEvidence(): Evidence {
  return {
    burstWanted: false,
    numbers: new Float64Array(PLACES),
    readings: new Float32Array(BURST + BURST_READINGS),
    values: new Float64Array(EVIDENCE_VALUES),
  };
}

/** Evidence, for boards that carry it. */
export interface Witness {
  /** Nothing seen. */
  create(): Evidence;
  /** Keeps a frame. */
  remember(evidence: Evidence, sample: Sample): void;
  /** Keeps a calm frame, whose readings the sample does not show yet. */
  rememberCalm(evidence: Evidence, channel: Calming, raw: RawFrame): void;
  /** Another run counts its events from 1. */
  forget(evidence: Evidence): void;
  /** An event: frames around it, and a burst, are to be told. */
  mark(evidence: Evidence): void;
  /** The run is over: what there is suffices. */
  cutShort(evidence: Evidence): void;
  /** Whether something is still to be told. */
  isTelling(evidence: Evidence): boolean;
  /** The next line, "" = none is ready; `startedAt` of the run in s, `values` is scratch. */
  nextLine(evidence: Evidence, startedAt: number, values: Float64Array): string;
  /** Keeps a burst: `counts` of `volts` each plus `offset`, the last one in at `endedAt`, s. */
  keepBurst(
    evidence: Evidence,
    counts: ArrayLike<number>,
    taken: number,
    volts: number,
    offset: number,
    endedAt: number,
    periodS: number,
  ): void;
}
