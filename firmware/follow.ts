// Does the hardware do what it was told? Code and range as read back, the current as measured.
import type { Guard } from "./fault.ts";
import { FAULT_FOLLOW, FAULT_LEAK, FAULT_READBACK, count } from "./fault.ts";
import type { Loop } from "./loop.ts";
import { CLOSING } from "./loop.ts";
import type { Sample } from "./sample.ts";
import { AMPS, CODE, LOOP_AMPS, RANGE, RELAY, STATUS } from "./sample.ts";
import { CODE_FAILED, CURRENT_FAILED, RANGE_FAILED } from "./sample.ts";

/** Allowed distance of current and set-point, and allowed current at rest, of full scale. */
const FOLLOW_SHARE = 0.02;
const LEAK_SHARE = 0.01;

// Bits of the fault table.
const UNHELD = 1 << FAULT_READBACK;
const ASTRAY = (1 << FAULT_FOLLOW) | (1 << FAULT_LEAK);

/** Fault code or 0; `fullScale` in A is that of the loop's range. */
export function follow(guard: Guard, loop: Loop, sample: Sample, fullScale: number): number {
  const status = sample[STATUS];
  const known = (status & CURRENT_FAILED) === 0;
  const codeOff = sample[CODE] !== loop.code && (status & CODE_FAILED) === 0;
  const rangeOff = sample[RANGE] !== loop.range && (status & RANGE_FAILED) === 0;
  let broken = codeOff || rangeOff ? UNHELD : 0;
  if (known && sample[RELAY] === 0) {
    if (Math.abs(sample[LOOP_AMPS]) > fullScale * LEAK_SHARE) broken |= 1 << FAULT_LEAK;
  } else if (known && loop.rung >= CLOSING) {
    const error = sample[AMPS] - loop.setpoint;
    const most = fullScale * FOLLOW_SHARE;
    if (error > most || error < -most) broken |= 1 << FAULT_FOLLOW;
  }
  if (broken === 0 && (guard.counting & (UNHELD | ASTRAY)) === 0) return 0;
  const unheld = count(guard, UNHELD, broken);
  return unheld === 0 && known ? count(guard, ASTRAY, broken) : unheld;
}
