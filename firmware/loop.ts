// The current loop: which rung of the ladder from rest to the cell it stands on, and at what.

// Rungs.
export const AT_REST = 0;
export const PREPARING = 1;
export const CLOSING = 2;
export const LIVE = 3;

/** Frames follow each other this fast on the ladder, ms. */
export const LADDER_MS = 50;

/** State of the current loop. */
export interface Loop {
  rung: number;
  /** A; what the cell gets now, 0 below LIVE. */
  setpoint: number;
  range: number;
  /** Stay on this range although a smaller one would do: a short excursion of the set-point. */
  pinned: boolean;
  code: number;
  /** Correction of the code learnt from the measured current. */
  trim: number;
  /** Frames since the set-point changed. */
  frames: number;
  /** When the direction or range changed last, s since boot. */
  changedAt: number;
}

/** A loop at rest on the smallest range; nothing has been read back yet. */
export function createLoop(codeMid: number): Loop {
  return {
    rung: AT_REST,
    setpoint: 0,
    range: 0,
    pinned: false,
    code: codeMid,
    trim: 0,
    frames: 0,
    changedAt: 0,
  };
}
