// Fault codes of the channel in the words of files and messages.
import * as fault from "../firmware/fault.ts";

const FAULTS: Readonly<Record<number, readonly [name: string, meaning: string]>> = {
  [fault.FAULT_V_HARD]: ["V_HARD", "voltage beyond what the hardware is made for"],
  [fault.FAULT_I_HARD]: ["I_HARD", "current beyond what the hardware is made for"],
  [fault.FAULT_V_HIGH]: ["V_HIGH", "voltage above the cell's window"],
  [fault.FAULT_V_LOW]: ["V_LOW", "voltage below the cell's window"],
  [fault.FAULT_T_HIGH]: ["T_HIGH", "cell too warm"],
  [fault.FAULT_T_LOW]: ["T_LOW", "cell too cold"],
  [fault.FAULT_F_HIGH]: ["F_HIGH", "clamp force too high"],
  [fault.FAULT_F_LOW]: ["F_LOW", "clamp force too low"],
  [fault.FAULT_STALE]: ["STALE", "a measurement came late or twice"],
  [fault.FAULT_BUS]: ["BUS", "a chip did not answer"],
  [fault.FAULT_FOLLOW]: ["FOLLOW", "the measured current does not follow its set-point"],
  [fault.FAULT_READBACK]: ["READBACK", "a chip holds something else than was written"],
  [fault.FAULT_LEAK]: ["LEAK", "current flows although none is set"],
  [fault.FAULT_TIME_MAX]: ["TIME_MAX", "a step outlived its time budget"],
  [fault.FAULT_EXCEPTION]: ["EXCEPTION", "the firmware failed"],
  [fault.FAULT_FLOW]: ["FLOW", "the firmware left out a stage"],
  [fault.FAULT_CONFIG]: ["CONFIG", "the configuration in memory is missing or damaged"],
  [fault.FAULT_PROTOCOL]: ["PROTOCOL", "the protocol in memory is missing or damaged"],
  [fault.FAULT_JOURNAL]: ["JOURNAL", "the run's journal in memory cannot be written"],
  [fault.FAULT_BOOT_LOOP]: ["BOOT_LOOP", "the board has started again and again"],
  [fault.FAULT_OTHER_CELL]: ["OTHER_CELL", "after the outage the cell is not as the run left it"],
  [fault.FAULT_SIGN]: ["SIGN", "the current flows against its set-point"],
  [fault.FAULT_OPEN_CELL]: ["OPEN_CELL", "no current flows although one is set"],
  [fault.FAULT_CLOCK]: ["CLOCK", "the board's clock and a second one disagree"],
  [fault.FAULT_FROZEN]: ["FROZEN", "the converter repeats its last reading"],
  [fault.FAULT_T_RATE]: ["T_RATE", "the cell warms up too fast"],
  [fault.FAULT_IMPLAUSIBLE]: ["IMPLAUSIBLE", "a reading that cannot be"],
  [fault.FAULT_WELD]: ["WELD", "at start-up: a current for the dummy does not go there alone"],
  [fault.FAULT_RANGES]: [
    "RANGES",
    "at start-up, or newly switched to: a range sees the dummy as it is not",
  ],
  [fault.FAULT_CONTACT]: ["CONTACT", "the cell's voltage does not answer to its current"],
};

/** What the host itself finds: the channel ended without a verdict. */
export const NO_VERDICT = "NO_VERDICT";
/** What the host itself finds: the channel runs another program than the one it was given. */
export const WRONG_PROTOCOL = "WRONG_PROTOCOL";
/** What the host itself finds: the channel did not take the start. */
export const REFUSED = "REFUSED";

/** Name of a channel's fault code. */
export function faultName(code: number): string {
  return FAULTS[code]?.[0] ?? `CODE_${code}`;
}

/** What a fault's name means, in plain words. */
export function faultMeaning(name: string): string {
  if (name === NO_VERDICT) return "the channel fell silent before its verdict";
  if (name === WRONG_PROTOCOL) return "the channel runs another protocol than the one asked for";
  if (name === REFUSED) return "the channel refused to start";
  return Object.values(FAULTS).find(([known]) => known === name)?.[1] ?? "unknown fault";
}
