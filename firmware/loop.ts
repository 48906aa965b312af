// The current loop: which rung of the ladder from rest to the cell it stands on, and at what.

// Rungs.
export const AT_REST = 0;
export const PREPARING = 1;
export const CLOSING = 2;
/** At the cell with half of the set-point: does its voltage answer? */
export const ANSWERING = 3;
export const LIVE = 4;

/** Added to a range's index: the voltage input is shown the dummy in place of the cell. */
export const ON_DUMMY = 4;
/** `Loop.test` when all that a start-up has to prove has been proven. */
export const PROVEN = -1;

/** `Loop.test` where one range is proven, whose relays have just been moved: at zero code, ... */
export const ONE_RANGE = 33;

/** Frames follow each other this fast on the ladder, ms. */
export const LADDER_MS = 50;

/** State of the current loop. */
export interface Loop {
  rung: number;
  /** Stage of the start-up's proof, or of one range's; 0 = none is under way. */
  test: number;
  /** The range that the dummy has had a current from since its relays were moved, -1 = none. */
  proven: number;
  /** A; what the cell gets now, 0 below LIVE. */
  setpoint: number;
  range: number;
  /** 0 = the set-point is the step's. Else it changes with every frame, for it follows a voltage or
   *  a sine, and this is the largest current lately, A. */
  tracking: number;
  /** Stay on this range although a smaller one would do: a short excursion of the set-point. */
  pinned: boolean;
  code: number;
  /** Correction of the code learnt from the measured current. */
  trim: number;
  /** Frames since the set-point changed, other than by tracking. */
  frames: number;
  /** When the direction or range changed last, s since boot. */
  changedAt: number;
}

/** The set-point is the step's again. */
export function release(loop: Loop): void {
  if (loop.tracking !== 0) loop.pinned = false;
  loop.tracking = 0;
}

/** A loop at rest on the smallest range; nothing has been read back yet. */
export function createLoop(codeMid: number): Loop {
  return {
    rung: AT_REST,
    test: 0,
    proven: -1,
    setpoint: 0,
    tracking: 0,
    range: 0,
    pinned: false,
    code: codeMid,
    trim: 0,
    frames: 0,
    changedAt: 0,
  };
}
