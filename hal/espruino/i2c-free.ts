// A chip that was interrupted in the middle of a reading may hold the data line low until it has
// been clocked to the end of its byte: nine clocks and a stop free the bus (NXP UM10204, 3.1.16).
import type { DigitalWrite, EspruinoWires } from "./platform.ts";

declare const digitalWrite: DigitalWrite;

const CLOCKS = 9;

/** Takes both wires off the peripheral, as open-drain pins, and frees them; false = one of them
 *  stays low. At most 27 calls of the platform, some 10 ms. The peripheral has to be set up
 *  again. */
export function freeBus(wires: EspruinoWires): boolean {
  const scl = wires.scl;
  const sda = wires.sda;
  // In this order a latch that is low makes a stop, not a start.
  scl.mode("opendrain");
  sda.mode("opendrain");
  scl.write(true);
  sda.write(true);
  if (!scl.read()) return false;
  const low = [scl, scl];
  for (var i = 0; i < CLOCKS && !sda.read(); i++) digitalWrite(low, 2);
  digitalWrite([sda, sda], 2);
  return sda.read();
}
