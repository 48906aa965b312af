// The I2C wire: numbered transactions, address match, which chip answers at which address.

import { driveRanges, observe } from "./advance.ts";
import { AD5693R_ADDRESS, AD5693R_SETTLING_MS } from "./chip/ad5693r.ts";
import { readAd5693r, writeAd5693r } from "./chip/ad5693r.ts";
import { ADS1115_ADDRESS, readAds1115, resetAds1115, writeAds1115 } from "./chip/ads1115.ts";
import { FRAM_ADDRESS, readFram, writeFram } from "./chip/fram.ts";
import { MCP23008_ADDRESS, readMcp23008, writeMcp23008 } from "./chip/mcp23008.ts";
import { NAU7802_ADDRESS, readNau7802, writeNau7802 } from "./chip/nau7802.ts";
import { updateNau7802 } from "./chip/nau7802-conversion.ts";
import { ADC_FINISHES, DAC_SETTLES, scheduleHardware } from "./clock.ts";
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
export function answers(address: number): boolean {
  switch (address) {
    case GENERAL_CALL:
    case MCP23008_ADDRESS:
    case NAU7802_ADDRESS:
    case ADS1115_ADDRESS:
    case AD5693R_ADDRESS:
    case FRAM_ADDRESS:
      return true;
    default:
      return false;
  }
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
  if (address === GENERAL_CALL || !answers(address)) {
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
  if (address === ADS1115_ADDRESS) readAds1115(world.adc, into, count);
  else if (address === AD5693R_ADDRESS) readAd5693r(world.dac, into, count);
  else if (address === MCP23008_ADDRESS) readMcp23008(world.expander, into, count);
  else if (address === FRAM_ADDRESS) readFram(world.fram, into, count);
  else if (address === NAU7802_ADDRESS) {
    lookAtLoadCell(world, nowMs);
    readNau7802(world.loadCell, into, count, nowMs);
  }
}

/** Hands a write to its chip and arranges what follows from it. */
function deliver(world: World, address: number, bytes: ArrayLike<number>): boolean {
  const nowMs = world.clock.nowMs;
  switch (address) {
    case ADS1115_ADDRESS:
      writeAds1115(world.adc, bytes, nowMs);
      scheduleHardware(world.clock, ADC_FINISHES, world.adc.endMs);
      return true;
    case AD5693R_ADDRESS:
      writeAd5693r(world.dac, bytes);
      scheduleHardware(world.clock, DAC_SETTLES, nowMs + AD5693R_SETTLING_MS);
      return true;
    case MCP23008_ADDRESS:
      writeMcp23008(world.expander, bytes);
      driveRanges(world);
      return true;
    case NAU7802_ADDRESS:
      lookAtLoadCell(world, nowMs);
      writeNau7802(world.loadCell, bytes, nowMs);
      return true;
    case FRAM_ADDRESS:
      writeFram(world.fram, bytes);
      return true;
    case GENERAL_CALL:
      return callAll(world, bytes);
    default:
      return false;
  }
}

/** General call: of these chips only the ADS1115 obeys its reset (SBAS444D, 9.5.1.2). */
function callAll(world: World, bytes: ArrayLike<number>): boolean {
  if (bytes.length === 1 && bytes[0] === GENERAL_CALL_RESET) {
    resetAds1115(world.adc);
    scheduleHardware(world.clock, ADC_FINISHES, Infinity);
  }
  return true;
}

function lookAtLoadCell(world: World, nowMs: number): void {
  observe(world);
  const ratio = bridgeRatio(world.frontend, world.cell.forceN, world.cell.temperatureC);
  updateNau7802(world.loadCell, ratio, nowMs, world.random.loadCell);
}

/** A buffer of exactly `count` bytes, made once for each length. */
export function bufferOf(buffers: Uint8Array[], count: number): Uint8Array {
  while (buffers.length <= count) buffers.push(new Uint8Array(buffers.length));
  return buffers[count];
}
