// Which chips a channel is built with, and at which bus address each of them answers. The default
// channel's own chips are in the world by name; those that stand in for them are here.

import { AD5693R_ADDRESS } from "./chip/ad5693r.ts";
import { ADS1115_ADDRESS } from "./chip/ads1115.ts";
import { ADS122C04_ADDRESS, createAds122c04 } from "./chip/ads122c04.ts";
import type { Ads122c04 } from "./chip/ads122c04.ts";
import { createDac8571, DAC8571_ADDRESS } from "./chip/dac8571.ts";
import type { Dac8571 } from "./chip/dac8571.ts";
import { createDs3231, DS3231_ADDRESS } from "./chip/ds3231.ts";
import type { Ds3231 } from "./chip/ds3231.ts";
import { FRAM_ADDRESS } from "./chip/fram.ts";
import { createHx711 } from "./chip/hx711.ts";
import type { Hx711 } from "./chip/hx711.ts";
import { MCP23008_ADDRESS } from "./chip/mcp23008.ts";
import { createMcp4725, MCP4725_ADDRESS, MCP4725_FACTORY_CODE } from "./chip/mcp4725.ts";
import type { Mcp4725 } from "./chip/mcp4725.ts";
import { NAU7802_ADDRESS } from "./chip/nau7802.ts";
import { createTmp117, TMP117_ADDRESS } from "./chip/tmp117.ts";
import type { Tmp117 } from "./chip/tmp117.ts";
import { createW25q32 } from "./chip/w25q32.ts";
import type { W25q32 } from "./chip/w25q32.ts";
import { createStream, tolerance } from "./random.ts";

/** A channel's chips; the first of each line unless said otherwise. */
export interface ChipChoice {
  setpoint?: "ad5693r" | "mcp4725" | "dac8571";
  converter?: "ads1115" | "ads122c04";
  loadCell?: "nau7802" | "hx711";
  /** The thermistor stays where it is when a TMP117 is added. */
  temperature?: "ntc" | "tmp117";
  clock?: "ds3231" | null;
  log?: "w25q32" | null;
  /** Code in the MCP4725's EEPROM at power-on; mid-scale, as delivered, unless given. */
  mcp4725Code?: number;
  /** What the HX711's pin RATE selects, conversions a second; 10 unless given. */
  hx711RateHz?: 10 | 80;
}

// Who answers at an address.
export const NOBODY = 0;
export const EVERYBODY = 1;
export const AT_AD5693R = 2;
export const AT_ADS1115 = 3;
export const AT_NAU7802 = 4;
export const AT_MCP23008 = 5;
export const AT_FRAM = 6;
export const AT_MCP4725 = 7;
export const AT_DAC8571 = 8;
export const AT_ADS122C04 = 9;
export const AT_TMP117 = 10;
export const AT_DS3231 = 11;

const BUS_ADDRESSES = 128;
/** Reference of a DAC that has none of its own, V, and its tolerance (0.05 %, like the common). */
const REFERENCE_V = 5;
const REFERENCE_TOLERANCE = 5e-4;

/** The address table and the chips that stand in; null = not fitted. */
export interface Fitted {
  at: Uint8Array;
  referenceV: number;
  mcp4725: Mcp4725 | null;
  dac8571: Dac8571 | null;
  ads122c04: Ads122c04 | null;
  hx711: Hx711 | null;
  tmp117: Tmp117 | null;
  ds3231: Ds3231 | null;
  w25q32: W25q32 | null;
}

/** The chips of `choice`, at power-on. */
export function createFitted(
  choice: ChipChoice,
  seed: number,
  errors: number,
  noise: number,
): Fitted {
  const own = (name: string) => createStream(seed, name + " errors");
  const { setpoint, converter, loadCell, temperature, clock, log } = choice;
  const code = choice.mcp4725Code ?? MCP4725_FACTORY_CODE;
  const rateHz = choice.hx711RateHz ?? 10;
  return {
    at: addresses(choice),
    referenceV: REFERENCE_V * (1 + tolerance(own("reference"), REFERENCE_TOLERANCE * errors)),
    mcp4725: setpoint === "mcp4725" ? createMcp4725(own("mcp4725"), errors, code) : null,
    dac8571: setpoint === "dac8571" ? createDac8571(own("dac8571"), errors) : null,
    ads122c04: converter === "ads122c04" ? createAds122c04(own("ads122c04"), errors, noise) : null,
    hx711: loadCell === "hx711" ? createHx711(own("hx711"), errors, noise, rateHz) : null,
    tmp117: temperature === "tmp117" ? createTmp117(own("tmp117"), errors, noise) : null,
    ds3231: clock === "ds3231" ? createDs3231(own("ds3231"), errors) : null,
    w25q32: log === "w25q32" ? createW25q32(errors) : null,
  };
}

function addresses(choice: ChipChoice): Uint8Array {
  const at = new Uint8Array(BUS_ADDRESSES);
  at[0] = EVERYBODY;
  at[MCP23008_ADDRESS] = AT_MCP23008;
  at[FRAM_ADDRESS] = AT_FRAM;
  if (choice.setpoint === "mcp4725") at[MCP4725_ADDRESS] = AT_MCP4725;
  else if (choice.setpoint === "dac8571") at[DAC8571_ADDRESS] = AT_DAC8571;
  else at[AD5693R_ADDRESS] = AT_AD5693R;
  if (choice.converter === "ads122c04") at[ADS122C04_ADDRESS] = AT_ADS122C04;
  else at[ADS1115_ADDRESS] = AT_ADS1115;
  if (choice.loadCell !== "hx711") at[NAU7802_ADDRESS] = AT_NAU7802;
  if (choice.temperature === "tmp117") at[TMP117_ADDRESS] = AT_TMP117;
  if (choice.clock === "ds3231") at[DS3231_ADDRESS] = AT_DS3231;
  return at;
}
