// What the active proof remembers: where its experiment stands, what the cell was like while
// healthy, and what has been found.
import type { Pulse } from "./pulse.ts";
import { createPulse } from "./pulse.ts";
import { AVAILABLE, BASED, CLAIMED, ENDED_AT, HIGHEST, HOUR_AT, LEVEL } from "./proof-places.ts";
import { LEVELS, OUTCOME, PENDING, PHASE, PLACES, PLACES_OF_METHODS } from "./proof-places.ts";
import { SETTLED, STEP, SUSPECTED_AT } from "./proof-places.ts";
import { RESULT_INCONCLUSIVE } from "./telemetry.ts";

// Where an experiment stands.
/** None; the step's frames are watched. */
export const WATCHING = 0;
/** The current is cut and a burst under way; the set-point is back for the next cut. */
export const CUT = 1;
export const BETWEEN = 2;
/** The last cut goes on. */
export const AT_ZERO = 3;
/** A further method shapes the current. */
export const EXCITED = 4;
/** The set-point is back, and the cell settles. */
export const BACK = 5;

/** State of the proof. */
export interface Proof {
  /** By the places that proof-places.ts names. */
  numbers: Float64Array;
  readonly pulse: Pulse;
}

/** Forgets the cell, for another run. */
export function forget(proof: Proof): void {
  const p = proof.numbers;
  for (let i = 0; i < p.length; i++) if (i !== AVAILABLE) p[i] = 0;
  p[STEP] = p[BASED] = -1;
  p[LEVELS] = p[LEVELS + 1] = NaN;
  p[HOUR_AT] = p[ENDED_AT] = -Infinity;
  p[OUTCOME] = RESULT_INCONCLUSIVE;
  p[SETTLED] = 1;
}

/** A proof that has seen nothing. */
export function createProof(): Proof {
  const proof = { numbers: new Float64Array(PLACES), pulse: createPulse() };
  forget(proof);
  return proof;
}

/** The board carries the proof, with methods beyond the interrupt and its bound or without. */
export function equip(proof: Proof, further: boolean): void {
  if (further) {
    proof.numbers = new Float64Array(PLACES_OF_METHODS);
    forget(proof);
  }
  proof.numbers[AVAILABLE] = 1;
}

/** A passive rule suspects a short (never the hard one): an experiment is wanted at `time`, s. */
export function suspect(proof: Proof, time: number): void {
  const p = proof.numbers;
  if (p[AVAILABLE] === 0 || p[PENDING] !== 0 || p[PHASE] !== WATCHING) return;
  p[PENDING] = 1;
  p[SUSPECTED_AT] = time;
  p[CLAIMED] = p[HIGHEST] - p[LEVEL];
  p[OUTCOME] = RESULT_INCONCLUSIVE;
  p[SETTLED] = 0;
}

/** Ends a suspicion with what was found. */
export function settle(proof: Proof, outcome: number): void {
  const p = proof.numbers;
  p[OUTCOME] = outcome;
  p[PENDING] = 0;
  p[SETTLED] = 1;
}

/** Whether an experiment is under way: detectors other than the hard rule must not look. */
export function isActive(proof: Proof): boolean {
  return proof.numbers[PHASE] !== WATCHING;
}
