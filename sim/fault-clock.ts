// When faults are due: the next moment at which one begins or ends, and from which transaction on
// the wire has to be looked at.

import { FAULT_DUE, scheduleHardware } from "./clock.ts";
import type { ClockState } from "./clock.ts";
import { FAULTS } from "./fault.ts";
import { ACTING, WAITING } from "./fault-state.ts";
import type { FaultProgress, Faults } from "./fault-state.ts";

const MS_PER_S = 1000;

/** When an entry next changes by itself, ms; Infinity = it does not. */
function dueMs(progress: FaultProgress): number {
  const at = progress.entry.at;
  if (progress.stage === WAITING && "timeS" in at) return at.timeS * MS_PER_S;
  return progress.stage === ACTING ? progress.endMs : Infinity;
}

/** The transaction from which an entry has to be asked. */
function dueTransaction(progress: FaultProgress): number {
  const at = progress.entry.at;
  if (progress.stage === WAITING && "transaction" in at) return at.transaction;
  const hits = progress.stage === ACTING && FAULTS[progress.entry.kind].wire;
  return hits ? 0 : Infinity;
}

/** Sets the next fault event and the first transaction that matters; with an oracle all do. */
export function armFaults(clock: ClockState, faults: Faults, watched: boolean): void {
  let nextMs = Infinity;
  let transaction = Infinity;
  for (let i = 0; i < faults.entries.length; i++) {
    nextMs = Math.min(nextMs, dueMs(faults.entries[i]));
    transaction = Math.min(transaction, dueTransaction(faults.entries[i]));
  }
  const busy = faults.sdaLow || faults.heldUntilMs > clock.nowMs;
  faults.strikesFrom = busy ? 0 : transaction;
  faults.fromTransaction = watched ? 0 : faults.strikesFrom;
  scheduleHardware(clock, FAULT_DUE, Math.max(nextMs, clock.nowMs));
}
