// What the parts of a proof share: the channel as an experiment sees it, and what a further method
// is. Boards name the methods that they carry; the interrupt with its bound is always there.
import type { Capabilities, Circuit, Command } from "../hal/port.ts";
import type { Calm } from "./calm.ts";
import type { Config } from "./config.ts";
import { AREA_CM2 } from "./config.ts";
import type { Guard } from "./fault.ts";
import type { Limits } from "./limits.ts";
import type { Loop } from "./loop.ts";
import type { Readings } from "./proof-relaxation.ts";
import { BEFORE, BURST_WANTED, CUTS, LAGGED, PHASE, PHASE_AT } from "./proof-places.ts";
import { SETPOINT, WARMTH } from "./proof-places.ts";
import { BACK, BETWEEN, CUT } from "./proof-state.ts";
import { VOLTAGE_MIN } from "./protocol.ts";
import type { Run } from "./run.ts";
import type { Sample } from "./sample.ts";
import { CODE_FAILED, CURRENT_FAILED, RANGE_FAILED, VOLTS, VOLTS_AT } from "./sample.ts";
import { TEMPERATURE_FAILED, VOLTAGE_FAILED } from "./sample.ts";

/** With any of these a frame says nothing. */
export const FAILED =
  VOLTAGE_FAILED | CURRENT_FAILED | CODE_FAILED | RANGE_FAILED | TEMPERATURE_FAILED;
/** Half of what the temperature has changed within the thermometer's lag may be missing. */
const LAG_DOUBT = 0.5;

/** What of a channel an experiment reads; it changes the run's proof and totals, and the loop. */
export interface Subject {
  readonly circuit: Circuit;
  readonly capabilities: Capabilities;
  readonly config: Config;
  readonly limits: Limits;
  readonly guard: Guard;
  readonly loop: Loop;
  readonly run: Run;
  readonly sample: Sample;
  readonly burst: Readings & { readonly gain: number };
  readonly appliedAt: number;
  /** The frame before, and what calm frames are held against. */
  readonly previous: Sample;
  readonly calm: Calm;
}

/** The active proof, for boards that carry it. */
export interface Prover {
  /** Set-point while an experiment runs, NaN = none; `wanted` is the step's. */
  experiment(subject: Subject, wanted: number, further: Further | null): number;
  /** Completes the command for the frame to come. */
  pace(subject: Subject, command: Command): void;
  /** Methods beyond the interrupt and its bound, null = none. */
  readonly further: Further | null;
}

/** Methods that follow the interrupt, one after another. */
export interface Further {
  /** The interrupt is over: begins the first one that suits the cell, or gives the set-point back.
   *  Answers the set-point, NaN = the step's. */
  begin(subject: Subject, methods: readonly Method[]): number;
  /** The same for a frame of the one under way. */
  excite(subject: Subject, methods: readonly Method[]): number;
  readonly methods: readonly Method[];
}

/** A method that shapes the current after the interrupt. */
export interface Method {
  /** `METHOD_…`. */
  readonly method: number;
  /** Whether it has anything to say about this cell. */
  suits(subject: Subject): boolean;
  /** Takes in a frame and answers the share (0 to 1) of the set-point for the next one, so many
   *  seconds into the method; NaN = it is over. */
  shape(subject: Subject, elapsed: number): number;
  /** Result, with value and threshold in the experiment; keeps what it needs of a healthy cell when
   *  the experiment is not on suspicion. */
  judge(subject: Subject): number;
}

/** 1 = charge, 0 = discharge. */
export function sideOf(setpoint: number): number {
  return setpoint > 0 ? 1 : 0;
}

/** Resistance by which `volts` belong to the experiment's set-point, Ω cm². */
export function areal(subject: Subject, volts: number): number {
  return (volts / subject.run.proof.numbers[SETPOINT]) * subject.config[AREA_CM2];
}

/** Relative uncertainty of the temperature correction: the thermometer lags. */
export function unsureOf(p: Float64Array): number {
  return LAG_DOUBT * Math.abs(p[WARMTH] - p[LAGGED]);
}

/** Whether the cell has a voltage of its own: both its limits lie on one side of zero. */
export function isFull(subject: Subject): boolean {
  return Math.max(subject.limits.voltageMin, subject.run.current.values[VOLTAGE_MIN]) > 0;
}

/** Begins a phase; answers the set-point of its first frame, NaN = the step's. The cell may be
 *  restless: only the frame just before a cut is compared with what follows. */
export function enter(subject: Subject, phase: number): number {
  const p = subject.run.proof.numbers;
  p[PHASE] = phase;
  p[PHASE_AT] = subject.sample[VOLTS_AT];
  p[BURST_WANTED] = 0;
  subject.loop.pinned = phase !== BACK;
  if (phase === CUT) {
    p[BEFORE] += subject.sample[VOLTS];
    p[CUTS]++;
    p[BURST_WANTED] = 1;
  }
  return phase === BETWEEN || phase === BACK ? NaN : 0;
}
