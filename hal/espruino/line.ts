// A text line over a UART that the interpreter's console has been taken off: there byte 3 is a
// byte like any other. (On the console's own port it would stop the loop for good.)
import type { Line } from "../port.ts";
import type { EspruinoSerial } from "./platform.ts";

/** Longer input is no line of ours: it is dropped whole. */
const LINE_MAX = 120;

/** Where the line that begins at `from` ends, -1 = not in `text`. */
function endOf(text: string, from: number): number {
  const feed = text.indexOf("\n", from);
  const back = text.indexOf("\r", from);
  return back < 0 || (feed >= 0 && feed < back) ? feed : back;
}

/** The port as a line; `serial` is a UART and has been set up. It drains at its own pace whether
 *  anybody listens or not, so a write waits for the wire, 87 µs a character at most, never for the
 *  host: nothing is dropped. (A USB port that is open but not read would wait for ever.) Input
 *  comes in pieces of up to 64 bytes, a character each; they are searched by the interpreter's own
 *  functions, since noise must not take the loop's time. */
export function createLine(serial: EspruinoSerial): Line {
  return {
    open: (onLine) => {
      let text = "";
      // Once too long it stays so until its end.
      let room = LINE_MAX;
      serial.on("data", (data) => {
        let from = 0;
        while (from < data.length) {
          const end = endOf(data, from);
          if (end !== from) {
            const piece = end < 0 ? data.slice(from) : data.slice(from, end);
            room -= piece.length;
            text = room < 0 ? "" : text + piece;
            if (end < 0) return;
          }
          from = end + 1;
          const line = text;
          text = "";
          room = LINE_MAX;
          if (line.length > 0) onLine(line);
        }
      });
    },
    write: (text) => {
      serial.write(text + "\n");
      return true;
    },
  };
}
