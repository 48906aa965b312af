// Is this frame fit to go on with? Every condition of the fault table but those of follow.ts.
import type { Guard } from "./fault.ts";
import { FAULT_F_HIGH, FAULT_F_LOW, FAULT_IMPLAUSIBLE, FAULT_I_HARD } from "./fault.ts";
import { FAULT_STALE, count, countIncomplete } from "./fault.ts";
import { FAULT_T_HIGH, FAULT_T_LOW, FAULT_V_HARD, FAULT_V_HIGH, FAULT_V_LOW } from "./fault.ts";
import type { Limits } from "./limits.ts";
import type { Sample } from "./sample.ts";
import { CELSIUS, CELSIUS_AGE, LOOP_AMPS, NEWTONS, NEWTONS_AGE, SEQUENCE } from "./sample.ts";
import { STATUS, VOLTS, VOLTS_AT } from "./sample.ts";
import { CODE_FAILED, CURRENT_CLIPPED, CURRENT_FAILED, CURRENT_REREAD } from "./sample.ts";
import { FLOW, RANGE_FAILED, STALLED, SUPERVISE_DONE } from "./sample.ts";
import { TEMPERATURE_ABSURD, TEMPERATURE_FAILED } from "./sample.ts";
import { VOLTAGE_CLIPPED, VOLTAGE_FAILED, VOLTAGE_REREAD } from "./sample.ts";

/** Force and temperature older than this are as good as none, s. */
export const SLOW_AGE_S = 5;
/** A frame is late after two periods, and not before it is overdue by this, s; and before the
 *  hardware keep-alive takes the relay away, because then the current would be taken for the
 *  cell's. */
const LATE_S = 0.2;
const LATE_MAX_S = 1.8;
/** Without any of these no hard limit can be judged. */
const HARD_SEEN = VOLTAGE_REREAD | CURRENT_REREAD | CURRENT_CLIPPED;
/** Bits of the faults from FAULT_V_HIGH to FAULT_F_LOW, which stand in this order. */
const CELL_FAULTS = (2 << FAULT_F_LOW) - (1 << FAULT_V_HIGH);
const FRAME_FAILED = VOLTAGE_FAILED | CURRENT_FAILED | CODE_FAILED | RANGE_FAILED;

/** Whether the slow sensors have been read lately; a run does not start without. */
export function slowSensorsFresh(sample: Sample): boolean {
  const force = sample[NEWTONS_AGE] >= 0 && sample[NEWTONS_AGE] <= SLOW_AGE_S;
  const temperature = sample[CELSIUS_AGE] >= 0 && sample[CELSIUS_AGE] <= SLOW_AGE_S;
  return force && temperature && (sample[STATUS] & TEMPERATURE_FAILED) === 0;
}

// Only a repeated reading counts; a current at the end of the scale needs no repetition.
function beyondHard(limits: Limits, sample: Sample): number {
  const status = sample[STATUS];
  let broken = 0;
  if ((status & (VOLTAGE_FAILED | VOLTAGE_REREAD)) === VOLTAGE_REREAD) {
    if (Math.abs(sample[VOLTS]) > limits.voltageHard) broken = 1 << FAULT_V_HARD;
  }
  if ((status & CURRENT_FAILED) === 0 && status & (CURRENT_REREAD | CURRENT_CLIPPED)) {
    if (Math.abs(sample[LOOP_AMPS]) > limits.currentHard) broken |= 1 << FAULT_I_HARD;
  }
  return broken;
}

// A voltage at the end of the converter's scale may be any: it counts as beyond the cell's limit.
// Either side of the window counts as FAULT_V_HIGH: what swings between them is outside all along.
function beyondCell(limits: Limits, sample: Sample): number {
  const clipped = sample[STATUS] & VOLTAGE_CLIPPED;
  const voltage = sample[VOLTS];
  const temperature = sample[CELSIUS];
  const force = sample[NEWTONS];
  let broken = 0;
  if (clipped || voltage > limits.voltageMax || voltage < limits.voltageMin) {
    broken = 1 << FAULT_V_HIGH;
  }
  if (temperature > limits.temperatureMax) broken |= 1 << FAULT_T_HIGH;
  if (temperature < limits.temperatureMin) broken |= 1 << FAULT_T_LOW;
  if (force > limits.forceMax) broken |= 1 << FAULT_F_HIGH;
  if (force < limits.forceMin) broken |= 1 << FAULT_F_LOW;
  return broken;
}

/** Fault code or 0. `periodS` is what the last command asked for, its burst included; values of a
 *  failed slot are not judged. */
export function supervise(
  guard: Guard,
  limits: Limits,
  sample: Sample,
  previous: Sample,
  periodS: number,
): number {
  const elapsed = sample[VOLTS_AT] - previous[VOLTS_AT];
  sample[FLOW] += SUPERVISE_DONE;
  const overdue = periodS > LATE_S ? periodS : LATE_S;
  const late = elapsed > LATE_MAX_S || elapsed > periodS + overdue;
  const stalled = (sample[STATUS] & STALLED) !== 0;
  if (late || stalled || elapsed <= 0 || sample[SEQUENCE] === previous[SEQUENCE]) {
    return count(guard, 1 << FAULT_STALE, 1 << FAULT_STALE);
  }
  // Hard limits, which are counted in one frame, leave nothing behind.
  const hard = sample[STATUS] & HARD_SEEN ? beyondHard(limits, sample) : 0;
  if (hard !== 0) return count(guard, hard, hard);
  const failed = (sample[STATUS] & FRAME_FAILED) !== 0 || !slowSensorsFresh(sample);
  const bus = failed || guard.incomplete !== 0 ? countIncomplete(guard, failed) : 0;
  if (bus !== 0) return sample[STATUS] & TEMPERATURE_ABSURD ? FAULT_IMPLAUSIBLE : bus;
  if (failed) return 0;
  const broken = beyondCell(limits, sample);
  if (broken === 0 && (guard.counting & CELL_FAULTS) === 0) return 0;
  const fault = count(guard, CELL_FAULTS, broken);
  const isLow = 2 * sample[VOLTS] < limits.voltageMin + limits.voltageMax;
  return fault === FAULT_V_HIGH && isLow ? FAULT_V_LOW : fault;
}
