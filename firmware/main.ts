// The shell around the core: configuration in, frames to ticks, commands to the board. It is the
// only part that calls ports.
import type { Board, BurstDone, Command, RawFrame, Task } from "../hal/port.ts";
import type { Channel } from "./channel.ts";
import { createChannel, tick, trip } from "./channel.ts";
import { CONFIG_BYTES, decodeConfig } from "./config.ts";
import { EVENT_VALUES } from "./events.ts";
import { FAULT_CONFIG, FAULT_EXCEPTION, FAULT_PROTOCOL, forgetCounts } from "./fault.ts";
import { rest } from "./galvanostat.ts";
import type { Envelope } from "./limits.ts";
import { narrow } from "./limits.ts";
import { PROTOCOL_HEADER_BYTES, STEP_BYTES, decodeHash } from "./protocol.ts";
import { decodeHeader, decodeStep } from "./protocol.ts";
import { abort, begin, finish, setpointOf } from "./run.ts";
import { IDLE } from "./schedule.ts";
import type { FrameMessage } from "./telemetry.ts";
import { END_FAULT, END_STOPPED, encodeEvent, encodeFrame } from "./telemetry.ts";

const WATCHDOG_MS = 2000;

/** What the shell remembers from frame to frame. */
export interface ShellState {
  /** Last written to the board; -1 = not known, write again. */
  relay: number;
  code: number;
  range: number;
  /** A line has asked for it; taken up with the next frame. */
  stopWanted: boolean;
  startWanted: boolean;
  /** The frame to be sent. Its step is that under which the frame was taken. */
  message: FrameMessage;
}

/** A running channel: the core's state and the shell's. */
export interface Shell {
  readonly board: Board;
  readonly channel: Channel;
  readonly state: ShellState;
  readonly stepBytes: Uint8Array;
  readonly eventValues: Float64Array;
  onBurst: BurstDone;
  /** Functions given to ports, for a rig that forks. */
  readonly tasks: Task[];
}

function createMessage(): FrameMessage {
  return {
    sequence: 0,
    timeMs: 0,
    voltageUv: 0,
    currentPa: 0,
    setpointPa: 0,
    forceMn: 0,
    temperatureMc: 0,
    step: 0,
    stepCount: 0,
    cycleCount: 1,
    direction: 0,
    chargeInUc: 0,
    chargeOutUc: 0,
  };
}

function createShell(board: Board): Shell {
  const channel = createChannel(board.circuit, board.capabilities, board.dac.codeMid);
  const state = {
    relay: -1,
    code: -1,
    range: -1,
    stopWanted: false,
    startWanted: false,
    message: createMessage(),
  };
  const stepBytes = new Uint8Array(STEP_BYTES);
  const eventValues = new Float64Array(EVENT_VALUES);
  const shell = { board, channel, state, stepBytes, eventValues, tasks: [] } as unknown as Shell;
  channel.burst.samples = board.scan.samples;
  shell.onBurst = (taken, opened) => {
    endBurst(shell, taken, opened);
  };
  shell.tasks.push(shell.onBurst);
  return shell;
}

/** Fetches configuration and program from memory; without both nothing will run. */
function load(shell: Shell, envelope: Envelope): void {
  const memory = shell.board.memory;
  const channel = shell.channel;
  const bytes = new Uint8Array(CONFIG_BYTES);
  const read = memory.read(memory.areas.config, bytes);
  const known = read && decodeConfig(bytes, channel.config, memory.crc32);
  const cell = channel.config.cell;
  if (!known || !narrow(channel.limits, envelope, cell, channel.capabilities)) {
    trip(channel, FAULT_CONFIG);
    return;
  }
  const header = new Uint8Array(PROTOCOL_HEADER_BYTES);
  if (memory.read(memory.areas.protocol, header)) {
    channel.run.steps = decodeHeader(header, memory.crc32);
    channel.run.hash = decodeHash(header);
  }
  if (channel.run.steps < 0) trip(channel, FAULT_PROTOCOL);
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

/** Reads the step the core asked for, between this frame's command and the next frame. */
function prefetch(shell: Shell, index: number): void {
  const run = shell.channel.run;
  const memory = shell.board.memory;
  const offset = memory.areas.protocol + PROTOCOL_HEADER_BYTES + index * STEP_BYTES;
  const inside = index < run.steps && memory.read(offset, shell.stepBytes);
  if (inside && decodeStep(shell.stepBytes, run.next, memory.crc32)) run.loadedIndex = index;
  else {
    trip(shell.channel, FAULT_PROTOCOL);
    apply(shell, shell.channel.command);
  }
}

function sendFrame(shell: Shell): void {
  const sample = shell.channel.sample;
  const totals = shell.channel.run.totals;
  const message = shell.state.message;
  message.sequence = sample.sequence;
  message.timeMs = (sample.timeVoltage - totals.startedAt) * 1000;
  message.voltageUv = sample.voltage * 1e6;
  message.currentPa = sample.current * 1e12;
  message.forceMn = sample.force * 1e3;
  message.temperatureMc = sample.temperature * 1e3;
  message.chargeInUc = totals.chargeIn * 1e6;
  message.chargeOutUc = totals.chargeOut * 1e6;
  shell.board.line.write(encodeFrame(message));
}

function sendEvents(shell: Shell): void {
  const events = shell.channel.run.events;
  const startedAt = shell.channel.run.totals.startedAt;
  const timeMs = (shell.channel.sample.timeVoltage - startedAt) * 1000;
  for (let i = 0; i < events.count; i++) {
    const count = events.counts[i];
    for (let k = 0; k < count; k++) shell.eventValues[k] = events.values[i * EVENT_VALUES + k];
    shell.board.line.write(encodeEvent(events.codes[i], timeMs, shell.eventValues, count));
  }
  events.count = 0;
}

/** The step that begins now labels the frames from the next on. */
function relabel(shell: Shell): void {
  const schedule = shell.channel.run.schedule;
  const run = shell.channel.run;
  const wanted = setpointOf(run);
  const message = shell.state.message;
  message.setpointPa = shell.channel.loop.setpoint * 1e12;
  message.step = schedule.index;
  message.stepCount = schedule.stepCount;
  message.cycleCount = schedule.cycleCount;
  message.direction = wanted > 0 ? 1 : wanted < 0 ? -1 : 0;
}

/** Takes up what the line asked for. A latched fault keeps a run from starting, never from
 *  stopping. */
function obey(shell: Shell): void {
  const channel = shell.channel;
  const state = shell.state;
  const run = channel.run;
  const area = channel.config.cell.areaCm2;
  if (state.stopWanted && run.schedule.phase !== IDLE) finish(run, END_STOPPED, area);
  else if (state.startWanted && run.schedule.phase === IDLE) {
    begin(run, channel.sample);
    forgetCounts(channel.guard);
    const fault = channel.guard.fault;
    if (fault !== 0) abort(run, fault, END_FAULT, area);
  }
  state.stopWanted = false;
  state.startWanted = false;
}

/** Asks for a burst before the next frame. */
function requestBurst(shell: Shell, command: Command): void {
  const burst = shell.channel.burst;
  burst.gain = command.voltageGain;
  burst.periodS = command.burstUs / 1e6;
  shell.board.scan.burst(command.burst, command.burstUs, shell.onBurst);
}

/** Files a burst. A reading outside the guards has put the relay to rest: the loop climbs back from
 *  there, and the coming frame judges the voltage. */
function endBurst(shell: Shell, taken: number, opened: boolean): void {
  const channel = shell.channel;
  const burst = channel.burst;
  burst.taken = taken;
  burst.endedAt = shell.board.clock.now() / 1000;
  if (!opened) return;
  shell.state.relay = 0;
  channel.appliedAt = burst.endedAt;
  rest(channel.loop, channel.config.calibration, channel.command);
}

function onFrame(shell: Shell, raw: RawFrame): void {
  const board = shell.board;
  const command = shell.channel.command;
  let sound = true;
  obey(shell);
  try {
    tick(shell.channel, raw);
  } catch {
    board.relay.write(false);
    trip(shell.channel, FAULT_EXCEPTION);
    sound = false;
  }
  apply(shell, command);
  if (command.record === 1) sendFrame(shell);
  sendEvents(shell);
  relabel(shell);
  if (sound) board.watchdog.kick();
  if (command.stepWanted >= 0) prefetch(shell, command.stepWanted);
  if (command.burst > 0) requestBurst(shell, command);
  board.scan.request(command);
}

/** Boots the channel: relay at rest, chips in their working mode, memory read, frames running.
 *  `envelope` is compiled into the board's bundle; what memory holds only narrows it. */
export function start(board: Board, envelope: Envelope): Shell {
  const shell = createShell(board);
  board.relay.write(false);
  board.dac.reset();
  board.range.reset();
  load(shell, envelope);
  board.line.open((text) => {
    if (text === "stop") {
      shell.state.stopWanted = true;
      shell.state.startWanted = false;
    } else if (text === "start") shell.state.startWanted = true;
  });
  board.watchdog.start(WATCHDOG_MS);
  board.scan.start((raw) => {
    onFrame(shell, raw);
  });
  return shell;
}
