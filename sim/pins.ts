// SPI and the two wires of a load-cell converter, on the board's own pins: only a board that the
// core runs on has them, so they exist inline.

import type { Spi, TwoWire } from "../hal/bus.ts";
import { advanceTo } from "./advance.ts";
import { dataHx711, lowerHx711, raiseHx711, updateHx711 } from "./chip/hx711.ts";
import type { Hx711 } from "./chip/hx711.ts";
import { transferW25q32 } from "./chip/w25q32.ts";
import { bridgeNow } from "./wire.ts";
import type { World } from "./world.ts";

/** SPI at 8 MHz, bytes a ms. */
const SPI_BYTES_PER_MS = 1000;
/** Half a clock pulse, ms. */
const PULSE_MS = 0.001;

/** The log's flash; without one the data line floats high. */
export function inlineSpi(world: World): Spi {
  return {
    transfer: (bytes, into) => {
      const sentMs = (bytes.length + into.length) / SPI_BYTES_PER_MS;
      advanceTo(world, world.clock.nowMs + sentMs);
      const chip = world.fitted.w25q32;
      if (chip === null) into.fill(0xff);
      else transferW25q32(chip, bytes, into, world.clock.nowMs, world.random.flash);
    },
  };
}

/** The HX711's clock line goes up or down, and stays so for half a pulse. */
export function clockTwoWire(world: World, high: boolean): void {
  const chip = world.fitted.hx711;
  if (chip !== null && high) {
    look(world, chip);
    raiseHx711(chip, world.clock.nowMs);
  } else if (chip !== null) lowerHx711(chip, world.clock.nowMs);
  advanceTo(world, world.clock.nowMs + PULSE_MS);
}

/** The HX711's lines; without one the data line is pulled high: never ready. */
export function inlineTwoWire(world: World): TwoWire {
  return {
    pulse: () => {
      clockTwoWire(world, true);
      clockTwoWire(world, false);
    },
    data: () => {
      const chip = world.fitted.hx711;
      if (chip === null) return true;
      look(world, chip);
      return dataHx711(chip, world.clock.nowMs);
    },
  };
}

function look(world: World, chip: Hx711): void {
  const { cell, clock, random } = world;
  updateHx711(chip, bridgeNow(world), cell.temperatureC, clock.nowMs, random.loadCell);
}

/** A remote board's firmware cannot drive these in time (StandardFirmata: a digitalWrite takes
 *  half a millisecond, and SPI is not in it). */
export function noSpi(): Spi {
  return {
    transfer: () => {
      throw new Error("port: no SPI on a deferred port");
    },
  };
}

export function noTwoWire(): TwoWire {
  const refuse = (): never => {
    throw new Error("port: no bit-banged converter on a deferred port");
  };
  return { pulse: refuse, data: refuse };
}
