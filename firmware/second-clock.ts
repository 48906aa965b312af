// The clock of the frames against a second one, on boards that have one: charge and the length of
// steps are no better than the former. Which of the two is wrong nobody can tell.
import type { Guard } from "./fault.ts";
import { CLOCK_AT, FAULT_CLOCK, WALL_AT, count } from "./fault.ts";

/** They are compared over this time, s: a second clock of whole seconds is then good to 1 %. */
const WINDOW_S = 100;
/** Allowed difference: 5 % is found for certain, a sound crystal never. */
const SHARE = 0.04;

/** Fault code or 0. `nowMs` since boot, `wallS` since 1970 (0 = not known). One window alone may be
 *  a second clock that was set. */
export function compareClocks(guard: Guard, nowMs: number, wallS: number): number {
  const past = guard.past;
  const now = nowMs / 1000;
  const elapsed = now - past[CLOCK_AT];
  if (elapsed < WINDOW_S) return 0;
  const known = wallS > 0 && past[WALL_AT] > 0;
  const drift = (wallS - past[WALL_AT]) / elapsed - 1;
  past[CLOCK_AT] = now;
  past[WALL_AT] = wallS;
  const bit = 1 << FAULT_CLOCK;
  return known ? count(guard, bit, Math.abs(drift) > SHARE ? bit : 0) : 0;
}
