// A light-emitting diode that says what the channel does, in patterns of eight frames. None of them
// is steady: a light that does not change is a loop that stands still.
import type { Indicator } from "../port.ts";
import type { EspruinoPin } from "./platform.ts";

/** A byte a state, the lowest bit first: a flash (idle), half on and half off (running), two
 *  flashes (hold), flicker (fault). At 200 ms a frame that is 1.6 s a pattern. */
const PATTERNS = 0x55050f01;

/** The diode at `pin`, high = light; one step a call. */
export function createIndicator(pin: EspruinoPin): Indicator {
  let frame = 0;
  return {
    show: (state) => {
      pin.write(((PATTERNS >> (8 * state + frame)) & 1) === 1);
      frame = (frame + 1) & 7;
    },
  };
}
