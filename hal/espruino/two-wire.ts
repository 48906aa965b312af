// The two pins of a load-cell converter that is clocked by hand.
import type { TwoWire } from "../bus.ts";
import type { DigitalWrite, EspruinoPin, EspruinoSpi } from "./platform.ts";

declare const digitalWrite: DigitalWrite;

/** Bits of a reading. */
const BITS = 24;

/** Clock and data line of an HX711. Pulses of a script are some 0.5 ms long, which would switch it
 *  off, and a reading would outlast a conversion, which would tear it: the first pulse lets `bus`,
 *  a software SPI (`new SPI()`), take all bits at once, and the others give them out. The pulse
 *  after the last bit is one call of the platform, a few µs high. (Interrupts of a radio at work
 *  may prolong it.) A data line that nobody drives is pulled high: not ready. */
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
        bits = (bytes[0] << 16) | (bytes[1] << 8) | bytes[2];
      } else if (pulses === BITS) {
        digitalWrite(upAndDown, 1);
        pulses = -1;
      }
      pulses++;
    },
    data: () => {
      return pulses === 0 ? data.read() : ((bits >> (BITS - pulses)) & 1) === 1;
    },
  };
}
