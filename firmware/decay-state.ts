// What the rules for slow changes remember.

/** Bins of a half cycle. */
export const BINS = 16;
/** First width of a bin, s; doubled whenever a half cycle outgrows the bins. */
const WIDTH_S = 30;

/** State; all resistances as ln, compensated for temperature. Index 0 = discharge, 1 = charge. */
export interface Decay {
  width: number;
  bin: number;
  sum: number;
  count: number;
  /** Active seconds in this bin. */
  filled: number;
  side: number;
  density: number;
  /** Temperature correction in this bin, summed. */
  warmth: number;
  /** Bins of this half cycle, and of the last ones of each direction. */
  now: Float32Array;
  last: Float32Array;
  known: Uint8Array;
  lastDensity: Float64Array;
  lastWarmth: Float64Array;
  /** Change from half cycle to half cycle, its mean absolute scatter, and bins compared. */
  trend: Float64Array;
  scatter: Float64Array;
  compared: Uint16Array;
  /** Course of this half cycle: slowest fall per bin so far, where that was, and the scatter. */
  slowest: number;
  anchor: number;
  anchorBin: number;
  anchorWarmth: number;
  /** Temperature correction of the last whole bin. */
  binWarmth: number;
  roughness: number;
  roughBins: number;
  fallen: number;
  /** Something has changed in this half cycle: it is no measure for the next. */
  mixed: boolean;
  /** Mean of about a minute, and active seconds of this half cycle. */
  smooth: number;
  elapsed: number;
  /** ln R at the cell's beginning, 0 bins = unknown; doublings told. */
  first: number;
  begun: boolean;
  doublings: number;
  /** Of the last answer: ln R, what it fell below, and the change that was allowed there. */
  value: number;
  bound: number;
  allowed: number;
}

/** A rule that has seen nothing. */
export function createDecay(): Decay {
  return {
    width: WIDTH_S,
    bin: 0,
    sum: 0,
    count: 0,
    filled: 0,
    side: 0,
    density: 0,
    warmth: 0,
    now: new Float32Array(BINS),
    last: new Float32Array(2 * BINS),
    known: new Uint8Array(2),
    lastDensity: new Float64Array(2),
    lastWarmth: new Float64Array(2),
    trend: new Float64Array(2),
    scatter: new Float64Array(2),
    compared: new Uint16Array(2),
    slowest: 0,
    anchor: 0,
    anchorBin: -1,
    anchorWarmth: 0,
    binWarmth: 0,
    roughness: 0,
    roughBins: 0,
    fallen: 0,
    mixed: false,
    smooth: 0,
    elapsed: 0,
    first: 0,
    begun: false,
    doublings: 0,
    value: 0,
    bound: 0,
    allowed: 0,
  };
}

/** Begins with an empty half cycle. */
export function restart(decay: Decay, side: number, density: number): void {
  decay.bin = 0;
  decay.sum = 0;
  decay.count = 0;
  decay.filled = 0;
  decay.warmth = 0;
  decay.side = side;
  decay.density = density;
  decay.anchorBin = -1;
  decay.fallen = 0;
  decay.elapsed = 0;
  decay.mixed = false;
}

/** A sudden change that is no short makes the past incomparable, and the bin it falls into. */
export function disturb(decay: Decay): void {
  decay.known[0] = 0;
  decay.known[1] = 0;
  decay.mixed = true;
  decay.anchorBin = -1;
  decay.fallen = 0;
  decay.sum = 0;
  decay.count = 0;
  decay.filled = 0;
  decay.warmth = 0;
}

/** Forgets all that was learnt about the cell. */
export function forget(decay: Decay): void {
  decay.width = WIDTH_S;
  decay.begun = false;
  decay.doublings = 0;
  decay.roughness = 0;
  decay.roughBins = 0;
  for (let side = 0; side < 2; side++) {
    decay.known[side] = 0;
    decay.trend[side] = 0;
    decay.scatter[side] = 0;
    decay.compared[side] = 0;
  }
  restart(decay, 0, 0);
}
