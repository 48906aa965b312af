// Asks a chip by hand whether it is there. STM32F4's own way costs too much: when nobody
// acknowledges, Espruino polls 2 000 000 times for the address and again for each byte
// (WAIT_UNTIL in src/jshardware.h, jshI2CWrite in targets/stm32/jshardware.c), seconds in which
// nothing is supervised and the watchdog strikes.
import type { DigitalWrite, EspruinoWires } from "./platform.ts";

declare const digitalWrite: DigitalWrite;

/** Whether a chip answers on wires that `freeBus` has taken off the peripheral. */
export type Probe = (wires: EspruinoWires, address: number) => boolean;

/** Start, address, acknowledge, stop: some 20 calls of the platform, 7 ms. */
export function acknowledges(wires: EspruinoWires, address: number): boolean {
  const scl = wires.scl;
  const sda = wires.sda;
  // Data, then the clock up and down.
  const clocked = [scl, scl, sda];
  sda.write(false);
  scl.write(false);
  for (var bit = 64; bit > 0; bit >>= 1) digitalWrite(clocked, address & bit ? 3 : 2);
  digitalWrite(clocked, 2);
  digitalWrite([scl, sda], 3);
  const answered = !sda.read();
  digitalWrite([sda, scl], 0);
  digitalWrite([sda, scl], 3);
  return answered;
}
