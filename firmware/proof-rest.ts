// The method `rest`, for full cells: a metal path goes on discharging the cell when its current is
// zero. The voltage then falls at a rate that stands to the rate of charging as the leak to the
// charging current, on top of what the healthy cell's relaxation does.
import type { Method, Subject } from "./proof-method.ts";
import { isFull } from "./proof-method.ts";
import type { Proof } from "./proof-state.ts";
import { CONTRAST } from "./proof-weigh.ts";
import { METHOD_REST, RESULT_ELECTRONIC, RESULT_INCONCLUSIVE, RESULT_IONIC } from "./telemetry.ts";

/** The voltage is averaged from and until these times, s, and held against the end's average. */
const EARLY_S = 40;
const EARLY_END_S = 60;
const LATE_S = 160;
const END_S = 180;
/** A fall of more than the healthy cell's own by this share of it is more than ageing. */
const OWN_DOUBT = 0.25;

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
  if (elapsed >= EARLY_S && elapsed < EARLY_END_S) {
    sums[EARLY] += voltage;
    sums[EARLY_FRAMES]++;
  } else if (elapsed >= LATE_S) {
    sums[LATE] += voltage;
    sums[LATE_FRAMES]++;
  }
  return elapsed < END_S ? 0 : NaN;
}
