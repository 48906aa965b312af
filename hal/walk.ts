// The walk through the slots of a frame. A slot begins a conversion, waits, polls, reads;
// completions may come inside the call or later: they only say what is due next.
import { READINGS, VOLTAGE_1, VOLTAGE_2, VOLTAGE_AGAIN, assemble } from "./frame.ts";
import type { ConverterState, StatusBits } from "./port.ts";
import type { Sequencer, Walk } from "./slots.ts";
import { A_POLL, A_READING, A_VALUE, CODE, DELIVER, FORCE, NOTHING, RANGE } from "./slots.ts";
import { TEMPERATURE, THE_NEXT, converterOf, fail, following, gainOf } from "./slots.ts";
import { isVoltage } from "./slots.ts";

const VOLTAGE_CLIPPED: StatusBits["voltageClipped"] = 256;
const CURRENT_CLIPPED: StatusBits["currentClipped"] = 512;

/** A silent chip costs a frame at most about twice this, ms. */
const DEADLINE_MS = 50;
const POLL_MS = 0.25;

/** Starts the slot's conversion; false = the chip did not take it. */
function begin(scan: Sequencer): boolean {
  const state = scan.state;
  state.beganAt = scan.parts.clock.now();
  state.waitMs = converterOf(scan.parts, state.slot).begin(state.gain);
  if (state.slot < READINGS) state.readings.times[state.slot] = state.beganAt + state.waitMs / 2;
  if (state.waitMs < 0) return false;
  scan.parts.clock.after(state.waitMs, scan.onWait);
  return true;
}

/** Enters the present slot; false = it is over already, for it failed. */
function enter(scan: Sequencer): boolean {
  const state = scan.state;
  const clock = scan.parts.clock;
  state.slotAt = clock.now();
  if (state.slot === CODE) {
    state.awaiting = A_VALUE;
    scan.parts.dac.read(scan.onValue);
    return true;
  }
  if (state.slot === RANGE) {
    state.awaiting = A_VALUE;
    scan.parts.range.read(scan.onValue);
    return true;
  }
  state.gain = gainOf(state);
  if (state.slot !== VOLTAGE_2) return begin(scan);
  // The next odd multiple of half a mains period: a slow link may have missed the first.
  const half = 500 / scan.parts.mainsHz;
  let at = state.frameAt + half;
  while (at < state.slotAt) at += 2 * half;
  clock.after(at - state.slotAt, scan.onBegin);
  return true;
}

/** To the next slot, or to the end of the frame. */
function next(scan: Sequencer): void {
  const state = scan.state;
  state.slot = following(state, scan.parts.clock.now());
  if (state.slot === DELIVER) scan.parts.clock.after(0, scan.onDeliver);
  else if (!enter(scan)) {
    fail(state);
    state.due = THE_NEXT;
  }
}

/** Does what is due, and what becomes due by that, until something has to be waited for. A reply
 *  that comes inside a call only notes what is due: calls do not nest, for an interpreter's stack
 *  is small. Slots only go up, so this ends. */
function go(scan: Sequencer, due: number): void {
  const state = scan.state;
  state.due = due;
  if (state.walking) return;
  state.walking = true;
  while (state.due !== NOTHING) {
    const now = state.due;
    state.due = NOTHING;
    if (now === THE_NEXT) next(scan);
    else {
      state.awaiting = now;
      const converter = converterOf(scan.parts, state.slot);
      if (now === A_POLL) converter.poll(scan.onPolled);
      else converter.read(scan.onRead);
    }
  }
  state.walking = false;
}

/** Begins a frame. */
export function startFrame(scan: Sequencer): void {
  const state = scan.state;
  state.frameAt = scan.parts.clock.now();
  state.deadline = scan.parts.clock.after(DEADLINE_MS, scan.onDeadline);
  state.readings.status = 0;
  state.slot = VOLTAGE_1;
  if (enter(scan)) return;
  fail(state);
  go(scan, THE_NEXT);
}

/** A wait before a slot is over. */
export function resume(scan: Sequencer): void {
  if (begin(scan)) return;
  fail(scan.state);
  go(scan, THE_NEXT);
}

/** A conversion should be ready. */
export function poll(scan: Sequencer): void {
  go(scan, A_POLL);
}

/** Notes that a reply has come; false = it belongs to a read that was given up. */
function expected(state: Walk, reply: number): boolean {
  if (state.awaiting !== reply) return false;
  state.awaiting = NOTHING;
  return true;
}

/** A converter has answered whether it is ready. */
export function polled(scan: Sequencer, ready: ConverterState): void {
  const state = scan.state;
  if (!expected(state, A_POLL)) return;
  if (ready === 1) {
    go(scan, A_READING);
    return;
  }
  // A free-running converter without a fresh reading leaves the last one in the frame.
  const patient = scan.parts.clock.now() - state.beganAt < DEADLINE_MS;
  if (ready === 0 && state.slot !== FORCE && patient) {
    scan.parts.clock.after(POLL_MS, scan.onWait);
    return;
  }
  if (ready !== 0 || state.slot !== FORCE) fail(state);
  go(scan, THE_NEXT);
}

/** Files a reading; false = it was clipped, and is to be repeated at the widest gain. */
function keep(scan: Sequencer, counts: number, gain: number): boolean {
  const state = scan.state;
  const frame = state.frames[state.filling];
  if (state.slot === TEMPERATURE) {
    frame.temperature = counts;
    state.temperatureAt = state.beganAt;
    return true;
  }
  if (state.slot === FORCE) {
    frame.force = counts;
    state.forceAt = state.beganAt;
    return true;
  }
  const last = converterOf(scan.parts, state.slot).countsMax;
  const clipped = counts >= last || counts < -last;
  // Readings that join a median stay at the gain of the others.
  if (clipped && gain > 0 && state.slot < VOLTAGE_AGAIN) return false;
  if (clipped && gain === 0)
    state.readings.status |= isVoltage(state.slot) ? VOLTAGE_CLIPPED : CURRENT_CLIPPED;
  state.readings.counts[state.slot] = counts;
  state.readings.gains[state.slot] = gain;
  return true;
}

/** A converter has delivered. */
export function taken(scan: Sequencer, counts: number, gain: number, ok: boolean): void {
  const state = scan.state;
  if (!expected(state, A_READING)) return;
  if (!ok) fail(state);
  else if (!keep(scan, counts, gain)) {
    state.gain = 0;
    if (begin(scan)) return;
    fail(state);
  }
  go(scan, THE_NEXT);
}

/** A register has been read back. */
export function readBack(scan: Sequencer, value: number, ok: boolean): void {
  const state = scan.state;
  if (!expected(state, A_VALUE)) return;
  if (!ok) fail(state);
  else if (state.slot === CODE) state.frames[state.filling].code = value;
  else state.frames[state.filling].range = value;
  go(scan, THE_NEXT);
}

/** Gives up a frame in which a read does not answer: what was not reached has failed. A reply that
 *  still comes before the next frame is ignored; in order and once is the port's part. */
export function overdue(scan: Sequencer): void {
  const state = scan.state;
  const clock = scan.parts.clock;
  state.deadline = clock.after(DEADLINE_MS, scan.onDeadline);
  if (state.awaiting === NOTHING || clock.now() - state.slotAt < DEADLINE_MS / 2) return;
  state.awaiting = NOTHING;
  fail(state);
  for (; state.slot < TEMPERATURE; state.slot++) fail(state);
  state.slot = DELIVER;
  clock.after(0, scan.onDeliver);
}

/** Hands the finished frame over. */
export function deliver(scan: Sequencer): void {
  const state = scan.state;
  const now = scan.parts.clock.now();
  const frame = state.frames[state.filling];
  scan.parts.clock.cancel(state.deadline);
  assemble(state.readings, frame);
  frame.sequence = state.sequence++;
  frame.status = state.readings.status;
  frame.forceAge = state.forceAt < 0 ? -1 : now - state.forceAt;
  frame.temperatureAge = state.temperatureAt < 0 ? -1 : now - state.temperatureAt;
  state.filling = 1 - state.filling;
  // The slow readings live on in the frame filled next.
  state.frames[state.filling].force = frame.force;
  state.frames[state.filling].temperature = frame.temperature;
  scan.onFrame(frame);
}
