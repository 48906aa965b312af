// A host, an Uno and a simulated channel on one virtual clock: the processor's cycles make the
// time, bytes and the host's timers take place at theirs.
import { advanceTo } from "../../../sim/advance.ts";
import type { Clock } from "../../../hal/port.ts";
import type { World } from "../../../sim/world.ts";
import { createAgenda } from "./agenda.ts";
import type { Cable, Converter } from "./cable.ts";
import { CONVERTERS, plugCable } from "./cable.ts";
import type { Uno, UnoOptions } from "./uno.ts";
import { BOOTLOADER_MS, createUno } from "./uno.ts";

/** Virtual time of 2026-01-01T00:00:00Z, s: as in the world. */
const EPOCH_S = 1_767_225_600;
/** Virtual ms between two turns of Node's own event loop. */
const SLICE_MS = 5;
/** Less than a cycle: what a time may lose on its way through cycles. */
const ROUNDING_MS = 1e-6;

export interface Lab {
  readonly uno: Uno;
  readonly world: World;
  now(): number;
  /** The clock and timers of a host that begins now, in virtual time: its own start counts as 0. */
  beginHost(): Clock;
  /** Opens the port, which resets the Uno by DTR unless this is power-on. */
  plug(converter?: Converter): Cable;
  /** The host dies: nothing that it has arranged or that is on its way to it takes place. */
  killHost(): void;
  /** Carries `look` out every `ms` from now on, whatever becomes of the host. */
  watch(ms: number, look: () => void): void;
  /** Runs all that is due until `timeMs`. */
  run(timeMs: number): void;
  /** The same for `ms` more, with turns of Node's event loop between; ends early when `done`. */
  settle(ms: number, done?: () => boolean): Promise<boolean>;
}

/** A lab at power-on. */
export function createLab(options: UnoOptions): Lab {
  const uno = createUno(options);
  const { world } = options;
  const agenda = createAgenda((timeMs) => uno.stopBy(timeMs));
  let host = {};
  let cable: Cable | null = null;
  const run = (timeMs: number): void => {
    while (agenda.nextMs <= timeMs || uno.now() + ROUNDING_MS < timeMs) {
      uno.run(Math.min(agenda.nextMs, timeMs));
      if (agenda.nextMs <= Math.min(uno.now() + ROUNDING_MS, timeMs)) agenda.take();
    }
    advanceTo(world, uno.now());
  };
  return {
    uno,
    world,
    run,
    now: uno.now,
    beginHost: () => {
      const zeroMs = uno.now();
      return {
        now: () => uno.now() - zeroMs,
        wall: () => EPOCH_S + uno.now() / 1000,
        after: (delayMs, due) => agenda.at(uno.now() + Math.max(delayMs, 0), host, due),
        cancel: agenda.cancel,
      };
    },
    plug: (converter = CONVERTERS.uno) => {
      if (uno.now() > 0) uno.reset(BOOTLOADER_MS);
      cable = plugCable(uno, agenda, converter);
      return cable;
    },
    watch: (ms, look) => {
      const observer = {};
      const again = (): void => {
        look();
        agenda.at(uno.now() + ms, observer, again);
      };
      agenda.at(uno.now() + ms, observer, again);
    },
    killHost: () => {
      agenda.forget(host);
      host = {};
      if (cable !== null) agenda.forget(cable.transport);
      cable?.pull(false);
    },
    settle: async (ms, done = () => false) => {
      const endMs = uno.now() + ms;
      while (uno.now() < endMs && !done()) {
        run(Math.min(uno.now() + SLICE_MS, endMs));
        await new Promise((resolve) => setImmediate(resolve));
      }
      return done();
    },
  };
}
