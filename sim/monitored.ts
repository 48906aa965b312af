// What the switch before the voltage input (monitor.ts) shows the converter at this instant.

import { LOAD_CELL, LOAD_DUMMY } from "./frontend.ts";
import type { Frontend } from "./frontend.ts";
import { sensedV } from "./leads.ts";
import { SHOWS_DUMMY } from "./monitor.ts";
import type { World } from "./world.ts";

/** The amplifier's output against common, V: at the dummy, at the far ends of the cell's leads, or
 *  at its rail. */
function outputV(world: World, f: Frontend): number {
  const { voltageV, currentA } = world.cell;
  if (f.load === LOAD_DUMMY) return f.dummyV;
  return f.load === LOAD_CELL ? voltageV + currentA * f.leads.ohm : f.rail * f.complianceV;
}

/** What the voltage input is shown, V before its divider of 0.4. */
export function monitoredV(world: World): number {
  const f = world.frontend;
  const { voltageV, currentA } = world.cell;
  if (f.monitor.shown === SHOWS_DUMMY) return outputV(world, f) * (1 + f.monitor.dividerError);
  return sensedV(f.leads, voltageV, currentA, world.clock.nowMs);
}
