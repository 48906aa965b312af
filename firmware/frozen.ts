// Does the converter still convert? A cell at rest in itself reads the same again and again, and so
// does a converter that stands still: the difference shows when the gain is changed.
import type { RawFrame } from "../hal/port.ts";
import type { Guard } from "./fault.ts";
import { FAULT_FROZEN, SAME_CURRENT, SAME_GAIN, SAME_SINCE, SAME_VOLTAGE } from "./fault.ts";
import type { Loop } from "./loop.ts";
import { LIVE } from "./loop.ts";

/** Counts may be the same for so long, ms. */
const SAME_MS = 3500;
/** Fewer counts than so many times the noise are the same at any gain. */
const LEAST = 16;
const ASKED = -1;

/** Fault code or 0. Voltage and current come from one converter: where both have not changed while
 *  current flows, the coming frame's current is to be taken at another gain, and must change. */
export function frozen(guard: Guard, loop: Loop, raw: RawFrame, noise: number): number {
  const past = guard.past;
  const now = raw.timeVoltage;
  const same = raw.current === past[SAME_CURRENT];
  const asked = past[SAME_SINCE] === ASKED;
  if (asked && same && raw.currentGain !== past[SAME_GAIN]) return FAULT_FROZEN;
  const still = same && raw.voltage === past[SAME_VOLTAGE] && !asked;
  if (!still || loop.rung !== LIVE) past[SAME_SINCE] = now;
  past[SAME_VOLTAGE] = raw.voltage;
  past[SAME_CURRENT] = raw.current;
  past[SAME_GAIN] = raw.currentGain;
  const large = Math.abs(raw.current) > LEAST * noise;
  if (large && now - past[SAME_SINCE] > SAME_MS) past[SAME_SINCE] = ASKED;
  return 0;
}

/** Where it is asked for, stands in for the current's counts when the next gain is chosen: one step
 *  wider, or at the widest, narrower. */
export function askAgain(guard: Guard, raw: RawFrame): void {
  if (guard.past[SAME_SINCE] === ASKED) raw.current = raw.currentGain * 1e9;
}
