// What the oracle is told, and what follows from the telling: a program that ends needs a reason
// soon, and the charge that is claimed has to be that which flowed.

import { note, TOLD, violate } from "./oracle-events.ts";
import type { Oracle, Statement } from "./oracle-state.ts";
import type { World } from "./world.ts";

/** What a resumed run claims may lack the charge of so much time, s: one checkpoint's. */
const UNTOLD_S = 1.5;
/** A change of current may be accounted for this much too early or late, s. */
const CHANGE_S = 0.05;
/** Frames the account may lag behind the present. */
const LAG_FRAMES = 2.2;
const MS_PER_S = 1000;

/** States what is in force from now on. Call it whenever that may have changed, no later than it
 *  takes effect. */
export function tell(world: World, oracle: Oracle, next: Statement): void {
  const nowMs = world.clock.nowMs;
  const told = oracle.told;
  if (told.running && !next.running && next.reasons === told.reasons) {
    oracle.fellMs = nowMs;
    oracle.fellReasons = told.reasons;
  }
  if (next.running && !told.running) startSums(oracle, next, nowMs);
  if (next.reasons !== told.reasons) oracle.fellMs = Infinity;
  if (next.mayFlow !== told.mayFlow) note(oracle, nowMs, TOLD, next.mayFlow ? 1 : 0, next.reasons);
  allowForChange(oracle, next);
  if (told.mayFlow && !next.mayFlow) oracle.refusedMs = nowMs;
  if (told.provingA === 0 && next.provingA !== 0) oracle.provedMs = nowMs;
  compareCharge(oracle, next, nowMs);
  Object.assign(told, next);
  oracle.peakA = Math.abs(oracle.currentA);
}

/** A run begins with no charge, or after a reset with that of its last checkpoint. */
function startSums(oracle: Oracle, next: Statement, nowMs: number): void {
  const resumed = next.chargeInC + next.chargeOutC > 0;
  const lostIn = Math.abs(oracle.chargeInC - next.chargeInC);
  const lostOut = Math.abs(oracle.chargeOutC - next.chargeOutC);
  const through = oracle.chargeInC + oracle.chargeOutC;
  const lagS = UNTOLD_S + (LAG_FRAMES * oracle.bounds.periodMs) / MS_PER_S;
  const budgetC = oracle.bounds.chargeShare * through + oracle.slackC + oracle.runPeakA * lagS;
  if (resumed && lostIn + lostOut > budgetC) {
    violate(oracle, nowMs, "charge-forgotten", lostIn + lostOut);
  }
  oracle.chargeInC = next.chargeInC;
  oracle.chargeOutC = next.chargeOutC;
  oracle.slackC = 0;
  if (!resumed) oracle.runPeakA = 0;
}

/** A change of set-point has its own error; with the last frame before a stop, its charge. */
function allowForChange(oracle: Oracle, next: Statement): void {
  const told = oracle.told;
  if (next.currentMinA === told.currentMinA && next.currentMaxA === told.currentMaxA) return;
  const stopping = told.mayFlow && !next.mayFlow;
  const seconds = CHANGE_S + (stopping ? (2 * oracle.bounds.periodMs) / MS_PER_S : 0);
  const largest = Math.max(Math.abs(next.currentMinA), Math.abs(next.currentMaxA), oracle.peakA);
  oracle.slackC += largest * seconds;
}

/** An account may be wrong for as long as a current may be before somebody has to notice. */
function compareCharge(oracle: Oracle, next: Statement, nowMs: number): void {
  const through = oracle.chargeInC + oracle.chargeOutC;
  const lagC = (oracle.peakA * LAG_FRAMES * oracle.bounds.periodMs) / MS_PER_S;
  const budgetC = oracle.bounds.chargeShare * through + oracle.slackC + lagC;
  const errorC = Math.max(
    Math.abs(next.chargeInC - oracle.chargeInC),
    Math.abs(next.chargeOutC - oracle.chargeOutC),
  );
  if (!next.running || errorC <= budgetC) oracle.chargeWrongMs = Infinity;
  else if (oracle.chargeWrongMs === Infinity) oracle.chargeWrongMs = nowMs;
  else if (nowMs - oracle.chargeWrongMs > oracle.bounds.followMs) {
    violate(oracle, nowMs, "charge-account", errorC);
  }
}
