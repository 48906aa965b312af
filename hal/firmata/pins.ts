// Output relay and heartbeat on pins of the Arduino. They sit on different ports of eight pins: a
// write sends all eight from a copy on this side, and one that is out of date must not close a
// relay.
import type { Clock, Relay, Watchdog } from "../port.ts";
import type { Link } from "./link.ts";

/** The heartbeat need not be faster for the charge pump that it feeds, ms. */
const BEAT_MS = 40;

/** The relay on `pin`: high = cell. Opening it goes before all that waits. */
export function createRelay(link: Link, pin: number): Relay {
  return {
    write: (toCell) => link.output(pin, toCell ? 1 : 0, !toCell),
  };
}

/** The heartbeat on `pin`. It beats only on good news: a whole tick, and no question without its
 *  reply since the last one. The firmware of the board has no watchdog that could be started. */
export function createWatchdog(link: Link, clock: Clock, pin: number): Watchdog {
  let high = false;
  let beatAt = -Infinity;
  let failures = 0;
  return {
    start: () => undefined,
    kick: () => {
      const sound = link.lost() === null && link.failures() === failures;
      failures = link.failures();
      if (!sound || clock.now() - beatAt < BEAT_MS) return;
      beatAt = clock.now();
      high = !high;
      link.output(pin, high ? 1 : 0, false);
    },
  };
}
