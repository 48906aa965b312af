// Faults for a world that is already under way: what a copied world meets from here on.

import type { FaultPlan } from "./fault.ts";
import { checkPlan } from "./fault-check.ts";
import { armFaults } from "./fault-clock.ts";
import { createFaults } from "./fault-state.ts";
import type { World } from "./world.ts";

/** Adds `plan` to what is still to come; moments that have passed strike at once. Throws a
 *  RangeError that names the entry which is none. */
export function plant(world: World, plan: FaultPlan): void {
  const { clock, faults, oracle } = world;
  for (const progress of createFaults(checkPlan(plan)).entries) faults.entries.push(progress);
  armFaults(clock, faults, oracle !== null);
}
