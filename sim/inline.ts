// The inline port: a transaction takes its bus time from the CPU, and its completion runs inside
// the call, as on Espruino.

import type { I2c, Relay, Watchdog } from "../hal/port.ts";
import { advanceTo } from "./advance.ts";
import { pointBus, readBus, writeBus } from "./bus.ts";
import { kickKeepAlive, startKeepAlive, switchOutput } from "./operations.ts";
import { idOf } from "./tasks.ts";
import type { Registry } from "./tasks.ts";
import { answers, bufferOf, busMs } from "./wire.ts";
import type { World } from "./world.ts";

/** The bus; a read's completion must have been declared. */
export function inlineBus(world: World, registry: Registry, buffers: Uint8Array[]): I2c {
  const clock = world.clock;
  return {
    write: (address, bytes) => {
      const sent = answers(world, address) ? bytes.length + 1 : 1;
      advanceTo(world, clock.nowMs + busMs(sent, 2));
      return writeBus(world, address, bytes, true);
    },
    read: (address, register, count, done) => {
      idOf(registry, done);
      const pointing = register < 0 ? busMs(1, 1) : busMs(3, 2);
      advanceTo(world, clock.nowMs + (answers(world, address) ? pointing : busMs(1, 2)));
      if (!pointBus(world, address, register, count, true)) {
        done(null);
        return;
      }
      const into = bufferOf(buffers, count);
      readBus(world, address, into, count);
      advanceTo(world, clock.nowMs + busMs(count, 1));
      done(into);
    },
  };
}

export function inlineRelay(world: World): Relay {
  return { write: (toCell) => switchOutput(world, toCell) };
}

export function inlineWatchdog(world: World): Watchdog {
  return {
    start: (timeoutMs) => startKeepAlive(world, timeoutMs),
    kick: () => kickKeepAlive(world),
  };
}
