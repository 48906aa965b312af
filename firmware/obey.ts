// Carries out what the line asks for. What moves the run waits for the next frame, a stop before
// all; what only looks, or writes memory while nothing runs, is done at once.
import { COUNT, UNTIL, lastAt } from "./calm.ts";
import type { Channel } from "./channel.ts";
import { AREA_CM2 } from "./config.ts";
import { RESULT_BUSY, RESULT_DONE, RESULT_FAULT, RESULT_MEMORY_FAILED } from "./console.ts";
import { RESULT_NOTHING_HELD, RESULT_NOT_UNDERSTOOD, RESULT_NO_CONFIG } from "./console.ts";
import { RESULT_NO_PROGRAM, RESULT_NO_RUN, RESULT_RUN_IS_ON, VERB_CLEAR } from "./console.ts";
import { VERB_COMMIT, VERB_GET, VERB_HOLD, VERB_LOAD, VERB_PUT, VERB_RESUME } from "./console.ts";
import { VERB_SELFTEST, VERB_START, VERB_STATUS, VERB_STOP } from "./console.ts";
import { encodeAnswer, parse } from "./console.ts";
import { FAULT_CONFIG, FAULT_PROTOCOL, forgetCounts, latch } from "./fault.ts";
import { abort, begin, finish, hold } from "./run.ts";
import { CELSIUS, LOOP_AMPS, NEWTONS, SEQUENCE, STATUS, VOLTS, VOLTS_AT } from "./sample.ts";
import { HELD, IDLE, RUNNING } from "./schedule.ts";
import { selfTest } from "./selftest.ts";
import type { Shell } from "./shell.ts";
import { FRAME_FAILED, beginProof } from "./startup.ts";
import { disown, load } from "./store.ts";
import { END_FAULT, END_STOPPED } from "./telemetry.ts";

/** At once, since no current depends on it. */
function reply(shell: Shell, verb: number, result: number, more: string): void {
  shell.board.line.write(encodeAnswer(verb, result, more));
}

/** After the hardware has been told: on the way to rest, talking would cost time. */
function answer(shell: Shell, verb: number, result: number, more: string): void {
  shell.state.answer = encodeAnswer(verb, result, more);
}

/** Where the run stands, for a host that has just arrived. */
function status(shell: Shell): string {
  const channel = shell.channel;
  const run = channel.run;
  const schedule = run.schedule;
  const runs = schedule.phase !== IDLE;
  const calm = channel.calm;
  const now = lastAt(calm, channel.sample[VOLTS_AT]);
  const elapsed = runs ? now - run.totals.startedAt : 0;
  const left = run.resumeAt - now;
  const setpoint = Math.floor(channel.loop.setpoint * 1e12 + 0.5);
  return (
    `,${schedule.phase},${channel.guard.fault},${schedule.index},${schedule.stepCount},` +
    `${schedule.cycleCount},${Math.floor(elapsed * 1000)},${setpoint},${channel.command.relay},` +
    `${run.steps},${run.hash},${channel.sample[SEQUENCE] + calm[COUNT]},` +
    `${shell.board.bundle ?? 0},` +
    `${run.outage},${left < Infinity ? Math.floor(left + 0.5) : -1}`
  );
}

function tellChecks(shell: Shell): void {
  const channel = shell.channel;
  const sample = channel.sample;
  load(channel, shell.board.memory, shell.envelope, shell.features.terms);
  const failed = selfTest(channel, shell.board.memory);
  const values =
    `,${failed},${Math.floor(sample[VOLTS] * 1e6 + 0.5)},` +
    `${Math.floor(sample[LOOP_AMPS] * 1e12 + 0.5)},${Math.floor(sample[NEWTONS] * 1e3 + 0.5)},` +
    `${Math.floor(sample[CELSIUS] * 1e3 + 0.5)},${channel.guard.fault}`;
  channel.loop.test = 0;
  answer(shell, VERB_SELFTEST, RESULT_DONE, values);
}

/** Whether a self-test has to wait for the start-up's proof, which it begins. With a chip that does
 *  not answer, or a fault, it goes without. */
function isProving(channel: Channel): boolean {
  const isSound = channel.guard.fault === 0 && (channel.sample[STATUS] & FRAME_FAILED) === 0;
  if (channel.loop.test === 0 && isSound) beginProof(channel);
  // What is told is a frame at rest: the one after a fault.
  return channel.loop.test > 0 || channel.guard.faultAt === channel.sample[VOLTS_AT];
}

/** Writes a piece, and answers with the check sum of what memory holds there now. */
function put(shell: Shell): void {
  const memory = shell.board.memory;
  const request = shell.request;
  const areas = memory.areas;
  const bytes = request.bytes.subarray(0, request.count);
  let result = RESULT_DONE;
  if (request.offset + request.count > areas.journal) result = RESULT_NOT_UNDERSTOOD;
  else if (shell.state.loading === 0) result = RESULT_RUN_IS_ON;
  else if (!memory.program(request.offset, bytes)) result = RESULT_MEMORY_FAILED;
  else if (!memory.read(request.offset, bytes)) result = RESULT_MEMORY_FAILED;
  const sum = result === RESULT_DONE ? `,${request.offset},${memory.crc32(bytes)}` : "";
  reply(shell, VERB_PUT, result, sum);
}

function get(shell: Shell): void {
  const memory = shell.board.memory;
  const request = shell.request;
  const bytes = request.bytes.subarray(0, request.count);
  let more = "";
  let result = RESULT_DONE;
  if (request.offset + request.count > memory.areas.end) result = RESULT_NOT_UNDERSTOOD;
  else if (!memory.read(request.offset, bytes)) result = RESULT_MEMORY_FAILED;
  else {
    more = `,${request.offset}`;
    for (let i = 0; i < request.count; i++) more += `,${bytes[i]}`;
  }
  reply(shell, VERB_GET, result, more);
}

/** Takes a line in. */
export function receive(shell: Shell, text: string): void {
  const state = shell.state;
  const verb = parse(text, shell.request);
  if (verb === VERB_STOP) {
    state.stopWanted = 1;
    state.wanted = 0;
  } else if (verb === VERB_PUT) put(shell);
  else if (verb === VERB_GET) get(shell);
  else if (verb === VERB_STATUS) reply(shell, verb, RESULT_DONE, status(shell));
  else if (verb === 0) reply(shell, verb, RESULT_NOT_UNDERSTOOD, "");
  else if (state.wanted !== 0 || state.stopWanted !== 0) reply(shell, verb, RESULT_BUSY, "");
  else state.wanted = verb;
  // The coming frame is judged whole, for it takes up what is wanted.
  if (state.wanted !== 0 || state.stopWanted !== 0) shell.channel.calm[UNTIL] = 0;
}

/** Reads configuration and program anew; a fault when they are not usable. */
function reload(shell: Shell): number {
  const channel = shell.channel;
  const fault = load(channel, shell.board.memory, shell.envelope, shell.features.terms);
  shell.state.loading = 0;
  channel.guard.fault = 0;
  if (fault !== 0) latch(channel.guard, fault, channel.sample[VOLTS_AT]);
  return fault;
}

/** What memory holds is read anew by every run: what it says of the cell is under its check sum. */
function startRun(shell: Shell): void {
  const channel = shell.channel;
  const latched = channel.guard.fault;
  const fault = latched === 0 ? reload(shell) : latched;
  channel.loop.test = 0;
  begin(channel.run, channel.sample);
  forgetCounts(channel.guard);
  if (fault === 0) {
    answer(shell, VERB_START, RESULT_DONE, "");
    return;
  }
  answer(shell, VERB_START, RESULT_FAULT, `,${fault}`);
  abort(channel.run, fault, END_FAULT, channel.config[AREA_CM2]);
}

function clear(shell: Shell): void {
  forgetCounts(shell.channel.guard);
  const fault = reload(shell);
  if (fault === 0) answer(shell, VERB_CLEAR, RESULT_DONE, "");
  else answer(shell, VERB_CLEAR, RESULT_FAULT, `,${fault}`);
}

function openMemory(shell: Shell): void {
  const channel = shell.channel;
  const areas = shell.board.memory.areas;
  const result = disown(channel, shell.board.memory) ? RESULT_DONE : RESULT_MEMORY_FAILED;
  shell.state.loading = 1;
  latch(channel.guard, FAULT_PROTOCOL, channel.sample[VOLTS_AT]);
  answer(shell, VERB_LOAD, result, `,${areas.config},${areas.protocol},${areas.journal}`);
}

/** Memory is complete; a fault of another kind than a missing program stays latched. */
function commit(shell: Shell): void {
  const channel = shell.channel;
  const earlier = channel.guard.fault;
  const fault = reload(shell);
  if (earlier !== FAULT_CONFIG && earlier !== FAULT_PROTOCOL && earlier !== 0) {
    channel.guard.fault = earlier;
  }
  if (fault === 0) {
    answer(shell, VERB_COMMIT, RESULT_DONE, `,${channel.run.steps},${channel.run.hash}`);
    return;
  }
  const reason = fault === FAULT_CONFIG ? RESULT_NO_CONFIG : RESULT_NO_PROGRAM;
  answer(shell, VERB_COMMIT, reason, "");
}

/** What is for a channel without a run. */
function obeyIdle(shell: Shell, verb: number): void {
  if (verb === VERB_START) startRun(shell);
  else if (verb === VERB_CLEAR) clear(shell);
  else if (verb === VERB_LOAD) openMemory(shell);
  else if (verb === VERB_COMMIT) commit(shell);
  else if (verb === VERB_SELFTEST) tellChecks(shell);
  else answer(shell, verb, verb === VERB_HOLD ? RESULT_NO_RUN : RESULT_NOTHING_HELD, "");
}

/** What is for a run. */
function obeyRunning(shell: Shell, verb: number): void {
  const channel = shell.channel;
  const run = channel.run;
  const phase = run.schedule.phase;
  let result = RESULT_RUN_IS_ON;
  if (verb === VERB_RESUME) {
    result = phase === HELD ? RESULT_DONE : RESULT_NOTHING_HELD;
    if (phase === HELD) run.resumeAt = channel.sample[VOLTS_AT];
  } else if (verb === VERB_HOLD) {
    result = phase === RUNNING || phase === HELD ? RESULT_DONE : RESULT_NO_RUN;
    if (phase === RUNNING) hold(run, channel.sample);
  }
  answer(shell, verb, result, "");
}

function stop(shell: Shell, channel: Channel): void {
  const idle = channel.run.schedule.phase === IDLE;
  channel.loop.test = 0;
  if (!idle) finish(channel.run, END_STOPPED, channel.config[AREA_CM2]);
  answer(shell, VERB_STOP, idle ? RESULT_NO_RUN : RESULT_DONE, "");
}

/** Takes up what the line asked for. A latched fault keeps a run from starting, never from
 *  stopping; a run that is over says its verdict before another one starts. */
export function obey(shell: Shell): void {
  const state = shell.state;
  const verb = state.wanted;
  const idle = shell.channel.run.schedule.phase === IDLE;
  if (state.stopWanted === 1) stop(shell, shell.channel);
  state.stopWanted = 0;
  if (verb === 0 || (verb === VERB_START && state.speech.verdict !== "")) return;
  if (verb === VERB_SELFTEST && idle && isProving(shell.channel)) return;
  state.wanted = 0;
  if (idle) obeyIdle(shell, verb);
  else obeyRunning(shell, verb);
}
