// The default channel's chips at the addresses of docs/wiring.md, for every board whose memory does
// not ask for a composition by hand, and for the simulated one.
import { AIN0_AIN3, AIN1_AIN3, AIN2_AIN3, createAds1115 } from "../hal/adc/ads1115.ts";
import { createAd5693r } from "../hal/dac/ad5693r.ts";
import { createMcp23008 } from "../hal/gpio/mcp23008.ts";
import { createFram } from "../hal/memory/fram.ts";
import type { Clock, Converter, I2c, Memory, Part, Relay } from "../hal/port.ts";
import { createScan } from "../hal/scan.ts";
import { MEMORY_AREAS } from "./default-channel.ts";

/** The drivers over a bus; `force` is the load cell's, `readings` the most that a burst takes in
 *  200 ms. Touches no hardware. */
export function fitDrivers(
  i2c: I2c,
  clock: Clock,
  relay: Relay,
  force: Converter & Part,
  readings: number,
  crc32: Memory["crc32"],
) {
  const adc = createAds1115(i2c, 0x48);
  const dac = createAd5693r(i2c, 0x4c);
  const range = createMcp23008(i2c, 0x20);
  const memory = createFram(i2c, 0x50, MEMORY_AREAS, crc32);
  const scan = createScan({
    clock,
    readers: [adc, adc, dac, range, force, adc],
    inputs: [AIN0_AIN3, AIN1_AIN3, 0, 0, 0, AIN2_AIN3],
    relay,
    samples: new Int16Array(readings),
    mainsHz: 50,
  });
  return { adc, dac, range, memory, scan };
}
