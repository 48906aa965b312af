// I2C on Espruino: it completes inside the call, and throws where a chip does not acknowledge. This
// is the only place that catches. At the beginning and after a failure the wires are looked at, and
// freed if a chip holds them, before the peripheral is trusted with them again: it waits long for a
// bus that hangs (50 ms on RP2350, 1 s on ESP32, longer on STM32, without end on nRF52).
import type { I2c } from "../port.ts";
import { freeBus } from "./i2c-free.ts";
import type { Probe } from "./i2c-probe.ts";
import type { EspruinoI2c, EspruinoPin } from "./platform.ts";

const BITRATE = 400000;
/** Transactions that fail at once after the wires could not be freed. */
const PAUSE = 7;

/** The bus as a port; with a `probe` each chip is asked before its first transaction, and again
 *  after any failure. Touches no wire before the first transaction. */
export function createI2c(
  bus: EspruinoI2c,
  scl: EspruinoPin,
  sda: EspruinoPin,
  probe: Probe | null,
): I2c {
  const wires = { scl, sda, bitrate: BITRATE };
  const pointed = { address: 0, stop: false };
  // In which epoch, from failure to failure, an address (without probe: the bus) was last proven.
  const mask = probe === null ? 0 : 127;
  const proven = new Uint8Array(mask + 1);
  let epoch = 1;
  let pause = 0;
  const prove = (address: number): boolean => {
    if (pause > 0) {
      pause--;
      return false;
    }
    const free = freeBus(wires);
    const there = free && (probe === null || probe(wires, address));
    bus.setup(wires);
    if (!free) pause = PAUSE;
    if (there) proven[address & mask] = epoch;
    return there;
  };
  return {
    write: (address, bytes) => {
      if (proven[address & mask] !== epoch && !prove(address)) return false;
      try {
        bus.writeTo(address, bytes);
        return true;
      } catch {
        epoch = (epoch % 255) + 1;
        return false;
      }
    },
    read: (address, register, count, done) => {
      let bytes: Uint8Array | null = null;
      if (proven[address & mask] === epoch || prove(address)) {
        try {
          if (register >= 0) {
            pointed.address = address;
            bus.writeTo(pointed, register);
          }
          bytes = bus.readFrom(address, count);
        } catch {
          epoch = (epoch % 255) + 1;
        }
      }
      done(bytes);
    },
  };
}
