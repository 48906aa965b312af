// The active proof of a short: on suspicion the current is cut for a second, at frame rate and with
// a burst, then further methods may shape it. The set-point is never exceeded nor reversed, the
// charge that was not passed is made up for, and whatever disturbs the experiment ends it.
import type { Capabilities, Circuit, Command } from "../hal/port.ts";
import type { Config } from "./config.ts";
import { add, note } from "./events.ts";
import type { Guard } from "./fault.ts";
import { follow } from "./impedance.ts";
import type { Limits } from "./limits.ts";
import type { Loop } from "./loop.ts";
import { LADDER_MS, LIVE } from "./loop.ts";
import { warmth } from "./pellet.ts";
import type { Readings } from "./proof-relaxation.ts";
import { HEAD, TAIL_S, evaluate } from "./proof-relaxation.ts";
import type { Proof } from "./proof-state.ts";
import { AT_ZERO, BACK, CUT, EXCITED, WATCHING } from "./proof-state.ts";
import { HALFWAY, leastOf, shareAtOnce, smallest } from "./proof-weigh.ts";
import { weighBound, weighInterrupt } from "./proof-weigh.ts";
import { FLAG_PROOF } from "./protocol.ts";
import type { Run } from "./run.ts";
import type { Sample } from "./sample.ts";
import { CODE_FAILED, CURRENT_FAILED, RANGE_FAILED } from "./sample.ts";
import { TEMPERATURE_FAILED, VOLTAGE_FAILED } from "./sample.ts";
import { RUNNING, remaining } from "./schedule.ts";
import { EVENT_PROOF, EVENT_PULSE, METHOD_BOUND, METHOD_INTERRUPT } from "./telemetry.ts";
import { RESULT_INCONCLUSIVE } from "./telemetry.ts";

/** Shortest distance of a burst's readings, s: a conversion and its bus traffic. */
const READING_S = 1 / 350;
/** The current stays at zero for so long; its end is averaged, s. */
const ZERO_S = 1;
const MEAN_FROM_S = 0.5;
/** After the set-point is back, and before frames count after a change, s. */
const BACK_S = 3;
const STEADY_S = 2;
/** Memory of the mean voltage, and of the temperature: the thermometer's lag, s. */
const MEAN_S = 2;
const LAG_S = 30;
/** Half of what the temperature has changed within the lag may be missing. */
const LAG_DOUBT = 0.5;
/** The experiment is all over within this, s; a suspicion that has to wait longer is dropped. */
const EXPERIMENT_S = 10;
const PATIENCE_S = 30;
/** Suspicions tried in a step and in an hour, and the pause after each, s. */
const TRIED_MAX = 3;
const HOURLY_MAX = 12;
const HOUR_S = 3600;
const PAUSE_S = 60;
/** A baseline is taken so long after a step began, and anew after such a change (ln) or rise. */
const SETTLED_S = 60;
const CHANGED = 0.18;
/** Nearer than this share of the window to one of its ends nothing is tried. */
const MARGIN = 0.1;
const FAILED = VOLTAGE_FAILED | CURRENT_FAILED | CODE_FAILED | RANGE_FAILED | TEMPERATURE_FAILED;

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
}

/** A further method, for boards that name it: shapes the current after the interrupt. */
export interface Method {
  /** `METHOD_…`. */
  readonly method: number;
  /** Share (0 to 1) of the set-point so many seconds into the method; NaN = it is over. */
  share(proof: Proof, subject: Subject, elapsed: number): number;
  /** Takes in a frame. */
  take(proof: Proof, subject: Subject, elapsed: number): void;
  /** Result, with `proof.value` and `proof.threshold`; of a baseline nothing is asked. */
  judge(proof: Proof, subject: Subject): number;
}

function sideOf(setpoint: number): number {
  return setpoint > 0 ? 1 : 0;
}

/** Resistance by `volts` at the set-point, Ω cm². */
function areal(subject: Subject, volts: number, setpoint: number): number {
  return (volts / setpoint) * subject.config.cell.areaCm2;
}

/** Keeps the mean voltage and the resistance's highest up to date, while no experiment runs. */
function look(proof: Proof, subject: Subject): void {
  const watch = proof.watch;
  const loop = subject.loop;
  const sample = subject.sample;
  const now = sample.timeVoltage;
  const elapsed = now - watch.seenAt;
  watch.seenAt = now;
  if (watch.step !== subject.run.schedule.stepCount) {
    watch.step = subject.run.schedule.stepCount;
    watch.begunAt = now;
    watch.highest = -Infinity;
    watch.steady = false;
    proof.tried = 0;
  }
  if (sample.status & FAILED) return;
  watch.warmth = warmth(subject.config.cell, sample.temperature);
  const fresh = elapsed > LAG_S;
  watch.lagged += (watch.warmth - watch.lagged) * (fresh ? 1 : elapsed / LAG_S);
  const live = loop.rung === LIVE && sample.relay === 1 && loop.setpoint !== 0;
  if (!live || now - loop.changedAt < STEADY_S) {
    watch.steady = false;
    return;
  }
  const gain = watch.steady ? Math.min(1, elapsed / MEAN_S) : 1;
  watch.voltage += (sample.voltage - watch.voltage) * gain;
  watch.steady = true;
  const offset = proof.offsets[sideOf(loop.setpoint)];
  const resistance = areal(subject, watch.voltage - offset, loop.setpoint);
  watch.level = resistance > 0 ? Math.log(resistance) - watch.warmth : 0;
  if (watch.level > watch.highest) watch.highest = watch.level;
}

/** Whether an experiment of `seconds` may begin now at `setpoint`. */
function mayBegin(proof: Proof, subject: Subject, setpoint: number, seconds: number): boolean {
  const run = subject.run;
  const step = run.current;
  const sample = subject.sample;
  const now = sample.timeVoltage;
  if (run.schedule.phase !== RUNNING || !(step.flags & FLAG_PROOF)) return false;
  if (subject.guard.fault !== 0 || sample.status & FAILED || !proof.watch.steady) return false;
  if (subject.loop.setpoint !== setpoint || now - proof.endedAt < PAUSE_S) return false;
  if (remaining(step, false, run.totals, sample) < 2 * seconds) return false;
  if (now - run.budgetStartedAt + 2 * seconds > step.budget) return false;
  const low = Math.max(subject.limits.voltageMin, step.voltageMin);
  const high = Math.min(subject.limits.voltageMax, step.voltageMax);
  const margin = MARGIN * (high - low);
  return sample.voltage > low + margin && sample.voltage < high - margin;
}

/** Whether a suspicion is still within its number, in this step and in an hour. */
function withinCount(proof: Proof, now: number): boolean {
  if (now - proof.hourAt > HOUR_S) {
    proof.hourAt = now;
    proof.hourly = 0;
  }
  return proof.tried < TRIED_MAX && proof.hourly < HOURLY_MAX;
}

function settle(proof: Proof, outcome: number): void {
  proof.outcome = outcome;
  proof.pending = false;
  proof.settled = true;
}

/** Whether the cell is to be looked at while healthy: for the first time in this direction, or
 *  changed since. */
function needsBaseline(proof: Proof, now: number, setpoint: number): boolean {
  if (proof.pending || now - proof.watch.begunAt < SETTLED_S) return false;
  const change = proof.watch.level - proof.levels[sideOf(setpoint)];
  if (proof.basedStep === proof.watch.step) return change > CHANGED;
  return !(Math.abs(change) < CHANGED);
}

function begin(proof: Proof, subject: Subject, setpoint: number): void {
  const now = subject.sample.timeVoltage;
  proof.suspicious = proof.pending;
  if (proof.suspicious) {
    proof.tried++;
    proof.hourly++;
  }
  proof.phase = CUT;
  proof.setpoint = setpoint;
  // The cell may be restless: only the frame just before the cut is compared with what follows.
  proof.before = subject.sample.voltage;
  proof.startedAt = now;
  proof.phaseAt = now;
  proof.currentTime = subject.sample.timeCurrent;
  proof.charge = subject.run.totals.stepCharge;
  proof.counted = false;
  proof.burstWanted = true;
  proof.zero = 0;
  proof.zeros = 0;
  subject.loop.pinned = true;
}

/** Watches, and begins an experiment where one is due. */
function consider(proof: Proof, subject: Subject, setpoint: number): boolean {
  look(proof, subject);
  const now = subject.sample.timeVoltage;
  if (proof.pending) {
    if (!withinCount(proof, now) || now - proof.suspectedAt > PATIENCE_S) {
      settle(proof, RESULT_INCONCLUSIVE);
      return false;
    }
  } else if (!needsBaseline(proof, now, setpoint)) return false;
  if (!mayBegin(proof, subject, setpoint, EXPERIMENT_S)) return false;
  begin(proof, subject, setpoint);
  return true;
}

/** Evaluates the burst; readings at the burst's gain. */
function readBurst(proof: Proof, subject: Subject): void {
  const burst = subject.burst;
  const calibration = subject.config.calibration;
  const volts = subject.circuit.voltsPerCount[burst.gain] * calibration.voltageGain;
  const noise = volts * subject.circuit.noiseCounts;
  const found = proof.relaxation;
  const picture = proof.now;
  picture.ohmic = 0;
  picture.capacity = 0;
  picture.warmth = proof.watch.warmth;
  const whole = evaluate(found, burst, volts, noise, subject.appliedAt);
  const before = proof.before - calibration.voltageOffset;
  const offset = whole ? found.tail : 0;
  picture.quick = whole ? areal(subject, before - offset, proof.setpoint) : 0;
  picture.first = whole ? areal(subject, before - found.first, proof.setpoint) : Infinity;
  if (found.tau === 0) return;
  const slow = areal(subject, found.ionic, proof.setpoint);
  picture.ohmic = picture.quick - slow;
  picture.capacity = found.tau / slow;
  const sigma = Math.abs(areal(subject, found.sigma + noise / 2, proof.setpoint));
  picture.unsure = sigma / picture.ohmic;
  if (!(picture.ohmic > 0)) picture.ohmic = 0;
}

function tell(proof: Proof, subject: Subject, method: number, result: number): void {
  const events = subject.run.events;
  note(events, EVENT_PROOF);
  add(events, method);
  add(events, result);
  add(events, proof.value * 1e6);
  add(events, proof.threshold * 1e6);
}

/** A second one that contradicts the first leaves nothing proven. */
function combine(one: number, other: number): number {
  if (one === RESULT_INCONCLUSIVE) return other;
  return other === RESULT_INCONCLUSIVE || other === one ? one : RESULT_INCONCLUSIVE;
}

/** Relative uncertainty of the temperature correction: the thermometer lags. */
function unsureOf(proof: Proof): number {
  return LAG_DOUBT * Math.abs(proof.watch.warmth - proof.watch.lagged);
}

/** Judges the interrupt by both of its methods. */
function judge(proof: Proof, subject: Subject): number {
  const now = proof.now;
  const unsure = unsureOf(proof);
  let first = RESULT_INCONCLUSIVE;
  proof.value = 0;
  proof.threshold = HALFWAY;
  if (proof.based) {
    first = weighInterrupt(proof.base, now, proof.fall, unsure);
    if (now.ohmic > 0 && proof.base.ohmic > 0 && proof.fall !== 0) {
      proof.value = shareAtOnce(proof.base, now, proof.fall);
    }
  }
  tell(proof, subject, METHOD_INTERRUPT, first);
  const least = leastOf(subject.config.cell, subject.sample.temperature, unsure);
  const second = weighBound(now, least, proof.claimed, proof.fall, unsure);
  proof.value = smallest(now);
  proof.threshold = least;
  tell(proof, subject, METHOD_BOUND, second);
  return combine(first, second);
}

/** Takes over the voltage at zero current: resistances of this direction are reckoned from it. */
function reckon(proof: Proof): void {
  const watch = proof.watch;
  const side = sideOf(proof.setpoint);
  const before = proof.before - proof.offsets[side];
  const after = proof.before - proof.zero;
  proof.offsets[side] = proof.zero;
  if (before / after > 0) watch.highest += Math.log(after / before);
}

/** The interrupt is over: what has it shown? */
function conclude(proof: Proof, subject: Subject): void {
  const now = proof.now;
  const watch = proof.watch;
  proof.zero /= proof.zeros;
  now.total = areal(subject, proof.before - proof.zero, proof.setpoint);
  reckon(proof);
  watch.level = now.total > 0 ? Math.log(now.total) - now.warmth : 0;
  proof.fall = watch.highest - watch.level;
  if (proof.suspicious) {
    proof.outcome = judge(proof, subject);
    return;
  }
  const base = proof.base;
  base.ohmic = now.ohmic;
  base.unsure = now.unsure;
  base.first = now.first;
  base.quick = now.quick;
  base.total = now.total;
  base.capacity = now.capacity;
  base.warmth = now.warmth;
  proof.based = true;
  proof.basedStep = proof.watch.step;
  proof.levels[sideOf(proof.setpoint)] = watch.level;
}

function enter(proof: Proof, phase: number, now: number): void {
  proof.phase = phase;
  proof.phaseAt = now;
}

/** The set-point comes back; the experiment has nothing more to say. */
function giveBack(proof: Proof, subject: Subject): void {
  subject.loop.pinned = false;
  proof.burstWanted = false;
  enter(proof, BACK, subject.sample.timeVoltage);
}

/** Begins the next further method; without one the set-point comes back. */
function goOn(proof: Proof, subject: Subject, methods: readonly Method[]): void {
  const open = !proof.suspicious || proof.outcome === RESULT_INCONCLUSIVE;
  if (!open || proof.method >= methods.length) {
    giveBack(proof, subject);
    return;
  }
  for (let i = 0; i < proof.sums.length; i++) proof.sums[i] = 0;
  enter(proof, EXCITED, subject.sample.timeVoltage);
}

/** One frame of a further method: its current, or on to the next one. */
function excite(proof: Proof, subject: Subject, methods: readonly Method[]): number {
  const method = methods[proof.method];
  const elapsed = subject.sample.timeVoltage - proof.phaseAt;
  if (elapsed > 0) method.take(proof, subject, elapsed);
  const share = method.share(proof, subject, elapsed);
  if (share === share) return proof.setpoint * Math.max(0, Math.min(1, share));
  const result = method.judge(proof, subject);
  if (proof.suspicious) {
    tell(proof, subject, method.method, result);
    proof.outcome = combine(proof.outcome, result);
  }
  proof.method++;
  goOn(proof, subject, methods);
  return proof.phase === BACK ? NaN : 0;
}

/** Makes up for the charge that was not passed: a step that ends by time is that much longer. */
function makeUp(proof: Proof, subject: Subject): void {
  const totals = subject.run.totals;
  const elapsed = subject.sample.timeCurrent - proof.currentTime;
  const passed = (totals.stepCharge - proof.charge) / proof.setpoint;
  totals.stepStartedAt += elapsed - passed;
  proof.counted = true;
}

function settleBack(proof: Proof, subject: Subject): void {
  const now = subject.sample.timeVoltage;
  if (!proof.counted && subject.loop.frames >= 1) makeUp(proof, subject);
  if (!proof.counted || now - proof.phaseAt < BACK_S) return;
  proof.phase = WATCHING;
  proof.endedAt = now;
  proof.watch.steady = false;
  proof.watch.seenAt = now;
  proof.pulse.waiting = false;
  proof.pulse.setpoint = subject.loop.setpoint;
  if (proof.suspicious) settle(proof, proof.outcome);
}

/** Whether the step is no longer the one that the experiment began in. */
function interrupted(proof: Proof, subject: Subject, setpoint: number): boolean {
  const loop = subject.loop;
  if (subject.run.schedule.stepCount !== proof.watch.step) return true;
  return setpoint !== proof.setpoint || loop.rung !== LIVE || subject.guard.fault !== 0;
}

/** Ends an experiment at once. */
function drop(proof: Proof, subject: Subject): void {
  subject.loop.pinned = false;
  proof.burstWanted = false;
  proof.phase = WATCHING;
  proof.endedAt = subject.sample.timeVoltage;
  if (proof.suspicious) settle(proof, RESULT_INCONCLUSIVE);
}

function measurePulse(proof: Proof, subject: Subject): void {
  const run = subject.run;
  const loop = subject.loop;
  const sample = subject.sample;
  const resistance = follow(proof.pulse, sample, loop, subject.config.cell.areaCm2);
  if (resistance === 0) return;
  note(run.events, EVENT_PULSE);
  add(run.events, loop.setpoint * 1e12);
  add(run.events, resistance * 1e6);
  add(run.events, sample.temperature * 1e3);
}

/** The second at zero current. */
function stayAtZero(proof: Proof, subject: Subject): boolean {
  const sample = subject.sample;
  const elapsed = sample.timeVoltage - proof.startedAt;
  if (proof.phase === CUT) {
    readBurst(proof, subject);
    proof.phase = AT_ZERO;
  }
  if (elapsed >= MEAN_FROM_S) {
    proof.zero += sample.voltage;
    proof.zeros++;
  }
  return elapsed < ZERO_S || proof.zeros === 0;
}

/** One frame. `setpoint` in A is what the step wants (NaN = rest); answers what it gets instead, NaN
 *  = no experiment wants anything else. */
export function experiment(
  proof: Proof,
  subject: Subject,
  setpoint: number,
  methods: readonly Method[],
): number {
  if (proof.phase === WATCHING) {
    measurePulse(proof, subject);
    return setpoint === setpoint && consider(proof, subject, setpoint) ? 0 : NaN;
  }
  if (interrupted(proof, subject, setpoint)) {
    drop(proof, subject);
    return NaN;
  }
  if (proof.phase === BACK) {
    settleBack(proof, subject);
    return NaN;
  }
  if (subject.sample.status & FAILED) {
    proof.outcome = RESULT_INCONCLUSIVE;
    giveBack(proof, subject);
    return NaN;
  }
  if (proof.phase === EXCITED) return excite(proof, subject, methods);
  if (stayAtZero(proof, subject)) return 0;
  conclude(proof, subject);
  proof.method = 0;
  goOn(proof, subject, methods);
  return proof.phase === BACK ? NaN : excite(proof, subject, methods);
}

/** Completes `command` for the frame to come: a burst at once after the cut, frames in quick
 *  succession until the set-point is back. */
export function pace(proof: Proof, subject: Subject, command: Command): void {
  command.burst = 0;
  if (proof.phase === WATCHING || proof.counted || subject.loop.rung !== LIVE) return;
  command.periodMs = Math.min(command.periodMs, LADDER_MS);
  if (!proof.burstWanted) return;
  const period = Math.max(READING_S, subject.capabilities.burstPeriodUs / 1e6);
  const tail = Math.floor(TAIL_S / period);
  command.burst = HEAD + tail;
  command.burstUs = (TAIL_S / tail) * 1e6;
  command.periodMs = 1;
  proof.burstWanted = false;
}
