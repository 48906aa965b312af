// What a world remembers of its faults. Plain data: a copied world goes on with the same ones.

import type { FaultEntry, FaultPlan } from "./fault.ts";

/** Stages of an entry. */
export const WAITING = 0;
export const ACTING = 1;
export const OVER = 2;

/** Thrown through whatever the board was doing when its processor was reset. */
export class McuReset extends Error {
  constructor() {
    super("the simulated processor has been reset");
  }
}

/** How far an entry has got. */
export interface FaultProgress {
  entry: FaultEntry;
  stage: number;
  /** Transactions it still hits; Infinity = as long as it acts. */
  left: number;
  /** When it ends, ms of virtual time. */
  endMs: number;
  /** What it replaced, to be put back at its end. */
  before: number;
  /** The answer that a stuck or duplicated read repeats; empty = none yet. */
  answer: number[];
}

export interface Faults {
  entries: FaultProgress[];
  /** Transactions from this number on are looked at before they pass; Infinity = none are. */
  fromTransaction: number;
  /** The same, without those that are only watched. */
  strikesFrom: number;
  /** Completions on a queued bus are put off until then, ms. */
  heldUntilMs: number;
  /** The transaction under way will never be answered. */
  silent: boolean;
  /** Index of the wire fault that has hit the transaction under way, -1 = none. */
  hit: number;
  sdaLow: boolean;
  hostLost: boolean;
  /** The processor has been reset; its firmware starts at `bootMs`. */
  resetPending: boolean;
  resetMs: number;
  bootMs: number;
  resets: number;
  /** Faults that have taken effect so far. */
  fired: number;
}

/** A plan at its beginning; `fromTransaction` and the first due time are set by `armFaults`. */
export function createFaults(plan: FaultPlan): Faults {
  return {
    entries: plan.map((entry) => ({
      entry: { ...entry, at: { ...entry.at } },
      stage: WAITING,
      left: entry.count ?? (entry.durationS === undefined ? 1 : Infinity),
      endMs: Infinity,
      before: 0,
      answer: [],
    })),
    fromTransaction: Infinity,
    strikesFrom: Infinity,
    heldUntilMs: 0,
    silent: false,
    hit: -1,
    sdaLow: false,
    hostLost: false,
    resetPending: false,
    resetMs: -1,
    bootMs: 0,
    resets: 0,
    fired: 0,
  };
}
