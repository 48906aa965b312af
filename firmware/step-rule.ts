// Sudden changes of the resistance: the rule `step`, and the excursions that the rules `dips` and
// `contact` count. A straight line is fitted to ln R (Holt's forecast with the gains of a growing
// and then fading memory); a two-sided CUSUM of bounded residuals sounds the alarm; whether a
// change lasts is then the vote of a window's frames against the line as it was: their median.
import { CONFIRM_FRAMES, CONFIRM_S } from "./detectable.ts";
import type { StepRule } from "./step-state.ts";

/** What `follow` answers. */
export const NOTHING = 0;
export const FELL = 1;
export const ROSE = 2;
export const DIPPED = 3;
export const PEAKED = 4;

/** Allowance and alarm of the CUSUM; a single residual counts at most so many sigma, so that three
 *  wild frames do not suffice and four do. */
const ALLOWANCE = 0.75;
const ALARM = 15;
const RESIDUAL_MAX = 5;
/** A residual moves the line by at most so many sigma. */
const UPDATE_MAX = 3;
/** Memory of line and noise, in frames, and of the scatter between windows, in windows. */
const LINE_FRAMES = 50;
const NOISE_FRAMES = 200;
const WINDOWS = 16;
const RECENT_FRAMES = 4;
/** Windows that may be needed to decide. */
const VOTES_MAX = 3;
/** The rule speaks after so many frames and seconds. */
const WARM_FRAMES = 12;
const WARM_S = 3;
/** Below this the residuals are the converter's steps, not noise. */
const NOISE_LEAST = 0.001;
/** Mean absolute deviation to standard deviation. */
const TO_SIGMA = 1.25;
/** A random walk goes further from an alarm's base than from a window's. */
const WINDOW_SIGMAS = 9;
/** An excursion that has not come to an alarm after so many frames is none. */
const HELD_FRAMES = 10;
/** Shorter excursions are interference, s and frames. */
const DIP_S = 0.25;
const DIP_FRAMES = 3;

/** Learns the line afresh; what is known of the noise stays. */
export function relearn(rule: StepRule): void {
  rule.frames = 0;
}

/** Nothing is under way: excursions begin from here. */
function calm(rule: StepRule): void {
  rule.calmAt = rule.at;
  rule.calm = rule.level;
  rule.calmSlope = rule.slope;
  rule.down = 0;
  rule.up = 0;
  rule.held = 0;
  rule.beyond = 0;
  rule.depth = 0;
}

function clearVotes(rule: StepRule, time: number): void {
  rule.windowAt = time;
  rule.count = 0;
  rule.low = 0;
  rule.high = 0;
  rule.sum = 0;
}

/** Opens a window held against the line as it was when all was calm. */
function openWindow(rule: StepRule, time: number): void {
  rule.baseAt = rule.calmAt;
  rule.base = rule.calm;
  rule.baseSlope = rule.calmSlope;
  rule.votes = 0;
  clearVotes(rule, time);
}

function begin(rule: StepRule, x: number, time: number): void {
  rule.frames = 1;
  rule.startedAt = time;
  rule.at = time;
  rule.level = x;
  rule.recent = x;
  rule.slope = 0;
  rule.alarm = 0;
  calm(rule);
  openWindow(rule, time);
}

/** Distance of `x` from a line that goes on. Where an alarm asks whether there was a change, it
 *  must be one in itself, too: a relaxation that slows down leaves its extrapolation behind, and
 *  does not fall. */
function distance(x: number, base: number, drift: number, strict: boolean): number {
  if (!strict) return x - base - drift;
  const low = x - base - Math.min(0, drift);
  return low < 0 ? low : Math.max(0, x - base - Math.max(0, drift));
}

/** Moves the line on; returns the residual in sigma. */
function fit(rule: StepRule, x: number, time: number, floor: number): number {
  const elapsed = time - rule.at;
  const forecast = rule.level + rule.slope * elapsed;
  const residual = x - forecast;
  const sigma = Math.max(rule.noise * TO_SIGMA, floor, NOISE_LEAST);
  const most = UPDATE_MAX * sigma;
  const bounded = Math.max(-most, Math.min(most, residual));
  const n = Math.min(rule.frames, LINE_FRAMES);
  const used = n < 3 ? residual : bounded;
  const gain = used / ((n + 1) * (n + 2));
  rule.level = forecast + gain * 2 * (2 * n + 1);
  rule.slope += (gain * 6) / elapsed;
  if (n >= 3) {
    rule.noise += (Math.abs(bounded) - rule.noise) / Math.min(rule.frames, NOISE_FRAMES);
  }
  rule.at = time;
  rule.frames++;
  return residual / sigma;
}

/** A window without alarm tells how far windows scatter when nothing happens. */
function learnScatter(rule: StepRule): void {
  const off = Math.abs(rule.sum / rule.count);
  const most = UPDATE_MAX * TO_SIGMA * rule.scatter;
  if (rule.windows < WINDOWS) rule.windows++;
  const bounded = rule.windows < 4 ? off : Math.min(off, most);
  rule.scatter += (bounded - rule.scatter) / rule.windows;
}

/** The vote of a window that an alarm has opened; the line goes on from what it found. Where the
 *  frames are at odds with the window's end, another window decides. */
function decide(rule: StepRule, time: number): number {
  const lasting = rule.low > rule.count / 2 || rule.high > rule.count / 2;
  const drift = rule.baseSlope * (time - rule.baseAt);
  const tail = distance(rule.recent, rule.base, drift, true);
  const settled = lasting || Math.abs(tail) < rule.threshold;
  if (!settled && rule.votes < VOTES_MAX) {
    rule.votes++;
    rule.alarm = tail < 0 ? -1 : 1;
    clearVotes(rule, time);
    return NOTHING;
  }
  const period = (rule.at - rule.windowAt) / rule.count;
  const brief = rule.beyond < DIP_FRAMES || rule.beyond * period < DIP_S;
  const down = rule.alarm < 0;
  const depth = rule.depth;
  rule.change = lasting ? rule.sum / rule.count : tail;
  rule.alarm = 0;
  rule.level = rule.recent;
  rule.slope = rule.baseSlope;
  rule.frames = WARM_FRAMES;
  calm(rule);
  rule.size = lasting ? Math.abs(rule.change) : depth;
  if (!lasting) return brief ? NOTHING : down ? DIPPED : PEAKED;
  return rule.change < 0 ? FELL : ROSE;
}

function stray(rule: StepRule, off: number): void {
  rule.beyond++;
  rule.depth = Math.max(rule.depth, Math.abs(off));
}

/** Counts a frame in the window; at its end, what it says. */
function vote(rule: StepRule, x: number, time: number): number {
  const off = distance(x, rule.base, rule.baseSlope * (time - rule.baseAt), rule.alarm !== 0);
  rule.count++;
  rule.sum += off;
  rule.recent += (x - rule.recent) / RECENT_FRAMES;
  if (off < -rule.threshold) rule.low++;
  else if (off > rule.threshold) rule.high++;
  if (off * rule.alarm > rule.threshold) stray(rule, off);
  if (time - rule.windowAt < CONFIRM_S || rule.count < CONFIRM_FRAMES) return NOTHING;
  if (rule.alarm === 0) learnScatter(rule);
  else {
    const found = decide(rule, time);
    if (rule.alarm !== 0) return NOTHING;
    openWindow(rule, time);
    return found;
  }
  openWindow(rule, time);
  return NOTHING;
}

function watch(rule: StepRule, x: number, time: number, sigmas: number): void {
  const bounded = Math.max(-RESIDUAL_MAX, Math.min(RESIDUAL_MAX, sigmas));
  rule.down = Math.max(0, rule.down - bounded - ALLOWANCE);
  rule.up = Math.max(0, rule.up + bounded - ALLOWANCE);
  rule.held++;
  const old = rule.held > HELD_FRAMES && time - rule.calmAt > CONFIRM_S;
  if (old || (rule.down === 0 && rule.up === 0)) calm(rule);
  const side = rule.down > rule.up ? -1 : 1;
  const off = distance(x, rule.calm, rule.calmSlope * (time - rule.calmAt), true);
  if (off * side > rule.threshold) stray(rule, off);
  if (rule.down < ALARM && rule.up < ALARM) return;
  const warm = rule.frames >= WARM_FRAMES && time - rule.startedAt >= WARM_S;
  if (warm && rule.windows > 0) {
    rule.alarm = rule.down > rule.up ? -1 : 1;
    openWindow(rule, time);
  } else calm(rule);
}

/** One frame: `x` = ln of the temperature-compensated resistance, `floor` its standard deviation
 *  as far as the converter goes, `least` the smallest change that counts. Answers what happened. */
export function follow(
  rule: StepRule,
  x: number,
  time: number,
  floor: number,
  least: number,
): number {
  if (rule.frames === 0) begin(rule, x, time);
  if (time <= rule.at) return NOTHING;
  rule.threshold = Math.max(least, WINDOW_SIGMAS * TO_SIGMA * rule.scatter);
  if (rule.alarm === 0) watch(rule, x, time, fit(rule, x, time, floor));
  rule.at = time;
  return vote(rule, x, time);
}
