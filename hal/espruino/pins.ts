// Output relay and heartbeat on pins of the microcontroller. With it in reset both float: the
// relay's driver needs a pull-down.
import type { Relay, Watchdog } from "../port.ts";
import type { EspruinoPin, EspruinoSystem } from "./platform.ts";

/** The relay driven by `pin`: high = cell. */
export function createRelay(pin: EspruinoPin): Relay {
  pin.write(false);
  return {
    write: (toCell) => {
      pin.write(toCell);
    },
  };
}

/** The built-in watchdog, kicked by hand, and a pin that toggles with each kick. */
export function createWatchdog(system: EspruinoSystem, heartbeat: EspruinoPin): Watchdog {
  let high = false;
  return {
    start: (timeoutMs) => {
      system.enableWatchdog(timeoutMs / 1000, false);
    },
    kick: () => {
      high = !high;
      heartbeat.write(high);
      system.kickWatchdog();
    },
  };
}
