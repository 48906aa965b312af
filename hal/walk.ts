// The walk through the slots of a frame. A slot begins a conversion, waits, reads, files the reply.
import { BEGAN_AT, CURRENT, CURRENT_1, CURRENT_AGAIN, FORCE_AT, FRAME_AT } from "./frame.ts";
import { MIDDLE_AT, SLOW_AT, TEMPERATURE_AT, VOLTAGE, VOLTAGE_1, VOLTAGE_2 } from "./frame.ts";
import { VOLTAGE_AGAIN, assemble, currentDoubtful, voltageDoubtful } from "./frame.ts";
import type { Converter, StatusBits } from "./port.ts";
import type { Sequencer, Walk } from "./slots.ts";
import { CODE, CODE_SLOT, DELIVER, FORCE, FORCE_SLOT, RANGE, TEMPERATURE } from "./slots.ts";
import { TEMPERATURE_SLOT, TO_BEGIN, TO_DELIVER, TO_READ, fail } from "./slots.ts";

const VOLTAGE_REREAD: StatusBits["voltageReread"] = 64;
const CURRENT_REREAD: StatusBits["currentReread"] = 128;
const VOLTAGE_CLIPPED: StatusBits["voltageClipped"] = 256;

/** A converter is given up after this, ms, and asked so often until then. */
const CONVERSION_MAX_MS = 50;
export const POLL_MS = 0.25;
/** The slow sensors are asked this often, ms. */
const SLOW_MS = 500;

/** Sets the timer; `due` says what for. */
export function wait(scan: Sequencer, delayMs: number, due: number): void {
  scan.state.due = due;
  scan.state.timer = scan.parts.clock.after(delayMs, scan.onTimer);
}

/** Starts the slot's conversion; false = the chip did not take it. */
export function begin(scan: Sequencer): boolean {
  const state = scan.state;
  const times = state.times;
  const quantity = state.quantity;
  const now = scan.parts.clock.now();
  const waitMs = (scan.parts.readers[quantity] as Converter).begin(
    state.gain,
    scan.parts.inputs[quantity],
  );
  times[BEGAN_AT] = now;
  if (state.slot < VOLTAGE_AGAIN) times[MIDDLE_AT + state.slot] = now + waitMs / 2;
  if (waitMs < 0) {
    fail(state);
    return false;
  }
  state.polling = 1;
  wait(scan, waitMs, TO_READ);
  return true;
}

/** Waits until the first of the mains' odd half periods since the frame's start that is not over:
 *  a slow link may have missed one. */
function awaitHalfPeriod(scan: Sequencer): void {
  const now = scan.parts.clock.now();
  const half = 500 / scan.parts.mainsHz;
  let at = scan.state.times[FRAME_AT] + half;
  while (at < now) at += 2 * half;
  wait(scan, at - now, TO_BEGIN);
}

/** The slot after the pairs, and after the voltage's re-reads: readings to take again, or none. */
function afterReadings(state: Walk, slot: number): number {
  if (slot === VOLTAGE_AGAIN && voltageDoubtful(state, state.wanted)) {
    state.frame.status |= VOLTAGE_REREAD;
    return VOLTAGE_AGAIN;
  }
  if (currentDoubtful(state, state.wanted)) {
    state.frame.status |= CURRENT_REREAD;
    return CURRENT_AGAIN;
  }
  return CODE_SLOT;
}

/** The slot after the registers: slow sensors, or none. */
function afterRegisters(scan: Sequencer): number {
  const times = scan.state.times;
  const now = scan.parts.clock.now();
  if (now - times[SLOW_AT] < SLOW_MS) return DELIVER;
  times[SLOW_AT] = now;
  return TEMPERATURE_SLOT;
}

/** Quantity and gain of a slot beyond the pairs; true = it needs no conversion. */
function enterLater(state: Walk, slot: number): boolean {
  if (slot < CODE_SLOT) {
    const quantity = slot < CURRENT_AGAIN ? VOLTAGE : CURRENT;
    state.quantity = quantity;
    state.gain = state.gains[quantity];
    return false;
  }
  state.gain = 0;
  if (slot >= TEMPERATURE_SLOT) {
    state.quantity = slot === FORCE_SLOT ? FORCE : TEMPERATURE;
    return false;
  }
  state.quantity = slot - CODE_SLOT + CODE;
  state.polling = 0;
  return true;
}

/** To the next slot that can begin, or to the end of the frame; true = it is to be read at once.
 *  The second of a pair is taken at the gain of the first. */
export function next(scan: Sequencer): boolean {
  const state = scan.state;
  do {
    let slot = state.slot + 1;
    if (slot === VOLTAGE_AGAIN || slot === CURRENT_AGAIN) slot = afterReadings(state, slot);
    else if (slot === TEMPERATURE_SLOT) slot = afterRegisters(scan);
    state.slot = slot;
    if (slot === DELIVER) {
      wait(scan, 0, TO_DELIVER);
      return false;
    }
    if (slot >= VOLTAGE_AGAIN) {
      if (enterLater(state, slot)) return true;
    } else {
      const quantity = slot & 1;
      const wanted = state.wanted;
      state.quantity = quantity;
      if (slot === VOLTAGE_1) state.gain = wanted.voltageGain;
      else if (slot === CURRENT_1) state.gain = wanted.currentGain;
      else state.gain = state.gains[quantity];
      if (slot === VOLTAGE_2) {
        awaitHalfPeriod(scan);
        return false;
      }
    }
  } while (!begin(scan));
  return false;
}

/** Begins a frame; true = there is something to be read at once. */
export function startFrame(scan: Sequencer): boolean {
  const state = scan.state;
  state.times[FRAME_AT] = scan.parts.clock.now();
  state.frame.status = 0;
  state.slot = -1;
  return next(scan);
}

/** Whether a conversion that is not over is waited for. A free-running converter
 *  without a fresh reading leaves the last one in the frame. */
function isPending(scan: Sequencer): boolean {
  const state = scan.state;
  if (state.reply === 0) {
    if (state.quantity === FORCE) return false;
    if (scan.parts.clock.now() - state.times[BEGAN_AT] < CONVERSION_MAX_MS) {
      wait(scan, POLL_MS, TO_READ);
      return true;
    }
  }
  fail(state);
  return false;
}

/** Whether a reading at the end of the scale stands: at the widest gain marked, and if it joins a
 *  median, where it stays at the gain of the others. Else it is to be repeated at the widest. */
function stands(state: Walk): boolean {
  if (state.gain === 0) state.frame.status |= VOLTAGE_CLIPPED << state.quantity;
  else if (state.slot < VOLTAGE_AGAIN) {
    state.gain = 0;
    return false;
  }
  return true;
}

/** Files what is neither voltage nor current. */
function store(state: Walk): void {
  const quantity = state.quantity;
  const frame = state.frame;
  const times = state.times;
  if (quantity === CODE) frame.code = state.value;
  else if (quantity === RANGE) frame.range = state.value;
  else if (quantity === FORCE) {
    frame.force = state.value;
    times[FORCE_AT] = times[BEGAN_AT];
  } else {
    frame.temperature = state.value;
    times[TEMPERATURE_AT] = times[BEGAN_AT];
  }
}

/** Files a reply and goes on; true = another reading is due at once. Of two readings at different
 *  gains (one was clipped) only the later, wider one counts. */
export function advance(scan: Sequencer): boolean {
  const state = scan.state;
  const quantity = state.quantity;
  if (state.reply !== 1) {
    if (isPending(scan)) return false;
  } else if (state.polling === 1) {
    state.polling = 0;
    return true;
  } else if (quantity > CURRENT) store(state);
  else {
    const value = state.value;
    const last = (scan.parts.readers[quantity] as Converter).countsMax;
    if ((value < last && value >= -last) || stands(state)) {
      state.counts[state.slot] = value;
      if (state.gains[quantity] !== state.gain) {
        state.gains[quantity] = state.gain;
        state.counts[quantity] = value;
      }
    } else if (begin(scan)) return false;
  }
  return next(scan);
}

/** Hands the finished frame over. */
export function deliver(scan: Sequencer): void {
  const state = scan.state;
  const frame = state.frame;
  const times = state.times;
  const now = scan.parts.clock.now();
  assemble(state);
  frame.sequence++;
  frame.forceAge = times[FORCE_AT] < 0 ? -1 : now - times[FORCE_AT];
  frame.temperatureAge = times[TEMPERATURE_AT] < 0 ? -1 : now - times[TEMPERATURE_AT];
  scan.onFrame(frame);
}
