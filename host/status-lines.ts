// A board's answer to `status`, for people.
import { amperes, counted, testTime } from "./quantity.ts";
import { faultLine } from "./refusal.ts";

/** Phases by number, see firmware/schedule.ts. */
export const PHASE_WORDS = ["idle", "starting", "between two steps", "running", "held"] as const;
const HELD = PHASE_WORDS.indexOf("held");
/** How many numbers a status has at least; a newer firmware says more. */
export const STATUS_VALUES = 12;

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0");
}

/** The fault in a status, 0 = none. */
export function statusFault(values: readonly number[]): number {
  return values[1];
}

/** Whether a status says that a run is on. */
export function isRunOn(values: readonly number[]): boolean {
  return values[0] !== 0;
}

/** What a run does that was under way when the board lost its power. */
function outageLine(phase: number, waitS: number): string {
  const lost = "the board lost its power in this run";
  if (phase !== HELD) return `${lost}; it goes on`;
  return waitS < 0 ? `${lost}; resume it or stop it` : `${lost}; it goes on in ${waitS} s`;
}

/** A status in a few lines; `values` as the board sent them, STATUS_VALUES of them. */
export function statusLines(values: readonly number[]): string[] {
  const [phase, fault, step, stepCount, cycle, timeMs] = values;
  const [setpointPa, relay, steps, hash, , bundle, outage = 0, waitS = -1] = values.slice(6);
  const name = PHASE_WORDS[phase] ?? `phase ${phase}`;
  const on = isRunOn(values);
  const where = on ? `, step ${step + 1} of the program, ${stepCount} done, cycle ${cycle}` : "";
  const program = steps > 0 ? `${counted(steps - 1)}, hash ${hex(hash)}…` : "none";
  return [
    `phase      ${name}${where}`,
    ...(on && outage > 0 ? [`outage     ${outageLine(phase, waitS)}`] : []),
    ...(on ? [`time       ${testTime(timeMs / 1000)}`] : []),
    `output     ${relay === 1 ? `at the cell, set to ${amperes(setpointPa * 1e-12)}` : "off"}`,
    `program    ${program}`,
    `fault      ${fault === 0 ? "none" : faultLine(fault)}`,
    `firmware   ${bundle === 0 ? "check sum unknown" : `check sum ${hex(bundle)}`}`,
  ];
}
