// The button at the board: starts a run, or stops it. Held at power-on it means maintenance, which
// the board decides before anything else.
import type { Button } from "../port.ts";
import type { EspruinoPin } from "./platform.ts";

/** Frames in a row that a press lasts before it counts, 1 s at 200 ms a frame: long enough for
 *  what bounces and for a sleeve that brushes against it. */
const HELD = 5;

/** The button at `pin`, whose mode the platform or the board has set; high = pressed. A button that
 *  has never been released, or hangs, is none. */
export function createButton(pin: EspruinoPin): Button {
  let frames = HELD;
  return {
    pressed: () => {
      if (!pin.read()) frames = 0;
      else if (frames < HELD) return ++frames === HELD;
      return false;
    },
  };
}
