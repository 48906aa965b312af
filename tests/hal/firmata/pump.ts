// The hardware keep-alive: a charge pump on the heartbeat pin feeds the gate of the transistor in
// series with the output relay's coil. Each rising edge shares the coupling capacitor's charge with
// the reservoir, whose resistor empties it; a pin that stands still, high or low, feeds nothing.
import { advanceTo, driveOutput } from "../../../sim/advance.ts";
import { kickKeepAlive, switchOutput } from "../../../sim/operations.ts";
import type { World } from "../../../sim/world.ts";

export interface PumpParts {
  /** The pin's high level less two diodes, V. */
  driveV: number;
  /** Coupling capacitor over the sum of both. */
  share: number;
  /** Reservoir times its resistor, ms. */
  decayMs: number;
  /** Gate voltage below which the transistor lets go, V. */
  holdV: number;
}

/** The parts of docs/keep-alive.md: 10 µF into 10 µF with 82 kΩ, BAT85, BSS138. */
export const PUMP: PumpParts = { driveV: 4.4, share: 0.5, decayMs: 820, holdV: 1.2 };

export interface Pump {
  /** The heartbeat pin's level now. */
  level(high: boolean): void;
  /** The relay's command now. */
  command(toCell: boolean): void;
}

/** The keep-alive of `world`, empty; `nowMs` is the time of the chip that feeds it. */
export function createPump(world: World, nowMs: () => number, parts: PumpParts = PUMP): Pump {
  const keepAlive = world.keepAlive;
  keepAlive.alive = false;
  keepAlive.timeoutMs = 0;
  driveOutput(world);
  let gateV = 0;
  let seenMs = 0;
  let before = false;
  let commanded = false;
  const command = (toCell: boolean): void => {
    commanded = toCell;
    advanceTo(world, nowMs());
    if (keepAlive.relayWanted !== toCell) switchOutput(world, toCell);
  };
  const level = (high: boolean): void => {
    const rises = high && !before;
    before = high;
    if (!rises) return;
    advanceTo(world, nowMs());
    gateV *= Math.exp((seenMs - nowMs()) / parts.decayMs);
    seenMs = nowMs();
    gateV += (parts.driveV - gateV) * parts.share;
    if (gateV <= parts.holdV) return;
    keepAlive.timeoutMs = parts.decayMs * Math.log(gateV / parts.holdV);
    kickKeepAlive(world);
    // The coil's command is a pin, which an expiry does not change.
    if (keepAlive.relayWanted !== commanded) switchOutput(world, commanded);
  };
  return { level, command };
}
