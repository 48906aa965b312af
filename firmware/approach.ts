// Frames on the way to a voltage cut-off, for a board whose usual frames are far apart: at the end
// of a full cell's charge the voltage moves tens of millivolts a second, and a cut-off that is met
// up to a frame late quantises capacity and efficiency.
import type { Command } from "../hal/port.ts";
import { FROM } from "./calm.ts";
import { LIVE } from "./loop.ts";
import type { Prover, Subject } from "./proof-method.ts";
import { isActive } from "./proof-state.ts";
import { VOLTAGE_MAX, VOLTAGE_MIN } from "./protocol.ts";
import { VOLTS, VOLTS_AT } from "./sample.ts";
import { RUNNING } from "./schedule.ts";

/** This near to a cut-off frames are no further apart than so, V and ms. */
const NEAR_V = 0.005;
const NEAR_MS = 200;
/** Else they halve the time that is left, for the voltage bends towards the end; down to this, ms:
 *  what the current carries in it is less than what a frame can measure. */
const SHARE = 0.5;
const LEAST_MS = 40;

/** Seconds until `gap` volts are closed at `slope` V/s; Infinity = they are not. */
function timeLeft(gap: number, slope: number): number {
  return slope > 0 ? gap / slope : Infinity;
}

/** Shortens the distance to the next frame where a voltage cut-off of the present step is near, by
 *  the pace of the last two frames. Such frames are judged whole. */
function approach(channel: Subject, command: Command): void {
  const sample = channel.sample;
  const previous = channel.previous;
  const run = channel.run;
  if (run.schedule.phase !== RUNNING || channel.loop.rung !== LIVE || isActive(run.proof)) return;
  const seconds = sample[VOLTS_AT] - previous[VOLTS_AT];
  if (!(seconds > 0) || previous[VOLTS_AT] < channel.loop.changedAt) return;
  const slope = (sample[VOLTS] - previous[VOLTS]) / seconds;
  const step = run.current;
  const below = step.values[VOLTAGE_MAX] - sample[VOLTS];
  const above = sample[VOLTS] - step.values[VOLTAGE_MIN];
  const left = Math.min(timeLeft(below, slope), timeLeft(above, -slope));
  let wanted = Math.max(SHARE * left * 1000, LEAST_MS);
  if (below < NEAR_V || above < NEAR_V) wanted = Math.min(wanted, NEAR_MS);
  if (wanted >= command.periodMs) return;
  command.periodMs = Math.max(wanted, channel.capabilities.framePeriodMinMs);
  channel.calm[FROM] = Math.max(channel.calm[FROM], sample[VOLTS_AT] * 1000 + NEAR_MS);
}

/** `prover`, which has the last word on the next frame's distance, with an approach to cut-offs. */
export function approaching(prover: Prover): Prover {
  const pace = (channel: Subject, command: Command): void => {
    prover.pace(channel, command);
    approach(channel, command);
  };
  return { experiment: prover.experiment, pace, further: prover.further };
}
