// What the short detectors remember, and what follows from it.
import type { Relative } from "./relative-state.ts";
import { createRelative } from "./relative-state.ts";
import * as relatives from "./relative-state.ts";

/** Correction for temperature in the leakage: 0.5 K. */
const LEAKAGE_SHARE = 0.02;
/** The guard is set wider than the rule, for the current is never exactly the set-point. */
const GUARD_MARGIN = 1.1;

/** State of the detectors; resistances in Ω cm². */
export interface Shorts {
  /** Apparent areal resistance of the last judged frame. */
  apparent: number;
  /** Least of an intact cell, and what only a metallic bridge undercuts, at this temperature. */
  least: number;
  bridge: number;
  /** Apparent resistance while healthy, at 25 °C. */
  reference: number;
  /** Below the bound; and whether the cell was ever above it. */
  soft: boolean;
  intact: boolean;
  /** A hard short was found. */
  hard: boolean;
  /** Since when on the other side of the bound, s; -1 = not. */
  crossedAt: number;
  /** Rules that could not decide, as bits; each is told once. */
  undecidable: number;
  confidence: number;
  /** Frames in a row without the current that was asked for. */
  open: number;
  /** Time and distance of judged frames, s. */
  judgedAt: number;
  /** ln of the pellet's resistance now over that at 25 °C. */
  correction: number;
  period: number;
  /** Multiplies all thresholds of the relative rules; 1. */
  sensitivity: number;
  relative: Relative;
}

/** Detectors that have seen nothing. */
export function createShorts(): Shorts {
  return {
    apparent: 0,
    least: 0,
    bridge: 0,
    reference: 0,
    soft: false,
    intact: false,
    hard: false,
    crossedAt: -1,
    undecidable: 0,
    confidence: 0,
    open: 0,
    judgedAt: -1,
    correction: 0,
    period: 0,
    sensitivity: 1,
    relative: createRelative(),
  };
}

/** Starts afresh for another run. */
export function forget(shorts: Shorts): void {
  shorts.apparent = 0;
  shorts.bridge = 0;
  shorts.reference = 0;
  shorts.soft = false;
  shorts.intact = false;
  shorts.hard = false;
  shorts.crossedAt = -1;
  shorts.undecidable = 0;
  shorts.open = 0;
  shorts.period = 0;
  shorts.judgedAt = -1;
  relatives.forget(shorts.relative);
}

/** Share of the current that does not move ions, against the healthy cell: 0 to 1. */
export function leakage(shorts: Shorts): number {
  const short = shorts.hard || shorts.soft || shorts.relative.soft;
  if (!short || shorts.reference === 0) return 0;
  return Math.max(0, 1 - (shorts.apparent * Math.exp(-shorts.correction)) / shorts.reference);
}

/** Standard uncertainty of `leakage`: scatter of the healthy cell and 0.5 K. */
export function leakageUncertainty(shorts: Shorts): number {
  const scatter = shorts.relative.step.scatter;
  return (1 - leakage(shorts)) * Math.sqrt(scatter * scatter + LEAKAGE_SHARE * LEAKAGE_SHARE);
}

/** |voltage| in V below which a frame has to be read again for the hard rule. */
export function guardVoltage(shorts: Shorts, setpoint: number, areaCm2: number): number {
  return (GUARD_MARGIN * shorts.bridge * Math.abs(setpoint)) / areaCm2;
}
