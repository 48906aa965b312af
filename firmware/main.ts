// The shell around the core: configuration in, frames to ticks, commands to the board. It is the
// only part that calls ports.
import type { Board, BurstDone, Command, RawFrame, Task } from "../hal/port.ts";
import type { Channel } from "./channel.ts";
import { createChannel, tick, trip } from "./channel.ts";
import { BURST_READINGS, BURST_US } from "./evidence-state.ts";
import { FAULT_EXCEPTION, forgetCounts } from "./fault.ts";
import type { Features } from "./features.ts";
import { rest } from "./galvanostat.ts";
import type { Envelope } from "./limits.ts";
import { equip, isActive } from "./proof-state.ts";
import { STEP_BYTES } from "./protocol.ts";
import { abort, begin, finish, resume } from "./run.ts";
import { HELD, IDLE } from "./schedule.ts";
import type { Speech } from "./speak.ts";
import { createSpeech, speak } from "./speak.ts";
import { load, prefetch } from "./store.ts";
import { END_FAULT, END_STOPPED } from "./telemetry.ts";

const WATCHDOG_MS = 2000;
/** A burst takes at most this long, µs. */
const BURST_MAX_US = 200000;

/** What the shell remembers from frame to frame. */
export interface ShellState {
  /** Last written to the board; -1 = not known, write again. */
  relay: number;
  code: number;
  range: number;
  /** A line has asked for it; taken up with the next frame. */
  stopWanted: boolean;
  startWanted: boolean;
  resumeWanted: boolean;
  /** The burst under way is evidence, not part of an experiment. */
  witnessing: boolean;
  speech: Speech;
}

/** A running channel: the core's state and the shell's. */
export interface Shell {
  readonly board: Board;
  readonly channel: Channel;
  readonly state: ShellState;
  readonly stepBytes: Uint8Array;
  onBurst: BurstDone;
  readonly features: Features;
  /** Functions given to ports, for a rig that forks. */
  readonly tasks: Task[];
}

/** Files a burst. A reading outside the guards has put the relay to rest: the loop climbs back from
 *  there, and the coming frame judges the voltage. */
function endBurst(shell: Shell, taken: number, opened: boolean): void {
  const channel = shell.channel;
  const burst = channel.burst;
  const calibration = channel.config.calibration;
  burst.endedAt = shell.board.clock.now() / 1000;
  const witness = shell.features.witness;
  if (shell.state.witnessing && witness !== null) {
    const volts = channel.circuit.voltsPerCount[burst.gain] * calibration.voltageGain;
    const evidence = shell.state.speech.evidence;
    const offset = calibration.voltageOffset;
    witness.keepBurst(evidence, burst.samples, taken, volts, offset, burst.endedAt, burst.periodS);
  } else burst.taken = taken;
  if (!opened) return;
  shell.state.relay = 0;
  channel.appliedAt = burst.endedAt;
  rest(channel.loop, calibration, channel.command);
}

function createShell(board: Board, features: Features): Shell {
  const channel = createChannel(board.circuit, board.capabilities, board.dac.codeMid);
  const state = {
    relay: -1,
    code: -1,
    range: -1,
    stopWanted: false,
    startWanted: false,
    resumeWanted: false,
    witnessing: false,
    speech: createSpeech(features.witness !== null),
  };
  const stepBytes = new Uint8Array(STEP_BYTES);
  const shell = { board, channel, state, stepBytes, features, tasks: [] } as unknown as Shell;
  channel.burst.samples = board.scan.samples;
  if (features.prover !== null) equip(channel.run.proof, features.prover.further !== null);
  shell.onBurst = (taken, opened) => {
    endBurst(shell, taken, opened);
  };
  shell.tasks.push(shell.onBurst);
  return shell;
}

/** Carries out a command: on the way to rest the relay goes first, on the way to the cell last. */
function apply(shell: Shell, command: Command): void {
  const board = shell.board;
  const state = shell.state;
  const relay = state.relay;
  const code = state.code;
  const range = state.range;
  if (command.relay === 0 && relay !== 0) {
    board.relay.write(false);
    state.relay = 0;
  }
  if (command.code !== code) state.code = board.dac.write(command.code) ? command.code : -1;
  if (command.range !== range) state.range = board.range.write(command.range) ? command.range : -1;
  if (command.relay === 1 && relay !== 1) {
    board.relay.write(true);
    state.relay = 1;
  }
  if (relay !== state.relay || code !== state.code || range !== state.range) {
    shell.channel.appliedAt = board.clock.now() / 1000;
  }
  if (shell.channel.loop.frames === 0) shell.channel.loop.changedAt = board.clock.now() / 1000;
}

/** Takes up what the line asked for. A latched fault keeps a run from starting, never from
 *  stopping; a run that is over says its verdict before another one starts. */
function obey(shell: Shell): void {
  const channel = shell.channel;
  const state = shell.state;
  const run = channel.run;
  const area = channel.config.cell.areaCm2;
  if (state.stopWanted && run.schedule.phase !== IDLE) finish(run, END_STOPPED, area);
  else if (state.resumeWanted && run.schedule.phase === HELD) resume(run, channel.sample);
  else if (state.startWanted && run.schedule.phase === IDLE) {
    if (state.speech.verdict !== "") return;
    begin(run, channel.sample);
    forgetCounts(channel.guard);
    const fault = channel.guard.fault;
    if (fault !== 0) abort(run, fault, END_FAULT, area);
  }
  state.stopWanted = false;
  state.startWanted = false;
  state.resumeWanted = false;
}

/** Asks for a burst before the next frame: an experiment's, or evidence that is due. */
function requestBurst(shell: Shell, command: Command): void {
  const channel = shell.channel;
  const evidence = shell.state.speech.evidence;
  shell.state.witnessing = command.burst === 0;
  if (command.burst === 0) {
    if (!evidence.burstWanted || isActive(channel.run.proof)) return;
    command.burstUs = Math.max(BURST_US, channel.capabilities.burstPeriodUs);
    command.burst = Math.min(BURST_READINGS, Math.floor(BURST_MAX_US / command.burstUs));
  }
  channel.burst.gain = command.voltageGain;
  channel.burst.periodS = command.burstUs / 1e6;
  shell.board.scan.burst(command.burst, command.burstUs, shell.onBurst);
}

/** Fetches the step the core asked for, between this frame's command and the next frame. */
function fetch(shell: Shell, index: number): void {
  const fault = prefetch(shell.channel, shell.board.memory, index, shell.stepBytes);
  if (fault === 0) return;
  trip(shell.channel, fault);
  apply(shell, shell.channel.command);
}

function onFrame(shell: Shell, raw: RawFrame): void {
  const board = shell.board;
  const command = shell.channel.command;
  let sound = true;
  obey(shell);
  try {
    tick(shell.channel, raw, shell.features);
  } catch {
    board.relay.write(false);
    trip(shell.channel, FAULT_EXCEPTION);
    sound = false;
  }
  apply(shell, command);
  speak(shell.state.speech, shell.channel, board.line, shell.features.witness);
  if (sound) board.watchdog.kick();
  if (command.stepWanted >= 0) fetch(shell, command.stepWanted);
  requestBurst(shell, command);
  board.scan.request(command);
}

function listen(shell: Shell, text: string): void {
  const state = shell.state;
  if (text === "stop") {
    state.stopWanted = true;
    state.startWanted = false;
    state.resumeWanted = false;
  } else if (text === "start") state.startWanted = true;
  else if (text === "resume") state.resumeWanted = true;
}

/** Boots the channel: relay at rest, chips in their working mode, memory read, frames running.
 *  `envelope` is compiled into the board's bundle; what memory holds only narrows it. `features`
 *  are those that the board carries. */
export function start(board: Board, envelope: Envelope, features: Features): Shell {
  const shell = createShell(board, features);
  board.relay.write(false);
  board.dac.reset();
  board.range.reset();
  const fault = load(shell.channel, board.memory, envelope);
  if (fault !== 0) trip(shell.channel, fault);
  board.line.open((text) => {
    listen(shell, text);
  });
  board.watchdog.start(WATCHDOG_MS);
  board.scan.start((raw) => {
    onFrame(shell, raw);
  });
  return shell;
}
