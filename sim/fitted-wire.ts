// The chips that stand in for the default channel's, as the I2C wire sees them.

import { observe } from "./advance.ts";
import { readAds122c04, writeAds122c04 } from "./chip/ads122c04.ts";
import { DAC8571_BROADCAST, DAC8571_SETTLING_MS } from "./chip/dac8571.ts";
import { readDac8571, writeDac8571 } from "./chip/dac8571.ts";
import { readDs3231, updateDs3231, writeDs3231 } from "./chip/ds3231.ts";
import { MCP4725_SETTLING_MS, readMcp4725, resetMcp4725 } from "./chip/mcp4725.ts";
import { wakeMcp4725, writeMcp4725 } from "./chip/mcp4725.ts";
import { readTmp117, resetTmp117, updateTmp117, writeTmp117 } from "./chip/tmp117.ts";
import { ADC_FINISHES, DAC_SETTLES, scheduleHardware } from "./clock.ts";
import { AT_ADS122C04, AT_DAC8571, AT_DS3231, AT_MCP4725, AT_TMP117 } from "./fitted.ts";
import type { World } from "./world.ts";

const RESET = 0x06;
const WAKE_UP = 0x09;

/** Hands a write to the chip at `place` (sim/fitted.ts); false = nobody is there. */
export function writeFitted(world: World, place: number, bytes: ArrayLike<number>): boolean {
  const nowMs = world.clock.nowMs;
  const { mcp4725, dac8571, ads122c04, tmp117, ds3231 } = world.fitted;
  if (place === AT_MCP4725 && mcp4725 !== null) {
    writeMcp4725(mcp4725, bytes, nowMs);
    scheduleHardware(world.clock, DAC_SETTLES, nowMs + MCP4725_SETTLING_MS);
  } else if (place === AT_DAC8571 && dac8571 !== null) {
    writeDac8571(dac8571, bytes);
    scheduleHardware(world.clock, DAC_SETTLES, nowMs + DAC8571_SETTLING_MS);
  } else if (place === AT_ADS122C04 && ads122c04 !== null) {
    observe(world);
    writeAds122c04(ads122c04, bytes, nowMs);
    scheduleHardware(world.clock, ADC_FINISHES, ads122c04.endMs);
  } else if (place === AT_TMP117 && tmp117 !== null) {
    updateTmp117(tmp117, world.cell.temperatureC, nowMs, world.random.thermometer);
    writeTmp117(tmp117, bytes, nowMs);
  } else if (place === AT_DS3231 && ds3231 !== null) {
    updateDs3231(ds3231, world.cell.temperatureC, nowMs);
    writeDs3231(ds3231, bytes, nowMs);
  } else return false;
  return true;
}

/** Reads `count` bytes from the chip at `place`. */
export function readFitted(world: World, place: number, into: Uint8Array, count: number): void {
  const nowMs = world.clock.nowMs;
  const { mcp4725, dac8571, ads122c04, tmp117, ds3231 } = world.fitted;
  if (place === AT_MCP4725 && mcp4725 !== null) readMcp4725(mcp4725, into, count, nowMs);
  else if (place === AT_DAC8571 && dac8571 !== null) readDac8571(dac8571, into, count);
  else if (place === AT_ADS122C04 && ads122c04 !== null) readAds122c04(ads122c04, into, count);
  else if (place === AT_TMP117 && tmp117 !== null) {
    updateTmp117(tmp117, world.cell.temperatureC, nowMs, world.random.thermometer);
    readTmp117(tmp117, into, count, nowMs);
  } else if (place === AT_DS3231 && ds3231 !== null) {
    updateDs3231(ds3231, world.cell.temperatureC, nowMs);
    readDs3231(ds3231, into, count, nowMs);
  }
}

/** A write that reaches every chip of a kind whatever its address: the general call, and the
 *  broadcast address of the DAC8571, which an ADS1115 may have for its own. */
export function broadcastFitted(world: World, address: number, bytes: ArrayLike<number>): void {
  const { mcp4725, dac8571, tmp117 } = world.fitted;
  if (address === DAC8571_BROADCAST && dac8571 !== null) {
    writeDac8571(dac8571, bytes);
    scheduleHardware(world.clock, DAC_SETTLES, world.clock.nowMs + DAC8571_SETTLING_MS);
  }
  if (address !== 0 || bytes.length !== 1) return;
  const nowMs = world.clock.nowMs;
  if (mcp4725 !== null && nowMs >= mcp4725.eepromReadyMs) {
    if (bytes[0] === RESET) resetMcp4725(mcp4725);
    else if (bytes[0] === WAKE_UP) wakeMcp4725(mcp4725);
    scheduleHardware(world.clock, DAC_SETTLES, nowMs + MCP4725_SETTLING_MS);
  }
  if (tmp117 !== null && bytes[0] === RESET) resetTmp117(tmp117, nowMs);
}
