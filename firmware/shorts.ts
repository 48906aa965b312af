// Passive short detection from voltage, current, temperature and force: what one frame says.
import * as charging from "./charge-rule.ts";
import type { CellConfig } from "./config.ts";
import { sense } from "./covariates.ts";
import { ARMED_SIGMAS, detectableStep } from "./detectable.ts";
import { FOUND_CHARGE, FOUND_HARD, FOUND_OPEN } from "./findings.ts";
import type { Loop } from "./loop.ts";
import { LIVE } from "./loop.ts";
import { warmth } from "./pellet.ts";
import { bound, hard, undecided, weigh } from "./physical.ts";
import { judge, pause, turn } from "./relative.ts";
import type { Sample } from "./sample.ts";
import { CURRENT_FAILED, TEMPERATURE_FAILED, VOLTAGE_FAILED } from "./sample.ts";
import type { Shorts } from "./shorts-state.ts";
import { RULE_DIPS, RULE_SLOPE, RULE_STEP } from "./telemetry.ts";

/** After a change of direction or range the voltage is not the cell's answer yet, s. */
const BLANK_S = 0.2;
/** The present current must be what was asked for, or the quotient means nothing; hardly any, and
 *  a voltage beyond what cells of this kind have, is no cell but an open lead. */
const OBEYED = 0.5;
const OPEN_SHARE = 0.05;
const OPEN_V = 0.5;
const OPEN_FRAMES = 2;
/** Share of a new reading in the running reference. */
const REFERENCE_RATE = 0.02;
/** Frames further apart than this, s and periods, leave a gap. */
const GAP_S = 5;
const GAP_PERIODS = 5;
/** A frame is the mean of two readings. */
const FRAME_NOISE = 0.7;

function blanked(sample: Sample, loop: Loop): boolean {
  if (loop.rung !== LIVE || sample.relay !== 1 || loop.setpoint === 0) return true;
  if (sample.status & (VOLTAGE_FAILED | CURRENT_FAILED | TEMPERATURE_FAILED)) return true;
  return sample.timeVoltage - loop.changedAt < BLANK_S;
}

/** A cell at its voltage limit that takes no current is no cell. */
function open(shorts: Shorts, sample: Sample, setpoint: number): number {
  const none = Math.abs(sample.current) < Math.abs(setpoint) * OPEN_SHARE;
  if (!none || Math.abs(sample.voltage) < OPEN_V) shorts.open = 0;
  else if (shorts.open < OPEN_FRAMES && ++shorts.open === OPEN_FRAMES) return FOUND_OPEN;
  return 0;
}

/** The rules of a full cell, whose voltage hardly knows of a bridge: what charge it takes. */
function countCharge(shorts: Shorts, sample: Sample, seconds: number): number {
  const current = sample.current;
  const endless = charging.count(shorts.relative.charge, Math.abs(current) * seconds, current > 0);
  return endless ? FOUND_CHARGE : 0;
}

function judgeRelative(shorts: Shorts, sample: Sample, cell: CellConfig, seconds: number): number {
  const relative = shorts.relative;
  if (cell.voltageMinV > 0) return countCharge(shorts, sample, seconds);
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
  if (!relative.soft && !shorts.soft && shorts.apparent > shorts.least) {
    const step = Math.exp(relative.x) - shorts.reference;
    shorts.reference += shorts.reference === 0 ? step : step * REFERENCE_RATE;
  }
  return found;
}

/** Distance to the last judged frame, s; 0 after a gap, when all that follows a line starts anew. */
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

/** The hard rule alone, while an experiment moves current and voltage. */
export function detectHard(shorts: Shorts, sample: Sample, loop: Loop, cell: CellConfig): number {
  shorts.crossedAt = -1;
  const disobeyed = Math.abs(sample.current) < Math.abs(loop.setpoint) * OBEYED;
  if (blanked(sample, loop) || disobeyed) return 0;
  weigh(shorts, sample, cell);
  return hard(shorts, sample, Math.abs(sample.current) / cell.areaCm2);
}

/** Judges one frame of half cycle number `halfCycle`: findings, 0 = nothing. */
export function detect(
  shorts: Shorts,
  sample: Sample,
  loop: Loop,
  cell: CellConfig,
  halfCycle: number,
): number {
  const relative = shorts.relative;
  if (blanked(sample, loop)) {
    shorts.crossedAt = -1;
    return 0;
  }
  const opened = open(shorts, sample, loop.setpoint);
  if (Math.abs(sample.current) < Math.abs(loop.setpoint) * OBEYED) {
    shorts.crossedAt = -1;
    return opened;
  }
  const time = sample.timeVoltage;
  const ionic = weigh(shorts, sample, cell);
  const density = Math.abs(sample.current) / cell.areaCm2;
  let found = 0;
  if (halfCycle !== relative.halfCycle) {
    found = turn(relative, halfCycle, loop.setpoint / cell.areaCm2, time);
  }
  const seconds = pace(shorts, time);
  sense(relative.covariates, sample.temperature, sample.force, time, seconds);
  shorts.correction = warmth(cell, relative.covariates.temperature);
  found |= hard(shorts, sample, density);
  if (found & FOUND_HARD) return found;
  found |= bound(shorts, sample, ionic, density);
  return found | judgeRelative(shorts, sample, cell, seconds);
}
