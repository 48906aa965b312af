// The simulated board's log: the W25Q32 on its SPI, where it is fitted.
import { base64 } from "../hal/memory/base64.ts";
import { createNor } from "../hal/memory/nor.ts";
import type { LogMemory, Spi } from "../hal/bus.ts";

/** The flash behind `spi`. */
export function fitLog(spi: Spi): LogMemory {
  return Object.assign(createNor(spi), { text: base64 });
}
