// I2C on Espruino: it completes inside the call, and throws where a chip does not acknowledge. This
// is the only place that catches.
import type { I2c } from "../port.ts";
import type { EspruinoI2c } from "./platform.ts";

/** The bus as a port; `bus` has been set up. */
export function createI2c(bus: EspruinoI2c): I2c {
  const pointed = { address: 0, stop: false };
  const pointer = new Uint8Array(1);
  const fetch = (address: number, register: number, count: number): Uint8Array | null => {
    try {
      if (register >= 0) {
        pointed.address = address;
        pointer[0] = register;
        bus.writeTo(pointed, pointer);
      }
      return bus.readFrom(address, count);
    } catch {
      return null;
    }
  };
  return {
    write: (address, bytes) => {
      try {
        bus.writeTo(address, bytes);
        return true;
      } catch {
        return false;
      }
    },
    read: (address, register, count, done) => {
      done(fetch(address, register, count));
    },
  };
}
