// Plans from a seed, swarm fashion (Groce et al., "Swarm Testing", ISSTA 2012): first which
// families of faults are on at all, then what happens, so that rare combinations get their chance.

import { FAULT_KINDS, FAULTS } from "./fault.ts";
import type { FaultEntry, FaultKind, FaultPlan } from "./fault.ts";
import { createStream, uniform } from "./random.ts";
import type { Stream } from "./random.ts";

const FAMILY_CHANCE = 0.3;
const ENTRIES_MAX = 6;
const COUNT_MAX = 8;
/** Durations, s: from a glitch to minutes, evenly on a logarithmic scale. */
const SHORTEST_S = 0.01;
const LONGEST_S = 300;

/** Parts that are off their value from the start: what nobody can see once a run is on. */
const NEVER_DRAWN = "parts";

/** Values drawn for a kind; its whole allowed range would be mostly absurd. */
const DRAWN: Partial<Record<FaultKind, readonly [min: number, max: number]>> = {
  timeout: [1, 100],
  short: [0, 2],
  bitFlip: [0, 23],
  stuck: [-1, -1],
  late: [1, 300],
  tornWrite: [0, 31],
  mcuReset: [50, 3000],
  clockJump: [-86400, 86400],
  clockDrift: [-0.05, 0.05],
  referenceDrift: [-0.05, 0.05],
  supplyClip: [3, 5.2],
};

/** What makes the account itself lie, or is a flaw of one part of one channel, is tried by itself:
 *  tests/campaign/reaction.test.ts. */
export const UNDRAWN: readonly FaultKind[] = [
  ...(["outputStuck", "polarity", "thermistorOff", "rattle", "frozen"] as const),
];

/** Which families a plan of `seed` may draw from, and how it is told to be limited. */
export interface DrawLimits {
  /** Families left out altogether. */
  without?: readonly string[];
  /** At most this many faults; 6 unless given. */
  entriesMax?: number;
}

/** A plan of faults within the first `horizonS` seconds. All of them are over by then, but for
 *  those that are over at once anyway. */
export function drawPlan(seed: number, horizonS: number, limits: DrawLimits = {}): FaultPlan {
  const stream = createStream(seed, "fault plan");
  const without = limits.without ?? [];
  const families = [...new Set(FAULT_KINDS.map((kind) => FAULTS[kind].family))].filter(
    (family) => family !== NEVER_DRAWN,
  );
  const drawn = families.filter(() => uniform(stream) < FAMILY_CHANCE);
  const on = drawn.filter((family) => !without.includes(family));
  const drawable = FAULT_KINDS.filter((kind) => !UNDRAWN.includes(kind));
  const kinds = drawable.filter((kind) => on.includes(FAULTS[kind].family));
  if (kinds.length === 0) return [];
  const count = 1 + whole(stream, limits.entriesMax ?? ENTRIES_MAX);
  return Array.from({ length: count }, () => drawEntry(stream, pick(stream, kinds), horizonS));
}

function drawEntry(stream: Stream, kind: FaultKind, horizonS: number): FaultEntry {
  const shape = FAULTS[kind];
  const timeS = rounded(uniform(stream) * horizonS);
  const entry: FaultEntry = { at: { timeS }, kind };
  const aimed = shape.targetNeeded || uniform(stream) < 0.5;
  if (shape.targets.length > 0 && aimed) entry.target = pick(stream, shape.targets);
  const value = drawValue(stream, kind);
  if (value !== null) entry.value = value;
  // A bus that answers late for minutes is no bus; a few late answers are a fault.
  if (kind === "late" || (shape.wire && uniform(stream) < 0.7))
    entry.count = 1 + whole(stream, COUNT_MAX);
  else if (shape.lasts) entry.durationS = drawDuration(stream, horizonS - timeS);
  return entry;
}

/** Kinds whose value has no drawn range take whole numbers over all of theirs. */
function drawValue(stream: Stream, kind: FaultKind): number | null {
  const bounds = FAULTS[kind].value;
  if (bounds === null) return null;
  const [min, max] = DRAWN[kind] ?? bounds;
  const fine = max - min < 1 || kind === "supplyClip";
  return fine ? rounded(min + uniform(stream) * (max - min)) : min + whole(stream, max - min + 1);
}

function drawDuration(stream: Stream, leftS: number): number {
  const longest = Math.max(SHORTEST_S, Math.min(LONGEST_S, leftS));
  return rounded(SHORTEST_S * (longest / SHORTEST_S) ** uniform(stream));
}

function pick<T>(stream: Stream, from: readonly T[]): T {
  return from[whole(stream, from.length)];
}

function whole(stream: Stream, below: number): number {
  return Math.floor(uniform(stream) * below);
}

/** Milliseconds are fine enough for a plan that somebody has to read. */
function rounded(x: number): number {
  return Math.round(x * 1000) / 1000;
}
