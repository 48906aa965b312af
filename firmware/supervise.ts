// Is this frame fit to go on with? Every condition of the fault table but those of follow.ts.
import type { Guard } from "./fault.ts";
import { FAULT_BUS, FAULT_F_HIGH, FAULT_F_LOW, FAULT_I_HARD, FAULT_STALE } from "./fault.ts";
import { count, countIncomplete } from "./fault.ts";
import { FAULT_T_HIGH, FAULT_T_LOW, FAULT_V_HARD, FAULT_V_HIGH, FAULT_V_LOW } from "./fault.ts";
import type { Limits } from "./limits.ts";
import type { Sample } from "./sample.ts";
import { CODE_FAILED, CURRENT_CLIPPED, CURRENT_FAILED, CURRENT_REREAD } from "./sample.ts";
import { RANGE_FAILED, TEMPERATURE_FAILED } from "./sample.ts";
import { VOLTAGE_CLIPPED, VOLTAGE_FAILED, VOLTAGE_REREAD } from "./sample.ts";

/** Force and temperature older than this are as good as none, s. */
const SLOW_AGE_S = 5;
/** A frame is late after two periods and this, s; and before the hardware keep-alive takes the
 *  relay away, because then the current would be taken for the cell's. */
const LATE_S = 0.3;
const LATE_MAX_S = 1.8;
const FRAME_FAILED = VOLTAGE_FAILED | CURRENT_FAILED | CODE_FAILED | RANGE_FAILED;

/** Whether the slow sensors have been read lately; a run does not start without. */
export function slowSensorsFresh(sample: Sample): boolean {
  const force = sample.forceAge >= 0 && sample.forceAge <= SLOW_AGE_S;
  const temperature = sample.temperatureAge >= 0 && sample.temperatureAge <= SLOW_AGE_S;
  return force && temperature && (sample.status & TEMPERATURE_FAILED) === 0;
}

function hard(guard: Guard, limits: Limits, sample: Sample): number {
  const status = sample.status;
  const voltageSure = (status & (VOLTAGE_FAILED | VOLTAGE_REREAD)) === VOLTAGE_REREAD;
  const currentSure =
    (status & CURRENT_FAILED) === 0 && (status & (CURRENT_REREAD | CURRENT_CLIPPED)) !== 0;
  const voltageBad = voltageSure && Math.abs(sample.voltage) > limits.voltageHard;
  const currentBad = currentSure && Math.abs(sample.loopCurrent) > limits.currentHard;
  const fault = count(guard, FAULT_V_HARD, voltageBad);
  return fault !== 0 ? fault : count(guard, FAULT_I_HARD, currentBad);
}

// A voltage at the end of the converter's scale may be any: it counts as beyond the cell's limit.
function soft(guard: Guard, limits: Limits, sample: Sample): number {
  const clipped = (sample.status & VOLTAGE_CLIPPED) !== 0;
  const high = sample.voltage > (clipped ? 0 : limits.voltageMax);
  const low = sample.voltage < (clipped ? 0 : limits.voltageMin);
  let fault = count(guard, FAULT_V_HIGH, high);
  if (fault === 0) fault = count(guard, FAULT_V_LOW, low);
  if (fault === 0) {
    fault = count(guard, FAULT_T_HIGH, sample.temperature > limits.temperatureMax);
  }
  if (fault === 0) fault = count(guard, FAULT_T_LOW, sample.temperature < limits.temperatureMin);
  if (fault === 0) fault = count(guard, FAULT_F_HIGH, sample.force > limits.forceMax);
  if (fault === 0) fault = count(guard, FAULT_F_LOW, sample.force < limits.forceMin);
  return fault;
}

/** Fault code or 0. `periodS` is what the last command asked for; values of a failed slot are not
 *  judged. */
export function supervise(
  guard: Guard,
  limits: Limits,
  sample: Sample,
  previous: Sample,
  periodS: number,
): number {
  const elapsed = sample.timeVoltage - previous.timeVoltage;
  const stale =
    sample.sequence === previous.sequence || elapsed > Math.min(2 * periodS + LATE_S, LATE_MAX_S);
  if (count(guard, FAULT_STALE, stale || elapsed <= 0) !== 0) return FAULT_STALE;
  const fault = hard(guard, limits, sample);
  if (fault !== 0) return fault;
  const failed = (sample.status & FRAME_FAILED) !== 0 || !slowSensorsFresh(sample);
  if (countIncomplete(guard, failed) !== 0) return FAULT_BUS;
  return failed ? 0 : soft(guard, limits, sample);
}
