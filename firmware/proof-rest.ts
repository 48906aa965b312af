// The method `rest`, for full cells: a metal path goes on discharging the cell when its current is
// zero. The voltage then falls at a rate that stands to the rate of charging as the leak to the
// charging current, on top of what the healthy cell's relaxation does.
import type { Method, Subject } from "./proof-method.ts";
import { isFull, sideOf } from "./proof-method.ts";
import { KEPT, SETPOINT, SLOPE, SUMS, SUSPICIOUS, THRESHOLD, VALUE } from "./proof-places.ts";
import { LAGGED, WARMTH, ZERO, ZEROS } from "./proof-places.ts";
import { CONTRAST } from "./proof-weigh.ts";
import { BUDGET } from "./protocol.ts";
import { NOISE_VOLTS, VOLTS, VOLTS_AT } from "./sample.ts";
import { remaining } from "./schedule.ts";
import { METHOD_REST, RESULT_ELECTRONIC, RESULT_INCONCLUSIVE, RESULT_IONIC } from "./telemetry.ts";

/** The voltage is averaged from and until these times, s, and held against the end's average. */
const EARLY_S = 40;
const EARLY_END_S = 60;
const LATE_S = 160;
const END_S = 180;
/** No cell at rest falls so far, V: it need not be watched to its end. */
const COLLAPSE_V = 0.1;
/** The healthy cell's own fall repeats within this share; rounding to counts has this scatter. */
const OWN_DOUBT = 0.25;
const COUNT_DOUBT = 0.29;
/** A cell's voltage may change with its temperature by this, V for a change of ln R of one
 *  (0.5 mV/K at 3.9 %/K). */
const WARMTH_V = 0.013;
/** A leak worth finding takes this share of the charging current. */
const LEAK_SHARE = 0.1;

// Places of the sums: voltages and frames of the early and of the late stretch.
const EARLY = SUMS;
const EARLY_FRAMES = SUMS + 1;
const LATE = SUMS + 2;
const LATE_FRAMES = SUMS + 3;
// Places of what is kept: fall while healthy, V, and whether it is known.
const KEPT_FALL = KEPT + 6;
const KNOWN = KEPT + 7;

function shape(subject: Subject, elapsed: number): number {
  const p = subject.run.proof.numbers;
  const voltage = subject.sample[VOLTS];
  const zero = p[ZERO] / p[ZEROS];
  if (zero - voltage > COLLAPSE_V) {
    p[EARLY] = zero;
    p[LATE] = voltage;
    p[EARLY_FRAMES] = p[LATE_FRAMES] = 1;
    return NaN;
  }
  if (elapsed >= EARLY_S && elapsed < EARLY_END_S) {
    p[EARLY] += voltage;
    p[EARLY_FRAMES]++;
  } else if (elapsed >= LATE_S) {
    p[LATE] += voltage;
    p[LATE_FRAMES]++;
  }
  return elapsed < END_S ? 0 : NaN;
}

/** Standard deviation of the fall, V: converter, temperature. */
function scatter(p: Float64Array, subject: Subject): number {
  const noise = subject.sample[NOISE_VOLTS];
  const count = (COUNT_DOUBT * noise) / subject.circuit.noiseCounts;
  const frames = Math.min(p[EARLY_FRAMES], p[LATE_FRAMES]);
  const warmth = WARMTH_V * (p[WARMTH] - p[LAGGED]);
  return Math.sqrt(2 * (count * count + (noise * noise) / frames) + warmth * warmth);
}

function judge(subject: Subject): number {
  const p = subject.run.proof.numbers;
  const fall = p[EARLY] / p[EARLY_FRAMES] - p[LATE] / p[LATE_FRAMES];
  const own = p[KEPT_FALL];
  const sigma = scatter(p, subject) + OWN_DOUBT * Math.abs(own);
  p[VALUE] = fall;
  p[THRESHOLD] = own + CONTRAST * sigma;
  if (p[SUSPICIOUS] === 0) {
    p[KEPT_FALL] = fall;
    p[KNOWN] = 1;
    return RESULT_INCONCLUSIVE;
  }
  if (p[KNOWN] === 0) return RESULT_INCONCLUSIVE;
  if (fall > p[THRESHOLD]) return RESULT_ELECTRONIC;
  const expected = LEAK_SHARE * p[SLOPE] * (LATE_S - EARLY_S);
  const seen = expected > CONTRAST * sigma && fall - own < expected / 2;
  return seen ? RESULT_IONIC : RESULT_INCONCLUSIVE;
}

/** Full cells, while they are charged and time is left; 3 min at zero current. */
export const REST: Method = {
  method: METHOD_REST,
  suits: (subject) => {
    const run = subject.run;
    if (!isFull(subject) || sideOf(run.proof.numbers[SETPOINT]) === 0) return false;
    const spent = subject.sample[VOLTS_AT] - run.budgetStartedAt;
    const left = remaining(run.current, false, run.totals, subject.sample);
    return left > 2 * END_S && spent + 2 * END_S < run.current.values[BUDGET];
  },
  shape,
  judge,
};
