// The rules that learn from the cell, as a board carries them: from a judged frame to findings, and
// to what is told of them.
import * as charging from "./charge-rule.ts";
import type { CellConfig } from "./config.ts";
import { sense } from "./covariates.ts";
import { ARMED_SIGMAS, detectableStep } from "./detectable.ts";
import type { Rules } from "./features.ts";
import { FOUND_CHARGE } from "./findings.ts";
import { warmth } from "./pellet.ts";
import { undecided } from "./physical.ts";
import { judge, pause, turn } from "./relative.ts";
import type { Relative } from "./relative-state.ts";
import type { Sample } from "./sample.ts";
import type { Shorts } from "./shorts-state.ts";
import { tell } from "./tell.ts";
import { RULE_DIPS, RULE_SLOPE, RULE_STEP } from "./telemetry.ts";

/** Frames further apart than this, s and periods, leave a gap. */
const GAP_S = 5;
const GAP_PERIODS = 5;
/** A frame is the mean of two readings. */
const FRAME_NOISE = 0.7;
/** A voltage of its own: this much against the current, in so many frames in a row. */
const FULL_V = 0.5;
const FULL_FRAMES = 20;

/** The rules of a full cell, whose voltage hardly knows of a bridge: what charge it takes. */
function countCharge(shorts: Shorts, sample: Sample, seconds: number): number {
  const current = sample.current;
  const endless = charging.count(shorts.relative.charge, Math.abs(current) * seconds, current > 0);
  return endless ? FOUND_CHARGE : 0;
}

/** A cell with a voltage of its own: by its window, or because it drives its own discharge. */
function isFull(relative: Relative, sample: Sample, cell: CellConfig): boolean {
  if (cell.voltageMinV >= 0 || relative.against >= FULL_FRAMES) return true;
  const driving = sample.voltage * sample.current < 0 && Math.abs(sample.voltage) > FULL_V;
  relative.against = driving ? relative.against + 1 : 0;
  return false;
}

function judgeRelative(shorts: Shorts, sample: Sample, cell: CellConfig, seconds: number): number {
  const relative = shorts.relative;
  if (isFull(relative, sample, cell)) return countCharge(shorts, sample, seconds);
  const noise = sample.voltageNoise * FRAME_NOISE;
  const size = Math.abs(sample.voltage);
  if (!(size > ARMED_SIGMAS * noise)) {
    pause(relative);
    return (
      undecided(shorts, RULE_STEP) | undecided(shorts, RULE_DIPS) | undecided(shorts, RULE_SLOPE)
    );
  }
  const least = shorts.sensitivity * detectableStep(size, noise, shorts.period);
  const raw = Math.log(shorts.apparent);
  const scale = shorts.sensitivity;
  const bulk = Math.log((2 * cell.thicknessCm) / cell.conductivitySPerCm);
  const found = judge(
    relative,
    sample,
    seconds,
    raw,
    shorts.correction,
    noise / size,
    least,
    scale,
    bulk,
  );
  return found;
}

/** Distance to the last judged frame, s; 0 after a gap, when what follows a line starts anew. */
function pace(shorts: Shorts, time: number): number {
  const seconds = shorts.judgedAt < 0 ? 0 : time - shorts.judgedAt;
  shorts.judgedAt = time;
  const gap = Math.max(GAP_S, GAP_PERIODS * shorts.period);
  if (shorts.period > 0 && seconds > gap) {
    pause(shorts.relative);
    return 0;
  }
  shorts.period = shorts.period === 0 ? seconds : shorts.period + (seconds - shorts.period) * 0.1;
  return seconds;
}

/** Judges a frame that the physical rules have weighed: `density` in A/cm² with its sign. */
function judgeLearned(
  shorts: Shorts,
  sample: Sample,
  cell: CellConfig,
  density: number,
  halfCycle: number,
): number {
  const relative = shorts.relative;
  const time = sample.timeVoltage;
  const turned = halfCycle === relative.halfCycle ? 0 : turn(relative, halfCycle, density, time);
  const seconds = pace(shorts, time);
  sense(relative.covariates, sample.temperature, sample.force, time, seconds);
  shorts.correction = warmth(cell, relative.covariates.temperature);
  return turned | judgeRelative(shorts, sample, cell, seconds);
}

/** The rules that learn from the cell, for a board's `start`. */
export const LEARNED: Rules = { judge: judgeLearned, tell };
