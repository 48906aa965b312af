// The board's ports over a simulated world. Inline, like Espruino: a transaction blocks the CPU
// and its completion runs inside the call. Deferred, like Firmata: operations queue, each is
// carried out on the remote wire at its completion, which runs later.

import type { Spi, TwoWire } from "../hal/bus.ts";
import type { Clock, I2c, Relay, Watchdog } from "../hal/port.ts";
import { advanceTo } from "./advance.ts";
import { addCpuEvent, cancelCpuEvent, removeCpuEvent } from "./clock.ts";
import { completeOldest, deferredBus, deferredRelay, deferredWatchdog } from "./deferred.ts";
import { QUEUE_TASK } from "./deferred.ts";
import { inlineBus, inlineRelay, inlineWatchdog } from "./inline.ts";
import { inlineSpi, inlineTwoWire, noSpi, noTwoWire } from "./pins.ts";
import { reboot, survive } from "./reset.ts";
import { createRegistry, declare, forget, idOf, taskOf } from "./tasks.ts";
import type { Registry, TaskFunction } from "./tasks.ts";
import type { World } from "./world.ts";

export type { TaskFunction } from "./tasks.ts";

/** The ports, and the loop that runs what is due. */
export interface SimPort {
  readonly clock: Clock;
  readonly i2c: I2c;
  readonly relay: Relay;
  readonly watchdog: Watchdog;
  /** The log's flash and a bit-banged load cell; on a deferred port their use throws. */
  readonly spi: Spi;
  readonly twoWire: TwoWire;
  /** Names all functions that timers and reads will be given; once, in the same order in every
   *  rig, so that a forked world's events find theirs. */
  declare(tasks: readonly TaskFunction[]): void;
  /** Both throw a RangeError on what was not declared. */
  taskOf(id: number): TaskFunction;
  idOf(task: TaskFunction): number;
  /** Runs the next CPU event at its time, or late if the CPU was busy; false = there is none. */
  step(): boolean;
  /** Runs all CPU events due until `timeMs` of virtual time and lets the time get there. False =
   *  the processor has been reset on the way and is ready to boot: `restart`, then go on. */
  runUntil(timeMs: number): boolean;
  /** Forgets all declared tasks, lets a reset processor's clock begin anew. */
  restart(): void;
}

/** Ports over `world`. The world keeps all state: ports over a copy go on where it stands. */
export function createPort(world: World, mode: "inline" | "deferred"): SimPort {
  const registry = createRegistry();
  const buffers: Uint8Array[] = [];
  const inline = mode === "inline";
  return {
    clock: createPortClock(world, registry),
    i2c: inline ? inlineBus(world, registry, buffers) : deferredBus(world, registry),
    relay: inline ? inlineRelay(world) : deferredRelay(world),
    watchdog: inline ? inlineWatchdog(world) : deferredWatchdog(world),
    spi: inline ? inlineSpi(world) : noSpi(),
    twoWire: inline ? inlineTwoWire(world) : noTwoWire(),
    declare: (tasks) => declare(registry, tasks),
    taskOf: (id) => taskOf(registry, id),
    idOf: (task) => idOf(registry, task),
    step: () => step(world, registry, buffers),
    runUntil: (timeMs) => {
      const clock = world.clock;
      return survive(world, () => {
        while (clock.cpuCount > 0 && clock.cpuMs[0] <= timeMs) step(world, registry, buffers);
        advanceTo(world, timeMs);
      });
    },
    restart: () => {
      forget(registry);
      reboot(world);
    },
  };
}

function createPortClock(world: World, registry: Registry): Clock {
  const clock = world.clock;
  return {
    now: () => (clock.nowMs - clock.bootMs) * clock.rate,
    wall: () => (clock.wallAtZeroS > 0 ? clock.wallAtZeroS + clock.nowMs / 1000 : 0),
    after: (delayMs, run) =>
      addCpuEvent(clock, clock.nowMs + Math.max(delayMs, 0) / clock.rate, idOf(registry, run)),
    cancel: (timer) => cancelCpuEvent(clock, timer),
  };
}

function step(world: World, registry: Registry, buffers: Uint8Array[]): boolean {
  const clock = world.clock;
  if (clock.cpuCount === 0) return false;
  const id = clock.cpuTask[0];
  const dueMs = clock.cpuMs[0];
  removeCpuEvent(clock, 0);
  advanceTo(world, dueMs);
  if (id === QUEUE_TASK) completeOldest(world, registry, buffers);
  else taskOf(registry, id)(null);
  return true;
}
