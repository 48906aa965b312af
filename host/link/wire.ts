// Text lines over a stream of bytes: a serial port or a socket. What comes in is hostile: bounded,
// never evaluated, and whatever is no line of ours is left to whoever decodes it.
import type { Duplex } from "node:stream";
import type { Capabilities } from "../../hal/port.ts";
import { reason } from "../system-error.ts";

/** Longer input is no line of ours: it is dropped whole. */
const LINE_MAX = 4096;
/** What the last words may take to leave, ms. */
const CLOSING_MS = 500;

/** Lines to and from a board, as long as the connection lasts. */
export interface Wire {
  send(line: string): void;
  /** Replaces the listener before. */
  onLine(listener: (line: string) => void): void;
  /** Why the connection ended, null = it stands. */
  ended(): string | null;
  /** Called when it ends other than by `close`; at once if it has. */
  onEnd(listener: (why: string) => void): void;
  /** Ends it as if the other side had. */
  abandon(why: string): void;
  close(): void;
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
  let ended: string | null = null;
  let listener: (line: string) => void = () => undefined;
  let endListener: (why: string) => void = () => undefined;
  const end = (why: string): void => {
    if (ended !== null) return;
    ended = why;
    stream.destroy();
    endListener(why);
  };
  stream.setEncoding("latin1");
  const split = createSplitter((line) => listener(line));
  stream.on("data", (text: string) => split(text));
  stream.on("error", (error) => end(reason(error)));
  stream.on("close", () => end("the other side closed it"));
  stream.on("end", () => end("the other side closed it"));
  // Whatever the last program left half said ends here; a board takes no notice of empty lines.
  stream.write("\n");
  return {
    send: (line) => {
      if (ended === null) stream.write(`${line}\n`);
    },
    onLine: (next) => {
      listener = next;
    },
    ended: () => ended,
    onEnd: (next) => {
      endListener = next;
      if (ended !== null) next(ended);
    },
    abandon: end,
    close: () => {
      endListener = () => undefined;
      // What was said last, a stop perhaps, still has to leave.
      if (ended === null) stream.end();
      ended ??= "closed";
      setTimeout(() => stream.destroy(), CLOSING_MS).unref();
    },
  };
}
