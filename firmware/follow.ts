// Does the hardware do what it was told? Code and range as read back, the current as measured, and
// what voltage and temperature make of it.
import type { Circuit } from "../hal/port.ts";
import type { Guard } from "./fault.ts";
import { DEBOUNCE, FAULT_FOLLOW, FAULT_IMPLAUSIBLE, FAULT_LEAK, FAULT_OPEN_CELL } from "./fault.ts";
import { FAULT_READBACK, FAULT_SIGN, FAULT_T_RATE } from "./fault.ts";
import { NEEDED_AMPS, WARM_AT, WARM_FROM, count } from "./fault.ts";
import type { Loop } from "./loop.ts";
import { CLOSING, LIVE } from "./loop.ts";
import type { Sample } from "./sample.ts";
import { AMPS, CELSIUS, CODE, LOOP_AMPS, RANGE, RELAY, STATUS, VOLTS, VOLTS_AT } from "./sample.ts";
import { CODE_FAILED, CURRENT_FAILED, FLOW, FOLLOW_DONE, RANGE_FAILED } from "./sample.ts";

/** Allowed distance of current and set-point, of full scale; and of the correction it needs from
 *  the one it needed when it had settled: what the loop has learnt hides no gain that changes. */
const FOLLOW_SHARE = 0.02;
const DRIFT_SHARE = 0.005;
/** Allowed current at rest and against the set-point, of full scale. */
const LEAK_SHARE = 0.01;
/** With less of its current than this, the circuit is open. */
const OPEN_SHARE = 0.05;
/** The current has settled in this frame after a change of set-point. */
const SETTLED_FRAME = 2;
/** A frame counts for as many tenths of a second as it is long, but three at most: a single one is
 *  never enough. */
const TWO_TENTHS_S = 0.15;
const THREE_TENTHS_S = 0.25;
/** No cell leaps so far from frame to frame at constant current, and again and again. It is more
 *  than the pellet's own voltage at the largest current: a short takes that away and gives it back.
 */
const LEAP_V = 0.6;
/** The rise of temperature is judged over this time, s; the largest allowed takes so
 *  long for a kelvin (2 K/min), s. */
const WARMING_S = 60;
const SECONDS_PER_KELVIN = 30;

// Bits of the fault table.
const UNHELD = 1 << FAULT_READBACK;
const ASTRAY = 1 << FAULT_FOLLOW;
const SEEN = (1 << FAULT_LEAK) | (1 << FAULT_SIGN) | (1 << FAULT_IMPLAUSIBLE);

type Past = Guard["past"];

/** Bits of what is wrong with the current through the cell. */
function misled(past: Past, loop: Loop, sample: Sample, scale: number, circuit: Circuit): number {
  const setpoint = loop.setpoint;
  const amps = sample[AMPS];
  const error = setpoint - amps;
  const needed = error + loop.trim / circuit.senseOhms[loop.range] / circuit.codesPerSenseVolt;
  // A gain that is off by itself moves it with a set-point that moves.
  if (loop.frames <= SETTLED_FRAME || loop.tracking !== 0) past[NEEDED_AMPS] = needed;
  const drift = Math.abs(needed - past[NEEDED_AMPS]);
  const far = Math.abs(error) > scale * FOLLOW_SHARE || drift > scale * DRIFT_SHARE;
  const against = amps * setpoint < 0 && Math.abs(amps) > scale * LEAK_SHARE;
  return (far ? ASTRAY : 0) | (against ? 1 << FAULT_SIGN : 0);
}

/** Time during which the current was astray, in tenths of a second, adds up; a sound frame takes
 *  one of them away. No current at all is an open circuit. */
function addUp(guard: Guard, loop: Loop, sample: Sample, astray: boolean, seconds: number): number {
  const tenths = seconds > THREE_TENTHS_S ? 3 : seconds > TWO_TENTHS_S ? 2 : 1;
  const sum = guard.counts[FAULT_FOLLOW] + (astray ? tenths : -1);
  guard.counts[FAULT_FOLLOW] = sum > 0 ? sum : 0;
  if (sum > 0) guard.counting |= ASTRAY;
  else guard.counting &= ~ASTRAY;
  if (sum < DEBOUNCE[FAULT_FOLLOW]) return 0;
  const none = Math.abs(sample[AMPS]) < Math.abs(loop.setpoint) * OPEN_SHARE;
  return none ? FAULT_OPEN_CELL : FAULT_FOLLOW;
}

/** Whether the temperature has risen too fast over the last minute in which current flowed. */
function warms(past: Past, live: boolean, sample: Sample): boolean {
  const now = sample[VOLTS_AT];
  const elapsed = now - past[WARM_AT];
  if (live && elapsed < WARMING_S) return false;
  const rise = sample[CELSIUS] - past[WARM_FROM];
  past[WARM_AT] = now;
  past[WARM_FROM] = sample[CELSIUS];
  return live && rise * SECONDS_PER_KELVIN > elapsed;
}

/** Fault code or 0; `scale` in A is the full scale of the loop's range. */
export function follow(
  guard: Guard,
  loop: Loop,
  sample: Sample,
  previous: Sample,
  scale: number,
  circuit: Circuit,
): number {
  sample[FLOW] += FOLLOW_DONE;
  // A proof on the dummy looks after itself.
  if (loop.test > 0) return 0;
  const status = sample[STATUS];
  const known = (status & CURRENT_FAILED) === 0;
  const live = loop.rung === LIVE;
  const codeOff = sample[CODE] !== loop.code && (status & CODE_FAILED) === 0;
  const rangeOff = sample[RANGE] !== loop.range && (status & RANGE_FAILED) === 0;
  let broken = codeOff || rangeOff ? UNHELD : 0;
  if (known && sample[RELAY] === 0) {
    if (Math.abs(sample[LOOP_AMPS]) > scale * LEAK_SHARE) broken |= 1 << FAULT_LEAK;
  } else if (known && loop.rung >= CLOSING)
    broken |= misled(guard.past, loop, sample, scale, circuit);
  const leap = Math.abs(sample[VOLTS] - previous[VOLTS]);
  if (live && loop.frames > 0 && leap > LEAP_V) broken |= 1 << FAULT_IMPLAUSIBLE;
  if (warms(guard.past, live, sample)) return FAULT_T_RATE;
  if (broken === 0 && (guard.counting & (UNHELD | ASTRAY | SEEN)) === 0) return 0;
  const held = count(guard, known ? UNHELD | SEEN : UNHELD, broken);
  if (held !== 0 || !known) return held;
  const seconds = sample[VOLTS_AT] - previous[VOLTS_AT];
  return addUp(guard, loop, sample, (broken & ASTRAY) !== 0, seconds);
}
