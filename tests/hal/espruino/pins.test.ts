import { expect, test } from "vitest";
import { createRelay, createWatchdog } from "../../../hal/espruino/pins.ts";
import type { EspruinoPin } from "../../../hal/espruino/platform.ts";

function pin(log: string[], name: string): EspruinoPin {
  return {
    mode: () => undefined,
    write: (high) => void log.push(`${name} ${high ? "high" : "low"}`),
    read: () => false,
  };
}

test("the relay is put to rest at once, and follows", () => {
  const log: string[] = [];
  const relay = createRelay(pin(log, "relay"));
  expect(log).toEqual(["relay low"]);
  relay.write(true);
  relay.write(false);
  expect(log).toEqual(["relay low", "relay high", "relay low"]);
});

test("the watchdog is kicked by hand only, and the heartbeat toggles with it", () => {
  const log: string[] = [];
  const system = {
    enableWatchdog: (timeoutS: number, automatic: boolean) =>
      void log.push(`start ${timeoutS} ${automatic}`),
    kickWatchdog: () => void log.push("kick"),
    CRC32: () => 0,
    setConsole: () => undefined,
  };
  const watchdog = createWatchdog(system, pin(log, "beat"));
  expect(log).toEqual([]);
  watchdog.start(2000);
  watchdog.kick();
  watchdog.kick();
  expect(log).toEqual(["start 2 false", "beat high", "kick", "beat low", "kick"]);
});
