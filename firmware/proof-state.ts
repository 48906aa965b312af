// What the active proof remembers: where its experiment stands, what the cell was like while
// healthy, and what has been found. Areal resistances in Ω cm².
import type { Pulse } from "./impedance.ts";
import { createPulse } from "./impedance.ts";
import type { Relaxation } from "./proof-relaxation.ts";
import { createRelaxation } from "./proof-relaxation.ts";
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

/** The cell's answer to an interrupt: ohmic part of its resistance (0 = not resolved) with its
 *  relative standard uncertainty, what is gone by the first reading and within a second;
 *  capacity of the interface, F/cm². */
export interface Picture {
  ohmic: number;
  unsure: number;
  first: number;
  total: number;
  capacity: number;
  /** ln of the pellet's resistance over that at 25 °C. */
  warmth: number;
}

/** A picture of nothing. */
export function createPicture(): Picture {
  return { ohmic: 0, unsure: 0, first: 0, total: 0, capacity: 0, warmth: 0 };
}

/** The step's frames as they go by; resistances as compensated ln. */
export interface Watch {
  /** Step count, and times of its beginning and of the last frame, s. */
  step: number;
  begunAt: number;
  seenAt: number;
  steady: boolean;
  /** Mean voltage, V, and how it rises, V/s. */
  voltage: number;
  slope: number;
  level: number;
  highest: number;
  /** Temperature correction, and its mean over the thermometer's lag. */
  warmth: number;
  lagged: number;
}

/** The experiment under way. */
export interface Experiment {
  /** On suspicion; otherwise the cell's baseline is taken. */
  suspicious: boolean;
  /** Set-point, A, and times of its begin and of its phase's, s. */
  setpoint: number;
  startedAt: number;
  phaseAt: number;
  /** Time and net charge of the step when it began; `counted` = what was missed is made up for. */
  currentTime: number;
  charge: number;
  counted: boolean;
  burstWanted: boolean;
  /** Cuts so far; voltage before the first one, sums of those before each and of `zeros` frames at
   *  zero current, V. */
  cuts: number;
  opening: number;
  before: number;
  zero: number;
  zeros: number;
  /** Index of the further method under way, and its sums. */
  method: number;
  sums: Float64Array;
  /** Fall of the resistance since its highest, ln; NaN = not known. */
  fall: number;
  /** Of the last method: value and threshold. */
  value: number;
  threshold: number;
}

/** State of the proof. */
export interface Proof {
  /** The board carries it. */
  available: boolean;
  phase: number;
  /** A suspicion waits for its experiment, since when, s; and what it says has fallen, ln. */
  pending: boolean;
  suspectedAt: number;
  claimed: number;
  experiment: Experiment;
  relaxation: Relaxation;
  pulse: Pulse;
  watch: Watch;
  now: Picture;
  /** The cell while healthy, in which step; -1 = never. What further methods keep of it. */
  base: Picture;
  based: number;
  /** By so much the first reading's middle comes later than reckoned, as the baseline tells, s. */
  late: number;
  kept: Float64Array;
  /** By direction (0 = discharge): voltage at zero current that resistances are reckoned from, V;
   *  level when the baseline was taken, NaN = never. */
  offsets: Float64Array;
  levels: Float64Array;
  /** Experiments on suspicion in this step, and in this hour, since when; end of the last, s. */
  tried: number;
  hourly: number;
  hourAt: number;
  endedAt: number;
  /** Outcome of the last suspicion, `RESULT_…`; `settled` = none is pending or under way. */
  outcome: number;
  settled: boolean;
}

/** Values that further methods may keep, and sum. */
const SUMS = 8;

function createWatch(): Watch {
  return {
    step: -1,
    begunAt: 0,
    seenAt: 0,
    steady: false,
    voltage: 0,
    slope: 0,
    level: 0,
    highest: 0,
    warmth: 0,
    lagged: 0,
  };
}

function createExperiment(): Experiment {
  return {
    suspicious: false,
    setpoint: 0,
    startedAt: 0,
    phaseAt: 0,
    currentTime: 0,
    charge: 0,
    counted: false,
    burstWanted: false,
    cuts: 0,
    opening: 0,
    before: 0,
    zero: 0,
    zeros: 0,
    method: 0,
    sums: new Float64Array(SUMS),
    fall: 0,
    value: 0,
    threshold: 0,
  };
}

/** Forgets the cell, for another run. */
export function forget(proof: Proof): void {
  proof.phase = WATCHING;
  proof.pending = false;
  proof.watch.step = -1;
  proof.based = -1;
  proof.late = 0;
  for (let i = 0; i < SUMS; i++) proof.kept[i] = 0;
  for (let i = 0; i < 2; i++) {
    proof.offsets[i] = 0;
    proof.levels[i] = NaN;
  }
  proof.tried = 0;
  proof.hourly = 0;
  proof.hourAt = -Infinity;
  proof.endedAt = -Infinity;
  proof.outcome = RESULT_INCONCLUSIVE;
  proof.settled = true;
}

/** A proof that has seen nothing. */
export function createProof(): Proof {
  const proof = {
    available: false,
    phase: WATCHING,
    pending: false,
    suspectedAt: 0,
    claimed: 0,
    experiment: createExperiment(),
    relaxation: createRelaxation(),
    pulse: createPulse(),
    watch: createWatch(),
    now: createPicture(),
    base: createPicture(),
    based: -1,
    late: 0,
    kept: new Float64Array(SUMS),
    offsets: new Float64Array(2),
    levels: new Float64Array(2),
    tried: 0,
    hourly: 0,
    hourAt: 0,
    endedAt: 0,
    outcome: RESULT_INCONCLUSIVE,
    settled: true,
  };
  forget(proof);
  return proof;
}

/** A passive rule suspects a short (never the hard one): an experiment is wanted at `time`, s. */
export function suspect(proof: Proof, time: number): void {
  if (!proof.available || proof.pending || proof.phase !== WATCHING) return;
  proof.pending = true;
  proof.suspectedAt = time;
  proof.claimed = proof.watch.highest - proof.watch.level;
  proof.outcome = RESULT_INCONCLUSIVE;
  proof.settled = false;
}

/** Ends a suspicion with what was found. */
export function settle(proof: Proof, outcome: number): void {
  proof.outcome = outcome;
  proof.pending = false;
  proof.settled = true;
}

/** Whether an experiment is under way: detectors other than the hard rule must not look. */
export function isActive(proof: Proof): boolean {
  return proof.phase !== WATCHING;
}
