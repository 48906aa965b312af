// A processor that stands still in the middle of its work: time and the hardware go on, the
// firmware does not.
import type { SimulatedChannel } from "../../boards/simulated.ts";
import { advanceTo, observe } from "../../sim/advance.ts";

/** Time between two looks at the cell, ms. */
const LOOK_MS = 10;
/** 1 % of full scale across the sense resistor: less counts as no current. */
const NO_CURRENT_V = 0.01;

/** What was seen while it stood. */
export interface Hang {
  /** Whether it has begun, and how long current flowed from then on, ms. */
  begun: boolean;
  liveMs: number;
}

function flows({ world }: SimulatedChannel): boolean {
  observe(world);
  return Math.abs(world.cell.currentA) * world.frontend.shuntOhm > NO_CURRENT_V;
}

/** Stands for `forMs` of virtual time. */
function stand(channel: SimulatedChannel, hang: Hang, forMs: number): void {
  const from = channel.now();
  hang.begun = true;
  while (channel.now() < from + forMs) {
    if (flows(channel)) hang.liveMs = channel.now() - from;
    advanceTo(channel.world, channel.now() + LOOK_MS);
  }
}

/** The next use of `owner[key]` takes `forMs`, once, then all is as before. */
export function hangIn<Owner extends object>(
  channel: SimulatedChannel,
  owner: Owner,
  key: keyof Owner,
  forMs: number,
): Hang {
  const hang: Hang = { begun: false, liveMs: 0 };
  let value = owner[key];
  const restore = (): void => {
    Object.defineProperty(owner, key, { value, writable: true, enumerable: true });
  };
  Object.defineProperty(owner, key, {
    configurable: true,
    enumerable: true,
    get: () => {
      restore();
      stand(channel, hang, forMs);
      return value;
    },
    set: (next: typeof value) => {
      value = next;
      restore();
      stand(channel, hang, forMs);
    },
  });
  return hang;
}
