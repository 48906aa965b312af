// Text lines over a stream of bytes: a serial port or a socket. What comes in is hostile: bounded,
// never evaluated, and whatever is no line of ours is left to whoever decodes it.
import type { Duplex } from "node:stream";
import type { Capabilities } from "../../hal/port.ts";
import type { Connection } from "./byte-port.ts";
import { createBytePort } from "./byte-port.ts";

/** Longer input is no line of ours: it is dropped whole. */
const LINE_MAX = 4096;
/** Lines to and from a board, as long as the connection lasts. */
export interface Wire extends Connection {
  send(line: string): void;
  /** Replaces the listener before. */
  onLine(listener: (line: string) => void): void;
  /** Of a channel that runs in this program: what it can do, and why it does not reach its chips
   *  any more, null = it does. */
  readonly hosted?: { readonly board: Capabilities; trouble(): string | null };
}

/** Cuts text into lines at LF or CR; empty lines are none. */
export function createSplitter(onLine: (line: string) => void): (text: string) => void {
  let begun = "";
  let overlong = false;
  return (text) => {
    const pieces = text.split(/[\r\n]/);
    const last = pieces.pop() ?? "";
    for (const piece of pieces) {
      const line = begun + piece;
      if (line !== "" && !overlong && line.length <= LINE_MAX) onLine(line);
      begun = "";
      overlong = false;
    }
    begun += last;
    if (begun.length <= LINE_MAX) return;
    begun = "";
    overlong = true;
  };
}

/** A wire over an open stream. */
export function createWire(stream: Duplex): Wire {
  let listener: (line: string) => void = () => undefined;
  const port = createBytePort(stream);
  port.onData(createSplitter((line) => listener(line)));
  // Whatever the last program left half said ends here; a board takes no notice of empty lines.
  port.write("\n");
  return {
    send: (line) => port.write(`${line}\n`),
    onLine: (next) => {
      listener = next;
    },
    ended: port.ended,
    onEnd: port.onEnd,
    abandon: port.abandon,
    close: port.close,
  };
}
