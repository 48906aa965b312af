// What the rule for sudden changes remembers: places in the detectors' numbers. All values are ln
// of a resistance, times in s since boot.

/** Frames that the line has seen, 0 = it begins anew; its first one. */
export const FRAMES = 26;
export const STARTED_AT = 27;
/** The line: value and slope (1/s) at its time. */
export const AT = 28;
export const LEVEL = 29;
export const SLOPE = 30;
/** The line as it was when the CUSUM last stood at zero. */
export const CALM_AT = 31;
export const CALM = 32;
export const CALM_SLOPE = 33;
/** Mean absolute residual; mean absolute deviation of a window from the line before it, from which
 *  also a leak's uncertainty is reckoned. */
export const NOISE = 34;
export const SCATTER = 19;
export const WINDOWS = 36;
/** The CUSUM to either side. */
export const DOWN = 37;
export const UP = 38;
/** The line that a window is held against, and when the window began. */
export const BASE_AT = 39;
export const BASE = 40;
export const BASE_SLOPE = 41;
export const WINDOW_AT = 42;
/** 0 = none, else the direction of the alarm that the window has to confirm: -1 or 1. */
export const ALARM = 43;
/** Windows that could not decide. */
export const VOTES = 44;
/** Frames of the window, those below and above the threshold, and the sum of their distances. */
export const COUNT = 45;
export const BELOW = 46;
export const ABOVE = 47;
export const SUM = 48;
/** Mean of the last few frames. */
export const RECENT = 49;
/** Frames, and frames beyond the threshold, since the excursion began, and the farthest. */
export const HELD = 50;
export const BEYOND = 51;
export const DEPTH = 52;
/** Threshold now, and size of the change answered last. */
export const THRESHOLD = 53;
export const SIZE = 54;
