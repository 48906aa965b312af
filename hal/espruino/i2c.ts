// I2C on Espruino: it completes inside the call, and throws where a chip does not acknowledge. This
// is the only place that catches. At the beginning and after a failure the wires are looked at, and
// freed if a chip holds them, before the peripheral is trusted with them again: it waits long for a
// bus that hangs (50 ms on RP2350, 1 s on ESP32, longer on STM32, without end on nRF52).
import type { I2c } from "../port.ts";
import { freeBus } from "./i2c-free.ts";
import type { Probe } from "./i2c-probe.ts";
import type { EspruinoI2c, EspruinoPin, EspruinoWires } from "./platform.ts";

const BITRATE = 400000;
/** Transactions that fail at once after the wires could not be freed. */
const PAUSE = 7;

interface Bus {
  readonly port: EspruinoI2c;
  readonly wires: EspruinoWires;
  readonly probe: Probe | null;
  /** In which epoch, from failure to failure, an address was last proven; without a probe all
   *  addresses are one. */
  readonly proven: Uint8Array;
  readonly mask: number;
  epoch: number;
  pause: number;
}

/** Frees the wires, asks for the chip and hands the wires back; false = no use to go on. */
function prove(bus: Bus, address: number): boolean {
  if (bus.pause > 0) {
    bus.pause--;
    return false;
  }
  const free = freeBus(bus.wires);
  const there = free && (bus.probe === null || bus.probe(bus.wires, address));
  bus.port.setup(bus.wires);
  if (!free) bus.pause = PAUSE;
  if (there) bus.proven[address & bus.mask] = bus.epoch;
  return there;
}

function createBus(port: EspruinoI2c, wires: EspruinoWires, probe: Probe | null): Bus {
  const mask = probe === null ? 0 : 127;
  return { port, wires, probe, proven: new Uint8Array(mask + 1), mask, epoch: 1, pause: 0 };
}

/** The bus as a port; with a `probe` each chip is asked before its first transaction, and again
 *  after any failure. Touches no wire before the first transaction. */
export function createI2c(
  port: EspruinoI2c,
  scl: EspruinoPin,
  sda: EspruinoPin,
  probe: Probe | null,
): I2c {
  const bus = createBus(port, { scl, sda, bitrate: BITRATE }, probe);
  const pointed = { address: 0, stop: false };
  return {
    write: (address, bytes) => {
      if (bus.proven[address & bus.mask] !== bus.epoch && !prove(bus, address)) return false;
      try {
        port.writeTo(address, bytes);
        return true;
      } catch {
        bus.epoch = (bus.epoch % 255) + 1;
        return false;
      }
    },
    read: (address, register, count, done) => {
      let bytes: Uint8Array | null = null;
      if (bus.proven[address & bus.mask] === bus.epoch || prove(bus, address)) {
        try {
          if (register >= 0) {
            pointed.address = address;
            port.writeTo(pointed, register);
          }
          bytes = port.readFrom(address, count);
        } catch {
          bus.epoch = (bus.epoch % 255) + 1;
        }
      }
      done(bytes);
    },
  };
}
