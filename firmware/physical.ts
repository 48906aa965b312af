// The rules `hard` and `bound`: both compare the apparent areal resistance with the least that an
// intact cell can have, that of its pellet; they need no training, and void growth cannot imitate
// them.
import type { CellConfig } from "./config.ts";
import { FOUND_BOUND, FOUND_HARD, FOUND_RECOVERED, UNDECIDABLE_SHIFT } from "./findings.ts";
import { pellet, uncertainty } from "./pellet.ts";
import type { Sample } from "./sample.ts";
import { VOLTAGE_REREAD } from "./sample.ts";
import type { Shorts } from "./shorts-state.ts";
import { RULE_BOUND, RULE_HARD } from "./telemetry.ts";

/** Areal resistance of a metallic bridge, Ω cm² (assumed: sodium filaments of 1.9-7.3). */
const BRIDGE_OHM_CM2 = 3.3;
/** The bound has to be left for this long, s. */
const LASTING_S = 1;
const HARD_SIGMAS = 3;
/** The bound speaks where its own margin below the pellet's resistance is that much above noise. */
const BOUND_SIGMAS = 5;
/** The hard rule needs a pellet that resists at least this many times as much as a bridge. */
const DISTINCT = 2;
const RECOVERED = 1.1;
/** The cell itself has told what it resists: it must have fallen below this share of that, too,
 *  which is more than wetting does. */
const FALLEN = 0.8;
/** What a half cycle has built up helps the next one, for a while, s: |V| starts lower. */
const FALLEN_REVERSAL = 0.5;
const REVERSAL_S = 180;

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
export function undecided(shorts: Shorts, rule: number): number {
  if (shorts.undecidable & (1 << rule)) return 0;
  shorts.undecidable |= 1 << rule;
  return 1 << (UNDECIDABLE_SHIFT + rule);
}

/** A pellet that conducts almost as well as metal gives this rule nothing to go by. Only a repeated
 *  reading counts; the guard of the next frame sees to that. */
export function hard(shorts: Shorts, sample: Sample, density: number): number {
  const distinct = shorts.least > DISTINCT * BRIDGE_OHM_CM2;
  if (!distinct || shorts.bridge * density < HARD_SIGMAS * sample.voltageNoise) {
    return undecided(shorts, RULE_HARD);
  }
  if (!(shorts.apparent <= shorts.bridge) || !(sample.status & VOLTAGE_REREAD)) return 0;
  shorts.hard = true;
  return FOUND_HARD;
}

/** Falling below the bound is a sign; never having been above it says that the cell file, or the
 *  cell, is not what it seems. `ionic` is the pellet's resistance, `density` in A/cm². */
export function bound(shorts: Shorts, sample: Sample, ionic: number, density: number): number {
  const time = sample.timeVoltage;
  if (!((ionic - shorts.least) * density > BOUND_SIGMAS * sample.voltageNoise)) {
    return undecided(shorts, RULE_BOUND);
  }
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

/** Apparent resistance and its thresholds; returns that of the pellet. */
export function weigh(shorts: Shorts, sample: Sample, cell: CellConfig): number {
  const ionic = setThresholds(shorts, cell, sample);
  const density = Math.abs(sample.current) / cell.areaCm2;
  const noise = sample.voltageNoise;
  shorts.apparent = Math.abs(sample.voltage) / density;
  shorts.confidence = confidence(shorts, cell, ionic, noise / Math.max(density * ionic, noise));
  return ionic;
}
