// What the detectors found, as events and as the run's verdict.
import { noteHard, noteRecovered, noteSoft } from "./ccd.ts";
import { add, note } from "./events.ts";
import { FOUND_BOUND, FOUND_CHARGE, FOUND_DIPS, FOUND_HARD, FOUND_LOOSE } from "./findings.ts";
import { FOUND_MECHANICAL, FOUND_OPEN, FOUND_RECOVERED, FOUND_SHORT } from "./findings.ts";
import { FOUND_SLOPE, FOUND_SOFT, FOUND_STEP, FOUND_THERMAL } from "./findings.ts";
import { FOUND_VOID, UNDECIDABLE_SHIFT } from "./findings.ts";
import { STEP_CCD } from "./protocol.ts";
import type { Run } from "./run.ts";
import { find } from "./run.ts";
import type { Sample } from "./sample.ts";
import type { Shorts } from "./shorts-state.ts";
import { CLASS_DECAY, CLASS_HARD, CLASS_INTERMITTENT, CLASS_SOFT } from "./telemetry.ts";
import { CONTACT_INTERMITTENT, CONTACT_OPEN, COVARIATE_MECHANICAL } from "./telemetry.ts";
import { COVARIATE_THERMAL, EVENT_CONTACT, EVENT_COVARIATE, EVENT_RECOVERED } from "./telemetry.ts";
import {
  EVENT_SHORT,
  EVENT_TREND,
  EVENT_UNDECIDABLE,
  RULE_BOUND,
  RULE_CHARGE,
} from "./telemetry.ts";
import { RULE_DIPS, RULE_HARD, RULE_SLOPE, RULE_STEP, TREND_VOID } from "./telemetry.ts";
import { VERDICT_HARD, VERDICT_LOOSE, VERDICT_OPEN } from "./telemetry.ts";
import { VERDICT_TREND } from "./telemetry.ts";

/** Rules whose inability is told. */
const RULES = 6;
const MICRO = 1e6;

/** The normal distribution function (logistic approximation) of a change `size`: its threshold
 *  stands two standard deviations above what a healthy cell does, half the threshold. */
function confidenceOf(size: number, threshold: number): number {
  return 1 / (1 + Math.exp(-1.702 * (4 * (size / threshold) - 2)));
}

function tell(run: Run, shortClass: number, rule: number, value: number, threshold: number): void {
  note(run.events, EVENT_SHORT);
  add(run.events, shortClass);
  add(run.events, rule);
  add(run.events, value * MICRO);
  add(run.events, threshold * MICRO);
}

function tellStep(run: Run, shorts: Shorts, shortClass: number, rule: number): void {
  const step = shorts.relative.step;
  const before = step.base + shorts.correction;
  tell(run, shortClass, rule, Math.exp(before - step.size), Math.exp(before - step.threshold));
  add(run.events, confidenceOf(step.size, step.threshold) * 1e3);
}

function tellSlope(run: Run, shorts: Shorts): void {
  const decay = shorts.relative.decay;
  const warm = shorts.correction;
  tell(run, CLASS_DECAY, RULE_SLOPE, Math.exp(decay.value + warm), Math.exp(decay.bound + warm));
  add(run.events, confidenceOf(decay.allowed + decay.bound - decay.value, decay.allowed) * 1e3);
}

function tellCharge(run: Run, shorts: Shorts): void {
  const charge = shorts.relative.charge;
  tell(run, CLASS_SOFT, RULE_CHARGE, charge.value, charge.bound);
  add(run.events, confidenceOf(1, 1) * 1e3);
}

function tellShorts(run: Run, found: number, shorts: Shorts): void {
  if (found & FOUND_HARD) {
    tell(run, CLASS_HARD, RULE_HARD, shorts.apparent, shorts.bridge);
    add(run.events, shorts.confidence * 1e3);
  }
  if (found & FOUND_BOUND) {
    tell(run, CLASS_SOFT, RULE_BOUND, shorts.apparent, shorts.least);
    add(run.events, shorts.confidence * 1e3);
  }
  if (found & FOUND_STEP) tellStep(run, shorts, CLASS_SOFT, RULE_STEP);
  if (found & FOUND_DIPS) tellStep(run, shorts, CLASS_INTERMITTENT, RULE_DIPS);
  if (found & FOUND_SLOPE) tellSlope(run, shorts);
  if (found & FOUND_CHARGE) tellCharge(run, shorts);
}

function tellOthers(run: Run, found: number, shorts: Shorts): void {
  if (found & FOUND_RECOVERED) {
    note(run.events, EVENT_RECOVERED);
    add(run.events, CLASS_SOFT);
  }
  if (found & (FOUND_LOOSE | FOUND_OPEN)) {
    note(run.events, EVENT_CONTACT);
    add(run.events, found & FOUND_OPEN ? CONTACT_OPEN : CONTACT_INTERMITTENT);
  }
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
  for (let rule = 0; rule < RULES; rule++) {
    if (found & (1 << (UNDECIDABLE_SHIFT + rule))) {
      note(run.events, EVENT_UNDECIDABLE);
      add(run.events, rule);
    }
  }
}

/** Files shorts in the staircase. Only what the rules `bound` and `step` see is known to stand or
 *  to have recovered. */
function noteShorts(run: Run, found: number): void {
  const shorts = run.shorts;
  const charge = run.totals.chargeIn + run.totals.chargeOut;
  const lasting = (found & (FOUND_BOUND | FOUND_STEP)) !== 0;
  if (found & FOUND_SOFT) noteSoft(run.ccd, run.current, charge, lasting);
  if (found & FOUND_HARD) noteHard(run.ccd, run.current, charge);
  if (found & FOUND_RECOVERED && !shorts.soft && !shorts.relative.soft) noteRecovered(run.ccd);
}

/** Files what `detect` found in this frame. */
export function report(run: Run, found: number, sample: Sample): void {
  const time = sample.timeVoltage;
  if (found === 0) return;
  if (found & FOUND_SHORT) tellShorts(run, found, run.shorts);
  tellOthers(run, found, run.shorts);
  if (found & FOUND_VOID) find(run, VERDICT_TREND, time);
  if (found & FOUND_LOOSE) find(run, VERDICT_LOOSE, time);
  if (found & FOUND_OPEN) find(run, VERDICT_OPEN, time);
  if (found & FOUND_HARD) find(run, VERDICT_HARD, time);
  if (run.current.kind === STEP_CCD) noteShorts(run, found);
}
