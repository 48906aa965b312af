// The whole trip of a frame: measure -> supervise -> account -> detect -> advance -> regulate.
// Branching between the stages lives here; they know nothing of each other.
import type { Capabilities, Circuit, Command, RawFrame, Samples } from "../hal/port.ts";
import { account, beginStep } from "./account.ts";
import { act } from "./act.ts";
import { advance } from "./advance.ts";
import type { Calm } from "./calm.ts";
import { createCalm, gather, settle } from "./calm.ts";
import type { Config } from "./config.ts";
import { AREA_CM2 } from "./config.ts";
import { createConfig } from "./config.ts";
import type { Features } from "./features.ts";
import type { Guard } from "./fault.ts";
import { FAULT_F_LOW, FAULT_FLOW, FAULT_V_HIGH, createGuard, latch } from "./fault.ts";
import { follow } from "./follow.ts";
import type { Loop } from "./loop.ts";
import { regulate, rest } from "./galvanostat.ts";
import { LIVE, createLoop } from "./loop.ts";
import type { Limits } from "./limits.ts";
import { createLimits } from "./limits.ts";
import { measure } from "./measure.ts";
import { prepare } from "./prepare.ts";
import { isActive } from "./proof-state.ts";
import { report } from "./report.ts";
import type { Run } from "./run.ts";
import { abort, createRun } from "./run.ts";
import type { Sample } from "./sample.ts";
import { AMPS, APPLIED_AT, CELSIUS, LOOP_AMPS, RELAY, STATUS, VOLTS, VOLTS_AT } from "./sample.ts";
import { CURRENT_FAILED, TEMPERATURE_FAILED, VOLTAGE_FAILED, createSample } from "./sample.ts";
import { LOADING, RUNNING } from "./schedule.ts";
import { UNSETTLED, detect } from "./shorts.ts";
import { supervise } from "./supervise.ts";
import { END_FAULT, END_LIMIT } from "./telemetry.ts";

/** Stages of a tick that went to its end; counted so that none can be left out unseen. */
export const STAGES = 6;

/** The last burst, as the shell was told of it. */
export interface BurstReading {
  /** Counts at gain `gain`; `taken` of them are valid, 0 = no burst before this frame. */
  samples: Samples;
  taken: number;
  gain: number;
  /** When the last reading was in, s since boot; distance of readings, s. */
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
  /** When the last change of set-point or relay took effect, s since boot; told by the shell. */
  appliedAt: number;
  /** Stages of this tick so far. */
  flow: number;
  /** When a frame was recorded last, s since boot. */
  recordedAt: number;
}

/** The command that is always safe. */
export function createCommand(codeMid: number, periodMs: number): Command {
  return {
    relay: 0,
    code: codeMid,
    range: 0,
    voltageGain: 0,
    currentGain: 0,
    guardMin: -Infinity,
    guardMax: Infinity,
    guardShort: 0,
    guardCurrent: Infinity,
    periodMs,
    record: 0,
    stepWanted: -1,
    burst: 0,
    burstUs: 0,
  };
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
    flow: 0,
    recordedAt: -1e9,
  };
}

function take(channel: Channel, raw: RawFrame): void {
  const sample = channel.previous;
  const previous = channel.sample;
  channel.sample = sample;
  channel.previous = previous;
  measure(raw, channel.config, channel.circuit, channel.command.relay, sample);
  sample[APPLIED_AT] = channel.appliedAt;
  // A failed slot leaves the last value standing; the fault table counts how often.
  if (sample[STATUS] & VOLTAGE_FAILED) sample[VOLTS] = previous[VOLTS];
  if (sample[STATUS] & TEMPERATURE_FAILED) sample[CELSIUS] = previous[CELSIUS];
  if (sample[STATUS] & CURRENT_FAILED) {
    sample[AMPS] = sample[RELAY] === 1 ? previous[AMPS] : 0;
    sample[LOOP_AMPS] = previous[LOOP_AMPS];
  }
  channel.flow = 1;
}

/** Ends the run by `fault`, latches it and puts everything to rest: also the shell's way out. */
export function trip(channel: Channel, fault: number): void {
  const area = channel.config[AREA_CM2];
  const limit = fault >= FAULT_V_HIGH && fault <= FAULT_F_LOW;
  latch(channel.guard, fault, channel.sample[VOLTS_AT]);
  abort(channel.run, fault, limit ? END_LIMIT : END_FAULT, area);
  rest(channel.loop, channel.config, channel.command);
}

function watch(channel: Channel): number {
  const sample = channel.sample;
  channel.flow++;
  if (channel.run.schedule.phase < LOADING) return 0;
  const command = channel.command;
  const periodS = (command.periodMs + (command.burst * command.burstUs) / 1000) / 1000;
  const fault = supervise(channel.guard, channel.limits, sample, channel.previous, periodS);
  if (fault !== 0) return fault;
  const fullScale = channel.capabilities.rangesA[channel.loop.range];
  return follow(channel.guard, channel.loop, sample, fullScale);
}

/** What the detectors find while a step runs; an experiment moves the voltage itself, and only a
 *  hard short shows through. */
function look(channel: Channel, features: Features): number {
  const run = channel.run;
  const cell = channel.config;
  const rules = features.rules;
  if (run.schedule.phase !== RUNNING) return 0;
  const half = isActive(run.proof) ? UNSETTLED : run.schedule.stepCount;
  const found = detect(run.shorts, channel.sample, channel.loop, cell, half, rules);
  if (rules !== null) rules.tell(run, found);
  return found;
}

/** The stages after supervision. */
function goOn(channel: Channel, features: Features): void {
  const prover = features.prover;
  account(channel.run.totals, channel.sample, channel.previous);
  channel.flow++;
  const event = look(channel, features);
  channel.flow++;
  const wanted = advance(channel, event);
  const other = prover === null ? NaN : prover.experiment(channel, wanted, prover.further);
  channel.flow++;
  regulate(channel, other === other ? other : wanted);
  channel.flow++;
}

/** One frame. Fills and returns `channel.command`; events are in `channel.run.events`. `features`
 *  are those that the board carries. */
export function tick(channel: Channel, raw: RawFrame, features: Features): Command {
  gather(channel, raw);
  take(channel, raw);
  let fault = watch(channel);
  if (fault === 0) {
    goOn(channel, features);
    if (channel.flow !== STAGES) fault = FAULT_FLOW;
  }
  if (fault !== 0) trip(channel, fault);
  prepare(channel.command, raw, channel);
  if (features.prover !== null) features.prover.pace(channel, channel.command);
  channel.burst.taken = 0;
  settle(channel, raw);
  return channel.command;
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
  const cell = channel.config;
  const rules = features.rules;
  const found = detect(run.shorts, sample, loop, cell, run.schedule.stepCount, rules);
  if (rules !== null) rules.tell(run, found);
  report(run, found, sample);
  act(run, found, sample, false);
}
