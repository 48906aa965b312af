// A light-emitting diode that says what the channel does, and a button; one closure for both, since
// each costs a small board a dozen variables.
import type { Panel } from "../port.ts";
import type { EspruinoPin } from "./platform.ts";

/** A byte a lamp, the lowest bit first: a flash (idle), half on and half off (running), two flashes
 *  (hold), flicker (fault). At 200 ms a frame that is 1.6 s a pattern. None is steady: a light that
 *  does not change is a loop that stands still. */
const PATTERNS = 0x55050f01;

/** A press that does not count, until the button is let go. */
const SPENT = -1;

/** The diode at `light`, high = on, and the button at `button`, high = pressed, whose mode the
 *  platform or the board has set. A button that has never been let go, or hangs, is none: held at
 *  power-on it means maintenance, which the board decides before. */
export function createPanel(light: EspruinoPin, button: EspruinoPin): Panel {
  let step = 0;
  // Of the press so far.
  let frames = SPENT;
  let wanted = 0;
  return (lamp, least) => {
    light.write(((PATTERNS >> (8 * lamp + step)) & 1) === 1);
    step = (step + 1) & 7;
    if (!button.read()) frames = 0;
    else if (frames !== SPENT) {
      frames = frames > 0 && least !== wanted ? SPENT : frames + 1;
      wanted = least;
      if (frames < least) return false;
      frames = SPENT;
      return true;
    }
    return false;
  };
}
