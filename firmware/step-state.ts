// What the rule for sudden changes remembers; all values are ln of a resistance.

/** State of the fit, the CUSUM and the window. */
export interface StepRule {
  frames: number;
  startedAt: number;
  /** The line: value and slope (1/s) at its time. */
  at: number;
  level: number;
  slope: number;
  /** The line as it was when the CUSUM last stood at zero. */
  calmAt: number;
  calm: number;
  calmSlope: number;
  /** Mean absolute residual; mean absolute deviation of a window from the line before it. */
  noise: number;
  scatter: number;
  windows: number;
  down: number;
  up: number;
  /** The line that a window is held against, and when the window began. */
  baseAt: number;
  base: number;
  baseSlope: number;
  windowAt: number;
  /** 0 = none, else the direction of the alarm that the window has to confirm: -1 or 1. */
  alarm: number;
  /** Windows that could not decide. */
  votes: number;
  count: number;
  low: number;
  high: number;
  sum: number;
  /** Mean of the last few frames. */
  recent: number;
  /** Frames, and frames beyond the threshold, since the excursion began, and the farthest. */
  held: number;
  beyond: number;
  depth: number;
  /** Threshold now, and size of the change answered last; both of ln R. */
  threshold: number;
  size: number;
  /** Where the line went on after the last alarm, against where it was. */
  change: number;
}

/** A rule that has seen nothing. */
export function createStepRule(): StepRule {
  return {
    frames: 0,
    startedAt: 0,
    at: 0,
    level: 0,
    slope: 0,
    calmAt: 0,
    calm: 0,
    calmSlope: 0,
    noise: 0,
    scatter: 0,
    windows: 0,
    down: 0,
    up: 0,
    baseAt: 0,
    base: 0,
    baseSlope: 0,
    windowAt: 0,
    alarm: 0,
    votes: 0,
    count: 0,
    low: 0,
    high: 0,
    sum: 0,
    recent: 0,
    held: 0,
    beyond: 0,
    depth: 0,
    threshold: 0,
    size: 0,
    change: 0,
  };
}

/** Starts afresh for another run. */
export function forget(rule: StepRule): void {
  rule.frames = 0;
  rule.noise = 0;
  rule.scatter = 0;
  rule.windows = 0;
}
