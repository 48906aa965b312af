// The two pins of a load-cell converter that is clocked by hand.
import type { TwoWire } from "../bus.ts";
import type { DigitalWrite, EspruinoPin, EspruinoSpi } from "./platform.ts";

declare const digitalWrite: DigitalWrite;

/** Bits of a reading. */
const BITS = 24;

/** Clock and data line of an HX711. Pulses of a script are some 0.5 ms long, which would switch it
 *  off, and a reading would outlast a conversion, which would tear it: the first pulse lets `bus`,
 *  a software SPI (`new SPI()`), take all bits at once and gives the pulse after the last bit, one
 *  call of the platform, a few µs high; the others only give the bits out. (Interrupts of a radio
 *  at work may prolong a pulse.) A data line that nobody drives is pulled high: not ready. */
export function createTwoWire(bus: EspruinoSpi, clock: EspruinoPin, data: EspruinoPin): TwoWire {
  const upAndDown = [clock, clock];
  const nothing = new Uint8Array(BITS / 8);
  let bits = 0;
  // Pulses of this reading so far.
  let pulses = 0;
  clock.write(false);
  // Mode 1: the bit that a rising edge puts out is taken after the falling one.
  bus.setup({ sck: clock, miso: data, mode: 1 });
  data.mode("input_pullup");
  return {
    pulse: () => {
      if (pulses === 0) {
        const bytes = bus.send(nothing);
        digitalWrite(upAndDown, 1);
        bits = (bytes[0] << 16) | (bytes[1] << 8) | bytes[2];
      }
      pulses = pulses === BITS ? 0 : pulses + 1;
    },
    data: () => {
      return pulses === 0 ? data.read() : ((bits >> (BITS - pulses)) & 1) === 1;
    },
  };
}
