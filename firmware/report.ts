// What the detectors found, as events and as the run's verdict.
import { levelCurrent } from "./ccd.ts";
import { add, note } from "./events.ts";
import { STEP_CCD } from "./protocol.ts";
import type { Run } from "./run.ts";
import { find } from "./run.ts";
import type { Sample } from "./sample.ts";
import { SHORT_HARD, SHORT_RECOVERED, SHORT_SOFT, SHORT_UNDECIDABLE } from "./shorts.ts";
import { CLASS_HARD, CLASS_SOFT, EVENT_RECOVERED, EVENT_SHORT } from "./telemetry.ts";
import { EVENT_UNDECIDABLE, VERDICT_HARD, VERDICT_SOFT } from "./telemetry.ts";

function reportShort(run: Run, shortClass: number, threshold: number): void {
  note(run.events, EVENT_SHORT);
  add(run.events, shortClass);
  add(run.events, run.shorts.rule);
  add(run.events, run.shorts.apparent * 1e6);
  add(run.events, threshold * 1e6);
  add(run.events, run.shorts.confidence * 1e3);
}

/** Files what `detect` found in this frame. */
export function report(run: Run, event: number, sample: Sample): void {
  const climbing = run.current.kind === STEP_CCD;
  if (event === SHORT_UNDECIDABLE) {
    note(run.events, EVENT_UNDECIDABLE);
    add(run.events, run.shorts.rule);
  } else if (event === SHORT_RECOVERED) {
    note(run.events, EVENT_RECOVERED);
    add(run.events, CLASS_SOFT);
  } else if (event === SHORT_SOFT) {
    reportShort(run, CLASS_SOFT, run.shorts.least);
    find(run, VERDICT_SOFT, sample.timeVoltage);
    if (climbing && run.ccd.soft < 0) run.ccd.soft = levelCurrent(run.ccd, run.current);
  } else if (event === SHORT_HARD) {
    reportShort(run, CLASS_HARD, run.shorts.bridge);
    find(run, VERDICT_HARD, sample.timeVoltage);
    if (climbing) run.ccd.hard = levelCurrent(run.ccd, run.current);
  }
}
