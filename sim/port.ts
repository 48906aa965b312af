// The board's ports over a simulated world. Inline, like Espruino: a transaction blocks the CPU
// and its completion runs inside the call. Deferred, like Firmata: operations queue, each is
// carried out on the remote wire at its completion, which runs later.

import type { Clock, I2c, Relay, Watchdog } from "../hal/port.ts";
import { advanceTo } from "./advance.ts";
import { addCpuEvent, cancelCpuEvent, removeCpuEvent } from "./clock.ts";
import { carryOut, kickKeepAlive, startKeepAlive, switchOutput } from "./operations.ts";
import { enqueue, keepBytes, KICK, READ, RELAY, START, WRITE } from "./queue.ts";
import { answers, busMs, pointWire, readWire, writeWire } from "./wire.ts";
import type { World } from "./world.ts";

/** A timer's or a completion's function; events hold its number in the declared list. */
export type TaskFunction = (bytes: ArrayLike<number> | null) => void;

/** The ports, and the loop that runs what is due. */
export interface SimPort {
  readonly clock: Clock;
  readonly i2c: I2c;
  readonly relay: Relay;
  readonly watchdog: Watchdog;
  /** Names all functions that timers and reads will be given; once, in the same order in every
   *  rig, so that a forked world's events find theirs. */
  declare(tasks: readonly TaskFunction[]): void;
  /** Both throw a RangeError on what was not declared. */
  taskOf(id: number): TaskFunction;
  idOf(task: TaskFunction): number;
  /** Runs the next CPU event at its time, or late if the CPU was busy; false = there is none. */
  step(): boolean;
  /** Runs all CPU events due until `timeMs` of virtual time and lets the time get there. */
  runUntil(timeMs: number): void;
}

/** The CPU event that completes the oldest queued operation. */
const QUEUE_TASK = -1;

interface Registry {
  readonly tasks: TaskFunction[];
  readonly ids: Map<TaskFunction, number>;
}

/** Ports over `world`. The world keeps all state: ports over a copy go on where it stands. */
export function createPort(world: World, mode: "inline" | "deferred"): SimPort {
  const registry: Registry = { tasks: [], ids: new Map() };
  const buffers: Uint8Array[] = [];
  const inline = mode === "inline";
  return {
    clock: createPortClock(world, registry),
    i2c: inline ? inlineBus(world, registry, buffers) : deferredBus(world, registry),
    relay: {
      write: (toCell) => {
        if (inline) switchOutput(world, toCell);
        else {
          enqueue(world.queue, RELAY, toCell ? 1 : 0);
          complete(world);
        }
      },
    },
    watchdog: inline ? inlineWatchdog(world) : deferredWatchdog(world),
    declare: (tasks) => declare(registry, tasks),
    taskOf: (id) => taskOf(registry, id),
    idOf: (task) => idOf(registry, task),
    step: () => step(world, registry, buffers),
    runUntil: (timeMs) => {
      const clock = world.clock;
      while (clock.cpuCount > 0 && clock.cpuMs[0] <= timeMs) step(world, registry, buffers);
      advanceTo(world, timeMs);
    },
  };
}

function declare(registry: Registry, tasks: readonly TaskFunction[]): void {
  for (const task of tasks) {
    if (registry.ids.has(task)) throw new RangeError("port: a task is declared twice");
    registry.ids.set(task, registry.tasks.length);
    registry.tasks.push(task);
  }
}

function taskOf(registry: Registry, id: number): TaskFunction {
  const task = registry.tasks[id] as TaskFunction | undefined;
  if (task === undefined) throw new RangeError("port: no task declared with id " + id);
  return task;
}

function idOf(registry: Registry, task: TaskFunction): number {
  const id = registry.ids.get(task);
  if (id === undefined) throw new RangeError("port: undeclared task " + task.name);
  return id;
}

function createPortClock(world: World, registry: Registry): Clock {
  const clock = world.clock;
  return {
    now: () => clock.nowMs - clock.bootMs,
    wall: () => (clock.wallAtZeroS > 0 ? clock.wallAtZeroS + clock.nowMs / 1000 : 0),
    after: (delayMs, run) =>
      addCpuEvent(clock, clock.nowMs + Math.max(delayMs, 0), idOf(registry, run)),
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

/** A buffer of exactly `count` bytes, made once for each length. */
function bufferOf(buffers: Uint8Array[], count: number): Uint8Array {
  while (buffers.length <= count) buffers.push(new Uint8Array(buffers.length));
  return buffers[count];
}

function inlineBus(world: World, registry: Registry, buffers: Uint8Array[]): I2c {
  const clock = world.clock;
  return {
    write: (address, bytes) => {
      const sent = answers(address) ? bytes.length + 1 : 1;
      advanceTo(world, clock.nowMs + busMs(sent, 2));
      return writeWire(world, address, bytes);
    },
    read: (address, register, count, done) => {
      idOf(registry, done);
      advanceTo(world, clock.nowMs + (register < 0 ? busMs(1, 1) : busMs(3, 2)));
      if (!pointWire(world, address, register)) {
        done(null);
        return;
      }
      const into = bufferOf(buffers, count);
      readWire(world, address, into, count);
      advanceTo(world, clock.nowMs + busMs(count, 1));
      done(into);
    },
  };
}

function inlineWatchdog(world: World): Watchdog {
  return {
    start: (timeoutMs) => startKeepAlive(world, timeoutMs),
    kick: () => kickKeepAlive(world),
  };
}

/** Gives the operation queued last its completion time. */
function complete(world: World): void {
  const queue = world.queue;
  queue.lastMs = Math.max(queue.lastMs, world.clock.nowMs) + queue.latencyMs;
  addCpuEvent(world.clock, queue.lastMs, QUEUE_TASK);
}

function deferredBus(world: World, registry: Registry): I2c {
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

function deferredWatchdog(world: World): Watchdog {
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

function completeOldest(world: World, registry: Registry, buffers: Uint8Array[]): void {
  const queue = world.queue;
  const id = queue.done[queue.head];
  const into = bufferOf(buffers, queue.kind[queue.head] === READ ? queue.length[queue.head] : 0);
  const ok = carryOut(world, into);
  if (id >= 0) taskOf(registry, id)(ok ? into : null);
}
