// A text line over a serial port that the interpreter's console has been taken off.
import type { Line } from "../port.ts";
import type { EspruinoSerial } from "./platform.ts";

/** Longer input is no line of ours: it is dropped whole. */
const LINE_MAX = 120;

/** The port as a line; `serial` has been set up. */
export function createLine(serial: EspruinoSerial): Line {
  return {
    open: (onLine) => {
      let text = "";
      let overlong = false;
      serial.on("data", (data) => {
        for (let i = 0; i < data.length; i++) {
          const character = data.charAt(i);
          if (character === "\n" || character === "\r") {
            if (text.length > 0 && !overlong) onLine(text);
            text = "";
            overlong = false;
          } else if (text.length < LINE_MAX) text += character;
          else overlong = true;
        }
      });
    },
    write: (text) => {
      serial.write(text + "\n");
      return true;
    },
  };
}
