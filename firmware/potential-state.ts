// What the control of a voltage remembers beside its controller, and what it sees of a channel.
import type { Capabilities } from "../hal/port.ts";
import type { Config } from "./config.ts";
import type { Limits } from "./limits.ts";
import type { Loop } from "./loop.ts";
import type { Grip } from "./potentiostat.ts";
import { GRIP_PLACES } from "./potentiostat.ts";
import { CURRENT_MAX, KIND, STEP_SCAN, STEP_VOLTAGE } from "./protocol.ts";
import type { Run } from "./run.ts";
import type { Sample } from "./sample.ts";
import { RUNNING } from "./schedule.ts";

/** A frame is the mean of two readings. */
export const FRAME_NOISE = 0.7;

/** A current is the largest allowed from this share of it on. */
export const AT_LIMIT = 0.99;

// Further places of the grip: when the last reading was taken, s since boot
// (NaN = it failed); the step that is under
// way, as counted; since when the voltage is where it should be, and the current below the share of
// full scale; the voltage that was held last, 0 = none, and frames without it; the largest current
// lately, A; and 1 = a scan has reached its beginning.
export const TAKEN_AT = GRIP_PLACES;
export const STEP = GRIP_PLACES + 1;
export const STRAYED_AT = GRIP_PLACES + 2;
export const FLOWED_AT = GRIP_PLACES + 3;
export const HELD_VOLTS = GRIP_PLACES + 4;
export const COLLAPSES = GRIP_PLACES + 5;
export const PEAK = GRIP_PLACES + 6;
export const REACHED = GRIP_PLACES + 7;
export const PLACES = GRIP_PLACES + 8;

/** What of a channel a controlled voltage depends on, and acts on. */
export interface Controlled {
  readonly capabilities: Capabilities;
  readonly config: Config;
  readonly limits: Limits;
  readonly loop: Loop;
  readonly run: Run;
  readonly sample: Sample;
  readonly previous: Sample;
  readonly grip: Grip;
  readonly wave: Float64Array;
}

/** Whether the step under way is one of a voltage. */
export function isVoltage(run: Run): boolean {
  const kind = run.current.bytes[KIND];
  return run.schedule.phase === RUNNING && (kind === STEP_VOLTAGE || kind === STEP_SCAN);
}

/** The largest current that the step allows and a range carries, A. */
export function largest(channel: Controlled): number {
  const ranges = channel.capabilities.rangesA;
  return Math.min(channel.run.current.values[CURRENT_MAX], ranges[ranges.length - 1]);
}
