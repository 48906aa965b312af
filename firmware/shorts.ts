// Passive short detection from voltage, current and temperature: the rules `hard` and `bound`.
// Both compare the apparent areal resistance with the least that an intact cell can have, that of
// its pellet; neither needs training, and void growth cannot imitate them.
import type { CellConfig } from "./config.ts";
import type { Loop } from "./loop.ts";
import { LIVE } from "./loop.ts";
import type { Sample } from "./sample.ts";
import { CURRENT_FAILED, TEMPERATURE_FAILED, VOLTAGE_FAILED, VOLTAGE_REREAD } from "./sample.ts";
import { RULE_BOUND, RULE_HARD } from "./telemetry.ts";

/** Event bits. */
export const SHORT_HARD = 1;
export const SHORT_SOFT = 2;
export const SHORT_RECOVERED = 4;
export const SHORT_UNDECIDABLE = 8;

/** Boltzmann's constant, eV/K. */
const BOLTZMANN = 8.617333262e-5;
const KELVIN = 273.15;
const ROOM_K = 298.15;
/** Areal resistance of a metallic bridge, Ω cm² (assumed: sodium filaments of 1.9-7.3). */
const BRIDGE_OHM_CM2 = 3.3;
/** Temperature reading, relative to a resistance: 0.5 K at 3.9 %/K. */
const TEMPERATURE_SHARE = 0.02;
/** After a change of direction or range the voltage is not the cell's answer yet, s. */
const BLANK_S = 0.2;
/** The bound has to be left for this long, s. */
const LASTING_S = 1;
const HARD_SIGMAS = 3;
/** The bound speaks where its own margin below the pellet's resistance is that much above noise. */
const BOUND_SIGMAS = 5;
/** The hard rule needs a pellet that resists at least this many times as much as a bridge. */
const DISTINCT = 2;
/** The present current must be what was asked for, or the quotient means nothing. */
const OBEYED = 0.5;
const RECOVERED = 1.1;
/** The guard is set wider than the rule, for the current is never exactly the set-point. */
const GUARD_MARGIN = 1.1;
/** Share of a new reading in the running reference. */
const REFERENCE_RATE = 0.02;

/** State of the detectors; resistances in Ω cm². */
export interface Shorts {
  /** Apparent areal resistance of the last judged frame. */
  apparent: number;
  /** Least of an intact cell, and what only a metallic bridge undercuts, at this temperature. */
  least: number;
  bridge: number;
  /** Apparent resistance while healthy. */
  reference: number;
  soft: boolean;
  /** Since when on the other side of the bound, s; -1 = not. */
  crossedAt: number;
  /** Rules that could not decide, as bits; each is told once. */
  undecidable: number;
  /** The rule the last event is about. */
  rule: number;
  confidence: number;
}

/** Detectors that have seen nothing. */
export function createShorts(): Shorts {
  return {
    apparent: 0,
    least: 0,
    bridge: 0,
    reference: 0,
    soft: false,
    crossedAt: -1,
    undecidable: 0,
    rule: RULE_HARD,
    confidence: 0,
  };
}

/** Starts afresh for another run. */
export function forget(shorts: Shorts): void {
  shorts.apparent = 0;
  shorts.bridge = 0;
  shorts.reference = 0;
  shorts.soft = false;
  shorts.crossedAt = -1;
  shorts.undecidable = 0;
}

/** Relative uncertainty of the pellet's resistance (1 sigma). */
function uncertainty(cell: CellConfig): number {
  const thickness = cell.thicknessUncertainty * cell.thicknessUncertainty;
  const conductivity = cell.conductivityUncertainty * cell.conductivityUncertainty;
  const area = cell.areaUncertainty * cell.areaUncertainty;
  const temperature = TEMPERATURE_SHARE * TEMPERATURE_SHARE;
  return Math.sqrt(thickness + conductivity + area + temperature);
}

/** Areal resistance L/σ of the pellet, Ω cm², at `temperature` in °C (Arrhenius, from the
 *  conductivity at 25 °C). */
function pellet(cell: CellConfig, temperature: number): number {
  const inverse = 1 / (temperature + KELVIN) - 1 / ROOM_K;
  const arrhenius = Math.exp((cell.activationEnergyEv / BOLTZMANN) * inverse);
  return (cell.thicknessCm / cell.conductivitySPerCm) * arrhenius;
}

/** Thresholds at this temperature. A bridge is told from an intact pellet at the geometric mean of
 *  the two: the same factor of safety on either side. */
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

/** Notes that a rule cannot speak at this current and noise; the event bit the first time. */
function undecided(shorts: Shorts, rule: number): number {
  if (shorts.undecidable & (1 << rule)) return 0;
  shorts.undecidable |= 1 << rule;
  shorts.rule = rule;
  return SHORT_UNDECIDABLE;
}

/** A pellet that conducts almost as well as metal gives this rule nothing to go by. Only a repeated
 *  reading counts; the guard of the next frame sees to that. */
function hard(shorts: Shorts, sample: Sample, density: number): number {
  const distinct = shorts.least > DISTINCT * BRIDGE_OHM_CM2;
  if (!distinct || shorts.bridge * density < HARD_SIGMAS * sample.voltageNoise) {
    return undecided(shorts, RULE_HARD);
  }
  if (!(shorts.apparent <= shorts.bridge) || !(sample.status & VOLTAGE_REREAD)) return 0;
  shorts.rule = RULE_HARD;
  return SHORT_HARD;
}

function bound(shorts: Shorts, time: number): number {
  const crossed = shorts.soft
    ? shorts.apparent > shorts.least * RECOVERED
    : shorts.apparent < shorts.least;
  if (!crossed) {
    shorts.crossedAt = -1;
    return 0;
  }
  if (shorts.crossedAt < 0) shorts.crossedAt = time;
  if (time - shorts.crossedAt < LASTING_S) return 0;
  shorts.crossedAt = -1;
  shorts.soft = !shorts.soft;
  shorts.rule = RULE_BOUND;
  return shorts.soft ? SHORT_SOFT : SHORT_RECOVERED;
}

function blanked(sample: Sample, loop: Loop): boolean {
  if (loop.rung !== LIVE || sample.relay !== 1 || loop.setpoint === 0) return true;
  if (sample.status & (VOLTAGE_FAILED | CURRENT_FAILED | TEMPERATURE_FAILED)) return true;
  if (sample.timeVoltage - loop.changedAt < BLANK_S) return true;
  return Math.abs(sample.current) < Math.abs(loop.setpoint) * OBEYED;
}

/** Judges one frame: event bits, 0 = nothing. */
export function detect(shorts: Shorts, sample: Sample, loop: Loop, cell: CellConfig): number {
  if (blanked(sample, loop)) {
    shorts.crossedAt = -1;
    return 0;
  }
  const ionic = setThresholds(shorts, cell, sample);
  const density = Math.abs(sample.current) / cell.areaCm2;
  const noise = sample.voltageNoise;
  shorts.apparent = Math.abs(sample.voltage) / density;
  shorts.confidence = confidence(shorts, cell, ionic, noise / Math.max(density * ionic, noise));
  let event = hard(shorts, sample, density);
  if (event !== 0) return event;
  if (!((ionic - shorts.least) * density > BOUND_SIGMAS * noise)) {
    return undecided(shorts, RULE_BOUND);
  }
  event = bound(shorts, sample.timeVoltage);
  if (!shorts.soft && shorts.apparent > shorts.least) {
    const step = shorts.apparent - shorts.reference;
    shorts.reference += shorts.reference === 0 ? step : step * REFERENCE_RATE;
  }
  return event;
}

/** Share of the current that does not move ions, from the healthy reference: 0 to 1. */
export function leakage(shorts: Shorts): number {
  if (shorts.reference <= shorts.apparent) return 0;
  return 1 - shorts.apparent / shorts.reference;
}

/** |voltage| in V below which a frame has to be read again for the hard rule. */
export function guardVoltage(shorts: Shorts, setpoint: number, areaCm2: number): number {
  return (GUARD_MARGIN * shorts.bridge * Math.abs(setpoint)) / areaCm2;
}
