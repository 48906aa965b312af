// The default channel's chips behind a simulated port: the very drivers of the real boards.
import { AIN0_AIN3, AIN1_AIN3, AIN2_AIN3, createAds1115 } from "../hal/adc/ads1115.ts";
import { createAd5693r } from "../hal/dac/ad5693r.ts";
import { createMcp23008 } from "../hal/gpio/mcp23008.ts";
import { createNau7802 } from "../hal/loadcell/nau7802.ts";
import { crc32 } from "../hal/memory/crc32.ts";
import { createFram } from "../hal/memory/fram.ts";
import type { Clock, I2c, Part, Relay } from "../hal/port.ts";
import { createScan } from "../hal/scan.ts";
import { MEMORY_AREAS } from "./default-channel.ts";

/** Readings in 200 ms at the simulated board's shortest period. */
const BURST_MAX = 160;

/** Chips at the addresses of docs/wiring.md; `parts` are those whose state a copy carries over,
 *  besides scan and memory. */
export function fitDrivers(i2c: I2c, clock: Clock, relay: Relay) {
  const adc = createAds1115(i2c, 0x48);
  const dac = createAd5693r(i2c, 0x4c);
  const range = createMcp23008(i2c, 0x20);
  const force = createNau7802(i2c);
  const fram = createFram(i2c, 0x50, MEMORY_AREAS, crc32);
  const scan = createScan({
    clock,
    readers: [adc, adc, dac, range, force, adc],
    inputs: [AIN0_AIN3, AIN1_AIN3, 0, 0, 0, AIN2_AIN3],
    relay,
    samples: new Int16Array(BURST_MAX),
    mainsHz: 50,
  });
  const parts: readonly Part[] = [adc, dac, range, force];
  return { scan, dac, range, fram, parts };
}
