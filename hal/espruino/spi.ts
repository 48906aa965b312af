// SPI on Espruino, with the select line of one chip.
import type { Spi } from "../bus.ts";
import type { EspruinoPin, EspruinoSpi } from "./platform.ts";

/** The chip whose select line is `select` (low = selected), on `bus`, which has been set up. What
 *  is sent while an answer comes in is of no meaning: the buffer itself. */
export function createSpi(bus: EspruinoSpi, select: EspruinoPin): Spi {
  select.write(true);
  return {
    transfer: (bytes, into) => {
      select.write(false);
      bus.write(bytes);
      if (into.length > 0) into.set(bus.send(into));
      select.write(true);
    },
  };
}
