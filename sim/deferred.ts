// The deferred port: operations queue, and each reaches the remote wire at its completion, as with
// Firmata. Relay and keep-alive wait in the same queue.

import type { I2c, Relay, Watchdog } from "../hal/port.ts";
import { stalled } from "./bus.ts";
import { addCpuEvent } from "./clock.ts";
import { carryOut } from "./operations.ts";
import { enqueue, keepBytes, KICK, READ, RELAY, START, WRITE } from "./queue.ts";
import { idOf, taskOf } from "./tasks.ts";
import type { Registry } from "./tasks.ts";
import { bufferOf } from "./wire.ts";
import type { World } from "./world.ts";

/** The CPU event that completes the oldest queued operation. */
export const QUEUE_TASK = -1;

/** Gives the operation queued last its completion time. */
function complete(world: World): void {
  const queue = world.queue;
  queue.lastMs = Math.max(queue.lastMs, world.clock.nowMs) + queue.latencyMs;
  addCpuEvent(world.clock, queue.lastMs, QUEUE_TASK);
}

/** The bus; a read's completion must have been declared. */
export function deferredBus(world: World, registry: Registry): I2c {
  const queue = world.queue;
  return {
    write: (address, bytes) => {
      const slot = enqueue(queue, WRITE, address);
      keepBytes(queue, slot, bytes);
      complete(world);
      return true;
    },
    read: (address, register, count, done) => {
      const id = idOf(registry, done);
      const slot = enqueue(queue, READ, address);
      queue.register[slot] = register;
      queue.length[slot] = count;
      queue.done[slot] = id;
      complete(world);
    },
  };
}

export function deferredRelay(world: World): Relay {
  return {
    write: (toCell) => {
      enqueue(world.queue, RELAY, toCell ? 1 : 0);
      complete(world);
    },
  };
}

export function deferredWatchdog(world: World): Watchdog {
  const queue = world.queue;
  return {
    start: (timeoutMs) => {
      const slot = enqueue(queue, START, 0);
      queue.timeoutMs[slot] = timeoutMs;
      complete(world);
    },
    kick: () => {
      enqueue(queue, KICK, 0);
      complete(world);
    },
  };
}

/** The completion of the oldest operation: carries it out, then calls its task, unless the answer
 *  was lost. */
export function completeOldest(world: World, registry: Registry, buffers: Uint8Array[]): void {
  const queue = world.queue;
  if (stalled(world)) {
    addCpuEvent(world.clock, world.faults.heldUntilMs, QUEUE_TASK);
    return;
  }
  const id = queue.done[queue.head];
  const into = bufferOf(buffers, queue.kind[queue.head] === READ ? queue.length[queue.head] : 0);
  const ok = carryOut(world, into);
  const lost = world.faults.silent;
  world.faults.silent = false;
  if (id >= 0 && !lost) taskOf(registry, id)(ok ? into : null);
}
