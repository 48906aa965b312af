// The critical current density of a recorded staircase, where the recording shows one: half cycles
// whose currents climb by steps, in both directions or one way, on a cell without a voltage of its
// own. Where this cannot be said, nothing is said.
import type { Cell } from "./cell-file.ts";

/** A set-point that lasts less long belongs to the half cycle around it, s. */
const EXCURSION_S = 15;
/** Levels differ by more than this share, half cycles of a level by less. */
const ALIKE = 0.02;
/** Fewer levels are no staircase. */
const LEVELS_MIN = 3;
/** Share of frames in which voltage and current may have opposite signs. */
const AGAINST_MAX = 0.1;

interface HalfCycle {
  charge: number;
  duration: number;
}

/** What is known of the climb; A, C, s; -1 = none. */
export interface Staircase {
  level: number;
  /** The level below the present one. */
  below: number;
  levels: number;
  /** Half cycles of the present level and of the one below. */
  halves: number;
  halvesBelow: number;
  present: HalfCycle;
  before: HalfCycle;
  /** Frames under current with the voltage along it and against it. */
  along: number;
  against: number;
  soft: number;
  hard: number;
  failing: number;
  /** The climb is over: what follows is not part of it. */
  over: boolean;
  setpoint: number;
  /** A set-point that may be a mere excursion (an interrupt, a pulse), since when; NaN = none. */
  candidate: number;
  candidateS: number;
  lastS: number;
}

/** No climb yet. */
export function createStaircase(): Staircase {
  return {
    ...{ level: 0, below: 0, levels: 0, halves: 0, halvesBelow: 0 },
    ...{ present: { charge: 0, duration: 0 }, before: { charge: 0, duration: 0 } },
    ...{ along: 0, against: 0, soft: -1, hard: -1, failing: -1 },
    ...{ over: false, setpoint: 0, candidate: NaN, candidateS: 0, lastS: NaN },
  };
}

function startOver(stairs: Staircase, size: number): void {
  stairs.level = size;
  stairs.below = 0;
  stairs.levels = 1;
  stairs.halves = 0;
  stairs.soft = -1;
}

function beginHalf(stairs: Staircase, size: number): void {
  const falls = size < stairs.level * (1 - ALIKE);
  stairs.over = falls && stairs.levels >= LEVELS_MIN;
  if (stairs.over) return;
  if (stairs.halves > 0) Object.assign(stairs.before, stairs.present);
  stairs.present.charge = 0;
  stairs.present.duration = 0;
  if (size > stairs.level * (1 + ALIKE)) {
    stairs.below = stairs.level;
    stairs.halvesBelow = stairs.halves;
    stairs.level = size;
    stairs.levels++;
    stairs.halves = 0;
  } else if (falls) startOver(stairs, size);
  stairs.halves++;
}

/** The set-point that was tried has lasted. */
function commit(stairs: Staircase, timeS: number): void {
  const size = Math.abs(stairs.candidate);
  stairs.setpoint = stairs.candidate;
  stairs.candidate = NaN;
  if (size === 0) return;
  beginHalf(stairs, size);
  if (stairs.over) return;
  stairs.present.duration = timeS - stairs.candidateS;
  stairs.present.charge = stairs.present.duration * size;
}

/** Takes a frame: its time (s), its voltage, its current and what that was meant to be. */
export function climb(stairs: Staircase, timeS: number, voltageV: number, setpointA: number): void {
  if (stairs.over) return;
  const passed = timeS - stairs.lastS;
  if (setpointA === stairs.setpoint) {
    stairs.candidate = NaN;
    if (setpointA !== 0 && passed === passed) {
      stairs.present.duration += passed;
      stairs.present.charge += passed * Math.abs(setpointA);
    }
  } else if (setpointA !== stairs.candidate) {
    stairs.candidate = setpointA;
    stairs.candidateS = timeS;
  } else if (timeS - stairs.candidateS >= EXCURSION_S) commit(stairs, timeS);
  if (setpointA * voltageV > 0) stairs.along++;
  else if (setpointA * voltageV < 0) stairs.against++;
  stairs.lastS = timeS;
}

/** A finding does not wait: a level that has only just begun is the one it belongs to. */
function catchUp(stairs: Staircase): void {
  if (Math.abs(stairs.candidate) > stairs.level) commit(stairs, stairs.lastS);
}

/** Notes that the present level failed: by a short, or by leaving the voltage window. */
export function fail(stairs: Staircase, byShort: boolean): void {
  if (stairs.over) return;
  catchUp(stairs);
  if (stairs.setpoint === 0) return;
  stairs.failing = stairs.level;
  if (byShort) stairs.hard = stairs.level;
  stairs.over = true;
}

/** Notes a soft short; the climb goes on. */
export function soften(stairs: Staircase): void {
  if (stairs.over) return;
  catchUp(stairs);
  if (stairs.setpoint !== 0 && stairs.soft < 0) stairs.soft = stairs.level;
}

function alike(a: number, b: number): boolean {
  return Math.abs(a - b) <= ALIKE * b;
}

// A recording may end in the middle of a level. It is complete when it has as many half cycles as
// the one below, and the last of them moved as much or took as long as the one before.
function isComplete(stairs: Staircase): boolean {
  const { present, before, halves, halvesBelow } = stairs;
  const whole = alike(present.charge, before.charge) || alike(present.duration, before.duration);
  return halves >= halvesBelow && whole;
}

/** What a channel would have said of its own staircase; A, -1 = none. */
export interface Climbed {
  soft: number;
  hard: number;
  completed: number;
  failing: number;
}

/** The result, null when the recording shows no staircase on a symmetric cell. */
export function climbed(stairs: Staircase, cell: Cell): Climbed | null {
  const [low, high] = cell.voltageWindowV;
  const frames = stairs.along + stairs.against;
  const symmetric = low < 0 && high > 0 && stairs.against <= AGAINST_MAX * frames;
  if (!symmetric || stairs.levels < LEVELS_MIN) return null;
  const { soft, hard, failing, level, below } = stairs;
  const completed = failing < 0 && isComplete(stairs) ? level : below;
  return { soft, hard, completed, failing };
}
