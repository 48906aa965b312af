// What evidence remembers: the last frames, and a burst of readings.
import type { Sample } from "./sample.ts";

/** Frames kept. */
export const RING = 64;
/** Values of a line: eight points of three. */
export const EVIDENCE_VALUES = 24;
/** Readings of a burst, and their distance, µs. */
export const BURST_READINGS = 80;
export const BURST_US = 2500;

/** State: times in s since boot, V, A. */
export interface Evidence {
  times: Float64Array;
  volts: Float32Array;
  amps: Float32Array;
  /** Frames seen so far, and the next one to be told, up to `until`. */
  seen: number;
  told: number;
  until: number;
  /** Which event they belong to: counted from 1 in a run. */
  event: number;
  /** A burst is wanted; readings of it that are told, of those taken. */
  burstWanted: boolean;
  burst: Float32Array;
  burstTaken: number;
  burstTold: number;
  burstAt: number;
  burstPeriod: number;
  burstCurrent: number;
}

/** Nothing seen; without room where nobody looks. */
export function createEvidence(looking: boolean): Evidence {
  const ring = looking ? RING : 0;
  return {
    times: new Float64Array(ring),
    volts: new Float32Array(ring),
    amps: new Float32Array(ring),
    seen: 0,
    told: 0,
    until: 0,
    event: 0,
    burstWanted: false,
    burst: new Float32Array(looking ? BURST_READINGS : 0),
    burstTaken: 0,
    burstTold: 0,
    burstAt: 0,
    burstPeriod: 0,
    burstCurrent: 0,
  };
}

/** Evidence, for boards that carry it. */
export interface Witness {
  /** Keeps a frame. */
  remember(evidence: Evidence, sample: Sample): void;
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
