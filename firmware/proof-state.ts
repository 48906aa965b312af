// What the active proof remembers: where its experiment stands, what the cell was like while healthy,
// and what has been found. Areal resistances in Ω cm².
import type { Pulse } from "./impedance.ts";
import { createPulse } from "./impedance.ts";
import type { Relaxation } from "./proof-relaxation.ts";
import { createRelaxation } from "./proof-relaxation.ts";
import { RESULT_INCONCLUSIVE } from "./telemetry.ts";

// Where an experiment stands.
/** None; the step's frames are watched. */
export const WATCHING = 0;
/** The current is cut and a burst asked for; then it stays at zero. */
export const CUT = 1;
export const AT_ZERO = 2;
/** A further method shapes the current. */
export const EXCITED = 3;
/** The set-point is back, and the cell settles. */
export const BACK = 4;

/** The cell's answer to an interrupt: ohmic part of its resistance (0 = not resolved) with its
 *  relative standard uncertainty, what is gone by the first reading, within 0.1 s and within a
 *  second; capacity of the interface, F/cm². */
export interface Picture {
  ohmic: number;
  unsure: number;
  first: number;
  quick: number;
  total: number;
  capacity: number;
  /** ln of the pellet's resistance over that at 25 °C. */
  warmth: number;
}

/** A picture of nothing. */
export function createPicture(): Picture {
  return { ohmic: 0, unsure: 0, first: 0, quick: 0, total: 0, capacity: 0, warmth: 0 };
}

/** The step's frames as they go by; voltages in V, resistances as compensated ln. */
export interface Watch {
  /** Step count, and times of its beginning and of the last frame, s. */
  step: number;
  begunAt: number;
  seenAt: number;
  steady: boolean;
  voltage: number;
  level: number;
  highest: number;
  /** Temperature correction, and its mean over the thermometer's lag. */
  warmth: number;
  lagged: number;
}

/** State of the proof. */
export interface Proof {
  phase: number;
  /** A suspicion waits for its experiment, since when, s; and what it says has fallen, ln. */
  pending: boolean;
  suspectedAt: number;
  claimed: number;
  /** The experiment under way is one on suspicion; otherwise it takes the baseline. */
  suspicious: boolean;
  /** Set-point, time and sums at its begin, and begin of its phase. */
  setpoint: number;
  startedAt: number;
  phaseAt: number;
  currentTime: number;
  charge: number;
  counted: boolean;
  burstWanted: boolean;
  /** Voltage before, and at zero current as the mean of `zeros` frames. */
  before: number;
  zero: number;
  zeros: number;
  /** By direction (0 = discharge): voltage at zero current that resistances are reckoned from, V;
   *  level when the baseline was taken, NaN = never. */
  offsets: Float64Array;
  levels: Float64Array;
  /** Index of the further method under way, and its sums. */
  method: number;
  sums: Float64Array;
  /** What further methods keep of the healthy cell. */
  kept: Float64Array;
  relaxation: Relaxation;
  pulse: Pulse;
  watch: Watch;
  now: Picture;
  /** Fall of the resistance since its highest, ln. */
  fall: number;
  /** The cell while healthy; `based` = there is a picture of it, taken in which step. */
  base: Picture;
  based: boolean;
  basedStep: number;
  /** Of the last method: value and threshold. */
  value: number;
  threshold: number;
  /** Experiments on suspicion in this step, and in this hour, since when; end of the last, s. */
  tried: number;
  hourly: number;
  hourAt: number;
  endedAt: number;
  /** Outcome of the last suspicion, `RESULT_…`; `settled` = nothing is pending or under way. */
  outcome: number;
  settled: boolean;
}

function createWatch(): Watch {
  return {
    step: -1,
    begunAt: 0,
    seenAt: 0,
    steady: false,
    voltage: 0,
    level: 0,
    highest: -Infinity,
    warmth: 0,
    lagged: 0,
  };
}

/** Sums that a further method may keep. */
export const SUMS = 8;

/** A proof that has seen nothing. */
export function createProof(): Proof {
  return {
    phase: WATCHING,
    pending: false,
    suspectedAt: 0,
    claimed: 0,
    suspicious: false,
    setpoint: 0,
    startedAt: 0,
    phaseAt: 0,
    currentTime: 0,
    charge: 0,
    counted: false,
    burstWanted: false,
    before: 0,
    zero: 0,
    zeros: 0,
    offsets: new Float64Array(2),
    levels: new Float64Array(2).fill(NaN),
    method: 0,
    sums: new Float64Array(SUMS),
    kept: new Float64Array(SUMS),
    relaxation: createRelaxation(),
    pulse: createPulse(),
    watch: createWatch(),
    now: createPicture(),
    fall: 0,
    base: createPicture(),
    based: false,
    basedStep: -1,
    value: 0,
    threshold: 0,
    tried: 0,
    hourly: 0,
    hourAt: -Infinity,
    endedAt: -Infinity,
    outcome: RESULT_INCONCLUSIVE,
    settled: true,
  };
}

/** Forgets the cell, for another run. */
export function forget(proof: Proof): void {
  proof.phase = WATCHING;
  proof.pending = false;
  proof.watch.step = -1;
  for (let i = 0; i < 2; i++) {
    proof.offsets[i] = 0;
    proof.levels[i] = NaN;
  }
  proof.based = false;
  proof.basedStep = -1;
  proof.tried = 0;
  proof.hourly = 0;
  proof.hourAt = -Infinity;
  proof.endedAt = -Infinity;
  proof.outcome = RESULT_INCONCLUSIVE;
  proof.settled = true;
}

/** A passive rule suspects a short (never the hard one): an experiment is wanted at `time`, s. */
export function suspect(proof: Proof, time: number): void {
  if (proof.pending || proof.phase !== WATCHING) return;
  proof.pending = true;
  proof.suspectedAt = time;
  proof.claimed = proof.watch.highest - proof.watch.level;
  proof.outcome = RESULT_INCONCLUSIVE;
  proof.settled = false;
}

/** Whether an experiment is under way: detectors other than the hard rule must not look. */
export function isActive(proof: Proof): boolean {
  return proof.phase !== WATCHING;
}
