// From the voltages of an interrupt to a picture of the cell, and to what it proves.
import { VOLTAGE_GAIN, VOLTAGE_OFFSET } from "./config.ts";
import { add, note } from "./events.ts";
import { pellet, warmth } from "./pellet.ts";
import type { Subject } from "./proof-method.ts";
import { areal, isFull, sideOf, unsureOf } from "./proof-method.ts";
import { resolve, take } from "./proof-relaxation.ts";
import type { Picture, Proof } from "./proof-state.ts";
import { CONTRAST, HALFWAY, MIDDLE_S, corrected, leastOf } from "./proof-weigh.ts";
import { shareAtOnce, smallest } from "./proof-weigh.ts";
import { weighBound, weighInterrupt } from "./proof-weigh.ts";
import { EVENT_PROOF, METHOD_BOUND, METHOD_INTERRUPT } from "./telemetry.ts";
import { RESULT_INCONCLUSIVE } from "./telemetry.ts";

/** Of a symmetric cell's voltage, so much may be left after a second. */
const RELAXED = 0.15;

/** Files the burst after a cut. */
export function takeBurst(proof: Proof, subject: Subject): void {
  const burst = subject.burst;
  const gain = subject.config[VOLTAGE_GAIN];
  const volts = subject.circuit.voltsPerCount[burst.gain] * gain;
  take(proof.relaxation, burst, volts, subject.appliedAt);
}

/** A healthy cell's ohmic part is no less than its pellet: what is missing tells how late the first
 *  reading is. The converter's rate is not known better than within 10 %. */
function setTime(proof: Proof, subject: Subject, ohmic: number): void {
  const cell = subject.config;
  const missing = pellet(cell, warmth(cell, subject.sample.temperature)) - ohmic;
  proof.late = Math.max(0, Math.min(MIDDLE_S, missing * proof.now.capacity));
}

/** Evaluates the bursts of all `cuts`; `before` = mean voltage before them, V. */
function picture(proof: Proof, subject: Subject, before: number): void {
  const now = proof.now;
  const found = proof.relaxation;
  const noise = subject.sample.voltageNoise;
  now.ohmic = 0;
  now.unsure = 0;
  now.capacity = 0;
  now.first = now.total;
  now.warmth = proof.watch.warmth;
  if (found.cuts === 0) return;
  resolve(found, noise, subject.burst.periodS);
  const tail = found.tail / found.cuts + subject.config[VOLTAGE_OFFSET];
  const within = areal(proof, subject, before - tail);
  const frame = noise / Math.sqrt(found.cuts);
  const opening = found.first / found.cuts + subject.config[VOLTAGE_OFFSET];
  const doubt = Math.abs(areal(proof, subject, CONTRAST * frame));
  now.first = areal(proof, subject, before - opening) + doubt;
  if (found.tau === 0) return;
  const slow = areal(proof, subject, found.ionic);
  let ohmic = within - slow;
  now.capacity = found.tau / slow;
  if (!proof.experiment.suspicious) setTime(proof, subject, ohmic);
  ohmic += proof.late / now.capacity;
  if (!(ohmic > 0)) return;
  const sigma = Math.sqrt(found.sigma * found.sigma + frame * frame);
  now.ohmic = ohmic;
  now.unsure = Math.abs(areal(proof, subject, sigma)) / ohmic;
}

/** Takes over the voltage at zero current: resistances of this direction are reckoned from it. */
function reckon(proof: Proof, before: number, zero: number): void {
  const side = sideOf(proof.experiment.setpoint);
  const old = before - proof.offsets[side];
  const present = before - zero;
  proof.offsets[side] = zero;
  if (old / present > 0) proof.watch.highest += Math.log(present / old);
}

/** Tells the result of a method. */
export function tell(proof: Proof, subject: Subject, method: number, result: number): void {
  const events = subject.run.events;
  note(events, EVENT_PROOF);
  add(events, method);
  add(events, result);
  add(events, proof.experiment.value * 1e6);
  add(events, proof.experiment.threshold * 1e6);
}

/** The result of two methods; where they contradict each other nothing is proven. */
export function combine(one: number, other: number): number {
  if (one === RESULT_INCONCLUSIVE) return other;
  return other === RESULT_INCONCLUSIVE || other === one ? one : RESULT_INCONCLUSIVE;
}

/** Judges the interrupt by both of its methods. */
function judge(proof: Proof, subject: Subject): number {
  const now = proof.now;
  const base = proof.base;
  const experiment = proof.experiment;
  const unsure = unsureOf(proof);
  const first =
    proof.based >= 0 ? weighInterrupt(base, now, experiment.fall, unsure) : RESULT_INCONCLUSIVE;
  const split = now.ohmic > 0 && base.ohmic > 0 && experiment.fall > 0;
  const before = corrected(base.ohmic, base, now);
  experiment.value = split ? shareAtOnce(before, now.ohmic, now.total, experiment.fall) : 0;
  experiment.threshold = HALFWAY;
  tell(proof, subject, METHOD_INTERRUPT, first);
  const least = leastOf(subject.config, subject.sample.temperature, unsure);
  const claimed = isFull(subject) ? 0 : proof.claimed;
  const second = weighBound(now, least, claimed, experiment.fall, unsure);
  experiment.value = smallest(now);
  experiment.threshold = least;
  tell(proof, subject, METHOD_BOUND, second);
  return combine(first, second);
}

function keep(base: Picture, now: Picture): void {
  base.ohmic = now.ohmic;
  base.unsure = now.unsure;
  base.first = now.first;
  base.total = now.total;
  base.capacity = now.capacity;
  base.warmth = now.warmth;
}

/** The interrupt is over: what has it shown? Result of a suspicion; otherwise it is the
 *  baseline. */
export function conclude(proof: Proof, subject: Subject): number {
  const now = proof.now;
  const watch = proof.watch;
  const experiment = proof.experiment;
  const zero = experiment.zero / experiment.zeros;
  const before = experiment.opening;
  now.total = areal(proof, subject, before - zero);
  picture(proof, subject, experiment.before / experiment.cuts);
  const level = now.total > 0 ? Math.log(now.total) - now.warmth : watch.level;
  if (isFull(subject)) {
    experiment.fall = proof.based >= 0 ? Math.log(proof.base.total) - proof.base.warmth - level : 0;
  } else {
    reckon(proof, before, zero);
    watch.level = level;
    // A cell that takes longer than a second has not shown all of its resistance.
    const relaxed = Math.abs(zero) < RELAXED * Math.abs(before);
    experiment.fall = relaxed ? watch.highest - level : NaN;
  }
  if (experiment.suspicious) return judge(proof, subject);
  keep(proof.base, now);
  proof.based = watch.step;
  proof.levels[sideOf(experiment.setpoint)] = level;
  return RESULT_INCONCLUSIVE;
}
