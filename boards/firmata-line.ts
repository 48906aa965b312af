// The line between the channel and the rest of the program that it lives in.
import type { Clock, Line } from "../hal/port.ts";

/** A line within one program. What is said is heard a turn later, so that no listener's failure
 *  is the firmware's. */
export function createInnerLine(clock: Clock) {
  let toBoard: (text: string) => void = () => undefined;
  let toHost: (text: string) => void = () => undefined;
  const said: string[] = [];
  const hear = (): void => {
    for (const text of said.splice(0)) toHost(text);
  };
  const line: Line = {
    open: (onLine) => void (toBoard = onLine),
    write: (text) => {
      if (said.push(text) === 1) clock.after(0, hear);
      return true;
    },
  };
  return {
    line,
    send: (text: string) => void clock.after(0, () => toBoard(text)),
    onLine: (listener: (text: string) => void) => void (toHost = listener),
  };
}
