// From the voltages of an interrupt to a picture of the cell, and to what it proves.
import { VOLTAGE_GAIN, VOLTAGE_OFFSET } from "./config.ts";
import { add, note } from "./events.ts";
import { pellet, warmth } from "./pellet.ts";
import type { Subject } from "./proof-method.ts";
import { areal, isFull, sideOf, unsureOf } from "./proof-method.ts";
import {
  BASE,
  BASED,
  BEFORE,
  BURSTS,
  CAPACITY,
  CLAIMED,
  CUTS,
  FALL,
  FIRST,
} from "./proof-places.ts";
import {
  HIGHEST,
  IONIC,
  LATE,
  LEVEL,
  LEVELS,
  NOW,
  OFFSETS,
  OHMIC,
  OPENED,
} from "./proof-places.ts";
import { OPENING, PICTURE, PICTURE_WARMTH, SETPOINT, SIGMA, STEP } from "./proof-places.ts";
import { SUSPICIOUS, TAIL, TAU, THRESHOLD, TOTAL, UNSURE, VALUE } from "./proof-places.ts";
import { WARMTH, ZERO, ZEROS } from "./proof-places.ts";
import { resolve, take } from "./proof-relaxation.ts";
import { CONTRAST, MIDDLE_S, leastOf, weighBound, weighInterrupt } from "./proof-weigh.ts";
import { CELSIUS, NOISE_VOLTS } from "./sample.ts";
import { EVENT_PROOF, METHOD_BOUND, METHOD_INTERRUPT } from "./telemetry.ts";
import { RESULT_INCONCLUSIVE } from "./telemetry.ts";

/** Of a symmetric cell's voltage, so much may be left after a second. */
const RELAXED = 0.15;

/** Files the burst after a cut. */
export function takeBurst(subject: Subject): void {
  const burst = subject.burst;
  const gain = subject.config[VOLTAGE_GAIN];
  const volts = subject.circuit.voltsPerCount[burst.gain] * gain;
  take(subject.run.proof.numbers, burst, volts, subject.appliedAt);
}

/** How late the first reading is. A healthy cell's ohmic part is no less than its pellet: what is
 *  missing tells. The converter's rate is not known better than within 10 %. */
function lateness(subject: Subject, ohmic: number, capacity: number): number {
  const cell = subject.config;
  const missing = pellet(cell, warmth(cell, subject.sample[CELSIUS])) - ohmic;
  return Math.max(0, Math.min(MIDDLE_S, missing * capacity));
}

/** What the bursts have resolved, where `within` (Ω cm²) is gone before their tails; `frame` =
 *  noise of the voltage before, V. */
function split(p: Float64Array, subject: Subject, within: number, frame: number): void {
  const slow = areal(subject, p[IONIC]);
  const capacity = p[TAU] / slow;
  p[NOW + CAPACITY] = capacity;
  if (p[SUSPICIOUS] === 0) p[LATE] = lateness(subject, within - slow, capacity);
  const ohmic = within - slow + p[LATE] / capacity;
  if (!(ohmic > 0)) return;
  const sigma = Math.sqrt(p[SIGMA] * p[SIGMA] + frame * frame);
  p[NOW + OHMIC] = ohmic;
  p[NOW + UNSURE] = Math.abs(areal(subject, sigma)) / ohmic;
}

/** Evaluates the bursts of all cuts. */
function picture(p: Float64Array, subject: Subject): void {
  const before = p[BEFORE] / p[CUTS];
  const bursts = p[BURSTS];
  const noise = subject.sample[NOISE_VOLTS];
  const offset = subject.config[VOLTAGE_OFFSET];
  p[NOW + OHMIC] = p[NOW + UNSURE] = p[NOW + CAPACITY] = 0;
  p[NOW + FIRST] = p[NOW + TOTAL];
  p[NOW + PICTURE_WARMTH] = p[WARMTH];
  if (bursts === 0) return;
  resolve(p, noise, subject.burst.periodS);
  const frame = noise / Math.sqrt(bursts);
  const doubt = Math.abs(areal(subject, CONTRAST * frame));
  p[NOW + FIRST] = areal(subject, before - (p[OPENED] / bursts + offset)) + doubt;
  if (p[TAU] === 0) return;
  split(p, subject, areal(subject, before - (p[TAIL] / bursts + offset)), frame);
}

/** Takes over the voltage at zero current: resistances of this direction are reckoned from it. */
function reckon(p: Float64Array, zero: number): void {
  const offset = OFFSETS + sideOf(p[SETPOINT]);
  const old = p[OPENING] - p[offset];
  const present = p[OPENING] - zero;
  p[offset] = zero;
  if (old / present > 0) p[HIGHEST] += Math.log(present / old);
}

/** Tells the result of a method. */
export function tell(subject: Subject, method: number, result: number): void {
  const p = subject.run.proof.numbers;
  const events = subject.run.events;
  note(events, EVENT_PROOF);
  add(events, method);
  add(events, result);
  add(events, p[VALUE] * 1e6);
  add(events, p[THRESHOLD] * 1e6);
}

/** The result of two methods; where they contradict each other nothing is proven. */
export function combine(one: number, other: number): number {
  if (one === RESULT_INCONCLUSIVE) return other;
  return other === RESULT_INCONCLUSIVE || other === one ? one : RESULT_INCONCLUSIVE;
}

/** Judges the interrupt by both of its methods. */
function judge(p: Float64Array, subject: Subject): number {
  const unsure = unsureOf(p);
  const first = weighInterrupt(p, unsure);
  if (!(p[NOW + OHMIC] > 0 && p[BASE + OHMIC] > 0 && p[FALL] > 0)) p[VALUE] = 0;
  tell(subject, METHOD_INTERRUPT, first);
  const least = leastOf(subject.config, subject.sample[CELSIUS], unsure);
  const second = weighBound(p, least, isFull(subject) ? 0 : p[CLAIMED], unsure);
  tell(subject, METHOD_BOUND, second);
  return combine(first, second);
}

/** The interrupt is over: what has it shown? Result of a suspicion; otherwise it is the
 *  baseline. */
export function conclude(subject: Subject): number {
  const p = subject.run.proof.numbers;
  const zero = p[ZERO] / p[ZEROS];
  const total = areal(subject, p[OPENING] - zero);
  p[NOW + TOTAL] = total;
  picture(p, subject);
  const level = total > 0 ? Math.log(total) - p[WARMTH] : p[LEVEL];
  if (isFull(subject)) {
    const before = Math.log(p[BASE + TOTAL]) - p[BASE + PICTURE_WARMTH];
    p[FALL] = p[BASED] >= 0 ? before - level : 0;
  } else {
    reckon(p, zero);
    p[LEVEL] = level;
    // A cell that takes longer than a second has not shown all of its resistance.
    const relaxed = Math.abs(zero) < RELAXED * Math.abs(p[OPENING]);
    p[FALL] = relaxed ? p[HIGHEST] - level : NaN;
  }
  if (p[SUSPICIOUS] !== 0) return judge(p, subject);
  for (let i = 0; i < PICTURE; i++) p[BASE + i] = p[NOW + i];
  p[BASED] = p[STEP];
  p[LEVELS + sideOf(p[SETPOINT])] = level;
  return RESULT_INCONCLUSIVE;
}
