// Does the hardware do what it was told? Code and range as read back, the current as measured.
import type { Guard } from "./fault.ts";
import { FAULT_FOLLOW, FAULT_LEAK, FAULT_READBACK, count } from "./fault.ts";
import type { Loop } from "./loop.ts";
import { CLOSING } from "./loop.ts";
import type { Sample } from "./sample.ts";
import { CODE_FAILED, CURRENT_FAILED, RANGE_FAILED } from "./sample.ts";

/** Allowed distance of current and set-point, and allowed current at rest, of full scale. */
const FOLLOW_SHARE = 0.02;
const LEAK_SHARE = 0.01;

/** Fault code or 0; `fullScale` in A is that of the loop's range. */
export function follow(guard: Guard, loop: Loop, sample: Sample, fullScale: number): number {
  const codeOff = (sample.status & CODE_FAILED) === 0 && sample.code !== loop.code;
  const rangeOff = (sample.status & RANGE_FAILED) === 0 && sample.range !== loop.range;
  const unheld = count(guard, FAULT_READBACK, codeOff || rangeOff);
  if (unheld !== 0) return unheld;
  if (sample.status & CURRENT_FAILED) return 0;
  const live = loop.rung >= CLOSING && sample.relay === 1;
  const error = Math.abs(sample.current - loop.setpoint);
  const astray = count(guard, FAULT_FOLLOW, live && error > fullScale * FOLLOW_SHARE);
  if (astray !== 0) return astray;
  const leaking = sample.relay === 0 && Math.abs(sample.loopCurrent) > fullScale * LEAK_SHARE;
  return count(guard, FAULT_LEAK, leaking);
}
