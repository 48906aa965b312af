// What the rules that learn from the cell have found, as events.
import { add, note } from "./events.ts";
import { tellShort } from "./events-short.ts";
import { FOUND_CHARGE, FOUND_DIPS, FOUND_MECHANICAL, FOUND_SLOPE } from "./findings.ts";
import { FOUND_STEP, FOUND_THERMAL, FOUND_VOID } from "./findings.ts";
import type { Run } from "./run.ts";
import type { Shorts } from "./shorts-state.ts";
import { CLASS_DECAY, CLASS_INTERMITTENT, CLASS_SOFT, COVARIATE_MECHANICAL } from "./telemetry.ts";
import { COVARIATE_THERMAL, EVENT_COVARIATE, EVENT_TREND, RULE_CHARGE } from "./telemetry.ts";
import { RULE_DIPS, RULE_SLOPE, RULE_STEP, TREND_VOID } from "./telemetry.ts";

/** The normal distribution function (logistic approximation) of a change `size`: its threshold
 *  stands two standard deviations above what a healthy cell does, half the threshold. */
function confidenceOf(size: number, threshold: number): number {
  return 1 / (1 + Math.exp(-1.702 * (4 * (size / threshold) - 2)));
}

/** A fall that lasts: where the cell is now, against the lowest level of the healthy cell. */
function tellStep(run: Run, shorts: Shorts): void {
  const relative = shorts.relative;
  const step = relative.step;
  const now = step.level + shorts.correction;
  const bound = relative.low - step.threshold + shorts.correction;
  tellShort(run, CLASS_SOFT, RULE_STEP, Math.exp(now), Math.exp(bound));
  add(run.events, confidenceOf(relative.fall, step.threshold) * 1e3);
}

/** Dips: the depth of the last one. */
function tellDips(run: Run, shorts: Shorts): void {
  const step = shorts.relative.step;
  const before = step.base + shorts.correction;
  const value = Math.exp(before - step.size);
  tellShort(run, CLASS_INTERMITTENT, RULE_DIPS, value, Math.exp(before - step.threshold));
  add(run.events, confidenceOf(step.size, step.threshold) * 1e3);
}

function tellSlope(run: Run, shorts: Shorts): void {
  const decay = shorts.relative.decay;
  const warm = shorts.correction;
  tellShort(
    run,
    CLASS_DECAY,
    RULE_SLOPE,
    Math.exp(decay.value + warm),
    Math.exp(decay.bound + warm),
  );
  add(run.events, confidenceOf(decay.allowed + decay.bound - decay.value, decay.allowed) * 1e3);
}

function tellCharge(run: Run, shorts: Shorts): void {
  const charge = shorts.relative.charge;
  tellShort(run, CLASS_SOFT, RULE_CHARGE, charge.value, charge.bound);
  add(run.events, confidenceOf(1, 1) * 1e3);
}

/** Files what these rules found in this frame. */
export function tell(run: Run, found: number): void {
  const shorts = run.shorts;
  if (found & FOUND_STEP) tellStep(run, shorts);
  if (found & FOUND_DIPS) tellDips(run, shorts);
  if (found & FOUND_SLOPE) tellSlope(run, shorts);
  if (found & FOUND_CHARGE) tellCharge(run, shorts);
  if (found & (FOUND_THERMAL | FOUND_MECHANICAL)) {
    note(run.events, EVENT_COVARIATE);
    add(run.events, found & FOUND_MECHANICAL ? COVARIATE_MECHANICAL : COVARIATE_THERMAL);
  }
  if (found & FOUND_VOID) {
    const decay = shorts.relative.decay;
    note(run.events, EVENT_TREND);
    add(run.events, TREND_VOID);
    add(run.events, Math.exp(decay.value - decay.first) * 1e3);
  }
}
