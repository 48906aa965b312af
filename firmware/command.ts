// What the core asks of the board, before anything has been asked.
import type { Command } from "../hal/port.ts";

/** The command that is always safe. */
export function createCommand(codeMid: number, periodMs: number): Command {
  return {
    relay: 0,
    code: codeMid,
    range: 0,
    voltageGain: 0,
    currentGain: 0,
    guardMin: -Infinity,
    guardMax: Infinity,
    guardShort: 0,
    guardCurrent: Infinity,
    periodMs,
    record: 0,
    doubt: 0,
    stepWanted: -1,
    burst: 0,
    burstUs: 0,
  };
}
