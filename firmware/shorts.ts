// Passive short detection from voltage, current, temperature and force: what one frame says. The
// rules `hard` and `bound` compare the apparent areal resistance with the least that an intact cell
// can have, that of its pellet; they need no training, and void growth cannot imitate them. The
// rules of relative.ts know the cell from its own past.
import * as charging from "./charge-rule.ts";
import type { CellConfig } from "./config.ts";
import { sense } from "./covariates.ts";
import { ARMED_SIGMAS, detectableStep } from "./detectable.ts";
import { FOUND_BOUND, FOUND_CHARGE, FOUND_HARD, FOUND_OPEN } from "./findings.ts";
import { FOUND_RECOVERED, UNDECIDABLE_SHIFT } from "./findings.ts";
import type { Loop } from "./loop.ts";
import { LIVE } from "./loop.ts";
import { pellet, uncertainty, warmth } from "./pellet.ts";
import type { Relative } from "./relative.ts";
import { createRelative, judge, pause, turn } from "./relative.ts";
import * as relatives from "./relative.ts";
import type { Sample } from "./sample.ts";
import { CURRENT_FAILED, TEMPERATURE_FAILED, VOLTAGE_FAILED, VOLTAGE_REREAD } from "./sample.ts";
import { RULE_BOUND, RULE_DIPS, RULE_HARD, RULE_SLOPE, RULE_STEP } from "./telemetry.ts";

/** Areal resistance of a metallic bridge, Ω cm² (assumed: sodium filaments of 1.9-7.3). */
const BRIDGE_OHM_CM2 = 3.3;
/** After a change of direction or range the voltage is not the cell's answer yet, s. */
const BLANK_S = 0.2;
/** The bound has to be left for this long, s. */
const LASTING_S = 1;
const HARD_SIGMAS = 3;
/** The bound speaks where its own margin below the pellet's resistance is that much above noise. */
const BOUND_SIGMAS = 5;
/** The hard rule needs a pellet that resists at least this many times as much as a bridge. */
const DISTINCT = 2;
/** The present current must be what was asked for, or the quotient means nothing; hardly any, and
 *  a voltage beyond what cells of this kind have, is no cell but an open lead. */
const OBEYED = 0.5;
const OPEN_SHARE = 0.05;
const OPEN_V = 0.5;
const OPEN_FRAMES = 2;
const RECOVERED = 1.1;
/** The cell itself has told what it resists: it must have fallen below this share of that, too. */
const FALLEN = 0.9;
/** What a half cycle has built up helps the next one, for a while, s: |V| starts lower. */
const FALLEN_REVERSAL = 0.7;
const REVERSAL_S = 180;
/** The guard is set wider than the rule, for the current is never exactly the set-point. */
const GUARD_MARGIN = 1.1;
/** Share of a new reading in the running reference. */
const REFERENCE_RATE = 0.02;
/** Frames further apart than this, s and periods, leave a gap. */
const GAP_S = 5;
const GAP_PERIODS = 5;
/** A frame is the mean of two readings. */
const FRAME_NOISE = 0.7;
/** Correction for temperature in the leakage: 0.5 K. */
const LEAKAGE_SHARE = 0.02;

/** State of the detectors; resistances in Ω cm². */
export interface Shorts {
  /** Apparent areal resistance of the last judged frame. */
  apparent: number;
  /** Least of an intact cell, and what only a metallic bridge undercuts, at this temperature. */
  least: number;
  bridge: number;
  /** Apparent resistance while healthy, at 25 °C. */
  reference: number;
  /** Below the bound; and whether the cell was ever above it. */
  soft: boolean;
  intact: boolean;
  /** A hard short was found. */
  hard: boolean;
  /** Since when on the other side of the bound, s; -1 = not. */
  crossedAt: number;
  /** Rules that could not decide, as bits; each is told once. */
  undecidable: number;
  confidence: number;
  /** Frames in a row without the current that was asked for. */
  open: number;
  /** Time and distance of judged frames, s. */
  judgedAt: number;
  /** ln of the pellet's resistance now over that at 25 °C. */
  correction: number;
  period: number;
  /** Multiplies all thresholds of the relative rules; 1. */
  sensitivity: number;
  relative: Relative;
}

/** Detectors that have seen nothing. */
export function createShorts(): Shorts {
  return {
    apparent: 0,
    least: 0,
    bridge: 0,
    reference: 0,
    soft: false,
    intact: false,
    hard: false,
    crossedAt: -1,
    undecidable: 0,
    confidence: 0,
    open: 0,
    judgedAt: -1,
    correction: 0,
    period: 0,
    sensitivity: 1,
    relative: createRelative(),
  };
}

/** Starts afresh for another run. */
export function forget(shorts: Shorts): void {
  shorts.apparent = 0;
  shorts.bridge = 0;
  shorts.reference = 0;
  shorts.soft = false;
  shorts.intact = false;
  shorts.hard = false;
  shorts.crossedAt = -1;
  shorts.undecidable = 0;
  shorts.open = 0;
  shorts.period = 0;
  shorts.judgedAt = -1;
  relatives.forget(shorts.relative);
}

/** Thresholds at this temperature; returns the pellet's resistance. A bridge is told from an intact
 *  pellet at the geometric mean of the two: the same factor of safety on either side. */
function setThresholds(shorts: Shorts, cell: CellConfig, sample: Sample): number {
  const ionic = pellet(cell, sample.temperature);
  shorts.least = (1 - 2 * uncertainty(cell)) * ionic;
  shorts.bridge = Math.sqrt(BRIDGE_OHM_CM2 * shorts.least);
  return ionic;
}

/** How sure it is that no intact pellet reads so: the normal distribution function (logistic
 *  approximation) of the distance in logarithms. */
function confidence(shorts: Shorts, cell: CellConfig, ionic: number, noise: number): number {
  const spread = uncertainty(cell);
  const sigma = Math.sqrt(spread * spread + noise * noise);
  const distance = Math.log(ionic / Math.max(shorts.apparent, 1e-6)) / sigma;
  return 1 / (1 + Math.exp(-1.702 * distance));
}

/** Notes that a rule cannot speak here; the finding the first time. */
function undecided(shorts: Shorts, rule: number): number {
  if (shorts.undecidable & (1 << rule)) return 0;
  shorts.undecidable |= 1 << rule;
  return 1 << (UNDECIDABLE_SHIFT + rule);
}

/** A pellet that conducts almost as well as metal gives this rule nothing to go by. Only a repeated
 *  reading counts; the guard of the next frame sees to that. */
function hard(shorts: Shorts, sample: Sample, density: number): number {
  const distinct = shorts.least > DISTINCT * BRIDGE_OHM_CM2;
  if (!distinct || shorts.bridge * density < HARD_SIGMAS * sample.voltageNoise) {
    return undecided(shorts, RULE_HARD);
  }
  if (!(shorts.apparent <= shorts.bridge) || !(sample.status & VOLTAGE_REREAD)) return 0;
  shorts.hard = true;
  return FOUND_HARD;
}

/** Falling below the bound is a sign; never having been above it says that the cell file, or the
 *  cell, is not what it seems. */
function bound(shorts: Shorts, time: number): number {
  const decay = shorts.relative.decay;
  const share = time - shorts.relative.turnedAt < REVERSAL_S ? FALLEN_REVERSAL : FALLEN;
  const own = decay.begun ? share * Math.exp(decay.first + shorts.correction) : Infinity;
  const least = Math.min(shorts.least, own);
  const crossed = shorts.soft
    ? shorts.apparent > least * RECOVERED
    : shorts.apparent < least === shorts.intact;
  if (!crossed) {
    shorts.crossedAt = -1;
    return shorts.intact ? 0 : undecided(shorts, RULE_BOUND);
  }
  if (shorts.crossedAt < 0) shorts.crossedAt = time;
  if (time - shorts.crossedAt < LASTING_S) return 0;
  shorts.crossedAt = -1;
  if (!shorts.intact) {
    shorts.intact = true;
    return 0;
  }
  shorts.soft = !shorts.soft;
  return shorts.soft ? FOUND_BOUND : FOUND_RECOVERED;
}

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
  const found = judge(
    relative,
    sample,
    seconds,
    raw,
    shorts.correction,
    noise / size,
    least,
    scale,
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
  const ionic = setThresholds(shorts, cell, sample);
  const density = Math.abs(sample.current) / cell.areaCm2;
  const noise = sample.voltageNoise;
  shorts.apparent = Math.abs(sample.voltage) / density;
  shorts.confidence = confidence(shorts, cell, ionic, noise / Math.max(density * ionic, noise));
  let found = 0;
  if (halfCycle !== relative.halfCycle) {
    found = turn(relative, halfCycle, loop.setpoint / cell.areaCm2, time);
  }
  const seconds = pace(shorts, time);
  sense(relative.covariates, sample.temperature, sample.force, time, seconds);
  shorts.correction = warmth(cell, relative.covariates.temperature);
  found |= hard(shorts, sample, density);
  if (found & FOUND_HARD) return found;
  if ((ionic - shorts.least) * density > BOUND_SIGMAS * noise) found |= bound(shorts, time);
  else found |= undecided(shorts, RULE_BOUND);
  return found | judgeRelative(shorts, sample, cell, seconds);
}

/** Share of the current that does not move ions, against the healthy cell: 0 to 1. */
export function leakage(shorts: Shorts): number {
  const short = shorts.hard || shorts.soft || shorts.relative.soft;
  if (!short || shorts.reference === 0) return 0;
  return Math.max(0, 1 - (shorts.apparent * Math.exp(-shorts.correction)) / shorts.reference);
}

/** Standard uncertainty of `leakage`: scatter of the healthy cell and 0.5 K. */
export function leakageUncertainty(shorts: Shorts): number {
  const scatter = shorts.relative.step.scatter;
  return (1 - leakage(shorts)) * Math.sqrt(scatter * scatter + LEAKAGE_SHARE * LEAKAGE_SHARE);
}

/** |voltage| in V below which a frame has to be read again for the hard rule. */
export function guardVoltage(shorts: Shorts, setpoint: number, areaCm2: number): number {
  return (GUARD_MARGIN * shorts.bridge * Math.abs(setpoint)) / areaCm2;
}
