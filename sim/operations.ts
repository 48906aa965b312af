// What a board does to its world apart from time: relay, keep-alive, and queued operations.

import { driveOutput } from "./advance.ts";
import { pointBus, readBus, writeBus } from "./bus.ts";
import { KEEP_ALIVE_EXPIRES, scheduleHardware } from "./clock.ts";
import { dequeue, KICK, READ, RELAY, WRITE } from "./queue.ts";
import type { World } from "./world.ts";

/** Commands the output relay; a keep-alive that has expired holds it at rest. */
export function switchOutput(world: World, toCell: boolean): void {
  world.keepAlive.relayWanted = toCell;
  driveOutput(world);
}

/** Arms the keep-alive: without a kick within `timeoutMs` the output relay falls to rest. */
export function startKeepAlive(world: World, timeoutMs: number): void {
  world.keepAlive.timeoutMs = timeoutMs;
  rearm(world);
}

/** A sign of life. After an expiry it revives the keep-alive, not the relay's command. */
export function kickKeepAlive(world: World): void {
  world.keepAlive.kicks++;
  world.keepAlive.kickedMs = world.clock.nowMs;
  if (world.keepAlive.timeoutMs !== Infinity) rearm(world);
}

function rearm(world: World): void {
  world.keepAlive.alive = true;
  const dueMs = world.clock.nowMs + world.keepAlive.timeoutMs;
  scheduleHardware(world.clock, KEEP_ALIVE_EXPIRES, dueMs);
  driveOutput(world);
}

/** Carries out the oldest queued operation now; a read fills `into`. False = not acknowledged. */
export function carryOut(world: World, into: Uint8Array): boolean {
  const queue = world.queue;
  const slot = dequeue(queue);
  const kind = queue.kind[slot];
  const address = queue.address[slot];
  if (kind === WRITE) return writeBus(world, address, queue.bytes[slot], false);
  if (kind === READ) {
    const count = queue.length[slot];
    if (!pointBus(world, address, queue.register[slot], count, false)) return false;
    readBus(world, address, into, count);
  } else if (kind === RELAY) switchOutput(world, address === 1);
  else if (kind === KICK) kickKeepAlive(world);
  else startKeepAlive(world, queue.timeoutMs[slot]);
  return true;
}
