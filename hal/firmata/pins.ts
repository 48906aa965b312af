// Output relay and heartbeat on pins of the Arduino. They sit on different ports of eight pins: a
// write sends all eight from a copy on this side, and one that is out of date must not close a
// relay.
import type { Clock, Relay, Watchdog } from "../port.ts";
import type { Link } from "./link.ts";

/** The heartbeat need not be faster for the charge pump that it feeds, and its pin is high for so
 *  long, which charges the pump's capacitor; ms. */
const BEAT_MS = 40;
const HIGH_MS = 20;

/** The relay on `pin`: high = cell. Opening it goes before all that waits. */
export function createRelay(link: Link, pin: number): Relay {
  return {
    write: (toCell) => link.output(pin, toCell ? 1 : 0, !toCell),
  };
}

/** The heartbeat on `pin`. It beats only on good news: a whole tick, and no question without its
 *  reply since the last one. A beat is a rising edge and a falling one: were it only one of them, a
 *  lost byte would cost two beats, and the relay fall and close again under current. The firmware
 *  of the board has no watchdog that could be started. */
export function createWatchdog(link: Link, clock: Clock, pin: number): Watchdog {
  const low = (): void => link.output(pin, 0, false);
  let beatAt = -Infinity;
  let failures = 0;
  return {
    start: () => undefined,
    kick: () => {
      const sound = link.lost() === null && link.failures() === failures;
      failures = link.failures();
      if (!sound || clock.now() - beatAt < BEAT_MS) return;
      beatAt = clock.now();
      link.output(pin, 1, false);
      clock.after(HIGH_MS, low);
    },
  };
}
