// What the rules that learn from the cell have found, as events.
import * as charging from "./charge-rule.ts";
import * as slow from "./decay-state.ts";
import { add, note } from "./events.ts";
import { tellShort } from "./events-short.ts";
import { FOUND_CHARGE, FOUND_DIPS, FOUND_MECHANICAL, FOUND_SLOPE } from "./findings.ts";
import { FOUND_STEP, FOUND_THERMAL, FOUND_VOID } from "./findings.ts";
import { FALL, LOW } from "./relative-state.ts";
import type { Run } from "./run.ts";
import { CORRECTION } from "./shorts-places.ts";
import { BASE, LEVEL, SIZE, THRESHOLD } from "./step-state.ts";
import { CLASS_DECAY, CLASS_INTERMITTENT, CLASS_SOFT, COVARIATE_MECHANICAL } from "./telemetry.ts";
import { COVARIATE_THERMAL, EVENT_COVARIATE, EVENT_TREND, RULE_CHARGE } from "./telemetry.ts";
import { RULE_DIPS, RULE_SLOPE, RULE_STEP, TREND_VOID } from "./telemetry.ts";

const SHORTS = FOUND_STEP | FOUND_DIPS | FOUND_SLOPE | FOUND_CHARGE;
const COVARIATES = FOUND_THERMAL | FOUND_MECHANICAL;

/** Tells what `rule` found. Its confidence is the normal distribution function (logistic
 *  approximation) of the change: the threshold stands two standard deviations above what a healthy
 *  cell does, half the threshold. */
function tellRule(run: Run, rule: number): void {
  const s = run.shorts.numbers;
  let shortClass = CLASS_SOFT;
  // A fall that lasts: where the cell is now, against its lowest healthy level; both ln.
  let value = s[LEVEL];
  let bound = s[LOW] - s[THRESHOLD];
  let share = s[FALL] / s[THRESHOLD];
  if (rule === RULE_DIPS) {
    // The depth of the last one.
    shortClass = CLASS_INTERMITTENT;
    value = s[BASE] - s[SIZE];
    bound = s[BASE] - s[THRESHOLD];
    share = s[SIZE] / s[THRESHOLD];
  } else if (rule === RULE_SLOPE) {
    shortClass = CLASS_DECAY;
    value = s[slow.VALUE];
    bound = s[slow.BOUND];
    share = (s[slow.ALLOWED] + bound - value) / s[slow.ALLOWED];
  }
  value = Math.exp(value + s[CORRECTION]);
  bound = Math.exp(bound + s[CORRECTION]);
  if (rule === RULE_CHARGE) {
    value = s[charging.VALUE];
    bound = s[charging.BOUND];
    share = 1;
  }
  tellShort(run, shortClass, rule, value, bound);
  add(run.events, (1 / (1 + Math.exp(-1.702 * (4 * share - 2)))) * 1e3);
}

/** Files what these rules found in this frame. */
export function tell(run: Run, found: number): void {
  const s = run.shorts.numbers;
  if (!(found & (SHORTS | COVARIATES | FOUND_VOID))) return;
  for (let rule = RULE_STEP; rule <= RULE_CHARGE; rule++) {
    if (found & (1 << rule)) tellRule(run, rule);
  }
  if (found & COVARIATES) {
    note(run.events, EVENT_COVARIATE);
    add(run.events, found & FOUND_MECHANICAL ? COVARIATE_MECHANICAL : COVARIATE_THERMAL);
  }
  if (found & FOUND_VOID) {
    note(run.events, EVENT_TREND);
    add(run.events, TREND_VOID);
    add(run.events, Math.exp(s[slow.VALUE] - s[slow.FIRST]) * 1e3);
  }
}
