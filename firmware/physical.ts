// The rules `hard` and `bound`: both compare the apparent areal resistance with the least that an
// intact cell can have, that of its pellet; they need no training, and void growth cannot imitate
// them.
import type { Config } from "./config.ts";
import { AREA_CM2 } from "./config.ts";
import * as slow from "./decay-state.ts";
import { FOUND_BOUND, FOUND_HARD, FOUND_RECOVERED, UNDECIDABLE_SHIFT } from "./findings.ts";
import { pellet, uncertainty, warmth } from "./pellet.ts";
import { TURNED_AT } from "./relative-state.ts";
import type { Sample } from "./sample.ts";
import { AMPS, CELSIUS, NOISE_VOLTS, STATUS, VOLTS, VOLTS_AT } from "./sample.ts";
import { VOLTAGE_REREAD } from "./sample.ts";
import { APPARENT, BRIDGE, CONFIDENCE, CORRECTION, CROSSED_AT, HARD } from "./shorts-places.ts";
import { INTACT, LEAST, SOFT, UNDECIDABLE } from "./shorts-places.ts";
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

/** Notes that a rule cannot speak here; the finding the first time. */
export function undecided(s: Float64Array, rule: number): number {
  if (s[UNDECIDABLE] & (1 << rule)) return 0;
  s[UNDECIDABLE] |= 1 << rule;
  return 1 << (UNDECIDABLE_SHIFT + rule);
}

/** How sure it is that no intact pellet, which resists `ionic`, reads `apparent` Ω cm² with this
 *  relative noise: the normal distribution function (logistic approximation) of the distance in
 *  logarithms. */
export function confidenceOf(cell: Config, ionic: number, apparent: number, noise: number): number {
  const spread = uncertainty(cell);
  const sigma = Math.sqrt(spread * spread + noise * noise);
  const distance = Math.log(ionic / Math.max(apparent, 1e-6)) / sigma;
  return 1 / (1 + Math.exp(-1.702 * distance));
}

/** The cell is, or was, on the wrong side of the bound: whether it has crossed it for good. Never
 *  having been above it says that the cell file, or the cell, is not what it seems. */
function cross(s: Float64Array, time: number): number {
  const share = time - s[TURNED_AT] < REVERSAL_S ? FALLEN_REVERSAL : FALLEN;
  const own = s[slow.BEGUN] === 0 ? Infinity : share * Math.exp(s[slow.FIRST] + s[CORRECTION]);
  const least = Math.min(s[LEAST], own);
  const below = s[APPARENT] < least;
  const intact = s[INTACT] !== 0;
  const crossed = s[SOFT] & FOUND_BOUND ? s[APPARENT] > least * RECOVERED : below === intact;
  if (!crossed) {
    s[CROSSED_AT] = -1;
    return intact ? 0 : undecided(s, RULE_BOUND);
  }
  if (s[CROSSED_AT] < 0) s[CROSSED_AT] = time;
  if (time - s[CROSSED_AT] < LASTING_S) return 0;
  s[CROSSED_AT] = -1;
  s[INTACT] = 1;
  if (!intact) return 0;
  s[SOFT] ^= FOUND_BOUND;
  return s[SOFT] & FOUND_BOUND ? FOUND_BOUND : FOUND_RECOVERED;
}

/** Judges a frame's apparent resistance; only by the rule `hard` where it is `unsettled`. A bridge
 *  is told from an intact pellet at the geometric mean of the two: the same factor of safety on
 *  either side. Only a repeated reading counts for it; the guard of the next frame sees to that. A
 *  pellet that conducts almost as well as metal, and noise, give the rules nothing to go by. */
export function judgePhysical(
  s: Float64Array,
  sample: Sample,
  cell: Config,
  unsettled: boolean,
): number {
  const density = Math.abs(sample[AMPS]) / cell[AREA_CM2];
  const noise = sample[NOISE_VOLTS];
  const warm = warmth(cell, sample[CELSIUS]);
  const ionic = pellet(cell, warm);
  const least = (1 - 2 * uncertainty(cell)) * ionic;
  const bridge = Math.sqrt(BRIDGE_OHM_CM2 * least);
  const apparent = Math.abs(sample[VOLTS]) / density;
  let found = 0;
  s[APPARENT] = apparent;
  s[LEAST] = least;
  s[BRIDGE] = bridge;
  if (!(least > DISTINCT * BRIDGE_OHM_CM2) || bridge * density < HARD_SIGMAS * noise) {
    found = undecided(s, RULE_HARD);
  } else if (apparent <= bridge && sample[STATUS] & VOLTAGE_REREAD) found = FOUND_HARD;
  if (!unsettled) s[CORRECTION] = warm;
  if (found !== FOUND_HARD && !unsettled) {
    if (!((ionic - least) * density > BOUND_SIGMAS * noise)) found |= undecided(s, RULE_BOUND);
    else if (apparent < least || s[INTACT] === 0 || s[SOFT] & FOUND_BOUND) {
      found |= cross(s, sample[VOLTS_AT]);
    } else s[CROSSED_AT] = -1;
  }
  if (found & (FOUND_HARD | FOUND_BOUND)) {
    s[HARD] |= found & FOUND_HARD;
    const share = noise / Math.max(density * ionic, noise);
    s[CONFIDENCE] = confidenceOf(cell, ionic, apparent, share);
  }
  return found;
}
