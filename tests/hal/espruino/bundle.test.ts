import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import { bundleCrc } from "../../../hal/espruino/bundle.ts";
import type { EspruinoSystem } from "../../../hal/espruino/platform.ts";

const system: EspruinoSystem = {
  enableWatchdog: () => undefined,
  kickWatchdog: () => undefined,
  CRC32: (bytes) => crc32(bytes),
  setConsole: () => undefined,
};

test("the checksum is that of the boot code", () => {
  const storage = {
    read: (name: string) => (name === ".bootcde" ? "123456789" : undefined),
  };
  expect(bundleCrc(system, storage)).toBe(0xcbf43926);
});

test("no boot code is 0, unknown", () => {
  expect(bundleCrc(system, { read: () => undefined })).toBe(0);
});
