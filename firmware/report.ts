// What the detectors found, as events and as the run's verdict.
import { noteHard, noteSoft } from "./ccd.ts";
import { add, note } from "./events.ts";
import { tellShort } from "./events-short.ts";
import { FOUND_BOUND, FOUND_HARD, FOUND_LOOSE, FOUND_OPEN, FOUND_RECOVERED } from "./findings.ts";
import { FOUND_SOFT, FOUND_STEP, FOUND_VOID, UNDECIDABLE_SHIFT } from "./findings.ts";
import { STEP_CCD } from "./protocol.ts";
import { KIND } from "./protocol.ts";
import type { Run } from "./run.ts";
import { find } from "./run.ts";
import type { Sample } from "./sample.ts";
import { VOLTS_AT } from "./sample.ts";
import { APPARENT, BRIDGE, CONFIDENCE, LEAST, SOFT } from "./shorts-places.ts";
import { CLASS_HARD, CLASS_SOFT, CONTACT_INTERMITTENT, CONTACT_OPEN } from "./telemetry.ts";
import { EVENT_CONTACT, EVENT_RECOVERED, EVENT_UNDECIDABLE, RULE_BOUND } from "./telemetry.ts";
import {
  RULE_HARD,
  VERDICT_HARD,
  VERDICT_LOOSE,
  VERDICT_OPEN,
  VERDICT_TREND,
} from "./telemetry.ts";

/** Rules whose inability is told. */
const RULES = 6;

function tellShorts(run: Run, found: number, s: Float64Array): void {
  if (found & FOUND_HARD) {
    tellShort(run, CLASS_HARD, RULE_HARD, s[APPARENT], s[BRIDGE]);
    add(run.events, s[CONFIDENCE] * 1e3);
  }
  if (found & FOUND_BOUND) {
    tellShort(run, CLASS_SOFT, RULE_BOUND, s[APPARENT], s[LEAST]);
    add(run.events, s[CONFIDENCE] * 1e3);
  }
}

function tellOthers(run: Run, found: number): void {
  if (found & FOUND_RECOVERED) {
    note(run.events, EVENT_RECOVERED);
    add(run.events, CLASS_SOFT);
  }
  if (found & (FOUND_LOOSE | FOUND_OPEN)) {
    note(run.events, EVENT_CONTACT);
    add(run.events, found & FOUND_OPEN ? CONTACT_OPEN : CONTACT_INTERMITTENT);
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
  const charge = run.totals.chargeIn + run.totals.chargeOut;
  const lasting = (found & (FOUND_BOUND | FOUND_STEP)) !== 0;
  if (found & FOUND_SOFT) noteSoft(run.ccd, run.current, charge, lasting);
  if (found & FOUND_HARD) noteHard(run.ccd, run.current, charge);
  if (found & FOUND_RECOVERED && run.shorts.numbers[SOFT] === 0) run.ccd.standing = -1;
}

/** Files what `detect` found in this frame. */
export function report(run: Run, found: number, sample: Sample): void {
  const time = sample[VOLTS_AT];
  if (found === 0) return;
  if (found & (FOUND_HARD | FOUND_BOUND)) tellShorts(run, found, run.shorts.numbers);
  tellOthers(run, found);
  if (found & FOUND_VOID) find(run, VERDICT_TREND, time);
  if (found & FOUND_LOOSE) find(run, VERDICT_LOOSE, time);
  if (found & FOUND_OPEN) find(run, VERDICT_OPEN, time);
  if (found & FOUND_HARD) find(run, VERDICT_HARD, time);
  if (run.current.bytes[KIND] === STEP_CCD) noteShorts(run, found);
}
