import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import { bundleCrc } from "../../../hal/espruino/bundle.ts";
import type { EspruinoStorage, EspruinoSystem } from "../../../hal/espruino/platform.ts";

const system: EspruinoSystem = {
  enableWatchdog: () => undefined,
  kickWatchdog: () => undefined,
  CRC32: (bytes) => crc32(bytes),
  setConsole: () => undefined,
};

function store(files: Record<string, string>): EspruinoStorage {
  return { read: (name) => files[name] };
}

test("the checksum is that of the boot code", () => {
  const storage = store({ ".bootcde": "123456789", other: "x" });
  expect(bundleCrc(system, storage)).toBe(0xcbf43926);
});

test("no boot code is 0, unknown", () => {
  expect(bundleCrc(system, store({ other: "x" }))).toBe(0);
});
