// Arduino Nano (ATmega328P, USB through a CH340 or FT232, which keeps what comes from the board for
// up to 16 ms in the hope of more).
import type { FirmataBoard } from "./firmata-channel.ts";

/** Frames: three such waits each, see bench/firmata.ts. */
export const FIRMATA_NANO: FirmataBoard = {
  name: "firmata-nano",
  framePeriodMinMs: 50,
  burstPeriodUs: 40_000,
};
