// What a recorded current was meant to be, where the recording does not say: levels from the
// current itself, boundaries also from the step numbers. Each frame is judged with the one after
// it, so that a current on its way is not taken for a level of its own.
import type { TraceRow } from "./formats/trace-row.ts";

/** A current below this share of the largest is none. */
const IDLE_SHARE = 0.005;
/** A new level differs by this share, and by so many times the current's noise; where the recorder
 *  counts a new step, this share is enough. */
const NEW_SHARE = 0.02;
const NEW_STEP_SHARE = 0.002;
const NEW_NOISES = 5;
/** It is there when the next frame differs by no more than this share or so much noise. */
const STEADY_SHARE = 0.005;
const STEADY_NOISES = 2.5;
/** A current that slides (constant voltage) gets a new level only that far off, so many frames. */
const SLIDE_SHARE = 0.2;
const SLIDE_FRAMES = 3;
/** An open lead: less than this share of the level, and the voltage that many times as high. */
const OPEN_SHARE = 0.05;
const OPEN_RISE = 3;
const OPEN_V = 0.5;
const NOISE_RATE = 0.1;

/** State of the inference; A and V. */
export interface Inference {
  level: number;
  largest: number;
  /** Running mean size of the difference of neighbouring frames at one level. */
  noise: number;
  frames: number;
  /** The currents of the last three frames, the latest first. */
  back: [number, number, number];
  /** Frames beyond the level so far. */
  off: number;
  /** A new step began and its level is not known yet. */
  pending: boolean;
  step: string;
  /** |voltage| while the current last flowed. */
  flowing: number;
}

/** Nothing seen: at rest. */
export function createInference(): Inference {
  return {
    ...{ level: 0, largest: 0, noise: 0, frames: 0, back: [0, 0, 0] },
    ...{ off: 0, pending: true, step: "", flowing: Infinity },
  };
}

/** Learns the current's noise from the first rows of a recording. */
export function prime(state: Inference, rows: readonly TraceRow[]): void {
  const sizes = rows.slice(1).map((row, i) => Math.abs(row.currentA - rows[i].currentA));
  sizes.sort((a, b) => a - b);
  if (sizes.length > 0) state.noise = sizes[sizes.length >> 1];
  state.frames = sizes.length;
}

/** What follows is not the continuation: the next steady frame says the level. */
export function interrupt(state: Inference): void {
  state.pending = true;
}

function setLevel(state: Inference, level: number): void {
  state.level = level;
  state.off = 0;
  state.pending = false;
}

function isOpen(state: Inference, row: TraceRow): boolean {
  if (state.level === 0 || row.direction === 0) return false;
  if (Math.abs(row.currentA) >= OPEN_SHARE * Math.abs(state.level)) return false;
  const size = Math.abs(row.voltageV);
  return size > OPEN_V && size > OPEN_RISE * state.flowing;
}

function isIdle(state: Inference, row: TraceRow): boolean {
  const size = Math.abs(row.currentA);
  if (row.direction === 0 || size === 0) return true;
  return !(row.direction === row.direction) && size < IDLE_SHARE * state.largest;
}

// A staircase is abrupt and then steady; what creeps or fluctuates is neither.
function judgeLevel(state: Inference, current: number, next: number): void {
  const size = Math.max(Math.abs(current), Math.abs(state.level));
  const share = state.pending ? NEW_STEP_SHARE : NEW_SHARE;
  const least = Math.max(share * size, NEW_NOISES * state.noise);
  const distance = Math.abs(current - state.level);
  if (distance <= least) {
    state.off = 0;
    state.pending = false;
    return;
  }
  state.off++;
  const steady = Math.max(STEADY_SHARE * Math.abs(current), STEADY_NOISES * state.noise);
  const isSteady = !(Math.abs(next - current) > steady);
  const isAbrupt = state.pending || Math.abs(current - state.back[2]) > least;
  const slid = Math.max(SLIDE_SHARE * Math.abs(state.level), NEW_NOISES * state.noise);
  const isFar = state.off > SLIDE_FRAMES && distance > slid;
  if ((isAbrupt && isSteady) || isFar) setLevel(state, current);
}

function followNoise(state: Inference, current: number): void {
  const most = NEW_NOISES * state.noise + NEW_SHARE * Math.abs(current);
  const difference = Math.min(Math.abs(current - state.back[0]), most);
  state.frames++;
  state.noise += (difference - state.noise) * Math.max(NOISE_RATE, 1 / state.frames);
}

function remember(state: Inference, current: number): void {
  state.back[2] = state.back[1];
  state.back[1] = state.back[0];
  state.back[0] = current;
}

/** The set-point (A, 0 = rest) of `row`; `nextA` is the current of the next one, NaN = unknown. */
export function inferSetpoint(state: Inference, row: TraceRow, nextA: number): number {
  const current = row.currentA;
  const least = nextA === nextA ? Math.min(Math.abs(current), Math.abs(nextA)) : 0;
  state.largest = Math.max(state.largest, least);
  if (row.step !== state.step) state.pending = true;
  state.step = row.step;
  if (isOpen(state, row)) return state.level;
  const before = state.level;
  if (isIdle(state, row)) setLevel(state, 0);
  else {
    judgeLevel(state, current, nextA);
    if (state.level === before) followNoise(state, current);
  }
  if (state.level !== 0) state.flowing = Math.abs(row.voltageV);
  remember(state, current);
  return state.level;
}
