// The processor's reset as seen by whoever runs the board: what it was doing ends, and its
// firmware starts some time later.

import { advanceTo } from "./advance.ts";
import { armFaults } from "./fault-clock.ts";
import { McuReset } from "./fault-state.ts";
import type { World } from "./world.ts";

/** Runs `work`. False = the processor was reset during it or before, and waits for its firmware. */
export function survive(world: World, work: () => void): boolean {
  if (world.faults.resetPending) return false;
  try {
    work();
    return true;
  } catch (error) {
    if (error instanceof McuReset) return false;
    throw error;
  }
}

/** Lets the time reach the firmware's start, whatever else resets the processor before, and starts
 *  the board's clock. The time may pass that of the run under way. */
export function reboot(world: World): void {
  const { clock, faults } = world;
  while (clock.nowMs < faults.bootMs) {
    faults.resetPending = false;
    survive(world, () => advanceTo(world, faults.bootMs));
  }
  faults.resetPending = false;
  clock.bootMs = clock.nowMs;
  armFaults(clock, faults, world.oracle !== null);
}
