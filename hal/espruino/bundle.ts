// Which program runs: the checksum of what is in flash.
import type { EspruinoStorage, EspruinoSystem } from "./platform.ts";

/** The interpreter's own module for files in flash. */
export const STORAGE = "Storage";
/** The file that the interpreter runs at power-on. */
const BOOT_CODE = ".bootcde";

/** CRC-32 of the boot code as it is stored, 0 = there is none (another way of starting). Takes
 *  some 50 ms, once. The module answers a string that points into flash (jsvAddressToVar in
 *  Espruino's src/jsflash.c) on every board; only the build for Linux copies it into memory. */
export function bundleCrc(system: EspruinoSystem, storage: EspruinoStorage): number {
  const code = storage.read(BOOT_CODE);
  return code === undefined ? 0 : system.CRC32(code);
}
