// The walk through the slots of a frame. A slot begins a conversion, waits, reads, files the reply.
import { BEGAN_AT, CURRENT, CURRENT_AGAIN, FORCE_AT, FRAME_AT } from "./frame.ts";
import { MIDDLE_AT, SLOW_AT, TEMPERATURE_AT, VOLTAGE, VOLTAGE_2 } from "./frame.ts";
import { VOLTAGE_AGAIN, assemble, currentDoubtful, voltageDoubtful } from "./frame.ts";
import type { Converter, RawFrame, StatusBits } from "./port.ts";
import type { Sequencer, Walk } from "./slots.ts";
import { CODE, CODE_SLOT, DELIVER, FORCE, FORCE_SLOT, RANGE, TEMPERATURE } from "./slots.ts";
import { TEMPERATURE_SLOT, TO_BEGIN, TO_DELIVER, TO_READ, fail } from "./slots.ts";

const VOLTAGE_REREAD: StatusBits["voltageReread"] = 64;
const CURRENT_REREAD: StatusBits["currentReread"] = 128;
const VOLTAGE_CLIPPED: StatusBits["voltageClipped"] = 256;
const SLOW_READ: StatusBits["slowRead"] = 1024;
const WIDENED: StatusBits["widened"] = 2048;
const STALLED: StatusBits["stalled"] = 4096;

/** A converter is given up after this, ms, and asked so often until then. */
const CONVERSION_MAX_MS = 50;
/** No frame takes longer, not with converters given up and not on the slowest board, ms. */
const FRAME_MAX_MS = 300;
export const POLL_MS = 0.25;
/** The slow sensors are asked about once a second, ms; off the grid of frames, whose last digit
 *  differs between interpreters. */
const SLOW_MS = 975;

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

/** The slot after the registers: slow sensors, or none. The load cell's converter is set up one step
 *  each time that it is asked: until it has answered once that is in every frame. Counted from frame to frame, however long
 *  a frame may take to come here. */
function afterRegisters(state: Walk): number {
  const times = state.times;
  const recent = times[FORCE_AT] >= 0 && times[FRAME_AT] - times[SLOW_AT] < SLOW_MS;
  if (recent && state.wanted.doubt !== 1) return DELIVER;
  times[SLOW_AT] = times[FRAME_AT];
  state.frame.status |= SLOW_READ;
  return TEMPERATURE_SLOT;
}

/** Enters a slot beyond the pairs; true = it needs no conversion. */
function enterLater(scan: Sequencer, from: number): boolean {
  const state = scan.state;
  let slot = from;
  if (slot === VOLTAGE_AGAIN || slot === CURRENT_AGAIN) slot = afterReadings(state, slot);
  else if (slot === TEMPERATURE_SLOT) slot = afterRegisters(state);
  state.slot = slot;
  if (slot < CODE_SLOT) {
    state.quantity = slot < CURRENT_AGAIN ? VOLTAGE : CURRENT;
    state.gain = state.gains[state.quantity];
    return false;
  }
  if (slot < TEMPERATURE_SLOT) {
    state.quantity = slot - CODE_SLOT + CODE;
    state.polling = 0;
    return true;
  }
  if (slot === DELIVER) {
    wait(scan, 0, TO_DELIVER);
    return true;
  }
  state.quantity = slot === FORCE_SLOT ? FORCE : TEMPERATURE;
  state.gain = 0;
  return false;
}

/** To the next slot that can begin, or to the end of the frame; true = it is to be read at once.
 *  The second of a pair is taken at the gain of the first. */
export function next(scan: Sequencer): boolean {
  const state = scan.state;
  do {
    const slot = state.slot + 1;
    if (slot >= VOLTAGE_AGAIN) {
      if (enterLater(scan, slot)) return state.slot < DELIVER;
    } else {
      state.slot = slot;
      state.quantity = slot & 1;
      state.gain = state.gains[slot & 1];
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
  state.gains[VOLTAGE] = state.wanted.voltageGain;
  state.gains[CURRENT] = state.wanted.currentGain;
  state.frame.status = 0;
  state.slot = -1;
  return next(scan);
}

/** A question or a read that brought nothing: a conversion that is not over is waited for, and a
 *  free-running converter without a fresh reading leaves the last one in the frame. */
function goWithout(scan: Sequencer): boolean {
  const state = scan.state;
  const isLate = scan.parts.clock.now() - state.times[BEGAN_AT] >= CONVERSION_MAX_MS;
  if (state.reply === 0 && state.quantity !== FORCE && !isLate) {
    wait(scan, POLL_MS, TO_READ);
    return false;
  }
  if (state.reply !== 0 || state.quantity !== FORCE) fail(state);
  return next(scan);
}

/** A reading at the end of the scale stands at the widest gain, where it is marked, and if it joins
 *  a median, where it stays at the gain of the others. Else it is to be repeated at the widest. */
function stands(state: Walk): boolean {
  if (state.gain === 0) state.frame.status |= VOLTAGE_CLIPPED << state.quantity;
  else if (state.slot < VOLTAGE_AGAIN) {
    state.gain = 0;
    state.frame.status |= WIDENED;
    return false;
  }
  return true;
}

/** Files a voltage or a current, and goes on. Of two readings at different gains (one was clipped)
 *  only the later, wider one counts. */
function file(scan: Sequencer): boolean {
  const state = scan.state;
  const quantity = state.quantity;
  const value = state.value;
  const last = (scan.parts.readers[quantity] as Converter).countsMax;
  if ((value >= last || value < -last) && !stands(state)) {
    return !begin(scan) && next(scan);
  }
  state.counts[state.slot] = value;
  if (state.gains[quantity] !== state.gain) {
    state.gains[quantity] = state.gain;
    state.counts[quantity] = value;
  }
  return next(scan);
}

/** Files what is neither, and goes on. */
function store(scan: Sequencer): boolean {
  const state = scan.state;
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
  return next(scan);
}

/** Goes on after a reply; true = another reading is due at once. */
export function advance(scan: Sequencer): boolean {
  const state = scan.state;
  if (state.reply !== 1) return goWithout(scan);
  if (state.polling === 1) {
    state.polling = 0;
    return true;
  }
  return state.quantity > CURRENT ? store(scan) : file(scan);
}

/** The frame, to be handed over. */
export function finish(scan: Sequencer): RawFrame {
  const state = scan.state;
  const frame = state.frame;
  const times = state.times;
  const now = scan.parts.clock.now();
  assemble(state);
  if (now - times[FRAME_AT] > FRAME_MAX_MS) frame.status |= STALLED;
  frame.sequence++;
  frame.forceAge = times[FORCE_AT] < 0 ? -1 : now - times[FORCE_AT];
  frame.temperatureAge = times[TEMPERATURE_AT] < 0 ? -1 : now - times[TEMPERATURE_AT];
  return frame;
}
