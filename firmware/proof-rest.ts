// The method `rest`, for full cells: a metal path goes on discharging the cell when its current is
// zero. The voltage then falls at a rate that stands to the rate of charging as the leak to the
// charging current, on top of what the healthy cell's relaxation does.
import type { Method, Subject } from "./proof-method.ts";
import { isFull, sideOf } from "./proof-method.ts";
import type { Proof } from "./proof-state.ts";
import { CONTRAST } from "./proof-weigh.ts";
import { BUDGET } from "./protocol.ts";
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
const EARLY = 0;
const EARLY_FRAMES = 1;
const LATE = 2;
const LATE_FRAMES = 3;
// Places of what is kept: fall while healthy, V, and whether it is known.
const KEPT_FALL = 6;
const KEPT = 7;

function shape(proof: Proof, subject: Subject, elapsed: number): number {
  const sums = proof.experiment.sums;
  const voltage = subject.sample.voltage;
  const zero = proof.experiment.zero / proof.experiment.zeros;
  if (zero - voltage > COLLAPSE_V) {
    sums[EARLY] = zero;
    sums[LATE] = voltage;
    sums[EARLY_FRAMES] = sums[LATE_FRAMES] = 1;
    return NaN;
  }
  if (elapsed >= EARLY_S && elapsed < EARLY_END_S) {
    sums[EARLY] += voltage;
    sums[EARLY_FRAMES]++;
  } else if (elapsed >= LATE_S) {
    sums[LATE] += voltage;
    sums[LATE_FRAMES]++;
  }
  return elapsed < END_S ? 0 : NaN;
}

/** Standard deviation of the fall, V: converter, temperature. */
function scatter(proof: Proof, subject: Subject): number {
  const sums = proof.experiment.sums;
  const noise = subject.sample.voltageNoise;
  const count = (COUNT_DOUBT * noise) / subject.circuit.noiseCounts;
  const frames = Math.min(sums[EARLY_FRAMES], sums[LATE_FRAMES]);
  const warmth = WARMTH_V * (proof.watch.warmth - proof.watch.lagged);
  return Math.sqrt(2 * (count * count + (noise * noise) / frames) + warmth * warmth);
}

function judge(proof: Proof, subject: Subject): number {
  const experiment = proof.experiment;
  const sums = experiment.sums;
  const kept = proof.kept;
  const fall = sums[EARLY] / sums[EARLY_FRAMES] - sums[LATE] / sums[LATE_FRAMES];
  const own = kept[KEPT_FALL];
  const sigma = scatter(proof, subject) + OWN_DOUBT * Math.abs(own);
  experiment.value = fall;
  experiment.threshold = own + CONTRAST * sigma;
  if (!experiment.suspicious) {
    kept[KEPT_FALL] = fall;
    kept[KEPT] = 1;
    return RESULT_INCONCLUSIVE;
  }
  if (kept[KEPT] === 0) return RESULT_INCONCLUSIVE;
  if (fall > experiment.threshold) return RESULT_ELECTRONIC;
  const expected = LEAK_SHARE * proof.watch.slope * (LATE_S - EARLY_S);
  const seen = expected > CONTRAST * sigma && fall - own < expected / 2;
  return seen ? RESULT_IONIC : RESULT_INCONCLUSIVE;
}

/** Full cells, while they are charged and time is left; 3 min at zero current. */
export const REST: Method = {
  method: METHOD_REST,
  suits: (subject) => {
    const run = subject.run;
    if (!isFull(subject) || sideOf(run.proof.experiment.setpoint) === 0) return false;
    const spent = subject.sample.timeVoltage - run.budgetStartedAt;
    const left = remaining(run.current, false, run.totals, subject.sample);
    return left > 2 * END_S && spent + 2 * END_S < run.current.values[BUDGET];
  },
  shape,
  judge,
};
