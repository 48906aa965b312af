// The fault table: every reason for which the channel opens its relay by itself, and how many
// frames in a row it takes. The whole safety policy is read here.

export const FAULT_NONE = 0;
/** Voltage or current outside what the hardware is made for. */
export const FAULT_V_HARD = 1;
export const FAULT_I_HARD = 2;
/** Outside the cell's limits. */
export const FAULT_V_HIGH = 3;
export const FAULT_V_LOW = 4;
export const FAULT_T_HIGH = 5;
export const FAULT_T_LOW = 6;
export const FAULT_F_HIGH = 7;
export const FAULT_F_LOW = 8;
/** A frame came late or twice. */
export const FAULT_STALE = 9;
/** A chip did not answer. */
export const FAULT_BUS = 10;
/** The measured current does not obey. */
export const FAULT_FOLLOW = 11;
/** Set-point converter or range switch hold something else than was written. */
export const FAULT_READBACK = 12;
/** Current flows into the dummy although the code is zero. */
export const FAULT_LEAK = 13;
/** A step outlived its budget. */
export const FAULT_TIME_MAX = 14;
/** The firmware itself: a thrown exception, a stage left out. */
export const FAULT_EXCEPTION = 15;
export const FAULT_FLOW = 16;
/** Configuration or protocol in memory missing or damaged. */
export const FAULT_CONFIG = 17;
export const FAULT_PROTOCOL = 18;
/** The journal cannot be written. */
export const FAULT_JOURNAL = 19;
/** The board has started again and again. */
export const FAULT_BOOT_LOOP = 20;
/** After a loss of power: the cell is not as the run left it. */
export const FAULT_OTHER_CELL = 21;
/** The current flows against its set-point. */
export const FAULT_SIGN = 22;
/** None flows although one is set: no fault of the channel, and not latched. */
export const FAULT_OPEN_CELL = 23;
/** The clock of the frames and a second one disagree. */
export const FAULT_CLOCK = 24;
/** The converter repeats its last counts. */
export const FAULT_FROZEN = 25;
/** The cell warms up too fast. */
export const FAULT_T_RATE = 26;
/** A reading that cannot be. */
export const FAULT_IMPLAUSIBLE = 27;
/** At start-up: a current for the dummy does not go into the dummy alone. */
export const FAULT_WELD = 28;
/** At start-up: a range does not see the dummy as it is. */
export const FAULT_RANGES = 29;
/** With the relay closed: the cell's voltage does not answer to the current as a cell's must. */
export const FAULT_CONTACT = 30;
export const FAULT_COUNT = 31;

/** Frames in a row until a condition is a fault, by code. Hard limits are confirmed within the
 *  frame, by the median of five readings; FAULT_BUS has a count of its own, `countIncomplete`.
 *  FAULT_FOLLOW and FAULT_OPEN_CELL count tenths of a second, see follow.ts. */
export const DEBOUNCE = new Uint8Array([
  0, 1, 1, 3, 3, 3, 3, 3, 3, 1, 3, 6, 2, 3, 1, 1, 1, 1, 1, 1, 1, 1, 2, 6, 2, 1, 1, 3, 1, 3, 3,
]);

// What was seen before, as far as a condition needs it: places in `Guard.past`.
/** The correction the current needed when it had settled at its set-point, A. */
export const NEEDED_AMPS = 0;
/** Temperature at the begin of the present minute, °C, and when that was, s since boot. */
export const WARM_FROM = 1;
export const WARM_AT = 2;
/** Counts and gain of the last frame, and since when they have been the same, ms since boot;
 *  negative = the coming frame is taken at another gain, to see whether they change. */
export const SAME_VOLTAGE = 3;
export const SAME_CURRENT = 4;
export const SAME_GAIN = 5;
export const SAME_SINCE = 6;
/** When the two clocks were compared last, s since boot, and what the second one showed, s. */
export const CLOCK_AT = 7;
export const WALL_AT = 8;
const PAST = 9;

/** Counters of the fault table. The first fault is latched with its time. */
export interface Guard {
  counts: Uint8Array;
  /** Which of them are not zero: bit `1 << code`. */
  counting: number;
  past: Float64Array;
  /** Which of the last twenty frames were incomplete, a bit each. */
  incomplete: number;
  /** Latched code, 0 = none. */
  fault: number;
  /** s since boot. */
  faultAt: number;
}

/** A guard with nothing to report. */
export function createGuard(): Guard {
  return {
    counts: new Uint8Array(FAULT_COUNT),
    counting: 0,
    past: new Float64Array(PAST),
    incomplete: 0,
    fault: FAULT_NONE,
    faultAt: 0,
  };
}

/** Counts the conditions that were `judged`, of which some were `broken`, bits `1 << code`; the
 *  first code that has lasted its debounce, else 0. Where nothing is broken and nothing was counted
 *  it need not be called. */
export function count(guard: Guard, judged: number, broken: number): number {
  for (let code = 1; code < FAULT_COUNT; code++) {
    const bit = 1 << code;
    if ((judged & bit) === 0) continue;
    if (broken & bit) {
      guard.counting |= bit;
      if (++guard.counts[code] >= DEBOUNCE[code]) return code;
    } else {
      guard.counting &= ~bit;
      guard.counts[code] = 0;
    }
  }
  return FAULT_NONE;
}

/** Starts all counts afresh for another run; what is latched stays. What was seen before is taken
 *  anew with each set-point. */
export function forgetCounts(guard: Guard): void {
  for (let code = 0; code < FAULT_COUNT; code++) guard.counts[code] = 0;
  guard.counting = 0;
  guard.incomplete = 0;
}

/** Counts incomplete frames: FAULT_BUS after three in a row or five of twenty. */
export function countIncomplete(guard: Guard, failed: boolean): number {
  const bits = ((guard.incomplete << 1) | (failed ? 1 : 0)) & 0xfffff;
  guard.incomplete = bits;
  if (!failed) return FAULT_NONE;
  let ones = 0;
  for (let rest = bits; rest > 0; rest >>= 1) ones += rest & 1;
  return ones >= 5 || (bits & 7) === 7 ? FAULT_BUS : FAULT_NONE;
}

/** Latches `code` unless another came first. */
export function latch(guard: Guard, code: number, time: number): void {
  if (guard.fault !== FAULT_NONE) return;
  guard.fault = code;
  guard.faultAt = time;
}
