// Arduino Uno (ATmega328P, USB through an ATmega16U2 that passes bytes on within 1 ms).
import type { FirmataBoard } from "./firmata-channel.ts";

/** Frames: bench/firmata.ts measures 40 a second and more on the emulated board. */
export const FIRMATA_UNO: FirmataBoard = {
  name: "firmata-uno",
  framePeriodMinMs: 25,
  burstPeriodUs: 10_000,
};
