// The I2C wire: numbered transactions, address match, which chip answers at which address.

import { driveRanges, observe } from "./advance.ts";
import { AD5693R_SETTLING_MS } from "./chip/ad5693r.ts";
import { readAd5693r, writeAd5693r } from "./chip/ad5693r.ts";
import { readAds1115, resetAds1115, writeAds1115 } from "./chip/ads1115.ts";
import { readFram, writeFram } from "./chip/fram.ts";
import { readMcp23008, writeMcp23008 } from "./chip/mcp23008.ts";
import { readNau7802, writeNau7802 } from "./chip/nau7802.ts";
import { updateNau7802 } from "./chip/nau7802-conversion.ts";
import { ADC_FINISHES, DAC_SETTLES, scheduleHardware } from "./clock.ts";
import { creep } from "./drift.ts";
import { AT_AD5693R, AT_ADS1115, AT_FRAM, AT_MCP23008, AT_NAU7802 } from "./fitted.ts";
import { EVERYBODY, NOBODY } from "./fitted.ts";
import { broadcastFitted, readFitted, writeFitted } from "./fitted-wire.ts";
import { bridgeRatio } from "./frontend.ts";
import type { World } from "./world.ts";

/** Fast mode, clock cycles a millisecond. */
const BITS_PER_MS = 400;
const GENERAL_CALL = 0;
const GENERAL_CALL_RESET = 0x06;

/** Bus time of `bytes` bytes with `conditions` start, repeated start or stop conditions, ms:
 *  nine clocks a byte, one a condition. */
export function busMs(bytes: number, conditions: number): number {
  return (9 * bytes + conditions) / BITS_PER_MS;
}

/** True when a chip acknowledges `address`. */
export function answers(world: World, address: number): boolean {
  return world.fitted.at[address] > NOBODY;
}

/** One write transaction, at the present time. False = nobody acknowledged. */
export function writeWire(world: World, address: number, bytes: ArrayLike<number>): boolean {
  world.wire.transactions++;
  if (deliver(world, address, bytes)) return true;
  world.wire.nacks++;
  return false;
}

/** The first half of a read: the register byte, before the repeated start. -1 = none is sent. */
export function pointWire(world: World, address: number, register: number): boolean {
  world.wire.transactions++;
  if (address === GENERAL_CALL || !answers(world, address)) {
    world.wire.nacks++;
    return false;
  }
  if (register < 0) return true;
  world.wire.pointer[0] = register;
  return deliver(world, address, world.wire.pointer);
}

/** The second half: `count` bytes from the chip that acknowledged `pointWire`. */
export function readWire(world: World, address: number, into: Uint8Array, count: number): void {
  const nowMs = world.clock.nowMs;
  const place = world.fitted.at[address];
  if (place === AT_ADS1115) readAds1115(world.adc, into, count);
  else if (place === AT_AD5693R) readAd5693r(world.dac, into, count);
  else if (place === AT_MCP23008) readMcp23008(world.expander, into, count);
  else if (place === AT_FRAM) readFram(world.fram, into, count);
  else if (place === AT_NAU7802) {
    lookAtLoadCell(world, nowMs);
    readNau7802(world.loadCell, into, count, nowMs);
  } else readFitted(world, place, into, count);
}

/** Hands a write to its chip and arranges what follows from it. */
function deliver(world: World, address: number, bytes: ArrayLike<number>): boolean {
  const nowMs = world.clock.nowMs;
  const place = world.fitted.at[address];
  switch (place) {
    case AT_ADS1115:
      if (world.fitted.dac8571 !== null) broadcastFitted(world, address, bytes);
      writeAds1115(world.adc, bytes, nowMs);
      scheduleHardware(world.clock, ADC_FINISHES, world.adc.endMs);
      // A conversion begins with what is there now.
      observe(world);
      return true;
    case AT_AD5693R:
      writeAd5693r(world.dac, bytes);
      scheduleHardware(world.clock, DAC_SETTLES, nowMs + AD5693R_SETTLING_MS);
      return true;
    case AT_MCP23008:
      writeMcp23008(world.expander, bytes);
      driveRanges(world);
      return true;
    case AT_NAU7802:
      lookAtLoadCell(world, nowMs);
      writeNau7802(world.loadCell, bytes, nowMs);
      return true;
    case AT_FRAM:
      writeFram(world.fram, bytes);
      return true;
    case EVERYBODY:
      return callAll(world, bytes);
    default:
      return writeFitted(world, place, bytes);
  }
}

/** General call: of the default chips only the ADS1115 obeys its reset (SBAS444D, 9.5.1.2). */
function callAll(world: World, bytes: ArrayLike<number>): boolean {
  broadcastFitted(world, GENERAL_CALL, bytes);
  const reset = bytes.length === 1 && bytes[0] === GENERAL_CALL_RESET;
  if (reset && world.fitted.ads122c04 === null) {
    resetAds1115(world.adc);
    scheduleHardware(world.clock, ADC_FINISHES, Infinity);
  }
  return true;
}

function lookAtLoadCell(world: World, nowMs: number): void {
  updateNau7802(world.loadCell, bridgeNow(world), nowMs, world.random.loadCell);
}

/** Output of the load cell at this instant, V/V. */
export function bridgeNow(world: World): number {
  observe(world);
  creep(world.frontend.drift, world.cell.forceN, world.clock.nowMs);
  return bridgeRatio(world.frontend, world.cell.forceN, world.cell.temperatureC);
}

/** A buffer of exactly `count` bytes, made once for each length. */
export function bufferOf(buffers: Uint8Array[], count: number): Uint8Array {
  while (buffers.length <= count) buffers.push(new Uint8Array(buffers.length));
  return buffers[count];
}
