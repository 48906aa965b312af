// The begin of a run: it waits for its sensors and its clamp, and then for the start-up's proof.
import { restart } from "./account.ts";
import { AREA_CM2 } from "./config.ts";
import type { Course } from "./course.ts";
import { FAULT_BUS, FAULT_F_LOW } from "./fault.ts";
import { PROVEN } from "./loop.ts";
import { OUTAGE_UNJUDGED, abort } from "./run.ts";
import { NEWTONS, VOLTS_AT } from "./sample.ts";
import { ARMING, HELD, LOADING } from "./schedule.ts";
import { beginProof } from "./startup.ts";
import { slowSensorsFresh } from "./supervise.ts";
import { END_FAULT, END_LIMIT } from "./telemetry.ts";

/** Sensors and clamp force must be there within this time, s. */
const ARMING_S = 30;

/** Whether a run that is to start has its sensors and its clamp force, and so is judged by the
 *  fault table like one that goes on: that is the first half of the start-up. From the second frame
 *  on, since the first one's past is not its own. */
export function isReady(course: Course): boolean {
  const sample = course.sample;
  const run = course.run;
  if (run.schedule.phase !== ARMING || course.loop.test > 0) return false;
  if (course.previous[VOLTS_AT] <= run.heldAt) return false;
  return sample[NEWTONS] >= course.limits.forceStart && slowSensorsFresh(sample);
}

/** Moves a run on that waits for what it needs. */
export function arm(course: Course): void {
  const run = course.run;
  const loop = course.loop;
  const sample = course.sample;
  const areaCm2 = course.config[AREA_CM2];
  if (loop.test > 0) return;
  if (isReady(course)) {
    if (course.guard.counting !== 0) return;
    if (loop.test !== PROVEN) {
      beginProof(course);
      return;
    }
    loop.test = 0;
    // A run that comes back from the journal goes on from its hold.
    run.schedule.phase = run.outage === OUTAGE_UNJUDGED ? HELD : LOADING;
    if (run.outage === OUTAGE_UNJUDGED) return;
    restart(run.totals, sample[VOLTS_AT]);
    run.budgetStartedAt = sample[VOLTS_AT];
  } else if (sample[VOLTS_AT] - run.heldAt > ARMING_S) {
    loop.test = 0;
    if (slowSensorsFresh(sample)) abort(run, FAULT_F_LOW, END_LIMIT, areaCm2);
    else abort(run, FAULT_BUS, END_FAULT, areaCm2);
  }
}
