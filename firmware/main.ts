// The shell around the core: configuration in, frames to ticks, commands to the board. It is the
// only part that calls ports.
import type { Board, Command, RawFrame } from "../hal/port.ts";
import { UNTIL, coast, sync } from "./calm.ts";
import { tick, trip } from "./channel.ts";
import { VOLTAGE_GAIN, VOLTAGE_OFFSET } from "./config.ts";
import { BURST_READINGS, BURST_US } from "./evidence-state.ts";
import { FAULT_EXCEPTION } from "./fault.ts";
import type { Compare, Features } from "./features.ts";
import { FRAMES_TO_STOP, LAMP_RUNNING } from "./features.ts";
import { rest } from "./galvanostat.ts";
import type { Envelope } from "./limits.ts";
import { obey, receive } from "./obey.ts";
import { isActive } from "./proof-state.ts";
import type { Shell } from "./shell.ts";
import { createShell } from "./shell.ts";
import { speak } from "./speak.ts";
import { IDLE } from "./schedule.ts";
import { load, prefetch } from "./store.ts";

export { uncounted } from "./calm.ts";
export { CURRENT_MAX, SET_CURRENT } from "./protocol.ts";
export { IDLE } from "./schedule.ts";
export { provingCurrent } from "./startup.ts";
export type { Shell, ShellState } from "./shell.ts";

const WATCHDOG_MS = 2000;
/** A burst takes at most this long, µs. */
const BURST_MAX_US = 200000;

/** Files a burst. A reading outside the guards has put the relay to rest: the loop climbs back from
 *  there, and the coming frame judges the voltage. */
function endBurst(shell: Shell, taken: number, opened: boolean): void {
  const channel = shell.channel;
  const burst = channel.burst;
  const calibration = channel.config;
  burst.endedAt = shell.board.clock.now() / 1000;
  const witness = shell.features.witness;
  if (shell.state.witnessing === 1 && witness !== null) {
    const volts = channel.circuit.voltsPerCount[burst.gain] * calibration[VOLTAGE_GAIN];
    const evidence = shell.state.speech.evidence;
    const offset = calibration[VOLTAGE_OFFSET];
    witness.keepBurst(evidence, burst.samples, taken, volts, offset, burst.endedAt, burst.periodS);
  } else burst.taken = taken;
  if (!opened) return;
  shell.state.relay = 0;
  channel.appliedAt = burst.endedAt;
  rest(channel.loop, calibration, channel.command);
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

/** Asks for a burst before the next frame: an experiment's, or evidence that is due. */
function requestBurst(shell: Shell, command: Command): void {
  const channel = shell.channel;
  shell.state.witnessing = command.burst === 0 ? 1 : 0;
  if (command.burst === 0) {
    if (isActive(channel.run.proof)) return;
    command.burstUs = Math.max(BURST_US, channel.capabilities.burstPeriodUs);
    command.burst = Math.min(BURST_READINGS, Math.floor(BURST_MAX_US / command.burstUs));
  }
  channel.burst.gain = command.voltageGain;
  channel.burst.periodS = command.burstUs / 1e6;
  shell.board.scan.burst(command.burst, command.burstUs, shell.onBurst);
}

/** Ends the run by a fault that the shell has found. */
function end(shell: Shell, fault: number): void {
  trip(shell.channel, fault);
  apply(shell, shell.channel.command);
}

/** Fetches the step the core asked for, between this frame's command and the next frame. */
function fetch(shell: Shell, index: number): void {
  const fault = prefetch(shell.channel.run, shell.board.memory, index);
  if (fault !== 0) end(shell, fault);
}

/** What follows the command at once: words, and signs of life. */
function say(shell: Shell, sound: boolean): void {
  const board = shell.board;
  const state = shell.state;
  if (state.answer !== "") board.line.write(state.answer);
  state.answer = "";
  speak(state.speech, shell.channel, board.line, shell.features.witness);
  if (sound) board.watchdog.kick();
}

/** Something threw: relay to rest before all else. */
function fallBack(shell: Shell): void {
  shell.board.relay.write(false);
  sync(shell.channel);
  trip(shell.channel, FAULT_EXCEPTION);
  apply(shell, shell.channel.command);
}

/** Judges a frame whole; false = what has happened could not be told, and stays to be. Apart, so
 *  that frames which say nothing new do not read through it. */
function judgeWhole(shell: Shell, raw: RawFrame): boolean {
  const state = shell.state;
  let sound = true;
  try {
    if (shell.features.panel !== undefined) shell.features.panel(shell);
    if (state.wanted !== 0 || state.stopWanted !== 0) {
      sync(shell.channel);
      obey(shell);
    }
    apply(shell, tick(shell.channel, raw, shell.features));
  } catch {
    fallBack(shell);
    sound = false;
  }
  try {
    say(shell, sound);
    return true;
  } catch {
    fallBack(shell);
    return false;
  }
}

/** Holds the board's clock against its second one while a run is on. */
function checkClocks(shell: Shell, compare: Compare): void {
  const clock = shell.board.clock;
  const channel = shell.channel;
  if (channel.run.schedule.phase === IDLE || clock.wall === undefined) return;
  const fault = compare(channel.guard, clock.now(), clock.wall());
  if (fault !== 0) end(shell, fault);
}

/** After a frame that was judged whole: the journal, which is done with its events, and what the
 *  next frame needs. Apart, since nothing else takes so much of the interpreter's memory. */
function provide(shell: Shell): void {
  const command = shell.channel.command;
  const scribe = shell.features.scribe;
  const witness = shell.features.witness;
  try {
    let fault = 0;
    if (shell.desk !== null && scribe !== undefined) fault = scribe.keep(shell.desk);
    else shell.channel.run.events.used = 0;
    if (fault !== 0) end(shell, fault);
    const compare = shell.features.compare;
    if (compare !== undefined) checkClocks(shell, compare);
    if (command.stepWanted >= 0) fetch(shell, command.stepWanted);
    const evidence = shell.state.speech.evidence;
    // Evidence wants every frame told.
    if (witness !== null && witness.isTelling(evidence)) shell.channel.calm[UNTIL] = 0;
    const isSought = witness !== null && evidence.burstWanted;
    if (command.burst !== 0 || isSought) requestBurst(shell, command);
  } catch {
    fallBack(shell);
  }
}

/** Boots the channel: relay at rest, chips in their working mode, memory read, frames running.
 *  `envelope` is compiled into the board's bundle; what memory holds only narrows it. `features`
 *  are those that the board carries. */
export function start(board: Board, envelope: Envelope, features: Features): Shell {
  const shell = createShell(board, envelope, features);
  const witness = features.witness;
  shell.onBurst = (taken, opened) => {
    endBurst(shell, taken, opened);
  };
  shell.tasks.push(shell.onBurst);
  board.relay.write(false);
  board.dac.reset();
  board.range.reset();
  let fault = load(shell.channel, board.memory, envelope, features.terms);
  const scribe = features.scribe;
  if (scribe !== undefined && shell.desk !== null) fault = scribe.wake(shell.desk, fault);
  if (fault !== 0) trip(shell.channel, fault);
  board.line.open((text) => {
    receive(shell, text);
  });
  board.watchdog.start(WATCHDOG_MS);
  // Here and not in a function of its own, for a call costs as much as the rest of a calm frame.
  board.scan.start((raw) => {
    const channel = shell.channel;
    let calm = true;
    try {
      calm = coast(channel.calm, raw);
      if (calm) {
        if (witness !== null) witness.rememberCalm(shell.state.speech.evidence, channel, raw);
        if (board.panel !== undefined && board.panel(LAMP_RUNNING, FRAMES_TO_STOP)) {
          shell.state.stopWanted = 1;
          channel.calm[UNTIL] = 0;
        }
        board.watchdog.kick();
      }
    } catch {
      fallBack(shell);
    }
    if (!calm && judgeWhole(shell, raw)) provide(shell);
    board.scan.request(channel.command);
  });
  return shell;
}
