// What the cell or the dummy gets when the loop closes again: with the loop open the amplifier
// integrates its error towards a rail, and gives that back within its recovery time.

import { positiveInput } from "./chip/ads1115.ts";
import { LOAD_CELL, LOAD_OPEN } from "./frontend.ts";
import type { World } from "./world.ts";

/** Integration time of the compensated amplifier, ms (assumed, as for 16 kHz of bandwidth). */
const RECOVERY_MS = 0.01;
const CURRENT_INPUT = 1;
const MS_PER_S = 1000;

/** The loop has just gone from `before` to another load. Its recovery is shorter than anything that
 *  is looked at, so what it carries arrives at once: as charge in the cell, as area under a
 *  conversion of the current. */
export function recover(world: World, before: number): void {
  const frontend = world.frontend;
  const nowMs = world.clock.nowMs;
  if (frontend.load === LOAD_OPEN) frontend.openedMs = nowMs;
  if (before !== LOAD_OPEN || frontend.load === LOAD_OPEN) return;
  const limitV = frontend.complianceV;
  const setV = frontend.targetA * frontend.shuntOhm;
  const overshot = (setV * (nowMs - frontend.openedMs)) / RECOVERY_MS;
  const kickV = Math.min(Math.max(overshot, -limitV), limitV);
  const onCell = frontend.load === LOAD_CELL;
  const cell = world.cell;
  const loadOhm = onCell ? cell.bulkOhmCm2 / cell.areaCm2 : frontend.dummyOhm;
  const kickA = kickV / (frontend.shuntOhm + frontend.leads.ohm + loadOhm);
  if (onCell) cell.charge += (kickA * MS_PER_S * (RECOVERY_MS / MS_PER_S)) / cell.areaCm2;
  const adc = world.adc;
  const seen = adc.converting === 1 && positiveInput(adc) === CURRENT_INPUT;
  if (seen) adc.integral += kickA * frontend.shuntOhm * RECOVERY_MS;
}
