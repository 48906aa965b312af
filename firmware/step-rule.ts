// Sudden changes of the resistance: the rule `step`, and the excursions that the rules `dips` and
// `contact` count. A straight line is fitted to ln R (Holt's forecast with the gains of a growing
// and then fading memory); a two-sided CUSUM of bounded residuals sounds the alarm; whether a
// change lasts is then the vote of a window's frames against the line as it was: their median.
import { CONFIRM_FRAMES, CONFIRM_S } from "./detectable.ts";
import { ABOVE, ALARM, AT, BASE, BASE_AT, BASE_SLOPE, BELOW, BEYOND, CALM } from "./step-state.ts";
import { CALM_AT, CALM_SLOPE, COUNT, DEPTH, DOWN, FRAMES, HELD, LEVEL } from "./step-state.ts";
import { NOISE, RECENT, SCATTER, SIZE, SLOPE, STARTED_AT, SUM, THRESHOLD } from "./step-state.ts";
import { UP, VOTES, WINDOWS, WINDOW_AT } from "./step-state.ts";

/** What `followStep` answers. */
export const NOTHING = 0;
export const FELL = 1;
export const ROSE = 2;
export const DIPPED = 3;
export const PEAKED = 4;

/** Allowance and alarm of the CUSUM; a single residual counts at most so many sigma, so that three
 *  wild frames do not suffice and four do. */
const ALLOWANCE = 0.75;
const ALARMING = 15;
const RESIDUAL_MAX = 5;
/** A residual moves the line by at most so many sigma. */
const UPDATE_MAX = 3;
/** Memory of line and noise, in frames, and of the scatter between windows, in windows. */
const LINE_FRAMES = 50;
const NOISE_FRAMES = 200;
const SCATTER_WINDOWS = 16;
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

/** Nothing is under way: excursions begin from here. */
function calm(s: Float64Array): void {
  s[CALM_AT] = s[AT];
  s[CALM] = s[LEVEL];
  s[CALM_SLOPE] = s[SLOPE];
  s[DOWN] = s[UP] = s[HELD] = s[BEYOND] = s[DEPTH] = 0;
}

/** Opens a window held against the line as it was when all was calm. */
function openWindow(s: Float64Array, time: number): void {
  s[BASE_AT] = s[CALM_AT];
  s[BASE] = s[CALM];
  s[BASE_SLOPE] = s[CALM_SLOPE];
  s[WINDOW_AT] = time;
  s[VOTES] = s[COUNT] = s[BELOW] = s[ABOVE] = s[SUM] = 0;
}

function begin(s: Float64Array, x: number, time: number): void {
  s[FRAMES] = 1;
  s[STARTED_AT] = s[AT] = time;
  s[LEVEL] = s[RECENT] = x;
  s[SLOPE] = s[ALARM] = 0;
  calm(s);
  openWindow(s, time);
}

/** How far `off` a base is from the line that went on from it by `drift`. Where an alarm asks
 *  whether there was a change, it must be one in itself, too: a relaxation that slows down leaves
 *  its extrapolation behind, and does not fall. */
function distance(off: number, drift: number): number {
  const below = drift < 0 ? off - drift : off;
  if (below < 0) return below;
  const above = drift < 0 ? off : off - drift;
  return above > 0 ? above : 0;
}

/** A window without alarm tells how far windows scatter when nothing happens. */
function learnScatter(s: Float64Array): void {
  const off = Math.abs(s[SUM] / s[COUNT]);
  const most = UPDATE_MAX * TO_SIGMA * s[SCATTER];
  if (s[WINDOWS] < SCATTER_WINDOWS) s[WINDOWS]++;
  const bounded = s[WINDOWS] < 4 ? off : Math.min(off, most);
  s[SCATTER] += (bounded - s[SCATTER]) / s[WINDOWS];
}

/** The vote of a window that an alarm has opened; the line goes on from what it found. Where the
 *  frames are at odds with the window's end, another window decides. */
function decide(s: Float64Array, time: number): number {
  const count = s[COUNT];
  const lasting = s[BELOW] > count / 2 || s[ABOVE] > count / 2;
  const tail = distance(s[RECENT] - s[BASE], s[BASE_SLOPE] * (time - s[BASE_AT]));
  const settled = lasting || Math.abs(tail) < s[THRESHOLD];
  if (!settled && s[VOTES] < VOTES_MAX) {
    s[VOTES]++;
    s[ALARM] = tail < 0 ? -1 : 1;
    s[WINDOW_AT] = time;
    s[COUNT] = s[BELOW] = s[ABOVE] = s[SUM] = 0;
    return NOTHING;
  }
  const period = (s[AT] - s[WINDOW_AT]) / count;
  const brief = s[BEYOND] < DIP_FRAMES || s[BEYOND] * period < DIP_S;
  const down = s[ALARM] < 0;
  const change = lasting ? s[SUM] / count : tail;
  s[SIZE] = lasting ? Math.abs(change) : s[DEPTH];
  s[ALARM] = 0;
  s[LEVEL] = s[RECENT];
  s[SLOPE] = s[BASE_SLOPE];
  s[FRAMES] = WARM_FRAMES;
  calm(s);
  if (!lasting) return brief ? NOTHING : down ? DIPPED : PEAKED;
  return change < 0 ? FELL : ROSE;
}

/** A window is over: what it says. Another one begins. */
function closeWindow(s: Float64Array, time: number): number {
  let found = NOTHING;
  if (s[ALARM] === 0) learnScatter(s);
  else found = decide(s, time);
  if (s[ALARM] === 0) openWindow(s, time);
  return found;
}

/** The CUSUM has come to an alarm; only a line that is known well enough can tell. */
function alarm(s: Float64Array, time: number): void {
  const warm = s[FRAMES] >= WARM_FRAMES && time - s[STARTED_AT] >= WARM_S;
  if (warm && s[WINDOWS] > 0) {
    s[ALARM] = s[DOWN] > s[UP] ? -1 : 1;
    openWindow(s, time);
  } else calm(s);
}

/** A frame beyond the threshold, by `off`. */
function stray(s: Float64Array, off: number): void {
  s[BEYOND]++;
  s[DEPTH] = Math.max(s[DEPTH], Math.abs(off));
}

/** Moves the line on; `floor` is the least that its noise can be. Answers the residual in sigma, as
 *  far as it counts. */
function fit(s: Float64Array, x: number, time: number, floor: number): number {
  const elapsed = time - s[AT];
  const forecast = s[LEVEL] + s[SLOPE] * elapsed;
  const residual = x - forecast;
  const sigma = Math.max(s[NOISE] * TO_SIGMA, floor, NOISE_LEAST);
  const most = UPDATE_MAX * sigma;
  const bounded = residual > most ? most : residual < -most ? -most : residual;
  const n = s[FRAMES] < LINE_FRAMES ? s[FRAMES] : LINE_FRAMES;
  const gain = (n < 3 ? residual : bounded) / ((n + 1) * (n + 2));
  s[LEVEL] = forecast + gain * 2 * (2 * n + 1);
  s[SLOPE] += (gain * 6) / elapsed;
  if (n >= 3) s[NOISE] += (Math.abs(bounded) - s[NOISE]) / Math.min(s[FRAMES], NOISE_FRAMES);
  s[AT] = time;
  s[FRAMES]++;
  const sigmas = residual / sigma;
  return sigmas > RESIDUAL_MAX ? RESIDUAL_MAX : sigmas < -RESIDUAL_MAX ? -RESIDUAL_MAX : sigmas;
}

/** The CUSUM, while no alarm waits for its window. */
function watch(s: Float64Array, x: number, time: number, sigmas: number): void {
  const down = s[DOWN] - sigmas - ALLOWANCE;
  const up = s[UP] + sigmas - ALLOWANCE;
  s[DOWN] = down > 0 ? down : 0;
  s[UP] = up > 0 ? up : 0;
  s[HELD]++;
  const old = s[HELD] > HELD_FRAMES && time - s[CALM_AT] > CONFIRM_S;
  if (old || (down <= 0 && up <= 0)) calm(s);
  const off = distance(x - s[CALM], s[CALM_SLOPE] * (time - s[CALM_AT]));
  if ((s[DOWN] > s[UP] ? -off : off) > s[THRESHOLD]) stray(s, off);
  if (s[DOWN] >= ALARMING || s[UP] >= ALARMING) alarm(s, time);
}

/** One frame: `x` = ln of the temperature-compensated resistance, `floor` its standard deviation
 *  as far as the converter goes, `least` the smallest change that counts. Answers what happened, at
 *  the end of a window. */
export function followStep(
  s: Float64Array,
  x: number,
  time: number,
  floor: number,
  least: number,
): number {
  if (s[FRAMES] === 0) begin(s, x, time);
  if (time <= s[AT]) return NOTHING;
  const spread = WINDOW_SIGMAS * TO_SIGMA * s[SCATTER];
  const threshold = spread > least ? spread : least;
  s[THRESHOLD] = threshold;
  if (s[ALARM] === 0) watch(s, x, time, fit(s, x, time, floor));
  s[AT] = time;
  const drift = s[BASE_SLOPE] * (time - s[BASE_AT]);
  let off = x - s[BASE];
  off = s[ALARM] === 0 ? off - drift : distance(off, drift);
  if (off < -threshold) s[BELOW]++;
  else if (off > threshold) s[ABOVE]++;
  if (off * s[ALARM] > threshold) stray(s, off);
  s[COUNT]++;
  s[SUM] += off;
  s[RECENT] += (x - s[RECENT]) / RECENT_FRAMES;
  if (time - s[WINDOW_AT] < CONFIRM_S || s[COUNT] < CONFIRM_FRAMES) return NOTHING;
  return closeWindow(s, time);
}
