// The whole trip of a frame: measure -> supervise -> account -> detect -> advance -> regulate.
// Branching between the stages lives here; they know nothing of each other.
import type { Capabilities, Circuit, Command, RawFrame, Samples } from "../hal/port.ts";
import { account, beginStep } from "./account.ts";
import { act } from "./act.ts";
import { advance } from "./advance.ts";
import { isReady } from "./arming.ts";
import type { Calm } from "./calm.ts";
import { createCalm, gather, setBands } from "./calm.ts";
import { createCommand } from "./command.ts";
import type { Config } from "./config.ts";
import { AREA_CM2, createConfig } from "./config.ts";
import type { Features } from "./features.ts";
import { FAULT_F_LOW, FAULT_FLOW, FAULT_OPEN_CELL, FAULT_V_HIGH } from "./fault.ts";
import { type Guard, createGuard, latch } from "./fault.ts";
import { follow } from "./follow.ts";
import { askAgain, frozen } from "./frozen.ts";
import type { Loop } from "./loop.ts";
import { regulate, rest } from "./galvanostat.ts";
import { LIVE, ON_DUMMY, createLoop } from "./loop.ts";
import { type Limits, createLimits } from "./limits.ts";
import { measure } from "./measure.ts";
import { prepare } from "./prepare.ts";
import type { Prover } from "./proof-method.ts";
import { isActive } from "./proof-state.ts";
import { report } from "./report.ts";
import type { Run } from "./run.ts";
import { abort, createRun, find } from "./run.ts";
import type { Sample } from "./sample.ts";
import { AMPS, APPLIED_AT, CELSIUS, LOOP_AMPS, RELAY, STATUS, VOLTS, VOLTS_AT } from "./sample.ts";
import { ACCOUNT_DONE, ADVANCE_DONE, DETECT_DONE, FLOW, FOLLOW_DONE } from "./sample.ts";
import { CURRENT_FAILED, TEMPERATURE_FAILED, VOLTAGE_FAILED, createSample } from "./sample.ts";
import { REGULATE_DONE, SUPERVISE_DONE } from "./sample.ts";
import { LOADING, RUNNING } from "./schedule.ts";
import { UNSETTLED, detect } from "./shorts.ts";
import { proveDrive } from "./startup.ts";
import { supervise } from "./supervise.ts";
import { END_FAULT, END_LIMIT, VERDICT_OPEN } from "./telemetry.ts";

/** Stages that leave their mark in the sample, so that none can be left out unseen: in every tick,
 *  and while a run goes on. */
const STAGES = ACCOUNT_DONE + ADVANCE_DONE + REGULATE_DONE;
const WATCHING = SUPERVISE_DONE + FOLLOW_DONE;

/** The last burst, as the shell was told of it: counts at gain `gain`, of which `taken` are valid
 *  (0 = no burst before this frame); `endedAt` in s since boot, `periodS` apart. */
export interface BurstReading {
  samples: Samples;
  taken: number;
  gain: number;
  endedAt: number;
  periodS: number;
}

/** All of the channel's state, as plain data. */
export interface Channel {
  readonly circuit: Circuit;
  readonly capabilities: Capabilities;
  config: Config;
  limits: Limits;
  guard: Guard;
  run: Run;
  loop: Loop;
  sample: Sample;
  previous: Sample;
  command: Command;
  burst: BurstReading;
  calm: Calm;
  /** What control of a voltage and impedance remember; a board without has neither. */
  grip: Float64Array;
  wave: Float64Array;
  /** When the last change of set-point or relay took effect, s since boot; told by the shell. */
  appliedAt: number;
  /** When a frame was recorded last, s since boot. */
  recordedAt: number;
}

/** A channel at rest without a cell. */
export function createChannel(
  circuit: Circuit,
  capabilities: Capabilities,
  codeMid: number,
): Channel {
  // Made here and not in the literal: terser takes a function out of no literal, and on a board one
  // that runs once is better gone.
  const config = createConfig(codeMid);
  const run = createRun();
  const loop = createLoop(codeMid);
  const command = createCommand(codeMid, capabilities.framePeriodMs);
  return {
    circuit,
    capabilities,
    config,
    limits: createLimits(),
    guard: createGuard(),
    run,
    loop,
    sample: createSample(),
    previous: createSample(),
    command,
    burst: { samples: new Int16Array(0), taken: 0, gain: 0, endedAt: 0, periodS: 0 },
    calm: createCalm(),
    appliedAt: 0,
    recordedAt: -1e9,
  } as Channel;
}

/** What was not read, means nothing or is the dummy's stays as it was; the fault table counts. */
function standIn(channel: Channel): void {
  const sample = channel.sample;
  const previous = channel.previous;
  const isOther = (sample[STATUS] & VOLTAGE_FAILED) !== 0 || channel.command.range >= ON_DUMMY;
  if (isOther) sample[VOLTS] = previous[VOLTS];
  if (sample[STATUS] & TEMPERATURE_FAILED) sample[CELSIUS] = previous[CELSIUS];
  if (sample[STATUS] & CURRENT_FAILED) {
    sample[AMPS] = sample[RELAY] === 1 ? previous[AMPS] : 0;
    sample[LOOP_AMPS] = previous[LOOP_AMPS];
  }
}

/** Makes the sample of this frame; the one before is `previous` then. */
function take(channel: Channel, raw: RawFrame): void {
  const sample = channel.previous;
  channel.previous = channel.sample;
  channel.sample = sample;
  measure(raw, channel.config, channel.circuit, channel.command.relay, sample);
  sample[APPLIED_AT] = channel.appliedAt;
  if (sample[STATUS] !== 0 || channel.command.range >= ON_DUMMY) standIn(channel);
}

/** Ends the run by `fault`, latches it and puts everything to rest: also the shell's way out. */
export function trip(channel: Channel, fault: number): void {
  const area = channel.config[AREA_CM2];
  const limit = fault >= FAULT_V_HIGH && fault <= FAULT_F_LOW;
  const now = channel.sample[VOLTS_AT];
  // A lead that came off says nothing about the cell, and nothing of the channel.
  if (fault === FAULT_OPEN_CELL) find(channel.run, VERDICT_OPEN, now);
  else latch(channel.guard, fault, now);
  abort(channel.run, fault, limit ? END_LIMIT : END_FAULT, area);
  channel.loop.test = 0;
  rest(channel.loop, channel.config, channel.command);
}

/** Distance of frames that the last command asked for, its burst included, s. */
function askedFor(command: Command): number {
  return (command.periodMs + (command.burst * command.burstUs) / 1000) / 1000;
}

/** What the detectors find while a step runs; an experiment moves the voltage itself, and only a
 *  hard short shows through. */
function look(channel: Channel, features: Features): number {
  const run = channel.run;
  const rules = features.rules;
  const half = isActive(run.proof) ? UNSETTLED : run.schedule.stepCount;
  let found = detect(run.shorts, channel.sample, channel.loop, channel.config, half, rules);
  if (channel.loop.tracking !== 0 && features.potential !== undefined) {
    found |= features.potential.judge(channel);
  }
  if (rules !== null && found !== 0) rules.tell(run, found);
  return found;
}

/** Marks of the stages that a frame has to go through. */
function stagesOf(watched: boolean, phase: number): number {
  return STAGES + (watched ? WATCHING : 0) + (phase === RUNNING ? DETECT_DONE : 0);
}

/** The set-point, A: `wanted`, or of a step that makes it anew with every frame that one's own. */
function track(channel: Channel, features: Features, wanted: number): number {
  let own = features.potential === undefined ? NaN : features.potential.drive(channel);
  if (own !== own && features.impedance !== undefined) own = features.impedance.drive(channel);
  return own === own ? own : wanted;
}

/** `wanted`, A, or an experiment's set-point, which takes a current that stands still. */
function probe(channel: Channel, prover: Prover, wanted: number): number {
  const steady = channel.loop.tracking === 0 ? wanted : NaN;
  const other = prover.experiment(channel, steady, prover.further);
  return other === other ? other : wanted;
}

/** One frame. Fills and returns `channel.command`; events are in `channel.run.events`. All stages
 *  follow each other here: an interpreter reads what stands inside one again for each around it. */
export function tick(channel: Channel, raw: RawFrame, features: Features): Command {
  const command = channel.command;
  const run = channel.run;
  const loop = channel.loop;
  const prover = features.prover;
  const guard = channel.guard;
  const periodS = askedFor(command);
  let fault = 0;
  gather(channel, raw);
  take(channel, raw);
  const sample = channel.sample;
  const previous = channel.previous;
  const phase = run.schedule.phase;
  const watched = phase >= LOADING || isReady(channel);
  if (watched) {
    const scale = channel.capabilities.rangesA[loop.range];
    fault = supervise(guard, channel.limits, sample, previous, periodS);
    if (fault === 0) fault = follow(guard, loop, sample, previous, scale, channel.circuit);
    if (fault === 0) fault = frozen(guard, loop, raw, channel.circuit.noiseCounts);
  }
  if (fault === 0) {
    account(run.totals, sample, previous);
    const event = phase === RUNNING ? look(channel, features) : 0;
    if (features.terms !== undefined && event === 0) features.terms.judge(channel);
    const wanted = track(channel, features, advance(channel, event));
    const setpoint = prover === null ? wanted : probe(channel, prover, wanted);
    fault = loop.test > 0 ? proveDrive(channel, setpoint) : regulate(channel, setpoint);
    if (sample[FLOW] !== stagesOf(watched, phase)) fault = FAULT_FLOW;
  }
  if (fault !== 0) trip(channel, fault);
  askAgain(guard, raw);
  // What is wrong for a moment only is not to be seen in a slow sensor's stale reading.
  command.doubt = guard.counting | guard.incomplete ? 1 : 0;
  prepare(command, raw, channel);
  if (prover !== null) prover.pace(channel, command);
  channel.burst.taken = 0;
  setBands(channel, raw);
  if (features.terms !== undefined) features.terms.pace(channel, command);
  return command;
}

/** One frame of a recording, taken at `setpoint` (A, 0 = at rest): measure -> account -> detect.
 *  Nobody is commanded; events are in `channel.run.events`. */
export function observe(
  channel: Channel,
  raw: RawFrame,
  setpoint: number,
  features: Features,
): void {
  const run = channel.run;
  const loop = channel.loop;
  take(channel, raw);
  const sample = channel.sample;
  if (setpoint !== loop.setpoint) {
    loop.setpoint = setpoint;
    loop.changedAt = sample[VOLTS_AT];
    run.schedule.stepCount++;
    beginStep(run.totals, sample[VOLTS_AT]);
  }
  loop.rung = LIVE;
  account(run.totals, sample, channel.previous);
  const rules = features.rules;
  const found = detect(run.shorts, sample, loop, channel.config, run.schedule.stepCount, rules);
  if (rules !== null) rules.tell(run, found);
  report(run, found, sample);
  act(run, found, sample, false);
}
